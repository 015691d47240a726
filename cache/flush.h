/*
 * flush.h - which keys must go so that a name, a type or a subtree is forgotten.
 *
 * The same list for hot and for the store.  Denials that could speak about the name go too: NXDOMAIN of the
 * names above it, and all NSEC and NSEC3 of their zones (a hash does not say whose it is; spans of NSEC that
 * were learned at different times overlap, so the one just before a name may hide another).
 */
#ifndef CACHE_FLUSH_H
#define CACHE_FLUSH_H

#include "cache/key.h"

enum flush_how {
	FLUSH_ONE,   /* this key */
	FLUSH_TYPES, /* all keys of one name that differ in their type: they begin so */
	FLUSH_RUN,   /* all keys that begin so */
};

struct flush {
	const struct name *name; /* borrowed */
	uint16_t type;           /* 0: all */
	bool tree;
	unsigned step, depth;
};

struct flush flush_of(const struct name *name, uint16_t type, bool tree);
bool flush_next(struct flush *f, struct key *key, enum flush_how *how); /* false: no more */

#endif
