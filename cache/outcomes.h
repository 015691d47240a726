/*
 * outcomes.h - what a question came to, on its way into the cache: whether it is kept, where, how long.
 *
 * The worker's half of the rules; the keeper applies them again to the store (keep.h).
 */
#ifndef CACHE_OUTCOMES_H
#define CACHE_OUTCOMES_H

#include "cache/cache.h"
#include "cache/layers.h"

enum outcomes_fate {
	OUTCOMES_KEPT,
	OUTCOMES_OUTRANKED, /* fresh data of higher rank stands there or would be contradicted */
	OUTCOMES_UNFIT,     /* not an answer to the question, nothing that may be kept, or no lifetime */
};

enum outcomes_fate outcomes_put(struct layers *l, const struct cache_policy *policy, uint32_t now_s,
                                const struct question *q, const struct outcome *o,
                                uint32_t resolve_ms, uint32_t age_s);

#endif
