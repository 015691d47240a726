/*
 * refresh.h - questions of our own accord: priming, prefetch, renewing what was served stale.
 *
 * Nobody waits for them, so there are only so many at a time, and none when policy says that
 * we ask nothing unprompted.
 */
#ifndef CORE_REFRESH_H
#define CORE_REFRESH_H

#include "resolver/core/task.h"

/* Single flight.  False: it is under way already, or may not be asked. */
bool refresh_start(struct tasks *ts, struct now now, const struct question *q);

/* Asks the parent of a zone who serves it. */
void refresh_cut(struct tasks *ts, struct now now, const struct name *zone);

/*
 * A hit was served: renew the links of it that are popular and nearly over.  hits: those the cache
 * did not see.
 */
void refresh_popular(struct tasks *ts, struct now now, const struct question *q,
                     const struct chain *c, uint32_t hits);

#endif
