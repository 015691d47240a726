#include "tests/core/fault.h"
#include "tests/core/nets.h"
#include "tests/unit.h"

#define A50 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" /* 42 octets */
#define A400 A50 A50 A50 A50 A50 A50 A50 A50

static const struct site root[] = {
	{ ROOT_ADDRESS, ".",
	  ". 86400 SOA ns.root. admin.root. 1 1800 900 604800 300\n"
	  ". 86400 NS ns.root.\n"
	  "ns.root. 86400 A 192.0.2.1\n"
	  "long. 300 DNSKEY 257 3 13 " A400 A400 "\nlong. 300 DNSKEY 257 3 13 AA" A400 A400 "BB\n"
	  "alias. 300 CNAME long.\n"
	  ". 300 DNSKEY 257 3 13 AAAA\n. 300 DNSKEY 256 3 13 BBBB\n"
	  ". 300 RRSIG DNSKEY 13 0 300 20300101000000 20200101000000 1 . AAAA\n"
	  ". 300 RRSIG DNSKEY 13 0 300 20300101000000 20200101000000 2 . BBBB\n", false, 0 },
};

static struct world *started(void)
{
	struct world *w = world_new(root, 1);
	w->policy.validate = w->policy.unprompted = true;
	world_start(w);
	return w;
}

static bool probe(struct world *w, const char *name, uint64_t number)
{
	struct question q = world_question(name, TYPE_DNSKEY);
	fault_enter();
	bool begun = tasks_probe(w->tasks, w->now, &q, number);
	fault_leave();
	world_drain(w);
	return begun;
}

static void test_a_probe_brings_the_keys_with_all_their_signatures(void)
{
	struct world *w = started();
	CU_ASSERT_TRUE(probe(w, ".", 7));
	CU_ASSERT_EQUAL(w->probed, 0);
	world_run(w, 100);
	CU_ASSERT_EQUAL(w->probed, 7);
	CU_ASSERT_EQUAL(w->probed_count, 2);
	CU_ASSERT_EQUAL(w->probed_sigs, 2);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	world_free(w);
}

static void test_a_probe_asks_although_the_answer_is_known(void)
{
	struct world *w = started();
	(void)world_resolve(w, ".", TYPE_DNSKEY, FLAG_CD);
	unsigned sends = w->sends;
	(void)world_resolve(w, ".", TYPE_DNSKEY, FLAG_CD);
	CU_ASSERT_EQUAL(w->sends, sends);
	CU_ASSERT_TRUE(probe(w, ".", 1));
	world_run(w, 100);
	CU_ASSERT_EQUAL(w->sends, sends + 1);
	CU_ASSERT_EQUAL(w->probed_count, 2);
	world_free(w);
}

static void test_a_probe_whose_answer_is_truncated_goes_over_tcp(void)
{
	struct world *w = started();
	CU_ASSERT_TRUE(probe(w, "long.", 3));
	world_run(w, 100);
	CU_ASSERT_EQUAL(w->probed, 3);
	CU_ASSERT_EQUAL(w->probed_count, 2);
	CU_ASSERT_EQUAL(w->sends, 2);
	world_free(w);
}

static void test_a_probe_that_nobody_answers_ends_with_nothing(void)
{
	struct world *w = started();
	world_site(w, ROOT_ADDRESS)->silent = true;
	CU_ASSERT_TRUE(probe(w, ".", 9));
	w->probed_count = 5;
	world_run(w, LIMIT_QUESTION_MS + 1);
	CU_ASSERT_EQUAL(w->probed, 9);
	CU_ASSERT_EQUAL(w->probed_count, 0);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	world_free(w);
}

static void test_a_probe_does_not_join_what_is_under_way(void)
{
	struct world *w = started();
	(void)world_ask(w, ".", TYPE_DNSKEY, FLAG_RD | FLAG_CD);
	CU_ASSERT_FALSE(probe(w, ".", 2));
	world_run(w, 100);
	CU_ASSERT_TRUE(probe(w, ".", 2));
	world_free(w);
}

static void test_a_client_may_join_a_probe(void)
{
	struct world *w = started();
	CU_ASSERT_TRUE(probe(w, ".", 4));
	struct client *c = world_ask(w, ".", TYPE_DNSKEY, FLAG_RD | FLAG_CD);
	CU_ASSERT_EQUAL(c->asked, ASKED_PENDING);
	world_run(w, 100);
	CU_ASSERT_TRUE(c->answered);
	CU_ASSERT_EQUAL(w->probed, 4);
	CU_ASSERT_EQUAL(w->sends, 1);
	world_free(w);
}

static void test_a_probe_follows_no_alias(void)
{
	struct world *w = started();
	CU_ASSERT_TRUE(probe(w, "alias.", 6));
	world_run(w, 100);
	CU_ASSERT_EQUAL(w->probed, 6);
	CU_ASSERT_EQUAL(w->probed_count, 0);
	CU_ASSERT_EQUAL(w->sends, 1);
	world_free(w);
}

static void test_nothing_is_probed_when_nothing_is_asked_unprompted(void)
{
	struct world *w = world_new(root, 1);
	w->policy.validate = true;
	w->policy.unprompted = false;
	world_start(w);
	CU_ASSERT_FALSE(probe(w, ".", 1));
	CU_ASSERT_EQUAL(w->sends, 0);
	world_free(w);
}

static void test_h10_a_probe_without_memory_ends(void)
{
	bool struck = true;
	for (size_t n = 1; struck && n < 1000; n++) {
		struct world *w = started();
		fault_after(n);
		bool begun = probe(w, ".", 5);
		world_run(w, LIMIT_QUESTION_MS + 1);
		struck = fault_struck();
		fault_after(0);
		CU_ASSERT_EQUAL(w->probed, begun ? 5 : 0);
		CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
		world_free(w);
	}
	CU_ASSERT_FALSE(struck);
}

/* RFC 7646 section 2. */
static bool check(struct world *w, const char *name, uint64_t number)
{
	struct question q = world_question(name, TYPE_SOA);
	bool begun = tasks_check(w->tasks, w->now, &q, number);
	world_drain(w);
	world_run(w, 100);
	return begun;
}

static struct world *judging(void)
{
	struct world *w = net_new();
	w->policy.validate = w->policy.unprompted = true;
	world_start(w);
	return w;
}

static void test_a_check_tells_how_the_answer_was_judged(void)
{
	static const struct {
		const char *name;
		enum security security;
	} cases[] = {
		{ "secure.", SECURITY_SECURE },        { "nix.secure.", SECURITY_SECURE },
		{ "x.keyed.secure.", SECURITY_SECURE }, { "example.com.", SECURITY_INSECURE },
		{ "bogus.", SECURITY_BOGUS },
	};
	struct world *w = judging();
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_TRUE(check(w, cases[i].name, i + 1));
		CU_ASSERT_EQUAL(w->probed, i + 1);
		CU_ASSERT_EQUAL(w->probed_security, cases[i].security);
		CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	}
	world_free(w);
}

static void test_a_check_is_remembered_by_nobody(void)
{
	static const char *const names[] = { "secure.", "bogus." };
	for (unsigned i = 0; i < 2; i++) {
		struct world *w = judging();
		(void)world_resolve(w, "secure.", TYPE_NS, 0); /* the way there is known */
		CU_ASSERT_TRUE(check(w, names[i], 1));
		unsigned sends = w->sends;
		CU_ASSERT_TRUE(check(w, names[i], 2));
		CU_ASSERT_TRUE(w->sends > sends);
		sends = w->sends;
		(void)world_resolve(w, names[i], TYPE_SOA, 0);
		CU_ASSERT_TRUE(w->sends > sends);
		world_free(w);
	}
}

static void test_nobody_joins_a_check(void)
{
	struct world *w = judging();
	struct question q = world_question("secure.", TYPE_SOA);
	CU_ASSERT_TRUE(tasks_check(w->tasks, w->now, &q, 1));
	struct client *c = world_ask(w, "secure.", TYPE_SOA, FLAG_RD);
	unsigned started = (unsigned)tasks_count(w->tasks).started;
	world_drain(w);
	world_run(w, 100);
	CU_ASSERT_TRUE(c->answered);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).joined, 0);
	CU_ASSERT_TRUE(started >= 1);
	world_free(w);
}

static void test_nothing_is_checked_without_validation(void)
{
	struct world *w = net_new();
	w->policy.unprompted = true;
	world_start(w);
	CU_ASSERT_FALSE(check(w, "secure.", 1));
	world_free(w);
}

static const struct unit_test tests[] = {
	UNIT(test_a_probe_brings_the_keys_with_all_their_signatures),
	UNIT(test_a_probe_asks_although_the_answer_is_known),
	UNIT(test_a_probe_whose_answer_is_truncated_goes_over_tcp),
	UNIT(test_a_probe_that_nobody_answers_ends_with_nothing),
	UNIT(test_a_probe_does_not_join_what_is_under_way),
	UNIT(test_a_client_may_join_a_probe),
	UNIT(test_a_probe_follows_no_alias),
	UNIT(test_nothing_is_probed_when_nothing_is_asked_unprompted),
	UNIT(test_h10_a_probe_without_memory_ends),
	UNIT(test_a_check_tells_how_the_answer_was_judged),
	UNIT(test_a_check_is_remembered_by_nobody),
	UNIT(test_nobody_joins_a_check),
	UNIT(test_nothing_is_checked_without_validation),
};

extern const struct unit_suite suite_probe;
const struct unit_suite suite_probe = { "probe", tests, sizeof(tests) / sizeof(tests[0]) };
