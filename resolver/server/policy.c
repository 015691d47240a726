#include "resolver/server/policy.h"

#include "resolver/server/hints.h"
#include "resolver/wire/zonetext.h"
#include "validator/time_floor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { POLICY_OCTETS = 256 << 20 };

/* Records in zone text, gathered.  NULL: not readable (logged with its place). */
static struct rrset *read_records(struct policy *p, const char *text, size_t len, const char *where,
                                  struct log *log, unsigned *count)
{
	struct zonetext z = zonetext_of(text, len);
	struct rrset *sets = NULL;
	enum err e = zonetext_all(&z, p->arena, &sets, count);
	if (e == ERR_OK)
		return sets;
	log_error(log, "%s: line %u: %s", where, z.line, z.what != NULL ? z.what : err_text(e));
	return NULL;
}

static enum err make_hints(struct policy *p, const struct config_upstream *c, struct log *log)
{
	const char *path = c->root_hints_file;
	bool built_in = path[0] == '\0' && c->root_hints.len == 0;
	char why[HINTS_WHY];
	struct cut *cut = NULL;
	if (path[0] != '\0')
		cut = hints_read_file(path, p->arena, why);
	else if (!built_in)
		cut = hints_read(c->root_hints.text, c->root_hints.len, p->arena, why);
	if (cut == NULL && !built_in)
		log_error(log, "%s: %s; using the built-in root hints",
		          path[0] != '\0' ? path : "root-hints", why);
	if (cut == NULL)
		cut = hints_read(hints_built_in, strlen(hints_built_in), p->arena, why);
	p->tasks.hints = cut;
	return cut != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err make_route(struct policy *p, const struct config_zone *zone, enum cut_kind kind,
                           struct cut *cut)
{
	*cut = (struct cut){ .kind = kind, .zone = zone->zone, .forward_first = zone->first,
		             .ttl = LIMIT_TTL };
	cut->servers = arena_array(p->arena, zone->servers.count, sizeof(*cut->servers));
	if (cut->servers == NULL)
		return ERR_NOMEM;
	/* One server an address: what is known of each is kept apart anyway. */
	for (size_t i = 0; i < zone->servers.count && i < LIMIT_NS_KEPT; i++) {
		struct cut_server *server = &cut->servers[cut->server_count++];
		server->name = name_root();
		server->address_count = 1;
		server->addresses =
			arena_copy(p->arena, &zone->servers.items[i], sizeof(struct address));
		if (server->addresses == NULL)
			return ERR_NOMEM;
	}
	return ERR_OK;
}

static enum err make_routes(struct policy *p, const struct config *c)
{
	size_t count = c->forward.count + c->stub.count;
	struct cut *routes = arena_array(p->arena, count + 1, sizeof(*routes));
	enum err e = routes != NULL ? ERR_OK : ERR_NOMEM;
	for (size_t i = 0; e == ERR_OK && i < c->forward.count; i++)
		e = make_route(p, &c->forward.items[i], CUT_FORWARD, &routes[p->tasks.route_count++]);
	for (size_t i = 0; e == ERR_OK && i < c->stub.count; i++)
		e = make_route(p, &c->stub.items[i], CUT_STUB, &routes[p->tasks.route_count++]);
	p->tasks.routes = routes;
	return e;
}

static unsigned special_of(const struct config_special *c)
{
	const struct {
		bool on;
		unsigned bit;
	} table[] = {
		{ c->localhost, LOCAL_LOCALHOST },
		{ c->invalid, LOCAL_INVALID },
		{ c->test, LOCAL_TEST },
		{ c->onion, LOCAL_ONION },
		{ c->home_arpa, LOCAL_HOME_ARPA },
		{ c->alt, LOCAL_ALT },
		{ c->resolver_arpa, LOCAL_RESOLVER_ARPA },
		{ c->service_arpa, LOCAL_SERVICE_ARPA },
		{ c->local, LOCAL_MDNS },
		{ c->example, LOCAL_EXAMPLE },
		{ c->ipv4only_arpa, LOCAL_IPV4ONLY_ARPA },
		{ c->reverse_private, LOCAL_REVERSE_PRIVATE },
		{ c->reverse_special, LOCAL_REVERSE_SPECIAL },
	};
	unsigned bits = 0;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		bits |= table[i].on ? table[i].bit : 0;
	return bits;
}

static enum local_action action_of(enum block_action a)
{
	switch (a) {
	case BLOCK_NXDOMAIN:
		return LOCAL_NXDOMAIN;
	case BLOCK_NODATA:
		return LOCAL_NODATA;
	case BLOCK_ADDRESS:
		return LOCAL_ADDRESS;
	case BLOCK_REFUSE:
		return LOCAL_REFUSE;
	}
	return LOCAL_NXDOMAIN;
}

static struct local_rule *make_rules(struct policy *p, const struct config_blocks *blocks)
{
	struct local_rule *rules = arena_array(p->arena, blocks->count + 1, sizeof(*rules));
	for (size_t i = 0; rules != NULL && i < blocks->count; i++) {
		const struct config_block *b = &blocks->items[i];
		rules[i] = (struct local_rule){
			.name = b->name,
			.subtree = b->subtree,
			.action = action_of(b->action),
			.addresses = b->addresses.items,
			.address_count = (unsigned)b->addresses.count,
		};
	}
	return rules;
}

static enum err make_local(struct policy *p, const struct config *c, struct log *log)
{
	struct local_setup setup = { .special = special_of(&c->special),
		                     .rule_ttl_s = c->local.block_ttl_s };
	if (c->local.records.len > 0) {
		setup.records = read_records(p, c->local.records.text, c->local.records.len,
		                             "local records", log, &setup.record_count);
		if (setup.records == NULL)
			return ERR_FORMAT;
	}
	struct local_rule *rules = make_rules(p, &c->local.blocks);
	struct name *open = arena_array(p->arena, p->tasks.route_count + 1, sizeof(*open));
	if (rules == NULL || open == NULL)
		return ERR_NOMEM;
	for (unsigned i = 0; i < p->tasks.route_count; i++)
		open[i] = p->tasks.routes[i].zone;
	setup.rules = rules;
	setup.rule_count = (unsigned)c->local.blocks.count;
	setup.open = open;
	setup.open_count = p->tasks.route_count;
	p->local = local_new(&setup);
	return p->local != NULL ? ERR_OK : ERR_NOMEM;
}

/* A signature is believed that begins up to the tolerated difference ahead of us. */
static void raise_floor(struct policy *p, const struct anchor_state *s)
{
	int64_t floor_s = s->floor_s - (int64_t)p->validate.skew_s;
	if (p->tasks.time_floor_s != INT64_MIN && floor_s > p->tasks.time_floor_s)
		p->tasks.time_floor_s = floor_s;
}

enum err policy_set_anchors(struct policy *p, const struct anchor_state *s)
{
	struct rrset *sets = NULL;
	size_t count = 0;
	struct arena *a = arena_new(LIMIT_ANCHOR_BYTES);
	if (a == NULL)
		return ERR_NOMEM;
	enum err e = anchor_state_sets(s, p->validate.allow_sha1, a, &sets, &count);
	if (e == ERR_OK)
		e = anchors_new(sets, count, &p->anchors);
	arena_free(a);
	if (e == ERR_OK)
		raise_floor(p, s);
	return e;
}

static enum err make_anchors(struct policy *p, const struct config_validation *c, struct log *log)
{
	unsigned count = 1;
	const struct rrset *sets = c->trust_anchors.len > 0
		? read_records(p, c->trust_anchors.text, c->trust_anchors.len, "trust anchors", log, &count)
		: anchors_built_in(p->arena);
	return sets != NULL ? anchors_new(sets, count, &p->anchors) : ERR_FORMAT;
}

static enum minimise minimise_of(enum minimisation m)
{
	switch (m) {
	case MINIMISATION_OFF:
		return MINIMISE_OFF;
	case MINIMISATION_RELAXED:
		return MINIMISE_RELAXED;
	case MINIMISATION_STRICT:
		return MINIMISE_STRICT;
	}
	return MINIMISE_RELAXED;
}

static enum ttl_mode ttl_mode_of(enum config_ttl t)
{
	switch (t) {
	case TTL_POLICY_OFF:
		return TTL_OFF;
	case TTL_POLICY_PRIVATE:
		return TTL_PRIVATE;
	case TTL_POLICY_STRICT:
		return TTL_STRICT;
	}
	return TTL_PRIVATE;
}

static void fill_budget(struct budget *b, const struct config_limits *c)
{
	*b = (struct budget){
		.sends = c->sends,
		.octets = c->received_octets,
		.timeouts = c->timeouts,
		.referrals = c->referrals,
		.aliases = c->aliases,
		.address_fetches = c->address_fetches,
		.dead_fetches = c->dead_fetches,
		.verifies = c->verifies,
		.verify_failures = c->verify_failures,
		.hashes = c->nsec3_hashes,
		.iterations = c->nsec3_iterations,
	};
}

static void fill_tasks(struct tasks_policy *t, const struct config *c)
{
	*t = (struct tasks_policy){
		.validate = c->validation.enabled,
		.aggressive = c->cache.aggressive_denial && c->validation.enabled,
		.prime = c->upstream.priming && c->upstream.ask_unprompted,
		.unprompted = c->upstream.ask_unprompted,
		.prefetch = c->cache.prefetch,
		.prefetch_permille = c->cache.prefetch_share_permille,
		.sentinel = c->validation.sentinel,
		.minimal = c->server.minimal_answers,
		.shuffle = c->server.shuffle,
		.errors = c->server.extended_errors,
		.serve_stale = c->cache.serve_stale,
		.stale_first = c->cache.stale_first,
		.stale_timer_ms = c->cache.stale_timer_ms,
		.stale_ttl_s = c->cache.stale_ttl_s,
		.stale_recheck_s = c->cache.stale_recheck_s,
		.question_ms = c->limits.question_ms,
		.failure_s = c->cache.failure_ttl_s,
		.failure_max_s = c->cache.failure_ttl_max_s,
		.bogus_s = c->cache.bogus_ttl_s,
		.time_floor_s = c->validation.time_floor ? TIME_FLOOR_S : INT64_MIN,
		.time_servers = c->validation.time_servers.items,
		.time_server_count = (unsigned)c->validation.time_servers.count,
		.tasks_max = c->limits.tasks,
		.waiters_max = c->limits.waiters,
		.udp_size = (uint16_t)c->server.udp_size,
		.rebind_refuse = c->rebinding.protect,
		.rebind_allow = c->rebinding.allow.items,
		.rebind_allow_count = (unsigned)c->rebinding.allow.count,
	};
	fill_budget(&t->budget, &c->limits);
}

static void fill_iterate(struct iterate_policy *i, const struct config_upstream *c)
{
	*i = (struct iterate_policy){
		.minimise = minimise_of(c->minimisation),
		.randomise_case = c->case_randomisation,
		.race_families = c->race_families,
		.ipv4 = c->ipv4,
		.ipv6 = c->ipv6,
		.cookies = c->cookies,
		.refuse_loopback = c->refuse_loopback,
		.refuse_private = c->refuse_private,
		.no_udp = !c->udp,
		.no_tcp = !c->tcp,
		.timeout_first_ms = c->timeout_first_ms,
		.timeout_min_ms = c->timeout_min_ms,
		.timeout_max_ms = c->timeout_max_ms,
		.timeout_tcp_ms = c->tcp_timeout_ms,
		.port = (uint16_t)c->port,
		.udp_size = (uint16_t)c->udp_size,
	};
}

struct cache_policy policy_cache(const struct config_cache *c)
{
	struct cache_policy p = cache_policy_default();
	p.ttl_min = c->ttl_min_s;
	p.ttl_max = c->ttl_max_s;
	p.negative_ttl_max = c->negative_ttl_max_s;
	p.stale_window_s = c->serve_stale ? c->stale_window_s : 0;
	p.failure_s = c->failure_ttl_s;
	p.failure_max_s = c->failure_ttl_max_s;
	p.ttl = (struct ttl_policy){
		.mode = ttl_mode_of(c->ttl_policy),
		.low_permille = (uint16_t)c->ttl_low_permille,
		.high_permille = (uint16_t)c->ttl_high_permille,
	};
	return p;
}

/*
 * What the operator forbids; and our own listening addresses are no authorities, when authorities are
 * asked at our port: threats A14.
 */
static enum err fill_never(struct policy *p, const struct config *c)
{
	const struct config_addresses *listen = &c->server.listen;
	const struct config_prefixes *forbidden = &c->upstream.never_ask;
	struct prefix *never =
		arena_array(p->arena, listen->count + forbidden->count + 1, sizeof(*never));
	if (never == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < forbidden->count; i++)
		never[p->iterate.never_count++] = forbidden->items[i];
	for (size_t i = 0; i < listen->count; i++) {
		const struct address *a = &listen->items[i];
		if (a->port != c->upstream.port)
			continue;
		struct prefix *n = &never[p->iterate.never_count++];
		*n = (struct prefix){ .base = *a, .bits = (uint8_t)(address_octets(a) * 8) };
		n->base.port = 0;
	}
	p->iterate.never = never;
	return ERR_OK;
}

enum err policy_new(const struct config *config, struct log *log, struct policy **out)
{
	struct policy *p = calloc(1, sizeof(*p));
	enum err e = ERR_NOMEM;
	if (p == NULL)
		return e;
	p->arena = arena_new(POLICY_OCTETS);
	if (p->arena == NULL)
		goto fail;
	fill_tasks(&p->tasks, config);
	fill_iterate(&p->iterate, &config->upstream);
	p->iterate.dnssec = config->validation.enabled;
	p->iterate.beside = !config->server.minimal_answers;
	p->cache = policy_cache(&config->cache);
	p->validate = (struct validate_policy){
		.allow_sha1 = config->validation.allow_sha1,
		.skew_s = config->validation.clock_skew_s,
		.spared = config->validation.never_validate.items,
		.spared_count = (unsigned)config->validation.never_validate.count,
	};
	if ((e = fill_never(p, config)) != ERR_OK ||
	    (e = make_hints(p, &config->upstream, log)) != ERR_OK ||
	    (e = make_routes(p, config)) != ERR_OK || (e = make_local(p, config, log)) != ERR_OK ||
	    (e = make_anchors(p, &config->validation, log)) != ERR_OK)
		goto fail;
	*out = p;
	return ERR_OK;
fail:
	policy_free(p);
	return e;
}

static unsigned count_names(const uint8_t *octets, size_t len)
{
	struct reader r = reader_of(octets, len);
	struct name name;
	unsigned count = 0;
	for (; reader_left(&r) > 0 && r.err == ERR_OK; count++)
		read_plain_name_to(&r, &name);
	return count;
}

enum err policy_read_ntas(struct policy *p, const uint8_t *octets, size_t len)
{
	struct reader r = reader_of(octets, len);
	unsigned count = count_names(octets, len);
	struct name *names = calloc(count > 0 ? count : 1, sizeof(*names));
	if (names == NULL)
		return ERR_NOMEM;
	for (unsigned i = 0; i < count; i++)
		read_plain_name_to(&r, &names[i]);
	if (reader_finish(&r) != ERR_OK) {
		free(names);
		return ERR_FORMAT;
	}
	p->ntas = names;
	p->validate.ntas = names;
	p->validate.nta_count = count;
	return ERR_OK;
}

void policy_free(struct policy *p)
{
	if (p == NULL)
		return;
	local_free(p->local);
	anchors_free(p->anchors);
	free(p->ntas);
	arena_free(p->arena);
	free(p);
}
