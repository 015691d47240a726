/* A question of our own whose answer the driver wants to see as it came. */
#include "resolver/core/task.h"

/*
 * An equal question under way may have begun long ago, and what it brings may come from the cache: better to
 * ask again in a moment.
 */
static bool has_room(const struct tasks *ts, const struct question *q)
{
	return ts->counts.in_flight < 2 * ts->setup.policy->tasks_max &&
	       flight_find_question(ts, q, flight_cd(ts, true)) == NULL;
}

bool tasks_probe(struct tasks *ts, struct now now, const struct question *q, uint64_t number)
{
	if (!ts->setup.policy->unprompted || !has_room(ts, q))
		return false;
	struct purse *purse = purse_new(now, ts->setup.policy);
	struct task *t = purse != NULL ? task_new(ts, now, q, true, purse, NULL) : NULL;
	purse_drop(purse);
	if (t == NULL)
		return false;
	t->probe = number;
	t->forget = true;
	return true;
}
