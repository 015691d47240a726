#include "resolver/wire/rdata.h"
#include "tests/sign/chain.h"
#include "validator/dnskey.h"

enum { PROOFS = 8 };

/* One answer being put together. */
struct reply {
	const struct zone *z;
	const struct question *q;
	struct arena *a;
	struct outcome *out;
	bool failed; /* no memory */
};

static struct rrset *copy_of(struct reply *r, const struct rrset *set)
{
	struct rrset *copy = set == NULL ? NULL : rrset_copy(r->a, set);
	if (set != NULL && copy == NULL)
		r->failed = true;
	return copy;
}

static void add_proof(struct reply *r, const struct rrset *set)
{
	struct outcome *o = r->out;
	if (set == NULL || o->proof_count == PROOFS)
		return;
	for (unsigned i = 0; i < o->proof_count; i++)
		if (name_equal(&o->proofs[i]->owner, &set->owner))
			return;
	struct rrset *copy = copy_of(r, set);
	if (copy != NULL)
		o->proofs[o->proof_count++] = copy;
}

static void be_negative(struct reply *r, enum outcome_kind kind)
{
	r->out->kind = kind;
	r->out->soa = copy_of(r, zone_find(r->z, &r->z->apex, TYPE_SOA));
}

static struct name closest_encloser(const struct zone *z, const struct name *name)
{
	struct name here = *name;
	while (zone_node_of(z, &here) == NULL)
		here = name_parent(&here);
	return here;
}

static struct name next_closer(const struct name *name, const struct name *encloser)
{
	return name_suffix(name, name_labels(encloser) + 1);
}

/* What shows that the name itself is not there: RFC 4035 section 3.1.3, RFC 5155 section 7.2.1. */
static void prove_absence(struct reply *r, const struct name *encloser)
{
	struct name closer = next_closer(&r->q->name, encloser);
	if (r->z->plan.denial == ZONE_NSEC) {
		add_proof(r, chain_cover(r->z, &r->q->name));
		return;
	}
	add_proof(r, chain_match(r->z, encloser));
	add_proof(r, chain_cover(r->z, &closer));
}

static void answer_nodata(struct reply *r)
{
	be_negative(r, OUTCOME_NODATA);
	const struct zone *z = r->z;
	if (z->plan.denial == ZONE_UNSIGNED)
		return;
	if (z->plan.denial == ZONE_COMPACT) {
		add_proof(r, chain_compact(z, r->a, &r->q->name));
		return;
	}
	const struct rrset *match = chain_match(z, &r->q->name);
	if (match != NULL) {
		add_proof(r, match);
	} else if (z->plan.denial == ZONE_NSEC) {
		add_proof(r, chain_cover(z, &r->q->name)); /* an empty non-terminal */
	} else {
		/* Opted out: RFC 5155 section 7.2.4.  The encloser that has a record, not the name.
		 */
		struct name encloser = r->q->name;
		while (chain_match(z, &encloser) == NULL && !name_equal(&encloser, &z->apex))
			encloser = name_parent(&encloser);
		prove_absence(r, &encloser);
	}
}

static void answer_nxdomain(struct reply *r, const struct name *encloser)
{
	struct name wildcard;
	const struct zone *z = r->z;
	if (z->plan.denial == ZONE_COMPACT) {
		answer_nodata(r); /* RFC 9824: says NXNAME, rcode NOERROR */
		return;
	}
	be_negative(r, OUTCOME_NXDOMAIN);
	if (z->plan.denial == ZONE_UNSIGNED)
		return;
	prove_absence(r, encloser);
	if (name_wildcard(encloser, &wildcard) == ERR_OK)
		add_proof(r, chain_cover(z, &wildcard));
}

static void be_positive(struct reply *r, enum outcome_kind kind, const struct rrset *set,
			const struct name *owner)
{
	r->out->kind = kind;
	r->out->set = copy_of(r, set);
	if (r->out->set == NULL)
		return;
	r->out->set->owner = *owner;
	if (kind == OUTCOME_ANSWER)
		return;
	if (rdata_target(set->type, &set->rdata[0], &r->out->target) != ERR_OK)
		r->failed = true;
	struct name dname = r->out->target;
	if (kind == OUTCOME_DNAME)
		r->out->too_long =
		    name_replace_suffix(&r->q->name, owner, &dname, &r->out->target) != ERR_OK;
}

/* The RRset or CNAME at node, answered as owner's; false: neither is there. */
static bool answer_from(struct reply *r, const struct name *node)
{
	const struct rrset *set = zone_find(r->z, node, r->q->type);
	const struct rrset *cname = zone_find(r->z, node, TYPE_CNAME);
	if (set != NULL)
		be_positive(r, OUTCOME_ANSWER, set, &r->q->name);
	else if (cname != NULL)
		be_positive(r, OUTCOME_CNAME, cname, &r->q->name);
	return set != NULL || cname != NULL;
}

static void answer_missing(struct reply *r)
{
	struct name wildcard, encloser = closest_encloser(r->z, &r->q->name);
	bool signed_zone = r->z->plan.denial != ZONE_UNSIGNED;
	if (name_wildcard(&encloser, &wildcard) != ERR_OK ||
	    zone_node_of(r->z, &wildcard) == NULL) {
		answer_nxdomain(r, &encloser);
		return;
	}
	bool found = answer_from(r, &wildcard);
	if (!found)
		be_negative(r, OUTCOME_NODATA);
	if (r->z->plan.denial == ZONE_COMPACT && !found)
		add_proof(r, chain_compact(r->z, r->a, &r->q->name));
	else if (signed_zone && r->z->plan.denial != ZONE_COMPACT)
		prove_absence(r, &encloser);
	if (!found && signed_zone && r->z->plan.denial != ZONE_COMPACT)
		add_proof(r, chain_match(r->z, &wildcard));
}

/* The topmost cut or DNAME on the way from the apex to the name. */
static const struct rrset *on_the_way(const struct reply *r)
{
	const struct name *name = &r->q->name;
	for (unsigned l = name_labels(&r->z->apex); l <= name_labels(name); l++) {
		struct name here = name_suffix(name, l);
		const struct rrset *ns = zone_find(r->z, &here, TYPE_NS);
		const struct rrset *dname = zone_find(r->z, &here, TYPE_DNAME);
		if (ns != NULL && l > name_labels(&r->z->apex) &&
		    !(r->q->type == TYPE_DS && l == name_labels(name)))
			return ns;
		if (dname != NULL && l < name_labels(name))
			return dname;
	}
	return NULL;
}

static void refer(struct reply *r, const struct rrset *ns, struct rrset **ds)
{
	struct question q = { ns->owner, TYPE_DS, CLASS_IN };
	struct reply denial = *r;
	r->out->set = copy_of(r, ns);
	*ds = zone_find(r->z, &ns->owner, TYPE_DS);
	if (*ds != NULL || r->z->plan.denial == ZONE_UNSIGNED)
		return;
	denial.q = &q;
	answer_nodata(&denial);
	r->out->soa = NULL; /* a referral has none */
	r->failed = r->failed || denial.failed;
}

enum zone_reply zone_answer(const struct zone *z, const struct question *q, struct arena *a,
			    struct outcome *out, struct rrset **ds)
{
	struct reply r = { z, q, a, out, false };
	*out = (struct outcome){ .zone = z->apex, .reason = NO_REASON };
	*ds = NULL;
	out->proofs = arena_array(a, PROOFS, sizeof(struct rrset *));
	if (out->proofs == NULL)
		return ZONE_NO_MEMORY;
	const struct rrset *way = on_the_way(&r);
	if (way != NULL && way->type == TYPE_NS) {
		refer(&r, way, ds);
		return r.failed ? ZONE_NO_MEMORY : ZONE_REFERRAL;
	}
	if (way != NULL)
		be_positive(&r, OUTCOME_DNAME, way, &way->owner);
	else if (zone_node_of(z, &q->name) == NULL)
		answer_missing(&r);
	else if (!answer_from(&r, &q->name))
		answer_nodata(&r);
	return r.failed ? ZONE_NO_MEMORY : ZONE_OUTCOME;
}
