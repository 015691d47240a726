#include "resolver/core/refresh.h"

enum {
	POPULAR_HITS = 1, /* found once before, so asked twice */
	NEARLY_OVER = 10, /* the last tenth of the time an entry is used */
	FREE_SENDS = 100,
};

static struct task *start(struct tasks *ts, struct now now, const struct question *q, bool prefetch)
{
	const struct tasks_policy *p = ts->setup.policy;
	if (!p->unprompted || ts->refreshing >= LIMIT_REFRESHES ||
	    ts->counts.in_flight >= p->tasks_max || flight_find_question(ts, q, flight_cd(ts, false)))
		return NULL;
	struct purse *purse = purse_new(now, p);
	if (purse != NULL)
		purse->prefetch = prefetch;
	struct task *t = purse != NULL ? task_new(ts, now, q, false, purse, NULL) : NULL;
	purse_drop(purse);
	if (t == NULL)
		return NULL;
	t->refresh = t->forget = true;
	ts->refreshing++;
	return t;
}

bool refresh_start(struct tasks *ts, struct now now, const struct question *q)
{
	return start(ts, now, q, false) != NULL;
}

void refresh_cut(struct tasks *ts, struct now now, const struct name *zone)
{
	struct question q = { .name = *zone, .type = TYPE_NS, .class = CLASS_IN };
	struct task *t = start(ts, now, &q, false);
	if (t != NULL)
		t->above = true;
}

/* A share of what was sent lately; the first few are free, else nothing could ever begin. */
static bool may_prefetch(const struct tasks *ts)
{
	uint64_t share = ts->setup.policy->prefetch_permille;
	return share > 0 &&
	       ts->prefetch_sends * 1000 <= share * (ts->recent_sends + FREE_SENDS);
}

static bool is_nearly_over(const struct chain_link *l, const struct ttl_policy *ttl)
{
	return !l->local && !l->stale &&
	       (uint64_t)l->left_s * NEARLY_OVER <= ttl_usable_s(ttl, l->lifetime_s);
}

void refresh_popular(struct tasks *ts, struct now now, const struct question *q,
                     const struct chain *c, uint32_t hits)
{
	if (!ts->setup.policy->prefetch || !may_prefetch(ts))
		return;
	for (unsigned i = 0; i < c->count; i++) {
		const struct chain_link *l = &c->links[i];
		if ((uint64_t)l->hits + hits < POPULAR_HITS ||
		    !is_nearly_over(l, &ts->setup.cache_policy->ttl))
			continue;
		struct question link = { .type = q->type, .class = q->class };
		name_copy(&link.name, chain_link_name(c, q, i));
		ts->counts.prefetched += start(ts, now, &link, true) != NULL;
	}
}
