/*
 * sign.h - private keys and the signatures they make, right or wrong on demand.
 *
 * For tests and simulated worlds: what a zone's signer would do, through GnuTLS.  Whole zones are
 * zone.h.  Everything but a key itself lives in the caller's arena.
 */
#ifndef TESTS_SIGN_H
#define TESTS_SIGN_H

#include "resolver/wire/rrset.h"

struct sign_key;

/*
 * A new key of an algorithm we can verify (5, 7, 8, 10, 13..16).  flags: 256 ZSK, 257 KSK, plus 128
 * revoked.  bits: RSA modulus, 0 for 1024; else ignored.  Owned.  NULL: GnuTLS would not.
 */
struct sign_key *sign_key_new(uint8_t algorithm, uint16_t flags, unsigned bits);
void sign_key_free(struct sign_key *k); /* takes NULL */
/* Another flags field means another tag. */
void sign_key_set_flags(struct sign_key *k, uint16_t flags);
/* The algorithm written into DNSKEY and RRSIG, for zones that claim one nobody knows. */
void sign_key_set_algorithm(struct sign_key *k, uint8_t algorithm);

const struct rdata *sign_key_rdata(const struct sign_key *k); /* DNSKEY; borrowed from k */
uint16_t sign_key_tag(const struct sign_key *k);
uint16_t sign_key_flags(const struct sign_key *k);

/* What differs from an honest signature; all zero but the dates: nothing. */
struct sign_how {
	uint32_t inception, expiration;
	struct name signer;     /* len 0: the zone given */
	bool set_labels;        /* use labels instead of counting them */
	uint8_t labels;
	bool set_tag;
	uint16_t tag;
	uint16_t covered;       /* 0: the RRset's type */
	bool break_signature;   /* one bit of it is turned */
	uint32_t original_ttl;  /* 0: the RRset's */
};

/*
 * Adds an RRSIG by k to set->sigs, which moves to a; a set of a wildcard is signed before it is
 * expanded.
 */
MUST_CHECK enum err sign_rrset(struct arena *a, struct rrset *set, const struct sign_key *k,
                               const struct name *zone, const struct sign_how *how);

/* An RRset of one type and owner; records are added with sign_add. NULL: no memory. */
struct rrset *sign_new_set(struct arena *a, const struct name *owner, uint16_t type, uint32_t ttl);
MUST_CHECK enum err sign_add(struct arena *a, struct rrset *set, const void *octets, size_t len);

#endif
