#include "cache/answers.h"
#include "resolver/core/hold.h"
#include "resolver/core/reply.h"
#include "resolver/core/waiter.h"

#include <stdlib.h>

static void set_envs(struct tasks *ts)
{
	const struct tasks_setup *s = &ts->setup;
	ts->iterate_env.policy = s->iterate;
	ts->iterate_env.servers = s->servers;
	ts->iterate_env.rng = s->rng;
	ts->validate_env.policy = s->validate;
	ts->validate_env.anchors = s->anchors;
	ts->validate_env.keys = s->keys;
	ts->undated_env = ts->validate_env;
	ts->undated_env.undated = true;
	ts->unspared = *s->validate;
	ts->unspared.nta_count = 0;
	ts->unspared_env = ts->validate_env;
	ts->unspared_env.policy = &ts->unspared;
}

struct tasks *tasks_new(const struct tasks_setup *setup)
{
	struct tasks *ts = calloc(1, sizeof(*ts));
	if (ts == NULL)
		return NULL;
	size_t most = 2 * (size_t)setup->policy->tasks_max; /* half of them sub-questions */
	ts->setup = *setup;
	list_init(&ts->all);
	list_init(&ts->busy);
	set_envs(ts);
	rng_fill(setup->rng, &ts->key, sizeof(ts->key));
	rng_fill(setup->rng, &ts->iterate_env.cookie_key, sizeof(ts->iterate_env.cookie_key));
	if (table_init(&ts->by_number, most) != ERR_OK ||
	    table_init(&ts->by_question, most) != ERR_OK ||
	    table_init(&ts->by_client, most) != ERR_OK || alarms_init(&ts->alarms, most) != ERR_OK) {
		tasks_free(ts);
		return NULL;
	}
	return ts;
}

void tasks_free(struct tasks *ts)
{
	if (ts == NULL)
		return;
	while (!list_empty(&ts->all))
		task_free(ts, LIST_ITEM(ts->all.next, struct task, all));
	table_clear(&ts->by_number);
	table_clear(&ts->by_question);
	table_clear(&ts->by_client);
	alarms_clear(&ts->alarms);
	beside_clear(&ts->beside);
	arena_free(ts->scratch);
	free(ts);
}

/* What is being judged by the old set is judged again: nothing points into it afterwards. */
static void judge_again(struct tasks *ts)
{
	for (struct list *l = ts->all.next; l != &ts->all; l = l->next)
		task_judge_again(ts, LIST_ITEM(l, struct task, all));
}

void tasks_set_anchors(struct tasks *ts, const struct anchors *anchors)
{
	ts->setup.anchors = anchors;
	set_envs(ts);
	judge_again(ts);
	if (ts->setup.answers != NULL)
		answers_flush(ts->setup.answers);
}

void tasks_set_ntas(struct tasks *ts, const struct validate_policy *validate)
{
	ts->setup.validate = validate;
	set_envs(ts);
	judge_again(ts);
	if (ts->setup.answers != NULL)
		answers_flush(ts->setup.answers);
}

void tasks_forget_client(struct tasks *ts, uint64_t client)
{
	struct waiter *w = waiter_find(ts, client);
	if (w != NULL)
		waiter_drop(ts, w);
}

/* ---- exchanges ---- */

static struct task *follow_exchange(struct tasks *ts, struct now now, uint64_t exchange)
{
	struct task *t = flight_find(ts, exchange >> TASK_EXCHANGE_BITS);
	if (t != NULL)
		flight_follow(ts, now, t);
	return t;
}

void tasks_on_reply(struct tasks *ts, struct now now, uint64_t exchange, const uint8_t *octets,
                    size_t len)
{
	struct task *t = follow_exchange(ts, now, exchange);
	if (t != NULL)
		task_on_reply(ts, now, t, exchange, octets, len);
}

void tasks_on_timeout(struct tasks *ts, struct now now, uint64_t exchange)
{
	struct task *t = follow_exchange(ts, now, exchange);
	if (t != NULL)
		task_on_timeout(ts, now, t, exchange);
}

void tasks_on_error(struct tasks *ts, struct now now, uint64_t exchange, enum exchange_error e)
{
	struct task *t = follow_exchange(ts, now, exchange);
	if (t != NULL)
		task_on_error(ts, now, t, exchange, e);
}

/* ---- time ---- */

int64_t tasks_alarm(const struct tasks *ts)
{
	const struct alarm *a = alarms_first(&ts->alarms);
	return a != NULL ? a->at_ms : INT64_MAX;
}

void tasks_on_alarm(struct tasks *ts, struct now now)
{
	struct alarm *a;
	while ((a = alarms_first(&ts->alarms)) != NULL && a->at_ms <= now.mono_ms) {
		struct task *t = LIST_ITEM(a, struct task, alarm);
		flight_follow(ts, now, t);
		task_on_alarm(ts, now, t);
	}
}

/* ---- deeds ---- */

static bool next_close(struct task *t, struct deed *out)
{
	if (t->close_count == 0)
		return false;
	*out = (struct deed){ .kind = DEED_CLOSE, .exchange = t->close[--t->close_count] };
	return true;
}

static bool next_answer(struct tasks *ts, struct task *t, struct deed *out)
{
	if (list_empty(&t->telling))
		return false;
	struct waiter *w = LIST_ITEM(t->telling.next, struct waiter, link);
	*out = (struct deed){ .kind = DEED_ANSWER, .client = w->by_client.key };
	ts->told = w->chain;
	ts->told_question = &t->question;
	waiter_drop(ts, w);
	return true;
}

/* What finished replies were of use for is no less popular than what was looked up. */
static void note_uses(struct tasks *ts)
{
	uint32_t use;
	while (ts->setup.answers != NULL && answers_take_use(ts->setup.answers, &use))
		cache_note_use(ts->setup.cache, use);
}

static bool next_probed(struct task *t, struct deed *out)
{
	if (t->phase != TASK_ENDED || t->probe == 0)
		return false;
	bool came = t->chain.state == CHAIN_COMPLETE;
	*out = (struct deed){ .kind = DEED_PROBED, .client = t->probe,
		              .outcome = came ? t->chain.links[t->chain.count - 1].outcome : NULL };
	t->probe = 0;
	return true;
}

bool tasks_next(struct tasks *ts, struct now now, struct deed *out)
{
	ts->told = NULL;
	while (!list_empty(&ts->busy)) {
		struct task *t = LIST_ITEM(ts->busy.next, struct task, busy);
		if (next_close(t, out) || next_answer(ts, t, out) || next_probed(t, out))
			return true;
		if (t->phase == TASK_ENDED) {
			task_free(ts, t);
			continue;
		}
		flight_follow(ts, now, t);
		if (task_step(ts, now, t, out))
			return true;
		if (t->phase != TASK_ENDED && t->close_count == 0 && list_empty(&t->telling))
			list_remove(&t->busy);
	}
	ts->trace = NULL;
	note_uses(ts);
	return false;
}

void tasks_reply(struct tasks *ts, struct now now, const struct ask *ask, struct writer *reply)
{
	const struct tasks_policy *p = ts->setup.policy;
	if (ts->told != NULL) {
		reply_chain(ts, now, ask, ts->told_question, ts->told, reply);
		hold_learn(ts, now, ask, ts->told_question, ts->told);
	} else {
		reply_error(ask->query, RCODE_SERVFAIL, FLAG_RA, NO_REASON, ask->edns, p->udp_size,
		            p->errors, reply);
	}
	if (ts->scratch != NULL)
		arena_reset(ts->scratch);
}

struct tasks_counts tasks_count(const struct tasks *ts)
{
	return ts->counts;
}
