#include "resolver/core/keep.h"

static void mark(struct rrset *s)
{
	if (s->security == SECURITY_SECURE && s->rank < RANK_SECURE)
		s->rank = RANK_SECURE;
}

static void shorten(struct outcome *o, uint32_t most)
{
	if (o->ttl > most)
		o->ttl = most;
}

static void set_security(struct outcome *o, const struct verdict *verdict)
{
	o->security = verdict->security;
	if (verdict->reason.ede != EDE_NONE)
		o->reason = verdict->reason;
	if (o->set != NULL)
		mark(o->set);
	if (o->soa != NULL)
		mark(o->soa);
	for (unsigned i = 0; i < o->proof_count; i++)
		mark(o->proofs[i]);
}

/* RFC 8198 section 5: a span of a signed zone denies other names in it too, unless opt-out. */
static void keep_spans(struct tasks *ts, struct now now, const struct outcome *o,
                       const struct verdict *verdict)
{
	if (verdict->security != SECURITY_SECURE || verdict->opt_out)
		return;
	for (unsigned i = 0; i < o->proof_count; i++) {
		const struct rrset *set = o->proofs[i];
		struct rrsig sig;
		if (set->security == SECURITY_SECURE && set->sig_count > 0 &&
		    rdata_rrsig(&set->sigs[0], &sig) == ERR_OK)
			cache_put_denial(ts->setup.cache, now, &sig.signer, set);
	}
}

void keep_outcome(struct tasks *ts, struct now now, const struct question *q, struct outcome *o,
                  const struct verdict *verdict, uint32_t resolve_ms)
{
	if (verdict != NULL) {
		set_security(o, verdict);
		shorten(o, verdict->ttl_max);
		if (ts->setup.policy->aggressive)
			keep_spans(ts, now, o, verdict);
	}
	cache_put(ts->setup.cache, now, q, o, resolve_ms);
}

void keep_failure(struct tasks *ts, struct now now, const struct question *q,
                  struct reason reason, uint32_t seconds)
{
	struct outcome o = { .kind = OUTCOME_FAILURE, .reason = reason, .zone = name_root(),
		             .target = name_root(), .ttl = seconds };
	cache_put(ts->setup.cache, now, q, &o, 0);
}

void keep_lessons(struct tasks *ts, struct now now, struct iterate *it)
{
	struct lesson l;
	while (iterate_next_lesson(it, &l)) {
		switch (l.kind) {
		case LESSON_CUT:
			cache_put_cut(ts->setup.cache, now, l.cut);
			break;
		case LESSON_OUTCOME:
			cache_put(ts->setup.cache, now, &l.question, l.outcome, 0);
			break;
		}
	}
}
