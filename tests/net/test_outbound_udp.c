#include "tests/net/outbound_case.h"
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LONG_MS = 5000 };

static void test_a_reply_reaches_the_exchange_and_it_stays_open(void)
{
	static const char *const hosts[] = { "127.0.0.1", "::1" };
	for (unsigned i = 0; i < (net_has_ipv6() ? 2 : 1); i++) {
		struct asker a;
		struct address at, from;
		uint8_t octets[64];
		struct outbound_setup setup = asker_setup();
		asker_start(&a, &setup);
		int server = net_listen(hosts[i], false, &at);
		asker_ask(&a, 41, &at, false, 7, LONG_MS);
		net_run_for(a.loop, 5);
		CU_ASSERT_EQUAL(net_receive(server, octets, 64, &from), ASKER_QUESTION);
		CU_ASSERT_TRUE(from.port >= 1024);
		octets[1] ^= 1; /* a wrong id: not ours to judge */
		CU_ASSERT_TRUE(net_send_to(server, &from, octets, 12));
		CU_ASSERT_TRUE(net_run_until(a.loop, &a.replies, 1));
		octets[1] ^= 1;
		CU_ASSERT_TRUE(net_send_to(server, &from, octets, 12));
		CU_ASSERT_TRUE(net_run_until(a.loop, &a.replies, 2));
		CU_ASSERT_EQUAL(a.replied[0], 41);
		CU_ASSERT_EQUAL(a.replied[1], 41);
		CU_ASSERT_EQUAL(a.reply_id[1], 7);
		CU_ASSERT_EQUAL(outbound_count(a.outbound).open, 1);
		asker_close(&a, 41);
		asker_close(&a, 41);
		asker_close(&a, 999);
		CU_ASSERT_EQUAL(outbound_count(a.outbound).open, 0);
		(void)close(server);
		asker_stop(&a);
	}
}

static void test_a_stranger_is_not_heard_threat_A7(void)
{
	struct asker a;
	struct address at, from;
	uint8_t octets[64];
	struct outbound_setup setup = asker_setup();
	asker_start(&a, &setup);
	int server = net_listen("127.0.0.1", false, &at), stranger = net_udp_client("127.0.0.1");
	int neighbour = net_udp_client("127.0.0.2");
	asker_ask(&a, 1, &at, false, 7, LONG_MS);
	CU_ASSERT_EQUAL(net_receive(server, octets, 64, &from), ASKER_QUESTION);
	CU_ASSERT_TRUE(net_send_to(stranger, &from, octets, 20));
	CU_ASSERT_TRUE(net_send_to(neighbour, &from, octets, 20));
	net_run_for(a.loop, 30);
	CU_ASSERT_EQUAL(a.replies, 0);
	CU_ASSERT_TRUE(net_send_to(server, &from, octets, 20));
	CU_ASSERT_TRUE(net_run_until(a.loop, &a.replies, 1));
	(void)close(server);
	(void)close(stranger);
	(void)close(neighbour);
	asker_stop(&a);
}

static void test_silence_times_out_once_and_a_late_reply_still_counts(void)
{
	struct asker a;
	struct address at, from;
	uint8_t octets[64];
	struct outbound_setup setup = asker_setup();
	asker_start(&a, &setup);
	int server = net_listen("127.0.0.1", false, &at);
	asker_ask(&a, 1, &at, false, 7, 30);
	CU_ASSERT_TRUE(net_run_until(a.loop, &a.timeouts, 1));
	net_run_for(a.loop, 60);
	CU_ASSERT_EQUAL(a.timeouts, 1);
	CU_ASSERT_EQUAL(a.timed_out[0], 1);
	CU_ASSERT_EQUAL(net_receive(server, octets, 64, &from), ASKER_QUESTION);
	CU_ASSERT_TRUE(net_send_to(server, &from, octets, 20));
	CU_ASSERT_TRUE(net_run_until(a.loop, &a.replies, 1));
	(void)close(server);
	asker_stop(&a);
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
	struct asker a;
	struct address at, from;
	uint8_t octets[64];
	struct outbound_setup setup = asker_setup();
	asker_start(&a, &setup);
	int server = net_listen("127.0.0.1", false, &at);
	for (uint16_t i = 1; i < BURST; i++)
		asker_prepare(&a, i, &at, false, i, LONG_MS);
	CU_ASSERT_EQUAL(outbound_count(a.outbound).udp_sent, 0);
	asker_close(&a, 1); /* nobody wants to know any more: never said */
	asker_prepare(&a, BURST, &at, false, BURST, LONG_MS);
	CU_ASSERT_EQUAL(outbound_count(a.outbound).udp_sent, 0);
	asker_prepare(&a, BURST + 1, &at, false, BURST + 1, LONG_MS);
	CU_ASSERT_EQUAL(outbound_count(a.outbound).udp_sent, BURST);
	asker_ask(&a, BURST + 2, &at, false, BURST + 2, LONG_MS);
	for (uint16_t i = 2; i <= BURST + 2; i++) {
		CU_ASSERT_EQUAL(net_receive(server, octets, 64, &from), ASKER_QUESTION);
		CU_ASSERT_EQUAL(octets[1], i);
	}
	(void)close(server);
	asker_stop(&a);
}

static void test_what_cannot_be_sent_is_an_error_once(void)
{
	struct asker a;
	struct address at;
	uint8_t octets[4] = { 0 };
	struct outbound_setup setup = asker_setup();
	asker_start(&a, &setup);
	int server = net_listen("127.0.0.1", false, &at);
	static uint8_t large[65536];
	outbound_send(a.outbound, 4, &at, false, large, sizeof(large), LONG_MS); /* EMSGSIZE */
	outbound_send(a.outbound, 5, &at, false, octets, sizeof(octets), LONG_MS);
	outbound_flush(a.outbound);
	CU_ASSERT_TRUE(net_run_until(a.loop, &a.errors, 1));
	net_run_for(a.loop, 20);
	CU_ASSERT_EQUAL(a.errors, 1);
	CU_ASSERT_EQUAL(a.failed[0], 4);
	CU_ASSERT_EQUAL(net_receive(server, octets, 4, NULL), 4);
	(void)close(server);
	asker_stop(&a);
}

static void test_outgoing_addresses_are_used(void)
{
	static const char *const texts[] = { "127.0.0.5", "127.0.0.6", "::1" };
	struct address sources[3], at, from;
	unsigned fives = 0, sixes = 0;
	struct asker a;
	uint8_t octets[64];
	struct outbound_setup setup = asker_setup();
	for (unsigned i = 0; i < 3; i++)
		sources[i] = net_address(texts[i]);
	setup.sources = sources;
	setup.source_count = 3;
	asker_start(&a, &setup);
	int server = net_listen("127.0.0.1", false, &at);
	for (uint64_t i = 1; i <= 40; i++) {
		asker_ask(&a, i, &at, false, 7, LONG_MS);
		CU_ASSERT_EQUAL(net_receive(server, octets, 64, &from), ASKER_QUESTION);
		fives += address_same_host(&from, &sources[0]);
		sixes += address_same_host(&from, &sources[1]);
	}
	CU_ASSERT_EQUAL(fives + sixes, 40);
	CU_ASSERT_TRUE(fives > 5 && sixes > 5);
	(void)close(server);
	asker_stop(&a);
}

/*
 * Threats A1: 64 bins of equal width over 1024..65535 (1008 ports each).  The 99.9 % quantile of
 * chi-square with 63 degrees of freedom is 103.4; the draws are seeded, so this cannot flicker
 * but for the few ports somebody else holds.
 */
static void test_source_ports_are_uniform_over_the_whole_pool_threat_A1_A3(void)
{
	enum { SENT = 6400, BINS = 64, WIDTH = (65536 - 1024) / BINS };
	static unsigned bins[BINS];
	struct asker a;
	struct address at, from;
	uint8_t octets[64];
	unsigned repeats = 0;
	uint16_t last = 0;
	struct outbound_setup setup = asker_setup();
	asker_start(&a, &setup);
	int server = net_listen("127.0.0.1", false, &at);
	memset(bins, 0, sizeof(bins));
	for (uint64_t i = 1; i <= SENT; i++) {
		asker_ask(&a, i, &at, false, (uint16_t)i, LONG_MS);
		CU_ASSERT_EQUAL(net_receive(server, octets, 64, &from), ASKER_QUESTION);
		CU_ASSERT_TRUE_FATAL(from.port >= 1024);
		bins[(from.port - 1024) / WIDTH]++;
		repeats += from.port == last;
		last = from.port;
		asker_close(&a, i);
	}
	double chi = 0, want = (double)SENT / BINS;
	for (unsigned i = 0; i < BINS; i++)
		chi += (bins[i] - want) * (bins[i] - want) / want;
	CU_ASSERT_TRUE(chi < 103.4);
	CU_ASSERT_TRUE(chi > 30.0); /* and not suspiciously even */
	CU_ASSERT_TRUE(repeats < 4);
	(void)close(server);
	asker_stop(&a);
}

static void test_taken_ports_are_drawn_again(void)
{
	struct asker a;
	struct address at, from;
	uint8_t octets[64];
	bool seen[4] = { false };
	struct outbound_setup setup = asker_setup();
	setup.port_low = 50000;
	setup.port_high = 50003;
	asker_start(&a, &setup);
	int server = net_listen("127.0.0.1", false, &at);
	for (uint64_t i = 1; i <= 3; i++)
		asker_ask(&a, i, &at, false, 7, LONG_MS);
	for (unsigned i = 0; i < 3 - a.errors; i++) {
		CU_ASSERT_EQUAL(net_receive(server, octets, 64, &from), ASKER_QUESTION);
		CU_ASSERT_TRUE_FATAL(from.port >= 50000 && from.port <= 50003);
		CU_ASSERT_FALSE(seen[from.port - 50000]);
		seen[from.port - 50000] = true;
	}
	(void)close(server);
	asker_stop(&a);
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
	UNIT(test_source_ports_are_uniform_over_the_whole_pool_threat_A1_A3),
	UNIT(test_taken_ports_are_drawn_again),
};

const struct unit_suite suite_outbound_udp = { "outbound_udp", tests,
					       sizeof(tests) / sizeof(tests[0]) };
