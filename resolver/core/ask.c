/* A client's question: refused, answered at once, joined to an equal one, or begun. */
#include "resolver/core/hold.h"
#include "resolver/core/lookup.h"
#include "resolver/core/refresh.h"
#include "resolver/core/reply.h"
#include "resolver/core/waiter.h"

enum { SHED_LOOKS = 16 }; /* tasks looked at to find one that is old enough to make room */

struct refusal {
	uint16_t rcode; /* NOERROR: none */
	struct reason reason;
};

/* RFC 6895 section 3.1, RFC 9824 section 3.4, RFC 5936 section 2.2: types that are no data. */
static struct refusal refuse_type(uint16_t type)
{
	if (type == TYPE_ANY || !type_is_meta(type))
		return (struct refusal){ RCODE_NOERROR, NO_REASON };
	switch (type) {
	case 0:
	case TYPE_OPT:
	case TYPE_NXNAME:
		return (struct refusal){ RCODE_FORMERR,
			{ EDE_INVALID_TYPE, "QTYP this type cannot be asked for" } };
	case TYPE_AXFR:
	case TYPE_IXFR:
		return (struct refusal){ RCODE_REFUSED,
			{ EDE_NOT_AUTHORITATIVE, "XFER no zones are transferred from here" } };
	default:
		return (struct refusal){ RCODE_NOTIMP,
			{ EDE_NOT_SUPPORTED, "QMET this type is not implemented" } };
	}
}

static struct refusal refuse(const struct question *q)
{
	if (q->class != CLASS_IN)
		return (struct refusal){ RCODE_REFUSED,
			{ EDE_NOT_SUPPORTED, "CLAS only class IN is resolved" } };
	return refuse_type(q->type);
}

static enum asked answer_error(struct tasks *ts, const struct ask *ask, uint16_t rcode,
                               struct reason reason, struct writer *w)
{
	const struct tasks_policy *p = ts->setup.policy;
	ts->counts.servfail += rcode == RCODE_SERVFAIL;
	reply_error(ask->query, rcode, FLAG_RA, reason, ask->edns, p->udp_size, p->errors, w);
	return ASKED_ANSWERED;
}

static enum asked answer_no_memory(struct tasks *ts, const struct ask *ask, struct writer *w)
{
	return answer_error(ts, ask, RCODE_SERVFAIL,
	                    (struct reason){ EDE_OTHER, "AMEM out of memory for a new question" }, w);
}

/* RFC 8482 section 4.1: one RRset is enough of an answer to ANY. */
static struct question to_look_up(const struct question *asked)
{
	struct question q = *asked;
	if (q.type == TYPE_ANY)
		q.type = TYPE_A;
	return q;
}

static void refresh_stale(struct tasks *ts, struct now now, const struct question *q,
                          const struct chain *c)
{
	for (unsigned i = 0; i < c->count; i++) {
		struct question link = { .type = q->type, .class = q->class };
		name_copy(&link.name, chain_link_name(c, q, i));
		if (c->links[i].stale)
			(void)refresh_start(ts, now, &link);
	}
}

/* The name at which a chain stopped tries whether its zone is back. */
static void probe(struct tasks *ts, struct now now, const struct question *q,
                  const struct chain *known)
{
	struct question next = { .type = q->type, .class = q->class };
	name_copy(&next.name, chain_name(known, q));
	outage_probe(ts, now, &next);
}

static bool is_out(struct tasks *ts, struct now now, const struct question *q,
                   const struct chain *known)
{
	struct question next = { .type = q->type, .class = q->class };
	name_copy(&next.name, chain_name(known, q));
	return outage_is_on(ts, now, &next);
}

static enum asked answer_chain(struct tasks *ts, struct now now, const struct ask *ask,
                               const struct question *q, const struct chain *c, struct writer *w)
{
	ts->counts.answered_at_once++;
	reply_chain(ts, now, ask, q, c, w);
	return ASKED_ANSWERED;
}

/* When full, what is old makes room: its age is that of its first asking (threats D13). */
static bool make_room(struct tasks *ts, struct now now)
{
	if (ts->counts.in_flight < ts->setup.policy->tasks_max)
		return true;
	unsigned looks = 0;
	for (struct list *l = ts->all.next; l != &ts->all && looks < SHED_LOOKS; l = l->next, looks++) {
		struct task *t = LIST_ITEM(l, struct task, all);
		if (now.mono_ms - t->started_ms < LIMIT_JOSTLE_MS)
			return false;
		if (t->phase == TASK_ENDED || t->child)
			continue;
		task_give_up(ts, now, t, (struct reason){ EDE_OTHER, "SHED too many questions at once" });
		return true;
	}
	return false;
}

static enum asked wait_for(struct tasks *ts, struct now now, struct task *t,
                           const struct ask *ask, uint64_t client, struct writer *w)
{
	if (!waiter_add(ts, now, t, client, &ask->client)) {
		flight_busy(ts, t);
		return answer_no_memory(ts, ask, w);
	}
	task_set_alarm(ts, t);
	return ASKED_PENDING;
}

static enum asked hold(struct tasks *ts, struct now now, const struct ask *ask,
                       const struct question *q, const struct chain *c, uint32_t ms,
                       uint64_t client, struct writer *w)
{
	if (!make_room(ts, now)) {
		ts->counts.dropped_full++;
		return ASKED_DROPPED;
	}
	struct task *t = hold_start(ts, now, q, (ask->query->flags & FLAG_CD) != 0, c, ms);
	if (t == NULL || !waiter_add(ts, now, t, client, &ask->client))
		return answer_no_memory(ts, ask, w);
	return ASKED_PENDING;
}

/* What is known by now is enough: an answer, or a failure that is still in force. */
static enum asked answer_known(struct tasks *ts, struct now now, const struct ask *ask,
                               const struct question *q, const struct chain *c, uint32_t held_ms,
                               uint64_t client, struct writer *w)
{
	bool cd = (ask->query->flags & FLAG_CD) != 0;
	struct chain stale;
	if (c->state == CHAIN_FAILED && c->remembered && ts->setup.policy->serve_stale &&
	    !chain_ede_is_of_dnssec(c->reason.ede) &&
	    lookup_stale(ts, now, q, cd, ts->scratch, &stale)) {
		probe(ts, now, q, c);
		return answer_chain(ts, now, ask, q, &stale, w);
	}
	refresh_popular(ts, now, q, c, 0);
	if (held_ms == 0 && ask->trace == NULL)
		held_ms = hold_chain_ms(ts, &ask->client, c);
	if (held_ms > 0)
		return hold(ts, now, ask, q, c, held_ms, client, w);
	return answer_chain(ts, now, ask, q, c, w);
}

/* Takes the scratch arena with the chain as far as it is known; missed: nothing is behind it. */
static struct task *begin(struct tasks *ts, struct now now, const struct ask *ask,
                          const struct question *q, const struct chain *known, bool missed)
{
	bool cd = (ask->query->flags & FLAG_CD) != 0;
	struct purse *purse = purse_new(now, ts->setup.policy);
	if (purse == NULL)
		return NULL;
	purse->trace = trace_hold(ask->trace);
	struct task *t = task_new(ts, now, q, cd, purse, ts->scratch);
	ts->scratch = NULL;
	purse_drop(purse);
	if (t == NULL)
		return NULL;
	t->chain = *known;
	t->forget = ask->fresh;
	t->missed = missed;
	ts->counts.started++;
	return t;
}

static enum asked join(struct tasks *ts, struct now now, struct task *t, const struct ask *ask,
                       uint64_t client, struct writer *w)
{
	bool late = now.mono_ms - t->started_ms >= ts->setup.policy->stale_timer_ms;
	if (late && t->stale.state == CHAIN_COMPLETE && !hold_is_strict(ts))
		return answer_chain(ts, now, ask, &t->question, &t->stale, w);
	if (t->waiter_count >= ts->setup.policy->waiters_max) {
		ts->counts.dropped_waiters++;
		return ASKED_DROPPED;
	}
	ts->counts.joined++;
	return wait_for(ts, now, t, ask, client, w);
}

static enum asked resolve(struct tasks *ts, struct now now, const struct ask *ask,
                          const struct question *q, const struct chain *known, bool missed,
                          uint64_t client, struct writer *w)
{
	bool cd = (ask->query->flags & FLAG_CD) != 0;
	struct chain stale;
	const struct tasks_policy *p = ts->setup.policy;
	bool out = p->serve_stale && is_out(ts, now, q, known);
	if (p->serve_stale && !ask->fresh && (p->stale_first || out) &&
	    lookup_stale(ts, now, q, cd, ts->scratch, &stale)) {
		if (out)
			probe(ts, now, q, known);
		else
			refresh_stale(ts, now, q, &stale);
		return answer_chain(ts, now, ask, q, &stale, w);
	}
	struct task *t = flight_find_question(ts, q, flight_cd(ts, cd));
	if (t != NULL) {
		trace_question(ask->trace, TRACE_JOINED, q);
		return join(ts, now, t, ask, client, w);
	}
	if (!make_room(ts, now)) {
		ts->counts.dropped_full++;
		return ASKED_DROPPED;
	}
	t = begin(ts, now, ask, q, known, missed);
	return t != NULL ? wait_for(ts, now, t, ask, client, w) : answer_no_memory(ts, ask, w);
}

static enum asked look_up(struct tasks *ts, struct now now, const struct ask *ask,
                          uint32_t held_ms, uint64_t client, struct writer *w)
{
	struct question q = to_look_up(&ask->query->question);
	bool cd = (ask->query->flags & FLAG_CD) != 0;
	bool recurse = (ask->query->flags & FLAG_RD) != 0;
	struct chain c = { 0 };
	struct arena *a = flight_scratch(ts);
	if (a == NULL)
		return answer_no_memory(ts, ask, w);
	bool all = (recurse || ask->may_snoop) && !ask->fresh;
	enum lookup l = lookup_chain(ts, now, &q, cd, all ? LOOKUP_TELL : LOOKUP_LOCAL_ONLY, a, &c);
	if (c.state != CHAIN_OPEN)
		return answer_known(ts, now, ask, &q, &c, held_ms, client, w);
	if (!recurse)
		return answer_error(ts, ask, RCODE_REFUSED,
			(struct reason){ EDE_NOT_AUTHORITATIVE, "NORD recursion was not asked for" }, w);
	return resolve(ts, now, ask, &q, &c, all && l == LOOKUP_MISS, client, w);
}

/* Popular and nearly over: the chain behind the finished reply says which link. */
static void renew(struct tasks *ts, struct now now, const struct ask *ask, uint32_t hits)
{
	struct question q = to_look_up(&ask->query->question);
	struct chain c = { 0 };
	struct arena *a = flight_scratch(ts);
	if (a == NULL || !ts->setup.policy->prefetch)
		return;
	(void)lookup_chain(ts, now, &q, (ask->query->flags & FLAG_CD) != 0, LOOKUP_TELL, a, &c);
	refresh_popular(ts, now, &q, &c, hits);
	arena_reset(a);
}

/* The hot path: nothing is looked up, nothing allocated.  *held_ms: found, but not to be told yet. */
static bool answer_finished(struct tasks *ts, struct now now, const struct ask *ask,
                            struct writer *w, uint32_t *held_ms)
{
	struct answers_found found;
	uint8_t *at = w->at, *end = w->end;
	if (!reply_finished(ts, now, ask, w, &found))
		return false;
	if (found.due)
		renew(ts, now, ask, found.hits);
	*held_ms = hold_ms(ts, &ask->client, &found.entry);
	if (*held_ms > 0) {
		w->at = at;
		w->end = end;
		return false;
	}
	ts->counts.answered_at_once++;
	ts->counts.finished++;
	return true;
}

enum asked tasks_ask(struct tasks *ts, struct now now, const struct ask *ask, uint64_t client,
                     struct writer *reply)
{
	uint32_t held_ms = 0;
	ts->counts.asked++;
	if (ts->setup.answers != NULL && ask->trace == NULL &&
	    answer_finished(ts, now, ask, reply, &held_ms))
		return ASKED_ANSWERED;
	ts->trace = ask->trace;
	trace_at(ts->trace, now.mono_ms, 0);
	struct refusal no = refuse(&ask->query->question);
	if (no.rcode != RCODE_NOERROR)
		return answer_error(ts, ask, no.rcode, no.reason, reply);
	enum asked a = look_up(ts, now, ask, held_ms, client, reply);
	ts->trace = NULL;
	if (ts->scratch != NULL)
		arena_reset(ts->scratch);
	return a;
}
