#include "resolver/core/denial.h"

#include "resolver/core/lookup.h"
#include "validator/denial.h"
#include "validator/nsec.h"
#include "validator/nsec3.h"

#include <string.h>

enum {
	HASHES = 16, /* for one name: a match above it, what is next, the wildcard, and room */
	ZONES = 6,   /* looked at when the cut is not known: name.zone.co.uk and some to spare */
};

/* What was gathered from the cache about one name. */
struct search {
	struct tasks *ts;
	struct now now;
	struct arena *a;
	const struct question *q;
	bool to_judge;
	struct name zone;
	struct rrset *sets[LIMIT_PROOF_SETS];
	unsigned count;
	uint32_t lifetime_s; /* the least of all that is used: ttl.h, "synthesised" */
	uint32_t bound_s;    /* until the first of their signatures ends */
	unsigned encloser;   /* labels of the closest name that exists, when q's does not; 0: it does */
	struct budget budget;
};

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Seconds until the first of the signatures that still hold ends (RFC 4034 section 3.1.5: serial numbers). */
static uint32_t signatures_end(const struct rrset *set, struct now now)
{
	uint32_t bound = TTL_NO_BOUND;
	struct rrsig sig;
	for (unsigned i = 0; i < set->sig_count; i++) {
		if (rdata_rrsig(&set->sigs[i], &sig) != ERR_OK)
			continue;
		uint32_t left = sig.expiration - (uint32_t)now.wall_s;
		bound = left <= INT32_MAX ? least(bound, left) : bound;
	}
	return bound;
}

/* Appends a set unless it is there; false: no room. */
static bool add(struct search *s, struct rrset *set)
{
	for (unsigned i = 0; i < s->count; i++) {
		if (name_equal(&s->sets[i]->owner, &set->owner))
			return true;
	}
	if (s->count == LIMIT_PROOF_SETS)
		return false;
	s->sets[s->count++] = set;
	s->lifetime_s = least(s->lifetime_s, set->ttl);
	s->bound_s = least(s->bound_s, signatures_end(set, s->now));
	return true;
}

/* ---- NSEC ---- */

static bool find_nsec(struct search *s, const struct name *name, struct nsec *out)
{
	struct rrset *set = arena_alloc(s->a, sizeof(*set));
	return set != NULL &&
	       cache_find_nsec(s->ts->setup.cache, s->now, &s->zone, name, s->a, set) == ERR_OK &&
	       nsec_parse(set, &s->zone, out) == ERR_OK && add(s, set);
}

/* The name's own NSEC or that before an empty non-terminal, or the one that covers it and that about the wildcard. */
static void gather_nsec(struct search *s)
{
	const struct name *name = &s->q->name;
	struct nsec n;
	struct name wildcard;
	if (!find_nsec(s, name, &n) || name_equal(&n.owner, name) || name_is_below(&n.next, name))
		return;
	unsigned a = name_common_labels(name, &n.owner), b = name_common_labels(name, &n.next);
	s->encloser = a > b ? a : b;
	struct name encloser = name_suffix(name, s->encloser);
	if (name_wildcard(&encloser, &wildcard) == ERR_OK)
		(void)find_nsec(s, &wildcard, &n);
}

/* ---- NSEC3 ---- */

enum met { MET_NOTHING, MET_COVER, MET_MATCH };

static struct rrset *look_nsec3(struct search *s, const uint8_t hash[NSEC3_HASH],
                                struct nsec3 *out)
{
	struct rrset *set = arena_alloc(s->a, sizeof(*set));
	if (set == NULL || cache_find_nsec3(s->ts->setup.cache, s->now, &s->zone, hash, NSEC3_HASH,
	                                    s->a, set) != ERR_OK ||
	    nsec3_parse(set, &s->zone, out) != ERR_OK)
		return NULL;
	return set;
}

static enum met find_nsec3(struct search *s, const struct nsec3_parameters *p,
                           const struct name *name, struct rrset **out)
{
	uint8_t hash[NSEC3_HASH];
	struct nsec3 n;
	if (nsec3_hash(p, name, &s->budget, hash) != PROOF_FULL)
		return MET_NOTHING;
	*out = look_nsec3(s, hash, &n);
	if (*out == NULL || !nsec3_same_parameters(&n.parameters, p))
		return MET_NOTHING;
	if (memcmp(n.owner, hash, NSEC3_HASH) == 0)
		return MET_MATCH;
	return nsec3_covers(&n, hash) ? MET_COVER : MET_NOTHING;
}

/*
 * RFC 5155 section 8.3: up from the name to one that exists; the wildcard lies below that.  Of what covers the
 * names on the way only the last counts, the next closer name's.
 */
static void gather_nsec3(struct search *s)
{
	static const uint8_t any[NSEC3_HASH];
	struct nsec3 n;
	struct name at = s->q->name, wildcard;
	struct rrset *set, *cover = NULL;
	if (look_nsec3(s, any, &n) == NULL) /* only to learn the parameters of the zone */
		return;
	struct nsec3_parameters p = n.parameters;
	enum met met = find_nsec3(s, &p, &at, &set);
	while (met == MET_COVER && name_is_below(&at, &s->zone)) {
		cover = set;
		at = name_parent(&at);
		met = find_nsec3(s, &p, &at, &set);
	}
	if (met != MET_MATCH || !add(s, set) || cover == NULL || !add(s, cover))
		return;
	s->encloser = name_labels(&at);
	if (name_wildcard(&at, &wildcard) == ERR_OK &&
	    find_nsec3(s, &p, &wildcard, &set) != MET_NOTHING)
		(void)add(s, set);
}

/* ---- putting it together ---- */

/* What a synthesised answer starts from: what counts down is what is left (cache/ttl.h). */
static uint32_t lifetime_of(const struct search *s, const struct cached *found)
{
	bool counts_down = s->ts->setup.cache_policy->ttl.mode == TTL_OFF;
	return counts_down ? found->left_s : found->lifetime_s;
}

static bool add_soa(struct search *s, struct outcome *o)
{
	struct question q = { .name = s->zone, .type = TYPE_SOA, .class = CLASS_IN };
	struct cached *found = arena_alloc(s->a, sizeof(*found));
	struct soa soa;
	if (found == NULL || cache_find(s->ts->setup.cache, s->now, &q, s->a, found) != ERR_OK ||
	    found->stale || found->outcome.kind != OUTCOME_ANSWER ||
	    found->outcome.security != SECURITY_SECURE ||
	    rdata_soa(&found->outcome.set->rdata[0], &soa) != ERR_OK)
		return false;
	uint32_t ttl = lifetime_of(s, found);
	s->lifetime_s = least(s->lifetime_s, least(soa.minimum, ttl));
	s->bound_s = least(s->bound_s, found->bound_s);
	o->soa = found->outcome.set;
	return true;
}

static bool conclude(struct search *s, struct chain_link *out, enum outcome_kind kind,
                     enum security security)
{
	struct outcome *o = arena_alloc(s->a, sizeof(*o));
	if (o == NULL)
		return false;
	*o = (struct outcome){ .kind = kind, .security = security, .reason = NO_REASON,
		               .zone = s->zone, .target = name_root() };
	if (!add_soa(s, o) && (s->q->type != TYPE_DS || !s->to_judge))
		return false;
	o->proofs = arena_copy(s->a, s->sets, s->count * sizeof(struct rrset *));
	o->proof_count = s->count;
	o->ttl = s->lifetime_s;
	s->ts->counts.synthesised++;
	*out = (struct chain_link){ .outcome = o, .lifetime_s = s->lifetime_s,
		                    .bound_s = s->bound_s };
	return o->proofs != NULL && o->ttl > 0;
}

/* ---- wildcards that answer ---- */

/* The set that alone shows that nothing stands between name and the wildcard; NULL: none does. */
static struct rrset *find_cover(struct search *s, unsigned encloser_labels)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct denial d = { &s->zone, &s->sets[i], 1, &s->budget };
		if (denial_of_closer(&d, &s->q->name, encloser_labels) == PROOF_FULL)
			return s->sets[i];
	}
	return NULL;
}

/* The RRset of the wildcard, or its CNAME; secure and fresh. */
static struct cached *find_wildcard(struct search *s)
{
	struct question q = *s->q;
	struct name encloser = name_suffix(&s->q->name, s->encloser);
	struct cached *found = arena_alloc(s->a, sizeof(*found));
	if (found == NULL || name_wildcard(&encloser, &q.name) != ERR_OK ||
	    cache_find(s->ts->setup.cache, s->now, &q, s->a, found) != ERR_OK || found->stale ||
	    found->outcome.security != SECURITY_SECURE ||
	    (found->outcome.kind != OUTCOME_ANSWER && found->outcome.kind != OUTCOME_CNAME))
		return NULL;
	return found;
}

/* RFC 8198 section 5.3, RFC 4035 section 5.3.4: what a name is that only a wildcard makes. */
static bool expand(struct search *s, struct chain_link *out)
{
	if (s->encloser == 0 || s->q->type == TYPE_DS)
		return false;
	struct rrset *cover = find_cover(s, s->encloser);
	struct cached *found = cover != NULL ? find_wildcard(s) : NULL;
	struct rrset **proofs = found != NULL ? arena_array(s->a, 1, sizeof(*proofs)) : NULL;
	if (proofs == NULL)
		return false;
	struct outcome *o = &found->outcome;
	uint32_t lifetime = lifetime_of(s, found);
	proofs[0] = cover;
	o->set->owner = s->q->name;
	o->zone = s->zone;
	o->proofs = proofs;
	o->proof_count = 1;
	o->ttl = least(cover->ttl, lifetime);
	s->ts->counts.synthesised++;
	*out = (struct chain_link){ .outcome = o, .lifetime_s = o->ttl,
		                    .bound_s = least(found->bound_s, signatures_end(cover, s->now)) };
	return o->ttl > 0;
}

static bool try_proof(struct search *s, struct chain_link *out)
{
	struct denial d = { &s->zone, s->sets, s->count, &s->budget };
	bool matched = s->encloser == 0; /* or nothing but the root is above it */
	if (s->count == 0)
		return false;
	/* RFC 8198 section 5.3: an opt-out span denies no name. */
	if (!matched && denial_of_name(&d, &s->q->name) == PROOF_FULL)
		return conclude(s, out, OUTCOME_NXDOMAIN, SECURITY_SECURE);
	enum proof p = denial_of_type(&d, &s->q->name, s->q->type);
	if (p == PROOF_FULL)
		return conclude(s, out, OUTCOME_NODATA, SECURITY_SECURE);
	if (p == PROOF_OPT_OUT && s->q->type == TYPE_DS && s->to_judge)
		return conclude(s, out, OUTCOME_NODATA, SECURITY_INSECURE);
	if (matched && denial_of_name(&d, &s->q->name) == PROOF_FULL)
		return conclude(s, out, OUTCOME_NXDOMAIN, SECURITY_SECURE);
	return expand(s, out);
}

/* The zone the name lies in, as far as its cuts are known; that of the root is not, before priming. */
static bool find_zone(struct search *s)
{
	struct cut cut;
	s->zone = name_root();
	if (cache_find_cut(s->ts->setup.cache, s->now, &s->q->name, s->q->type == TYPE_DS, s->a,
	                   &cut) == ERR_OK)
		s->zone = cut.zone;
	return name_is_below(&s->q->name, &s->zone);
}

static bool search_zone(struct search *s, struct chain_link *out)
{
	s->count = s->encloser = 0;
	s->lifetime_s = UINT32_MAX;
	s->bound_s = TTL_NO_BOUND;
	gather_nsec(s);
	if (s->count == 0)
		gather_nsec3(s);
	return try_proof(s, out);
}

/*
 * Behind a forwarder no cut is known, so any name above may be the apex of the zone.  Whichever has a
 * span of its own that covers the name speaks for it: a delegation in between would end the span's say.
 */
static bool search_upwards(struct search *s, const struct name *top, struct chain_link *out)
{
	s->zone = s->q->name;
	for (unsigned i = 0; i < ZONES && name_is_below(&s->zone, top); i++) {
		s->zone = name_parent(&s->zone);
		if (search_zone(s, out))
			return true;
	}
	return false;
}

static bool find_span(struct tasks *ts, struct now now, const struct question *q, bool to_judge,
                      struct arena *a, struct chain_link *out)
{
	struct search s = { .ts = ts, .now = now, .a = a, .q = q, .to_judge = to_judge,
		            .budget = { .hashes = HASHES,
		                       .iterations = ts->setup.policy->budget.iterations } };
	const struct cut *route = lookup_route(ts, q);
	if (route != NULL && route->kind == CUT_FORWARD)
		return search_upwards(&s, &route->zone, out);
	return find_zone(&s) && search_zone(&s, out);
}

/* RFC 8020 section 2: nothing is below a name that does not exist. */
static bool find_above(struct tasks *ts, struct now now, const struct question *q,
                       struct arena *a, struct chain_link *out)
{
	struct cached *found = arena_alloc(a, sizeof(*found));
	if (found == NULL ||
	    cache_find_nxdomain_above(ts->setup.cache, now, &q->name, a, found) != ERR_OK ||
	    found->stale || found->outcome.security != SECURITY_SECURE)
		return false;
	ts->counts.synthesised++;
	*out = lookup_link(found);
	return true;
}

bool denial_is_made(const struct tasks *ts)
{
	return ts->setup.policy->aggressive && ts->setup.cache_policy->ttl.mode != TTL_STRICT;
}

bool denial_find(struct tasks *ts, struct now now, const struct question *q, bool to_judge,
                 struct arena *a, struct chain_link *out)
{
	if (!ts->setup.policy->aggressive || name_is_root(&q->name))
		return false;
	if (!find_above(ts, now, q, a, out) &&
	    (!denial_is_made(ts) || !find_span(ts, now, q, to_judge, a, out)))
		return false;
	const struct cut *route = lookup_route(ts, q);
	return route == NULL || name_is_within(&out->outcome->zone, &route->zone);
}
