#include "cache/outcomes.h"

#include "cache/rules.h"
#include <string.h>

enum { STREAK_MAX = 16 }; /* doublings of a failure: far beyond any maximum */

static bool has_positive(const struct outcome *o)
{
	return o->kind == OUTCOME_ANSWER || o->kind == OUTCOME_CNAME || o->kind == OUTCOME_DNAME;
}

/* RFC 4035 section 5.3.3: not above the TTL that was signed. */
static uint32_t signed_ttl(const struct rrset *set)
{
	struct rrsig sig;
	uint32_t ttl = set->ttl;
	for (unsigned i = 0; set->security == SECURITY_SECURE && i < set->sig_count; i++) {
		if (rdata_rrsig(&set->sigs[i], &sig) == ERR_OK && sig.original_ttl < ttl)
			ttl = sig.original_ttl;
	}
	return ttl;
}

/* A referral says with proofs alone that there is no DS (RFC 4035 section 3.1.4.1). */
static uint32_t proofs_ttl(const struct outcome *o)
{
	uint32_t ttl = o->proof_count > 0 ? UINT32_MAX : 0;
	for (unsigned i = 0; i < o->proof_count; i++) {
		uint32_t proof = signed_ttl(o->proofs[i]);
		ttl = proof < ttl ? proof : ttl;
	}
	return ttl;
}

/* RFC 2308 section 5: the SOA's TTL and minimum, whichever is less. */
static uint32_t negative_ttl(const struct outcome *o)
{
	struct soa soa;
	if (o->soa == NULL)
		return proofs_ttl(o);
	if (o->soa->count == 0 || rdata_soa(&o->soa->rdata[0], &soa) != ERR_OK)
		return 0;
	uint32_t ttl = signed_ttl(o->soa);
	return soa.minimum < ttl ? soa.minimum : ttl;
}

uint32_t cache_lifetime(const struct cache_policy *policy, const struct outcome *o,
                        uint32_t *bound_s)
{
	uint32_t ttl = has_positive(o) ? signed_ttl(o->set) : negative_ttl(o);
	uint32_t most = has_positive(o) ? policy->ttl_max : policy->negative_ttl_max;
	for (unsigned i = 0; i < o->proof_count; i++) {
		uint32_t proof = signed_ttl(o->proofs[i]);
		if (o->proofs[i]->sig_count > 0 && proof < ttl)
			ttl = proof;
	}
	*bound_s = o->ttl < ttl ? o->ttl : TTL_NO_BOUND;
	if (has_positive(o) && ttl < policy->ttl_min)
		ttl = policy->ttl_min;
	if (ttl > most)
		ttl = most;
	return *bound_s == 0 ? 0 : ttl;
}

/* An outcome on its way into the cache. */
struct put {
	const struct cache_policy *policy;
	const struct question *question;
	const struct outcome *outcome;
	const struct name *owner; /* the name in the key */
	struct entry head;
	struct key key;
	uint32_t now_s;
};

static bool set_fits(const struct rrset *set, const struct name *owner, uint16_t type)
{
	return set != NULL && set->type == type && name_equal(&set->owner, owner);
}

static bool denies(const struct question *q, const struct outcome *o)
{
	return o->soa->type == TYPE_SOA && !type_is_meta(q->type) &&
	       name_is_within(&q->name, &o->soa->owner); /* threats B9 */
}

/* Is it what it says, and is it the answer to that question? */
static bool fits(const struct question *q, const struct outcome *o)
{
	if (q->class != CLASS_IN)
		return false;
	switch (o->kind) {
	case OUTCOME_ANSWER:
		return set_fits(o->set, &q->name, q->type) && !type_is_meta(q->type);
	case OUTCOME_CNAME:
		return set_fits(o->set, &q->name, TYPE_CNAME) && o->set->count == 1;
	case OUTCOME_DNAME:
		return o->set != NULL && o->set->type == TYPE_DNAME && o->set->count == 1 &&
		       name_is_below(&q->name, &o->set->owner);
	case OUTCOME_NODATA:
		if (o->soa == NULL)
			return q->type == TYPE_DS && o->proof_count > 0;
		return denies(q, o);
	case OUTCOME_NXDOMAIN:
		return o->soa != NULL && denies(q, o);
	case OUTCOME_FAILURE:
		return true;
	}
	return false;
}

/* A negative answer is an answer of the authority, though its SOA came in the authority section. */
static uint8_t rank_of(const struct outcome *o)
{
	uint8_t rank = RANK_ANSWER;
	if (has_positive(o))
		rank = o->set->rank;
	else if (o->soa != NULL && (o->soa->rank == RANK_FORWARDED || o->soa->rank > RANK_ANSWER))
		rank = o->soa->rank;
	return o->security == SECURITY_SECURE && rank < RANK_SECURE ? RANK_SECURE : rank;
}

static bool make_key(struct put *p)
{
	const struct question *q = p->question;
	p->owner = &q->name;
	switch (p->outcome->kind) {
	case OUTCOME_ANSWER:
		p->head.what = q->type == TYPE_CNAME ? ENTRY_CNAME : ENTRY_ANSWER;
		return key_typed(&p->key, KEY_DATA, &q->name, q->type);
	case OUTCOME_CNAME:
		p->head.what = ENTRY_CNAME;
		return key_typed(&p->key, KEY_DATA, &q->name, TYPE_CNAME);
	case OUTCOME_DNAME:
		p->head.what = ENTRY_DNAME;
		p->owner = &p->outcome->set->owner;
		return key_named(&p->key, KEY_DNAME, p->owner);
	case OUTCOME_NODATA:
		p->head.what = ENTRY_NODATA;
		return key_typed(&p->key, KEY_DATA, &q->name, q->type);
	case OUTCOME_NXDOMAIN:
		p->head.what = ENTRY_NXDOMAIN;
		return key_named(&p->key, KEY_NXDOMAIN, &q->name);
	case OUTCOME_FAILURE:
		p->head.what = ENTRY_FAILURE;
		return key_typed(&p->key, KEY_FAILURE, &q->name, q->type);
	}
	return false;
}

static bool outranks(const struct put *p, const struct entry *old)
{
	return !rules_may_replace(old, &p->head, &p->policy->ttl, p->now_s);
}

static bool is_rival(const struct put *p, const struct key *k, bool run, struct octets key)
{
	if (!run)
		return key_compare(key.at, key.len, k->octets, k->len) == 0;
	return rules_is_rival(p->head.what, key.at, key.len);
}

/* A fresh entry of higher rank among the rivals at k, in the store. */
static bool stored_outranks(const struct layers *l, const struct put *p, const struct key *k,
                            bool run)
{
	struct key at = *k;
	struct octets key, value;
	struct entry old;
	for (unsigned i = 0; l->store != NULL && i <= LIMIT_NAME_TYPES; i++) {
		if (!store_ceiling(l->store, at.octets, at.len, &key, &value) ||
		    !key_has_prefix(key.at, key.len, k->octets, k->len) || key.len >= KEY_OCTETS)
			return false;
		if (is_rival(p, k, run, key) && entry_read(value.at, value.len, &old) == ERR_OK &&
		    entry_intact(&l->mac, key.at, key.len, value.at, value.len) &&
		    outranks(p, &old))
			return true;
		if (!run)
			return false;
		memcpy(at.octets, key.at, key.len);
		at.octets[key.len] = 0; /* the least key above */
		at.len = (uint16_t)(key.len + 1);
	}
	return false;
}

static struct hot_item *next_rival(const struct layers *l, const struct put *p,
                                   const struct key *k, bool run, struct hot_item *i)
{
	if (!run)
		return i == NULL ? hot_get(&l->hot, k->octets, k->len) : NULL;
	while ((i = hot_types(&l->hot, k->octets, k->len, i)) != NULL) {
		if (rules_is_rival(p->head.what, i->octets, i->key_len))
			return i;
	}
	return NULL;
}

static bool hot_outranks(const struct layers *l, const struct put *p, const struct key *k, bool run)
{
	struct hot_item *i = NULL;
	struct entry old;
	while ((i = next_rival(l, p, k, run, i)) != NULL) {
		if (entry_read(hot_value(i), i->value_len, &old) == ERR_OK && outranks(p, &old))
			return true;
	}
	return false;
}

/* Removes what cannot be true beside p; false: something of that is fresh and of higher rank. */
static bool defeat_rivals(struct layers *l, const struct put *p)
{
	struct rivals r;
	struct hot_item *item;
	rules_rivals(p->head.what, p->owner, p->question->type, &r);
	for (unsigned i = 0; i < r.count; i++) {
		if (hot_outranks(l, p, &r.at[i].key, r.at[i].run) ||
		    stored_outranks(l, p, &r.at[i].key, r.at[i].run))
			return false;
	}
	for (unsigned i = 0; i < r.count; i++) {
		while ((item = next_rival(l, p, &r.at[i].key, r.at[i].run, NULL)) != NULL)
			hot_remove(&l->hot, item);
	}
	return true;
}

/* Threats D5: no more than so many types of one name, nor failures.  What has run out makes room. */
static bool name_is_crowded(struct layers *l, const struct put *p)
{
	struct hot_item *i = NULL, *over = NULL;
	struct entry e;
	unsigned count = 0;
	if (!key_kind_is_typed(p->key.octets[0]))
		return false;
	while ((i = hot_types(&l->hot, p->key.octets, p->key.len - KEY_TYPE_OCTETS, i)) != NULL) {
		count++;
		if (entry_read(hot_value(i), i->value_len, &e) != ERR_OK ||
		    rules_left(&e, &p->policy->ttl, p->now_s) == 0)
			over = i;
	}
	if (count >= LIMIT_NAME_TYPES && over != NULL)
		hot_remove(&l->hot, over);
	return count >= LIMIT_NAME_TYPES && over == NULL;
}

static enum outcomes_fate keep(struct layers *l, const struct put *p)
{
	struct writer w = layers_pack(l);
	if (entry_pack_outcome(&w, &p->head, p->owner, p->outcome) != ERR_OK)
		return OUTCOMES_UNFIT;
	/* RFC 7646 section 2: it is forgotten with its exception, which a store would outlive. */
	if (p->outcome->reason.ede == EDE_NTA)
		layers_keep_here(l, &p->key, &w);
	else
		layers_keep(l, &p->key, &w);
	return OUTCOMES_KEPT;
}

/*
 * RFC 9520 section 3.2: at least a second, at most five minutes, and longer while it goes on failing.
 * One that is still in force is renewed, not made longer: it was not asked again because of it.
 */
static enum outcomes_fate put_failure(struct layers *l, struct put *p)
{
	struct place old;
	uint32_t first = p->outcome->ttl != 0 ? p->outcome->ttl : p->policy->failure_s;
	uint32_t most = first > p->policy->failure_max_s ? first : p->policy->failure_max_s;
	if (layers_newest(l, &p->key, &old)) {
		uint32_t age = entry_age(&old.entry, p->now_s);
		bool in_force = age < old.entry.lifetime_s;
		if (in_force && age == 0)
			return OUTCOMES_OUTRANKED;
		if (in_force)
			p->head.streak = old.entry.streak;
		else if (age - old.entry.lifetime_s <= most)
			p->head.streak = (uint8_t)(old.entry.streak + 1);
	} else if (name_is_crowded(l, p)) {
		return OUTCOMES_OUTRANKED;
	}
	if (p->head.streak > STREAK_MAX)
		p->head.streak = STREAK_MAX;
	uint64_t lifetime = (uint64_t)first << p->head.streak;
	p->head.lifetime_s = lifetime > most ? most : (uint32_t)lifetime;
	return keep(l, p);
}

/*
 * The question has an answer again: the next failure begins a new series.  One in force stays when nobody
 * has judged the answer: it may be the very one that was found bogus.
 */
static void forget_failure(struct layers *l, const struct put *p)
{
	struct key k;
	struct entry old;
	if (!key_typed(&k, KEY_FAILURE, &p->question->name, p->question->type))
		return;
	struct hot_item *i = hot_get(&l->hot, k.octets, k.len);
	if (i == NULL)
		return;
	bool in_force = entry_read(hot_value(i), i->value_len, &old) == ERR_OK &&
	                rules_left(&old, &p->policy->ttl, p->now_s) > 0;
	if (!in_force || p->head.security != SECURITY_UNCHECKED)
		hot_remove(&l->hot, i);
}

static enum outcomes_fate put_data(struct layers *l, struct put *p)
{
	struct place old;
	p->head.lifetime_s = cache_lifetime(p->policy, p->outcome, &p->head.bound_s);
	if (p->head.lifetime_s == 0)
		return OUTCOMES_UNFIT;
	uint32_t age = entry_age(&p->head, p->now_s);
	if (p->head.bound_s != TTL_NO_BOUND) /* the outcome counts it from now */
		p->head.bound_s = age < TTL_NO_BOUND - p->head.bound_s ? p->head.bound_s + age
		                                                        : TTL_NO_BOUND;
	bool known = layers_newest(l, &p->key, &old);
	if ((known && outranks(p, &old.entry)) || (!known && name_is_crowded(l, p)) ||
	    !defeat_rivals(l, p))
		return OUTCOMES_OUTRANKED;
	enum outcomes_fate fate = keep(l, p);
	if (fate == OUTCOMES_KEPT)
		forget_failure(l, p);
	return fate;
}

enum outcomes_fate outcomes_put(struct layers *l, const struct cache_policy *policy, uint32_t now_s,
                                const struct question *q, const struct outcome *o,
                                uint32_t resolve_ms, uint32_t age_s)
{
	struct put p = { .policy = policy, .question = q, .outcome = o, .now_s = now_s };
	if (!fits(q, o) || !make_key(&p))
		return OUTCOMES_UNFIT;
	p.head.stored_s = now_s > age_s ? now_s - age_s : 0;
	p.head.bound_s = TTL_NO_BOUND;
	p.head.resolve_ms = resolve_ms;
	p.head.security = (uint8_t)o->security;
	if (o->kind == OUTCOME_FAILURE)
		return put_failure(l, &p);
	p.head.rank = rank_of(o);
	if (o->security == SECURITY_BOGUS || p.head.rank < RANK_AUTHORITY)
		return OUTCOMES_UNFIT;
	return put_data(l, &p);
}
