#include "resolver/core/outage.h"

#include "resolver/core/lookup.h"
#include "resolver/core/refresh.h"

enum { MEMORY_MS = 300000 }; /* no failure is remembered longer: RFC 9520 section 3.2 */

/* Spares the search in good times. */
static bool any_of_late(const struct tasks *ts, struct now now)
{
	return ts->outages.any && now.mono_ms - ts->outages.failed_ms < MEMORY_MS;
}

static struct outage *bucket_of(struct tasks *ts, uint64_t zone)
{
	return ts->outages.at[zone % OUTAGE_BUCKETS];
}

static struct outage *find(struct tasks *ts, uint64_t zone)
{
	struct outage *b = bucket_of(ts, zone);
	for (unsigned i = 0; i < OUTAGE_WAYS; i++) {
		if (b[i].zone == zone)
			return &b[i];
	}
	return NULL;
}

/* Found or made; the one that was touched longest ago makes room. */
static struct outage *use(struct tasks *ts, uint64_t zone)
{
	struct outage *o = find(ts, zone), *b = bucket_of(ts, zone);
	if (o != NULL)
		return o;
	o = b;
	for (unsigned i = 1; i < OUTAGE_WAYS; i++) {
		if (b[i].tried_ms < o->tried_ms)
			o = &b[i];
	}
	*o = (struct outage){ .zone = zone };
	return o;
}

static uint64_t key_of(const struct tasks *ts, const struct name *zone)
{
	return name_hash(&ts->key, zone) | 1;
}

/* Where the walk for q would begin, in the scratch arena; NULL: not known. */
static const struct name *zone_of(struct tasks *ts, struct now now, const struct question *q)
{
	struct arena *a = flight_scratch(ts);
	const struct cut *cut = a != NULL ? lookup_start(ts, now, q, false, a) : NULL;
	return cut != NULL ? &cut->zone : NULL;
}

static struct outage *find_for(struct tasks *ts, struct now now, const struct question *q)
{
	if (!any_of_late(ts, now))
		return NULL;
	const struct name *zone = zone_of(ts, now, q);
	return zone != NULL ? find(ts, key_of(ts, zone)) : NULL;
}

bool outage_explains(struct reason reason)
{
	return reason.ede == EDE_NO_REACHABLE_AUTHORITY || reason.ede == EDE_NETWORK_ERROR;
}

void outage_begins(struct tasks *ts, struct now now, const struct name *zone,
                   struct reason reason)
{
	if (!outage_explains(reason))
		return;
	struct outage *o = use(ts, key_of(ts, zone));
	o->failed_ms = o->tried_ms = now.mono_ms;
	ts->outages.any = true;
	ts->outages.failed_ms = now.mono_ms;
}

void outage_ends(struct tasks *ts, struct now now, const struct name *zone)
{
	struct outage *o = any_of_late(ts, now) ? find(ts, key_of(ts, zone)) : NULL;
	if (o != NULL)
		o->answered_ms = now.mono_ms;
}

bool outage_is_on(struct tasks *ts, struct now now, const struct question *q)
{
	const struct outage *o = find_for(ts, now, q);
	return o != NULL && o->failed_ms > o->answered_ms &&
	       now.mono_ms - o->failed_ms < (int64_t)ts->setup.policy->stale_recheck_s * 1000;
}

/* RFC 9520 section 3.2: however well its zone does, one question that keeps failing waits a while. */
bool outage_is_over(struct tasks *ts, struct now now, const struct question *q,
                    uint32_t failure_age_s)
{
	if (failure_age_s < ts->setup.policy->failure_s)
		return false;
	const struct outage *o = find_for(ts, now, q);
	return o == NULL || o->answered_ms > now.mono_ms - (int64_t)failure_age_s * 1000;
}

void outage_probe(struct tasks *ts, struct now now, const struct question *q)
{
	const struct name *zone = zone_of(ts, now, q);
	struct outage *o = zone != NULL ? use(ts, key_of(ts, zone)) : NULL;
	if (o == NULL || (o->tried_ms != 0 && now.mono_ms - o->tried_ms < OUTAGE_PROBE_MS))
		return;
	if (refresh_start(ts, now, q))
		o->tried_ms = now.mono_ms;
}

bool outage_parent_is_due(struct tasks *ts, struct now now, const struct name *zone)
{
	struct outage *o = use(ts, key_of(ts, zone));
	if (o->parent_ms != 0 && now.mono_ms - o->parent_ms < LIMIT_PARENT_AGAIN_MS)
		return false;
	o->parent_ms = now.mono_ms;
	return true;
}
