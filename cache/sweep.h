/*
 * sweep.h - making room in the store: a hand that goes round the keys in their order.
 *
 * Works by windows of neighbouring entries, because deleting neighbours frees pages and deleting
 * here and there only dirties them.  What goes is a matter of pressure:
 *
 *   level 0  dead: expired and beyond the stale window
 *   level 1  also stale, and not of use lately
 *   level 2  also all stale; fresh, not of use lately, past half its life
 *   level 3  also fresh and not of use lately
 *   level 4+ also fresh and of little use, more with each level
 *
 * The level rises when a whole round did not make enough room, and falls when there is.  A zone that
 * takes more than a tenth of the room is judged three levels harder, and gets no more in (threats C9).
 */
#ifndef CACHE_SWEEP_H
#define CACHE_SWEEP_H

#include "cache/entry.h"
#include "cache/key.h"
#include "cache/shares.h"
#include "cache/sketch.h"
#include "cache/store.h"
#include "cache/ttl.h"

struct sweep {
	struct siphash_key mac;
	struct ttl_policy ttl;
	uint32_t stale_window_s;
	struct key hand;       /* where to go on; len 0: from the beginning */
	unsigned level;
	bool at_work;          /* between the two marks */
	struct sketch sketch;
	struct shares shares, before; /* of this round so far, and of the last one */
	uint64_t swept;
};

enum { SWEEP_LEVELS = 8 };

/* Is there work?  With hysteresis: from 80 % until below 78 %. */
bool sweep_is_due(struct sweep *s, const struct store_size *size);
/*
 * May another entry of that zone go in?  Not while there is work and it has more than its share already.  What the
 * parent said of a zone (a cut) is small and lies with those of all its neighbours: always.
 */
bool sweep_admits(struct sweep *s, struct octets key, struct octets value, const struct entry *e,
                  const struct store_size *size);
/* A write found no room: there is work, and more than the dead must go. */
void sweep_press(struct sweep *s);
/*
 * Looks at about that many entries, inside a write transaction of the store.  May return ERR_FULL:
 * abort, and try with fewer.
 */
MUST_CHECK enum err sweep_step(struct sweep *s, struct store *store, const struct store_size *size,
                               uint32_t now_s, unsigned entries);

#endif
