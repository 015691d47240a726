/* hostile_door.c - the sockets of the hostile authority: UDP and TCP on each address, and answers
 * that wait. */
#include "tools/hostile.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	PORT = 53,
	STREAMS = 600,
	WAITING = 8192,
	PACKET = 1500,
	BUFFER = 4 << 20,
	BACKLOG = 128,
	POLL_MS = 5,
	RELEASE_MS = 5000, /* every so often all that was held back */
};

struct stream {
	int fd; /* 0: free */
	bool child;
	size_t got;
	uint8_t octets[2 + PACKET];
};

struct waiting {
	int64_t due_ms;
	int fd;
	struct sockaddr_in to;
	size_t len;
	uint8_t octets[PACKET];
};

static int datagrams[HOSTILE_ADDRESSES], listeners[HOSTILE_ADDRESSES];
static struct stream streams[STREAMS];
static struct waiting *waiting;
static size_t waiting_count;

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int bound(const char *address, int type)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int fd = socket(AF_INET, type, 0), on = 1, size = BUFFER;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (fd < 0 || inet_pton(AF_INET, address, &at.sin_addr) != 1 ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		hostile_die(address);
	return fd;
}

void door_open(struct hostile *h, char **addresses)
{
	waiting = calloc(WAITING, sizeof(*waiting));
	if (waiting == NULL)
		hostile_die("out of memory");
	for (unsigned i = 0; i < HOSTILE_ADDRESSES; i++) {
		datagrams[i] = bound(addresses[i], SOCK_DGRAM);
		listeners[i] = bound(addresses[i], SOCK_STREAM);
		(void)inet_pton(AF_INET, addresses[i], h->addresses[i]);
		if (listen(listeners[i], BACKLOG) != 0)
			hostile_die("listen");
	}
}

/* ---- datagrams ---- */

static void send_wrong(struct hostile *h, const struct manner *m, const struct query *q,
		       unsigned count, int fd, const struct sockaddr_in *to)
{
	uint8_t octets[PACKET];
	for (unsigned i = 0; i < count; i++) {
		size_t len = hostile_wrong(h, m, q, i, octets, sizeof(octets));
		(void)sendto(fd, octets, len, 0, (const struct sockaddr *)to, sizeof(*to));
	}
}

static void send_later(unsigned delay_ms, int fd, const struct sockaddr_in *to,
		       const uint8_t *octets, size_t len)
{
	if (waiting_count == WAITING || len > PACKET)
		return;
	struct waiting *w = &waiting[waiting_count++];
	*w = (struct waiting){ .due_ms = now_ms() + delay_ms, .fd = fd, .to = *to, .len = len };
	memcpy(w->octets, octets, len);
}

static void on_datagram(struct hostile *h, unsigned i)
{
	static uint8_t out[LIMIT_MESSAGE_BYTES];
	uint8_t in[PACKET];
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	struct query q;
	struct body b;
	ssize_t got =
	    recvfrom(datagrams[i], in, sizeof(in), 0, (struct sockaddr *)&from, &from_len);
	if (got <= 0 || query_parse(in, (size_t)got, &q) != QUERY_OK)
		return;
	const struct manner *m =
	    hostile_answer(h, &q, i == HOSTILE_ADDRESSES - 1, &b, out, sizeof(out));
	size_t len = body_end(&b), limit = q.edns.present ? LIMIT_UDP_SIZE : 512;
	bool releases = m != NULL && m->releases;
	unsigned delay_ms = releases ? (unsigned)(RELEASE_MS - now_ms() % RELEASE_MS) : b.delay_ms;
	if (len > limit) {
		body_begin(&b, &q, FLAG_AA | FLAG_TC, 0, out, sizeof(out));
		len = body_end(&b);
	}
	send_wrong(h, m, &q, b.wrong_before, datagrams[i], &from);
	if (delay_ms > 0)
		send_later(delay_ms, datagrams[i], &from, out, len);
	else
		(void)sendto(datagrams[i], out, len, 0, (struct sockaddr *)&from, from_len);
}

static void send_due(void)
{
	int64_t now = now_ms();
	for (size_t i = 0; i < waiting_count;) {
		struct waiting *w = &waiting[i];
		if (w->due_ms > now) {
			i++;
			continue;
		}
		(void)sendto(w->fd, w->octets, w->len, 0, (struct sockaddr *)&w->to, sizeof(w->to));
		*w = waiting[--waiting_count];
	}
}

/* ---- streams ---- */

static void on_connection(unsigned i)
{
	int fd = accept(listeners[i], NULL, NULL);
	struct stream *s = streams;
	while (s < streams + STREAMS && s->fd != 0)
		s++;
	if (fd < 0)
		return;
	if (s == streams + STREAMS) {
		close(fd);
		return;
	}
	*s = (struct stream){ .fd = fd, .child = i == HOSTILE_ADDRESSES - 1 };
}

/* A delay does not apply: it is for datagrams. */
static void answer_stream(struct hostile *h, struct stream *s, size_t len)
{
	static uint8_t out[2 + LIMIT_MESSAGE_BYTES];
	struct query q;
	struct body b;
	if (query_parse(s->octets + 2, len, &q) != QUERY_OK)
		return;
	const struct manner *m = hostile_answer(h, &q, s->child, &b, out + 2, LIMIT_MESSAGE_BYTES);
	if (m != NULL && m->closes) {
		(void)shutdown(s->fd, SHUT_RDWR); /* read() says so next */
		return;
	}
	size_t answer = body_end(&b);
	out[0] = (uint8_t)(answer >> 8);
	out[1] = (uint8_t)answer;
	(void)send(s->fd, out, answer + 2, MSG_NOSIGNAL);
}

static void on_stream(struct hostile *h, struct stream *s)
{
	ssize_t got = read(s->fd, s->octets + s->got, sizeof(s->octets) - s->got);
	if (got <= 0) {
		close(s->fd);
		s->fd = 0;
		return;
	}
	s->got += (size_t)got;
	while (s->got >= 2) {
		size_t len = (size_t)(s->octets[0] << 8 | s->octets[1]);
		if (s->got < len + 2)
			break;
		answer_stream(h, s, len);
		s->got -= len + 2;
		memmove(s->octets, s->octets + len + 2, s->got);
	}
}

/* ---- both ---- */

void door_serve(struct hostile *h)
{
	static struct pollfd polls[2 * HOSTILE_ADDRESSES + STREAMS];
	static struct stream *of[STREAMS];
	for (;;) {
		unsigned n = 0, first = 2 * HOSTILE_ADDRESSES;
		for (unsigned i = 0; i < HOSTILE_ADDRESSES; i++) {
			polls[n++] = (struct pollfd){ .fd = datagrams[i], .events = POLLIN };
			polls[n++] = (struct pollfd){ .fd = listeners[i], .events = POLLIN };
		}
		for (struct stream *s = streams; s < streams + STREAMS; s++) {
			if (s->fd == 0)
				continue;
			of[n - first] = s;
			polls[n++] = (struct pollfd){ .fd = s->fd, .events = POLLIN };
		}
		(void)poll(polls, n, waiting_count > 0 ? POLL_MS : 1000);
		for (unsigned i = 0; i < HOSTILE_ADDRESSES; i++) {
			if (polls[2 * i].revents != 0)
				on_datagram(h, i);
			if (polls[2 * i + 1].revents != 0)
				on_connection(i);
		}
		for (unsigned i = first; i < n; i++)
			if (polls[i].revents != 0)
				on_stream(h, of[i - first]);
		send_due();
	}
}
