#include "resolver/core/lookup.h"

#include "resolver/core/denial.h"
#include "resolver/core/task.h"

static const struct reason no_memory = { EDE_OTHER, "LMEM out of memory while looking up" };

static struct question next_question(const struct chain *c, const struct question *q)
{
	struct question next = { .type = q->type, .class = q->class };
	name_copy(&next.name, chain_name(c, q));
	return next;
}

static enum lookup hit(struct chain *c, const struct question *q, const struct chain_link *link)
{
	chain_add(c, q, link);
	return LOOKUP_HIT;
}

static enum lookup fail(struct chain *c, uint16_t rcode, struct reason reason)
{
	chain_fail(c, rcode, reason);
	return LOOKUP_HIT;
}

static enum lookup look_local(struct tasks *ts, const struct question *next,
                              const struct question *q, struct arena *a, struct chain *c)
{
	struct outcome *o = arena_alloc(a, sizeof(*o));
	if (o == NULL)
		return fail(c, RCODE_SERVFAIL, no_memory);
	switch (local_find(ts->setup.local, next, a, o)) {
	case LOCAL_MISS:
		return LOOKUP_MISS;
	case LOCAL_REFUSED:
		return fail(c, RCODE_REFUSED,
		            (struct reason){ EDE_BLOCKED, "BLRF a local rule refuses this name" });
	case LOCAL_NOMEM:
		return fail(c, RCODE_SERVFAIL, no_memory);
	case LOCAL_FOUND:
		break;
	}
	ts->counts.local++;
	return hit(c, q, &(struct chain_link){ .outcome = o, .lifetime_s = o->ttl, .local = true,
	                                       .bound_s = TTL_NO_BOUND });
}

struct chain_link lookup_link(struct cached *found)
{
	return (struct chain_link){
		.outcome = &found->outcome,
		.lifetime_s = found->lifetime_s,
		.age_s = found->age_s,
		.left_s = found->left_s,
		.bound_s = found->bound_s,
		.hits = found->hits,
		.entry = found->entry,
		.stale = found->stale,
	};
}

/* RFC 9520 section 3.2: a failure in force is the answer; what is stale is lookup_stale's. */
static enum lookup remembered(struct chain *c, const struct cached *found)
{
	c->remembered = true;
	c->failing = found->failing_entry;
	return fail(c, RCODE_SERVFAIL, found->failure);
}

/* Its zone was out, and has answered since: what is stale need not rest (outage.h). */
static bool may_be_retried(struct tasks *ts, struct now now, const struct question *next,
                           const struct cached *found)
{
	return found->stale && outage_explains(found->failure) &&
	       outage_is_over(ts, now, next, found->failing_age_s);
}

/* RFC 2308 section 6: with a denial goes its SOA.  A referral that denies DS has none: the parent is to be asked. */
static bool lacks_soa(const struct question *q, const struct outcome *o)
{
	return q->type == TYPE_DS && o->kind == OUTCOME_NODATA && o->soa == NULL;
}

/* A failure of DNSSEC is none for a client that checks for itself: RFC 4035 section 3.2.2. */
static enum lookup judge_found(struct tasks *ts, struct now now, const struct question *next,
                               const struct question *q, bool cd, enum lookup_use use,
                               struct cached *found, struct chain *c, struct chain_link *unchecked)
{
	bool failing = found->failing && !(cd && chain_ede_is_of_dnssec(found->failure.ede));
	bool fresh = !found->stale && found->outcome.kind != OUTCOME_FAILURE;
	if (!fresh)
		return failing && !may_be_retried(ts, now, next, found) ? remembered(c, found)
		                                                        : LOOKUP_MISS;
	if (use == LOOKUP_TELL && lacks_soa(next, &found->outcome))
		return LOOKUP_MISS;
	if (cd || found->outcome.security != SECURITY_UNCHECKED) {
		if (!cd && found->outcome.security == SECURITY_BOGUS)
			return remembered(c, found);
		struct chain_link link = lookup_link(found);
		return hit(c, q, &link);
	}
	*unchecked = lookup_link(found);
	return LOOKUP_UNCHECKED;
}

/* It was judged already and found bogus: not again with every question (threats D1). */
static bool is_known_bogus(struct tasks *ts, struct now now, const struct question *next,
                           struct arena *a, struct chain *c)
{
	struct cached *found = arena_alloc(a, sizeof(*found));
	if (found == NULL || cache_find_failure(ts->setup.cache, now, next, a, found) != ERR_OK)
		return false;
	(void)remembered(c, found);
	return true;
}

static enum lookup look_cached(struct tasks *ts, struct now now, const struct question *next,
                               const struct question *q, bool cd, enum lookup_use use,
                               struct arena *a, struct chain *c, struct chain_link *unchecked)
{
	struct cached *found = arena_alloc(a, sizeof(*found));
	if (found == NULL)
		return fail(c, RCODE_SERVFAIL, no_memory);
	enum err e = cache_find(ts->setup.cache, now, next, a, found);
	if (e == ERR_NOMEM)
		return fail(c, RCODE_SERVFAIL, no_memory);
	if (e != ERR_OK)
		return LOOKUP_MISS;
	enum lookup l = judge_found(ts, now, next, q, cd, use, found, c, unchecked);
	if (l == LOOKUP_UNCHECKED && is_known_bogus(ts, now, next, a, c))
		return LOOKUP_HIT;
	return l;
}

static enum lookup look(struct tasks *ts, struct now now, const struct question *next,
                        const struct question *q, bool cd, enum lookup_use use, struct arena *a,
                        struct chain *c, struct chain_link *unchecked)
{
	enum lookup l = LOOKUP_MISS;
	cd = flight_cd(ts, cd);
	if (ts->setup.local != NULL)
		l = look_local(ts, next, q, a, c);
	if (l != LOOKUP_MISS || use == LOOKUP_LOCAL_ONLY)
		return l;
	l = look_cached(ts, now, next, q, cd, use, a, c, unchecked);
	if (l != LOOKUP_MISS || cd)
		return l;
	struct chain_link denied = { 0 };
	return denial_find(ts, now, next, use == LOOKUP_JUDGE, a, &denied) ? hit(c, q, &denied) : LOOKUP_MISS;
}

static const char *where(const struct chain_link *l)
{
	if (l->local)
		return "configured here";
	return l->entry.id != 0 ? "in the cache" : "proven by cached denials";
}

static void tell(struct tasks *ts, const struct question *next, enum lookup l, const struct chain *c)
{
	switch (l) {
	case LOOKUP_HIT:
		if (c->state == CHAIN_FAILED)
			trace_reason(ts->trace, TRACE_FAILING, next, c->reason);
		else
			trace_found(ts->trace, next, c->links[c->count - 1].outcome,
			            where(&c->links[c->count - 1]));
		break;
	case LOOKUP_UNCHECKED:
		trace_question(ts->trace, TRACE_UNCHECKED, next);
		break;
	case LOOKUP_MISS:
		trace_question(ts->trace, TRACE_MISSING, next);
		break;
	}
}

enum lookup lookup_next(struct tasks *ts, struct now now, const struct question *q, bool cd,
                        enum lookup_use use, struct arena *a, struct chain *c,
                        struct chain_link *unchecked)
{
	struct question next = next_question(c, q);
	enum lookup l = look(ts, now, &next, q, cd, use, a, c, unchecked);
	if (ts->trace != NULL)
		tell(ts, &next, l, c);
	return l;
}

enum lookup lookup_chain(struct tasks *ts, struct now now, const struct question *q, bool cd,
                         enum lookup_use use, struct arena *a, struct chain *c)
{
	enum lookup l = LOOKUP_HIT;
	struct chain_link unchecked;
	while (l == LOOKUP_HIT && c->state == CHAIN_OPEN)
		l = lookup_next(ts, now, q, cd, use, a, c, &unchecked);
	return l;
}

static bool may_be_stale(const struct cached *found, bool cd)
{
	const struct outcome *o = &found->outcome;
	if (o->kind == OUTCOME_FAILURE || o->security == SECURITY_BOGUS)
		return false;
	return cd || o->security != SECURITY_UNCHECKED;
}

static bool add_stale(struct tasks *ts, struct now now, const struct question *q, bool cd,
                      struct arena *a, struct chain *c)
{
	struct question next = next_question(c, q);
	if (ts->setup.local != NULL && look_local(ts, &next, q, a, c) == LOOKUP_HIT)
		return c->state != CHAIN_FAILED;
	struct cached *found = arena_alloc(a, sizeof(*found));
	if (found == NULL || cache_find(ts->setup.cache, now, &next, a, found) != ERR_OK ||
	    !may_be_stale(found, cd))
		return false;
	struct chain_link link = lookup_link(found);
	chain_add(c, q, &link);
	return c->state != CHAIN_FAILED;
}

bool lookup_stale(struct tasks *ts, struct now now, const struct question *q, bool cd,
                  struct arena *a, struct chain *c)
{
	*c = (struct chain){ 0 };
	while (c->state == CHAIN_OPEN) {
		if (!add_stale(ts, now, q, flight_cd(ts, cd), a, c))
			return false;
	}
	return c->state == CHAIN_COMPLETE && chain_is_stale(c);
}

/* RFC 4035 section 3.1.4.1: DS is the parent's, so it is asked above the name. */
static bool serves(const struct cut *cut, const struct question *q)
{
	if (q->type == TYPE_DS && !name_is_root(&q->name))
		return name_is_below(&q->name, &cut->zone);
	return name_is_within(&q->name, &cut->zone);
}

const struct cut *lookup_route(const struct tasks *ts, const struct question *q)
{
	const struct tasks_policy *p = ts->setup.policy;
	const struct cut *best = NULL;
	for (unsigned i = 0; i < p->route_count; i++) {
		const struct cut *r = &p->routes[i];
		if (serves(r, q) && (best == NULL || r->zone.len > best->zone.len))
			best = r;
	}
	return best;
}

const struct cut *lookup_start(struct tasks *ts, struct now now, const struct question *q,
                               bool no_route, struct arena *a)
{
	const struct cut *route = no_route ? NULL : lookup_route(ts, q);
	if (route != NULL && route->kind == CUT_FORWARD)
		return route;
	bool above = q->type == TYPE_DS && !name_is_root(&q->name);
	struct cut *cut = arena_alloc(a, sizeof(*cut));
	if (cut != NULL &&
	    cache_find_cut(ts->setup.cache, now, &q->name, above, a, cut) == ERR_OK &&
	    (route == NULL || name_is_below(&cut->zone, &route->zone)))
		return cut; /* below a stub its own referrals count */
	return route != NULL ? route : ts->setup.policy->hints;
}
