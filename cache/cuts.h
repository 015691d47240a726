/*
 * cuts.h - zone cuts on their way into the cache: what the parent said, never longer than it said.
 */
#ifndef CACHE_CUTS_H
#define CACHE_CUTS_H

#include "cache/cache.h"
#include "cache/layers.h"

void cuts_put(struct layers *l, const struct cache_policy *policy, uint32_t now_s,
              const struct cut *cut);

#endif
