#include "resolver/net/tcp.h"
#include "resolver/net/listen.h"
#include "tests/net/net_case.h"
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SEEN_MAX = 64, QUESTION = 20 };

/* A server that remembers what it is asked and answers when the test says so. */
struct server {
	struct ev_loop *loop;
	struct tcp *tcp;
	struct address at;
	bool refuse, echo;
	unsigned received, gone, admitted;
	uint64_t connection[SEEN_MAX];
	uint16_t id[SEEN_MAX];
	size_t len[SEEN_MAX];
};

static const struct tcp_limits roomy = { .clients = 64,
					 .per_host = 64,
					 .in_flight = 32,
					 .unsent_octets = 65536,
					 .idle_ms = 10000,
					 .idle_min_ms = 1000,
					 .read_ms = 5000 };

static bool admit(void *owner, const struct address *client)
{
	struct server *s = owner;
	s->admitted++;
	return !s->refuse && client->port != 0;
}

static void receive(void *owner, uint64_t connection, const struct address *client,
		    const uint8_t *octets, size_t len)
{
	struct server *s = owner;
	unsigned i = s->received++ % SEEN_MAX;
	CU_ASSERT_TRUE(client->family == FAMILY_IPV4 && client->octets[0] == 127);
	s->connection[i] = connection;
	s->id[i] = (uint16_t)(octets[0] << 8 | octets[1]);
	s->len[i] = len;
	if (s->echo)
		tcp_reply(s->tcp, connection, octets, len);
}

static void gone(void *owner, uint64_t connection)
{
	(void)connection;
	((struct server *)owner)->gone++;
}

static void start(struct server *s, const struct tcp_limits *limits)
{
	*s = (struct server){ .loop = ev_loop_new(0) };
	int fd = net_listen("127.0.0.1", true, &s->at);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	s->tcp = tcp_new(s->loop, limits, admit, receive, gone, s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->tcp);
	CU_ASSERT_EQUAL(tcp_listen(s->tcp, fd), ERR_OK);
}

static void stop(struct server *s)
{
	tcp_free(s->tcp);
	ev_loop_destroy(s->loop);
}

static bool ask(int fd, uint16_t id, size_t len)
{
	uint8_t octets[4096];
	net_message(octets, len, id);
	return net_write_message(fd, octets, len);
}

static void answer(struct server *s, unsigned i)
{
	uint8_t octets[QUESTION];
	net_message(octets, sizeof(octets), s->id[i]);
	tcp_reply(s->tcp, s->connection[i], octets, sizeof(octets));
	net_run_for(s->loop, 5);
}

/* The id of the next reply, or -1. */
static long reply_id(int fd)
{
	uint8_t octets[4096];
	long n = net_read_message(fd, octets, sizeof(octets));
	return n < 2 ? -1 : octets[0] << 8 | octets[1];
}

static void test_a_message_may_come_octet_by_octet(void)
{
	struct server s;
	uint8_t octets[2 + QUESTION] = { 0, QUESTION };
	start(&s, &roomy);
	int fd = net_tcp_client("127.0.0.1", &s.at);
	net_message(octets + 2, QUESTION, 77);
	for (size_t i = 0; i < sizeof(octets); i++) {
		CU_ASSERT_EQUAL(s.received, 0);
		CU_ASSERT_EQUAL(send(fd, octets + i, 1, 0), 1);
		net_run_for(s.loop, 5);
	}
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.received, 1));
	CU_ASSERT_EQUAL(s.len[0], QUESTION);
	answer(&s, 0);
	CU_ASSERT_EQUAL(reply_id(fd), 77);
	(void)close(fd);
	stop(&s);
}

static void test_the_longest_message_comes_through(void)
{
	static uint8_t big[65535], back[65535];
	struct server s;
	start(&s, &roomy);
	s.echo = true;
	int fd = net_tcp_client("127.0.0.1", &s.at);
	net_message(big, sizeof(big), 5);
	CU_ASSERT_TRUE(net_write_message(fd, big, sizeof(big)));
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.received, 1));
	CU_ASSERT_EQUAL(s.len[0], sizeof(big));
	net_run_for(s.loop, 50);
	CU_ASSERT_EQUAL(net_read_message(fd, back, sizeof(back)), (long)sizeof(back));
	CU_ASSERT_EQUAL(memcmp(big, back, sizeof(big)), 0);
	(void)close(fd);
	stop(&s);
}

static void test_pipelined_questions_are_answered_in_any_order_rfc7766_section_7(void)
{
	struct server s;
	start(&s, &roomy);
	int fd = net_tcp_client("127.0.0.1", &s.at);
	for (uint16_t id = 1; id <= 3; id++)
		CU_ASSERT_TRUE(ask(fd, id, QUESTION));
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.received, 3));
	CU_ASSERT_EQUAL(s.connection[0], s.connection[2]);
	answer(&s, 2);
	answer(&s, 0);
	answer(&s, 1);
	CU_ASSERT_EQUAL(reply_id(fd), 3);
	CU_ASSERT_EQUAL(reply_id(fd), 1);
	CU_ASSERT_EQUAL(reply_id(fd), 2);
	CU_ASSERT_TRUE(tcp_idle(s.tcp));
	(void)close(fd);
	stop(&s);
}

static void test_half_closed_client_gets_its_replies_rfc7766_section_6_2_4(void)
{
	struct server s;
	start(&s, &roomy);
	int fd = net_tcp_client("127.0.0.1", &s.at);
	CU_ASSERT_TRUE(ask(fd, 1, QUESTION) && ask(fd, 2, QUESTION));
	CU_ASSERT_EQUAL(shutdown(fd, SHUT_WR), 0);
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.received, 2));
	net_run_for(s.loop, 20);
	CU_ASSERT_EQUAL(s.gone, 0);
	answer(&s, 1);
	CU_ASSERT_EQUAL(s.gone, 0);
	answer(&s, 0);
	CU_ASSERT_EQUAL(reply_id(fd), 2);
	CU_ASSERT_EQUAL(reply_id(fd), 1);
	CU_ASSERT_TRUE(net_is_closed(fd));
	CU_ASSERT_EQUAL(s.gone, 1);
	CU_ASSERT_EQUAL(tcp_connections(s.tcp), 0);
	(void)close(fd);
	stop(&s);
}

static void test_reading_stops_at_the_questions_in_flight(void)
{
	struct tcp_limits limits = roomy;
	struct server s;
	limits.in_flight = 4;
	start(&s, &limits);
	int fd = net_tcp_client("127.0.0.1", &s.at);
	for (uint16_t id = 0; id < 10; id++)
		CU_ASSERT_TRUE(ask(fd, id, QUESTION));
	CU_ASSERT_EQUAL(shutdown(fd, SHUT_WR), 0);
	net_run_for(s.loop, 30);
	CU_ASSERT_EQUAL(s.received, 4);
	for (unsigned i = 0; i < 10; i++) {
		CU_ASSERT_TRUE(s.received > i && s.received <= i + 4);
		answer(&s, i);
		CU_ASSERT_EQUAL(reply_id(fd), (long)i);
	}
	CU_ASSERT_TRUE(net_is_closed(fd));
	(void)close(fd);
	stop(&s);
}

static void test_no_reply_frees_a_place_too(void)
{
	struct tcp_limits limits = roomy;
	struct server s;
	limits.in_flight = 1;
	start(&s, &limits);
	int fd = net_tcp_client("127.0.0.1", &s.at);
	CU_ASSERT_TRUE(ask(fd, 1, QUESTION) && ask(fd, 2, QUESTION));
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.received, 1));
	tcp_no_reply(s.tcp, s.connection[0]);
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.received, 2));
	answer(&s, 1);
	CU_ASSERT_EQUAL(reply_id(fd), 2);
	(void)close(fd);
	stop(&s);
}

static void test_a_host_has_its_share_and_others_have_theirs(void)
{
	struct tcp_limits limits = roomy;
	struct server s;
	int fds[4];
	limits.per_host = 3;
	start(&s, &limits);
	for (unsigned i = 0; i < 4; i++)
		fds[i] = net_tcp_client("127.0.0.1", &s.at);
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.admitted, 4));
	CU_ASSERT_EQUAL(tcp_connections(s.tcp), 3);
	CU_ASSERT_TRUE(net_is_closed(fds[3]));
	int other = net_tcp_client("127.0.0.2", &s.at);
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.admitted, 5));
	CU_ASSERT_EQUAL(tcp_connections(s.tcp), 4);
	(void)close(fds[0]);
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.gone, 1));
	(void)close(fds[3]);
	fds[3] = net_tcp_client("127.0.0.1", &s.at);
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.admitted, 6));
	CU_ASSERT_EQUAL(tcp_connections(s.tcp), 4);
	for (unsigned i = 1; i < 4; i++)
		(void)close(fds[i]);
	(void)close(other);
	stop(&s);
}

static void test_beyond_all_clients_the_next_is_closed_at_once(void)
{
	struct tcp_limits limits = roomy;
	struct server s;
	limits.clients = 2;
	start(&s, &limits);
	int a = net_tcp_client("127.0.0.1", &s.at), b = net_tcp_client("127.0.0.1", &s.at);
	int c = net_tcp_client("127.0.0.1", &s.at);
	net_run_for(s.loop, 20);
	CU_ASSERT_EQUAL(tcp_connections(s.tcp), 2);
	CU_ASSERT_TRUE(net_is_closed(c));
	(void)close(a);
	(void)close(b);
	(void)close(c);
	stop(&s);
}

static void test_a_client_not_admitted_is_closed_at_once(void)
{
	struct server s;
	start(&s, &roomy);
	s.refuse = true;
	int fd = net_tcp_client("127.0.0.1", &s.at);
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.admitted, 1));
	CU_ASSERT_TRUE(net_is_closed(fd));
	CU_ASSERT_EQUAL(s.gone, 0);
	(void)close(fd);
	stop(&s);
}

static void test_what_is_shorter_than_a_header_ends_the_connection(void)
{
	static const size_t lengths[] = { 0, 1, 11 };
	for (size_t i = 0; i < 3; i++) {
		struct server s;
		uint8_t octets[2 + 11] = { 0, (uint8_t)lengths[i] };
		start(&s, &roomy);
		int fd = net_tcp_client("127.0.0.1", &s.at);
		CU_ASSERT_EQUAL(send(fd, octets, 2 + lengths[i], 0), (ssize_t)(2 + lengths[i]));
		CU_ASSERT_TRUE(net_run_until(s.loop, &s.gone, 1));
		CU_ASSERT_TRUE(net_is_closed(fd));
		CU_ASSERT_EQUAL(s.received, 0);
		(void)close(fd);
		stop(&s);
	}
}

static void test_slow_and_idle_clients_are_closed(void)
{
	struct tcp_limits limits = roomy;
	struct server s;
	limits.idle_ms = 400;
	limits.read_ms = 60;
	start(&s, &limits);
	int slow = net_tcp_client("127.0.0.1", &s.at), idle = net_tcp_client("127.0.0.1", &s.at);
	net_run_for(s.loop, 20);
	for (unsigned i = 0; i < 8 && s.gone == 0; i++) { /* always something, never a message */
		(void)send(slow, "\1", 1, MSG_NOSIGNAL);
		net_run_for(s.loop, 20);
	}
	CU_ASSERT_EQUAL(s.gone, 1);
	CU_ASSERT_TRUE(net_is_closed(slow));
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.gone, 2));
	CU_ASSERT_TRUE(net_is_closed(idle));
	(void)close(slow);
	(void)close(idle);
	stop(&s);
}

static void test_a_waiting_client_is_not_idle(void)
{
	struct tcp_limits limits = roomy;
	struct server s;
	limits.idle_ms = limits.idle_min_ms = limits.read_ms = 30;
	start(&s, &limits);
	int fd = net_tcp_client("127.0.0.1", &s.at);
	CU_ASSERT_TRUE(ask(fd, 9, QUESTION));
	net_run_for(s.loop, 120);
	CU_ASSERT_EQUAL(s.gone, 0);
	answer(&s, 0);
	CU_ASSERT_EQUAL(reply_id(fd), 9);
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.gone, 1));
	(void)close(fd);
	stop(&s);
}

/* The client of CVE-2024-0760: asks for ever, reads never (threats T3). */
static void test_a_client_that_reads_nothing_is_stopped_and_closed(void)
{
	struct tcp_limits limits = roomy;
	struct server s;
	static uint8_t octets[2 + 4000] = { 4000 >> 8, 4000 & 255 };
	limits.read_ms = 100;
	start(&s, &limits);
	s.echo = true;
	int fd = net_tcp_client("127.0.0.1", &s.at), small = 4096;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	for (unsigned i = 0; i < 4000 && s.gone == 0; i++) {
		(void)send(fd, octets, sizeof(octets), MSG_NOSIGNAL | MSG_DONTWAIT);
		if (i % 8 == 0)
			(void)ev_run(s.loop, EVRUN_NOWAIT);
	}
	unsigned taken = s.received;
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.gone, 1));
	CU_ASSERT_TRUE(taken < 2000); /* of them, most wait in the kernel, some with us */
	(void)close(fd);
	stop(&s);
}

static void test_idle_time_shrinks_as_the_slots_fill(void)
{
	struct tcp_limits limits = roomy;
	struct server s;
	int fds[10];
	limits.clients = 10;
	start(&s, &limits);
	CU_ASSERT_EQUAL(tcp_idle_ms(s.tcp), 10000);
	for (unsigned i = 0; i < 10; i++) {
		fds[i] = net_tcp_client("127.0.0.1", &s.at);
		CU_ASSERT_TRUE(net_run_until(s.loop, &s.admitted, i + 1));
		if (i + 1 == 5)
			CU_ASSERT_EQUAL(tcp_idle_ms(s.tcp), 10000);
		if (i + 1 == 7)
			CU_ASSERT_EQUAL(tcp_idle_ms(s.tcp), 5500);
		if (i + 1 >= 9)
			CU_ASSERT_EQUAL(tcp_idle_ms(s.tcp), 1000);
	}
	for (unsigned i = 0; i < 10; i++)
		(void)close(fds[i]);
	stop(&s);
}

static void test_a_reply_to_a_dead_connection_is_dropped(void)
{
	struct server s;
	start(&s, &roomy);
	int fd = net_tcp_client("127.0.0.1", &s.at);
	CU_ASSERT_TRUE(ask(fd, 1, QUESTION));
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.received, 1));
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	(void)close(fd);
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.gone, 1));
	int other = net_tcp_client("127.0.0.1", &s.at); /* takes over the slot, not the number */
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.admitted, 2));
	answer(&s, 0);
	tcp_no_reply(s.tcp, s.connection[0]);
	CU_ASSERT_TRUE(ask(other, 2, QUESTION));
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.received, 2));
	CU_ASSERT_NOT_EQUAL(s.connection[0], s.connection[1]);
	answer(&s, 1);
	CU_ASSERT_EQUAL(reply_id(other), 2);
	(void)close(other);
	stop(&s);
}

static void test_draining_finishes_what_is_owed_and_takes_no_more(void)
{
	struct server s;
	start(&s, &roomy);
	int busy = net_tcp_client("127.0.0.1", &s.at), idle = net_tcp_client("127.0.0.1", &s.at);
	CU_ASSERT_TRUE(ask(busy, 1, QUESTION));
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.received, 1));
	tcp_drain(s.tcp);
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.gone, 1));
	CU_ASSERT_TRUE(net_is_closed(idle));
	CU_ASSERT_FALSE(tcp_idle(s.tcp));
	CU_ASSERT_TRUE(ask(busy, 2, QUESTION));
	net_run_for(s.loop, 20);
	CU_ASSERT_EQUAL(s.received, 1);
	answer(&s, 0);
	CU_ASSERT_EQUAL(reply_id(busy), 1);
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.gone, 2));
	CU_ASSERT_TRUE(tcp_idle(s.tcp));
	(void)close(busy);
	(void)close(idle);
	stop(&s);
}

/* Threats T15: without a pause the loop would spin on a listener that stays readable. */
static void test_accepting_pauses_when_descriptors_run_out(void)
{
	struct server s;
	struct rlimit before, none;
	start(&s, &roomy);
	ev_run(s.loop, EVRUN_NOWAIT); /* the loop has its own descriptors now */
	int fd = net_tcp_client("127.0.0.1", &s.at);
	int next = dup(fd);
	CU_ASSERT_EQUAL(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = (rlim_t)next;
	(void)close(next);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &none), 0);
	unsigned turns = ev_iteration(s.loop);
	net_run_for(s.loop, 40);
	turns = ev_iteration(s.loop) - turns;
	CU_ASSERT_EQUAL(s.admitted, 0);
	CU_ASSERT_TRUE(turns < 30);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &before), 0);
	CU_ASSERT_TRUE(net_run_until(s.loop, &s.admitted, 1));
	(void)close(fd);
	stop(&s);
}

static const struct unit_test tests[] = {
	UNIT(test_a_message_may_come_octet_by_octet),
	UNIT(test_the_longest_message_comes_through),
	UNIT(test_pipelined_questions_are_answered_in_any_order_rfc7766_section_7),
	UNIT(test_half_closed_client_gets_its_replies_rfc7766_section_6_2_4),
	UNIT(test_reading_stops_at_the_questions_in_flight),
	UNIT(test_no_reply_frees_a_place_too),
	UNIT(test_a_host_has_its_share_and_others_have_theirs),
	UNIT(test_beyond_all_clients_the_next_is_closed_at_once),
	UNIT(test_a_client_not_admitted_is_closed_at_once),
	UNIT(test_what_is_shorter_than_a_header_ends_the_connection),
	UNIT(test_slow_and_idle_clients_are_closed),
	UNIT(test_a_waiting_client_is_not_idle),
	UNIT(test_a_client_that_reads_nothing_is_stopped_and_closed),
	UNIT(test_idle_time_shrinks_as_the_slots_fill),
	UNIT(test_a_reply_to_a_dead_connection_is_dropped),
	UNIT(test_draining_finishes_what_is_owed_and_takes_no_more),
	UNIT(test_accepting_pauses_when_descriptors_run_out),
};

const struct unit_suite suite_tcp = { "tcp", tests, sizeof(tests) / sizeof(tests[0]) };
