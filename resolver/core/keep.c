#include "resolver/core/keep.h"

#include "resolver/core/denial.h"
#include "validator/denial.h"

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

/* RFC 4035 section 5.3.4: what a wildcard was expanded to says nothing about other names. */
static bool is_expanded(const struct rrset *set, const struct rrsig *sig)
{
	return sig->labels + (unsigned)name_is_wildcard(&set->owner) < name_labels(&set->owner);
}

/* RFC 9077 section 3: a span is believed no longer than the denial it came with. */
static uint32_t denial_ttl(const struct outcome *o)
{
	struct soa soa;
	if (o->soa == NULL || rdata_soa(&o->soa->rdata[0], &soa) != ERR_OK)
		return UINT32_MAX;
	return soa.minimum < o->soa->ttl ? soa.minimum : o->soa->ttl;
}

/* RFC 8198 section 5: a span of a signed zone denies other names in it too. */
static void keep_spans(struct tasks *ts, struct now now, const struct outcome *o)
{
	uint32_t most = denial_ttl(o);
	for (unsigned i = 0; i < o->proof_count; i++) {
		struct rrset set = *o->proofs[i];
		struct rrsig sig;
		if (set.ttl > most)
			set.ttl = most;
		if (set.security == SECURITY_SECURE && set.sig_count > 0 &&
		    rdata_rrsig(&set.sigs[0], &sig) == ERR_OK && !is_expanded(&set, &sig))
			cache_put_denial(ts->setup.cache, now, &sig.signer, &set);
	}
}

/*
 * The SOA that such denials are told with.  Its TTL in a denial may be cut to the minimum (RFC 2308 section 3);
 * kept is the one that was signed, so whoever asks for the SOA cannot tell that a denial brought it.
 */
static void keep_soa(struct tasks *ts, struct now now, const struct outcome *o,
                     const struct verdict *verdict)
{
	struct rrsig sig;
	if (o->soa == NULL || o->soa->security != SECURITY_SECURE)
		return;
	struct rrset set = *o->soa;
	if (set.sig_count > 0 && rdata_rrsig(&set.sigs[0], &sig) == ERR_OK)
		set.ttl = sig.original_ttl;
	struct question q = { .name = o->soa->owner, .type = TYPE_SOA, .class = CLASS_IN };
	struct outcome soa = { .kind = OUTCOME_ANSWER, .security = SECURITY_SECURE,
		               .reason = NO_REASON, .zone = o->zone, .set = &set,
		               .target = name_root(), .ttl = verdict->ttl_max };
	cache_put(ts->setup.cache, now, &q, &soa, 0);
}

/*
 * RFC 8198 section 5.3: the wildcard that an answer was expanded from answers other names, too.  Its
 * place is read from the signature that was verified, not from any that came along.
 */
static void keep_wildcard(struct tasks *ts, struct now now, const struct question *q,
                          const struct outcome *o, const struct verdict *verdict)
{
	struct name encloser = name_suffix(&o->set->owner, verdict->encloser);
	struct question at = *q;
	struct rrset set = *o->set;
	struct outcome wild = *o;
	if (name_wildcard(&encloser, &at.name) != ERR_OK)
		return;
	set.owner = at.name;
	wild.set = &set;
	wild.beside_count = 0;
	wild.proofs = NULL;
	wild.proof_count = 0;
	cache_put(ts->setup.cache, now, &at, &wild, 0);
}

/*
 * RFC 4035 section 3.1.3.3, RFC 5155 section 7.2.6: one record shows that nothing is closer than the wildcard.  The
 * others that came along are about the wildcard, or about where an alias leads.
 */
static void keep_closer(const struct tasks *ts, struct outcome *o, const struct verdict *verdict)
{
	struct budget b = { .hashes = LIMIT_PROOF_SETS,
		            .iterations = ts->setup.policy->budget.iterations };
	struct rrsig sig;
	if (o->set->sig_count == 0 || rdata_rrsig(&o->set->sigs[0], &sig) != ERR_OK)
		return;
	for (unsigned i = 0; i < o->proof_count && o->proof_count > 1; i++) {
		struct denial d = { &sig.signer, &o->proofs[i], 1, &b };
		if (denial_of_closer(&d, &o->set->owner, verdict->encloser) == PROOF_FULL) {
			o->proofs[0] = o->proofs[i];
			o->proof_count = 1;
		}
	}
}

void keep_outcome(struct tasks *ts, struct now now, const struct question *q, struct outcome *o,
                  const struct verdict *verdict, uint32_t resolve_ms)
{
	if (verdict != NULL) {
		bool wildcard = verdict->wildcard && verdict->security == SECURITY_SECURE;
		set_security(o, verdict);
		shorten(o, verdict->ttl_max);
		if (denial_is_made(ts)) {
			keep_spans(ts, now, o);
			keep_soa(ts, now, o, verdict);
			if (wildcard)
				keep_wildcard(ts, now, q, o, verdict);
		}
		if (wildcard)
			keep_closer(ts, o, verdict);
	}
	cache_put(ts->setup.cache, now, q, o, resolve_ms);
	if (o->beside_count > 0)
		beside_put(ts, now, q, o);
}

static void set_ttls(struct outcome *o, uint32_t ttl)
{
	if (o->set != NULL)
		o->set->ttl = ttl;
	if (o->soa != NULL)
		o->soa->ttl = ttl;
	for (unsigned i = 0; i < o->proof_count; i++)
		o->proofs[i]->ttl = ttl;
}

/* Its proofs are not kept as spans: those have no age of their own. */
void keep_judged(struct tasks *ts, struct now now, const struct question *q, struct chain_link *l,
                 const struct verdict *verdict, uint32_t judging_ms)
{
	struct outcome *o = l->outcome;
	set_ttls(o, l->lifetime_s);
	o->ttl = l->bound_s;
	set_security(o, verdict);
	shorten(o, verdict->ttl_max);
	l->lifetime_s = cache_lifetime(ts->setup.cache_policy, o, &l->bound_s);
	cache_put_aged(ts->setup.cache, now, q, o, l->entry.resolve_ms + judging_ms, l->age_s);
}

void keep_failure(struct tasks *ts, struct now now, const struct question *q,
                  struct reason reason, uint32_t seconds, uint32_t resolve_ms)
{
	struct outcome o = { .kind = OUTCOME_FAILURE, .reason = reason, .zone = name_root(),
		             .target = name_root(), .ttl = seconds };
	cache_put(ts->setup.cache, now, q, &o, resolve_ms);
}

void keep_lessons(struct tasks *ts, struct now now, struct iterate *it, uint32_t took_ms)
{
	struct lesson l;
	while (iterate_next_lesson(it, &l)) {
		switch (l.kind) {
		case LESSON_CUT:
			cache_put_cut(ts->setup.cache, now, l.cut);
			break;
		case LESSON_OUTCOME:
			cache_put(ts->setup.cache, now, &l.question, l.outcome, took_ms);
			break;
		}
	}
}
