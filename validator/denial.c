#include "validator/denial.h"

#include "validator/nsec.h"
#include "validator/nsec3.h"

/* The records of one denial, by kind: a proof never mixes them. */
struct records {
	struct nsec nsec[LIMIT_PROOF_SETS];
	struct nsec3 nsec3[LIMIT_PROOF_SETS];
	struct nsec_set by_name;
	struct nsec3_set by_hash;
};

static void add_nsec3(struct records *r, const struct nsec3 *n)
{
	/* RFC 5155 section 8.2: all of one proof have the same parameters. */
	if (r->by_hash.count > 0 && !nsec3_same_parameters(&r->nsec3[0].parameters, &n->parameters))
		return;
	r->nsec3[r->by_hash.count++] = *n;
}

static void gather(const struct denial *d, struct records *r)
{
	r->by_name = (struct nsec_set){ r->nsec, 0 };
	r->by_hash = (struct nsec3_set){ d->zone, r->nsec3, 0, d->budget };
	for (unsigned i = 0; i < d->count && i < LIMIT_PROOF_SETS; i++) {
		struct nsec3 n;
		if (d->sets[i]->security != SECURITY_SECURE)
			continue;
		if (nsec_parse(d->sets[i], d->zone, &r->nsec[r->by_name.count]) == ERR_OK)
			r->by_name.count++;
		else if (nsec3_parse(d->sets[i], d->zone, &n) == ERR_OK)
			add_nsec3(r, &n);
	}
}

enum proof denial_of_name(const struct denial *d, const struct name *name)
{
	struct records r;
	if (!name_is_below(name, d->zone))
		return PROOF_NONE;
	gather(d, &r);
	if (nsec_proves_nxdomain(&r.by_name, name))
		return PROOF_FULL;
	return nsec3_proves_nxdomain(&r.by_hash, name);
}

enum proof denial_of_type(const struct denial *d, const struct name *name, uint16_t type)
{
	struct records r;
	if (!name_is_within(name, d->zone))
		return PROOF_NONE;
	gather(d, &r);
	if (nsec_proves_nodata(&r.by_name, name, type))
		return PROOF_FULL;
	return nsec3_proves_nodata(&r.by_hash, name, type);
}

enum proof denial_of_closer(const struct denial *d, const struct name *name,
			    unsigned encloser_labels)
{
	struct records r;
	if (!name_is_within(name, d->zone) || encloser_labels < name_labels(d->zone) ||
	    encloser_labels >= name_labels(name))
		return PROOF_NONE;
	gather(d, &r);
	if (nsec_proves_expansion(&r.by_name, name, encloser_labels))
		return PROOF_FULL;
	return nsec3_proves_expansion(&r.by_hash, name, encloser_labels);
}

enum proof denial_of_ds_at_cut(const struct denial *d, const struct name *cut)
{
	struct records r;
	if (!name_is_below(cut, d->zone))
		return PROOF_NONE;
	gather(d, &r);
	if (nsec_proves_insecure_cut(&r.by_name, cut))
		return PROOF_FULL;
	return nsec3_proves_insecure_cut(&r.by_hash, cut);
}

bool denial_says_nxname(struct rrset *const *sets, unsigned count, const struct name *name)
{
	for (unsigned i = 0; i < count && i < LIMIT_PROOF_SETS; i++) {
		struct nsec n;
		if (name_equal(&sets[i]->owner, name) &&
		    nsec_parse(sets[i], &sets[i]->owner, &n) == ERR_OK)
			return typeset_has(&n.types, TYPE_NXNAME);
	}
	return false;
}
