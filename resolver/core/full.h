/*
 * full.h - authority and additional sections for clients that want them whole.
 *
 * Only from the cache; asks nobody.  At most LIMIT_NS_USED names are looked up (threats D8).
 */
#ifndef CORE_FULL_H
#define CORE_FULL_H

#include "resolver/core/flight.h"

enum { FULL_ADDRESSES = 2 * LIMIT_NS_USED };

struct full {
	struct rrset *ns; /* NULL: nothing to add */
	struct rrset *addresses[FULL_ADDRESSES];
	unsigned address_count;
};

/* For the last link of a chain; rrsets live in the scratch arena, their ttl is what to show. */
void full_find(struct tasks *ts, struct now now, const struct chain_link *last, struct full *out);

#endif
