#include "tests/core/fault.h"
#include "tests/core/nets.h"
#include "tests/unit.h"

static struct world *started(void)
{
	struct world *w = net_new();
	world_start(w);
	return w;
}

static void test_a_question_goes_from_the_root_down_and_is_kept(void)
{
	struct world *w = started();
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_TRUE(c->answered);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_NOERROR);
	CU_ASSERT_TRUE(world_has_address(c, "www.example.com.", "198.51.100.1"));
	unsigned sends = w->sends;
	CU_ASSERT_TRUE(sends >= 3 && sends <= 6);
	c = world_ask(w, "www.example.com.", TYPE_A, FLAG_RD);
	CU_ASSERT_EQUAL(c->asked, ASKED_ANSWERED);
	CU_ASSERT_TRUE(world_has_address(c, "www.example.com.", "198.51.100.1"));
	CU_ASSERT_EQUAL(w->sends, sends);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	world_free(w);
}

static void test_a_name_that_does_not_exist_is_denied_with_its_soa(void)
{
	struct world *w = started();
	struct client *c = world_resolve(w, "nix.example.com.", TYPE_A, 0);
	struct name zone = name_of("example.com.");
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_NXDOMAIN);
	CU_ASSERT_PTR_NOT_NULL(message_find(&c->reply, SECTION_AUTHORITY, &zone, TYPE_SOA));
	unsigned sends = w->sends;
	c = world_resolve(w, "nix.example.com.", TYPE_A, 0);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_NXDOMAIN);
	CU_ASSERT_EQUAL(w->sends, sends);
	world_free(w);
}

static void test_equal_questions_share_one_task(void)
{
	struct world *alone = started(), *w = started();
	(void)world_resolve(alone, "www.example.com.", TYPE_A, 0);
	for (unsigned i = 0; i < LIMIT_WAITERS; i++)
		CU_ASSERT_EQUAL(world_ask(w, "www.example.com.", TYPE_A, FLAG_RD)->asked, ASKED_PENDING);
	CU_ASSERT_EQUAL(world_ask(w, "www.example.com.", TYPE_A, FLAG_RD)->asked, ASKED_DROPPED);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).dropped_waiters, 1);
	world_run(w, 5000);
	CU_ASSERT_EQUAL(w->sends, alone->sends);
	for (unsigned i = 0; i < LIMIT_WAITERS; i++)
		CU_ASSERT_TRUE(world_has_address(&w->clients[i], "www.example.com.", "198.51.100.1"));
	world_free(alone);
	world_free(w);
}

static void test_questions_that_differ_in_case_are_equal(void)
{
	struct world *w = started();
	(void)world_ask(w, "www.example.com.", TYPE_A, FLAG_RD);
	(void)world_ask(w, "WWW.Example.COM.", TYPE_A, FLAG_RD);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 1);
	world_run(w, 5000);
	CU_ASSERT_TRUE(name_equal_exact(&w->clients[1].reply.question.name,
	                                &w->clients[1].query.question.name));
	world_free(w);
}

static void test_when_full_the_newest_is_dropped_unless_an_old_one_makes_room(void)
{
	struct world *w = net_new();
	w->policy.tasks_max = 2;
	world_start(w);
	world_site(w, EXAMPLE_ADDRESS)->silent = true;
	(void)world_ask(w, "a.example.com.", TYPE_A, FLAG_RD);
	(void)world_ask(w, "b.example.com.", TYPE_A, FLAG_RD);
	CU_ASSERT_EQUAL(world_ask(w, "c.example.com.", TYPE_A, FLAG_RD)->asked, ASKED_DROPPED);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).dropped_full, 1);
	world_run(w, LIMIT_JOSTLE_MS + 1);
	CU_ASSERT_EQUAL(world_ask(w, "d.example.com.", TYPE_A, FLAG_RD)->asked, ASKED_PENDING);
	world_drain(w);
	CU_ASSERT_TRUE(w->clients[0].answered);
	CU_ASSERT_EQUAL(w->clients[0].reply.rcode, RCODE_SERVFAIL);
	world_free(w);
}

static void test_c6_an_alias_is_followed_and_eleven_are_enough(void)
{
	struct world *w = started();
	struct client *c = world_resolve(w, "c2.example.com.", TYPE_A, 0);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_NOERROR);
	CU_ASSERT_TRUE(world_has_address(c, "www.example.com.", "198.51.100.1"));
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].count, 12);
	c = world_resolve(w, "c1.example.com.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].count, 0);
	CU_ASSERT_EQUAL(world_error(c, 0), EDE_OTHER);
	world_free(w);
}

static void test_c6_alias_loops_end_soon(void)
{
	static const char *const names[] = { "self.example.com.", "ping.example.com.",
		                             "x.grow.example.com." };
	for (unsigned i = 0; i < 3; i++) {
		struct world *w = started();
		struct client *c = world_resolve(w, names[i], TYPE_A, WORLD_EDNS);
		CU_ASSERT_TRUE(c->answered);
		CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
		CU_ASSERT_TRUE(w->sends <= 16);
		world_free(w);
	}
}

static void test_rfc6672_a_dname_is_sent_with_the_cname_it_means(void)
{
	struct world *w = started();
	struct client *c = world_resolve(w, "leaf.tree.example.com.", TYPE_A, 0);
	struct name owner = name_of("tree.example.com."), leaf = name_of("leaf.tree.example.com.");
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_NOERROR);
	CU_ASSERT_PTR_NOT_NULL(message_find(&c->reply, SECTION_ANSWER, &owner, TYPE_DNAME));
	CU_ASSERT_PTR_NOT_NULL(message_find(&c->reply, SECTION_ANSWER, &leaf, TYPE_CNAME));
	CU_ASSERT_TRUE(world_has_address(c, "leaf.new.example.com.", "198.51.100.7"));
	world_free(w);
}

static void test_c5_zones_that_need_each_other_fail_once_and_are_remembered(void)
{
	struct world *w = started();
	struct client *c = world_resolve(w, "www.one.com.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_TRUE(c->answered);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
	CU_ASSERT_TRUE(w->sends <= LIMIT_SENDS);
	world_run(w, 1);
	unsigned sends = w->sends;
	c = world_resolve(w, "www.one.com.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_EQUAL(c->asked, ASKED_ANSWERED);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
	CU_ASSERT_EQUAL(world_error(c, 0), EDE_CACHED_ERROR);
	CU_ASSERT_EQUAL(w->sends, sends);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	world_free(w);
}

static void test_c15_a_dead_zone_is_asked_anew_after_the_failure_is_forgotten(void)
{
	struct world *w = started();
	world_site(w, EXAMPLE_ADDRESS)->silent = true;
	int64_t start = w->now.mono_ms;
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_TRUE(c->answered);
	CU_ASSERT_TRUE(c->answered_ms - start <= LIMIT_QUESTION_MS);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
	CU_ASSERT_EQUAL(world_error(c, 0), EDE_NO_REACHABLE_AUTHORITY);
	unsigned sends = w->sends;
	(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_EQUAL(w->sends, sends);
	world_site(w, EXAMPLE_ADDRESS)->silent = false;
	world_sleep(w, LIMIT_FAILURE_S + 1);
	c = world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_TRUE(world_has_address(c, "www.example.com.", "198.51.100.1"));
	world_free(w);
}

static void test_the_deadline_ends_a_question_whatever_the_servers_do(void)
{
	struct world *w = net_new();
	w->policy.question_ms = 300;
	world_start(w);
	world_site(w, COM_ADDRESS)->delay_ms = 2000;
	int64_t start = w->now.mono_ms;
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
	CU_ASSERT_EQUAL(c->answered_ms - start, 300);
	world_run(w, 5000);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	world_free(w);
}

static void test_a_task_nobody_waits_for_is_given_up_and_its_exchanges_closed(void)
{
	struct world *w = started();
	struct client *c = world_ask(w, "www.example.com.", TYPE_A, FLAG_RD);
	world_drain(w);
	CU_ASSERT_EQUAL(w->sends, 1);
	tasks_forget_client(w->tasks, c->number);
	world_drain(w);
	CU_ASSERT_EQUAL(w->closes, 1);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	CU_ASSERT_EQUAL(tasks_alarm(w->tasks), INT64_MAX);
	world_free(w);
}

static void test_late_numbers_are_dropped(void)
{
	struct world *w = started();
	(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
	world_run(w, 1000);
	tasks_on_reply(w->tasks, w->now, 1ull << 16 | 1, (const uint8_t *)"x", 1);
	tasks_on_timeout(w->tasks, w->now, 99ull << 16 | 1);
	tasks_on_error(w->tasks, w->now, 0, EXCHANGE_RESET);
	tasks_forget_client(w->tasks, 12345);
	struct deed d;
	CU_ASSERT_FALSE(tasks_next(w->tasks, w->now, &d));
	world_free(w);
}

static void test_rfc8767_a_client_gets_stale_data_when_the_servers_are_late(void)
{
	struct world *w = net_new();
	w->policy.serve_stale = true;
	world_start(w);
	(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
	world_sleep(w, 400);
	world_site(w, EXAMPLE_ADDRESS)->silent = true;
	int64_t start = w->now.mono_ms;
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_TRUE(c->answered_ms - start <= LIMIT_STALE_TIMER_MS);
	CU_ASSERT_TRUE(world_has_address(c, "www.example.com.", "198.51.100.1"));
	CU_ASSERT_EQUAL(world_error(c, 0), EDE_STALE);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].sets[0].ttl, LIMIT_STALE_TTL);
	c = world_ask(w, "www.example.com.", TYPE_A, FLAG_RD | WORLD_EDNS);
	CU_ASSERT_EQUAL(c->asked, ASKED_ANSWERED);
	world_run(w, 10000);
	unsigned sends = w->sends;
	c = world_ask(w, "www.example.com.", TYPE_A, FLAG_RD | WORLD_EDNS);
	CU_ASSERT_EQUAL(c->asked, ASKED_ANSWERED);
	CU_ASSERT_EQUAL(world_error(c, 0), EDE_STALE);
	CU_ASSERT_EQUAL(w->sends, sends);
	world_site(w, EXAMPLE_ADDRESS)->silent = false;
	world_sleep(w, LIMIT_STALE_RECHECK_S);
	c = world_resolve(w, "www.example.com.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_EQUAL(c->reply.edns.error_count, 0);
	world_free(w);
}

static void test_rfc8767_stale_first_answers_at_once_and_renews_behind(void)
{
	struct world *w = net_new();
	w->policy.serve_stale = w->policy.stale_first = true;
	world_start(w);
	(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
	world_sleep(w, 400);
	struct client *c = world_ask(w, "www.example.com.", TYPE_A, FLAG_RD | WORLD_EDNS);
	CU_ASSERT_EQUAL(c->asked, ASKED_ANSWERED);
	CU_ASSERT_EQUAL(world_error(c, 0), EDE_STALE);
	world_run(w, 1000);
	c = world_ask(w, "www.example.com.", TYPE_A, FLAG_RD | WORLD_EDNS);
	CU_ASSERT_EQUAL(c->reply.edns.error_count, 0);
	CU_ASSERT_TRUE(world_has_address(c, "www.example.com.", "198.51.100.1"));
	world_free(w);
}

static void test_a_popular_entry_is_renewed_before_it_is_over(void)
{
	struct world *w = net_new();
	w->policy.prefetch = true;
	world_start(w);
	for (unsigned i = 0; i < 4; i++)
		(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
	unsigned sends = w->sends;
	world_sleep(w, 280);
	(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
	world_run(w, 1000);
	CU_ASSERT_EQUAL(w->sends, sends + 1);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).prefetched, 1);
	world_sleep(w, 100);
	struct client *c = world_ask(w, "www.example.com.", TYPE_A, FLAG_RD);
	CU_ASSERT_EQUAL(c->asked, ASKED_ANSWERED);
	world_free(w);
}

/* Asks often enough for a renewal, in the last tenth of each life. */
static void be_popular(struct world *w, unsigned lives)
{
	for (unsigned life = 0; life < lives; life++) {
		for (unsigned i = 0; i < 4; i++)
			(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
		world_sleep(w, 280);
		(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
		world_run(w, 1000);
	}
}

static void test_prefetching_is_a_share_of_what_is_sent(void)
{
	static const struct {
		uint32_t permille;
		unsigned prefetched;
	} cases[] = { { 0, 0 }, { 1, 1 }, { 1000, 5 } };
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *w = net_new();
		w->policy.prefetch = true;
		w->policy.prefetch_permille = cases[i].permille;
		world_start(w);
		be_popular(w, 5);
		CU_ASSERT_EQUAL(tasks_count(w->tasks).prefetched, cases[i].prefetched);
		world_free(w);
	}
}

static void test_a_question_begins_with_the_budget_of_the_policy(void)
{
	struct world *w = net_new();
	w->policy.budget.sends = 2;
	world_start(w);
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
	CU_ASSERT_EQUAL(w->sends, 2);
	world_free(w);
}

static void test_rfc9609_the_root_is_primed_once_beside_the_question(void)
{
	struct world *w = net_new(), *without = started();
	w->policy.prime = true;
	world_start(w);
	(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
	world_run(w, 1000);
	(void)world_resolve(without, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_EQUAL(w->sends, without->sends + 1);
	(void)world_resolve(w, "www.nix.", TYPE_A, 0);
	(void)world_resolve(without, "www.nix.", TYPE_A, 0);
	CU_ASSERT_EQUAL(w->sends, without->sends + 1);
	world_free(w);
	world_free(without);
}

static void test_a_stub_zone_is_asked_where_it_is_configured(void)
{
	struct world *w = net_new();
	struct address at = world_address(SECURE_ADDRESS);
	struct cut_server s = { .name = name_root(), .address_count = 1, .addresses = &at };
	struct cut stub = { .kind = CUT_STUB, .zone = name_of("secure."), .server_count = 1,
		            .servers = &s };
	w->policy.routes = &stub;
	w->policy.route_count = 1;
	world_start(w);
	struct client *c = world_resolve(w, "www.secure.", TYPE_A, 0);
	CU_ASSERT_TRUE(world_has_address(c, "www.secure.", "198.51.100.2"));
	CU_ASSERT_EQUAL(w->sends, 1);
	world_free(w);
}

static void test_forward_first_resolves_itself_when_the_forwarder_fails(void)
{
	struct world *w = net_new();
	struct address at = world_address("192.0.2.99");
	struct cut_server s = { .name = name_root(), .address_count = 1, .addresses = &at };
	struct cut forward = { .kind = CUT_FORWARD, .zone = name_root(), .server_count = 1,
		               .servers = &s, .forward_first = true };
	w->policy.routes = &forward;
	w->policy.route_count = 1;
	world_start(w);
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_TRUE(world_has_address(c, "www.example.com.", "198.51.100.1"));
	forward.forward_first = false;
	c = world_resolve(w, "alias.example.com.", TYPE_A, 0);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
	world_free(w);
}

static void test_the_address_of_a_server_is_a_question_like_any_other(void)
{
	struct world *w = started();
	struct client *c = world_resolve(w, "www.hosted.com.", TYPE_A, 0);
	CU_ASSERT_TRUE(world_has_address(c, "www.hosted.com.", "198.51.100.9"));
	CU_ASSERT_TRUE(tasks_count(w->tasks).children >= 1);
	world_run(w, 20000);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	world_free(w);
}

static void test_c7_sub_questions_are_paid_from_the_same_purse(void)
{
	struct world *w = started();
	struct client *c = world_resolve(w, "www.many.com.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_TRUE(c->answered);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
	CU_ASSERT_TRUE(w->sends <= LIMIT_SENDS);
	world_run(w, 20000);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	world_free(w);
}

static void test_a_client_is_not_failed_by_another_ones_empty_purse(void)
{
	struct world *w = net_new();
	w->policy.question_ms = 1000;
	world_start(w);
	world_site(w, COM_ADDRESS)->delay_ms = 500;
	world_site(w, SECURE_ADDRESS)->delay_ms = 300;
	struct client *first = world_ask(w, "www.hosted.com.", TYPE_A, FLAG_RD);
	world_run(w, 600); /* by now the address of a.ns.secure. is asked for */
	struct client *second = world_ask(w, "a.ns.secure.", TYPE_A, FLAG_RD);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).joined, 1);
	world_run(w, 5000);
	CU_ASSERT_EQUAL(first->reply.rcode, RCODE_SERVFAIL);
	CU_ASSERT_TRUE(second->answered);
	CU_ASSERT_TRUE(world_has_address(second, "a.ns.secure.", "192.0.2.6"));
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	world_free(w);
}

/* Milliseconds until the address is told to a client of that network. */
static int64_t takes(struct world *w, const char *from)
{
	w->client = world_address(from);
	int64_t start = w->now.mono_ms;
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_TRUE(world_has_address(c, "www.example.com.", "198.51.100.1"));
	return c->answered_ms - start;
}

/* Kept times are rounded, and what is drawn from them is on time on average, not each time. */
static bool like_a_miss(int64_t took, int64_t miss)
{
	return took >= miss - miss / 8 - 1 && took <= miss;
}

static void test_strict_mode_makes_a_hit_of_somebody_else_look_like_a_miss(void)
{
	struct siphash_key key = { 3, 4 };
	for (unsigned finished = 0; finished < 2; finished++) {
		struct world *w = net_new();
		w->cache_policy.ttl = (struct ttl_policy){ TTL_STRICT, 125, 250 };
		w->networks = networks_new(100, 3, &key);
		w->keep_finished = finished;
		world_start(w);
		int64_t miss = takes(w, "10.0.1.1");
		CU_ASSERT_TRUE(miss >= 30);
		CU_ASSERT_EQUAL(takes(w, "10.0.1.2"), 0); /* the same network */
		CU_ASSERT_EQUAL(takes(w, "10.0.1.2"), 0);
		CU_ASSERT_TRUE(like_a_miss(takes(w, "10.0.2.1"), miss));
		CU_ASSERT_EQUAL(takes(w, "10.0.2.1"), 0);
		CU_ASSERT_TRUE(like_a_miss(takes(w, "10.0.3.1"), miss));
		CU_ASSERT_EQUAL(takes(w, "10.0.4.1"), 0); /* three know it: no secret */
		CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
		world_free(w);
	}
}

static int64_t waits(struct world *w, const struct client *c, int64_t since)
{
	CU_ASSERT_TRUE_FATAL(c->answered);
	(void)w;
	return c->answered_ms - since;
}

static void test_strict_mode_tells_nobody_that_a_question_was_already_under_way(void)
{
	struct siphash_key key = { 3, 4 };
	struct world *w = net_new();
	w->cache_policy.ttl = (struct ttl_policy){ TTL_STRICT, 125, 250 };
	w->networks = networks_new(100, 3, &key);
	world_start(w);
	world_site(w, EXAMPLE_ADDRESS)->delay_ms = 200;
	int64_t start = w->now.mono_ms;
	w->client = world_address("10.0.1.1");
	struct client *first = world_ask(w, "www.example.com.", TYPE_A, FLAG_RD);
	world_run(w, 150);
	int64_t later = w->now.mono_ms;
	w->client = world_address("10.0.2.1");
	struct client *second = world_ask(w, "www.example.com.", TYPE_A, FLAG_RD);
	world_run(w, 50);
	struct client *third = world_ask(w, "www.example.com.", TYPE_A, FLAG_RD);
	world_run(w, 10);
	tasks_forget_client(w->tasks, third->number);
	world_run(w, 3000);
	CU_ASSERT_EQUAL(waits(w, second, later), waits(w, first, start));
	CU_ASSERT_FALSE(third->answered);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	world_free(w);
}

static void strike(void (*arm)(size_t), size_t n, const char *name, bool *struck)
{
	struct world *w = net_new();
	w->policy.validate = w->policy.aggressive = w->policy.serve_stale = w->policy.prime = true;
	w->keep_finished = true;
	world_start(w);
	arm(n);
	for (unsigned i = 0; i < 3; i++) {
		struct client *c = world_ask(w, name, TYPE_A, FLAG_RD | WORLD_DO);
		world_run(w, 20000);
		CU_ASSERT_TRUE(c->answered || c->asked == ASKED_DROPPED);
	}
	*struck = fault_struck();
	fault_after(0);
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_TRUE(world_has_address(c, "www.example.com.", "198.51.100.1"));
	world_run(w, 20000);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	world_free(w);
}

static void test_h10_every_allocation_may_fail(void)
{
	static const char *const names[] = { "www.hosted.com.", "www.keyed.secure.", "x.secure.",
		                             "far.example.com.", "www.one.com." };
	static void (*const ways[])(size_t) = { fault_only, fault_after };
	for (unsigned i = 0; i < 5; i++) {
		for (unsigned k = 0; k < 2; k++) {
			bool struck = true;
			size_t n = 1;
			for (; struck && n < 5000; n++)
				strike(ways[k], n, names[i], &struck);
			CU_ASSERT_TRUE(n > 5 && n < 5000);
		}
	}
}

static const struct unit_test tests[] = {
	UNIT(test_a_question_goes_from_the_root_down_and_is_kept),
	UNIT(test_a_name_that_does_not_exist_is_denied_with_its_soa),
	UNIT(test_equal_questions_share_one_task),
	UNIT(test_questions_that_differ_in_case_are_equal),
	UNIT(test_when_full_the_newest_is_dropped_unless_an_old_one_makes_room),
	UNIT(test_c6_an_alias_is_followed_and_eleven_are_enough),
	UNIT(test_c6_alias_loops_end_soon),
	UNIT(test_rfc6672_a_dname_is_sent_with_the_cname_it_means),
	UNIT(test_c5_zones_that_need_each_other_fail_once_and_are_remembered),
	UNIT(test_c15_a_dead_zone_is_asked_anew_after_the_failure_is_forgotten),
	UNIT(test_the_deadline_ends_a_question_whatever_the_servers_do),
	UNIT(test_a_task_nobody_waits_for_is_given_up_and_its_exchanges_closed),
	UNIT(test_late_numbers_are_dropped),
	UNIT(test_rfc8767_a_client_gets_stale_data_when_the_servers_are_late),
	UNIT(test_rfc8767_stale_first_answers_at_once_and_renews_behind),
	UNIT(test_a_popular_entry_is_renewed_before_it_is_over),
	UNIT(test_prefetching_is_a_share_of_what_is_sent),
	UNIT(test_a_question_begins_with_the_budget_of_the_policy),
	UNIT(test_rfc9609_the_root_is_primed_once_beside_the_question),
	UNIT(test_a_stub_zone_is_asked_where_it_is_configured),
	UNIT(test_the_address_of_a_server_is_a_question_like_any_other),
	UNIT(test_c7_sub_questions_are_paid_from_the_same_purse),
	UNIT(test_a_client_is_not_failed_by_another_ones_empty_purse),
	UNIT(test_strict_mode_makes_a_hit_of_somebody_else_look_like_a_miss),
	UNIT(test_strict_mode_tells_nobody_that_a_question_was_already_under_way),
	UNIT(test_h10_every_allocation_may_fail),
	UNIT(test_forward_first_resolves_itself_when_the_forwarder_fails),
};

extern const struct unit_suite suite_tasks;
const struct unit_suite suite_tasks = { "tasks", tests, sizeof(tests) / sizeof(tests[0]) };
