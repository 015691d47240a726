/*
 * select.h - which server is asked next, and how long we wait for it.
 *
 * The quickest by smoothed RTT, unknown ones tried early, now and then any of them so that one
 * that was slow gets another chance; servers that are down or lame only when nobody else is left.
 * A family that keeps silent costs one short wait: the second packet goes to the other one.
 */
#ifndef ITERATE_SELECT_H
#define ITERATE_SELECT_H

#include "resolver/iterate/walk.h"

/* It was not tried too often, and not found to be of no use. */
bool select_may_ask(const struct target *t);

/* The target to ask; NULL: nobody is left for this question. */
struct target *select_target(struct iterate *it, struct now now);

/*
 * How long to wait for t, of which k is known, before somebody else is asked; *patient: that is all the time
 * it usually needs, so silence speaks against it.
 */
uint32_t select_timeout(const struct iterate *it, const struct target *t, const struct server *k,
                        enum transport transport, bool *patient);

#endif
