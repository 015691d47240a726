/*
 * What the kernel may say to sendmmsg(2) and accept4(2), said by the linker's --wrap (threats
 * T15, T16).
 */
#define _GNU_SOURCE /* struct mmsghdr */
#include "resolver/net/tcp.h"
#include "resolver/net/udp.h"
#include "tests/net/net_case.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SCRIPT_MAX = 16, ALL = 1000, SENT_MAX = 256 };

/* What the next calls do: 0 and above: take so many; below: fail with -errno. */
static struct script {
	int steps[SCRIPT_MAX];
	unsigned count, at;
} script;

/* First octets of what was taken, in order. */
static struct sent {
	uint8_t octet[SENT_MAX];
	unsigned count;
} sent;

static unsigned accepts;
static int accept_errno;

int __real_accept4(int fd, struct sockaddr *name, socklen_t *len, int flags);
int __wrap_accept4(int fd, struct sockaddr *name, socklen_t *len, int flags);
int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);

int __wrap_accept4(int fd, struct sockaddr *name, socklen_t *len, int flags)
{
	accepts++;
	if (accept_errno == 0)
		return __real_accept4(fd, name, len, flags);
	errno = accept_errno;
	return -1;
}

int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	(void)fd;
	(void)flags;
	int step = script.at < script.count ? script.steps[script.at++] : ALL;
	if (step < 0) {
		errno = -step;
		return -1;
	}
	unsigned take = (unsigned)step < count ? (unsigned)step : count;
	for (unsigned i = 0; i < take && sent.count < SENT_MAX; i++)
		sent.octet[sent.count++] = *(uint8_t *)messages[i].msg_hdr.msg_iov->iov_base;
	return (int)take;
}

static size_t ignore(void *owner, const struct udp_peer *peer, const uint8_t *octets, size_t len,
		     uint8_t *reply)
{
	(void)owner;
	(void)peer;
	(void)octets;
	(void)len;
	(void)reply;
	return 0;
}

struct sender {
	struct ev_loop *loop;
	struct udp *udp;
	struct udp_peer peer;
};

static void start(struct sender *s, const int *steps, unsigned count)
{
	struct address at;
	memset(&script, 0, sizeof(script));
	memset(&sent, 0, sizeof(sent));
	memcpy(script.steps, steps, count * sizeof(*steps));
	script.count = count;
	s->loop = ev_loop_new(0);
	int fd = net_listen("127.0.0.1", false, &at);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	s->udp = udp_new(s->loop, fd, ignore, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->udp);
	s->peer = (struct udp_peer){ .client = at };
}

static void stop(struct sender *s)
{
	udp_free(s->udp);
	ev_loop_destroy(s->loop);
}

static void queue(struct sender *s, uint8_t octet)
{
	*udp_reply_space(s->udp) = octet;
	udp_send(s->udp, &s->peer, 1);
}

#define START(s, steps) start((s), (steps), sizeof(steps) / sizeof((steps)[0]))

static void test_a_batch_taken_in_parts_arrives_whole_and_in_order(void)
{
	static const int steps[] = { 3, -EINTR, 1, ALL };
	struct sender s;
	START(&s, steps);
	for (uint8_t i = 0; i < 10; i++)
		queue(&s, i);
	udp_flush(s.udp);
	CU_ASSERT_EQUAL(sent.count, 10);
	for (uint8_t i = 0; i < 10; i++)
		CU_ASSERT_EQUAL(sent.octet[i], i);
	CU_ASSERT_EQUAL(udp_count(s.udp).sent, 10);
	stop(&s);
}

static void test_a_refused_message_costs_itself_only(void)
{
	static const int refusals[] = { EHOSTUNREACH, ENETUNREACH, EPERM,
					EINVAL,       EMSGSIZE,    ECONNREFUSED };
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const int steps[] = { 2, -refusals[i], ALL };
		struct sender s;
		START(&s, steps);
		for (uint8_t n = 0; n < 6; n++)
			queue(&s, n);
		udp_flush(s.udp);
		CU_ASSERT_EQUAL(sent.count, 5);
		CU_ASSERT_EQUAL(sent.octet[2], 3);
		CU_ASSERT_EQUAL(udp_count(s.udp).send_failed, 1);
		CU_ASSERT_EQUAL(udp_count(s.udp).sent, 5);
		stop(&s);
	}
}

static void test_no_buffers_costs_a_message_and_does_not_spin(void)
{
	static const int steps[] = { -ENOBUFS, -ENOMEM, ALL };
	struct sender s;
	START(&s, steps);
	for (uint8_t n = 0; n < 4; n++)
		queue(&s, n);
	udp_flush(s.udp);
	CU_ASSERT_EQUAL(script.at, 3);
	CU_ASSERT_EQUAL(sent.count, 2);
	CU_ASSERT_EQUAL(udp_count(s.udp).send_full, 2);
	stop(&s);
}

static void test_a_full_socket_is_tried_again_when_it_is_writable(void)
{
	static const int steps[] = { 2, -EAGAIN, ALL };
	struct sender s;
	START(&s, steps);
	for (uint8_t n = 0; n < 6; n++)
		queue(&s, n);
	udp_flush(s.udp);
	CU_ASSERT_EQUAL(sent.count, 2);
	queue(&s, 6); /* may join behind those that wait */
	CU_ASSERT_TRUE(net_run_until(s.loop, &sent.count, 7));
	for (uint8_t n = 0; n < 7; n++)
		CU_ASSERT_EQUAL(sent.octet[n], n);
	CU_ASSERT_EQUAL(udp_count(s.udp).send_full, 0);
	stop(&s);
}

static void test_what_finds_no_room_is_counted_as_lost(void)
{
	static const int steps[] = { -EAGAIN, -EAGAIN, ALL };
	struct sender s;
	START(&s, steps);
	for (uint8_t n = 0; n < 20; n++)
		queue(&s, n);
	udp_flush(s.udp);
	for (uint8_t n = 20; n < 40; n++) /* the batch of 32 is full on the way */
		queue(&s, n);
	udp_flush(s.udp);
	CU_ASSERT_EQUAL(udp_count(s.udp).send_full, 32);
	CU_ASSERT_EQUAL(sent.count, 8);
	CU_ASSERT_EQUAL(sent.octet[0], 32);
	stop(&s);
}

static bool admit(void *owner, const struct address *client)
{
	(void)client;
	(*(unsigned *)owner)++;
	return true;
}

static void receive(void *owner, uint64_t connection, const struct address *client,
		    const uint8_t *octets, size_t len)
{
	(void)owner;
	(void)connection;
	(void)client;
	(void)octets;
	(void)len;
}

static void gone(void *owner, uint64_t connection)
{
	(void)owner;
	(void)connection;
}

static void test_accept_errors_pause_or_pass(void)
{
	static const int lasting[] = { EMFILE, ENFILE, ENOBUFS, ENOMEM };
	struct tcp_limits limits = { .clients = 4,
				     .per_host = 4,
				     .in_flight = 4,
				     .unsent_octets = 1000,
				     .idle_ms = 1000,
				     .idle_min_ms = 1000,
				     .read_ms = 1000 };
	for (size_t i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++) {
		struct ev_loop *loop = ev_loop_new(0);
		struct address at;
		unsigned admitted = 0;
		struct tcp *t = tcp_new(loop, &limits, admit, receive, gone, &admitted);
		CU_ASSERT_EQUAL(tcp_listen(t, net_listen("127.0.0.1", true, &at)), ERR_OK);
		int fd = net_tcp_client("127.0.0.1", &at);
		accepts = 0;
		accept_errno = lasting[i];
		net_run_for(loop, 30);
		CU_ASSERT_EQUAL(accepts, 1);
		accept_errno = 0;
		CU_ASSERT_TRUE(net_run_until(loop, &admitted, 1));
		(void)close(fd);
		tcp_free(t);
		ev_loop_destroy(loop);
	}
}

static const struct unit_test tests[] = {
	UNIT(test_a_batch_taken_in_parts_arrives_whole_and_in_order),
	UNIT(test_a_refused_message_costs_itself_only),
	UNIT(test_no_buffers_costs_a_message_and_does_not_spin),
	UNIT(test_a_full_socket_is_tried_again_when_it_is_writable),
	UNIT(test_what_finds_no_room_is_counted_as_lost),
	UNIT(test_accept_errors_pause_or_pass),
};

static const struct unit_suite suite = { "faults", tests, sizeof(tests) / sizeof(tests[0]) };

int main(int argc, char **argv)
{
	static const struct unit_suite *const suites[] = { &suite };
	return unit_main(argc, argv, suites, 1);
}
