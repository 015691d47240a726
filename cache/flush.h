/*
 * flush.h - which keys must go so that a name, a type or a subtree is forgotten.
 *
 * The same list for hot and for the store.  Denials that could speak about the name go too: the NSEC
 * just before it, and all NSEC3 of the zones above it (a hash does not say whose it is).
 */
#ifndef CACHE_FLUSH_H
#define CACHE_FLUSH_H

#include "cache/key.h"

enum flush_how {
	FLUSH_ONE,   /* this key */
	FLUSH_TYPES, /* all keys of one name that differ in their type: they begin so */
	FLUSH_RUN,   /* all keys that begin so */
	FLUSH_FLOOR, /* the greatest key not above this one, if it is of the same run */
};

struct flush {
	const struct name *name; /* borrowed */
	uint16_t type;           /* 0: all */
	bool tree;
	unsigned step, depth;
};

struct flush flush_of(const struct name *name, uint16_t type, bool tree);
/* False: no more.  run: for FLUSH_FLOOR, how many octets of the key are the run's. */
bool flush_next(struct flush *f, struct key *key, enum flush_how *how, size_t *run);

#endif
