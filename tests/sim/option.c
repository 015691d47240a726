/* The words of a resolver block. */
#include "tests/sim/resolver.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum option_kind { OPTION_SWITCH, OPTION_SECONDS, OPTION_MS, OPTION_NUMBER, OPTION_U16 };

struct option {
	const char *word;
	enum option_kind kind;
	size_t at; /* in struct resolver */
};

#define AT(field) offsetof(struct resolver, field)

static const struct option options[] = {
	{ "validate", OPTION_SWITCH, AT(policy.validate) },
	{ "aggressive", OPTION_SWITCH, AT(policy.aggressive) },
	{ "prime", OPTION_SWITCH, AT(policy.prime) },
	{ "unprompted", OPTION_SWITCH, AT(policy.unprompted) },
	{ "prefetch", OPTION_SWITCH, AT(policy.prefetch) },
	{ "prefetch-permille", OPTION_NUMBER, AT(policy.prefetch_permille) },
	{ "sends", OPTION_NUMBER, AT(policy.budget.sends) },
	{ "minimal", OPTION_SWITCH, AT(policy.minimal) },
	{ "shuffle", OPTION_SWITCH, AT(policy.shuffle) },
	{ "errors", OPTION_SWITCH, AT(policy.errors) },
	{ "stale", OPTION_SWITCH, AT(policy.serve_stale) },
	{ "stale-first", OPTION_SWITCH, AT(policy.stale_first) },
	{ "stale-timer", OPTION_MS, AT(policy.stale_timer_ms) },
	{ "stale-ttl", OPTION_SECONDS, AT(policy.stale_ttl_s) },
	{ "stale-recheck", OPTION_SECONDS, AT(policy.stale_recheck_s) },
	{ "stale-window", OPTION_SECONDS, AT(cache_policy.stale_window_s) },
	{ "question", OPTION_MS, AT(policy.question_ms) },
	{ "failure", OPTION_SECONDS, AT(policy.failure_s) },
	{ "failure-max", OPTION_SECONDS, AT(policy.failure_max_s) },
	{ "bogus", OPTION_SECONDS, AT(policy.bogus_s) },
	{ "tasks", OPTION_NUMBER, AT(policy.tasks_max) },
	{ "waiters", OPTION_NUMBER, AT(policy.waiters_max) },
	{ "udp-size", OPTION_U16, AT(policy.udp_size) },
	{ "rebind-refuse", OPTION_SWITCH, AT(policy.rebind_refuse) },
	{ "case", OPTION_SWITCH, AT(iterate.randomise_case) },
	{ "race", OPTION_SWITCH, AT(iterate.race_families) },
	{ "ipv4", OPTION_SWITCH, AT(iterate.ipv4) },
	{ "ipv6", OPTION_SWITCH, AT(iterate.ipv6) },
	{ "cookies", OPTION_SWITCH, AT(iterate.cookies) },
	{ "dnssec", OPTION_SWITCH, AT(iterate.dnssec) },
	{ "refuse-loopback", OPTION_SWITCH, AT(iterate.refuse_loopback) },
	{ "refuse-private", OPTION_SWITCH, AT(iterate.refuse_private) },
	{ "upstream-size", OPTION_U16, AT(iterate.udp_size) },
	{ "ttl-min", OPTION_SECONDS, AT(cache_policy.ttl_min) },
	{ "ttl-max", OPTION_SECONDS, AT(cache_policy.ttl_max) },
	{ "negative-ttl-max", OPTION_SECONDS, AT(cache_policy.negative_ttl_max) },
	{ "allow-sha1", OPTION_SWITCH, AT(validate.allow_sha1) },
	{ "answers", OPTION_SWITCH, AT(finished) },
	{ "snoop", OPTION_SWITCH, AT(snoop) },
};

static void set_option(struct resolver *r, struct script *s, const struct option *o)
{
	char *at = (char *)r + o->at;
	switch (o->kind) {
	case OPTION_SWITCH:
		*(bool *)(void *)at = script_switch(s);
		break;
	case OPTION_SECONDS:
		*(uint32_t *)(void *)at = (uint32_t)(script_ms(s) / 1000);
		break;
	case OPTION_MS:
		*(uint32_t *)(void *)at = (uint32_t)script_ms(s);
		break;
	case OPTION_NUMBER:
		*(uint32_t *)(void *)at = (uint32_t)script_number(s);
		break;
	case OPTION_U16:
		*(uint16_t *)(void *)at = (uint16_t)script_number(s);
		break;
	}
}

static unsigned one_of(struct script *s, const char *const *words, unsigned count)
{
	const char *word = script_word(s, "a choice");
	for (unsigned i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	script_fail(s, "\"%s\" is not one of the choices", word);
	return 0;
}

/* forward ZONE ADDRESS... [first], stub ZONE ADDRESS... */
static void add_route(struct resolver *r, struct script *s, enum cut_kind kind)
{
	struct cut *c = &r->routes[r->route_count];
	if (r->route_count == RESOLVER_ROUTES) {
		script_fail(s, "more than %d routes", RESOLVER_ROUTES);
		return;
	}
	*c = (struct cut){ .kind = kind, .zone = script_name(s, NULL), .ttl = LIMIT_TTL };
	struct address *all = arena_array(r->arena, SCRIPT_WORDS, sizeof(*all));
	c->servers = arena_array(r->arena, 1, sizeof(struct cut_server));
	assert(all != NULL && c->servers != NULL);
	unsigned count = 0;
	while (script_peek(s) != NULL && !script_take(s, "first"))
		all[count++] = script_address(s);
	c->forward_first = count < s->count && strcmp(s->words[s->count - 1], "first") == 0;
	c->servers[0] = (struct cut_server){ name_root(), count, all };
	c->server_count = 1;
	r->route_count++;
}

/* block NAME nxdomain|nodata|refuse|pass|ADDRESS... [subtree] */
static void add_rule(struct resolver *r, struct script *s)
{
	static const struct {
		const char *word;
		enum local_action action;
	} actions[] = { { "nxdomain", LOCAL_NXDOMAIN },
			{ "nodata", LOCAL_NODATA },
			{ "refuse", LOCAL_REFUSE },
			{ "pass", LOCAL_PASS } };
	struct local_rule *rule = &r->rules[r->rule_count];
	if (r->rule_count == RESOLVER_RULES) {
		script_fail(s, "more than %d rules", RESOLVER_RULES);
		return;
	}
	*rule = (struct local_rule){ .name = script_name(s, NULL), .action = LOCAL_ADDRESS };
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (script_take(s, actions[i].word))
			rule->action = actions[i].action;
	struct address *all = arena_array(r->arena, SCRIPT_WORDS, sizeof(*all));
	assert(all != NULL);
	while (script_peek(s) != NULL && !(rule->subtree = script_take(s, "subtree")))
		all[rule->address_count++] = script_address(s);
	rule->addresses = all;
	r->rule_count++;
}

static const char *append_line(struct resolver *r, const char *text, const char *line)
{
	const char *before = text == NULL ? "" : text;
	size_t size = strlen(before) + strlen(line) + 2;
	char *both = arena_alloc(r->arena, size);
	assert(both != NULL);
	snprintf(both, size, "%s%s\n", before, line);
	return both;
}

/* special on|off, special NAME on|off */
static void set_special(struct resolver *r, struct script *s)
{
	static const struct {
		const char *word;
		enum local_special sort;
	} sorts[] = { { "localhost", LOCAL_LOCALHOST },
		      { "invalid", LOCAL_INVALID },
		      { "test", LOCAL_TEST },
		      { "onion", LOCAL_ONION },
		      { "home.arpa", LOCAL_HOME_ARPA },
		      { "alt", LOCAL_ALT },
		      { "resolver.arpa", LOCAL_RESOLVER_ARPA },
		      { "local", LOCAL_MDNS },
		      { "service.arpa", LOCAL_SERVICE_ARPA },
		      { "reverse", LOCAL_REVERSE },
		      { "example", LOCAL_EXAMPLE },
		      { "ipv4only.arpa", LOCAL_IPV4ONLY_ARPA } };
	unsigned mask = LOCAL_SPECIAL_ALL;
	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++)
		if (script_take(s, sorts[i].word))
			mask = sorts[i].sort;
	r->special = script_switch(s) ? r->special | mask : r->special & ~mask;
}

/* hints NAME ADDRESS... */
static void add_hint(struct resolver *r, struct script *s)
{
	unsigned count = r->own_hints ? r->hints.server_count : 0;
	struct cut_server *all = arena_array(r->arena, count + 1, sizeof(*all));
	struct address *addresses = arena_array(r->arena, SCRIPT_WORDS, sizeof(*addresses));
	assert(all != NULL && addresses != NULL);
	for (unsigned i = 0; i < count; i++)
		all[i] = r->hints.servers[i];
	all[count].name = script_name(s, NULL);
	all[count].addresses = addresses;
	while (script_peek(s) != NULL)
		addresses[all[count].address_count++] = script_address(s);
	r->hints = (struct cut){ .kind = CUT_HINTS,
				 .zone = name_root(),
				 .ttl = LIMIT_TTL,
				 .server_count = count + 1,
				 .servers = all };
	r->own_hints = true;
}

static void add_never(struct resolver *r, struct script *s)
{
	const char *word = script_word(s, "a prefix");
	if (r->iterate.never_count == RESOLVER_NEVER ||
	    prefix_parse(word, &r->never[r->iterate.never_count]) != ERR_OK)
		script_fail(s, "\"%s\" is not a prefix", word);
	else
		r->iterate.never_count++;
}

/* never-validate NAME */
static void add_spared(struct resolver *r, struct script *s)
{
	if (r->validate.spared_count == RESOLVER_SPARED)
		script_fail(s, "more than %d names that are never validated", RESOLVER_SPARED);
	else
		r->spared[r->validate.spared_count++] = script_name(s, NULL);
}

/* time-server NAME */
static void add_time_server(struct resolver *r, struct script *s)
{
	if (r->policy.time_server_count == RESOLVER_TIME)
		script_fail(s, "more than %d time servers", RESOLVER_TIME);
	else
		r->time_servers[r->policy.time_server_count++] = script_name(s, NULL);
}

static bool read_special_word(struct resolver *r, struct script *s)
{
	static const char *const minimise[] = { "off", "relaxed", "strict" };
	static const char *const ttl[] = { "off", "private", "strict" };
	if (script_take(s, "minimise"))
		r->iterate.minimise = (enum minimise)one_of(s, minimise, 3);
	else if (script_take(s, "ttl"))
		r->cache_policy.ttl.mode = (enum ttl_mode)one_of(s, ttl, 3);
	else if (script_take(s, "forward"))
		add_route(r, s, CUT_FORWARD);
	else if (script_take(s, "stub"))
		add_route(r, s, CUT_STUB);
	else if (script_take(s, "block"))
		add_rule(r, s);
	else if (script_take(s, "local"))
		r->records = append_line(r, r->records, script_rest(s));
	else if (script_take(s, "anchor"))
		r->anchors_text = append_line(r, r->anchors_text, script_rest(s));
	else if (script_take(s, "special"))
		set_special(r, s);
	else if (script_take(s, "hints"))
		add_hint(r, s);
	else if (script_take(s, "never-validate"))
		add_spared(r, s);
	else if (script_take(s, "time-server"))
		add_time_server(r, s);
	else if (script_take(s, "never"))
		add_never(r, s);
	else if (script_take(s, "hot"))
		r->hot_octets = (size_t)script_number(s);
	else
		return false;
	return true;
}

void option_read(struct resolver *r, struct script *s)
{
	bool known = read_special_word(r, s);
	for (size_t i = 0; !known && i < sizeof(options) / sizeof(options[0]); i++) {
		if (!script_take(s, options[i].word))
			continue;
		set_option(r, s, &options[i]);
		known = true;
	}
	if (!known)
		script_fail(s, "the resolver has no option \"%s\"", script_word(s, "an option"));
	script_end(s);
}
