#include "resolver/core/denial.h"

#include "resolver/core/lookup.h"

bool denial_find(struct tasks *ts, struct now now, const struct question *q, struct arena *a,
                 struct chain_link *out)
{
	struct cached *found = arena_alloc(a, sizeof(*found));
	if (found == NULL || name_is_root(&q->name))
		return false;
	if (cache_find_nxdomain_above(ts->setup.cache, now, &q->name, a, found) != ERR_OK ||
	    found->stale || found->outcome.security != SECURITY_SECURE)
		return false;
	const struct cut *route = lookup_route(ts, q);
	if (route != NULL && !name_is_within(&found->outcome.zone, &route->zone))
		return false;
	ts->counts.synthesised++;
	*out = lookup_link(found);
	return true;
}
