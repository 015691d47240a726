/*
 * lower.h - ASCII lower case, one octet or eight at a time (RFC 4343 section 3).
 *
 * Length octets of labels are at most 63 and so below 'A': whole names can be lowered as they
 * lie.  Knows no locale and leaves octets above 127 alone.
 */
#ifndef WIRE_LOWER_H
#define WIRE_LOWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint8_t lower_octet(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static inline uint64_t lower_word(uint64_t w)
{
	const uint64_t ones = UINT64_MAX / 255;
	uint64_t seven = w & 0x7f * ones;
	uint64_t from_a = seven + (0x80 - 'A') * ones; /* high bit: at least 'A' */
	uint64_t past_z = seven + (0x7f - 'Z') * ones; /* high bit: above 'Z' */
	uint64_t upper = from_a & ~past_z & ~w & 0x80 * ones;
	return w | upper >> 2;
}

static inline uint64_t lower_load(const uint8_t *p)
{
	uint64_t w;
	memcpy(&w, p, sizeof(w));
	return w;
}

static inline void lower_copy(uint8_t *to, const uint8_t *from, size_t len)
{
	size_t i = 0;
	for (; i + 8 <= len; i += 8) {
		uint64_t w = lower_word(lower_load(from + i));
		memcpy(to + i, &w, sizeof(w));
	}
	for (; i < len; i++)
		to[i] = lower_octet(from[i]);
}

/* Equal but for case. */
static inline bool lower_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
	size_t i = 0;
	for (; i + 8 <= len; i += 8) {
		if (lower_word(lower_load(a + i)) != lower_word(lower_load(b + i)))
			return false;
	}
	for (; i < len; i++) {
		if (lower_octet(a[i]) != lower_octet(b[i]))
			return false;
	}
	return true;
}

#endif
