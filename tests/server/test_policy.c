#include "resolver/server/identity.h"
#include "resolver/server/place.h"
#include "resolver/server/policy.h"
#include "resolver/wire/message.h"
#include "tests/server/daemon_suites.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct config *parse(const char *text)
{
	struct config *c = NULL;
	struct config_error why;
	if (config_parse(text, strlen(text), &c, &why) != ERR_OK)
		fprintf(stderr, "%u: %s\n", why.at.line, why.what);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	return c;
}

static struct policy *policy_of(struct config *c)
{
	struct log log;
	struct policy *p = NULL;
	log_init(&log, LOG_LEVEL_ERROR, 0, "test");
	CU_ASSERT_EQUAL_FATAL(policy_new(c, &log, &p), ERR_OK);
	return p;
}

static void test_defaults_reach_the_rooms(void)
{
	struct config *c = parse("");
	struct policy *p = policy_of(c);
	CU_ASSERT_EQUAL(p->tasks.budget.sends, LIMIT_SENDS);
	CU_ASSERT_EQUAL(p->tasks.budget.iterations, LIMIT_NSEC3_ITERATIONS);
	CU_ASSERT_EQUAL(p->iterate.timeout_first_ms, LIMIT_TIMEOUT_FIRST_MS);
	CU_ASSERT_FALSE(p->iterate.no_udp || p->iterate.no_tcp);
	CU_ASSERT_EQUAL(p->tasks.hints->server_count, 13);
	CU_ASSERT_EQUAL(p->tasks.hints->servers[12].address_count, 2);
	CU_ASSERT_TRUE(p->tasks.validate);
	policy_free(p);
	config_free(c);
}

static void test_what_the_file_says_reaches_the_rooms(void)
{
	struct config *c = parse("upstream:\n"
	                         "  tcp: no\n"
	                         "  never-ask: [\"192.0.2.0/24\", \"2001:db8::/32\"]\n"
	                         "  timeout-first: 200ms\n  timeout-min: 20ms\n  timeout-max: 900ms\n"
	                         "  tcp-timeout: 700ms\n"
	                         "cache:\n  prefetch-share: 0.05\n"
	                         "validation:\n  never-validate: [corp.example.]\n"
	                         "rebinding:\n  protect: yes\n  allow: [\"home.example.\"]\n"
	                         "limits:\n  sends: 7\n  received: 8192\n  timeouts: 3\n  referrals: 4\n"
	                         "  aliases: 2\n  address-fetches: 6\n  dead-fetches: 5\n  verifies: 9\n"
	                         "  verify-failures: 2\n  nsec3-hashes: 11\n  nsec3-iterations: 0\n");
	struct policy *p = policy_of(c);
	const struct budget *b = &p->tasks.budget;
	static const uint32_t expected[] = { 7, 8192, 3, 4, 2, 6, 5, 9, 2, 11, 0 };
	const uint32_t found[] = { b->sends, b->octets, b->timeouts, b->referrals, b->aliases,
		b->address_fetches, b->dead_fetches, b->verifies, b->verify_failures, b->hashes,
		b->iterations };
	CU_ASSERT_EQUAL(memcmp(expected, found, sizeof(expected)), 0);
	CU_ASSERT_TRUE(p->iterate.no_tcp);
	CU_ASSERT_EQUAL(p->iterate.timeout_first_ms, 200);
	CU_ASSERT_EQUAL(p->iterate.timeout_min_ms, 20);
	CU_ASSERT_EQUAL(p->iterate.timeout_max_ms, 900);
	CU_ASSERT_EQUAL(p->iterate.timeout_tcp_ms, 700);
	CU_ASSERT_EQUAL(p->iterate.never_count, 4); /* and our own two addresses */
	struct address a;
	CU_ASSERT_EQUAL(address_parse("2001:db8::53", &a), ERR_OK);
	CU_ASSERT_TRUE(prefix_contains(&p->iterate.never[1], &a));
	CU_ASSERT_EQUAL(p->tasks.prefetch_permille, 50);
	CU_ASSERT_EQUAL(p->tasks.rebind_allow_count, 1);
	CU_ASSERT_EQUAL(p->validate.spared_count, 1);
	policy_free(p);
	config_free(c);
}

static bool is_answered(const struct policy *p, const char *name)
{
	struct question q = { .name = name_of(name), .type = TYPE_A, .class = CLASS_IN };
	struct arena *a = arena_new((size_t)1 << 20);
	struct outcome o;
	bool found = local_find(p->local, &q, a, &o) == LOCAL_FOUND;
	arena_free(a);
	return found;
}

static void test_each_special_name_has_its_key(void)
{
	static const struct {
		const char *key, *name;
	} rows[] = {
		{ "localhost", "localhost." }, { "invalid", "x.invalid." }, { "test", "x.test." },
		{ "example", "x.example." }, { "onion", "x.onion." }, { "alt", "x.alt." },
		{ "local", "x.local." }, { "home-arpa", "home.arpa." },
		{ "resolver-arpa", "resolver.arpa." }, { "service-arpa", "service.arpa." },
		{ "ipv4only-arpa", "ipv4only.arpa." }, { "reverse-private", "1.10.in-addr.arpa." },
		{ "reverse-special", "1.127.in-addr.arpa." },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (int on = 0; on < 2; on++) {
			char text[80];
			snprintf(text, sizeof(text), "special-names: {%s: %s}\n", rows[i].key,
			         on ? "yes" : "no");
			struct config *c = parse(text);
			struct policy *p = policy_of(c);
			CU_ASSERT_EQUAL(is_answered(p, rows[i].name), on == 1);
			policy_free(p);
			config_free(c);
		}
	}
}

static void test_hints_that_cannot_be_read_fall_back_to_those_built_in(void)
{
	struct config *c = parse("upstream: {root-hints-file: \"/nowhere/at/all\"}\n");
	struct policy *p = policy_of(c);
	CU_ASSERT_EQUAL(p->tasks.hints->server_count, 13);
	policy_free(p);
	config_free(c);
}

static const struct unit_test policy_tests[] = {
	UNIT(test_defaults_reach_the_rooms),
	UNIT(test_what_the_file_says_reaches_the_rooms),
	UNIT(test_each_special_name_has_its_key),
	UNIT(test_hints_that_cannot_be_read_fall_back_to_those_built_in),
};
const struct unit_suite suite_policy = { "policy", policy_tests,
	                                 sizeof(policy_tests) / sizeof(policy_tests[0]) };

/* ---- identity ---- */

static const char *told(const struct config *c, const char *name, uint16_t type, uint16_t class)
{
	struct question q = { .name = name_of(name), .type = type, .class = class };
	return identity_text(&c->server, &q);
}

static void test_rfc4892_only_four_names_of_class_ch_are_about_us(void)
{
	struct config *c = parse("server: {identity: \"one\", version: \"two\"}\n");
	CU_ASSERT_STRING_EQUAL(told(c, "ID.server.", TYPE_TXT, CLASS_CH), "one");
	CU_ASSERT_STRING_EQUAL(told(c, "hostname.bind.", TYPE_TXT, CLASS_CH), "one");
	CU_ASSERT_STRING_EQUAL(told(c, "version.bind.", TYPE_TXT, CLASS_CH), "two");
	CU_ASSERT_STRING_EQUAL(told(c, "version.server.", TYPE_TXT, CLASS_CH), "two");
	CU_ASSERT_PTR_NULL(told(c, "version.bind.", TYPE_TXT, CLASS_IN));
	CU_ASSERT_PTR_NULL(told(c, "version.bind.", TYPE_A, CLASS_CH));
	CU_ASSERT_PTR_NULL(told(c, "x.version.bind.", TYPE_TXT, CLASS_CH));
	CU_ASSERT_PTR_NULL(told(c, "bind.", TYPE_TXT, CLASS_CH));
	config_free(c);
	c = parse("");
	CU_ASSERT_PTR_NULL(told(c, "id.server.", TYPE_TXT, CLASS_CH));
	CU_ASSERT_PTR_NULL(told(c, "version.bind.", TYPE_TXT, CLASS_CH));
	config_free(c);
}

static void test_the_longest_identity_fits_the_smallest_datagram(void)
{
	char text[256];
	uint8_t out[512], nsid[128] = { 0 };
	memset(text, 'x', 255);
	text[255] = '\0';
	struct query q = { .id = 7, .flags = FLAG_RD, .has_question = true,
		           .question = { .name = name_of("hostname.bind."), .type = TYPE_TXT,
		                         .class = CLASS_CH } };
	struct edns opt = { .present = true, .udp_size = 1232, .has_nsid = true, .nsid = nsid,
		            .nsid_len = sizeof(nsid), .has_cookie = true,
		            .cookie = { .server_len = 16 } };
	struct writer w = writer_of(out, sizeof(out));
	identity_reply(&q, text, &opt, &w);
	CU_ASSERT_EQUAL(w.err, ERR_OK);
	struct arena *a = arena_new((size_t)1 << 20);
	struct message m;
	CU_ASSERT_EQUAL(message_parse(out, writer_length(&w), a, &m), ERR_OK);
	CU_ASSERT_EQUAL(m.section[SECTION_ANSWER].count, 1);
	CU_ASSERT_TRUE(m.edns.has_cookie);
	arena_free(a);
}

static const struct unit_test identity_tests[] = {
	UNIT(test_rfc4892_only_four_names_of_class_ch_are_about_us),
	UNIT(test_the_longest_identity_fits_the_smallest_datagram),
};
const struct unit_suite suite_identity = { "identity", identity_tests,
	                                   sizeof(identity_tests) / sizeof(identity_tests[0]) };

/* ---- place ---- */

static bool is_directory(const char *path, mode_t mode)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode) && (st.st_mode & 0777) == mode;
}

static void test_directories_are_made_private_and_the_store_has_its_own(void)
{
	char top[] = "/tmp/warren-test-XXXXXX", text[512], path[128];
	struct log log;
	log_init(&log, LOG_LEVEL_ERROR, 0, "test");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(top));
	snprintf(text, sizeof(text), "server: {run-dir: \"%s/a/run\", pid-file: \"%s/pid\"}\n"
	         "cache: {directory: \"%s/b/c/cache\"}\n", top, top, top);
	struct config *c = parse(text);
	place_prepare(c, &log);
	place_prepare(c, &log); /* a second time changes nothing */
	snprintf(path, sizeof(path), "%s/a/run/store", top);
	CU_ASSERT_STRING_EQUAL(place_live_directory(c), path);
	CU_ASSERT_TRUE(is_directory(path, 0700));
	CU_ASSERT_TRUE(is_directory(c->server.run_dir, 0700));
	CU_ASSERT_TRUE(is_directory(c->cache.directory, 0700));
	place_write_pid(c, &log);
	FILE *f = fopen(c->server.pid_file, "r");
	int pid = 0;
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_EQUAL(fscanf(f, "%d", &pid), 1);
	CU_ASSERT_EQUAL(pid, getpid());
	(void)fclose(f);
	place_remove_pid(c);
	CU_ASSERT_NOT_EQUAL(access(c->server.pid_file, F_OK), 0);
	(void)rmdir(path);
	(void)rmdir(c->server.run_dir);
	(void)rmdir(c->cache.directory);
	config_free(c);
	for (const char *rest = "/a\0/b/c\0/b\0\0"; *rest != '\0'; rest += strlen(rest) + 1) {
		snprintf(path, sizeof(path), "%s%s", top, rest);
		CU_ASSERT_EQUAL(rmdir(path), 0);
	}
	CU_ASSERT_EQUAL(rmdir(top), 0);
}

static const struct unit_test place_tests[] = {
	UNIT(test_directories_are_made_private_and_the_store_has_its_own),
};
const struct unit_suite suite_place = { "place", place_tests,
	                                sizeof(place_tests) / sizeof(place_tests[0]) };
