/*
 * clock.h - virtual time: what will happen, in order.
 *
 * A binary heap of events by moment; equal moments happen in the order they were added, so a run
 * is the same every time.  Knows nothing of what an event means.
 */
#ifndef SIM_CLOCK_H
#define SIM_CLOCK_H

#include "resolver/base/now.h"
#include <stdbool.h>
#include <stddef.h>

enum { CLOCK_START_MS = 1000000, CLOCK_START_S = 1800000000 };

struct event {
	int64_t at_ms;
	uint64_t order;
	int kind;       /* its owner's */
	uint64_t about; /* its owner's */
	void *what;     /* its owner's */
};

struct clock {
	int64_t ms;
	uint64_t added;
	struct event *heap; /* heap[0] is the next */
	size_t count, room;
	int64_t wall_off_s; /* how far the wall clock is ahead of the truth */
};

void clock_init(struct clock *c);
void clock_clear(struct clock *c); /* the heap; what events hold is their owner's to free first */

struct now clock_now(const struct clock *c);

void clock_add(struct clock *c, int64_t at_ms, int kind, uint64_t about, void *what);
/* The moment of the next event, INT64_MAX: none. */
int64_t clock_next_ms(const struct clock *c);
/* Takes the next event out and moves time to it.  False: none. */
bool clock_take(struct clock *c, struct event *out);
/* Moves time on to a moment before which nothing is left to happen. */
void clock_move(struct clock *c, int64_t at_ms);

#endif
