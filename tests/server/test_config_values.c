#include "resolver/base/limits.h"
#include "resolver/server/config_table.h"
#include "tests/server/config_case.h"
#include <inttypes.h>
#include <stdlib.h>

static void test_empty_file_is_all_defaults(void)
{
	static const char *const empty[] = { "", "# nothing\n", "---\n", "server:\ncache:\n",
					     "{}" };
	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
		struct config *c = config_accepted(empty[i]);
		if (c == NULL)
			return;
		CU_ASSERT_EQUAL(c->server.listen.count, 2);
		CU_ASSERT_EQUAL(c->server.listen.items[0].port, 53);
		CU_ASSERT_EQUAL(c->server.listen.items[1].family, FAMILY_IPV6);
		CU_ASSERT_EQUAL(c->server.allow.count, 9);
		CU_ASSERT_EQUAL(c->server.allow_snoop.count, 0);
		CU_ASSERT_EQUAL(c->limits.sends, LIMIT_SENDS);
		CU_ASSERT_EQUAL(c->limits.received_octets, LIMIT_RECEIVED);
		CU_ASSERT_EQUAL(c->limits.question_ms, LIMIT_QUESTION_MS);
		CU_ASSERT_EQUAL(c->cache.ttl_max_s, LIMIT_TTL);
		CU_ASSERT_EQUAL(c->cache.ttl_low_permille, 125);
		CU_ASSERT_EQUAL(c->cache.store_octets, (uint64_t)256 << 20);
		CU_ASSERT_EQUAL(c->cache.ttl_policy, TTL_POLICY_PRIVATE);
		CU_ASSERT_EQUAL(c->upstream.minimisation, MINIMISATION_RELAXED);
		CU_ASSERT_TRUE(c->validation.enabled);
		CU_ASSERT_FALSE(c->validation.allow_sha1);
		CU_ASSERT_TRUE(c->special.localhost);
		CU_ASSERT_FALSE(c->special.example);
		CU_ASSERT_STRING_EQUAL(c->server.user, "");
		config_free(c);
	}
}

static const struct prefix *allowing(const struct config *c, const char *text)
{
	struct address a;
	if (address_parse(text, &a) != ERR_OK)
		return NULL;
	for (size_t i = 0; i < c->server.allow.count; i++) {
		if (prefix_contains(&c->server.allow.items[i], &a))
			return &c->server.allow.items[i];
	}
	return NULL;
}

static void test_only_loopback_and_private_networks_are_answered_by_default(void)
{
	static const char *const inside[] = { "127.0.0.1",   "::1",        "10.1.2.3", "172.31.0.1",
					      "192.168.1.1", "100.64.0.1", "fd00::1",  "fe80::1" };
	static const char *const outside[] = { "192.0.2.1",   "172.32.0.1", "100.128.0.1",
					       "2001:db8::1", "8.8.8.8",    "::2" };
	struct config *c = config_accepted("");
	if (c == NULL)
		return;
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
		CU_ASSERT_PTR_NOT_NULL(allowing(c, inside[i]));
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
		CU_ASSERT_PTR_NULL(allowing(c, outside[i]));
	config_free(c);
}

static void test_units_are_understood(void)
{
	static const struct {
		const char *text;
		uint64_t store, ttl, timer, low;
	} cases[] = {
		{ "cache: {store-size: 1G, ttl-max: 1d, stale-timer: 2s, ttl-low: 0.01}", 1 << 30,
		  86400, 2000, 10 },
		{ "cache: {store-size: 1048576, ttl-max: 1w, stale-timer: 0, ttl-low: 0.2}",
		  1 << 20, 604800, 0, 200 },
		{ "cache: {store-size: 2048K, ttl-max: 90m, stale-timer: 1500ms, ttl-low: 0.125}",
		  2 << 20, 5400, 1500, 125 },
		{ "cache: {store-size: 64M, ttl-max: 300, stale-timer: 0s, ttl-low: 0.001}",
		  64 << 20, 300, 0, 1 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config *c = config_accepted(cases[i].text);
		if (c == NULL)
			continue;
		CU_ASSERT_EQUAL(c->cache.store_octets, cases[i].store);
		CU_ASSERT_EQUAL(c->cache.ttl_max_s, cases[i].ttl);
		CU_ASSERT_EQUAL(c->cache.stale_timer_ms, cases[i].timer);
		CU_ASSERT_EQUAL(c->cache.ttl_low_permille, cases[i].low);
		config_free(c);
	}
}

/* n in the smallest unit of the key. */
static void raw_number(const struct config_key *k, uint64_t n, char out[64])
{
	if (k->unit == UNIT_PERMILLE)
		(void)snprintf(out, 64, "%" PRIu64 ".%03" PRIu64, n / 1000, n % 1000);
	else
		(void)snprintf(out, 64, "%" PRIu64 "%s", n, k->unit == UNIT_MS ? "ms" : "");
}

static enum err parse_number(const struct config_key *g, const struct config_key *k,
			     const char *number, struct config_error *why)
{
	char text[256];
	struct config *c = NULL;
	int n = snprintf(text, sizeof(text), "%s:\n  %s: %s\n", g->name, k->name, number);
	enum err e = config_parse(text, (size_t)n, &c, why);
	if (e == ERR_OK)
		config_free(c);
	return e;
}

static void inside(const struct config_key *g, const struct config_key *k, uint64_t n)
{
	char number[64];
	struct config_error why;
	raw_number(k, n, number);
	if (parse_number(g, k, number, &why) == ERR_OK)
		return;
	CU_ASSERT_PTR_NOT_NULL(strstr(why.what, "is above")); /* disagrees with another's default */
	CU_ASSERT_EQUAL(why.at.line, 2);
}

static void outside(const struct config_key *g, const struct config_key *k, const char *number,
		    const char *words)
{
	struct config_error why;
	CU_ASSERT_EQUAL(parse_number(g, k, number, &why), ERR_FORMAT);
	CU_ASSERT_EQUAL(why.at.line, 2);
	CU_ASSERT_EQUAL(why.at.column, 3 + strlen(k->name) + 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(why.what, words));
}

static void test_every_number_at_its_borders(void)
{
	unsigned numbers = 0;
	for (const struct config_key *g = config_table; g->name != NULL; g++) {
		for (const struct config_key *k = g->keys; k->name != NULL; k++) {
			char number[64];
			if (k->kind != CONFIG_NUMBER && k->kind != CONFIG_SIZE)
				continue;
			numbers++;
			inside(g, k, k->min);
			inside(g, k, k->max);
			raw_number(k, k->max + 1, number);
			outside(g, k, number, "out of range");
			outside(g, k, "18446744073709551616",
				k->unit == UNIT_MS ? "range" : "out of range");
			outside(g, k, "-1", "is not a number");
			if (k->min == 0)
				continue;
			raw_number(k, k->min - 1, number);
			outside(g, k, number, "out of range");
		}
	}
	CU_ASSERT_TRUE(numbers > 50);
}

static void test_every_choice_is_its_place_in_the_enum(void)
{
	static const char *const policies[] = { "off", "private", "strict" };
	static const char *const levels[] = { "error", "warning", "notice", "info", "debug" };
	char text[128];
	for (unsigned i = 0; i < 5; i++) {
		(void)snprintf(text, sizeof(text),
			       "server: {log-level: %s}\ncache: {ttl-policy: %s}\n", levels[i],
			       policies[i % 3]);
		struct config *c = config_accepted(text);
		if (c == NULL)
			return;
		CU_ASSERT_EQUAL((unsigned)c->server.log_level, i);
		CU_ASSERT_EQUAL((unsigned)c->cache.ttl_policy, i % 3);
		config_free(c);
	}
}

static void test_lists_replace_their_defaults(void)
{
	struct config *c =
	    config_accepted("server:\n  listen:\n  - 192.0.2.1@5335\n  - 2001:db8::1\n"
			    "  allow: []\nupstream:\n  outgoing: [192.0.2.9]\n"
			    "validation:\n  negative-anchors: [Broken.Example, test.]\n");
	if (c == NULL)
		return;
	CU_ASSERT_EQUAL(c->server.listen.count, 2);
	CU_ASSERT_EQUAL(c->server.listen.items[0].port, 5335);
	CU_ASSERT_EQUAL(c->server.listen.items[1].port, 53);
	CU_ASSERT_EQUAL(c->server.allow.count, 0);
	CU_ASSERT_EQUAL(c->upstream.outgoing.count, 1);
	CU_ASSERT_EQUAL(c->upstream.outgoing.items[0].port, 0);
	struct name broken = name_of("broken.example.");
	CU_ASSERT_EQUAL(c->validation.negative_anchors.count, 2);
	CU_ASSERT_TRUE(name_equal(&c->validation.negative_anchors.items[0], &broken));
	config_free(c);
}

static void test_long_lists_keep_every_element(void)
{
	enum { COUNT = 1000 };
	char *text = malloc(64 + COUNT * 32), *at = text;
	if (text == NULL)
		return;
	at += sprintf(at, "server:\n  allow:\n");
	for (unsigned i = 0; i < COUNT; i++)
		at += sprintf(at, "  - 10.%u.%u.0/24\n", i / 256, i % 256);
	struct config *c = config_accepted(text);
	free(text);
	if (c == NULL)
		return;
	CU_ASSERT_EQUAL(c->server.allow.count, COUNT);
	for (unsigned i = 0; i < COUNT; i++) {
		CU_ASSERT_EQUAL(c->server.allow.items[i].base.octets[1], i / 256);
		CU_ASSERT_EQUAL(c->server.allow.items[i].base.octets[2], i % 256);
	}
	config_free(c);
}

static void test_zones_and_blocks_are_read(void)
{
	struct config *c = config_accepted(
	    "forward-zones:\n  - zone: .\n    servers: [192.0.2.1, 192.0.2.2@5353]\n    first: "
	    "yes\n"
	    "  - zone: corp.example\n    servers: [10.0.0.1]\n"
	    "stub-zones:\n  - {zone: lab.example., servers: [127.0.0.2]}\n"
	    "local-data:\n  blocks:\n    - name: ads.example\n"
	    "    - {name: old.example, action: address, addresses: [192.0.2.7], subtree: no}\n");
	if (c == NULL)
		return;
	struct name lab = name_of("lab.example.");
	CU_ASSERT_EQUAL(c->forward.count, 2);
	CU_ASSERT_TRUE(name_is_root(&c->forward.items[0].zone));
	CU_ASSERT_TRUE(c->forward.items[0].first);
	CU_ASSERT_EQUAL(c->forward.items[0].servers.items[0].port, 53);
	CU_ASSERT_EQUAL(c->forward.items[0].servers.items[1].port, 5353);
	CU_ASSERT_FALSE(c->forward.items[1].first);
	CU_ASSERT_EQUAL(c->forward.items[1].at.line, 5);
	CU_ASSERT_EQUAL(c->stub.count, 1);
	CU_ASSERT_TRUE(name_equal(&c->stub.items[0].zone, &lab));
	CU_ASSERT_EQUAL(c->stub.items[0].servers.items[0].port, 0);
	CU_ASSERT_EQUAL(c->local.blocks.count, 2);
	CU_ASSERT_EQUAL(c->local.blocks.items[0].action, BLOCK_NXDOMAIN);
	CU_ASSERT_TRUE(c->local.blocks.items[0].subtree);
	CU_ASSERT_EQUAL(c->local.blocks.items[1].action, BLOCK_ADDRESS);
	CU_ASSERT_FALSE(c->local.blocks.items[1].subtree);
	config_free(c);
}

static void test_lists_of_blocks_may_overlap(void)
{
	struct config *c = config_accepted(
	    "local-data:\n  blocks:\n    - {name: a.example, action: address, addresses: [192.0.2.1]}\n"
	    "    - {name: A.example., action: address, addresses: [192.0.2.1]}\n");
	if (c == NULL)
		return;
	CU_ASSERT_EQUAL(c->local.blocks.count, 2);
	config_free(c);
}

static void test_records_are_lines_or_a_block(void)
{
	static const char *const forms[] = {
		"local-data:\n  records:\n    - www.example. 300 IN A 192.0.2.1\n"
		"    - mail.example. 300 IN A 192.0.2.2\n",
		"local-data:\n  records: |\n    www.example. 300 IN A 192.0.2.1\n"
		"    mail.example. 300 IN A 192.0.2.2\n",
	};
	for (size_t i = 0; i < 2; i++) {
		struct config *c = config_accepted(forms[i]);
		if (c == NULL)
			return;
		CU_ASSERT_STRING_EQUAL(c->local.records.text, "www.example. 300 IN A 192.0.2.1\n"
							      "mail.example. 300 IN A 192.0.2.2\n");
		CU_ASSERT_EQUAL(c->local.records.len, strlen(c->local.records.text));
		config_free(c);
	}
}

static void test_many_record_lines_keep_their_text(void)
{
	enum { COUNT = 300 };
	char *text = malloc(64 + COUNT * 48), *want = malloc(COUNT * 48), *at = text, *w = want;
	if (text == NULL || want == NULL)
		return;
	at += sprintf(at, "local-data:\n  records:\n");
	for (unsigned i = 0; i < COUNT; i++) {
		at += sprintf(at, "  - h%u.example. 60 IN A 192.0.2.1\n", i);
		w += sprintf(w, "h%u.example. 60 IN A 192.0.2.1\n", i);
	}
	struct config *c = config_accepted(text);
	if (c != NULL)
		CU_ASSERT_STRING_EQUAL(c->local.records.text, want);
	config_free(c);
	free(text);
	free(want);
}

static void test_a_choice_of_yes_or_no_takes_every_word_for_it(void)
{
	struct config *c = config_accepted("server: {seccomp: true}\nupstream: {minimisation: false}\n"
					   "cache: {ttl-policy: no}");
	if (c == NULL)
		return;
	CU_ASSERT_EQUAL(c->server.seccomp, SECCOMP_REFUSE);
	CU_ASSERT_EQUAL(c->upstream.minimisation, MINIMISATION_OFF);
	CU_ASSERT_EQUAL(c->cache.ttl_policy, TTL_POLICY_OFF);
	config_free(c);
}

static void test_cookie_secret_is_hexadecimal(void)
{
	struct config *c =
	    config_accepted("server: {cookie-secret: 000102030405060708090a0b0c0d0eFF}");
	if (c == NULL)
		return;
	CU_ASSERT_TRUE(c->server.cookie_secret.given);
	CU_ASSERT_EQUAL(c->server.cookie_secret.octets[1], 1);
	CU_ASSERT_EQUAL(c->server.cookie_secret.octets[15], 0xff);
	config_free(c);
}

static void test_the_table_fits_the_parser(void)
{
	unsigned groups = 0;
	for (const struct config_key *g = config_table; g->name != NULL; g++) {
		size_t keys = 0;
		groups++;
		for (const struct config_key *k = g->keys; k->name != NULL; k++) {
			CU_ASSERT_PTR_NOT_NULL(k->words);
			CU_ASSERT_TRUE(k->required || k->kind == CONFIG_NUMBER ||
				       k->kind == CONFIG_SIZE || k->initial != NULL);
			CU_ASSERT_EQUAL(config_key_find(g->keys, k->name), k); /* names once */
			keys++;
		}
		CU_ASSERT_TRUE(keys <= CONFIG_KEYS_MAX);
	}
	CU_ASSERT_TRUE(groups <= CONFIG_GROUPS_MAX);
}

static const struct unit_test tests[] = {
	UNIT(test_empty_file_is_all_defaults),
	UNIT(test_only_loopback_and_private_networks_are_answered_by_default),
	UNIT(test_units_are_understood),
	UNIT(test_every_number_at_its_borders),
	UNIT(test_every_choice_is_its_place_in_the_enum),
	UNIT(test_lists_replace_their_defaults),
	UNIT(test_long_lists_keep_every_element),
	UNIT(test_zones_and_blocks_are_read),
	UNIT(test_lists_of_blocks_may_overlap),
	UNIT(test_records_are_lines_or_a_block),
	UNIT(test_many_record_lines_keep_their_text),
	UNIT(test_a_choice_of_yes_or_no_takes_every_word_for_it),
	UNIT(test_cookie_secret_is_hexadecimal),
	UNIT(test_the_table_fits_the_parser),
};

const struct unit_suite suite_config_values = { "config_values", tests,
						sizeof(tests) / sizeof(tests[0]) };
