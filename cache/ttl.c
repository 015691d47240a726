#include "cache/ttl.h"

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

uint32_t ttl_high(const struct ttl_policy *p, uint32_t lifetime_s)
{
	if (p->mode == TTL_OFF || lifetime_s == 0)
		return lifetime_s;
	uint32_t high = (uint32_t)((uint64_t)lifetime_s * p->high_permille / 1000);
	return high == 0 ? 1 : least(high, lifetime_s);
}

uint32_t ttl_low(const struct ttl_policy *p, uint32_t lifetime_s)
{
	if (p->mode == TTL_OFF || lifetime_s == 0)
		return lifetime_s == 0 ? 0 : 1;
	uint32_t low = (uint32_t)(((uint64_t)lifetime_s * p->low_permille + 999) / 1000);
	return least(low == 0 ? 1 : low, ttl_high(p, lifetime_s));
}

uint32_t ttl_usable_s(const struct ttl_policy *p, uint32_t lifetime_s)
{
	if (p->mode == TTL_OFF || lifetime_s == 0)
		return lifetime_s;
	return lifetime_s - ttl_high(p, lifetime_s) + 1; /* age + high <= lifetime */
}

uint32_t ttl_shown(const struct ttl_policy *p, struct rng *rng, uint32_t lifetime_s,
                   uint32_t age_s, uint32_t bound_s)
{
	if (p->mode == TTL_OFF)
		return least(age_s < lifetime_s ? lifetime_s - age_s : 0, bound_s);
	uint32_t low = ttl_low(p, lifetime_s);
	uint32_t draw = low + rng_below(rng, ttl_high(p, lifetime_s) - low + 1);
	return least(draw, bound_s);
}
