#define _GNU_SOURCE /* recvmmsg, sendmmsg, struct in6_pktinfo */
#include "resolver/net/udp.h"
#include "resolver/base/limits.h"
#include "resolver/net/sockaddr.h"
#include <errno.h>
#include <ev.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	BATCH = LIMIT_UDP_BATCH,
	DRAIN_BATCHES = 1024, /* a receive buffer holds fewer; others may go on filling it */
	IN_OCTETS = 4096, /* no question is longer; what is, is dropped and counted */
	CONTROL_OCTETS = 64,
};

_Static_assert((int)UDP_REPLY_OCTETS == (int)LIMIT_UDP_SIZE_MAX, "a reply of any size we may send");
_Static_assert(CMSG_SPACE(sizeof(struct in6_pktinfo)) <= CONTROL_OCTETS, "packet info fits");

/* One direction: what recvmmsg and sendmmsg want side by side. */
struct batch {
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	union sockaddr_any names[BATCH];
	union {
		struct cmsghdr align;
		uint8_t octets[CONTROL_OCTETS];
	} control[BATCH];
};

/*
 * Between calls: replies first..queued of out wait to be sent; spare and the slots are all
 * different, so the receiver may send other replies while it writes into spare.
 */
struct udp {
	struct ev_loop *loop;
	ev_io readable, writable;
	int fd;
	bool any_address; /* bound to the wildcard: only packet info knows who was asked */
	udp_receive *receive;
	udp_coming *coming; /* or NULL */
	void *owner;
	struct udp_counts counts;
	unsigned first, queued;
	uint8_t *slots[BATCH];
	uint8_t *spare;
	struct batch in, out;
	uint8_t in_octets[BATCH][IN_OCTETS];
	uint8_t out_octets[BATCH + 1][UDP_REPLY_OCTETS];
};

static void on_readable(struct ev_loop *loop, ev_io *w, int events);
static void on_writable(struct ev_loop *loop, ev_io *w, int events);

static bool is_wildcard(int fd)
{
	static const uint8_t zeros[16];
	union sockaddr_any name;
	socklen_t len = sizeof(name);
	if (getsockname(fd, &name.any, &len) != 0)
		return true;
	struct address a = sockaddr_address(&name);
	return memcmp(a.octets, zeros, sizeof(zeros)) == 0;
}

static void reset_in(struct udp *u, unsigned i)
{
	struct msghdr *m = &u->in.messages[i].msg_hdr;
	m->msg_namelen = sizeof(u->in.names[i]);
	m->msg_controllen = CONTROL_OCTETS;
	m->msg_flags = 0;
}

static void prepare(struct batch *b, unsigned i, uint8_t *octets, size_t len)
{
	b->parts[i] = (struct iovec){ .iov_base = octets, .iov_len = len };
	b->messages[i].msg_hdr.msg_iov = &b->parts[i];
	b->messages[i].msg_hdr.msg_iovlen = 1;
	b->messages[i].msg_hdr.msg_name = &b->names[i];
	b->messages[i].msg_hdr.msg_control = b->control[i].octets;
}

struct udp *udp_new(struct ev_loop *loop, int fd, udp_receive *receive, void *owner)
{
	struct udp *u = calloc(1, sizeof(*u));
	if (u == NULL) {
		(void)close(fd);
		return NULL;
	}
	u->loop = loop;
	u->fd = fd;
	u->any_address = is_wildcard(fd);
	u->receive = receive;
	u->owner = owner;
	u->spare = u->out_octets[BATCH];
	for (unsigned i = 0; i < BATCH; i++) {
		u->slots[i] = u->out_octets[i];
		prepare(&u->in, i, u->in_octets[i], IN_OCTETS);
		prepare(&u->out, i, u->slots[i], 0);
		reset_in(u, i);
	}
	ev_io_init(&u->readable, on_readable, fd, EV_READ);
	ev_io_init(&u->writable, on_writable, fd, EV_WRITE);
	u->readable.data = u;
	u->writable.data = u;
	ev_io_start(loop, &u->readable);
	return u;
}

void udp_tell_ahead(struct udp *u, udp_coming *coming)
{
	u->coming = coming;
}

void udp_free(struct udp *u)
{
	if (u == NULL)
		return;
	ev_io_stop(u->loop, &u->readable);
	ev_io_stop(u->loop, &u->writable);
	(void)close(u->fd);
	free(u);
}

static bool is_link_local(const struct address *a)
{
	return a->family == FAMILY_IPV6 && a->octets[0] == 0xfe && (a->octets[1] & 0xc0) == 0x80;
}

/*
 * The packet info as it must stand in the reply.  The interface is left to the routes, except
 * for a link-local client, who cannot be reached without it.
 */
static void keep_local(struct udp_peer *peer, struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			info.ipi_ifindex = 0;
			peer->local_len = sizeof(info);
			memcpy(peer->local, &info, sizeof(info));
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			if (!is_link_local(&peer->client))
				info.ipi6_ifindex = 0;
			peer->local_len = sizeof(info);
			memcpy(peer->local, &info, sizeof(info));
		}
	}
}

static void hand_up(struct udp *u, unsigned i)
{
	struct msghdr *m = &u->in.messages[i].msg_hdr;
	struct udp_peer peer = { .client = sockaddr_address(&u->in.names[i]), .local_len = 0 };
	u->counts.received++;
	if ((m->msg_flags & MSG_TRUNC) != 0) {
		u->counts.truncated_in++;
		return;
	}
	if (u->any_address || is_link_local(&peer.client))
		keep_local(&peer, m);
	size_t len =
	    u->receive(u->owner, &peer, u->in_octets[i], u->in.messages[i].msg_len, u->spare);
	if (len == 0)
		return;
	uint8_t *written = u->spare;
	u->spare = udp_reply_space(u);
	u->slots[u->queued] = written;
	udp_send(u, &peer, len);
}

static void tell_ahead(const struct udp *u, int count)
{
	if (count < 2 || u->coming == NULL)
		return;
	for (int i = 0; i < count; i++)
		u->coming(u->owner, u->in_octets[i], u->in.messages[i].msg_len);
}

/* False: nothing waits any more. */
static bool read_batch(struct udp *u)
{
	int n = recvmmsg(u->fd, u->in.messages, BATCH, MSG_DONTWAIT, NULL);
	tell_ahead(u, n);
	for (int i = 0; i < n; i++) {
		hand_up(u, (unsigned)i);
		reset_in(u, (unsigned)i);
	}
	udp_flush(u);
	return n > 0;
}

static void on_readable(struct ev_loop *loop, ev_io *w, int events)
{
	(void)loop;
	(void)events;
	(void)read_batch(w->data);
}

void udp_drain(struct udp *u)
{
	ev_io_stop(u->loop, &u->readable);
	for (unsigned i = 0; i < DRAIN_BATCHES && read_batch(u); i++)
		continue;
}

static void on_writable(struct ev_loop *loop, ev_io *w, int events)
{
	(void)loop;
	(void)events;
	udp_flush(w->data);
}

uint8_t *udp_reply_space(struct udp *u)
{
	if (u->queued == BATCH)
		udp_flush(u);
	if (u->queued == BATCH) { /* the socket takes nothing: these are lost, clients ask again */
		u->counts.send_full += u->queued - u->first;
		u->first = u->queued = 0;
	}
	return u->slots[u->queued];
}

static void set_local(struct msghdr *m, const struct udp_peer *peer)
{
	m->msg_controllen = 0;
	if (peer->local_len == 0)
		return;
	m->msg_controllen = CMSG_SPACE(peer->local_len);
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	bool four = peer->client.family == FAMILY_IPV4;
	c->cmsg_level = four ? IPPROTO_IP : IPPROTO_IPV6;
	c->cmsg_type = four ? IP_PKTINFO : IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(peer->local_len);
	memcpy(CMSG_DATA(c), peer->local, peer->local_len);
}

void udp_send(struct udp *u, const struct udp_peer *peer, size_t len)
{
	unsigned i = u->queued;
	if (len == 0)
		return; /* no reply after all */
	struct msghdr *m = &u->out.messages[i].msg_hdr;
	u->out.parts[i] = (struct iovec){ .iov_base = u->slots[i], .iov_len = len };
	m->msg_namelen = sockaddr_of(&peer->client, &u->out.names[i]);
	set_local(m, peer);
	u->queued++;
}

/* The kernel refused the first message: false to try the rest later. */
static bool step_over(struct udp *u, int why)
{
	switch (why) {
	case EINTR:
		return true;
	case EAGAIN:
		return false;
	case ENOBUFS:
	case ENOMEM:
		u->counts.send_full++;
		break;
	default: /* this client cannot be reached; the next one may */
		u->counts.send_failed++;
		break;
	}
	u->first++;
	return true;
}

void udp_flush(struct udp *u)
{
	bool more = true;
	while (u->first < u->queued && more) {
		int n =
		    sendmmsg(u->fd, u->out.messages + u->first, u->queued - u->first, MSG_DONTWAIT);
		if (n > 0) {
			u->counts.sent += (unsigned)n;
			u->first += (unsigned)n;
		} else {
			more = step_over(u, n < 0 ? errno : EAGAIN);
		}
	}
	if (u->first == u->queued) {
		u->first = u->queued = 0;
		ev_io_stop(u->loop, &u->writable);
	} else {
		ev_io_start(u->loop, &u->writable);
	}
}

struct udp_counts udp_count(const struct udp *u)
{
	return u->counts;
}
