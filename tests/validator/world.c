#include "tests/validator/world.h"

#include "resolver/wire/zonetext.h"
#include <assert.h>
#include <string.h>

enum { WORLD_BYTES = 64 << 20 };

void world_init(struct world *w)
{
	static const struct siphash_key seed = { 1, 2 };
	*w = (struct world){ .now = { 0, WORLD_NOW } };
	w->policy.skew_s = 300;
	w->arena = arena_new(WORLD_BYTES);
	w->keys = keys_new(&seed);
	assert(w->arena != NULL && w->keys != NULL);
	budget_init(&w->budget, 0);
}

void world_clear(struct world *w)
{
	anchors_free(w->anchors);
	keys_free(w->keys);
	arena_free(w->arena);
}

struct zone_plan world_plan(enum zone_denial denial, const struct sign_key *key)
{
	struct zone_plan p = { .denial = denial, .keys = { key }, .key_count = key != NULL };
	p.how.inception = WORLD_NOW - 3600;
	p.how.expiration = WORLD_NOW + 7 * 86400;
	return p;
}

struct zone *world_add(struct world *w, const char *apex, const char *text,
		       const struct zone_plan *plan)
{
	struct name name = name_of(apex);
	struct zone *z = &w->zones[w->zone_count++];
	assert(w->zone_count <= WORLD_ZONES);
	enum err e = zone_make(w->arena, &name, text, plan, z);
	assert(e == ERR_OK);
	(void)e;
	return z;
}

void world_trust(struct world *w, const char *text)
{
	struct rrset *sets;
	unsigned count;
	struct zonetext t = zonetext_of(text, strlen(text));
	t.ttl = 3600;
	enum err e = zonetext_all(&t, w->arena, &sets, &count);
	assert(e == ERR_OK);
	anchors_free(w->anchors);
	e = anchors_new(sets, count, &w->anchors);
	assert(e == ERR_OK);
	(void)e;
}

void world_trust_key(struct world *w, const char *zone, const struct sign_key *k)
{
	struct name name = name_of(zone);
	struct rrset *set = sign_new_set(w->arena, &name, TYPE_DNSKEY, 3600);
	enum err e = sign_add(w->arena, set, sign_key_rdata(k)->octets, sign_key_rdata(k)->len);
	assert(e == ERR_OK);
	anchors_free(w->anchors);
	e = anchors_new(set, 1, &w->anchors);
	assert(e == ERR_OK);
	(void)e;
}

void world_forget(struct world *w)
{
	w->asked_count = 0;
	w->fetches = 0;
	budget_init(&w->budget, 0);
}

/* The deepest zone that is asked for q: the parent for DS. */
static const struct zone *zone_for(const struct world *w, const struct question *q)
{
	const struct zone *best = NULL;
	for (unsigned i = 0; i < w->zone_count; i++) {
		const struct zone *z = &w->zones[i];
		bool holds = name_is_within(&q->name, &z->apex);
		if (q->type == TYPE_DS && !name_is_root(&q->name))
			holds = name_is_below(&q->name, &z->apex);
		if (holds && (best == NULL || name_is_below(&z->apex, &best->apex)))
			best = z;
	}
	return best;
}

static void look_up(struct world *w, const struct question *q, struct outcome *out)
{
	struct rrset *ds;
	const struct zone *z = zone_for(w, q);
	enum zone_reply r = z == NULL ? ZONE_NO_MEMORY : zone_answer(z, q, w->arena, out, &ds);
	if (r != ZONE_OUTCOME || (w->lie != NULL && !w->lie(w, q, out)))
		*out = (struct outcome){ .kind = OUTCOME_FAILURE, .reason = NO_REASON };
}

static struct judged *ask(struct world *w, const struct question *q);

static void judge(struct world *w, struct judged *j)
{
	struct validate_env env = { &w->policy, w->anchors, w->keys, false };
	struct validate *v = validate_new(w->arena, &env, &j->question, &j->outcome, &w->budget);
	assert(v != NULL);
	for (;;) {
		struct validate_want want = validate_next(v, w->now);
		if (want.kind == VALIDATE_DONE) {
			j->verdict = want.verdict;
			return;
		}
		assert(want.kind == VALIDATE_FETCH); /* we answer at once */
		assert(validate_next(v, w->now).kind == VALIDATE_WAIT);
		w->fetches++;
		struct judged *child = ask(w, &want.fetch);
		validate_on_fetched(v, w->now, &want.fetch, &child->outcome);
	}
}

static struct judged *ask(struct world *w, const struct question *q)
{
	for (unsigned i = 0; i < w->asked_count; i++)
		if (question_equal(&w->asked[i]->question, q))
			return w->asked[i];
	struct judged *j = arena_alloc(w->arena, sizeof(*j));
	assert(j != NULL && w->asked_count < WORLD_ASKED);
	j->question = *q;
	j->outcome.kind = OUTCOME_FAILURE; /* a question that waits for itself finds this */
	j->outcome.reason = (struct reason){ EDE_OTHER, "LOOP asked by itself" };
	w->asked[w->asked_count++] = j;
	look_up(w, q, &j->outcome);
	judge(w, j);
	return j;
}

const struct judged *world_ask(struct world *w, const char *name, uint16_t type)
{
	struct question q = { name_of(name), type, CLASS_IN };
	return ask(w, &q);
}
