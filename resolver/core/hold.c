#include "resolver/core/hold.h"

#include "cache/entry.h"
#include "cache/networks.h"
#include "resolver/core/waiter.h"

bool hold_is_strict(const struct tasks *ts)
{
	return ts->setup.networks != NULL && ts->setup.cache_policy->ttl.mode == TTL_STRICT;
}

uint32_t hold_ms(struct tasks *ts, const struct address *client, const struct networks_entry *entry)
{
	if (!hold_is_strict(ts) || networks_ask(ts->setup.networks, entry, client))
		return 0;
	return entry->resolve_ms;
}

static uint32_t add_ms(struct tasks *ts, const struct address *client,
                       const struct networks_entry *entry, uint32_t sum)
{
	uint32_t ms = entry->id != 0 ? hold_ms(ts, client, entry) : entry->resolve_ms;
	return ms < LIMIT_QUESTION_MS - sum ? sum + ms : LIMIT_QUESTION_MS;
}

uint32_t hold_chain_ms(struct tasks *ts, const struct address *client, const struct chain *c)
{
	uint32_t sum = 0;
	if (!hold_is_strict(ts))
		return 0;
	for (unsigned i = 0; i < c->count; i++)
		sum = add_ms(ts, client, &c->links[i].entry, sum);
	return c->state == CHAIN_FAILED ? add_ms(ts, client, &c->failing, sum) : sum;
}

void hold_time_link(struct chain_link *l, uint32_t took_ms)
{
	l->entry = (struct networks_entry){ .resolve_ms = entry_time_ms(l->entry.resolve_ms + took_ms) };
}

void hold_time_failure(struct chain *c, uint32_t took_ms)
{
	c->failing = (struct networks_entry){ .resolve_ms = entry_time_ms(took_ms) };
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

/* The network knows the entry that q's outcome, or its failure, has just become; none when it was not kept. */
static void learn_kept(struct tasks *ts, struct now now, const struct address *client,
                       const struct question *q, bool failed)
{
	struct arena *a = flight_scratch(ts);
	struct cached *found = a != NULL ? arena_alloc(a, sizeof(*found)) : NULL;
	if (found == NULL)
		return;
	enum err e = failed ? cache_find_failure(ts->setup.cache, now, q, a, found)
	                    : cache_find(ts->setup.cache, now, q, a, found);
	if (e == ERR_OK)
		networks_told(ts->setup.networks, failed ? &found->failing_entry : &found->entry, client);
}

static void learn(struct tasks *ts, struct now now, const struct address *client,
                  const struct question *q, const struct networks_entry *entry, bool failed)
{
	if (entry->id != 0)
		networks_told(ts->setup.networks, entry, client);
	else
		learn_kept(ts, now, client, q, failed);
}

void hold_learn(struct tasks *ts, struct now now, const struct ask *ask, const struct question *q,
                const struct chain *c)
{
	struct question link = { .type = q->type, .class = q->class };
	if (!hold_is_strict(ts))
		return;
	for (unsigned i = 0; i < c->count; i++) {
		name_copy(&link.name, chain_link_name(c, q, i));
		if (!c->links[i].local)
			learn(ts, now, &ask->client, &link, &c->links[i].entry, false);
	}
	name_copy(&link.name, chain_name(c, q));
	if (c->state == CHAIN_FAILED)
		learn(ts, now, &ask->client, &link, &c->failing, true);
}
