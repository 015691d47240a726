#include "resolver/core/full.h"

#include "resolver/core/lookup.h"
#include "resolver/wire/reader.h"

/* One reply being made whole. */
struct search {
	struct tasks *ts;
	struct now now;
	const struct chain_link *last;
	const struct beside_slot *beside; /* NULL: nothing is known to have come along */
	uint32_t beside_age_s;
	unsigned names;                   /* looked up so far */
	struct full *out;
};

static void add(struct search *s, enum section section, const struct rrset *set,
                const struct chain_link *link)
{
	if (s->out->count < FULL_EXTRAS)
		s->out->extras[s->out->count++] = (struct extra){ section, set, *link };
}

/* True: it came beside the answer, and is still fresh. */
static bool add_beside(struct search *s, enum section section, const struct name *owner,
                       uint16_t type)
{
	const struct ttl_policy *ttl = &s->ts->setup.cache_policy->ttl;
	for (unsigned i = 0; s->beside != NULL && i < s->beside->count; i++) {
		const struct rrset *set = s->beside->sets[i];
		struct chain_link link = { .lifetime_s = set->ttl, .age_s = s->beside_age_s,
			                   .bound_s = TTL_NO_BOUND };
		if (set->type != type || (owner != NULL && !name_equal(&set->owner, owner)) ||
		    s->beside_age_s >= ttl_usable_s(ttl, set->ttl))
			continue;
		add(s, section, set, &link);
		return true;
	}
	return false;
}

/* Answers of their own only: glue and the like are not in the cache as such. */
static bool add_cached(struct search *s, enum section section, const struct name *owner,
                       uint16_t type)
{
	struct question q = { .name = *owner, .type = type, .class = CLASS_IN };
	struct arena *a = flight_scratch(s->ts);
	struct cached *found = a != NULL ? arena_alloc(a, sizeof(*found)) : NULL;
	if (found == NULL || cache_find(s->ts->setup.cache, s->now, &q, a, found) != ERR_OK ||
	    found->outcome.kind != OUTCOME_ANSWER || found->stale ||
	    found->outcome.security == SECURITY_BOGUS)
		return false;
	struct chain_link link = lookup_link(found);
	add(s, section, found->outcome.set, &link);
	return true;
}

static bool is_the_answer(const struct search *s, const struct name *owner, uint16_t type)
{
	const struct rrset *set = s->last->outcome->set;
	return set->type == type && name_equal(&set->owner, owner);
}

static bool names_a_host(uint16_t type)
{
	return type == TYPE_NS || type == TYPE_MX || type == TYPE_SRV || type == TYPE_SVCB ||
	       type == TYPE_HTTPS;
}

/* False: it names none. */
static bool host_of(const struct rrset *set, unsigned i, struct name *host)
{
	if (set->type != TYPE_SVCB && set->type != TYPE_HTTPS)
		return rdata_target(set->type, &set->rdata[i], host) == ERR_OK;
	struct reader r = reader_of(set->rdata[i].octets, set->rdata[i].len);
	bool alias = read_u16(&r) == 0;
	*host = read_plain_name(&r);
	if (r.err != ERR_OK || (alias && name_is_root(host)))
		return false;
	if (name_is_root(host)) /* RFC 9460 section 2.5.2: the owner */
		name_copy(host, &set->owner);
	return true;
}

/* RFC 1035 section 3.3.9, RFC 9460 section 4.2 and others: addresses of the hosts that set names, in the zone that answered. */
static void add_hosts(struct search *s, const struct rrset *set)
{
	static const uint16_t types[] = { TYPE_A, TYPE_AAAA };
	for (unsigned i = 0; names_a_host(set->type) && i < set->count; i++) {
		struct name host;
		if (!host_of(set, i, &host) ||
		    !name_is_within(&host, &s->last->outcome->zone))
			continue;
		if (s->names++ >= LIMIT_NS_USED)
			return;
		for (unsigned k = 0; k < 2; k++) {
			if (!is_the_answer(s, &host, types[k]) &&
			    !add_beside(s, SECTION_ADDITIONAL, &host, types[k]))
				(void)add_cached(s, SECTION_ADDITIONAL, &host, types[k]);
		}
	}
}

/* RFC 4035 section 3.2.3: AD speaks for the authority section, too. */
static void add_servers(struct search *s)
{
	const struct outcome *o = s->last->outcome;
	if (!add_beside(s, SECTION_AUTHORITY, NULL, TYPE_NS) &&
	    !add_cached(s, SECTION_AUTHORITY, &o->zone, TYPE_NS))
		return;
	const struct rrset *ns = s->out->extras[0].set;
	bool again = o->set->type == TYPE_NS && name_equal(&o->set->owner, &ns->owner);
	if (again || (o->security == SECURITY_SECURE && ns->security != SECURITY_SECURE))
		s->out->count = 0;
}

void full_find(struct tasks *ts, struct now now, const struct question *q,
               const struct chain_link *last, struct full *out)
{
	struct search s = { .ts = ts, .now = now, .last = last, .out = out };
	out->count = 0;
	if (last->local || last->stale || last->outcome->kind != OUTCOME_ANSWER)
		return;
	s.beside = beside_find(ts, now, q, &s.beside_age_s);
	add_servers(&s);
	add_hosts(&s, last->outcome->set);
	if (out->count > 0 && out->extras[0].section == SECTION_AUTHORITY)
		add_hosts(&s, out->extras[0].set);
}
