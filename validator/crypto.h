/*
 * crypto.h - the cryptography DNSSEC needs: verify a signature, digest octets.
 *
 * The only door to GnuTLS in this room.  Takes keys and signatures as DNSKEY and RRSIG carry
 * them and converts (ECDSA r|s to DER, RFC 6605 section 4).  Knows no RRset, no budget and no
 * policy: whether an algorithm may be used is a question for crypto_allowed's caller.
 */
#ifndef VALIDATOR_CRYPTO_H
#define VALIDATOR_CRYPTO_H

#include "resolver/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* IANA "DNS Security Algorithm Numbers"; others are never verified (RFC 9906, threats E5). */
enum algorithm {
	ALGORITHM_RSASHA1 = 5, ALGORITHM_RSASHA1_NSEC3 = 7, ALGORITHM_RSASHA256 = 8,
	ALGORITHM_RSASHA512 = 10, ALGORITHM_ECDSAP256 = 13, ALGORITHM_ECDSAP384 = 14,
	ALGORITHM_ED25519 = 15, ALGORITHM_ED448 = 16,
};

/* IANA "DS RR Type Digest Algorithms". */
enum digest { DIGEST_SHA1 = 1, DIGEST_SHA256 = 2, DIGEST_SHA384 = 4 };

enum { CRYPTO_DIGEST_MAX = 48, CRYPTO_SHA1_OCTETS = 20, CRYPTO_SHA256_OCTETS = 32 };

/* Can: the code is there.  Allowed: policy lets it count (RFC 9905: not SHA-1, unless asked to). */
bool crypto_can(uint8_t algorithm);
bool crypto_allowed(uint8_t algorithm, bool allow_sha1);
bool crypto_can_digest(uint8_t digest);
bool crypto_digest_allowed(uint8_t digest, bool allow_sha1);

/* Octets of a digest, 0 for one we cannot compute. */
size_t crypto_digest_length(uint8_t digest);
/* False: not a digest we can compute, or no memory. */
bool crypto_digest(uint8_t digest, const void *data, size_t len, uint8_t out[CRYPTO_DIGEST_MAX]);

/*
 * RFC 5155 section 5: H(x || salt), then iterations times H(that || salt), with SHA-1.  Costs
 * what the caller lets through: nsec3.h limits and charges.
 */
MUST_CHECK bool crypto_nsec3(const uint8_t *name, size_t name_len, const uint8_t *salt,
                             size_t salt_len, unsigned iterations, uint8_t out[CRYPTO_SHA1_OCTETS]);

struct crypto_key;

/*
 * A public key from the key field of a DNSKEY.  Owned.  ERR_UNSUPPORTED: the algorithm;
 * ERR_FORMAT: the shape of the key is not one we touch (threats D4); ERR_NOMEM.
 */
MUST_CHECK enum err crypto_key_new(uint8_t algorithm, const uint8_t *material, size_t len,
                                   struct crypto_key **out);
void crypto_key_free(struct crypto_key *k); /* takes NULL */

/* True only when the signature is right. */
MUST_CHECK bool crypto_verify(const struct crypto_key *k, const uint8_t *data, size_t len,
                              const uint8_t *signature, size_t signature_len);

#endif
