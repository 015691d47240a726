/*
 * alarms.h - who is to be woken next: a heap of fixed size over alarms inside other things.
 *
 * Times are life clock ms.  Rings nothing: the owner asks for the first and compares.
 */
#ifndef CORE_ALARMS_H
#define CORE_ALARMS_H

#include "resolver/base/err.h"
#include <stddef.h>
#include <stdint.h>

/* Inside its owner; all zero: not set. */
struct alarm {
	int64_t at_ms;
	size_t place; /* in the heap, from 1; 0: not set */
};

struct alarms {
	struct alarm **heap; /* heap[1] is the first to ring */
	size_t count, room;
};

MUST_CHECK enum err alarms_init(struct alarms *as, size_t most);
void alarms_clear(struct alarms *as); /* takes a zeroed one */

/* Sets or moves.  There is always room: the owner has at most `most` things with alarms. */
void alarms_set(struct alarms *as, struct alarm *a, int64_t at_ms);
void alarms_unset(struct alarms *as, struct alarm *a);

/* The first to ring, or NULL. */
struct alarm *alarms_first(const struct alarms *as);

#endif
