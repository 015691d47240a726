/*
 * origin.h - where a keeper's store comes from: the live one, the snapshot, or nothing.
 *
 * The first of them that can be opened, knows what it is, and can be written to.  One that cannot is not left in
 * the way: what is damaged would be so for the next keeper, too.
 */
#ifndef CACHE_ORIGIN_H
#define CACHE_ORIGIN_H

#include "cache/keep.h"

/* *store: owned.  meta is as it was written, with the life clock of now.  report: all but entries. */
MUST_CHECK enum err origin_open(const struct keep_setup *setup, struct rng *rng, struct store **store,
                                struct meta *meta, struct keep_report *report);
/* Writes the clocks in a transaction of its own. */
MUST_CHECK enum err origin_write_meta(struct store *store, const struct meta *meta);

#endif
