#include "resolver/iterate/select.h"

enum {
	TCP_MIN_MS = 1500, /* a handshake, maybe with one packet lost: RFC 6298 section 2.1 */
	RACE_MS = 250,     /* for a first packet while the other family could be asked */
	DOUBLE_AFTER = 3,  /* silences at one cut, then everything may take longer than we think */

	OPTIMISM_MS = 32, /* a server never heard of counts as at most this far away */
	BAND_MS = 5,      /* closer than this, or a quarter, is equally good */
	EXPLORE_ONE_IN = 32,
	PROBE_ONE_IN = 4,

	/* What speaks against a server: multiples of COST_TRIED, which no RTT reaches. */
	COST_FAILED = 100,
	COST_TRIED = 20000,
	COST_RACED = 40000,
	COST_FAMILY = 100000,
	COST_DOWN = 400000,
	COST_LAME = 800000,
};

bool select_may_ask(const struct target *t)
{
	return !t->spent && !t->lame && t->sent[TRANSPORT_UDP] < LIMIT_TRIES &&
	       t->sent[TRANSPORT_TCP] < LIMIT_TRIES;
}

static bool family_is_waited_for(const struct iterate *it, uint8_t family)
{
	for (unsigned i = 0; i < LIMIT_EXCHANGES_OUT; i++) {
		const struct exchange *x = &it->exchanges[i];
		if ((x->state == EXCHANGE_OUT || x->state == EXCHANGE_LATE) &&
		    x->to.family == family)
			return true;
	}
	return false;
}

static uint32_t family_cost(const struct iterate *it, struct now now, uint8_t family)
{
	uint32_t cost = 0;
	if (it->slow_family == family || !servers_family_works(it->env->servers, now, family))
		cost += COST_FAMILY;
	if (it->env->policy->race_families && family_is_waited_for(it, family))
		cost += COST_RACED;
	return cost;
}

static uint32_t server_cost(struct iterate *it, struct now now, const struct target *t)
{
	struct server k = servers_find(it->env->servers, now, &t->address, it->zone);
	uint32_t cost = k.measured ? k.srtt_ms : rng_below(it->env->rng, OPTIMISM_MS);
	switch (k.health) {
	case SERVER_UP:
		cost += k.failures * COST_FAILED;
		break;
	case SERVER_DOWN:
		cost += COST_DOWN;
		break;
	case SERVER_PROBE:
		cost = k.out == 0 && rng_below(it->env->rng, PROBE_ONE_IN) == 0 ? 0 : COST_DOWN;
		break;
	}
	if (k.lame)
		cost += COST_LAME;
	if (it->env->policy->dnssec && (k.plain || t->edns == EDNS_OFF))
		cost += COST_TRIED; /* it cannot send signatures */
	return cost + t->sent[TRANSPORT_UDP] * (uint32_t)COST_TRIED;
}

/* One of those that cost no more than most, each as likely. */
static struct target *draw(struct iterate *it, const uint32_t *costs, uint32_t most)
{
	struct target *drawn = NULL;
	uint32_t seen = 0;
	for (unsigned i = 0; i < it->target_count; i++)
		if (costs[i] <= most && rng_below(it->env->rng, ++seen) == 0)
			drawn = &it->targets[i];
	return drawn;
}

struct target *select_target(struct iterate *it, struct now now)
{
	uint32_t costs[TARGETS_MAX], best = UINT32_MAX;
	uint32_t v4 = family_cost(it, now, FAMILY_IPV4), v6 = family_cost(it, now, FAMILY_IPV6);
	for (unsigned i = 0; i < it->target_count; i++) {
		const struct target *t = &it->targets[i];
		costs[i] = UINT32_MAX;
		if (!select_may_ask(t))
			continue;
		costs[i] = server_cost(it, now, t) + (t->address.family == FAMILY_IPV6 ? v6 : v4);
		best = costs[i] < best ? costs[i] : best;
	}
	if (best == UINT32_MAX)
		return NULL;
	if (best < COST_TRIED && it->step_sends == 0 &&
	    rng_below(it->env->rng, EXPLORE_ONE_IN) == 0)
		return draw(it, costs, COST_TRIED - 1);
	return draw(it, costs, best + best % COST_TRIED / 4 + BAND_MS);
}

static bool other_family_is_left(const struct iterate *it, uint8_t family)
{
	for (unsigned i = 0; i < it->target_count; i++) {
		const struct target *t = &it->targets[i];
		if (t->address.family != family && select_may_ask(t) && t->sent[TRANSPORT_UDP] == 0)
			return true;
	}
	return false;
}

static uint32_t clamp(uint32_t ms, uint32_t least, uint32_t most)
{
	return ms < least ? least : ms > most ? most : ms;
}

uint32_t select_timeout(const struct iterate *it, const struct target *t, const struct server *k,
                        enum transport transport, bool *patient)
{
	const struct iterate_policy *p = it->env->policy;
	uint32_t ms = k->measured ? k->srtt_ms + 4 * k->variance_ms : p->timeout_first_ms;
	unsigned doublings = k->failures < 2 ? k->failures : 2;
	if (t->sent[TRANSPORT_UDP] > doublings)
		doublings = t->sent[TRANSPORT_UDP];
	doublings += it->step_silences / DOUBLE_AFTER; /* at most LIMIT_STEP_SENDS of them */
	ms = clamp(ms, p->timeout_min_ms, p->timeout_max_ms);
	ms = clamp(ms << doublings, p->timeout_min_ms, p->timeout_max_ms);
	*patient = true;
	if (transport == TRANSPORT_TCP)
		return clamp(3 * ms < TCP_MIN_MS ? TCP_MIN_MS : 3 * ms, 0, p->timeout_tcp_ms);
	uint32_t race = k->measured ? k->srtt_ms + k->variance_ms : 0;
	race = race < RACE_MS ? RACE_MS : race;
	if (p->race_families && ms > race && it->step_silences == 0 &&
	    other_family_is_left(it, t->address.family)) {
		*patient = false;
		return race;
	}
	return ms;
}
