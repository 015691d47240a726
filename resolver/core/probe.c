/* A question of our own whose answer the driver wants to see as it came. */
#include "resolver/core/task.h"

/*
 * An equal question under way may have begun long ago, and what it brings may come from the cache: better to
 * ask again in a moment.
 */
static bool is_under_way(const struct tasks *ts, const struct question *q)
{
	return flight_find_question(ts, q, flight_cd(ts, true)) != NULL;
}

static struct task *begin(struct tasks *ts, struct now now, const struct question *q, bool cd, uint64_t number)
{
	const struct tasks_policy *p = ts->setup.policy;
	if (!p->unprompted || ts->counts.in_flight >= 2 * p->tasks_max)
		return NULL;
	struct purse *purse = purse_new(now, p);
	struct task *t = purse != NULL ? task_new(ts, now, q, cd, purse, NULL) : NULL;
	purse_drop(purse);
	if (t == NULL)
		return NULL;
	t->probe = number;
	t->forget = true;
	return t;
}

bool tasks_probe(struct tasks *ts, struct now now, const struct question *q, uint64_t number)
{
	return !is_under_way(ts, q) && begin(ts, now, q, true, number) != NULL;
}

bool tasks_check(struct tasks *ts, struct now now, const struct question *q, uint64_t number)
{
	struct task *t = ts->setup.policy->validate ? begin(ts, now, q, false, number) : NULL;
	if (t == NULL)
		return false;
	t->apart = &ts->unspared_env;
	t->alone = true;
	table_remove(&ts->by_question, &t->by_question); /* nobody may join */
	return true;
}
