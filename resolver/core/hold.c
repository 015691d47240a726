#include "resolver/core/hold.h"

#include "cache/entry.h"
#include "cache/networks.h"
#include "resolver/core/waiter.h"

bool hold_is_strict(const struct tasks *ts)
{
	return ts->setup.networks != NULL && ts->setup.cache_policy->ttl.mode == TTL_STRICT;
}

uint32_t hold_ms(struct tasks *ts, const struct address *client, const struct answers_note *note)
{
	if (!hold_is_strict(ts) || networks_ask(ts->setup.networks, note->use, note->id, client))
		return 0;
	return note->resolve_ms;
}

static uint32_t add_ms(struct tasks *ts, const struct address *client,
                       const struct answers_note *note, uint32_t sum)
{
	uint32_t ms = note->id != 0 ? hold_ms(ts, client, note) : note->resolve_ms;
	return ms < LIMIT_QUESTION_MS - sum ? sum + ms : LIMIT_QUESTION_MS;
}

uint32_t hold_chain_ms(struct tasks *ts, const struct address *client, const struct chain *c)
{
	uint32_t sum = 0;
	if (!hold_is_strict(ts))
		return 0;
	for (unsigned i = 0; i < c->count; i++) {
		const struct chain_link *l = &c->links[i];
		struct answers_note note = { .id = l->id, .use = l->use, .resolve_ms = l->resolve_ms };
		sum = add_ms(ts, client, &note, sum);
	}
	return c->state == CHAIN_FAILED ? add_ms(ts, client, &c->failure, sum) : sum;
}

void hold_time_link(struct chain_link *l, uint32_t took_ms)
{
	l->id = 0;
	l->resolve_ms = entry_time_ms(l->resolve_ms + took_ms);
}

void hold_time_failure(struct chain *c, uint32_t took_ms)
{
	c->failure = (struct answers_note){ .resolve_ms = entry_time_ms(took_ms) };
}

uint32_t hold_told_ms(const struct tasks *ts, const struct task *t, uint32_t took_ms)
{
	if (!hold_is_strict(ts))
		return 0;
	return t->told == &t->chain ? WAITER_AS_HELD : entry_time_ms(took_ms);
}

struct task *hold_start(struct tasks *ts, struct now now, const struct question *q, bool cd,
                        const struct chain *c, uint32_t ms)
{
	struct purse *purse = purse_new(now, ts->setup.policy);
	if (purse == NULL)
		return NULL;
	struct task *t = task_new(ts, now, q, cd, purse, ts->scratch);
	ts->scratch = NULL;
	purse_drop(purse);
	if (t == NULL)
		return NULL;
	t->chain = *c;
	t->phase = TASK_HELD;
	table_remove(&ts->by_question, &t->by_question); /* everybody waits alone */
	alarms_set(&ts->alarms, &t->alarm, now.mono_ms + ms);
	ts->counts.held++;
	return t;
}

/* What was just kept is known by its entry; NULL: it was not kept. */
static struct cached *find_kept(struct tasks *ts, struct now now, const struct question *q, bool failed)
{
	struct arena *a = flight_scratch(ts);
	struct cached *found = a != NULL ? arena_alloc(a, sizeof(*found)) : NULL;
	if (found == NULL)
		return NULL;
	enum err e = failed ? cache_find_failure(ts->setup.cache, now, q, a, found)
	                    : cache_find(ts->setup.cache, now, q, a, found);
	return e == ERR_OK ? found : NULL;
}

static void learn_link(struct tasks *ts, struct now now, const struct ask *ask,
                       const struct question *q, const struct chain_link *l)
{
	struct networks *n = ts->setup.networks;
	if (l->id != 0) {
		networks_told(n, l->use, l->id, &ask->client);
		return;
	}
	const struct cached *found = l->local ? NULL : find_kept(ts, now, q, false);
	if (found != NULL)
		networks_told(n, found->use, found->id, &ask->client);
}

static void learn_failure(struct tasks *ts, struct now now, const struct ask *ask,
                          const struct question *q, const struct answers_note *failure)
{
	struct networks *n = ts->setup.networks;
	if (failure->id != 0) {
		networks_told(n, failure->use, failure->id, &ask->client);
		return;
	}
	const struct cached *found = find_kept(ts, now, q, true);
	if (found != NULL)
		networks_told(n, found->failing_use, found->failing_id, &ask->client);
}

void hold_learn(struct tasks *ts, struct now now, const struct ask *ask, const struct question *q,
                const struct chain *c)
{
	struct question link = { .type = q->type, .class = q->class };
	if (!hold_is_strict(ts))
		return;
	for (unsigned i = 0; i < c->count; i++) {
		name_copy(&link.name, chain_link_name(c, q, i));
		learn_link(ts, now, ask, &link, &c->links[i]);
	}
	name_copy(&link.name, chain_name(c, q));
	if (c->state == CHAIN_FAILED)
		learn_failure(ts, now, ask, &link, &c->failure);
}
