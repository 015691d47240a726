#include "tests/iterate/world.h"
#include "tests/unit.h"

static const struct canned table[] = {
	{ .flags = "aa", .answer = "www.example. 60 IN A 192.0.2.80" },
};

static struct outcome *walk(struct world *w, const struct host *hosts, const char *servers)
{
	w->hosts = hosts;
	w->canned = table;
	w->canned_count = 1;
	w->now.mono_ms += 50;
	arena_reset(w->arena);
	return world_walk(w, "www.example.", TYPE_A,
	                  world_cut(w, CUT_DELEGATION, "example.", servers));
}

static void test_select_the_quickest_server_gets_most_and_the_slow_one_some(void)
{
	static const struct host hosts[] = { { "192.0.2.1", NORMAL, 10 },
		                             { "192.0.2.2", NORMAL, 80 },
		                             { "192.0.2.3", NORMAL, 90 },
		                             { NULL, NORMAL, 0 } };
	struct world w;
	unsigned quick = 0, slow = 0, n = 2000;
	world_init(&w, 7);
	for (unsigned i = 0; i < n; i++) {
		CU_ASSERT_EQUAL(walk(&w, hosts, "ns. 192.0.2.1 192.0.2.2 192.0.2.3")->kind,
		                OUTCOME_ANSWER);
		quick += world_sent_to(&w, "192.0.2.1");
		slow += world_sent_to(&w, "192.0.2.3");
	}
	CU_ASSERT_TRUE(quick > n * 9 / 10);
	CU_ASSERT_TRUE(slow > n / 200);
	CU_ASSERT_TRUE(slow < n / 20);
	world_clear(&w);
}

static void test_select_equal_servers_share_the_load(void)
{
	static const struct host hosts[] = { { "192.0.2.1", NORMAL, 20 },
		                             { "192.0.2.2", NORMAL, 20 },
		                             { "192.0.2.3", NORMAL, 21 },
		                             { NULL, NORMAL, 0 } };
	struct world w;
	unsigned to[3] = { 0 };
	world_init(&w, 7);
	for (unsigned i = 0; i < 3000; i++) {
		walk(&w, hosts, "ns. 192.0.2.1 192.0.2.2 192.0.2.3");
		to[0] += world_sent_to(&w, "192.0.2.1");
		to[1] += world_sent_to(&w, "192.0.2.2");
		to[2] += world_sent_to(&w, "192.0.2.3");
	}
	for (unsigned i = 0; i < 3; i++)
		CU_ASSERT_TRUE(to[i] > 800 && to[i] < 1200);
	world_clear(&w);
}

static void test_select_tries_every_unknown_server_before_long(void)
{
	static const struct host hosts[] = { { "192.0.2.1", NORMAL, 60 },
		                             { "192.0.2.2", NORMAL, 60 },
		                             { "192.0.2.3", NORMAL, 60 },
		                             { "192.0.2.4", NORMAL, 60 },
		                             { NULL, NORMAL, 0 } };
	struct world w;
	world_init(&w, 7);
	unsigned tried[4] = { 0 };
	static const char *const all[] = { "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4" };
	for (unsigned i = 0; i < 4; i++) {
		walk(&w, hosts, "ns. 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4");
		for (unsigned k = 0; k < 4; k++)
			tried[k] += world_sent_to(&w, all[k]);
	}
	for (unsigned k = 0; k < 4; k++)
		CU_ASSERT_EQUAL(tried[k], 1);
	world_clear(&w);
}

static void test_select_a_server_once_down_is_found_again(void)
{
	struct host hosts[] = { { "192.0.2.1", SILENT, 5 },
		                { "192.0.2.2", NORMAL, 50 },
		                { NULL, NORMAL, 0 } };
	struct world w;
	unsigned while_down = 0, after = 0;
	world_init(&w, 7);
	for (unsigned i = 0; i < 300; i++) {
		CU_ASSERT_EQUAL(walk(&w, hosts, "ns. 192.0.2.1 192.0.2.2")->kind, OUTCOME_ANSWER);
		while_down += world_sent_to(&w, "192.0.2.1");
	}
	CU_ASSERT_TRUE(while_down < 15);
	hosts[0].manner = NORMAL;
	w.now.mono_ms += 60000;
	for (unsigned i = 0; i < 100; i++) {
		walk(&w, hosts, "ns. 192.0.2.1 192.0.2.2");
		after += world_sent_to(&w, "192.0.2.1");
	}
	CU_ASSERT_TRUE(after > 70);
	world_clear(&w);
}

static void test_select_when_all_servers_are_down_they_are_asked_all_the_same(void)
{
	struct host hosts[] = { { "192.0.2.1", SILENT, 5 }, { NULL, NORMAL, 0 } };
	struct world w;
	world_init(&w, 7);
	for (unsigned i = 0; i < 5; i++)
		walk(&w, hosts, "ns. 192.0.2.1");
	hosts[0].manner = NORMAL;
	CU_ASSERT_EQUAL(walk(&w, hosts, "ns. 192.0.2.1")->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.sent, 1);
	world_clear(&w);
}

/* Each walk is a client of its own, as are its children: none may wait long for a dead family. */
static void test_select_a_dead_ipv6_path_costs_no_walk_more_than_300_ms(void)
{
	static const struct host hosts[] = { { "192.0.2.1", NORMAL, 20 },
		                             { "192.0.2.2", NORMAL, 20 },
		                             { NULL, NORMAL, 0 } };
	int64_t worst = 0, sum = 0;
	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct world w;
		world_init(&w, seed);
		for (unsigned i = 0; i < 100; i++) {
			struct outcome *o = walk(
			    &w, hosts, "ns1. 192.0.2.1 2001:db8::1; ns2. 192.0.2.2 2001:db8::2");
			CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
			worst = w.took_ms > worst ? w.took_ms : worst;
			sum += w.took_ms;
		}
		world_clear(&w);
	}
	CU_ASSERT_TRUE(worst <= 20 + 300);
	CU_ASSERT_TRUE(sum / 5000 <= 26);
}

static void test_select_a_path_that_dies_later_costs_no_more_either(void)
{
	struct host hosts[] = { { "192.0.2.1", NORMAL, 60 },
		                { "2001:db8::1", NORMAL, 40 },
		                { NULL, NORMAL, 0 } };
	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct world w;
		int64_t worst = 0;
		world_init(&w, seed);
		hosts[1].manner = NORMAL;
		for (unsigned i = 0; i < 20; i++)
			walk(&w, hosts, "ns1. 192.0.2.1 2001:db8::1");
		hosts[1].manner = SILENT;
		for (unsigned i = 0; i < 100; i++) {
			CU_ASSERT_EQUAL(walk(&w, hosts, "ns1. 192.0.2.1 2001:db8::1")->kind,
			                OUTCOME_ANSWER);
			worst = w.took_ms > worst ? w.took_ms : worst;
		}
		CU_ASSERT_TRUE(worst <= 60 + 300);
		world_clear(&w);
	}
}

static void test_select_without_ipv6_routes_nothing_is_lost_but_a_packet(void)
{
	static const struct host hosts[] = { { "192.0.2.1", NORMAL, 20 },
		                             { "2001:db8::1", UNREACHABLE, 0 },
		                             { NULL, NORMAL, 0 } };
	struct world w;
	unsigned six = 0;
	world_init(&w, 1);
	for (unsigned i = 0; i < 100; i++) {
		CU_ASSERT_EQUAL(walk(&w, hosts, "ns1. 192.0.2.1 2001:db8::1")->kind,
		                OUTCOME_ANSWER);
		CU_ASSERT_EQUAL(w.took_ms, 20);
		six += world_sent_to(&w, "2001:db8::1");
	}
	CU_ASSERT_TRUE(six <= 3);
	world_clear(&w);
}

static void test_select_a_late_reply_is_still_good(void)
{
	static const struct host hosts[] = { { "192.0.2.1", NORMAL, 2000 }, { NULL, NORMAL, 0 } };
	struct world w;
	world_init(&w, 1);
	struct outcome *o = walk(&w, hosts, "ns1. 192.0.2.1");
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.took_ms, 2000);
	CU_ASSERT_EQUAL(w.sent, 3);
	world_clear(&w);
}

static void test_select_a_network_with_1500_ms_everywhere_still_works(void)
{
	static const struct host hosts[] = {
		{ "192.0.2.1", NORMAL, 1500 }, { "192.0.2.2", NORMAL, 1500 },
		{ "192.0.2.3", NORMAL, 1500 }, { "192.0.2.4", NORMAL, 1500 },
		{ "192.0.2.5", NORMAL, 1500 }, { "192.0.2.6", NORMAL, 1500 },
		{ NULL, NORMAL, 0 },
	};
	struct world w;
	world_init(&w, 1);
	for (unsigned i = 0; i < 20; i++)
		CU_ASSERT_EQUAL(walk(&w, hosts,
		                     "a. 192.0.2.1; b. 192.0.2.2; c. 192.0.2.3; d. 192.0.2.4; e. "
		                     "192.0.2.5; f. 192.0.2.6")
		                    ->kind,
		                OUTCOME_ANSWER);
	world_clear(&w);
}

static void test_select_c16_a_server_without_tcp_is_not_connected_to_again_and_again(void)
{
	static const struct host hosts[] = { { "192.0.2.1", RESETS_TCP, 5 }, { NULL, NORMAL, 0 } };
	struct world w;
	unsigned connects = 0;
	world_init(&w, 7);
	for (unsigned i = 0; i < 1000; i++) {
		CU_ASSERT_EQUAL(walk(&w, hosts, "ns. 192.0.2.1")->kind, OUTCOME_FAILURE);
		connects += w.tcp;
	}
	CU_ASSERT_TRUE(connects <= 6);
	w.now.mono_ms += 60000;
	walk(&w, hosts, "ns. 192.0.2.1");
	CU_ASSERT_EQUAL(w.tcp, 1);
	world_clear(&w);
}

static void test_select_glue_of_a_family_that_is_off_makes_the_name_be_asked(void)
{
	static const struct host hosts[] = { { "192.0.2.1", NORMAL, 5 }, { NULL, NORMAL, 0 } };
	struct world w;
	world_init(&w, 7);
	w.policy.ipv6 = false;
	w.names = "ns.far. 60 IN A 192.0.2.1";
	CU_ASSERT_EQUAL(walk(&w, hosts, "ns.far. 2001:db8::1; ns.example. 2001:db8::2")->kind,
	                OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.fetched, 1);
	world_clear(&w);
}

static void test_select_an_early_error_does_not_hurry_those_who_still_have_time(void)
{
	static const struct host hosts[] = { { "192.0.2.1", NORMAL, 100 },
		                             { "2001:db8::1", SERVFAILS, 300 },
		                             { "192.0.2.2", NORMAL, 100 },
		                             { NULL, NORMAL, 0 } };
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct world w;
		world_init(&w, seed);
		struct outcome *o = walk(&w, hosts, "a. 192.0.2.1 2001:db8::1; b. 192.0.2.2");
		CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
		CU_ASSERT_TRUE(w.sent <= 2);
		world_clear(&w);
	}
}

/* A network that loses every fourth packet. */
static bool lose(struct world *w, unsigned slot, const struct packet *p)
{
	(void)slot;
	(void)p;
	return rng_below(&w->rng, 4) == 0;
}

static void test_select_every_fourth_packet_lost_is_no_reason_to_fail(void)
{
	static const struct host hosts[] = { { "192.0.2.1", NORMAL, 30 },
		                             { "192.0.2.2", NORMAL, 30 },
		                             { NULL, NORMAL, 0 } };
	struct world w;
	unsigned failed = 0, sent = 0;
	world_init(&w, 7);
	w.spoof = lose;
	for (unsigned i = 0; i < 1000; i++) {
		failed += walk(&w, hosts, "a. 192.0.2.1; b. 192.0.2.2")->kind != OUTCOME_ANSWER;
		sent += w.sent;
	}
	CU_ASSERT_TRUE(failed <= 2);
	CU_ASSERT_TRUE(sent < 1500);
	world_clear(&w);
}

static void test_select_lame_servers_are_remembered_per_zone(void)
{
	static const struct host hosts[] = { { "192.0.2.1", LAME_UP, 5 },
		                             { "192.0.2.2", NORMAL, 50 },
		                             { NULL, NORMAL, 0 } };
	struct world w;
	unsigned lame = 0;
	world_init(&w, 7);
	for (unsigned i = 0; i < 100; i++) {
		CU_ASSERT_EQUAL(walk(&w, hosts, "ns. 192.0.2.1 192.0.2.2")->kind, OUTCOME_ANSWER);
		lame += world_sent_to(&w, "192.0.2.1");
	}
	CU_ASSERT_TRUE(lame <= 2);
	world_clear(&w);
}

static const struct unit_test tests[] = {
	UNIT(test_select_the_quickest_server_gets_most_and_the_slow_one_some),
	UNIT(test_select_equal_servers_share_the_load),
	UNIT(test_select_tries_every_unknown_server_before_long),
	UNIT(test_select_a_server_once_down_is_found_again),
	UNIT(test_select_when_all_servers_are_down_they_are_asked_all_the_same),
	UNIT(test_select_a_dead_ipv6_path_costs_no_walk_more_than_300_ms),
	UNIT(test_select_a_path_that_dies_later_costs_no_more_either),
	UNIT(test_select_without_ipv6_routes_nothing_is_lost_but_a_packet),
	UNIT(test_select_a_late_reply_is_still_good),
	UNIT(test_select_a_network_with_1500_ms_everywhere_still_works),
	UNIT(test_select_c16_a_server_without_tcp_is_not_connected_to_again_and_again),
	UNIT(test_select_glue_of_a_family_that_is_off_makes_the_name_be_asked),
	UNIT(test_select_an_early_error_does_not_hurry_those_who_still_have_time),
	UNIT(test_select_every_fourth_packet_lost_is_no_reason_to_fail),
	UNIT(test_select_lame_servers_are_remembered_per_zone),
};
const struct unit_suite suite_select = { "select", tests, sizeof(tests) / sizeof(tests[0]) };
