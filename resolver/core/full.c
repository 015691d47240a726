#include "resolver/core/full.h"

static struct rrset *look(struct tasks *ts, struct now now, const struct question *q,
                          const struct chain_link *last)
{
	struct arena *a = flight_scratch(ts);
	struct cached *found = a != NULL ? arena_alloc(a, sizeof(*found)) : NULL;
	if (found == NULL || cache_find(ts->setup.cache, now, q, a, found) != ERR_OK)
		return NULL;
	const struct outcome *o = &found->outcome;
	if (o->kind != OUTCOME_ANSWER || found->stale || o->security == SECURITY_BOGUS)
		return NULL;
	if (last->outcome->security == SECURITY_SECURE && o->security != SECURITY_SECURE)
		return NULL; /* RFC 4035 section 3.2.3: AD speaks for the authority section too */
	o->set->ttl = ttl_shown(&ts->setup.cache_policy->ttl, ts->setup.rng, found->lifetime_s,
	                        found->age_s, found->bound_s);
	return o->set;
}

static void add_addresses(struct tasks *ts, struct now now, const struct chain_link *last,
                          struct full *out)
{
	static const uint16_t types[] = { TYPE_A, TYPE_AAAA };
	for (unsigned i = 0; i < out->ns->count && i < LIMIT_NS_USED; i++) {
		struct question q = { .class = CLASS_IN };
		if (rdata_target(TYPE_NS, &out->ns->rdata[i], &q.name) != ERR_OK)
			continue;
		for (unsigned k = 0; k < 2; k++) {
			q.type = types[k];
			struct rrset *s = look(ts, now, &q, last);
			if (s != NULL)
				out->addresses[out->address_count++] = s;
		}
	}
}

void full_find(struct tasks *ts, struct now now, const struct chain_link *last, struct full *out)
{
	out->ns = NULL;
	out->address_count = 0;
	if (last->local || last->stale || last->outcome->kind != OUTCOME_ANSWER)
		return;
	struct question q = { .name = last->outcome->zone, .type = TYPE_NS, .class = CLASS_IN };
	if (last->outcome->set->type == TYPE_NS && name_equal(&last->outcome->set->owner, &q.name))
		return;
	out->ns = look(ts, now, &q, last);
	if (out->ns != NULL)
		add_addresses(ts, now, last, out);
}
