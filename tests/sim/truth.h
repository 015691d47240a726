/*
 * truth.h - answers and cache against the world as it is.
 *
 * The truth is what authority_resolve() says: an Internet in which everybody is honest.
 */
#ifndef SIM_TRUTH_H
#define SIM_TRUTH_H

#include "tests/sim/sim.h"

/* Every client since the mark got it; or SERVFAIL, where that is allowed. */
void truth_check_answers(struct sim *s, bool or_servfail);

/*
 * No record of any script is in the cache, and no cut leads to a server that the zone above does
 * not name.
 */
void truth_check_cache(struct sim *s);

#endif
