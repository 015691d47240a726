#include "resolver/wire/trace.h"

#include <stdio.h>
#include <stdlib.h>

struct trace *trace_new(int64_t now_ms)
{
	struct trace *t = calloc(1, sizeof(*t));
	if (t == NULL)
		return NULL;
	t->holders = 1;
	t->begun_ms = t->now_ms = now_ms;
	return t;
}

struct trace *trace_hold(struct trace *t)
{
	if (t != NULL)
		t->holders++;
	return t;
}

void trace_drop(struct trace *t)
{
	if (t != NULL && --t->holders == 0)
		free(t);
}

void trace_at(struct trace *t, int64_t now_ms, unsigned level)
{
	if (t == NULL)
		return;
	t->now_ms = now_ms;
	t->level = level;
}

static struct trace_event *add(struct trace *t, enum trace_kind kind)
{
	if (t == NULL)
		return NULL;
	if (t->count == LIMIT_TRACE_EVENTS) {
		t->lost++;
		return NULL;
	}
	struct trace_event *e = &t->events[t->count++];
	e->kind = kind;
	e->level = t->level;
	e->at_ms = t->now_ms;
	e->ede = EDE_NONE;
	e->question.name = e->name = name_root();
	return e;
}

static void copy_question(struct trace_event *e, const struct question *q)
{
	name_copy(&e->question.name, &q->name);
	e->question.type = q->type;
	e->question.class = q->class;
}

static void copy_reason(struct trace_event *e, struct reason reason)
{
	e->ede = reason.ede;
	if (reason.text != NULL)
		snprintf(e->reason, sizeof(e->reason), "%s", reason.text);
}

void trace_question(struct trace *t, enum trace_kind kind, const struct question *q)
{
	struct trace_event *e = add(t, kind);
	if (e != NULL)
		copy_question(e, q);
}

void trace_found(struct trace *t, const struct question *q, const struct outcome *o,
                 const char *where)
{
	struct trace_event *e = add(t, TRACE_FOUND);
	if (e == NULL)
		return;
	copy_question(e, q);
	if (o->kind == OUTCOME_CNAME || o->kind == OUTCOME_DNAME)
		name_copy(&e->name, &o->target);
	e->what = where;
	e->security = (uint8_t)o->security;
	snprintf(e->reason, sizeof(e->reason), "%s", outcome_kind_text(o->kind));
}

void trace_reason(struct trace *t, enum trace_kind kind, const struct question *q,
                  struct reason reason)
{
	struct trace_event *e = add(t, kind);
	if (e == NULL)
		return;
	copy_question(e, q);
	copy_reason(e, reason);
}

void trace_cut(struct trace *t, const struct cut *cut, const char *how)
{
	struct trace_event *e = add(t, TRACE_CUT);
	if (e == NULL)
		return;
	name_copy(&e->name, &cut->zone);
	e->what = how;
}

void trace_exchange(struct trace *t, enum trace_kind kind, const struct question *q,
                    const struct address *server, bool tcp, uint32_t ms, const char *what)
{
	struct trace_event *e = add(t, kind);
	if (e == NULL)
		return;
	copy_question(e, q);
	name_lower(&e->question.name); /* its case was tossed for */
	e->server = *server;
	e->tcp = tcp;
	e->ms = ms;
	e->what = what;
}

void trace_got(struct trace *t, const struct question *q, const struct address *server, bool tcp,
               uint32_t ms, uint16_t rcode, const char *what)
{
	trace_exchange(t, TRACE_GOT, q, server, tcp, ms, what);
	if (t != NULL && t->lost == 0)
		t->events[t->count - 1].rcode = rcode;
}

void trace_ds(struct trace *t, const struct name *zone, uint16_t tag, uint8_t algorithm, uint8_t digest,
              const char *what)
{
	struct trace_event *e = add(t, TRACE_DS);
	if (e == NULL)
		return;
	name_copy(&e->name, zone);
	e->tag = tag;
	e->algorithm = algorithm;
	e->digest = digest;
	e->what = what;
}

void trace_signature(struct trace *t, const struct rrset *set, const struct rrsig *sig,
                     struct reason reason)
{
	struct trace_event *e = add(t, TRACE_SIGNATURE);
	if (e == NULL)
		return;
	name_copy(&e->question.name, &set->owner);
	e->question.type = set->type;
	e->question.class = set->class;
	name_copy(&e->name, &sig->signer);
	e->tag = sig->tag;
	e->algorithm = sig->algorithm;
	copy_reason(e, reason);
}

void trace_judged(struct trace *t, const struct question *q, const struct outcome *o,
                  enum security security, struct reason reason)
{
	struct trace_event *e = add(t, TRACE_JUDGED);
	if (e == NULL)
		return;
	copy_question(e, q);
	e->what = outcome_kind_text(o->kind);
	e->security = (uint8_t)security;
	copy_reason(e, reason);
}
