/*
 * denial.h - proofs that something is not there, from validated NSEC or NSEC3 RRsets of one zone.
 *
 * Serves validation (the proofs of one answer) and the aggressive use of cached denial (RFC 8198:
 * proofs gathered from the cache).  Only RRsets whose security is SECURITY_SECURE are looked at,
 * at most LIMIT_PROOF_SETS, and only what zone itself says about names at or below its apex.
 * Verifies no signature.
 */
#ifndef VALIDATOR_DENIAL_H
#define VALIDATOR_DENIAL_H

#include "resolver/base/budget.h"
#include "resolver/wire/rrset.h"
#include "validator/proof.h"

/* All borrowed. */
struct denial {
	const struct name *zone; /* that signed all of them */
	struct rrset *const *sets;
	unsigned count;
	struct budget *budget;   /* pays for NSEC3 hashes */
};

/* The name does not exist, and no wildcard would have made it. */
enum proof denial_of_name(const struct denial *d, const struct name *name);
/* The name exists or comes from a wildcard, but has neither the type nor a CNAME. */
enum proof denial_of_type(const struct denial *d, const struct name *name, uint16_t type);
/* Nothing stands between name and the wildcard "*." below the ancestor with encloser_labels. */
enum proof denial_of_closer(const struct denial *d, const struct name *name,
                            unsigned encloser_labels);
/* zone delegates cut, without DS.  PROOF_OPT_OUT: it may be delegated, and has no DS. */
enum proof denial_of_ds_at_cut(const struct denial *d, const struct name *cut);

/* RFC 9824 section 3.3: the NSEC at name says that it does not exist (its rcode was NXDOMAIN). */
bool denial_says_nxname(struct rrset *const *sets, unsigned count, const struct name *name);

#endif
