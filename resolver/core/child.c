#include "resolver/core/child.h"

#include "resolver/core/lookup.h"

static const struct outcome cannot_ask = {
	.kind = OUTCOME_FAILURE,
	.reason = { EDE_OTHER, "CHLD a needed question could not be asked" },
	.zone = { .len = 1 },
	.target = { .len = 1 },
};

/* ---- results cross from one arena into another ---- */

static bool copy_set(struct arena *a, struct rrset **set)
{
	if (*set == NULL)
		return true;
	*set = rrset_copy(a, *set);
	return *set != NULL;
}

/* The text of what the cache remembers lies in an arena that may go first: only its code survives. */
static struct outcome *copy_outcome(struct arena *a, const struct outcome *o)
{
	struct outcome *copy = arena_copy(a, o, sizeof(*o));
	if (copy == NULL || !copy_set(a, &copy->set) || !copy_set(a, &copy->soa))
		return NULL;
	copy->proofs = arena_array(a, o->proof_count > 0 ? o->proof_count : 1, sizeof(*copy->proofs));
	if (copy->proofs == NULL)
		return NULL;
	for (unsigned i = 0; i < o->proof_count; i++) {
		copy->proofs[i] = o->proofs[i];
		if (!copy_set(a, &copy->proofs[i]))
			return NULL;
	}
	copy->beside = NULL;
	copy->beside_count = 0;
	if (o->kind != OUTCOME_FAILURE)
		copy->reason.text = NULL;
	return copy;
}

bool child_asks_for_keys(const struct question *q)
{
	return q->type == TYPE_DS || q->type == TYPE_DNSKEY;
}

/* What a chain is to a walk or a judgement.  NULL: it failed. */
static const struct outcome *result_of(const struct chain *c, const struct question *q)
{
	const struct outcome *o = NULL;
	if (child_asks_for_keys(q))
		o = c->count > 0 ? c->links[0].outcome : NULL;
	else if (c->state == CHAIN_COMPLETE)
		o = c->links[c->count - 1].outcome;
	return o != NULL && o->security != SECURITY_BOGUS ? o : NULL;
}

static const struct outcome *copy_result(struct arena *a, const struct chain *c,
                                         const struct question *q)
{
	struct outcome failure = { .kind = OUTCOME_FAILURE, .zone = name_root(),
		                   .target = name_root() };
	const struct outcome *o = result_of(c, q);
	if (o == NULL) {
		failure.reason = c->remembered ? (struct reason){ c->reason.ede, NULL } : c->reason;
		o = &failure;
	}
	o = copy_outcome(a, o);
	return o != NULL ? o : &cannot_ask;
}

static void deliver(struct tasks *ts, struct now now, struct task *t, const struct question *q,
                    const struct outcome *o)
{
	if (t->iterate != NULL)
		iterate_on_fetched(t->iterate, now, q, o);
	else if (t->validate != NULL)
		validate_on_fetched(t->validate, now, q, o);
	flight_busy(ts, t);
}

/* ---- who waits for whom ---- */

static void visit(const struct tasks *ts, struct task *t, struct task **found)
{
	for (struct list *l = t->fetches.next; l != &t->fetches; l = l->next) {
		struct task *child = flight_find(ts, LIST_ITEM(l, struct fetch, link)->child);
		if (child == NULL || child->mark == ts->last_mark)
			continue;
		child->mark = ts->last_mark;
		child->next = *found;
		*found = child;
	}
}

/* Does t wait for other, through however many?  Each task is looked at once. */
static bool waits_for(struct tasks *ts, struct task *t, const struct task *other)
{
	ts->last_mark++;
	t->mark = ts->last_mark;
	t->next = NULL;
	struct task *found = t;
	while (found != NULL) {
		struct task *at = found;
		if (at == other)
			return true;
		found = at->next;
		visit(ts, at, &found);
	}
	return false;
}

static bool attach(struct task *t, struct task *child, const struct question *q)
{
	struct fetch *f = arena_alloc(t->arena, sizeof(*f));
	struct parent *p = arena_alloc(child->arena, sizeof(*p));
	if (f == NULL || p == NULL)
		return false;
	f->child = child->number;
	f->question = *q;
	p->task = t->number;
	list_append(&t->fetches, &f->link);
	list_append(&child->parents, &p->link);
	child->parent_count++;
	return true;
}

/* Its answer is for this one judgement; what is known, failures above all, is judged by the rules of all. */
static void make_apart(struct tasks *ts, struct task *child, const struct validate_env *rules)
{
	child->apart = rules;
	child->alone = child->forget = true;
	table_remove(&ts->by_question, &child->by_question);
}

static struct task *begin(struct tasks *ts, struct now now, const struct task *t,
                          const struct question *q, bool cd, bool missed)
{
	bool keys = child_asks_for_keys(q);
	unsigned depth = t->depth + !keys, chain_depth = t->chain_depth + keys;
	if (depth > LIMIT_DEPTH || chain_depth > LIMIT_CHAIN_DEPTH ||
	    ts->counts.in_flight >= 2 * ts->setup.policy->tasks_max)
		return NULL;
	struct task *child = task_new(ts, now, q, cd, t->purse, NULL);
	if (child == NULL)
		return NULL;
	if (keys && t->apart != NULL)
		make_apart(ts, child, t->apart);
	child->child = true;
	child->missed = missed;
	child->depth = depth;
	child->chain_depth = chain_depth;
	ts->counts.children++;
	return child;
}

/* The child answers later.  missed: nothing at all is known of it.  False: it cannot. */
static bool wait_for(struct tasks *ts, struct now now, struct task *t, const struct question *q,
                     bool cd, bool missed)
{
	bool apart = t->apart != NULL && child_asks_for_keys(q);
	struct task *child = apart ? NULL : flight_find_question(ts, q, flight_cd(ts, cd));
	if (child != NULL && waits_for(ts, child, t))
		return false;
	if (child == NULL)
		child = begin(ts, now, t, q, cd, missed);
	else
		trace_question(t->purse->trace, TRACE_JOINED, q);
	return child != NULL && attach(t, child, q);
}

void child_fetch(struct tasks *ts, struct now now, struct task *t, const struct question *q)
{
	bool cd = !child_asks_for_keys(q);
	struct chain c = { 0 }, stale;
	trace_question(t->purse->trace, TRACE_NEEDS, q);
	bool apart = t->apart != NULL && child_asks_for_keys(q);
	enum lookup l = apart ? LOOKUP_UNCHECKED
	                        : lookup_chain(ts, now, q, cd, LOOKUP_JUDGE, t->arena, &c);
	if (l == LOOKUP_HIT) {
		/* An address from before the outage may still be that of the server. */
		bool old = c.remembered && !child_asks_for_keys(q) &&
		           lookup_stale(ts, now, q, cd, t->arena, &stale);
		deliver(ts, now, t, q, copy_result(t->arena, old ? &stale : &c, q));
	} else if (!wait_for(ts, now, t, q, cd, l == LOOKUP_MISS && c.count == 0)) {
		deliver(ts, now, t, q, &cannot_ask);
	}
}

/* t's wait for child, or NULL when it does not wait any more. */
static struct fetch *find_fetch(const struct task *t, const struct task *child)
{
	for (struct list *l = t->fetches.next; l != &t->fetches; l = l->next) {
		struct fetch *f = LIST_ITEM(l, struct fetch, link);
		if (f->child == child->number)
			return f;
	}
	return NULL;
}

/* The parent of that entry, if it still waits for child. */
static struct task *living(const struct tasks *ts, const struct parent *p,
                           const struct task *child)
{
	struct task *t = flight_find(ts, p->task);
	return t != NULL && find_fetch(t, child) != NULL ? t : NULL;
}

void child_tell_parents(struct tasks *ts, struct now now, struct task *t,
                        const struct purse *only)
{
	for (struct list *l = t->parents.next, *next; l != &t->parents; l = next) {
		struct parent *p = LIST_ITEM(l, struct parent, link);
		next = l->next;
		struct task *up = living(ts, p, t);
		if (up != NULL && only != NULL && up->purse != only)
			continue;
		list_remove(&p->link);
		if (up == NULL)
			continue;
		struct fetch *f = find_fetch(up, t);
		list_remove(&f->link);
		t->parent_count--;
		deliver(ts, now, up, &f->question, copy_result(up->arena, &t->chain, &f->question));
	}
}

struct purse *child_other_purse(struct tasks *ts, struct now now, const struct task *t)
{
	for (struct list *l = t->parents.next; l != &t->parents; l = l->next) {
		struct task *up = living(ts, LIST_ITEM(l, struct parent, link), t);
		if (up != NULL && up->purse != t->purse && !purse_is_out(up->purse, now))
			return up->purse;
	}
	return NULL;
}

void child_release(struct tasks *ts, struct task *t)
{
	while (!list_empty(&t->fetches)) {
		struct fetch *f = LIST_ITEM(t->fetches.next, struct fetch, link);
		list_remove(&f->link);
		struct task *child = flight_find(ts, f->child);
		if (child == NULL)
			continue;
		child->parent_count--;
		flight_busy(ts, child); /* perhaps nobody wants it any more */
	}
}
