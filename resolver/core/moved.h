/*
 * moved.h - a zone all of whose servers fail may have moved, so its parent is asked once more who serves it.
 *
 * A cut is kept for up to a day, and what it leads to may be long out of service.  So before a walk fails where it
 * began, at a cut from the cache, it begins anew above that, on the same budget and for one zone once in
 * LIMIT_PARENT_AGAIN_MS: RFC 4697 section 2.1.1 wants parents spared, and RFC 9520 section 3.3 says how: they are asked
 * no oftener than the zone itself.  When the budget is spent, a refresh asks for those who come next.
 *
 * Others that are under way go on at the cut that was found.  The old one stays until the parent tells of another one:
 * perhaps it is the way to the parent that is broken.
 */
#ifndef CORE_MOVED_H
#define CORE_MOVED_H

#include "resolver/core/task.h"

/* Where t's walk begins: lookup_start, or above what was left.  NULL: nowhere. */
const struct cut *moved_start(struct tasks *ts, struct now now, struct task *t);

/* The walk of t has failed at zone.  True: it is to begin anew. */
bool moved_again(struct tasks *ts, struct now now, struct task *t, const struct name *zone,
                 struct reason reason);

/*
 * What is to blame when t's walk has ended at zone for that reason: the servers that were left, rather than the parent
 * that was asked about them.
 */
const struct name *moved_zone(const struct task *t, const struct name *zone);
struct reason moved_reason(const struct task *t, const struct name *zone, struct reason reason);

#endif
