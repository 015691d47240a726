#include "resolver/base/siphash.h"

#include "resolver/base/octets.h"

#include <stdbool.h>

struct state {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static inline void sip_round(struct state *s)
{
	s->v0 += s->v1;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v2 = rotate(s->v2, 32);
}

static inline void compress(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	sip_round(s);
	s->v0 ^= word;
}

struct siphash_key siphash_key_of(const uint8_t bytes[SIPHASH_KEY_OCTETS])
{
	return (struct siphash_key){ .k0 = octets_le64(bytes), .k1 = octets_le64(bytes + 8) };
}

/* The last octets, fewer than eight; those before them are loaded too and shifted out, if there are any. */
static inline uint64_t rest(const uint8_t *at, size_t left, bool more_before)
{
	uint64_t word = 0;
	if (left == 0)
		return 0;
	if (more_before)
		return octets_le64(at + left - 8) >> (64 - 8 * left);
	for (size_t i = 0; i < left; i++)
		word |= (uint64_t)at[i] << (8 * i);
	return word;
}

uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t len)
{
	struct state s = {
		.v0 = key->k0 ^ 0x736f6d6570736575u,
		.v1 = key->k1 ^ 0x646f72616e646f6du,
		.v2 = key->k0 ^ 0x6c7967656e657261u,
		.v3 = key->k1 ^ 0x7465646279746573u,
	};
	const uint8_t *at = bytes;
	size_t left = len;
	for (; left >= 8; left -= 8, at += 8)
		compress(&s, octets_le64(at));
	compress(&s, (uint64_t)len << 56 | rest(at, left, len >= 8));
	s.v2 ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
