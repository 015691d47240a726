#include "resolver/core/hold.h"

#include "cache/networks.h"

bool hold_is_strict(const struct tasks *ts)
{
	return ts->setup.networks != NULL && ts->setup.cache_policy->ttl.mode == TTL_STRICT;
}

/*
 * The time is kept rounded up by as much as an eighth (cache/entry.h).  Drawing from all the times that were
 * kept as this one spreads held answers as resolved ones are spread.  An alarm of whole milliseconds rings
 * three quarters of one late on average (tools/snoop shows it), which is taken off by chance, too.
 */
static uint32_t draw_ms(struct rng *rng, uint32_t kept_ms)
{
	uint32_t step = 1;
	while (kept_ms / step >= 16)
		step *= 2;
	uint32_t ms = kept_ms - rng_below(rng, step);
	return ms > 0 && rng_below(rng, 4) != 0 ? ms - 1 : ms;
}

uint32_t hold_ms(struct tasks *ts, const struct ask *ask, const struct answers_note *note)
{
	if (!hold_is_strict(ts) || networks_ask(ts->setup.networks, note->use, note->id, &ask->client))
		return 0;
	return draw_ms(ts->setup.rng, note->resolve_ms);
}

uint32_t hold_chain_ms(struct tasks *ts, const struct ask *ask, const struct chain *c)
{
	struct answers_note note = { 0 };
	for (unsigned i = 0; i < c->count; i++) {
		const struct chain_link *l = &c->links[i];
		if (l->resolve_ms > note.resolve_ms)
			note.resolve_ms = l->resolve_ms;
		note.id = l->id;
		note.use = l->use;
	}
	return c->state == CHAIN_COMPLETE && note.id != 0 ? hold_ms(ts, ask, &note) : 0;
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

void hold_learn(struct tasks *ts, struct now now, const struct ask *ask, const struct question *q,
                const struct chain *c)
{
	if (!hold_is_strict(ts) || c->state != CHAIN_COMPLETE || c->links[c->count - 1].id != 0)
		return;
	struct question last = { .name = *chain_link_name(c, q, c->count - 1), .type = q->type,
		                 .class = q->class };
	struct arena *a = flight_scratch(ts);
	struct cached *found = a != NULL ? arena_alloc(a, sizeof(*found)) : NULL;
	if (found != NULL && cache_find(ts->setup.cache, now, &last, a, found) == ERR_OK)
		networks_resolved(ts->setup.networks, found->use, found->id, &ask->client);
}
