/*
 * waiter.h - clients that wait for a task, by the driver's number.
 */
#ifndef CORE_WAITER_H
#define CORE_WAITER_H

#include "resolver/core/task.h"

/* address: the client's, whose network may have to wait longer than others (hold.h).  False: no memory. */
bool waiter_add(struct tasks *ts, struct now now, struct task *t, uint64_t client,
                const struct address *address);

/* The client has gone away, or was told.  Frees w. */
void waiter_drop(struct tasks *ts, struct waiter *w);

struct waiter *waiter_find(const struct tasks *ts, uint64_t client); /* NULL: none */

#define WAITER_AS_HELD UINT32_MAX

/*
 * Those that have waited for so long are to be told this chain; waited_ms is 0 for all, WAITER_AS_HELD for as
 * long as each is to be held.  Returns when the next one will have: life clock ms, INT64_MAX for nobody left.
 */
int64_t waiter_tell(struct tasks *ts, struct now now, struct task *t, const struct chain *c,
                    uint32_t waited_ms);

#endif
