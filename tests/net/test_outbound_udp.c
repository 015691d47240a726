#include "tests/net/outbound_case.h"
#include <sys/resource.h>
#include <unistd.h>

enum { LONG_MS = 5000 };

struct world {
	struct asker a;
	struct address at, from; /* the server, and who asked it last */
	uint8_t octets[64];      /* what was asked last */
	int server;
};

static void start_at(struct world *w, const struct outbound_setup *setup, const char *host)
{
	asker_start(&w->a, setup);
	w->server = net_listen(host, false, &w->at);
	CU_ASSERT_TRUE_FATAL(w->server >= 0);
}

static void start(struct world *w)
{
	struct outbound_setup setup = asker_setup();
	start_at(w, &setup, "127.0.0.1");
}

static void stop(struct world *w)
{
	(void)close(w->server);
	asker_stop(&w->a);
}

static void ask(struct world *w, uint64_t exchange, uint32_t timeout_ms)
{
	asker_ask(&w->a, exchange, &w->at, false, 7, timeout_ms);
}

static void hear(struct world *w)
{
	CU_ASSERT_EQUAL(net_receive(w->server, w->octets, sizeof(w->octets), &w->from), ASKER_QUESTION);
}

static void say(struct world *w, int from)
{
	CU_ASSERT_TRUE(net_send_to(from, &w->from, w->octets, ASKER_QUESTION));
}

static void test_a_reply_reaches_the_exchange_and_it_stays_open(void)
{
	static const char *const hosts[] = { "127.0.0.1", "::1" };
	struct outbound_setup setup = asker_setup();
	for (unsigned i = 0; i < (net_has_ipv6() ? 2 : 1); i++) {
		struct world w;
		start_at(&w, &setup, hosts[i]);
		ask(&w, 41, LONG_MS);
		net_run_for(w.a.loop, 5);
		hear(&w);
		CU_ASSERT_TRUE(w.from.port >= 1024);
		w.octets[1] ^= 1; /* a wrong id: not ours to judge */
		say(&w, w.server);
		CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.replies, 1));
		w.octets[1] ^= 1;
		say(&w, w.server);
		CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.replies, 2));
		CU_ASSERT_EQUAL(w.a.replied[0], 41);
		CU_ASSERT_EQUAL(w.a.replied[1], 41);
		CU_ASSERT_EQUAL(w.a.reply_id[1], 7);
		CU_ASSERT_EQUAL(outbound_count(w.a.outbound).open, 1);
		asker_close(&w.a, 41);
		asker_close(&w.a, 41);
		asker_close(&w.a, 999);
		CU_ASSERT_EQUAL(outbound_count(w.a.outbound).open, 0);
		stop(&w);
	}
}

static void test_a_stranger_is_not_heard_threat_A7(void)
{
	struct world w;
	start(&w);
	int stranger = net_udp_client("127.0.0.1"), neighbour = net_udp_client("127.0.0.2");
	ask(&w, 1, LONG_MS);
	hear(&w);
	say(&w, stranger);
	say(&w, neighbour);
	net_run_for(w.a.loop, 30);
	CU_ASSERT_EQUAL(w.a.replies, 0);
	say(&w, w.server);
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.replies, 1));
	(void)close(stranger);
	(void)close(neighbour);
	stop(&w);
}

static void test_silence_times_out_once_and_a_late_reply_still_counts(void)
{
	struct world w;
	start(&w);
	ask(&w, 1, 30);
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.timeouts, 1));
	net_run_for(w.a.loop, 60);
	CU_ASSERT_EQUAL(w.a.timeouts, 1);
	CU_ASSERT_EQUAL(w.a.timed_out[0], 1);
	hear(&w);
	say(&w, w.server);
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.replies, 1));
	stop(&w);
}

static void test_a_closed_port_is_an_error_at_once(void)
{
	struct asker a;
	struct address at;
	struct outbound_setup setup = asker_setup();
	asker_start(&a, &setup);
	(void)close(net_listen("127.0.0.1", false, &at));
	asker_ask(&a, 3, &at, false, 7, LONG_MS);
	CU_ASSERT_TRUE(net_run_until(a.loop, &a.errors, 1));
	CU_ASSERT_EQUAL(a.error[0], OUTBOUND_REFUSED);
	CU_ASSERT_EQUAL(a.failed[0], 3);
	net_run_for(a.loop, 20);
	CU_ASSERT_EQUAL(a.errors, 1);
	asker_stop(&a);
}

static void test_no_descriptor_is_an_error_in_the_next_turn(void)
{
	struct asker a;
	struct rlimit before, none;
	struct address at = net_address("127.0.0.1@9");
	struct outbound_setup setup = asker_setup();
	asker_start(&a, &setup);
	ev_run(a.loop, EVRUN_NOWAIT);
	int next = dup(0);
	CU_ASSERT_EQUAL(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = (rlim_t)next;
	(void)close(next);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &none), 0);
	asker_ask(&a, 5, &at, false, 7, LONG_MS);
	asker_ask(&a, 6, &at, true, 7, LONG_MS);
	asker_ask(&a, 7, &at, true, 7, LONG_MS);
	asker_close(&a, 7); /* nobody wants to hear of it any more */
	CU_ASSERT_TRUE(net_run_until(a.loop, &a.errors, 2));
	net_run_for(a.loop, 10);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &before), 0);
	CU_ASSERT_EQUAL(a.errors, 2);
	CU_ASSERT_EQUAL(a.error[0], OUTBOUND_NO_RESOURCE);
	CU_ASSERT_EQUAL(a.error[1], OUTBOUND_NO_RESOURCE);
	asker_stop(&a);
}

static void test_questions_of_a_turn_leave_together_and_no_more_than_a_burst_waits(void)
{
	enum { BURST = 16 };
	struct world w;
	start(&w);
	for (uint16_t i = 1; i < BURST; i++)
		asker_prepare(&w.a, i, &w.at, false, i, LONG_MS);
	CU_ASSERT_EQUAL(outbound_count(w.a.outbound).udp_sent, 0);
	asker_close(&w.a, 1); /* nobody wants to know any more: never said */
	asker_prepare(&w.a, BURST, &w.at, false, BURST, LONG_MS);
	CU_ASSERT_EQUAL(outbound_count(w.a.outbound).udp_sent, 0);
	asker_prepare(&w.a, BURST + 1, &w.at, false, BURST + 1, LONG_MS);
	CU_ASSERT_EQUAL(outbound_count(w.a.outbound).udp_sent, BURST);
	asker_ask(&w.a, BURST + 2, &w.at, false, BURST + 2, LONG_MS);
	for (uint16_t i = 2; i <= BURST + 2; i++) {
		hear(&w);
		CU_ASSERT_EQUAL(w.octets[1], i);
	}
	stop(&w);
}

static void test_what_cannot_be_sent_is_an_error_once(void)
{
	static uint8_t large[65536];
	struct world w;
	start(&w);
	outbound_send(w.a.outbound, 4, &w.at, false, large, sizeof(large), LONG_MS); /* EMSGSIZE */
	asker_ask(&w.a, 5, &w.at, false, 7, LONG_MS);
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.errors, 1));
	net_run_for(w.a.loop, 20);
	CU_ASSERT_EQUAL(w.a.errors, 1);
	CU_ASSERT_EQUAL(w.a.failed[0], 4);
	hear(&w);
	stop(&w);
}

static void test_outgoing_addresses_are_used(void)
{
	static const char *const texts[] = { "127.0.0.5", "127.0.0.6", "::1" };
	struct address sources[3];
	unsigned fives = 0, sixes = 0;
	struct world w;
	struct outbound_setup setup = asker_setup();
	for (unsigned i = 0; i < 3; i++)
		sources[i] = net_address(texts[i]);
	setup.sources = sources;
	setup.source_count = 3;
	start_at(&w, &setup, "127.0.0.1");
	for (uint64_t i = 1; i <= 40; i++) {
		ask(&w, i, LONG_MS);
		hear(&w);
		fives += address_same_host(&w.from, &sources[0]);
		sixes += address_same_host(&w.from, &sources[1]);
	}
	CU_ASSERT_EQUAL(fives + sixes, 40);
	CU_ASSERT_TRUE(fives > 5 && sixes > 5);
	stop(&w);
}

static void test_outgoing_addresses_the_machine_has_not_are_passed_over(void)
{
	struct address sources[2] = { net_address("192.0.2.77"), net_address("127.0.0.5") };
	struct world w;
	struct outbound_setup setup = asker_setup();
	setup.sources = sources;
	setup.source_count = 2;
	start_at(&w, &setup, "127.0.0.1");
	for (uint64_t i = 1; i <= 20; i++) {
		ask(&w, i, LONG_MS);
		hear(&w);
		CU_ASSERT_TRUE(address_same_host(&w.from, &sources[1]));
	}
	CU_ASSERT_EQUAL(w.a.errors, 0);
	stop(&w);
}

/*
 * Threats A1: 64 bins of equal width over 1024..65535 (1008 ports each).  The 99.9 % quantile of
 * chi-square with 63 degrees of freedom is 103.4; the draws are seeded, so this cannot flicker
 * but for the few ports somebody else holds.
 */
static void test_source_ports_are_uniform_over_the_whole_pool_threat_A1_A3(void)
{
	enum { SENT = 6400, BINS = 64, WIDTH = (65536 - 1024) / BINS };
	unsigned bins[BINS] = { 0 }, repeats = 0;
	uint16_t last = 0;
	struct world w;
	start(&w);
	for (uint64_t i = 1; i <= SENT; i++) {
		ask(&w, i, LONG_MS);
		hear(&w);
		CU_ASSERT_TRUE_FATAL(w.from.port >= 1024);
		bins[(w.from.port - 1024) / WIDTH]++;
		repeats += w.from.port == last;
		last = w.from.port;
		asker_close(&w.a, i);
	}
	double chi = 0, want = (double)SENT / BINS;
	for (unsigned i = 0; i < BINS; i++)
		chi += (bins[i] - want) * (bins[i] - want) / want;
	CU_ASSERT_TRUE(chi < 103.4);
	CU_ASSERT_TRUE(chi > 30.0); /* and not suspiciously even */
	CU_ASSERT_TRUE(repeats < 4);
	stop(&w);
}

static void test_taken_ports_are_drawn_again(void)
{
	struct world w;
	bool seen[4] = { false };
	struct outbound_setup setup = asker_setup();
	setup.port_low = 50000;
	setup.port_high = 50003;
	start_at(&w, &setup, "127.0.0.1");
	for (uint64_t i = 1; i <= 3; i++)
		ask(&w, i, LONG_MS);
	for (unsigned i = 0; i < 3 - w.a.errors; i++) {
		hear(&w);
		CU_ASSERT_TRUE_FATAL(w.from.port >= 50000 && w.from.port <= 50003);
		CU_ASSERT_FALSE(seen[w.from.port - 50000]);
		seen[w.from.port - 50000] = true;
	}
	stop(&w);
}

static const struct unit_test tests[] = {
	UNIT(test_a_reply_reaches_the_exchange_and_it_stays_open),
	UNIT(test_a_stranger_is_not_heard_threat_A7),
	UNIT(test_silence_times_out_once_and_a_late_reply_still_counts),
	UNIT(test_a_closed_port_is_an_error_at_once),
	UNIT(test_no_descriptor_is_an_error_in_the_next_turn),
	UNIT(test_questions_of_a_turn_leave_together_and_no_more_than_a_burst_waits),
	UNIT(test_what_cannot_be_sent_is_an_error_once),
	UNIT(test_outgoing_addresses_are_used),
	UNIT(test_outgoing_addresses_the_machine_has_not_are_passed_over),
	UNIT(test_source_ports_are_uniform_over_the_whole_pool_threat_A1_A3),
	UNIT(test_taken_ports_are_drawn_again),
};

const struct unit_suite suite_outbound_udp = { "outbound_udp", tests,
					       sizeof(tests) / sizeof(tests[0]) };
