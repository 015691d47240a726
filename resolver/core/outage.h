/*
 * outage.h - zones whose servers do not answer, and who finds out when they do again.
 *
 * While a zone is out, what is known of it is told stale at once instead of being asked for name by
 * name, and one question each OUTAGE_PROBE_MS tries again.  When that is answered the failures
 * remembered from the outage count no more, so the zone is fresh again within seconds of being asked
 * for, though RFC 8767 section 5 lets a failed question rest for half a minute.
 *
 * deviates: RFC 8767 section 4 recommends 30 s between attempts; it is 5 s for a zone, but for one
 * of its questions, not for each.
 *
 * Remembers a bounded number of zones, by keyed hash.  Forgotten means: not out.
 */
#ifndef CORE_OUTAGE_H
#define CORE_OUTAGE_H

#include "resolver/base/now.h"
#include "resolver/wire/question.h"
#include "resolver/wire/reason.h"
#include <stdbool.h>

enum { OUTAGE_PROBE_MS = 5000, OUTAGE_BUCKETS = 256, OUTAGE_WAYS = 4 };

struct tasks;

struct outage {
	uint64_t zone;       /* 0: free */
	int64_t failed_ms;   /* 0: never */
	int64_t answered_ms;
	int64_t tried_ms;
	int64_t parent_ms;   /* when its parent last said who serves it; 0: not known */
};

struct outages {
	bool any;           /* there was one since the start */
	int64_t failed_ms;  /* the last of all */
	struct outage at[OUTAGE_BUCKETS][OUTAGE_WAYS];
};

/* It speaks of servers that cannot be reached. */
bool outage_explains(struct reason reason);

/* A walk ended at zone for that reason; others than those do not count. */
void outage_begins(struct tasks *ts, struct now now, const struct name *zone,
                   struct reason reason);
/* Somebody in zone answered. */
void outage_ends(struct tasks *ts, struct now now, const struct name *zone);

/* The zone that q would be asked in is out, and that was found a moment ago. */
bool outage_is_on(struct tasks *ts, struct now now, const struct question *q);

/*
 * It has answered since then, or is not known to be out (the failure was that of a zone above, or of
 * another worker): so a failure of q that is so old is worth another try.
 */
bool outage_is_over(struct tasks *ts, struct now now, const struct question *q,
                    uint32_t failure_age_s);

/* q, for which something stale was told, tries whether its zone is back; once each OUTAGE_PROBE_MS. */
void outage_probe(struct tasks *ts, struct now now, const struct question *q);

/* A zone that fails may have moved: its parent is to be asked who serves it, and not again for a while. */
bool outage_parent_is_due(struct tasks *ts, struct now now, const struct name *zone);

#endif
