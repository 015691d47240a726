#include "validator/validate.h"

#include "validator/anchors.h"
#include "validator/ds.h"
#include "validator/evidence.h"

/*
 * A question depends only on questions above it: data on DNSKEY of its signer, DNSKEY on DS of the
 * same name, DS on DNSKEY of a zone strictly above.  So no question ever waits for itself.
 */
enum step {
	STEP_BEGIN, /* nothing is known yet */
	STEP_KEYS,  /* somebody signed it: needs the DNSKEY RRset of the signer */
	STEP_APEX,  /* it is a DNSKEY RRset: needs the DS RRset of the same name */
	STEP_WALK,  /* nothing usable is signed: looks for a delegation without DS, cut by cut */
	STEP_END,   /* the verdict stands */
};

/*
 * Between calls: asked => pending is out and fetched is NULL, or fetched is its outcome;
 * in STEP_WALK the names with fewer than label labels were found to be secure, or no cuts.
 */
struct validate {
	const struct validate_env *env;
	struct question question;
	struct outcome *outcome;
	struct budget *budget;
	enum step step;
	const struct rrset *anchor;
	struct name signer;
	struct question pending;
	bool asked;
	const struct outcome *fetched;
	bool believable;      /* STEP_WALK: good signatures of a zone above; true if no cut is below that */
	struct verdict found; /* believable: what they come to */
	struct reason why;    /* STEP_WALK: what it is if the zone turns out to be secure */
	unsigned label, last; /* STEP_WALK: labels of the name asked about, and of the lowest */
	struct verdict verdict;
	struct trace *trace;  /* NULL: none */
};

struct validate *validate_new(struct arena *a, const struct validate_env *env,
			      const struct question *q, struct outcome *outcome,
			      struct budget *budget)
{
	struct validate *v = arena_alloc(a, sizeof(*v));
	if (v == NULL)
		return NULL;
	v->env = env;
	v->question = *q;
	v->outcome = outcome;
	v->budget = budget;
	v->step = STEP_BEGIN;
	return v;
}

void validate_set_trace(struct validate *v, struct trace *trace)
{
	v->trace = trace;
}

static struct verifier verifier_of(const struct validate *v, struct now now)
{
	return (struct verifier){ v->env->keys, v->budget, now, v->env->policy->skew_s,
				  v->env->policy->allow_sha1, v->env->undated, v->trace };
}

static void end(struct validate *v, enum security security, struct reason why)
{
	v->verdict = (struct verdict){ .security = security, .reason = why, .ttl_max = UINT32_MAX };
	v->step = STEP_END;
}

/* What was needed from above is at fault: the outcome itself may be right. */
static void end_above(struct validate *v, enum security security, struct reason why)
{
	end(v, security, why);
	v->verdict.inherited = true;
}

static void need(struct validate *v, enum step step, const struct name *name, uint16_t type)
{
	v->step = step;
	v->pending = (struct question){ *name, type, v->question.class };
	v->asked = false;
	v->fetched = NULL;
}

/* DS lies in the parent, so what is said of a name's parent is said of its DS. */
static struct name home_of(const struct question *q)
{
	if (q->type == TYPE_DS && !name_is_root(&q->name))
		return name_parent(&q->name);
	return q->name;
}

/* RFC 7646 section 3: the negative anchor counts unless a positive one lies below it. */
static bool is_excepted(const struct validate *v, const struct name *home, const struct name *names,
                        unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (name_is_within(home, &names[i]) &&
		    (v->anchor == NULL || !name_is_below(&v->anchor->owner, &names[i])))
			return true;
	}
	return false;
}

static void walk_on(struct validate *v)
{
	if (v->label > v->last && v->believable) {
		v->verdict = v->found;
		v->step = STEP_END;
		return;
	}
	if (v->label > v->last) {
		end(v, SECURITY_BOGUS, v->why);
		return;
	}
	struct name cut = name_suffix(&v->question.name, v->label);
	need(v, STEP_WALK, &cut, TYPE_DS);
}

/*
 * Is the data outside the chain of trust after all?  RFC 4035 section 5.2: only a proof from a
 * parent says so.  Starts at the cut whose servers answered: its DS came with the referral, and its
 * own validation looks at everything above.
 */
static void walk(struct validate *v, struct reason why)
{
	struct name home = home_of(&v->question);
	unsigned top = name_labels(&v->anchor->owner);
	const struct name *zone = &v->outcome->zone;
	v->why = why;
	v->label = top + 1;
	v->last = name_labels(&home);
	if (zone->len > 0 && name_is_within(&home, zone) && name_labels(zone) > top)
		v->label = name_labels(zone);
	if (v->believable)
		v->last = v->label; /* the cut that answered, and no name below */
	walk_on(v);
}

/*
 * Signed by a zone above the one that answered.  RFC 4035 section 5.3.1: the signer is the zone that
 * contains the RRset, so a secure cut between makes it bogus however good the signature is (threats
 * E9), and an insecure one makes it insecure however bad.  A cut that is none any more settles nothing.
 */
static bool walk_to_cut(struct validate *v, const struct verdict *found)
{
	struct name home = home_of(&v->question);
	const struct name *zone = &v->outcome->zone;
	if (zone->len == 0 || !name_is_below(zone, &v->signer) ||
	    found->security == SECURITY_INDETERMINATE)
		return false;
	v->believable = found->security != SECURITY_BOGUS;
	if (v->believable && !name_is_within(&home, zone))
		return false; /* a DS from the child's server: its parent's word all the same */
	v->found = *found;
	walk(v, found->reason);
	return true;
}

/* The key set at the end of a DS or of an anchor. */
static void judge_apex(struct validate *v, struct now now, const struct rrset *ds)
{
	struct verifier by = verifier_of(v, now);
	struct rrset *set = v->outcome->set;
	struct signature sig;
	enum fault f = ds_vouches(&by, ds, set, &sig);
	if (f == FAULT_NONE) {
		end(v, SECURITY_SECURE, NO_REASON);
		evidence_cap_ttl(set, &sig, &v->verdict.ttl_max);
		set->security = SECURITY_SECURE;
		v->outcome->proof_count = 0;
	} else if (f == FAULT_NO_KEY) {
		end(v, SECURITY_BOGUS,
		    (struct reason){ EDE_DNSKEY_MISSING, "KDSM no signing DNSKEY matches the DS" });
	} else {
		end(v, fault_security(f), fault_reason(f));
	}
}

static struct reason unsupported(enum ds_support s)
{
	if (s == DS_NO_DIGEST)
		return (struct reason){ EDE_UNSUPPORTED_DIGEST, "DSDI no DS of a usable digest" };
	return (struct reason){ EDE_UNSUPPORTED_ALGORITHM, "DSAL no DS of a usable algorithm" };
}

/* RFC 4035 section 2.2: an RRSIG has no RRSIG; whoever asks for one sees it as it came. */
static bool is_unsignable(const struct outcome *o)
{
	return o->kind == OUTCOME_ANSWER && o->set->type == TYPE_RRSIG;
}

static const struct reason no_keys = { EDE_DNSKEY_MISSING, "KMIS the signer has no DNSKEY" };

/* Nothing of it is signed by who may. */
static struct reason unsigned_reason(const struct validate *v)
{
	bool denies_keys = v->question.type == TYPE_DNSKEY && v->outcome->kind != OUTCOME_ANSWER;
	return denies_keys ? no_keys : fault_reason(FAULT_UNSIGNED);
}

static void begin(struct validate *v, struct now now)
{
	const struct outcome *o = v->outcome;
	const struct validate_policy *p = v->env->policy;
	struct name home = home_of(&v->question);
	if (o->kind == OUTCOME_FAILURE) {
		end(v, SECURITY_INDETERMINATE, o->reason);
		return;
	}
	v->anchor = anchors_closest(v->env->anchors, &home);
	if (is_excepted(v, &home, p->ntas, p->nta_count))
		end(v, SECURITY_INSECURE, (struct reason){ EDE_NTA, "NTAN negative trust anchor" });
	else if (v->anchor == NULL || v->question.class != CLASS_IN || is_unsignable(o) ||
	         is_excepted(v, &home, p->spared, p->spared_count))
		end(v, SECURITY_INSECURE, NO_REASON);
	else if (!evidence_signer(&v->question, o, &v->anchor->owner, &v->signer))
		walk(v, unsigned_reason(v));
	else if (v->question.type != TYPE_DNSKEY || o->kind != OUTCOME_ANSWER)
		need(v, STEP_KEYS, &v->signer, TYPE_DNSKEY);
	else if (name_equal(&v->anchor->owner, &v->question.name))
		judge_apex(v, now, v->anchor);
	else
		need(v, STEP_APEX, &v->question.name, TYPE_DS);
}

/* What a failure remembered from another question says without words, it says as a code. */
static struct reason reason_above(const struct outcome *o, struct reason otherwise)
{
	if (o->reason.text != NULL)
		return o->reason;
	if (o->reason.ede != EDE_NONE && o->reason.ede != EDE_OTHER)
		otherwise.ede = o->reason.ede;
	return otherwise;
}

/* Whatever is not secure above cannot be better here.  True: that settled it. */
static bool settled_above(struct validate *v, struct reason otherwise)
{
	const struct outcome *o = v->fetched;
	struct reason why = reason_above(o, otherwise);
	switch (o->security) {
	case SECURITY_SECURE:
		if (o->kind != OUTCOME_FAILURE)
			return false;
		break;
	case SECURITY_BOGUS:
		end_above(v, SECURITY_BOGUS, why);
		return true;
	case SECURITY_INSECURE:
		if (o->kind == OUTCOME_FAILURE)
			break;
		end(v, SECURITY_INSECURE, o->reason);
		return true;
	case SECURITY_UNCHECKED:
	case SECURITY_INDETERMINATE:
		break;
	}
	end_above(v, SECURITY_INDETERMINATE, why);
	return true;
}

static void on_keys(struct validate *v, struct now now)
{
	const struct outcome *keys = v->fetched;
	if (settled_above(v,
			  (struct reason){ EDE_DNSKEY_MISSING, "KGET the DNSKEY cannot be had" }))
		return;
	if (keys->kind != OUTCOME_ANSWER || keys->set->type != TYPE_DNSKEY) {
		walk(v, no_keys);
		return;
	}
	struct verifier by = verifier_of(v, now);
	struct verdict verdict =
	    evidence_judge(&by, &v->question, v->outcome, &v->signer, keys->set);
	if (walk_to_cut(v, &verdict))
		return;
	v->verdict = verdict;
	v->step = STEP_END;
}

/* A judged denial of DS: PROOF_NONE leaves the question open. */
static bool settled_by_denial(struct validate *v)
{
	switch (evidence_of_insecure_cut(v->fetched, &v->pending.name, v->budget)) {
	case PROOF_FULL:
	case PROOF_OPT_OUT:
	case PROOF_ITERATIONS:
		end(v, SECURITY_INSECURE, NO_REASON);
		return true;
	case PROOF_COSTLY:
		end(v, SECURITY_BOGUS,
		    (struct reason){ EDE_BOGUS, "DSCO too many NSEC3 hashes for a delegation" });
		return true;
	case PROOF_NONE:
		break;
	}
	return false;
}

/* RFC 4035 section 5.2, RFC 6840 section 5.2: a DS we cannot follow is like none. */
static bool settled_by_ds(struct validate *v)
{
	enum ds_support s = ds_support(v->fetched->set, v->env->policy->allow_sha1);
	if (s == DS_SUPPORTED)
		return false;
	end(v, SECURITY_INSECURE, unsupported(s));
	return true;
}

static const struct reason ds_unknown = { EDE_INDETERMINATE, "DGET the DS cannot be had" };

static void on_apex(struct validate *v, struct now now)
{
	const struct outcome *ds = v->fetched;
	if (settled_above(v, ds_unknown) || settled_by_denial(v))
		return;
	if (ds->kind != OUTCOME_ANSWER) {
		end(v, SECURITY_BOGUS,
		    (struct reason){ EDE_BOGUS, "NCUT the parent says there is no such zone" });
		return;
	}
	if (!settled_by_ds(v))
		judge_apex(v, now, ds->set);
}

static void on_walk(struct validate *v)
{
	const struct outcome *ds = v->fetched;
	if (settled_above(v, ds_unknown) || settled_by_denial(v))
		return;
	if (ds->kind == OUTCOME_ANSWER && settled_by_ds(v))
		return;
	if (ds->kind == OUTCOME_ANSWER && v->believable) {
		end(v, SECURITY_BOGUS, fault_reason(FAULT_SIGNER));
		return;
	}
	/* Below a name that does not exist there is no cut. */
	v->label = ds->kind == OUTCOME_NXDOMAIN ? v->last + 1 : v->label + 1;
	walk_on(v);
}

static void mark(struct rrset *s, enum security security)
{
	if (s != NULL)
		s->security = (uint8_t)security;
}

/* Evidence marks what it verified; a verdict short of secure takes that back, but for opt-out. */
static void publish(const struct validate *v)
{
	struct outcome *o = v->outcome;
	enum security security = v->verdict.security;
	if (o->kind == OUTCOME_FAILURE)
		return;
	o->security = security;
	if (v->verdict.reason.text != NULL)
		o->reason = v->verdict.reason;
	if (security == SECURITY_SECURE)
		return;
	mark(o->set, security);
	if (v->verdict.opt_out)
		return;
	mark(o->soa, security);
	for (unsigned i = 0; i < o->proof_count; i++)
		mark(o->proofs[i], security);
}

/* One step with what has arrived; false: something is out. */
static bool step(struct validate *v, struct now now)
{
	if (v->step != STEP_BEGIN && v->step != STEP_END && v->fetched == NULL)
		return false;
	switch (v->step) {
	case STEP_BEGIN:
		begin(v, now);
		break;
	case STEP_KEYS:
		on_keys(v, now);
		break;
	case STEP_APEX:
		on_apex(v, now);
		break;
	case STEP_WALK:
		on_walk(v);
		break;
	case STEP_END:
		break;
	}
	return true;
}

struct validate_want validate_next(struct validate *v, struct now now)
{
	while (v->step != STEP_END) {
		if (step(v, now))
			continue;
		if (v->asked)
			return (struct validate_want){ .kind = VALIDATE_WAIT };
		v->asked = true;
		return (struct validate_want){ .kind = VALIDATE_FETCH, .fetch = v->pending };
	}
	publish(v);
	return (struct validate_want){ .kind = VALIDATE_DONE, .verdict = v->verdict };
}

void validate_on_fetched(struct validate *v, struct now now, const struct question *q,
			 const struct outcome *outcome)
{
	(void)now;
	if (v->step != STEP_END && v->asked && v->fetched == NULL && question_equal(q, &v->pending))
		v->fetched = outcome;
}
