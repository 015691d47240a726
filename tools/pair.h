/*
 * pair.h - a keeper, and a worker's cache over its store, in one process: what tools fill and look into.
 *
 * Everything goes the way it goes in the daemon, by turn messages.
 */
#ifndef TOOLS_PAIR_H
#define TOOLS_PAIR_H

#include "cache/keep.h"

struct pair {
	struct keep *keep;
	struct keep_report report;
	struct store *store; /* the worker's */
	struct cache *cache;
	struct arena *arena; /* for what is found */
	struct now now;
};

/* p is to be closed whatever comes of it.  rng is borrowed for the call. */
MUST_CHECK enum err pair_open(struct pair *p, const struct keep_setup *setup, size_t hot_octets, struct rng *rng);
void pair_close(struct pair *p);

/* The worker's turn ends, and the keeper applies what it learned.  An error is keep_apply's. */
enum err pair_turn(struct pair *p);

#endif
