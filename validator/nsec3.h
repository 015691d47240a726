/*
 * nsec3.h - what NSEC3 records of one zone prove (RFC 5155 section 8).
 *
 * All NSEC3 hashing of the resolver goes through nsec3_hash, which refuses costly parameters and
 * charges the question's budget (threats D2).  Records here are validated, and their owner is one
 * label below the zone that signed them (threats E8).
 */
#ifndef VALIDATOR_NSEC3_H
#define VALIDATOR_NSEC3_H

#include "resolver/base/budget.h"
#include "resolver/wire/rrset.h"
#include "validator/typeset.h"
#include "validator/crypto.h"
#include "validator/proof.h"

enum { NSEC3_HASH = CRYPTO_SHA1_OCTETS };

struct nsec3_parameters {
	uint16_t iterations;
	uint8_t salt_len;
	const uint8_t *salt; /* borrowed */
};

struct nsec3 {
	struct nsec3_parameters parameters;
	bool opt_out;
	uint8_t owner[NSEC3_HASH], next[NSEC3_HASH];
	struct typeset types; /* borrowed */
};

/*
 * ERR_UNSUPPORTED: unknown hash or flags, to be ignored (RFC 5155 sections 8.1 and 8.2);
 * ERR_FORMAT: not one NSEC3 record of zone.
 */
MUST_CHECK enum err nsec3_parse(const struct rrset *set, const struct name *zone,
                                struct nsec3 *out);

bool nsec3_same_parameters(const struct nsec3_parameters *a, const struct nsec3_parameters *b);

/* PROOF_FULL: out is set; else PROOF_ITERATIONS or PROOF_COSTLY. */
enum proof nsec3_hash(const struct nsec3_parameters *p, const struct name *name,
                      struct budget *budget, uint8_t out[NSEC3_HASH]);

/* Strictly between owner and next, around the end of the chain (RFC 5155 section 8.3). */
bool nsec3_covers(const struct nsec3 *n, const uint8_t hash[NSEC3_HASH]);

struct nsec3_set {
	const struct name *zone;     /* borrowed */
	const struct nsec3 *records; /* borrowed; all of the same parameters */
	unsigned count;
	struct budget *budget;
};

/* RFC 5155 section 8.4. */
enum proof nsec3_proves_nxdomain(const struct nsec3_set *s, const struct name *name);
/* RFC 5155 section 8.5, 8.6 (DS) and 8.7 (wildcard). */
enum proof nsec3_proves_nodata(const struct nsec3_set *s, const struct name *name, uint16_t type);
/* RFC 5155 section 8.8. */
enum proof nsec3_proves_expansion(const struct nsec3_set *s, const struct name *name,
                                  unsigned encloser_labels);
/* RFC 5155 section 8.9. */
enum proof nsec3_proves_insecure_cut(const struct nsec3_set *s, const struct name *cut);

#endif
