#include "resolver/core/refresh.h"

enum {
	POPULAR_HITS = 2,
	NEARLY_OVER = 10, /* the last tenth of the time an entry is used */
};

bool refresh_start(struct tasks *ts, struct now now, const struct question *q)
{
	const struct tasks_policy *p = ts->setup.policy;
	if (!p->unprompted || ts->refreshing >= LIMIT_REFRESHES ||
	    ts->counts.in_flight >= p->tasks_max || flight_find_question(ts, q, flight_cd(ts, false)))
		return false;
	struct purse *purse = purse_new(now, p->question_ms);
	struct task *t = purse != NULL ? task_new(ts, now, q, false, purse, NULL) : NULL;
	purse_drop(purse);
	if (t == NULL)
		return false;
	t->refresh = t->forget = true;
	ts->refreshing++;
	return true;
}

static bool is_nearly_over(const struct chain_link *l, const struct ttl_policy *ttl)
{
	return !l->local && !l->stale && l->hits >= POPULAR_HITS &&
	       (uint64_t)l->left_s * NEARLY_OVER < ttl_usable_s(ttl, l->lifetime_s);
}

void refresh_popular(struct tasks *ts, struct now now, const struct question *q,
                     const struct chain *c)
{
	if (!ts->setup.policy->prefetch)
		return;
	for (unsigned i = 0; i < c->count; i++) {
		if (!is_nearly_over(&c->links[i], &ts->setup.cache_policy->ttl))
			continue;
		struct question link = { .type = q->type, .class = q->class };
		name_copy(&link.name, chain_link_name(c, q, i));
		ts->counts.prefetched += refresh_start(ts, now, &link);
	}
}
