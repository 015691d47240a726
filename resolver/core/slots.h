/*
 * slots.h - the exchanges that a task has out, by the slot of the walk that each is for.
 *
 * Numbers only: of one that is closed a late reply finds no slot.
 */
#ifndef CORE_SLOTS_H
#define CORE_SLOTS_H

#include "resolver/core/task.h"

/* The number of a new exchange for slot, whose old one is closed.  0: the task has had too many. */
uint64_t slots_open(struct task *t, unsigned slot);

/* The driver is to forget what is out for it; nothing may be. */
void slots_close(struct task *t, unsigned slot);
void slots_close_all(struct task *t);

/* LIMIT_EXCHANGES_OUT: it is not out any more. */
unsigned slots_find(const struct task *t, uint64_t exchange);

#endif
