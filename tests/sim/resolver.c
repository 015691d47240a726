#include "tests/sim/resolver.h"

#include "cache/networks.h"
#include "resolver/wire/zonetext.h"
#include "tests/sim/clock.h"
#include "validator/anchors.h"
#include "validator/keys.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
	RESOLVER_BYTES = 16 << 20,
	HOT_OCTETS = 1 << 20,
	ANSWERS_OCTETS = 256 << 10,
	SERVERS_KNOWN = 1024,
	NETWORKS_KNOWN = 256,
	NETWORKS_ENOUGH = 3,
	SKEW_S = 300,
	AUTHORITY_PORT = 53,
	RULE_TTL_S = 60,
	PREFETCH_PERMILLE = 100,
};

/* What the daemon would do, but for chance in what clients see: TTLs count down, order is kept. */
static struct tasks_policy default_policy(void)
{
	return (struct tasks_policy){
		.aggressive = true,
		.prime = true,
		.unprompted = true,
		.minimal = true,
		.errors = true,
		.stale_timer_ms = LIMIT_STALE_TIMER_MS,
		.stale_ttl_s = LIMIT_STALE_TTL,
		.stale_recheck_s = LIMIT_STALE_RECHECK_S,
		.question_ms = LIMIT_QUESTION_MS,
		.failure_s = LIMIT_FAILURE_S,
		.failure_max_s = LIMIT_FAILURE_MAX_S,
		.bogus_s = LIMIT_BOGUS_S,
		.tasks_max = 512,
		.waiters_max = LIMIT_WAITERS,
		.udp_size = LIMIT_UDP_SIZE,
		.time_floor_s = CLOCK_START_S - 86400,
	};
}

void resolver_init(struct resolver *r)
{
	*r = (struct resolver){ .policy = default_policy() };
	r->iterate = (struct iterate_policy){
		.minimise = MINIMISE_RELAXED,
		.randomise_case = true,
		.race_families = true,
		.ipv4 = true,
		.ipv6 = true,
		.cookies = true,
		.dnssec = true,
		.refuse_loopback = true,
		.port = AUTHORITY_PORT,
		.udp_size = LIMIT_UDP_SIZE,
		.timeout_first_ms = LIMIT_TIMEOUT_FIRST_MS,
		.timeout_min_ms = LIMIT_TIMEOUT_MIN_MS,
		.timeout_max_ms = LIMIT_TIMEOUT_MAX_MS,
		.timeout_tcp_ms = LIMIT_TIMEOUT_TCP_MS,
	};
	r->policy.prefetch_permille = PREFETCH_PERMILLE;
	budget_init(&r->policy.budget, 0);
	r->cache_policy = cache_policy_default();
	r->cache_policy.ttl.mode = TTL_OFF;
	r->validate.skew_s = SKEW_S;
	r->finished = true;
	r->special = LOCAL_SPECIAL_ALL;
	r->hot_octets = HOT_OCTETS;
	r->arena = arena_new(RESOLVER_BYTES);
	assert(r->arena != NULL);
}

void resolver_clear(struct resolver *r)
{
	tasks_free(r->tasks);
	local_free(r->local);
	anchors_free(r->anchors);
	keys_free(r->keys);
	servers_free(r->servers);
	answers_free(r->answers);
	networks_free(r->networks);
	cache_free(r->cache);
	arena_free(r->arena);
	*r = (struct resolver){ 0 };
}

/* The root's servers, as a hints file would say. */
static void hints_of_world(struct resolver *r, const struct world *w)
{
	struct name root = name_root();
	const struct world_zone *z = world_find_zone(w, &root);
	unsigned count = 0;
	for (const struct zone_server *s = z == NULL ? NULL : z->servers; s != NULL; s = s->next)
		count++;
	r->hints = (struct cut){ .kind = CUT_HINTS, .zone = root, .ttl = LIMIT_TTL };
	r->hints.servers = arena_array(r->arena, count + 1, sizeof(struct cut_server));
	assert(r->hints.servers != NULL);
	for (const struct zone_server *s = z == NULL ? NULL : z->servers; s != NULL; s = s->next)
		r->hints.servers[r->hints.server_count++] =
		    (struct cut_server){ s->name, s->count, s->addresses };
}

static const char *make_local(struct resolver *r)
{
	struct name open[RESOLVER_ROUTES];
	struct local_setup setup = { .special = r->special,
				     .rule_ttl_s = RULE_TTL_S,
				     .rules = r->rules,
				     .rule_count = r->rule_count,
				     .open = open };
	struct rrset *sets = NULL;
	for (unsigned i = 0; i < r->route_count; i++)
		open[setup.open_count++] = r->routes[i].zone;
	if (r->records != NULL) {
		struct zonetext t = zonetext_of(r->records, strlen(r->records));
		if (zonetext_all(&t, r->arena, &sets, &setup.record_count) != ERR_OK)
			return "local records cannot be read";
	}
	setup.records = sets;
	r->local = local_new(&setup);
	return r->local == NULL ? "no memory for local data" : NULL;
}

static const char *make_anchors(struct resolver *r, const struct world *w)
{
	char ds[1024];
	const char *text = r->anchors_text;
	struct name root = name_root();
	const struct world_zone *z = world_find_zone(w, &root);
	struct rrset *sets = NULL;
	unsigned count = 0;
	if (text == NULL && z != NULL && z->signing.key_count > 0 &&
	    zone_ds_text(&root, z->signing.keys[0], 2, ds, sizeof(ds)) == ERR_OK)
		text = ds;
	if (text == NULL)
		text = "";
	struct zonetext t = zonetext_of(text, strlen(text));
	if (zonetext_all(&t, r->arena, &sets, &count) != ERR_OK ||
	    anchors_new(sets, count, &r->anchors) != ERR_OK)
		return "trust anchors cannot be read";
	return NULL;
}

static struct tasks_setup setup_of(struct resolver *r)
{
	return (struct tasks_setup){
		.policy = &r->policy,
		.iterate = &r->iterate,
		.validate = &r->validate,
		.anchors = r->anchors,
		.keys = r->keys,
		.cache = r->cache,
		.answers = r->answers,
		.networks = r->networks,
		.cache_policy = &r->cache_policy,
		.servers = r->servers,
		.local = r->local,
		.rng = &r->rng,
	};
}

const char *resolver_start(struct resolver *r, struct world *w, uint64_t seed)
{
	struct siphash_key key = { seed, ~seed };
	rng_init_number(&r->rng, seed);
	if (!r->own_hints)
		hints_of_world(r, w);
	r->policy.hints = &r->hints;
	r->policy.routes = r->routes;
	r->policy.route_count = r->route_count;
	r->iterate.never = r->never;
	r->policy.time_servers = r->time_servers;
	r->validate.spared = r->spared;
	r->iterate.beside = !r->policy.minimal;
	r->cache_policy.failure_s = r->policy.failure_s;
	r->cache_policy.failure_max_s = r->policy.failure_max_s;
	if (!r->policy.serve_stale)
		r->cache_policy.stale_window_s = 0;
	const char *why = make_local(r);
	if (why == NULL)
		why = make_anchors(r, w);
	if (why != NULL)
		return why;
	r->cache = cache_new(&r->cache_policy, r->hot_octets, NULL, &key);
	r->servers = servers_new(SERVERS_KNOWN, &key);
	if (r->finished)
		r->answers = answers_new(&r->cache_policy.ttl, ANSWERS_OCTETS, &key);
	if (r->cache_policy.ttl.mode == TTL_STRICT)
		r->networks = networks_new(NETWORKS_KNOWN, NETWORKS_ENOUGH, &key);
	if (r->policy.validate)
		r->keys = keys_new(&key);
	if (r->cache == NULL || (r->finished && r->answers == NULL) || r->servers == NULL ||
	    (r->policy.validate && r->keys == NULL))
		return "no memory";
	struct tasks_setup setup = setup_of(r);
	r->tasks = tasks_new(&setup);
	return r->tasks == NULL ? "no memory" : NULL;
}
