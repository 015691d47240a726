/*
 * keep.h - what of an outcome is kept, and for how long.
 *
 * The one place where core writes to the cache.  Failures: RFC 9520.
 */
#ifndef CORE_KEEP_H
#define CORE_KEEP_H

#include "resolver/core/flight.h"

/* verdict: NULL when nobody judged; not BOGUS.  What it says is set in o. */
void keep_outcome(struct tasks *ts, struct now now, const struct question *q, struct outcome *o,
                  const struct verdict *verdict, uint32_t resolve_ms);

/* The same for a link that lay in the cache unjudged; its age stays what it was. */
void keep_judged(struct tasks *ts, struct now now, const struct question *q, struct chain_link *l,
                 const struct verdict *verdict, uint32_t judging_ms);

/* seconds: 0 for the policy's, which doubles while a failure is repeated. */
void keep_failure(struct tasks *ts, struct now now, const struct question *q,
                  struct reason reason, uint32_t seconds, uint32_t resolve_ms);

/* took_ms: how long the walk has taken. */
void keep_lessons(struct tasks *ts, struct now now, struct iterate *it, uint32_t took_ms);

#endif
