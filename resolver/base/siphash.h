/*
 * siphash.h - SipHash-2-4, the keyed hash for tables and cookies.
 *
 * Keyed per start so that nobody outside can aim at one bucket (threats D12); RFC 9018
 * section 4.4 uses it for server cookies.
 */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

enum { SIPHASH_KEY_OCTETS = 16 };

struct siphash_key {
	uint64_t k0, k1;
};

struct siphash_key siphash_key_of(const uint8_t bytes[SIPHASH_KEY_OCTETS]);
uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t len);

#endif
