/*
 * targets.h - whom a walk may ask at its cut: addresses from glue, then names to look up.
 *
 * Every address once however many names have it (threats C3), no address that cannot be an
 * authority (A14), at most LIMIT_NS_USED names.  Does not choose among them (select.h).
 */
#ifndef ITERATE_TARGETS_H
#define ITERATE_TARGETS_H

#include "resolver/iterate/walk.h"

/* The walk has come to it->cut. */
void targets_enter(struct iterate *it);

/* The next address question to be asked.  False: none is due. */
bool targets_next_fetch(struct iterate *it, struct question *out);
/* Addresses are being looked up. */
bool targets_fetching(const struct iterate *it);
/* What became of one, whatever it is.  False: q is not one of ours. */
bool targets_on_fetched(struct iterate *it, const struct question *q, const struct outcome *o);

#endif
