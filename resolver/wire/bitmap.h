/*
 * bitmap.h - the set of types in NSEC, NSEC3 and CSYNC (RFC 4034 section 4.1.2).
 *
 * Windows ascend and have 1..32 octets.  Trailing zero octets, which a sender must not write,
 * are accepted.  Text is in rdata_text.c and rdata_scan.c.
 */
#ifndef WIRE_BITMAP_H
#define WIRE_BITMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BITMAP_WINDOW_OCTETS = 32, BITMAP_MAX = 256 * (2 + BITMAP_WINDOW_OCTETS) };

/* An empty bitmap is valid here. */
bool bitmap_is_valid(const uint8_t *octets, size_t len);

/* On a malformed bitmap: what can be read before the fault. */
bool bitmap_has(const uint8_t *octets, size_t len, uint16_t type);

/* The lowest type of the set from `from` on; -1: none. */
int32_t bitmap_next(const uint8_t *octets, size_t len, uint32_t from);

#endif
