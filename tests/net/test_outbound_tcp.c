#include "tests/net/outbound_case.h"
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { LONG_MS = 5000 };

/* The next connection, as a blocking socket; -1: none. */
static int take(struct asker *a, int listener)
{
	struct timeval patience = { .tv_sec = 2 };
	for (unsigned i = 0; i < 20; i++) {
		int fd = accept(listener, NULL, NULL);
		if (fd >= 0) {
			(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
			net_run_for(a->loop, 10);
			return fd;
		}
		net_run_for(a->loop, 5);
	}
	return -1;
}

/* The id of the next question on the connection, or -1. */
static long heard(struct asker *a, int fd)
{
	uint8_t octets[256];
	net_run_for(a->loop, 5);
	return net_read_message(fd, octets, sizeof(octets)) == ASKER_QUESTION
		   ? octets[0] << 8 | octets[1]
		   : -1;
}

static void say(int fd, uint16_t id)
{
	uint8_t octets[40];
	net_message(octets, sizeof(octets), id);
	CU_ASSERT_TRUE(net_write_message(fd, octets, sizeof(octets)));
}

struct world {
	struct asker a;
	struct address at;
	int listener;
};

static void start_with(struct world *w, const struct outbound_setup *setup)
{
	asker_start(&w->a, setup);
	w->listener = net_listen("127.0.0.1", true, &w->at);
	CU_ASSERT_TRUE_FATAL(w->listener >= 0);
}

static void start(struct world *w)
{
	struct outbound_setup setup = asker_setup();
	start_with(w, &setup);
}

static void stop(struct world *w)
{
	(void)close(w->listener);
	asker_stop(&w->a);
}

static void ask(struct world *w, uint64_t exchange, uint16_t id)
{
	asker_ask(&w->a, exchange, &w->at, true, id, LONG_MS);
}

/* One on which question 1 was answered, and which nothing is out on. */
static int kept_connection(struct world *w)
{
	w->a.close_on_reply = true;
	ask(w, 1, 1);
	int fd = take(&w->a, w->listener);
	CU_ASSERT_EQUAL(heard(&w->a, fd), 1);
	say(fd, 1);
	CU_ASSERT_TRUE(net_run_until(w->a.loop, &w->a.replies, 1));
	return fd;
}

static void test_replies_find_their_exchange_by_id_in_any_order(void)
{
	struct world w;
	start(&w);
	for (uint16_t i = 1; i <= 3; i++)
		ask(&w, i, (uint16_t)(100 + i));
	int fd = take(&w.a, w.listener);
	for (uint16_t i = 1; i <= 3; i++)
		CU_ASSERT_EQUAL(heard(&w.a, fd), 100 + i);
	say(fd, 103);
	say(fd, 555); /* nobody's */
	say(fd, 101);
	say(fd, 102);
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.replies, 3));
	CU_ASSERT_EQUAL(w.a.replied[0], 3);
	CU_ASSERT_EQUAL(w.a.replied[1], 1);
	CU_ASSERT_EQUAL(w.a.replied[2], 2);
	CU_ASSERT_EQUAL(outbound_count(w.a.outbound).tcp_connects, 1);
	(void)close(fd);
	stop(&w);
}

static void test_a_kept_connection_is_used_again(void)
{
	struct world w;
	start(&w);
	w.a.close_on_reply = true;
	ask(&w, 1, 1);
	int fd = take(&w.a, w.listener);
	for (uint16_t i = 1; i <= 5; i++) {
		CU_ASSERT_EQUAL(heard(&w.a, fd), i);
		say(fd, i);
		CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.replies, i));
		if (i < 5)
			ask(&w, (uint64_t)i + 1, (uint16_t)(i + 1));
	}
	CU_ASSERT_EQUAL(outbound_count(w.a.outbound).tcp_connects, 1);
	CU_ASSERT_EQUAL(outbound_count(w.a.outbound).tcp_sent, 5);
	CU_ASSERT_EQUAL(outbound_count(w.a.outbound).open, 0);
	(void)close(fd);
	stop(&w);
}

static void test_an_idle_connection_is_closed(void)
{
	struct world w;
	struct outbound_setup setup = asker_setup();
	setup.tcp_idle_ms = 30;
	start_with(&w, &setup);
	int fd = kept_connection(&w);
	net_run_for(w.a.loop, 60);
	CU_ASSERT_TRUE(net_is_closed(fd));
	(void)close(fd);
	stop(&w);
}

static void test_the_same_id_goes_on_another_connection(void)
{
	struct world w;
	start(&w);
	ask(&w, 1, 9);
	ask(&w, 2, 9);
	int first = take(&w.a, w.listener), second = take(&w.a, w.listener);
	CU_ASSERT_EQUAL(heard(&w.a, first), 9);
	CU_ASSERT_EQUAL(heard(&w.a, second), 9);
	say(second, 9);
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.replies, 1));
	CU_ASSERT_EQUAL(w.a.replied[0], 2);
	(void)close(first);
	(void)close(second);
	stop(&w);
}

static void test_a_late_reply_is_not_taken_for_another_exchange(void)
{
	struct world w;
	start(&w);
	ask(&w, 1, 9);
	ask(&w, 2, 10);
	int first = take(&w.a, w.listener);
	CU_ASSERT_EQUAL(heard(&w.a, first), 9);
	CU_ASSERT_EQUAL(heard(&w.a, first), 10);
	asker_close(&w.a, 1); /* given up; the server will still answer */
	ask(&w, 3, 9);
	int second = take(&w.a, w.listener);
	CU_ASSERT_TRUE(second >= 0);
	say(first, 9);
	say(first, 10);
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.replies, 1));
	CU_ASSERT_EQUAL(w.a.replied[0], 2);
	ask(&w, 4, 9); /* the debt is paid: 9 is free on the first */
	CU_ASSERT_EQUAL(heard(&w.a, first), 9);
	(void)close(first);
	(void)close(second);
	stop(&w);
}

static void test_a_kept_connection_closed_under_us_is_replaced_unseen(void)
{
	struct world w;
	start(&w);
	int fd = kept_connection(&w);
	(void)close(fd); /* crosses with our next question */
	ask(&w, 2, 2);
	int again = take(&w.a, w.listener);
	CU_ASSERT_EQUAL(heard(&w.a, again), 2);
	say(again, 2);
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.replies, 2));
	CU_ASSERT_EQUAL(w.a.errors, 0);
	(void)close(again);
	stop(&w);
}

static void test_a_fresh_connection_that_ends_is_an_error_for_all_on_it(void)
{
	struct world w;
	start(&w);
	ask(&w, 1, 1);
	ask(&w, 2, 2);
	(void)close(take(&w.a, w.listener));
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.errors, 2));
	CU_ASSERT_EQUAL(w.a.error[0], OUTBOUND_RESET);
	CU_ASSERT_EQUAL(w.a.error[1], OUTBOUND_RESET);
	CU_ASSERT_EQUAL(outbound_count(w.a.outbound).open, 2);
	asker_close(&w.a, 1);
	asker_close(&w.a, 2);
	stop(&w);
}

static void test_a_closed_port_refuses(void)
{
	struct world w;
	start(&w);
	(void)close(w.listener);
	w.listener = -1;
	ask(&w, 1, 1);
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.errors, 1));
	CU_ASSERT_EQUAL(w.a.error[0], OUTBOUND_REFUSED);
	stop(&w);
}

static void test_outgoing_addresses_the_machine_has_not_are_passed_over(void)
{
	struct address sources[2] = { net_address("192.0.2.77"), net_address("127.0.0.5") };
	struct world w;
	struct outbound_setup setup = asker_setup();
	setup.sources = sources;
	setup.source_count = 2;
	start_with(&w, &setup);
	for (uint64_t i = 1; i <= 10; i++) {
		ask(&w, i, 7); /* the same id: a connection of its own */
		int fd = take(&w.a, w.listener);
		CU_ASSERT_EQUAL(heard(&w.a, fd), 7);
		(void)close(fd);
	}
	stop(&w);
}

static void test_silence_times_out_and_the_next_question_connects_anew(void)
{
	struct world w;
	start(&w);
	asker_ask(&w.a, 1, &w.at, true, 1, 30);
	int silent = take(&w.a, w.listener);
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.timeouts, 1));
	ask(&w, 2, 2);
	int fresh = take(&w.a, w.listener);
	CU_ASSERT_EQUAL(heard(&w.a, fresh), 2);
	say(silent, 1); /* late, but its exchange is open still */
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.replies, 1));
	CU_ASSERT_EQUAL(w.a.replied[0], 1);
	(void)close(silent);
	(void)close(fresh);
	stop(&w);
}

static void test_in_flight_and_connections_are_bounded(void)
{
	struct world w;
	struct outbound_setup setup = asker_setup();
	setup.tcp_in_flight = 2;
	setup.tcp_connections = 2;
	start_with(&w, &setup);
	for (uint16_t i = 1; i <= 5; i++)
		ask(&w, i, i);
	CU_ASSERT_TRUE(net_run_until(w.a.loop, &w.a.errors, 1));
	CU_ASSERT_EQUAL(w.a.failed[0], 5);
	CU_ASSERT_EQUAL(w.a.error[0], OUTBOUND_NO_RESOURCE);
	CU_ASSERT_EQUAL(outbound_count(w.a.outbound).tcp_connects, 2);
	stop(&w);
}

static void test_an_idle_connection_makes_room_for_another_server(void)
{
	struct world w;
	struct address other;
	struct outbound_setup setup = asker_setup();
	setup.tcp_connections = 1;
	start_with(&w, &setup);
	int fd = kept_connection(&w), second = net_listen("127.0.0.2", true, &other);
	asker_ask(&w.a, 2, &other, true, 2, LONG_MS);
	int there = take(&w.a, second);
	CU_ASSERT_EQUAL(heard(&w.a, there), 2);
	CU_ASSERT_TRUE(net_is_closed(fd));
	(void)close(fd);
	(void)close(there);
	(void)close(second);
	stop(&w);
}

/* Random calls in random order under the sanitizers (threats H9). */
static void test_any_order_of_calls_is_survived(void)
{
	enum { STEPS = 3000 };
	struct world w;
	struct rng r;
	int fds[64];
	unsigned open = 0;
	uint64_t last = 0;
	struct outbound_setup setup = asker_setup();
	setup.tcp_in_flight = 3;
	setup.tcp_connections = 4;
	setup.tcp_idle_ms = 2;
	start_with(&w, &setup);
	rng_init_number(&r, 2);
	(void)fcntl(w.listener, F_SETFL, O_NONBLOCK);
	for (unsigned i = 0; i < STEPS; i++) {
		w.a.close_on_reply = rng_below(&r, 2) == 0;
		uint32_t what = rng_below(&r, 8);
		uint16_t id = (uint16_t)rng_below(&r, 6);
		if (what < 3)
			asker_ask(&w.a, ++last, &w.at, what > 0, id, rng_below(&r, 20));
		else if (what == 3 && last > 0)
			asker_close(&w.a, last - rng_below(&r, last < 20 ? (uint32_t)last : 20));
		else if (what == 4 && open < 64 &&
			 (fds[open] = accept(w.listener, NULL, NULL)) >= 0)
			open++;
		else if (what == 5 && open > 0)
			(void)send(fds[rng_below(&r, open)], "\0\2\0\1\0\3\0\3\1", id + 3u,
				   MSG_NOSIGNAL);
		else if (what == 6 && open > 0 && id == 0)
			(void)close(fds[--open]);
		else
			(void)ev_run(w.a.loop, EVRUN_NOWAIT);
	}
	for (uint64_t i = 1; i <= last; i++)
		asker_close(&w.a, i);
	CU_ASSERT_EQUAL(outbound_count(w.a.outbound).open, 0);
	while (open > 0)
		(void)close(fds[--open]);
	stop(&w);
}

static const struct unit_test tests[] = {
	UNIT(test_replies_find_their_exchange_by_id_in_any_order),
	UNIT(test_a_kept_connection_is_used_again),
	UNIT(test_an_idle_connection_is_closed),
	UNIT(test_the_same_id_goes_on_another_connection),
	UNIT(test_a_late_reply_is_not_taken_for_another_exchange),
	UNIT(test_a_kept_connection_closed_under_us_is_replaced_unseen),
	UNIT(test_a_fresh_connection_that_ends_is_an_error_for_all_on_it),
	UNIT(test_a_closed_port_refuses),
	UNIT(test_outgoing_addresses_the_machine_has_not_are_passed_over),
	UNIT(test_silence_times_out_and_the_next_question_connects_anew),
	UNIT(test_in_flight_and_connections_are_bounded),
	UNIT(test_an_idle_connection_makes_room_for_another_server),
	UNIT(test_any_order_of_calls_is_survived),
};

const struct unit_suite suite_outbound_tcp = { "outbound_tcp", tests,
					       sizeof(tests) / sizeof(tests[0]) };
