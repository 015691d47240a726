/*
 * shares.h - which zones take the most room: the few largest of any number, in fixed memory.
 *
 * Space-saving: a zone that takes more than 1/SHARES_KEPT of all octets counted is surely among those kept;
 * its count is never less than the truth.
 */
#ifndef CACHE_SHARES_H
#define CACHE_SHARES_H

#include <stddef.h>
#include <stdint.h>

enum { SHARES_KEPT = 64 };

struct shares {
	struct {
		uint64_t zone; /* keyed hash */
		size_t octets;
		size_t error;  /* of octets, what may belong to others */
	} at[SHARES_KEPT];
};

/* Counts and returns what that zone surely has so far. */
size_t shares_add(struct shares *s, uint64_t zone, size_t octets);
/* What it surely has, without counting. */
size_t shares_of(const struct shares *s, uint64_t zone);
void shares_restart(struct shares *s);

#endif
