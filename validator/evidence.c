#include "validator/evidence.h"

#include "validator/denial.h"

static bool is_positive(const struct outcome *o)
{
	return o->kind == OUTCOME_ANSWER || o->kind == OUTCOME_CNAME || o->kind == OUTCOME_DNAME;
}

/* May zone have signed an answer to q?  Never a zone below the name (threats E9). */
static bool may_sign(const struct question *q, const struct outcome *o, const struct name *zone,
		     const struct name *top)
{
	if (!name_is_within(&q->name, zone) || !name_is_within(zone, top))
		return false;
	if (q->type == TYPE_DS && !name_is_root(&q->name))
		return name_is_below(&q->name, zone);
	/* Keys are their own zone's; their absence cannot be shown by themselves. */
	if (q->type == TYPE_DNSKEY)
		return name_equal(&q->name, zone) == (o->kind == OUTCOME_ANSWER);
	return true;
}

static bool signer_of(const struct rrset *s, const struct question *q, const struct outcome *o,
		      const struct name *top, struct name *signer)
{
	bool found = false;
	for (unsigned i = 0; i < s->sig_count; i++) {
		struct rrsig sig;
		if (rdata_rrsig(&s->sigs[i], &sig) != ERR_OK || !may_sign(q, o, &sig.signer, top))
			continue;
		bool expected = name_equal(&sig.signer, &o->zone);
		if (!found || expected)
			*signer = sig.signer;
		found = true;
		if (expected)
			break;
	}
	return found;
}

bool evidence_signer(const struct question *q, const struct outcome *o, const struct name *top,
		     struct name *signer)
{
	if (is_positive(o))
		return signer_of(o->set, q, o, top, signer);
	if (o->soa != NULL && signer_of(o->soa, q, o, top, signer))
		return true;
	for (unsigned i = 0; i < o->proof_count && i < LIMIT_PROOF_SETS; i++)
		if (signer_of(o->proofs[i], q, o, top, signer))
			return true;
	return false;
}

void evidence_cap_ttl(struct rrset *s, const struct signature *sig, uint32_t *ttl_max)
{
	if (s->ttl > sig->original_ttl)
		s->ttl = sig->original_ttl;
	if (*ttl_max > sig->left_s)
		*ttl_max = sig->left_s;
}

/* One judgement on its way. */
struct judgement {
	const struct verifier *by;
	const struct name *signer;
	const struct rrset *dnskeys;
	struct outcome *outcome;
	struct verdict verdict;
	enum fault proof_fault; /* of a proof that did not validate */
};

static void fail(struct judgement *j, struct reason why)
{
	j->verdict.security = SECURITY_BOGUS;
	j->verdict.reason = why;
}

static void fail_by(struct judgement *j, enum fault f)
{
	fail(j, fault_reason(f));
	j->verdict.security = fault_security(f);
}

/* To the front goes the signature that held: who signed a secure RRset is read from there. */
static void put_first(struct rrset *s, unsigned place)
{
	struct rdata held = s->sigs[place];
	s->sigs[place] = s->sigs[0];
	s->sigs[0] = held;
}

static enum fault verify(struct judgement *j, struct rrset *s, struct signature *sig)
{
	enum fault f = rrsig_verify(j->by, s, j->signer, j->dnskeys, sig);
	if (f == FAULT_NONE) {
		put_first(s, sig->place);
		s->security = SECURITY_SECURE;
		evidence_cap_ttl(s, sig, &j->verdict.ttl_max);
	}
	return f;
}

static bool must_verify(struct judgement *j, struct rrset *s, struct signature *sig)
{
	enum fault f = verify(j, s, sig);
	if (f == FAULT_NONE)
		return true;
	fail_by(j, f);
	return false;
}

/* RFC 4592 section 4.7: an NSEC that a wildcard made speaks of no name. */
static enum fault verify_proof(struct judgement *j, struct rrset *s)
{
	struct signature sig;
	enum fault f = verify(j, s, &sig);
	if (f != FAULT_NONE || !sig.wildcard)
		return f;
	s->security = SECURITY_UNCHECKED;
	return FAULT_LABELS;
}

/* Counted before anything is verified: CVE-2026-11605.  What does not validate is left out. */
static bool verify_proofs(struct judgement *j)
{
	struct outcome *o = j->outcome;
	if (o->proof_count > LIMIT_PROOF_SETS) {
		fail(j,
		     (struct reason){ EDE_BOGUS, "PRMA more NSEC or NSEC3 than any proof needs" });
		return false;
	}
	unsigned kept = 0;
	for (unsigned i = 0; i < o->proof_count; i++) {
		struct rrset *s = o->proofs[i];
		if (s->type != TYPE_NSEC && s->type != TYPE_NSEC3)
			continue;
		enum fault f = verify_proof(j, s);
		if (f == FAULT_NONE)
			o->proofs[kept++] = s;
		else if (f > j->proof_fault)
			j->proof_fault = f;
	}
	o->proof_count = kept;
	return true;
}

static void missing_proof(struct judgement *j)
{
	if (j->proof_fault != FAULT_NONE)
		fail_by(j, j->proof_fault);
	else
		fail(j, (struct reason){ EDE_NSEC_MISSING, "PRNO the denial is not proven" });
}

static void conclude(struct judgement *j, enum proof p)
{
	switch (p) {
	case PROOF_FULL:
		j->verdict.security = SECURITY_SECURE;
		return;
	case PROOF_OPT_OUT:
		j->verdict.security = SECURITY_INSECURE;
		j->verdict.opt_out = true;
		return;
	case PROOF_ITERATIONS:
		j->verdict.security = SECURITY_INSECURE;
		j->verdict.reason = (struct reason){ EDE_UNSUPPORTED_NSEC3_ITERATIONS,
						     "PRIT NSEC3 hashes more often than we do" };
		return;
	case PROOF_COSTLY:
		fail(j, (struct reason){ EDE_BOGUS, "PRCO too many NSEC3 hashes to make" });
		return;
	case PROOF_NONE:
		missing_proof(j);
		return;
	}
}

static struct denial denial_in(const struct judgement *j)
{
	return (struct denial){ j->signer, j->outcome->proofs, j->outcome->proof_count,
				j->by->budget };
}

/* Does the RRset lie where an outcome of that kind has it? */
static bool answers(const struct question *q, const struct outcome *o)
{
	if (o->kind == OUTCOME_DNAME)
		return o->set->type == TYPE_DNAME && name_is_below(&q->name, &o->set->owner);
	uint16_t type = o->kind == OUTCOME_CNAME ? TYPE_CNAME : q->type;
	return name_equal(&o->set->owner, &q->name) &&
	       (o->set->type == type || q->type == TYPE_ANY);
}

static void judge_positive(struct judgement *j, const struct question *q)
{
	struct signature sig;
	struct outcome *o = j->outcome;
	if (!answers(q, o)) {
		fail(j, (struct reason){ EDE_INVALID_DATA, "ANSW the RRset does not answer" });
		return;
	}
	if (!must_verify(j, o->set, &sig))
		return;
	j->verdict.security = SECURITY_SECURE;
	j->verdict.wildcard = sig.wildcard;
	j->verdict.encloser = sig.labels;
	if (!sig.wildcard) {
		o->proof_count = 0; /* nothing here needs one */
		return;
	}
	if (!verify_proofs(j))
		return;
	struct denial d = denial_in(j);
	conclude(j, denial_of_closer(&d, &o->set->owner, sig.labels));
}

static void judge_negative(struct judgement *j, const struct question *q)
{
	struct signature sig;
	struct outcome *o = j->outcome;
	if (o->soa != NULL && !must_verify(j, o->soa, &sig))
		return;
	if (!verify_proofs(j))
		return;
	struct denial d = denial_in(j);
	if (o->kind == OUTCOME_NXDOMAIN)
		conclude(j, denial_of_name(&d, &q->name));
	else
		conclude(j, denial_of_type(&d, &q->name, q->type));
}

/* RFC 4035 section 3.2.3: what came along stands beside a secure answer only when it is secure, too. */
static void judge_beside(struct judgement *j)
{
	struct outcome *o = j->outcome;
	struct signature sig;
	uint32_t ttl_max = j->verdict.ttl_max;
	for (unsigned i = 0; i < o->beside_count; i++) {
		if (o->beside[i]->type == TYPE_NS && o->beside[i]->sig_count > 0)
			(void)verify(j, o->beside[i], &sig);
	}
	j->verdict.ttl_max = ttl_max;
}

struct verdict evidence_judge(const struct verifier *by, const struct question *q,
			      struct outcome *o, const struct name *signer,
			      const struct rrset *dnskeys)
{
	struct judgement j = { .by = by, .signer = signer, .dnskeys = dnskeys, .outcome = o };
	j.verdict = (struct verdict){ .reason = NO_REASON, .ttl_max = UINT32_MAX };
	if (is_positive(o))
		judge_positive(&j, q);
	else
		judge_negative(&j, q);
	if (j.verdict.security == SECURITY_SECURE)
		judge_beside(&j);
	return j.verdict;
}

/* The zone a validated NSEC or NSEC3 RRset is of: whoever signed it. */
static bool proof_zone(const struct outcome *o, struct name *zone)
{
	for (unsigned i = 0; i < o->proof_count; i++) {
		const struct rrset *s = o->proofs[i];
		struct rrsig sig;
		if (s->security == SECURITY_SECURE && s->sig_count > 0 &&
		    rdata_rrsig(&s->sigs[0], &sig) == ERR_OK) {
			*zone = sig.signer;
			return true;
		}
	}
	return false;
}

enum proof evidence_of_insecure_cut(const struct outcome *ds, const struct name *cut,
				    struct budget *budget)
{
	struct name zone;
	if (ds->kind != OUTCOME_NODATA || !proof_zone(ds, &zone))
		return PROOF_NONE;
	struct denial d = { &zone, ds->proofs, ds->proof_count, budget };
	return denial_of_ds_at_cut(&d, cut);
}
