/*
 * full.h - authority and additional sections for clients that want them whole.
 *
 * From what came beside the answer (beside.h) and from the cache; asks nobody.  At most LIMIT_NS_USED names
 * are looked up (threats D8), and only in the zone that answered.
 */
#ifndef CORE_FULL_H
#define CORE_FULL_H

#include "resolver/core/flight.h"
#include "resolver/wire/message.h"

enum { FULL_EXTRAS = 1 + 2 * LIMIT_NS_USED };

struct extra {
	enum section section;
	const struct rrset *set; /* in the scratch arena, or beside.h's */
	struct chain_link link;  /* its times */
};

struct full {
	unsigned count; /* 0: nothing to add */
	struct extra extras[FULL_EXTRAS];
};

/* For the last link of a chain, asked at name. */
void full_find(struct tasks *ts, struct now now, const struct question *q,
               const struct chain_link *last, struct full *out);

#endif
