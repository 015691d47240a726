#include "tests/iterate/world.h"
#include "tests/unit.h"
#include <stdio.h>
#include <string.h>

static const struct canned good[] = {
	{ .flags = "aa", .answer = "www.example. 60 IN A 192.0.2.80" },
};

static bool code_is(const struct outcome *o, const char *code)
{
	return o->kind == OUTCOME_FAILURE && o->reason.text != NULL &&
	       memcmp(o->reason.text, code, 4) == 0;
}

static struct outcome *walk(struct world *w, const struct host *hosts, const struct canned *c,
                            size_t count, const char *servers)
{
	w->hosts = hosts;
	w->canned = c;
	w->canned_count = count;
	return world_walk(w, "www.example.", TYPE_A,
	                  world_cut(w, CUT_DELEGATION, "example.", servers));
}

static void test_limits_c8_two_servers_of_any_manners_cost_twelve_packets_at_most(void)
{
	for (unsigned a = 0; a < MANNERS; a++) {
		for (unsigned b = 0; b < MANNERS; b++) {
			for (unsigned m = MINIMISE_OFF; m <= MINIMISE_STRICT; m++) {
				struct world w;
				struct host hosts[] = { { "192.0.2.1", (enum manner)a, 20 },
					                { "2001:db8::2", (enum manner)b, 20 },
					                { NULL, NORMAL, 0 } };
				world_init(&w, 1 + a * MANNERS + b);
				w.policy.minimise = (enum minimise)m;
				struct outcome *o =
				    walk(&w, hosts, good, 1, "ns1. 192.0.2.1; ns2. 2001:db8::2");
				CU_ASSERT_TRUE(w.udp + 2 * w.tcp <= LIMIT_STEP_SENDS);
				CU_ASSERT_TRUE(w.took_ms <= LIMIT_QUESTION_MS);
				if (a == NORMAL || b == NORMAL)
					CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
				CU_ASSERT_TRUE(o->kind == OUTCOME_ANSWER || o->reason.text != NULL);
				world_clear(&w);
			}
		}
	}
}

static void test_limits_a14_addresses_that_are_no_servers_get_no_packet(void)
{
	static const char *const cases[] = {
		"0.0.0.0",   "0.1.2.3",          "127.0.0.1",        "127.255.0.1",
		"224.0.0.1", "239.255.255.255",  "255.255.255.255",  "::",
		"::1",       "::ffff:192.0.2.1", "::ffff:127.0.0.1", "ff02::1",
	};
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;
		char servers[64];
		world_init(&w, 1);
		snprintf(servers, sizeof(servers), "ns.example. %s", cases[i]);
		struct outcome *o = walk(&w, NULL, good, 1, servers);
		CU_ASSERT_EQUAL(w.sent, 0);
		CU_ASSERT_TRUE(code_is(o, "INAD"));
		CU_ASSERT_EQUAL(o->reason.ede, EDE_NO_REACHABLE_AUTHORITY);
		CU_ASSERT_EQUAL(w.took_ms, 0);
		world_clear(&w);
	}
}

static void test_limits_a14_own_and_private_addresses_by_option(void)
{
	struct world w;
	struct prefix own;
	world_init(&w, 1);
	CU_ASSERT_EQUAL(prefix_parse("192.0.2.53/32", &own), ERR_OK);
	w.policy.never = &own;
	w.policy.never_count = 1;
	w.policy.refuse_private = true;
	CU_ASSERT_TRUE(code_is(walk(&w, NULL, good, 1, "ns. 192.0.2.53 10.1.1.1 fc00::1"), "INAD"));
	CU_ASSERT_EQUAL(w.sent, 0);
	w.policy.refuse_private = false;
	w.policy.ipv6 = false;
	walk(&w, NULL, good, 1, "ns. 10.1.1.1 fc00::1 2001:db8::1");
	CU_ASSERT_EQUAL(world_sent_to(&w, "10.1.1.1"), w.sent);
	CU_ASSERT_TRUE(w.sent > 0);
	world_clear(&w);
}

static void test_limits_c1_a_delegation_of_dead_names_costs_five_of_them(void)
{
	char servers[1024] = "";
	struct world w;
	world_init(&w, 1);
	for (int i = 0; i < 20; i++)
		snprintf(servers + strlen(servers), sizeof(servers) - strlen(servers),
		         "ns%d.victim.;", i);
	struct outcome *o = walk(&w, NULL, good, 1, servers);
	CU_ASSERT_TRUE(code_is(o, "IFET"));
	CU_ASSERT_TRUE(w.fetched <= 12);
	CU_ASSERT_EQUAL(w.sent, 0);
	CU_ASSERT_EQUAL(w.budget.dead_fetches, 0);
	world_clear(&w);
}

static void test_limits_names_that_need_themselves_are_not_looked_up(void)
{
	struct world w;
	world_init(&w, 1);
	/* In the zone without glue; the very name whose address is asked; the root for "no name".
	 */
	struct outcome *o = walk(&w, NULL, good, 1, "ns.example.; www.example.; .");
	CU_ASSERT_TRUE(code_is(o, "INAD"));
	o = world_walk(&w, "ns.other.", TYPE_AAAA,
	               world_cut(&w, CUT_DELEGATION, "example.", "ns.other."));
	CU_ASSERT_TRUE(code_is(o, "INAD"));
	CU_ASSERT_EQUAL(w.fetched, 0);
	world_clear(&w);
}

static void test_limits_c2_a_referral_with_200_servers_keeps_20(void)
{
	static char authority[16000], additional[16000];
	struct world w;
	world_init(&w, 1);
	authority[0] = additional[0] = 0;
	size_t at = 0, more = 0;
	for (int i = 0; i < 200; i++) {
		at += (size_t)snprintf(authority + at, sizeof(authority) - at,
		                       "sub.example. 60 IN NS n%d.sub.example.\n", i);
		more += (size_t)snprintf(additional + more, sizeof(additional) - more,
		                         "n%d.sub.example. 60 IN A 192.0.3.%d\n", i, i);
	}
	struct canned table[] = {
		{ .at = "192.0.2.1", .authority = authority, .additional = additional }
	};
	struct host hosts[] = { { "192.0.2.1", TRUNCATES, 10 }, { NULL, NORMAL, 0 } };
	w.hosts = hosts;
	w.canned = table;
	w.canned_count = 1;
	world_walk(&w, "x.sub.example.", TYPE_A,
	           world_cut(&w, CUT_DELEGATION, "example.", "ns. 192.0.2.1"));
	const struct cut *c = world_learned_cut(&w, "sub.example.");
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_EQUAL(c->server_count, LIMIT_NS_KEPT);
	CU_ASSERT_TRUE(w.sent <= 3 + LIMIT_STEP_SENDS);
	world_clear(&w);
}

static void test_limits_c3_shared_addresses_are_one_target(void)
{
	char servers[1024] = "";
	struct world w;
	struct host hosts[] = { { "192.0.2.1", REFUSES, 10 },
		                { "192.0.2.2", REFUSES, 10 },
		                { NULL, NORMAL, 0 } };
	world_init(&w, 1);
	w.policy.randomise_case = false;
	for (int i = 0; i < 10; i++)
		snprintf(servers + strlen(servers), sizeof(servers) - strlen(servers),
		         "ns%d.example. 192.0.2.1 192.0.2.2;", i);
	CU_ASSERT_TRUE(code_is(walk(&w, hosts, good, 1, servers), "IERR"));
	CU_ASSERT_EQUAL(w.sent, 2);
	world_clear(&w);
}

static bool deeper(struct world *w, unsigned slot, const struct packet *p)
{
	static uint8_t out[65535];
	char authority[2200], additional[2200], zone[NAME_TEXT_MAX];
	unsigned *depth = w->spoof_data;
	struct name n = name_suffix(&p->question.name, ++*depth + 1);
	name_text(&n, zone);
	snprintf(authority, sizeof(authority), "%s 60 IN NS ns.%s", zone, zone);
	snprintf(additional, sizeof(additional), "ns.%s 60 IN A 192.0.2.1", zone);
	struct canned c = { .authority = authority, .additional = additional };
	size_t len = world_canned(w, &c, p, out);
	(void)iterate_on_reply(w->it, w->now, slot, out, len);
	return true;
}

static void test_limits_c4_endless_delegation_ends_after_32_referrals(void)
{
	struct world w;
	char name[256] = "";
	unsigned depth = 0;
	world_init(&w, 1);
	w.spoof = deeper;
	w.spoof_data = &depth;
	for (int i = 0; i < 100; i++)
		strcat(name, "a.");
	strcat(name, "example.");
	struct outcome *o = world_walk(&w, name, TYPE_A,
	                               world_cut(&w, CUT_DELEGATION, "example.", "ns. 192.0.2.1"));
	CU_ASSERT_TRUE(code_is(o, "IREF"));
	CU_ASSERT_EQUAL(w.sent, LIMIT_REFERRALS + 1);
	world_clear(&w);
}

static void test_limits_c6_aliases_to_themselves_end_the_walk_at_once(void)
{
	static const char *const cases[] = {
		"www.example. 60 IN CNAME www.example.",
		"www.example. 60 IN CNAME b.example.\nb.example. 60 IN CNAME www.example.",
		"www.example. 60 IN CNAME b.example.\nb.example. 60 IN CNAME b.example.",
	};
	struct host hosts[] = { { "192.0.2.1", NORMAL, 10 }, { NULL, NORMAL, 0 } };
	for (unsigned i = 0; i < 3; i++) {
		struct world w;
		struct canned c = { .flags = "aa", .answer = cases[i] };
		world_init(&w, 1);
		struct outcome *o = walk(&w, hosts, &c, 1, "ns. 192.0.2.1");
		CU_ASSERT_EQUAL(o->kind, OUTCOME_CNAME);
		CU_ASSERT_EQUAL(w.sent, 1);
		CU_ASSERT_TRUE(w.lessons <= LIMIT_ALIASES);
		world_clear(&w);
	}
}

static void test_limits_c10_a_zone_with_200_exchanges_out_gets_no_more(void)
{
	struct world w;
	world_init(&w, 1);
	struct name zone = name_of("shop.example.");
	uint64_t key = servers_zone(w.env.servers, &zone);
	for (uint32_t i = 0; i < LIMIT_ZONE_OUT; i++) {
		struct address a = { .family = FAMILY_IPV4,
			             .octets = { 10, 0, (uint8_t)i },
			             .port = 53 };
		CU_ASSERT_EQUAL(servers_take(w.env.servers, w.now, &a, key, ZONE_CAPPED), TAKE_OK);
	}
	struct outcome *o = world_walk(&w, "www.shop.example.", TYPE_A,
	                               world_cut(&w, CUT_DELEGATION, "shop.example.", "ns. 192.0.2.1"));
	CU_ASSERT_TRUE(code_is(o, "IZON"));
	CU_ASSERT_EQUAL(w.sent, 0);
	world_clear(&w);
}

static void test_limits_a_top_level_domain_has_no_cap_of_its_own(void)
{
	struct world w;
	struct host hosts[] = { { "192.0.2.1", NORMAL, 10 }, { NULL, NORMAL, 0 } };
	world_init(&w, 1);
	servers_set_caps(w.env.servers, 1, LIMIT_SERVER_OUT);
	struct name zone = name_of("example.");
	struct address a = { .family = FAMILY_IPV4, .octets = { 10 }, .port = 53 };
	uint64_t key = servers_zone(w.env.servers, &zone);
	for (unsigned i = 0; i < 9; i++)
		CU_ASSERT_EQUAL(servers_take(w.env.servers, w.now, &a, key, ZONE_WIDE), TAKE_OK);
	CU_ASSERT_EQUAL(servers_take(w.env.servers, w.now, &a, key, ZONE_CAPPED), TAKE_ZONE_FULL);
	CU_ASSERT_EQUAL(walk(&w, hosts, good, 1, "ns. 192.0.2.1")->kind, OUTCOME_ANSWER);
	world_clear(&w);
}

static void test_limits_time_outs_are_the_policys(void)
{
	struct world w;
	struct host hosts[] = { { "192.0.2.1", SILENT, 10 }, { NULL, NORMAL, 0 } };
	world_init(&w, 1);
	w.policy.timeout_first_ms = 30;
	w.policy.timeout_min_ms = 20;
	w.policy.timeout_max_ms = 50;
	CU_ASSERT_EQUAL(walk(&w, hosts, good, 1, "ns. 192.0.2.1")->kind, OUTCOME_FAILURE);
	CU_ASSERT_EQUAL(w.log[0].timeout_ms, 30);
	for (unsigned i = 1; i < w.sent; i++)
		CU_ASSERT_EQUAL(w.log[i].timeout_ms, 50);
	world_clear(&w);
}

static void test_limits_a_transport_that_is_off_is_never_used(void)
{
	struct world w;
	struct host hosts[] = { { "192.0.2.1", NORMAL, 10 }, { NULL, NORMAL, 0 } };
	struct host cutting[] = { { "192.0.2.1", TRUNCATES, 10 }, { NULL, NORMAL, 0 } };
	world_init(&w, 1);
	w.policy.no_udp = true;
	CU_ASSERT_EQUAL(walk(&w, hosts, good, 1, "ns. 192.0.2.1")->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.udp, 0);
	CU_ASSERT_EQUAL(w.tcp, 1);
	w.policy.no_udp = false;
	CU_ASSERT_EQUAL(walk(&w, cutting, good, 1, "ns. 192.0.2.1")->kind, OUTCOME_ANSWER);
	w.policy.no_tcp = true;
	CU_ASSERT_EQUAL(walk(&w, cutting, good, 1, "ns. 192.0.2.1")->kind, OUTCOME_FAILURE);
	CU_ASSERT_EQUAL(w.tcp, 0);
	world_clear(&w);
}

static void test_limits_a_forwarder_that_gets_everything_is_not_capped(void)
{
	struct world w;
	struct host hosts[] = { { "192.0.2.1", NORMAL, 10 }, { NULL, NORMAL, 0 } };
	struct address a;
	world_init(&w, 1);
	CU_ASSERT_EQUAL(address_parse("192.0.2.1@53", &a), ERR_OK);
	for (uint32_t i = 0; i < 2 * LIMIT_SERVER_OUT; i++)
		CU_ASSERT_EQUAL(servers_take(w.env.servers, w.now, &a, 0, ZONE_CAPPED), TAKE_OK);
	w.hosts = hosts;
	w.canned = good;
	w.canned_count = 1;
	struct outcome *o = world_walk(&w, "www.example.", TYPE_A,
	                               world_cut(&w, CUT_FORWARD, ".", ". 192.0.2.1"));
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	world_clear(&w);
}

static void test_limits_a_full_server_is_passed_over(void)
{
	struct world w;
	struct host hosts[] = { { "192.0.2.1", NORMAL, 10 },
		                { "192.0.2.2", NORMAL, 10 },
		                { NULL, NORMAL, 0 } };
	struct address full;
	world_init(&w, 1);
	CU_ASSERT_EQUAL(address_parse("192.0.2.1@53", &full), ERR_OK);
	for (uint32_t i = 0; i < LIMIT_SERVER_OUT; i++)
		CU_ASSERT_EQUAL(servers_take(w.env.servers, w.now, &full, 1 + i / LIMIT_ZONE_OUT, ZONE_CAPPED),
		                TAKE_OK);
	for (int i = 0; i < 10; i++) {
		struct outcome *o = walk(&w, hosts, good, 1, "ns. 192.0.2.1 192.0.2.2");
		CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
		CU_ASSERT_EQUAL(world_sent_to(&w, "192.0.2.1"), 0);
	}
	CU_ASSERT_TRUE(code_is(walk(&w, hosts, good, 1, "ns. 192.0.2.1"), "ISRV"));
	world_clear(&w);
}

static void test_limits_every_exchange_is_given_back(void)
{
	struct address a, b;
	CU_ASSERT_EQUAL(address_parse("192.0.2.1@53", &a), ERR_OK);
	CU_ASSERT_EQUAL(address_parse("2001:db8::2@53", &b), ERR_OK);
	for (unsigned m = 0; m < MANNERS; m++) {
		struct world w;
		struct host hosts[] = { { "192.0.2.1", (enum manner)m, 20 },
			                { "2001:db8::2", SILENT, 0 },
			                { NULL, NORMAL, 0 } };
		world_init(&w, m);
		walk(&w, hosts, good, 1, "ns1. 192.0.2.1; ns2. 2001:db8::2");
		CU_ASSERT_EQUAL(servers_find(w.env.servers, w.now, &a, 0).out, 0);
		CU_ASSERT_EQUAL(servers_find(w.env.servers, w.now, &b, 0).out, 0);
		world_clear(&w);
	}
}

static void test_limits_a_dead_zone_fails_within_eight_timeouts(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = walk(&w, NULL, good, 1,
	                         "a. 192.0.2.1; b. 192.0.2.2; c. 192.0.2.3; d. 192.0.2.4; "
	                         "e. 192.0.2.5; f. 192.0.2.6; g. 2001:db8::1; h. 2001:db8::2");
	CU_ASSERT_EQUAL(o->kind, OUTCOME_FAILURE);
	CU_ASSERT_EQUAL(o->reason.ede, EDE_NO_REACHABLE_AUTHORITY);
	CU_ASSERT_TRUE(w.sent <= LIMIT_STEP_SENDS);
	CU_ASSERT_TRUE(w.took_ms <= LIMIT_QUESTION_MS);
	world_clear(&w);
}

static void test_limits_one_dead_server_is_given_up_after_three_tries(void)
{
	for (unsigned m = MINIMISE_OFF; m <= MINIMISE_STRICT; m++) {
		struct world w;
		world_init(&w, 1);
		w.policy.minimise = (enum minimise)m;
		struct outcome *o = walk(&w, NULL, good, 1, "a. 192.0.2.1");
		CU_ASSERT_TRUE(code_is(o, "ISIL"));
		CU_ASSERT_EQUAL(w.sent, LIMIT_TRIES);
		CU_ASSERT_TRUE(w.took_ms < 4000);
		world_clear(&w);
	}
}

static void test_limits_unreachable_networks_are_said_to_be_so(void)
{
	struct world w;
	struct host hosts[] = { { "192.0.2.1", UNREACHABLE, 0 },
		                { "2001:db8::2", UNREACHABLE, 0 },
		                { NULL, NORMAL, 0 } };
	world_init(&w, 1);
	struct outcome *o = walk(&w, hosts, good, 1, "a. 192.0.2.1 2001:db8::2");
	CU_ASSERT_TRUE(code_is(o, "INET"));
	CU_ASSERT_EQUAL(o->reason.ede, EDE_NETWORK_ERROR);
	CU_ASSERT_EQUAL(w.sent, 2);
	world_clear(&w);
}

static struct outcome *poor(struct world *w, uint32_t sends, uint32_t octets)
{
	static struct host hosts[] = { { "192.0.2.1", NORMAL, 10 }, { NULL, NORMAL, 0 } };
	struct question q = { name_of("www.example."), TYPE_A, CLASS_IN };
	struct cut *c = world_cut(w, CUT_DELEGATION, "example.", "ns. 192.0.2.1");
	static uint8_t out[65535];
	w->hosts = hosts;
	w->canned = good;
	w->canned_count = 1;
	budget_init(&w->budget, w->now.mono_ms);
	w->budget.sends = sends;
	w->budget.octets = octets;
	w->it = iterate_new(w->arena, &w->env, &q, c, &w->budget);
	struct iterate_want want = iterate_next(w->it, w->now);
	if (want.kind == ITERATE_SEND) {
		struct query asked;
		CU_ASSERT_EQUAL(query_parse(want.send.octets, want.send.len, &asked), QUERY_OK);
		struct packet p = { .to = want.send.to,
			            .question = asked.question,
			            .id = asked.id };
		size_t len = world_canned(w, &good[0], &p, out);
		CU_ASSERT_TRUE(iterate_on_reply(w->it, w->now, want.slot, out, len));
		want = iterate_next(w->it, w->now);
	}
	CU_ASSERT_EQUAL(want.kind, ITERATE_DONE);
	iterate_end(w->it);
	return iterate_outcome(w->it);
}

static void test_limits_budgets_that_are_used_up_have_their_own_codes(void)
{
	struct world w;
	world_init(&w, 1);
	CU_ASSERT_EQUAL(poor(&w, 1, 1000)->kind, OUTCOME_ANSWER);
	CU_ASSERT_TRUE(code_is(poor(&w, 0, 1000), "ISND"));
	CU_ASSERT_TRUE(code_is(poor(&w, 1, 10), "IOCT"));
	world_clear(&w);
}

static void test_limits_the_deadline_ends_everything(void)
{
	struct world w;
	struct question q = { name_of("www.example."), TYPE_A, CLASS_IN };
	world_init(&w, 1);
	budget_init(&w.budget, w.now.mono_ms);
	w.it = iterate_new(w.arena, &w.env, &q,
	                   world_cut(&w, CUT_DELEGATION, "example.", "ns. 192.0.2.1"), &w.budget);
	CU_ASSERT_EQUAL(iterate_next(w.it, w.now).kind, ITERATE_SEND);
	CU_ASSERT_EQUAL(iterate_next(w.it, w.now).kind, ITERATE_WAIT);
	w.now.mono_ms += LIMIT_QUESTION_MS;
	CU_ASSERT_EQUAL(iterate_next(w.it, w.now).kind, ITERATE_CLOSE);
	CU_ASSERT_EQUAL(iterate_next(w.it, w.now).kind, ITERATE_DONE);
	CU_ASSERT_TRUE(code_is(iterate_outcome(w.it), "ITIM"));
	iterate_end(w.it);
	world_clear(&w);
}

/* The n-th allocation fails, for every n: a failure comes out, nothing crashes, nothing leaks. */
static void test_limits_memory_may_end_anywhere(void)
{
	static const struct canned table[] = {
		{ .at = "192.0.2.1",
		  .authority = "sub.example. 60 IN NS ns.sub.example.\nsub.example. 60 IN NSEC "
		               "z.example. NS",
		  .additional = "ns.sub.example. 60 IN A 192.0.2.2" },
		{ .flags = "aa",
		  .answer = "www.sub.example. 60 IN CNAME a.sub.example.\na.sub.example. 60 IN A "
		            "192.0.2.3" },
	};
	static uint8_t out[65535];
	for (size_t n = 0; n < 60; n++) {
		struct world w;
		struct question q = { name_of("www.sub.example."), TYPE_A, CLASS_IN };
		world_init(&w, 1);
		w.canned = table;
		w.canned_count = 2;
		struct arena *own = arena_new(LIMIT_TASK_BYTES);
		struct cut *c = world_cut(&w, CUT_DELEGATION, "example.", "ns. 192.0.2.1");
		budget_init(&w.budget, w.now.mono_ms);
		arena_fail_after(own, n);
		w.it = iterate_new(own, &w.env, &q, c, &w.budget);
		for (unsigned turns = 0; w.it != NULL && turns < 50; turns++) {
			struct iterate_want want = iterate_next(w.it, w.now);
			if (want.kind == ITERATE_DONE)
				break;
			if (want.kind != ITERATE_SEND)
				continue;
			struct query asked;
			(void)query_parse(want.send.octets, want.send.len, &asked);
			struct packet p = { .to = want.send.to,
				            .question = asked.question,
				            .id = asked.id };
			size_t len = world_canned(&w, world_find(&w, &p), &p, out);
			CU_ASSERT_TRUE(iterate_on_reply(w.it, w.now, want.slot, out, len));
		}
		if (w.it != NULL) {
			struct outcome *o = iterate_outcome(w.it);
			CU_ASSERT_EQUAL(iterate_next(w.it, w.now).kind, ITERATE_DONE);
			CU_ASSERT_TRUE(o->kind == OUTCOME_CNAME || code_is(o, "IMEM"));
			CU_ASSERT_TRUE(n == 0 || n > 30 || o->kind == OUTCOME_FAILURE);
			iterate_end(w.it);
		} else {
			CU_ASSERT_EQUAL(n, 1);
		}
		arena_free(own);
		world_clear(&w);
	}
}

static const struct unit_test tests[] = {
	UNIT(test_limits_c8_two_servers_of_any_manners_cost_twelve_packets_at_most),
	UNIT(test_limits_a14_addresses_that_are_no_servers_get_no_packet),
	UNIT(test_limits_a14_own_and_private_addresses_by_option),
	UNIT(test_limits_c1_a_delegation_of_dead_names_costs_five_of_them),
	UNIT(test_limits_names_that_need_themselves_are_not_looked_up),
	UNIT(test_limits_c2_a_referral_with_200_servers_keeps_20),
	UNIT(test_limits_c3_shared_addresses_are_one_target),
	UNIT(test_limits_c4_endless_delegation_ends_after_32_referrals),
	UNIT(test_limits_c6_aliases_to_themselves_end_the_walk_at_once),
	UNIT(test_limits_c10_a_zone_with_200_exchanges_out_gets_no_more),
	UNIT(test_limits_a_top_level_domain_has_no_cap_of_its_own),
	UNIT(test_limits_time_outs_are_the_policys),
	UNIT(test_limits_a_transport_that_is_off_is_never_used),
	UNIT(test_limits_a_forwarder_that_gets_everything_is_not_capped),
	UNIT(test_limits_a_full_server_is_passed_over),
	UNIT(test_limits_every_exchange_is_given_back),
	UNIT(test_limits_a_dead_zone_fails_within_eight_timeouts),
	UNIT(test_limits_one_dead_server_is_given_up_after_three_tries),
	UNIT(test_limits_unreachable_networks_are_said_to_be_so),
	UNIT(test_limits_budgets_that_are_used_up_have_their_own_codes),
	UNIT(test_limits_the_deadline_ends_everything),
	UNIT(test_limits_memory_may_end_anywhere),
};
const struct unit_suite suite_limits = { "limits", tests, sizeof(tests) / sizeof(tests[0]) };
