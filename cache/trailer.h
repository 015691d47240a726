/*
 * trailer.h - the end of a snapshot file: a mark, how many octets lie before it, and a checksum of them.
 *
 * Against torn and flipped octets, which LMDB itself does not notice until it trips over them.  Not
 * against somebody who may write the file: the key is no secret.
 */
#ifndef CACHE_TRAILER_H
#define CACHE_TRAILER_H

#include <stddef.h>
#include <stdint.h>

enum { TRAILER_OCTETS = 24 };

/* All zero to begin with; blocks must be cut the same way on both sides. */
struct trailer_sum {
	uint64_t value, len;
};

void trailer_add(struct trailer_sum *s, const uint8_t *block, size_t len);
void trailer_write(const struct trailer_sum *s, uint8_t out[TRAILER_OCTETS]);

#endif
