/*
 * doorkeeper.h - who came by lately: before a full cache, to let in only whom it sees for the second time.
 *
 * After Einziger, Friedman and Manes, TinyLFU (2017).  Most names are asked for once, and would drive out others
 * for nothing.  One tag a slot, that of the last who came: it forgets, and takes one stranger in 65536 for a
 * friend.
 */
#ifndef CACHE_DOORKEEPER_H
#define CACHE_DOORKEEPER_H

#include <stdbool.h>
#include <stdint.h>

enum { DOORKEEPER_SLOTS = 1 << 16 };

struct doorkeeper {
	uint16_t tags[DOORKEEPER_SLOTS]; /* all zero: nobody */
};

/* who: keyed, so that nobody outside can aim at another's slot. */
static inline bool doorkeeper_knows(struct doorkeeper *d, uint32_t who)
{
	uint16_t *slot = &d->tags[who % DOORKEEPER_SLOTS];
	uint16_t tag = (uint16_t)(who >> 16);
	bool known = *slot == tag;
	*slot = tag;
	return known;
}

#endif
