#include "resolver/core/flight.h"

#include "resolver/core/task.h"

enum { RECENT_SENDS = 8192 }; /* packets that prefetching is measured against */

struct task *flight_find(const struct tasks *ts, uint64_t number)
{
	struct table_link *l = table_find(&ts->by_number, number);
	return l != NULL ? LIST_ITEM(l, struct task, by_number) : NULL;
}

static uint64_t question_key(const struct tasks *ts, const struct question *q, bool cd)
{
	return question_hash(&ts->key, q) ^ (uint64_t)cd;
}

struct task *flight_find_question(const struct tasks *ts, const struct question *q, bool cd)
{
	struct table_link *l = table_find(&ts->by_question, question_key(ts, q, cd));
	for (; l != NULL; l = table_again(l)) {
		struct task *t = LIST_ITEM(l, struct task, by_question);
		if (t->cd == cd && question_equal(&t->question, q))
			return t;
	}
	return NULL;
}

void flight_add(struct tasks *ts, struct task *t)
{
	t->number = ++ts->last_number;
	list_append(&ts->all, &t->all);
	table_add(&ts->by_number, &t->by_number, t->number);
	table_add(&ts->by_question, &t->by_question, question_key(ts, &t->question, t->cd));
	ts->counts.in_flight++;
	flight_busy(ts, t);
}

void flight_hide(struct tasks *ts, struct task *t)
{
	table_remove(&ts->by_question, &t->by_question);
	alarms_unset(&ts->alarms, &t->alarm);
}

void flight_remove(struct tasks *ts, struct task *t)
{
	flight_hide(ts, t);
	table_remove(&ts->by_number, &t->by_number);
	list_remove(&t->all);
	list_remove(&t->busy);
	ts->counts.in_flight--;
}

void flight_busy(struct tasks *ts, struct task *t)
{
	if (list_empty(&t->busy))
		list_append(&ts->busy, &t->busy);
}

/* Halving forgets: what prefetching may take follows what is asked now. */
void flight_count_send(struct tasks *ts, const struct task *t)
{
	ts->counts.sends++;
	ts->prefetch_sends += t->purse->prefetch;
	if (++ts->recent_sends < RECENT_SENDS)
		return;
	ts->recent_sends /= 2;
	ts->prefetch_sends /= 2;
}

void flight_follow(struct tasks *ts, struct now now, const struct task *t)
{
	ts->trace = t->purse->trace;
	if (ts->trace != NULL)
		trace_at(ts->trace, now.mono_ms, t->depth + t->chain_depth);
}

struct arena *flight_scratch(struct tasks *ts)
{
	if (ts->scratch == NULL)
		ts->scratch = arena_new(LIMIT_TASK_BYTES);
	return ts->scratch;
}
