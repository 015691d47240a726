#include "resolver/net/udp.h"
#include "resolver/net/listen.h"
#include "tests/net/net_case.h"
#include <string.h>
#include <unistd.h>

/* A server that echoes, and what it saw. */
struct echo {
	struct ev_loop *loop;
	struct udp *udp;
	struct address at;
	unsigned received;
	bool silent;         /* answers nothing by itself */
	bool also_the_first; /* while answering, sends the first client something else */
	struct udp_peer first;
};

static size_t receive(void *owner, const struct udp_peer *peer, const uint8_t *octets, size_t len,
		      uint8_t *reply)
{
	struct echo *e = owner;
	if (e->received++ == 0)
		e->first = *peer;
	if (e->silent)
		return 0;
	memcpy(reply, octets, len);
	if (e->also_the_first) {
		memcpy(udp_reply_space(e->udp), "other", 5);
		udp_send(e->udp, &e->first, 5);
	}
	return len;
}

static bool start(struct echo *e, const char *host)
{
	*e = (struct echo){ .loop = ev_loop_new(0) };
	int fd = net_listen(host, false, &e->at);
	CU_ASSERT_TRUE(fd >= 0);
	e->udp = fd < 0 ? NULL : udp_new(e->loop, fd, receive, e);
	return e->udp != NULL;
}

static void stop(struct echo *e)
{
	udp_free(e->udp);
	ev_loop_destroy(e->loop);
}

static void asked_and_answered(const char *listen_on, const char *client_at, const char *ask)
{
	struct echo e;
	struct address to = net_address(ask), from = { .family = FAMILY_NONE };
	char text[16];
	CU_ASSERT_TRUE_FATAL(start(&e, listen_on));
	int fd = net_udp_client(client_at);
	to.port = e.at.port;
	CU_ASSERT_TRUE(net_send_to(fd, &to, "hello", 5));
	CU_ASSERT_TRUE(net_run_until(e.loop, &e.received, 1));
	CU_ASSERT_EQUAL(net_receive(fd, text, sizeof(text), &from), 5);
	CU_ASSERT_TRUE(address_equal(&from, &to));
	(void)close(fd);
	stop(&e);
}

static void test_reply_leaves_from_the_address_asked_rfc2181_section_4(void)
{
	asked_and_answered("0.0.0.0", "127.0.0.1", "127.0.0.1");
	asked_and_answered("0.0.0.0", "127.0.0.1", "127.0.0.77");
	asked_and_answered("127.0.0.3", "127.0.0.1", "127.0.0.3");
	if (!net_has_ipv6())
		return;
	asked_and_answered("::", "::1", "::1");
	asked_and_answered("::1", "::1", "::1");
}

static void test_bursts_larger_than_a_batch_are_all_answered(void)
{
	enum { BURST = 100 };
	struct echo e;
	bool seen[BURST] = { false };
	CU_ASSERT_TRUE_FATAL(start(&e, "127.0.0.1"));
	int fd = net_udp_client("127.0.0.1");
	for (uint8_t i = 0; i < BURST; i++)
		CU_ASSERT_TRUE(net_send_to(fd, &e.at, &i, 1));
	CU_ASSERT_TRUE(net_run_until(e.loop, &e.received, BURST));
	for (unsigned i = 0; i < BURST; i++) {
		uint8_t octet = BURST;
		CU_ASSERT_EQUAL(net_receive(fd, &octet, 1, NULL), 1);
		CU_ASSERT_TRUE_FATAL(octet < BURST);
		CU_ASSERT_FALSE(seen[octet]);
		seen[octet] = true;
	}
	CU_ASSERT_EQUAL(udp_count(e.udp).received, BURST);
	CU_ASSERT_EQUAL(udp_count(e.udp).sent, BURST);
	(void)close(fd);
	stop(&e);
}

static void test_a_late_reply_finds_its_client(void)
{
	struct echo e;
	char text[16];
	struct address from;
	CU_ASSERT_TRUE_FATAL(start(&e, "0.0.0.0"));
	e.silent = true;
	int fd = net_udp_client("127.0.0.1");
	struct address to = net_address("127.0.0.9");
	to.port = e.at.port;
	CU_ASSERT_TRUE(net_send_to(fd, &to, "question", 8));
	CU_ASSERT_TRUE(net_run_until(e.loop, &e.received, 1));
	net_run_for(e.loop, 20);
	CU_ASSERT_EQUAL(udp_count(e.udp).sent, 0);
	memcpy(udp_reply_space(e.udp), "late", 4);
	udp_send(e.udp, &e.first, 4);
	udp_flush(e.udp);
	CU_ASSERT_EQUAL(net_receive(fd, text, sizeof(text), &from), 4);
	CU_ASSERT_TRUE(address_equal(&from, &to));
	(void)close(fd);
	stop(&e);
}

static void test_other_replies_may_be_sent_while_one_is_written(void)
{
	enum { CLIENTS = 70 };
	struct echo e;
	CU_ASSERT_TRUE_FATAL(start(&e, "127.0.0.1"));
	e.also_the_first = true;
	int first = net_udp_client("127.0.0.1"), fd = net_udp_client("127.0.0.1");
	CU_ASSERT_TRUE(net_send_to(first, &e.at, "own", 3));
	CU_ASSERT_TRUE(net_run_until(e.loop, &e.received, 1));
	for (uint8_t i = 1; i <= CLIENTS; i++)
		CU_ASSERT_TRUE(net_send_to(fd, &e.at, &i, 1));
	CU_ASSERT_TRUE(net_run_until(e.loop, &e.received, 1 + CLIENTS));
	for (unsigned i = 1; i <= CLIENTS; i++) {
		uint8_t octet = 0;
		CU_ASSERT_EQUAL(net_receive(fd, &octet, 1, NULL), 1);
		CU_ASSERT_EQUAL(octet, i);
	}
	unsigned others = 0, own = 0;
	for (unsigned i = 0; i < CLIENTS + 2; i++) {
		char text[8] = "";
		(void)net_receive(first, text, sizeof(text) - 1, NULL);
		others += strcmp(text, "other") == 0;
		own += strcmp(text, "own") == 0;
	}
	CU_ASSERT_EQUAL(others, CLIENTS + 1);
	CU_ASSERT_EQUAL(own, 1);
	(void)close(first);
	(void)close(fd);
	stop(&e);
}

static void test_a_client_that_cannot_be_reached_stops_nobody_else(void)
{
	struct echo e;
	char text[8];
	CU_ASSERT_TRUE_FATAL(start(&e, "127.0.0.1"));
	int fd = net_udp_client("127.0.0.1");
	CU_ASSERT_TRUE(net_send_to(fd, &e.at, "a", 1));
	CU_ASSERT_TRUE(net_run_until(e.loop, &e.received, 1));
	struct udp_peer nowhere = { .client = net_address("255.255.255.255@9") };
	for (unsigned i = 0; i < 3; i++) {
		memcpy(udp_reply_space(e.udp), "x", 1);
		udp_send(e.udp, i == 1 ? &e.first : &nowhere, 1);
	}
	(void)udp_reply_space(e.udp);
	udp_send(e.udp, &e.first, 0); /* nothing to say: nothing leaves */
	udp_flush(e.udp);
	CU_ASSERT_EQUAL(udp_count(e.udp).send_failed, 2);
	CU_ASSERT_EQUAL(udp_count(e.udp).sent, 2);
	CU_ASSERT_EQUAL(net_receive(fd, text, 1, NULL), 1);
	CU_ASSERT_EQUAL(net_receive(fd, text, 1, NULL), 1);
	CU_ASSERT_EQUAL(text[0], 'x');
	(void)close(fd);
	stop(&e);
}

static void test_questions_too_long_are_counted_and_dropped(void)
{
	static uint8_t octets[5000];
	struct echo e;
	CU_ASSERT_TRUE_FATAL(start(&e, "127.0.0.1"));
	int fd = net_udp_client("127.0.0.1");
	CU_ASSERT_TRUE(net_send_to(fd, &e.at, octets, sizeof(octets)));
	CU_ASSERT_TRUE(net_send_to(fd, &e.at, octets, 4096));
	CU_ASSERT_TRUE(net_send_to(fd, &e.at, octets, 0));
	CU_ASSERT_TRUE(net_run_until(e.loop, &e.received, 2));
	CU_ASSERT_EQUAL(udp_count(e.udp).received, 3);
	CU_ASSERT_EQUAL(udp_count(e.udp).truncated_in, 1);
	CU_ASSERT_EQUAL(net_receive(fd, octets, sizeof(octets), NULL), 4096);
	(void)close(fd);
	stop(&e);
}

static void test_a_drained_listener_reads_what_waits_and_no_more_but_sends(void)
{
	struct echo e;
	char text[8];
	CU_ASSERT_TRUE_FATAL(start(&e, "127.0.0.1"));
	int fd = net_udp_client("127.0.0.1");
	for (unsigned i = 0; i < 100; i++)
		CU_ASSERT_TRUE(net_send_to(fd, &e.at, "a", 1));
	udp_drain(e.udp);
	CU_ASSERT_EQUAL(e.received, 100);
	CU_ASSERT_EQUAL(net_receive(fd, text, sizeof(text), NULL), 1);
	CU_ASSERT_TRUE(net_send_to(fd, &e.at, "b", 1));
	net_run_for(e.loop, 20);
	CU_ASSERT_EQUAL(e.received, 100);
	memcpy(udp_reply_space(e.udp), "z", 1);
	udp_send(e.udp, &e.first, 1);
	udp_flush(e.udp);
	CU_ASSERT_EQUAL(udp_count(e.udp).sent, 101);
	(void)close(fd);
	stop(&e);
}

/* Every datagram of many clients reaches one of two sockets, whenever the first of them is retired. */
static void retire_under_load(const char *host)
{
	enum { CLIENTS = 64 };
	struct echo e;
	struct echo other = { .received = 0 };
	int clients[CLIENTS], fd, second = -1;
	char text[8];
	e = (struct echo){ .loop = ev_loop_new(0) };
	fd = net_listen(host, false, &e.at);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	CU_ASSERT_EQUAL_FATAL(listen_udp(&e.at, &second), ERR_OK);
	e.udp = udp_new(e.loop, fd, receive, &e);
	other.udp = udp_new(e.loop, second, receive, &other);
	CU_ASSERT_FATAL(e.udp != NULL && other.udp != NULL);
	struct address to = e.at;
	if (strcmp(host, "0.0.0.0") == 0)
		to.octets[0] = 127, to.octets[3] = 9;
	for (unsigned i = 0; i < CLIENTS; i++) {
		clients[i] = net_udp_client(e.at.family == FAMILY_IPV6 ? "::1" : "127.0.0.1");
		CU_ASSERT_TRUE(net_send_to(clients[i], &to, "a", 1));
	}
	listen_retire_udp(fd);
	for (unsigned i = 0; i < CLIENTS; i++)
		CU_ASSERT_TRUE(net_send_to(clients[i], &to, "b", 1));
	udp_drain(e.udp);
	CU_ASSERT(e.received > 0 && e.received < CLIENTS);
	CU_ASSERT_TRUE(net_run_until(e.loop, &other.received, 2 * CLIENTS - e.received));
	CU_ASSERT_EQUAL(other.received, 2 * CLIENTS - e.received);
	for (unsigned i = 0; i < CLIENTS; i++) {
		struct address from = { .family = FAMILY_NONE };
		CU_ASSERT_EQUAL(net_receive(clients[i], text, sizeof(text), &from), 1);
		CU_ASSERT_TRUE(address_equal(&from, &to));
		CU_ASSERT_EQUAL(net_receive(clients[i], text, sizeof(text), NULL), 1);
		(void)close(clients[i]);
	}
	udp_free(other.udp);
	stop(&e);
}

static void test_a_retired_socket_loses_nothing_that_waits_and_gets_no_more(void)
{
	retire_under_load("127.0.0.1");
	retire_under_load("0.0.0.0");
	if (net_has_ipv6())
		retire_under_load("::1");
}

static void test_a_full_socket_loses_replies_and_counts_them(void)
{
	enum { REPLIES = 20000 };
	struct echo e;
	CU_ASSERT_TRUE_FATAL(start(&e, "127.0.0.1"));
	struct udp_peer peer = { .client = e.at };
	for (unsigned i = 0; i < REPLIES; i++) {
		memset(udp_reply_space(e.udp), 0, 1200);
		udp_send(e.udp, &peer, 1200);
	}
	udp_flush(e.udp);
	struct udp_counts c = udp_count(e.udp);
	CU_ASSERT_TRUE(c.sent > 0);
	CU_ASSERT_TRUE(c.sent + c.send_full + c.send_failed <= REPLIES);
	CU_ASSERT_TRUE(c.sent + c.send_full + c.send_failed + 32 >= REPLIES);
	stop(&e);
}

static void test_two_workers_share_a_port_and_strangers_are_told_why_not(void)
{
	struct address at, where = net_address("192.0.2.1");
	int one = net_listen("127.0.0.1", false, &at), two = -1, three = -1;
	struct address shared = at;
	CU_ASSERT_EQUAL(listen_udp(&at, &two), ERR_OK);
	CU_ASSERT_EQUAL(listen_probe(&at), ERR_BUSY);
	CU_ASSERT_EQUAL(listen_udp(&where, &three), ERR_NOTFOUND);
	CU_ASSERT_EQUAL(listen_probe(&where), ERR_NOTFOUND);
	int tcp = net_listen("127.0.0.1", true, &at), again = -1;
	CU_ASSERT_EQUAL(listen_tcp(&at, &again), ERR_OK);
	CU_ASSERT_EQUAL(three, -1);
	(void)close(tcp);
	(void)close(again);
	(void)close(one);
	(void)close(two);
	CU_ASSERT_EQUAL(listen_probe(&shared), ERR_OK);
}

static const struct unit_test tests[] = {
	UNIT(test_reply_leaves_from_the_address_asked_rfc2181_section_4),
	UNIT(test_bursts_larger_than_a_batch_are_all_answered),
	UNIT(test_a_late_reply_finds_its_client),
	UNIT(test_other_replies_may_be_sent_while_one_is_written),
	UNIT(test_a_client_that_cannot_be_reached_stops_nobody_else),
	UNIT(test_questions_too_long_are_counted_and_dropped),
	UNIT(test_a_drained_listener_reads_what_waits_and_no_more_but_sends),
	UNIT(test_a_retired_socket_loses_nothing_that_waits_and_gets_no_more),
	UNIT(test_a_full_socket_loses_replies_and_counts_them),
	UNIT(test_two_workers_share_a_port_and_strangers_are_told_why_not),
};

const struct unit_suite suite_udp = { "udp", tests, sizeof(tests) / sizeof(tests[0]) };
