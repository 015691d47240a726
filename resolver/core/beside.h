/*
 * beside.h - what came beside answers: the zone's NS and addresses, for clients that want full sections.
 *
 * A place of its own, because such data is of no rank to be cached (RFC 2181 section 5.4.1): it steers
 * no walk and answers no question (threats B2, B6).  One worker's memory, bounded: a slot a
 * question, a newer one takes it.  Empty unless minimal answers are off.
 */
#ifndef CORE_BESIDE_H
#define CORE_BESIDE_H

#include "resolver/base/now.h"
#include "resolver/wire/outcome.h"

enum { BESIDE_SLOTS = 1024, BESIDE_OCTETS = 16 << 10 /* of one */ };

struct tasks;

struct beside_slot {
	struct arena *arena; /* owned, what lies in the slot points into it; NULL: empty */
	struct question question;
	int64_t stored_ms;
	struct rrset **sets;
	unsigned count;
};

struct beside {
	struct beside_slot *slots; /* owned; NULL: none was needed yet */
};

void beside_clear(struct beside *b);

/* Copies what came beside o; no memory: it is not kept. */
void beside_put(struct tasks *ts, struct now now, const struct question *q,
                const struct outcome *o);

/* Borrowed until the next put.  NULL: nothing is known; else *age_s says since when. */
const struct beside_slot *beside_find(struct tasks *ts, struct now now, const struct question *q,
                                      uint32_t *age_s);

#endif
