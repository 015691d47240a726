#include "resolver/core/full.h"

#include "resolver/core/lookup.h"

static void look(struct tasks *ts, struct now now, const struct question *q,
                 const struct chain_link *last, struct full *out)
{
	struct arena *a = flight_scratch(ts);
	struct cached *found = a != NULL ? arena_alloc(a, sizeof(*found)) : NULL;
	if (found == NULL || cache_find(ts->setup.cache, now, q, a, found) != ERR_OK)
		return;
	const struct outcome *o = &found->outcome;
	if (o->kind != OUTCOME_ANSWER || found->stale || o->security == SECURITY_BOGUS)
		return;
	if (last->outcome->security == SECURITY_SECURE && o->security != SECURITY_SECURE)
		return; /* RFC 4035 section 3.2.3: AD speaks for the authority section too */
	out->links[out->count++] = lookup_link(found);
}

void full_find(struct tasks *ts, struct now now, const struct chain_link *last, struct full *out)
{
	static const uint16_t types[] = { TYPE_A, TYPE_AAAA };
	const struct outcome *o = last->outcome;
	out->count = 0;
	if (last->local || last->stale || o->kind != OUTCOME_ANSWER)
		return;
	struct question q = { .name = o->zone, .type = TYPE_NS, .class = CLASS_IN };
	if (o->set->type == TYPE_NS && name_equal(&o->set->owner, &q.name))
		return;
	look(ts, now, &q, last, out);
	const struct rrset *ns = out->count > 0 ? out->links[0].outcome->set : NULL;
	for (unsigned i = 0; ns != NULL && i < ns->count && i < LIMIT_NS_USED; i++) {
		if (rdata_target(TYPE_NS, &ns->rdata[i], &q.name) != ERR_OK)
			continue;
		for (unsigned k = 0; k < 2; k++) {
			q.type = types[k];
			look(ts, now, &q, last, out);
		}
	}
}
