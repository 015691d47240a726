/*
 * rng.h - chance as an argument.
 *
 * ChaCha20 keystream with fast key erasure: earlier outputs cannot be computed from a later
 * state.  Seeded by server/ from getrandom(2), by tests from a number.  Every id, port, 0x20
 * bit, hash key, server choice and TTL draw comes from here (threats A2).
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

enum { RNG_SEED_OCTETS = 32 };

struct rng {
	uint8_t key[32];
	uint8_t block[512]; /* unused keystream; used octets are zeroed */
	unsigned used;
};

void rng_init(struct rng *r, const uint8_t seed[RNG_SEED_OCTETS]);
void rng_init_number(struct rng *r, uint64_t seed); /* tests and simulator only */

uint32_t rng_u32(struct rng *r);
uint64_t rng_u64(struct rng *r);
uint32_t rng_below(struct rng *r, uint32_t n); /* uniform in [0, n), n > 0, no modulo bias */
void rng_fill(struct rng *r, void *out, size_t len);

#endif
