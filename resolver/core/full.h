/*
 * full.h - authority and additional sections for clients that want them whole.
 *
 * Only from the cache; asks nobody.  At most LIMIT_NS_USED names are looked up (threats D8).
 */
#ifndef CORE_FULL_H
#define CORE_FULL_H

#include "resolver/core/flight.h"

enum { FULL_LINKS = 1 + 2 * LIMIT_NS_USED };

/* The NS of the zone first, then the addresses of its servers; all ANSWER. */
struct full {
	unsigned count; /* 0: nothing to add */
	struct chain_link links[FULL_LINKS];
};

/* For the last link of a chain; in the scratch arena. */
void full_find(struct tasks *ts, struct now now, const struct chain_link *last, struct full *out);

#endif
