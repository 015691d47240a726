#include "resolver/base/rng.h"

#include "resolver/base/octets.h"

#include <string.h>

enum { CHACHA_OCTETS = 64 };

static inline uint32_t rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

/* RFC 8439 section 2.1. */
static inline void quarter_round(uint32_t s[16], unsigned a, unsigned b, unsigned c, unsigned d)
{
	s[a] += s[b];
	s[d] = rotate(s[d] ^ s[a], 16);
	s[c] += s[d];
	s[b] = rotate(s[b] ^ s[c], 12);
	s[a] += s[b];
	s[d] = rotate(s[d] ^ s[a], 8);
	s[c] += s[d];
	s[b] = rotate(s[b] ^ s[c], 7);
}

/* RFC 8439 section 2.3, with a nonce of zeros: every key is used for one refill only. */
static void chacha20_block(const uint8_t key[32], uint32_t counter, uint8_t out[CHACHA_OCTETS])
{
	uint32_t start[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
	uint32_t s[16];
	for (unsigned i = 0; i < 8; i++)
		start[4 + i] = octets_le32(key + (size_t)4 * i);
	start[12] = counter;
	memcpy(s, start, sizeof(s));
	for (int i = 0; i < 10; i++) {
		quarter_round(s, 0, 4, 8, 12);
		quarter_round(s, 1, 5, 9, 13);
		quarter_round(s, 2, 6, 10, 14);
		quarter_round(s, 3, 7, 11, 15);
		quarter_round(s, 0, 5, 10, 15);
		quarter_round(s, 1, 6, 11, 12);
		quarter_round(s, 2, 7, 8, 13);
		quarter_round(s, 3, 4, 9, 14);
	}
	for (unsigned i = 0; i < 16; i++)
		octets_put_le32(out + (size_t)4 * i, s[i] + start[i]);
}

/*
 * Fast key erasure: the first octets of the new keystream replace the key that made it and are
 * wiped from the block, so nothing in r tells what was given out before.
 */
static void refill(struct rng *r)
{
	for (uint32_t i = 0; i < sizeof(r->block) / CHACHA_OCTETS; i++)
		chacha20_block(r->key, i, r->block + (size_t)i * CHACHA_OCTETS);
	memcpy(r->key, r->block, sizeof(r->key));
	memset(r->block, 0, sizeof(r->key));
	r->used = sizeof(r->key);
}

void rng_init(struct rng *r, const uint8_t seed[RNG_SEED_OCTETS])
{
	memcpy(r->key, seed, sizeof(r->key));
	memset(r->block, 0, sizeof(r->block));
	r->used = sizeof(r->block);
}

void rng_init_number(struct rng *r, uint64_t seed)
{
	uint8_t octets[RNG_SEED_OCTETS] = { 0 };
	octets_put_le64(octets, seed);
	rng_init(r, octets);
}

void rng_fill(struct rng *r, void *out, size_t len)
{
	uint8_t *to = out;
	while (len > 0) {
		if (r->used == sizeof(r->block))
			refill(r);
		size_t n = sizeof(r->block) - r->used;
		if (n > len)
			n = len;
		memcpy(to, r->block + r->used, n);
		memset(r->block + r->used, 0, n);
		r->used += (unsigned)n;
		to += n;
		len -= n;
	}
}

/* As rng_fill() would, for what is drawn most: one load, one store. */
uint32_t rng_u32(struct rng *r)
{
	uint8_t octets[4];
	if (sizeof(r->block) - r->used < sizeof(octets)) {
		rng_fill(r, octets, sizeof(octets));
		return octets_le32(octets);
	}
	uint8_t *at = r->block + r->used;
	uint32_t drawn = octets_le32(at);
	octets_put_le32(at, 0);
	r->used += sizeof(octets);
	return drawn;
}

uint64_t rng_u64(struct rng *r)
{
	uint8_t octets[8];
	rng_fill(r, octets, sizeof(octets));
	return octets_le64(octets);
}

/*
 * Multiply and shift; the few low products that would favour some results are drawn again (Lemire, 2019).  They are
 * less than 2^32 mod n, thus less than n: mostly there is nothing to divide.
 */
uint32_t rng_below(struct rng *r, uint32_t n)
{
	uint64_t product = (uint64_t)rng_u32(r) * n;
	while ((uint32_t)product < n && (uint32_t)product < (uint32_t)-n % n)
		product = (uint64_t)rng_u32(r) * n;
	return (uint32_t)(product >> 32);
}
