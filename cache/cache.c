#include "cache/cache.h"

#include "cache/cuts.h"
#include "cache/denials.h"
#include "cache/flush.h"
#include "cache/layers.h"
#include "cache/outcomes.h"
#include "cache/rules.h"
#include "cache/seen.h"
#include <stdlib.h>
#include <string.h>

struct cache {
	struct cache_policy policy;
	struct cache_counts counts;
	struct layers layers;
};

struct cache_policy cache_policy_default(void)
{
	return (struct cache_policy){
		.ttl_max = LIMIT_TTL,
		.negative_ttl_max = LIMIT_NEGATIVE_TTL,
		.stale_window_s = LIMIT_STALE_WINDOW_S,
		.failure_s = LIMIT_FAILURE_S,
		.failure_max_s = LIMIT_FAILURE_MAX_S,
		.ttl = { TTL_PRIVATE, TTL_LOW_PERMILLE, TTL_HIGH_PERMILLE },
	};
}

uint32_t cache_longest_s(const struct cache_policy *policy)
{
	return policy->ttl_max > policy->ttl_min ? policy->ttl_max : policy->ttl_min;
}

struct cache *cache_new(const struct cache_policy *policy, size_t hot_octets, struct store *store,
                        const struct siphash_key *key)
{
	struct cache *c = calloc(1, sizeof(*c));
	if (c == NULL)
		return NULL;
	c->policy = *policy;
	if (layers_init(&c->layers, hot_octets, store, key) != ERR_OK) {
		cache_free(c);
		return NULL;
	}
	return c;
}

void cache_free(struct cache *c)
{
	if (c == NULL)
		return;
	layers_clear(&c->layers);
	free(c);
}

void cache_forget_store(struct cache *c)
{
	c->layers.store = NULL;
}

static uint32_t seconds(struct now now)
{
	return (uint32_t)(now.mono_ms / 1000);
}

static enum usable usable(const struct cache *c, const struct entry *e, uint32_t now_s)
{
	return rules_usable(e, &c->policy.ttl, c->policy.stale_window_s, now_s);
}

static bool is_fresh(const struct cache *c, const struct entry *e, uint32_t now_s)
{
	return rules_left(e, &c->policy.ttl, now_s) > 0;
}

/* One question being looked up: the keys that may answer it, and the best stale one met so far. */
struct search {
	const struct question *question;
	uint32_t now_s;
	unsigned count;
	struct key keys[3]; /* those of one name lie together in the store: one after the other */
	bool has_alias;     /* the second is that of a CNAME */
	bool dname_above;   /* fresh or not; set by a search that found nothing else */
	bool has_stale;
	struct place stale;
};

/* False: no key can hold an answer. */
static bool search_begin(struct search *s, const struct question *q, struct now now)
{
	s->question = q;
	s->now_s = seconds(now);
	s->has_stale = false;
	s->count = 0;
	if (q->class != CLASS_IN || !key_typed(&s->keys[0], KEY_DATA, &q->name, q->type))
		return false;
	s->has_alias = q->type != TYPE_CNAME && !rules_beside_alias(q->type);
	s->count = 1;
	if (s->has_alias)
		key_retyped(&s->keys[s->count++], &s->keys[0], TYPE_CNAME);
	key_untyped(&s->keys[s->count++], &s->keys[0], KEY_NXDOMAIN);
	return true;
}

/* True: p is fresh and answers; else it is remembered when it is the best stale one. */
static bool consider(const struct cache *c, struct search *s, unsigned which,
                     const struct place *p)
{
	if (which == 1 && s->has_alias && p->entry.what != ENTRY_CNAME)
		return false; /* "no CNAME here" answers nobody else's question */
	enum usable u = usable(c, &p->entry, s->now_s);
	if (u == USABLE_FRESH)
		return true;
	if (u == USABLE_STALE && (!s->has_stale || p->entry.stored_s > s->stale.entry.stored_s)) {
		s->stale = *p;
		s->has_stale = true;
	}
	return false;
}

static bool search_layer(const struct cache *c, struct search *s,
                         bool (*get)(const struct layers *, const struct key *, struct place *),
                         struct place *out)
{
	for (unsigned i = 0; i < s->count; i++) {
		if (get(&c->layers, &s->keys[i], out) && consider(c, s, i, out))
			return true;
	}
	return false;
}

enum wish { WISH_ANY, WISH_FRESH, WISH_FRESH_SECURE, WISH_STALE };

static bool fulfils(const struct cache *c, const struct entry *e, enum wish wish, uint32_t now_s)
{
	enum usable u = usable(c, e, now_s);
	switch (wish) {
	case WISH_ANY:          return true;
	case WISH_FRESH:        return u == USABLE_FRESH;
	case WISH_FRESH_SECURE: return u == USABLE_FRESH && e->security == SECURITY_SECURE;
	case WISH_STALE:        return u == USABLE_STALE;
	}
	return false;
}

static bool ancestor_in(const struct cache *c, const struct key *from, size_t below, enum wish wish,
                        uint32_t now_s,
                        bool (*get)(const struct layers *, const struct key *, size_t, struct place *),
                        struct place *out)
{
	struct key at = *from;
	while (get(&c->layers, &at, below, out)) {
		if (fulfils(c, &out->entry, wish, now_s))
			return true;
		at = out->key;
		if (!key_up(&at))
			return false;
	}
	return false;
}

/* The deepest of that kind at or above name (strictly above, if said) that fulfils the wish. */
static bool find_ancestor(const struct cache *c, enum key_kind kind, const struct name *name,
                          bool above, enum wish wish, uint32_t now_s, struct place *out)
{
	struct key from;
	struct place stored;
	size_t below = kind == KEY_NXDOMAIN ? 1 : 0; /* the root exists */
	if (!key_named(&from, kind, name) || (above && !key_up(&from)))
		return false;
	bool hot = ancestor_in(c, &from, below, wish, now_s, layers_hot_ancestor, out);
	if (hot)
		below = out->key.len;
	if (!ancestor_in(c, &from, below, wish, now_s, layers_stored_ancestor, &stored))
		return hot;
	*out = stored;
	return true;
}

static bool find_dname(const struct cache *c, const struct search *s, enum wish wish,
                       struct place *out)
{
	return find_ancestor(c, KEY_DNAME, &s->question->name, true, wish, s->now_s, out);
}

/* Almost no name is below a DNAME, so whether there is one at all is asked first. */
static bool search(const struct cache *c, struct search *s, struct place *out)
{
	if (search_layer(c, s, layers_hot, out) || search_layer(c, s, layers_stored, out))
		return true;
	s->dname_above = find_dname(c, s, WISH_ANY, out);
	return s->dname_above && find_dname(c, s, WISH_FRESH, out);
}

/* The owner of the entry, spelled as in the question. */
static struct name owner_of(const struct place *p, const struct name *asked)
{
	return name_suffix(asked, key_labels(&p->key));
}

/* Where an alias leads; the target of a DNAME depends on the name asked (RFC 6672 section 2.2). */
static enum err set_target(struct outcome *o, const struct name *asked)
{
	struct name to;
	if (o->kind != OUTCOME_CNAME && o->kind != OUTCOME_DNAME)
		return ERR_OK;
	enum err e = rdata_target(o->set->type, &o->set->rdata[0], &to);
	if (e != ERR_OK)
		return e;
	if (o->kind == OUTCOME_CNAME)
		o->target = to;
	else
		o->too_long = name_replace_suffix(asked, &o->set->owner, &to, &o->target) != ERR_OK;
	return ERR_OK;
}

/* A place becomes what the caller sees, and was of use. */
static enum err tell(struct cache *c, struct place *p, const struct question *q, uint32_t now_s,
                     struct arena *a, struct cached *out)
{
	struct name owner = owner_of(p, &q->name);
	uint32_t left = rules_left(&p->entry, &c->policy.ttl, now_s);
	enum err e = entry_outcome(&p->entry, &owner, q->type, left, a, &out->outcome);
	if (e == ERR_OK && p->entry.what == ENTRY_CNAME && q->type == TYPE_CNAME)
		out->outcome.kind = OUTCOME_ANSWER;
	if (e == ERR_OK)
		e = set_target(&out->outcome, &q->name);
	if (e != ERR_OK)
		return e == ERR_NOMEM ? ERR_NOMEM : ERR_NOTFOUND;
	uint64_t hash = siphash(&c->layers.mac, p->key.octets, p->key.len);
	out->lifetime_s = p->entry.lifetime_s;
	out->age_s = entry_age(&p->entry, now_s);
	out->left_s = left;
	out->bound_s = p->entry.bound_s == TTL_NO_BOUND   ? TTL_NO_BOUND
	               : p->entry.bound_s > out->age_s ? p->entry.bound_s - out->age_s : 0;
	out->entry = (struct networks_entry){
		.id = hash ^ ((uint64_t)p->entry.checksum << 32 | p->entry.stored_s),
		.use = (uint32_t)(hash >> 32),
		.resolve_ms = p->entry.resolve_ms,
	};
	out->hits = layers_promote(&c->layers, p);
	layers_use(&c->layers, out->entry.use);
	return ERR_OK;
}

static void count_found(struct cache *c, const struct place *p)
{
	if (p->item != NULL)
		c->counts.hot_hits++;
	else
		c->counts.store_hits++;
}

/* Is the question failing?  Then its failure is added to what was found, or is what was found. */
static enum err add_failure(struct cache *c, struct search *s, struct arena *a,
                            struct cached *found, bool alone)
{
	struct key k;
	struct place p;
	const struct question *q = s->question;
	if (!key_typed(&k, KEY_FAILURE, &q->name, q->type) ||
	    !layers_newest(&c->layers, &k, &p) || !is_fresh(c, &p.entry, s->now_s))
		return ERR_NOTFOUND;
	struct cached failure = { .failure = NO_REASON };
	enum err e = tell(c, &p, q, s->now_s, a, &failure);
	if (e != ERR_OK)
		return e;
	if (alone)
		*found = failure;
	found->failing = true;
	found->failing_s = failure.left_s;
	found->failing_age_s = failure.age_s;
	found->failing_entry = failure.entry;
	found->failure = failure.outcome.reason;
	return ERR_OK;
}

/* No fresh data: what is stale, and what is failing. */
static enum err find_rest(struct cache *c, struct search *s, struct arena *a, struct cached *out)
{
	struct cached found = { .failure = NO_REASON };
	if (!s->has_stale && s->dname_above)
		s->has_stale = find_dname(c, s, WISH_STALE, &s->stale);
	enum err e = s->has_stale ? tell(c, &s->stale, s->question, s->now_s, a, &found)
	                          : ERR_NOTFOUND;
	found.stale = e == ERR_OK;
	if (e == ERR_NOMEM)
		return e;
	e = add_failure(c, s, a, &found, !found.stale);
	if (e == ERR_NOMEM)
		return e;
	c->counts.stale_hits += found.stale;
	c->counts.misses += !found.stale;
	if (!found.stale && !found.failing)
		return ERR_NOTFOUND;
	*out = found;
	return ERR_OK;
}

enum err cache_find(struct cache *c, struct now now, const struct question *q, struct arena *a,
                    struct cached *out)
{
	struct search s;
	struct place p;
	struct cached found = { .failure = NO_REASON };
	if (!search_begin(&s, q, now)) {
		c->counts.misses++;
		return ERR_NOTFOUND;
	}
	if (!search(c, &s, &p))
		return find_rest(c, &s, a, out);
	count_found(c, &p);
	enum err e = tell(c, &p, q, s.now_s, a, &found);
	if (e == ERR_OK)
		*out = found;
	return e;
}

enum err cache_find_failure(struct cache *c, struct now now, const struct question *q,
                            struct arena *a, struct cached *out)
{
	struct search s;
	if (!search_begin(&s, q, now))
		return ERR_NOTFOUND;
	return add_failure(c, &s, a, out, true);
}

enum err cache_find_nxdomain_above(struct cache *c, struct now now, const struct name *name,
                                   struct arena *a, struct cached *out)
{
	struct place p;
	struct cached found = { .failure = NO_REASON };
	struct question q = { .name = *name, .type = TYPE_A, .class = CLASS_IN };
	if (!find_ancestor(c, KEY_NXDOMAIN, name, true, WISH_FRESH_SECURE, seconds(now), &p))
		return ERR_NOTFOUND;
	enum err e = tell(c, &p, &q, seconds(now), a, &found);
	if (e == ERR_OK)
		*out = found;
	return e;
}

void cache_put(struct cache *c, struct now now, const struct question *q, const struct outcome *o,
               uint32_t resolve_ms)
{
	cache_put_aged(c, now, q, o, resolve_ms, 0);
}

void cache_put_aged(struct cache *c, struct now now, const struct question *q,
                    const struct outcome *o, uint32_t resolve_ms, uint32_t age_s)
{
	switch (outcomes_put(&c->layers, &c->policy, seconds(now), q, o, resolve_ms, age_s)) {
	case OUTCOMES_KEPT:     c->counts.puts++; break;
	case OUTCOMES_OUTRANKED: c->counts.refused_rank++; break;
	case OUTCOMES_UNFIT:    break;
	}
}

enum err cache_find_cut(struct cache *c, struct now now, const struct name *name, bool above,
                        struct arena *a, struct cut *out)
{
	struct place p;
	uint32_t now_s = seconds(now);
	if (!find_ancestor(c, KEY_CUT, name, above, WISH_FRESH, now_s, &p))
		return ERR_NOTFOUND;
	struct name zone = owner_of(&p, name);
	enum err e = entry_cut(&p.entry, &zone, rules_left(&p.entry, &c->policy.ttl, now_s), a, out);
	if (e == ERR_OK)
		(void)layers_promote(&c->layers, &p);
	return e == ERR_OK || e == ERR_NOMEM ? e : ERR_NOTFOUND;
}

void cache_put_cut(struct cache *c, struct now now, const struct cut *cut)
{
	cuts_put(&c->layers, &c->policy, seconds(now), cut);
}

enum err cache_find_nsec(struct cache *c, struct now now, const struct name *zone,
                         const struct name *name, struct arena *a, struct rrset *out)
{
	return denials_find_nsec(&c->layers, &c->policy, seconds(now), zone, name, a, out);
}

enum err cache_find_nsec3(struct cache *c, struct now now, const struct name *zone,
                          const uint8_t *hash, size_t len, struct arena *a, struct rrset *out)
{
	return denials_find_nsec3(&c->layers, &c->policy, seconds(now), zone, hash, len, a, out);
}

void cache_put_denial(struct cache *c, struct now now, const struct name *zone,
                      const struct rrset *set)
{
	denials_put(&c->layers, &c->policy, now, zone, set);
}

static void flush_types(struct hot *hot, const struct key *run)
{
	struct hot_item *i;
	while ((i = hot_types(hot, run->octets, run->len, NULL)) != NULL)
		hot_remove(hot, i);
}

static void flush_one(struct hot *hot, const struct key *k)
{
	struct hot_item *i = hot_get(hot, k->octets, k->len);
	if (i != NULL)
		hot_remove(hot, i);
}

void cache_flush(struct cache *c, const struct name *name, uint16_t type, bool tree)
{
	struct flush f = flush_of(name, type, tree);
	struct hot *hot = &c->layers.hot;
	struct key k;
	enum flush_how how;
	while (flush_next(&f, &k, &how)) {
		switch (how) {
		case FLUSH_ONE:   flush_one(hot, &k); break;
		case FLUSH_TYPES: flush_types(hot, &k); break;
		case FLUSH_RUN:   hot_remove_run(hot, k.octets, k.len); break;
		}
	}
}

bool cache_take_turn(struct cache *c, const uint8_t **octets, size_t *len)
{
	struct layers *l = &c->layers;
	c->counts.dropped_turns += l->turn_full;
	l->turn_full = false;
	if (l->store == NULL || turn_is_empty(&l->turn))
		return false;
	struct turn taken = l->turn;
	l->turn = l->sent;
	l->sent = taken;
	turn_restart(&l->turn);
	*octets = taken.octets;
	*len = taken.len;
	return true;
}

void cache_note_use(struct cache *c, uint32_t use)
{
	layers_use(&c->layers, use);
}

struct cache_counts cache_count(const struct cache *c)
{
	struct cache_counts n = c->counts;
	n.evicted = c->layers.hot.evicted;
	n.hot_octets = c->layers.hot.sieve.octets;
	n.hot_entries = c->layers.hot.sieve.count;
	return n;
}

bool cache_hot_next(const struct cache *c, struct now now, const struct key *run,
                    const struct hot_item **at, struct seen *out)
{
	const struct hot *hot = &c->layers.hot;
	const struct hot_item *i;
	if (key_kind_is_typed(run->octets[0]))
		i = hot_types(hot, run->octets, run->len, *at);
	else
		i = *at == NULL ? hot_get(hot, run->octets, run->len) : NULL;
	*at = i;
	if (i == NULL || key_parse(i->octets, i->key_len, &out->parts) != ERR_OK ||
	    entry_read(hot_value(i), i->value_len, &out->entry) != ERR_OK)
		return false;
	out->octets = (size_t)i->key_len + i->value_len;
	out->usable = usable(c, &out->entry, seconds(now));
	return true;
}
