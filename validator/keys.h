/*
 * keys.h - what one worker remembers of cryptography: parsed public keys, and proofs already made.
 *
 * Bounded tables in which a newcomer takes the place of another (of proofs: of the older of two): no
 * eviction to attack, no growth.  Both are hints for speed only.  A key is found by algorithm and key
 * octets, never by its tag (threats D1).  A proof is remembered as SHA-256 over everything that went
 * into it, so the same octets are not verified twice.
 */
#ifndef VALIDATOR_KEYS_H
#define VALIDATOR_KEYS_H

#include "resolver/base/siphash.h"
#include "validator/crypto.h"

struct keys;

/* Owned.  seed: secret of this start: nobody outside can aim at a slot.  NULL: no memory. */
struct keys *keys_new(const struct siphash_key *seed);
void keys_free(struct keys *k); /* takes NULL */

/*
 * The parsed key, or NULL when it is not usable (algorithm, shape, no memory).  Borrowed until
 * the next call.
 */
const struct crypto_key *keys_get(struct keys *k, uint8_t algorithm, const uint8_t *material,
                                  size_t len);

/* What a signature over data under a key comes to, as one number that cannot be forged. */
struct proof_id {
	uint8_t octets[CRYPTO_SHA256_OCTETS];
};

bool keys_has_proof(const struct keys *k, const struct proof_id *id);
void keys_keep_proof(struct keys *k, const struct proof_id *id);

#endif
