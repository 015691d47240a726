#include "resolver/core/task.h"

#include "resolver/core/child.h"
#include "resolver/core/hold.h"
#include "resolver/core/keep.h"
#include "resolver/core/lookup.h"
#include "resolver/core/moved.h"
#include "resolver/core/premise.h"
#include "resolver/core/prime.h"
#include "resolver/core/slots.h"
#include "resolver/core/undated.h"
#include "resolver/core/waiter.h"

enum step {
	STEP_ON,   /* make the next one */
	STEP_WAIT, /* nothing to do for now */
	STEP_SEND, /* *out is a deed */
};

static const struct reason no_memory = { EDE_OTHER, "TMEM out of memory for this question" };

/* ---- beginning and end ---- */

struct task *task_new(struct tasks *ts, struct now now, const struct question *q, bool cd,
                      struct purse *purse, struct arena *arena)
{
	struct arena *a = arena != NULL ? arena : arena_new(LIMIT_TASK_BYTES);
	struct task *t = a != NULL ? arena_alloc(a, sizeof(*t)) : NULL;
	if (t == NULL) {
		arena_free(a);
		return NULL;
	}
	t->arena = a;
	t->question = *q;
	t->cd = flight_cd(ts, cd);
	t->purse = purse_hold(purse);
	t->started_ms = now.mono_ms;
	list_init(&t->all);
	list_init(&t->busy);
	list_init(&t->fetches);
	list_init(&t->parents);
	list_init(&t->waiting);
	list_init(&t->telling);
	flight_add(ts, t);
	task_set_alarm(ts, t);
	return t;
}

void task_free(struct tasks *ts, struct task *t)
{
	if (t->iterate != NULL)
		iterate_end(t->iterate);
	struct list *both[] = { &t->waiting, &t->telling };
	for (unsigned i = 0; i < 2; i++) {
		while (!list_empty(both[i]))
			waiter_drop(ts, LIST_ITEM(both[i]->next, struct waiter, link));
	}
	flight_remove(ts, t);
	purse_drop(t->purse);
	arena_free(t->arena);
}

void task_set_alarm(struct tasks *ts, struct task *t)
{
	const struct tasks_policy *p = ts->setup.policy;
	int64_t at = t->purse->budget.deadline_ms;
	int64_t late = t->started_ms + p->stale_timer_ms;
	if (p->serve_stale && t->waiter_count > 0 && late < at)
		at = late;
	alarms_set(&ts->alarms, &t->alarm, at);
}

/* The millisecond begun counts, so that the moment is still to come (hold.h). */
static uint32_t took_ms_since(int64_t started_ms, struct now now)
{
	return (uint32_t)(now.mono_ms - started_ms) + 1;
}

/* What the current link has taken, with what resolving took of that which lay here unchecked. */
static uint32_t spent_ms(const struct task *t, struct now now)
{
	return took_ms_since(t->asked_ms, now) + (t->cached ? t->link.entry.resolve_ms : 0);
}

/* What is under way for the current link is of no use any more. */
static void stop(struct tasks *ts, struct task *t)
{
	if (t->iterate != NULL)
		iterate_end(t->iterate);
	t->iterate = NULL;
	t->validate = NULL;
	t->premise = NULL;
	slots_close_all(t);
	child_release(ts, t);
}

/* RFC 8767 section 4: expired data when the refresh failed; bogus data is no failure to refresh. */
static bool find_stale(struct tasks *ts, struct now now, struct task *t)
{
	if (!ts->setup.policy->serve_stale)
		return false;
	if (t->chain.state == CHAIN_FAILED && chain_ede_is_of_dnssec(t->chain.reason.ede))
		return false;
	if (t->stale.state == CHAIN_OPEN &&
	    !lookup_stale(ts, now, &t->question, t->cd, t->arena, &t->stale))
		t->stale = (struct chain){ 0 };
	return t->stale.state == CHAIN_COMPLETE;
}

/* Nobody else may join, and the parents have their answer; what are clients told? */
static void finish(struct tasks *ts, struct now now, struct task *t)
{
	stop(ts, t);
	bool failed = t->chain.state != CHAIN_COMPLETE;
	bool stale = failed && t->waiter_count > 0 && find_stale(ts, now, t);
	ts->refreshing -= t->refresh;
	t->refresh = false;
	child_tell_parents(ts, now, t, NULL);
	t->told = stale ? &t->stale : &t->chain;
	t->patience_ms = t->hurry ? 0 : hold_told_ms(ts, t, took_ms_since(t->started_ms, now));
}

static void end(struct tasks *ts, struct now now, struct task *t)
{
	if (t->told == NULL)
		finish(ts, now, t);
	flight_hide(ts, t);
	flight_busy(ts, t);
	int64_t next = waiter_tell(ts, now, t, t->told, t->patience_ms);
	t->phase = next == INT64_MAX ? TASK_ENDED : TASK_HELD;
	if (t->phase == TASK_HELD)
		alarms_set(&ts->alarms, &t->alarm, next);
}

/* ---- failing ---- */

/*
 * The question that started a child could not pay for it.  If somebody else waits for it too, that
 * one pays from here on: nobody's question fails for another one's extravagance.
 */
static bool second_wind(struct tasks *ts, struct now now, struct task *t)
{
	if (!t->child || !purse_is_out(t->purse, now))
		return false;
	struct purse *other = child_other_purse(ts, now, t);
	struct purse *fresh = NULL;
	if (other == NULL && t->waiter_count > 0)
		other = fresh = purse_new(now, ts->setup.policy);
	if (other == NULL)
		return false;
	struct purse *spent = t->purse;
	child_tell_parents(ts, now, t, spent);
	t->child = fresh == NULL;
	t->purse = purse_hold(other);
	purse_drop(spent);
	purse_drop(fresh);
	t->chain = (struct chain){ 0 };
	t->phase = TASK_LOOKUP;
	task_set_alarm(ts, t);
	flight_busy(ts, t);
	return true;
}

static void fail_with(struct tasks *ts, struct now now, struct task *t, struct reason reason)
{
	trace_reason(t->purse->trace, TRACE_FAILED, t->asked_ms != 0 ? &t->asking : &t->question, reason);
	stop(ts, t);
	chain_fail(&t->chain, RCODE_SERVFAIL, reason);
	hold_time_failure(&t->chain, spent_ms(t, now));
	if (!second_wind(ts, now, t))
		end(ts, now, t);
}

void task_give_up(struct tasks *ts, struct now now, struct task *t, struct reason reason)
{
	if (t->phase == TASK_ENDED)
		return;
	t->hurry = true; /* whoever is held hears it now */
	t->patience_ms = 0;
	fail_with(ts, now, t, reason);
}

/* RFC 9520: so that the next who asks does not cause the same work again.  zone: where a walk failed. */
static void remember_failure(struct tasks *ts, struct now now, struct task *t,
                             const struct name *zone, struct reason reason)
{
	if (t->child && purse_is_out(t->purse, now))
		return;
	if (zone != NULL)
		outage_begins(ts, now, moved_zone(t, zone), reason);
	bool stale = t->stale.state == CHAIN_COMPLETE || find_stale(ts, now, t);
	keep_failure(ts, now, &t->asking, reason, stale ? ts->setup.policy->stale_recheck_s : 0,
	             spent_ms(t, now));
}

static void out_of_time(struct tasks *ts, struct now now, struct task *t)
{
	static const struct reason reason = { EDE_NO_REACHABLE_AUTHORITY,
		                              "DEAD no answer within the time for one question" };
	const struct name *zone = t->iterate != NULL ? iterate_zone(t->iterate) : NULL;
	if (zone != NULL)
		(void)moved_again(ts, now, t, zone, reason);
	if (t->phase != TASK_LOOKUP)
		remember_failure(ts, now, t, zone, reason);
	fail_with(ts, now, t, reason);
}

/* ---- the steps ---- */

static void set_asking(struct task *t, struct now now)
{
	name_copy(&t->asking.name, chain_name(&t->chain, &t->question));
	t->asking.type = t->question.type;
	t->asking.class = t->question.class;
	t->asked_ms = now.mono_ms;
	t->cached = false;
	t->bogus_retries = 0;
	t->left = NULL;
}

/* An alias was found: is there anybody who wants to know where it leads? */
static bool goes_on(struct tasks *ts, struct now now, struct task *t)
{
	if (t->chain.count == 0)
		return true;
	if (child_asks_for_keys(&t->question))
		child_tell_parents(ts, now, t, NULL); /* to them an alias is an answer */
	return t->waiter_count > 0 || t->parent_count > 0;
}

static enum step step_end(struct tasks *ts, struct now now, struct task *t)
{
	end(ts, now, t);
	return STEP_WAIT;
}

static enum step fail_step(struct tasks *ts, struct now now, struct task *t, struct reason reason)
{
	fail_with(ts, now, t, reason);
	return t->phase == TASK_ENDED ? STEP_WAIT : STEP_ON;
}

static void pay_alias(struct task *t)
{
	if (t->chain.state == CHAIN_OPEN && !spend(&t->purse->budget.aliases))
		chain_fail(&t->chain, RCODE_SERVFAIL,
		           (struct reason){ EDE_OTHER, "ABUD too many aliases for one question" });
}

static void add_link(struct task *t, struct now now)
{
	hold_time_link(&t->link, took_ms_since(t->asked_ms, now));
	chain_add(&t->chain, &t->question, &t->link);
	pay_alias(t);
	t->phase = TASK_LOOKUP;
}

static enum step begin_walk(struct tasks *ts, struct now now, struct task *t)
{
	t->cut = moved_start(ts, now, t);
	if (t->cut == NULL)
		return fail_step(ts, now, t, (struct reason){ EDE_NOT_READY,
			"NOHT no server is known to begin with" });
	if (premise_begin(ts, t))
		return STEP_ON;
	if (t->cut->kind == CUT_HINTS)
		prime_start(ts, now, t);
	t->iterate = iterate_new(t->arena, &ts->iterate_env, &t->asking, t->cut,
	                         &t->purse->budget);
	if (t->iterate == NULL)
		return fail_step(ts, now, t, no_memory);
	trace_cut(t->purse->trace, t->cut, cut_kind_text(t->cut->kind));
	iterate_set_trace(t->iterate, t->purse->trace);
	iterate_set_failed(t->iterate, t->left);
	t->phase = TASK_ITERATING;
	return STEP_ON;
}

static enum step begin_judging(struct tasks *ts, struct now now, struct task *t)
{
	if (!t->alone)
		t->apart = undated_name(ts, now, &t->asking.name) ? &ts->undated_env : NULL;
	t->validate = validate_new(t->arena, t->apart != NULL ? t->apart : &ts->validate_env,
	                           &t->asking, t->link.outcome, &t->purse->budget);
	if (t->validate == NULL)
		return fail_step(ts, now, t, no_memory);
	validate_set_trace(t->validate, t->purse->trace);
	t->phase = TASK_VALIDATING;
	return STEP_ON;
}

static enum step step_lookup(struct tasks *ts, struct now now, struct task *t)
{
	if (t->chain.state != CHAIN_OPEN || !goes_on(ts, now, t))
		return step_end(ts, now, t);
	set_asking(t, now);
	if (t->missed) {
		t->missed = false;
		return begin_walk(ts, now, t);
	}
	bool known_does_not_count = t->forget && t->chain.count == 0;
	enum lookup_use use = t->child ? LOOKUP_JUDGE : LOOKUP_TELL;
	switch (lookup_next(ts, now, &t->question, t->cd,
	                    known_does_not_count ? LOOKUP_LOCAL_ONLY : use, t->arena,
	                    &t->chain, &t->link)) {
	case LOOKUP_HIT:
		pay_alias(t);
		return STEP_ON;
	case LOOKUP_UNCHECKED:
		t->cached = true;
		return begin_judging(ts, now, t);
	case LOOKUP_MISS:
		return begin_walk(ts, now, t);
	}
	return STEP_WAIT;
}

static void measure(struct tasks *ts, struct task *t, struct outcome *o)
{
	uint32_t bound = TTL_NO_BOUND;
	uint32_t lifetime = cache_lifetime(ts->setup.cache_policy, o, &bound);
	t->link = (struct chain_link){ .outcome = o, .lifetime_s = lifetime, .bound_s = bound };
}

/* What could not be judged below an anchor is believed no more than what is wrong. */
static enum step fail_judged(struct tasks *ts, struct now now, struct task *t, bool bogus,
                             struct reason reason)
{
	ts->counts.bogus += bogus;
	uint32_t seconds = bogus ? ts->setup.policy->bogus_s : ts->setup.policy->failure_s;
	if (t->apart != &ts->unspared_env) /* to others it is none */
		keep_failure(ts, now, &t->asking, reason,
		             undated_failure_s(ts, now, reason.ede, seconds), spent_ms(t, now));
	return fail_step(ts, now, t, reason);
}

static enum step walk_failed(struct tasks *ts, struct now now, struct task *t,
                             const struct name *zone, struct reason reason)
{
	stop(ts, t);
	if (t->bogus_retries > 0)
		return fail_judged(ts, now, t, true, t->doubt);
	if (t->cut->kind == CUT_FORWARD && t->cut->forward_first && !t->no_route) {
		t->no_route = true;
		return begin_walk(ts, now, t);
	}
	if (moved_again(ts, now, t, zone, reason))
		return begin_walk(ts, now, t);
	reason = moved_reason(t, zone, reason);
	remember_failure(ts, now, t, zone, reason);
	return fail_step(ts, now, t, reason);
}

static enum step walk_done(struct tasks *ts, struct now now, struct task *t)
{
	keep_lessons(ts, now, t->iterate, took_ms_since(t->asked_ms, now));
	struct outcome *o = iterate_outcome(t->iterate);
	if (o == NULL)
		return fail_step(ts, now, t, no_memory);
	bool failed = o->kind == OUTCOME_FAILURE;
	if (!failed || !name_equal(&o->zone, &t->cut->zone))
		outage_ends(ts, now, &t->cut->zone);
	if (failed)
		return walk_failed(ts, now, t, &o->zone, o->reason);
	outage_ends(ts, now, &o->zone);
	t->walked = t->iterate;
	stop(ts, t);
	measure(ts, t, o);
	t->cached = false;
	if (!t->cd)
		return begin_judging(ts, now, t);
	keep_outcome(ts, now, &t->asking, o, NULL, took_ms_since(t->asked_ms, now));
	add_link(t, now);
	return STEP_ON;
}

static enum step send(struct tasks *ts, struct now now, struct task *t,
                      const struct iterate_want *w, struct deed *out)
{
	uint64_t exchange = slots_open(t, w->slot);
	if (exchange == 0)
		return fail_step(ts, now, t, (struct reason){ EDE_OTHER,
			"SNDS too many exchanges for one question" });
	flight_count_send(ts, t);
	*out = (struct deed){
		.kind = DEED_SEND,
		.exchange = exchange,
		.to = w->send.to,
		.transport = w->send.transport,
		.octets = w->send.octets,
		.len = w->send.len,
		.timeout_ms = w->send.timeout_ms,
	};
	return STEP_SEND;
}

static enum step step_iterate(struct tasks *ts, struct now now, struct task *t, struct deed *out)
{
	keep_lessons(ts, now, t->iterate, took_ms_since(t->asked_ms, now));
	struct iterate_want w = iterate_next(t->iterate, now);
	switch (w.kind) {
	case ITERATE_SEND:
		return send(ts, now, t, &w, out);
	case ITERATE_FETCH:
		child_fetch(ts, now, t, &w.fetch);
		return STEP_ON;
	case ITERATE_CLOSE:
		slots_close(t, w.slot);
		return STEP_ON;
	case ITERATE_WAIT:
		return STEP_WAIT;
	case ITERATE_DONE:
		return walk_done(ts, now, t);
	}
	return STEP_WAIT;
}

/*
 * RFC 4035 section 5.5: the fault may be one server's, so another one is asked; what lay in the cache
 * unchecked is asked for anew.  False: there is no other, or it may cost no more.
 */
static bool may_ask_another(struct now now, const struct task *t, const struct verdict *verdict)
{
	return !verdict->inherited && t->bogus_retries < LIMIT_BOGUS_RETRIES &&
	       !purse_is_out(t->purse, now) && (t->cached || iterate_reject(t->walked));
}

static enum step ask_another(struct tasks *ts, struct now now, struct task *t,
                             struct reason doubt)
{
	if (t->bogus_retries++ == 0)
		t->doubt = doubt;
	if (t->cached)
		return begin_walk(ts, now, t);
	t->iterate = t->walked;
	t->phase = TASK_ITERATING;
	return STEP_ON;
}

static enum step premise_judged(struct tasks *ts, struct now now, struct task *t,
                                const struct verdict *verdict)
{
	t->link = (struct chain_link){ .outcome = premise_result(t, verdict) };
	stop(ts, t);
	if (t->link.outcome == NULL)
		return begin_walk(ts, now, t);
	add_link(t, now);
	return STEP_ON;
}

static enum step judged(struct tasks *ts, struct now now, struct task *t,
                        const struct verdict *verdict)
{
	struct outcome *o = t->link.outcome;
	if (t->premise != NULL)
		return premise_judged(ts, now, t, verdict);
	trace_judged(t->purse->trace, &t->asking, o, verdict->security, verdict->reason);
	stop(ts, t);
	if (verdict->security == SECURITY_BOGUS || verdict->security == SECURITY_INDETERMINATE) {
		if (may_ask_another(now, t, verdict))
			return ask_another(ts, now, t, verdict->reason);
		return fail_judged(ts, now, t, verdict->security == SECURITY_BOGUS,
		                   verdict->reason);
	}
	ts->counts.secure += verdict->security == SECURITY_SECURE;
	if (t->apart != NULL) {
		if (!t->alone)
			undated_mark(o);
		add_link(t, now);
		return STEP_ON;
	}
	if (t->cached) {
		keep_judged(ts, now, &t->asking, &t->link, verdict,
		            took_ms_since(t->asked_ms, now));
	} else {
		keep_outcome(ts, now, &t->asking, o, verdict, took_ms_since(t->asked_ms, now));
		measure(ts, t, o);
	}
	add_link(t, now);
	return STEP_ON;
}

static enum step step_validate(struct tasks *ts, struct now now, struct task *t)
{
	if (t->validate == NULL)
		return t->premise != NULL ? begin_walk(ts, now, t) : begin_judging(ts, now, t);
	uint32_t before = t->purse->budget.verifies;
	struct validate_want w = validate_next(t->validate, now);
	ts->counts.verifies += before - t->purse->budget.verifies;
	switch (w.kind) {
	case VALIDATE_FETCH:
		child_fetch(ts, now, t, &w.fetch);
		return STEP_ON;
	case VALIDATE_WAIT:
		return STEP_WAIT;
	case VALIDATE_DONE:
		return judged(ts, now, t, &w.verdict);
	}
	return STEP_WAIT;
}

/* Somebody waits, or it is a refresh or a probe. */
static bool is_wanted(const struct task *t)
{
	return t->waiter_count > 0 || t->parent_count > 0 || t->refresh || t->probe != 0;
}

static enum step step(struct tasks *ts, struct now now, struct task *t, struct deed *out)
{
	if (t->phase != TASK_ENDED && !is_wanted(t))
		return step_end(ts, now, t);
	switch (t->phase) {
	case TASK_LOOKUP:
		return step_lookup(ts, now, t);
	case TASK_ITERATING:
		return step_iterate(ts, now, t, out);
	case TASK_VALIDATING:
		return step_validate(ts, now, t);
	case TASK_HELD:
	case TASK_ENDED:
		return STEP_WAIT;
	}
	return STEP_WAIT;
}

bool task_step(struct tasks *ts, struct now now, struct task *t, struct deed *out)
{
	enum step s = STEP_ON;
	while (s == STEP_ON)
		s = step(ts, now, t, out);
	return s == STEP_SEND;
}

/* ---- what happens to it ---- */

void task_judge_again(struct tasks *ts, struct task *t)
{
	if (t->phase != TASK_VALIDATING)
		return;
	child_release(ts, t);
	t->validate = NULL;
	flight_busy(ts, t);
}

void task_on_alarm(struct tasks *ts, struct now now, struct task *t)
{
	if (t->phase == TASK_HELD) {
		end(ts, now, t);
		return;
	}
	if (now.mono_ms >= t->purse->budget.deadline_ms) {
		out_of_time(ts, now, t);
		return;
	}
	int64_t next = INT64_MAX;
	if (t->waiter_count > 0 && find_stale(ts, now, t)) {
		if (!t->refresh)
			ts->refreshing++;
		t->refresh = true; /* it is late, not useless */
		uint32_t patience = hold_is_strict(ts) ? ts->setup.policy->stale_timer_ms : 0;
		next = waiter_tell(ts, now, t, &t->stale, patience);
	}
	if (next > t->purse->budget.deadline_ms)
		next = t->purse->budget.deadline_ms;
	alarms_set(&ts->alarms, &t->alarm, next);
}

void task_on_reply(struct tasks *ts, struct now now, struct task *t, uint64_t exchange,
                   const uint8_t *octets, size_t len)
{
	unsigned slot = slots_find(t, exchange);
	if (slot == LIMIT_EXCHANGES_OUT)
		return;
	if (iterate_on_reply(t->iterate, now, slot, octets, len))
		slots_close(t, slot);
	else
		ts->counts.near_misses++;
	flight_busy(ts, t);
}

void task_on_timeout(struct tasks *ts, struct now now, struct task *t, uint64_t exchange)
{
	unsigned slot = slots_find(t, exchange);
	if (slot == LIMIT_EXCHANGES_OUT)
		return;
	ts->counts.timeouts++;
	iterate_on_timeout(t->iterate, now, slot);
	flight_busy(ts, t);
}

void task_on_error(struct tasks *ts, struct now now, struct task *t, uint64_t exchange,
                   enum exchange_error e)
{
	unsigned slot = slots_find(t, exchange);
	if (slot == LIMIT_EXCHANGES_OUT)
		return;
	slots_close(t, slot);
	iterate_on_error(t->iterate, now, slot, e);
	flight_busy(ts, t);
}
