/*
 * waiter.h - clients that wait for a task, by the driver's number.
 */
#ifndef CORE_WAITER_H
#define CORE_WAITER_H

#include "resolver/core/task.h"

/* False: no memory. */
bool waiter_add(struct tasks *ts, struct task *t, uint64_t client);

/* The client has gone away, or was told.  Frees w. */
void waiter_drop(struct tasks *ts, struct waiter *w);

struct waiter *waiter_find(const struct tasks *ts, uint64_t client); /* NULL: none */

/* All that wait are to be told this chain. */
void waiter_tell_all(struct tasks *ts, struct task *t, const struct chain *c);

#endif
