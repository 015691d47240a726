#include "resolver/net/outbound.h"
#include "resolver/base/limits.h"
#include "resolver/base/list.h"
#include "resolver/net/sockaddr.h"
#include "resolver/net/stream.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUCKETS = 4096, ID_OCTETS = 2, LOST_MAX = 64, BURST = 16 };

/* How an exchange stands; told to its owner only from the loop. */
enum standing {
	EXCHANGE_OPEN,   /* may get a reply */
	EXCHANGE_FAILED, /* its timer will say so in the next turn */
	EXCHANGE_DEAD,   /* the owner knows; waits for outbound_close() */
};

struct exchange {
	struct outbound *outbound;
	struct list bucket;
	uint64_t number;
	enum standing standing;
	enum outbound_error error; /* EXCHANGE_FAILED */
	ev_timer timer;
	int fd;                /* UDP; -1: none */
	ev_io readable;        /* UDP */
	struct list unsent;    /* UDP: waits for outbound_flush() */
	struct stream *stream; /* TCP; NULL: none */
	struct list on_stream;
	bool answered, retried;
	uint64_t replies_before; /* TCP: stream->replies when it was said */
	struct address to;
	uint16_t id;
	size_t len;
	uint8_t octets[]; /* of TCP kept, to say them again when a kept connection was closed */
};

/*
 * Between calls: an exchange is in exactly one bucket; it is on a stream's list <=> stream is
 * not NULL; stream->in_flight is the length of that list; unsent_count is the length of unsent, less
 * than BURST.
 */
struct outbound {
	struct ev_loop *loop;
	struct outbound_setup setup;
	struct outbound_counts counts;
	struct list streams;
	unsigned stream_count;
	struct list unsent;
	unsigned unsent_count;
	struct list buckets[BUCKETS];
	ev_timer lost_timer;
	unsigned lost_count;
	uint64_t lost[LOST_MAX]; /* numbers there was no memory for, until their owner is told */
	uint8_t datagram[LIMIT_MESSAGE_BYTES + 1];
};

static void on_udp_readable(struct ev_loop *loop, ev_io *w, int events);
static void on_exchange_timer(struct ev_loop *loop, ev_timer *w, int events);
static void on_lost(struct ev_loop *loop, ev_timer *w, int events);
static void on_stream_readable(struct ev_loop *loop, ev_io *w, int events);
static void on_stream_writable(struct ev_loop *loop, ev_io *w, int events);
static void on_stream_timer(struct ev_loop *loop, ev_timer *w, int events);

static double seconds(uint32_t ms)
{
	return (double)ms / 1000.0;
}

static enum outbound_error error_of_errno(int e)
{
	switch (e) {
	case ECONNREFUSED:
		return OUTBOUND_REFUSED;
	case ECONNRESET:
	case EPIPE:
		return OUTBOUND_RESET;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case ENOBUFS:
	case EADDRINUSE:
	case EADDRNOTAVAIL:
		return OUTBOUND_NO_RESOURCE;
	default:
		return OUTBOUND_UNREACHABLE;
	}
}

struct outbound *outbound_new(struct ev_loop *loop, const struct outbound_setup *setup)
{
	struct outbound *o = calloc(1, sizeof(*o));
	if (o == NULL)
		return NULL;
	o->loop = loop;
	assert(setup->port_low > 0 && setup->port_low <= setup->port_high);
	o->setup = *setup;
	ev_init(&o->lost_timer, on_lost);
	o->lost_timer.data = o;
	list_init(&o->streams);
	list_init(&o->unsent);
	for (size_t i = 0; i < BUCKETS; i++)
		list_init(&o->buckets[i]);
	return o;
}

static struct exchange *find(struct outbound *o, uint64_t number)
{
	struct list *bucket = &o->buckets[number % BUCKETS];
	for (struct list *l = bucket->next; l != bucket; l = l->next) {
		struct exchange *x = LIST_ITEM(l, struct exchange, bucket);
		if (x->number == number)
			return x;
	}
	return NULL;
}

/* Beyond LOST_MAX in one turn the owner's own deadline has to do. */
static void lose(struct outbound *o, uint64_t number)
{
	if (o->lost_count < LOST_MAX)
		o->lost[o->lost_count++] = number;
	ev_timer_start(o->loop, &o->lost_timer);
}

static void on_lost(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)events;
	struct outbound *o = w->data;
	while (o->lost_count > 0) {
		o->counts.errors++;
		o->setup.on_error(o->setup.owner, o->lost[--o->lost_count], OUTBOUND_NO_RESOURCE);
	}
}

/* The owner hears of it in the next turn, whatever it is doing now. */
static void fail(struct exchange *x, enum outbound_error e)
{
	struct outbound *o = x->outbound;
	x->standing = EXCHANGE_FAILED;
	x->error = e;
	ev_timer_stop(o->loop, &x->timer);
	ev_timer_set(&x->timer, 0., 0.);
	ev_timer_start(o->loop, &x->timer);
}

static void on_exchange_timer(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)events;
	struct exchange *x = w->data;
	struct outbound *o = x->outbound;
	switch (x->standing) {
	case EXCHANGE_OPEN:
		if (x->stream != NULL && x->stream->replies == x->replies_before)
			x->stream->retired = true; /* silent altogether: the next asks anew */
		o->setup.on_timeout(o->setup.owner, x->number);
		return;
	case EXCHANGE_FAILED:
		x->standing = EXCHANGE_DEAD;
		o->counts.errors++;
		o->setup.on_error(o->setup.owner, x->number, x->error);
		return;
	case EXCHANGE_DEAD:
		return;
	}
}

static struct exchange *exchange_new(struct outbound *o, uint64_t number, const struct address *to,
				     const uint8_t *octets, size_t len)
{
	struct exchange *x = calloc(1, sizeof(*x) + len);
	if (x == NULL)
		return NULL;
	x->outbound = o;
	x->number = number;
	x->to = *to;
	x->fd = -1;
	x->len = len;
	memcpy(x->octets, octets, len);
	if (len >= ID_OCTETS)
		x->id = (uint16_t)(octets[0] << 8 | octets[1]);
	list_init(&x->on_stream);
	list_init(&x->unsent);
	list_append(&o->buckets[number % BUCKETS], &x->bucket);
	ev_init(&x->timer, on_exchange_timer);
	x->timer.data = x;
	o->counts.open++;
	return x;
}

static void start_deadline(struct exchange *x, uint32_t timeout_ms)
{
	ev_timer_set(&x->timer, seconds(timeout_ms), 0.);
	ev_timer_start(x->outbound->loop, &x->timer);
}

/* NULL: the kernel's choice. */
static const struct address *draw_source(struct outbound *o, uint8_t family)
{
	uint32_t fitting = 0;
	for (size_t i = 0; i < o->setup.source_count; i++)
		fitting += o->setup.sources[i].family == family;
	if (fitting == 0)
		return NULL;
	uint32_t pick = fitting > 1 ? rng_below(o->setup.rng, fitting) : 0;
	for (size_t i = 0;; i++) {
		if (o->setup.sources[i].family == family && pick-- == 0)
			return &o->setup.sources[i];
	}
}

/*
 * RFC 5452 section 9.2: any port of the whole pool, for each question anew.  An address that the machine has
 * not (yet, any more) leaves the question to the others.
 */
static bool bind_drawn_port(struct outbound *o, int fd, uint8_t family)
{
	uint32_t ports = (uint32_t)o->setup.port_high - o->setup.port_low + 1;
	for (unsigned i = 0; i < LIMIT_BIND_TRIES; i++) {
		union sockaddr_any name;
		const struct address *source = draw_source(o, family);
		struct address from =
			source != NULL ? *source : (struct address){ .family = family };
		from.port = (uint16_t)(o->setup.port_low + rng_below(o->setup.rng, ports));
		socklen_t len = sockaddr_of(&from, &name);
		if (bind(fd, &name.any, len) == 0)
			return true;
		if (errno != EADDRINUSE && errno != EACCES && errno != EADDRNOTAVAIL)
			return false;
	}
	return false;
}

/* Connected: the kernel drops what comes from anywhere else, and tells us of refusals. */
static bool start_udp(struct exchange *x)
{
	struct outbound *o = x->outbound;
	union sockaddr_any name;
	socklen_t name_len = sockaddr_of(&x->to, &name);
	x->fd = socket(name.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (x->fd < 0 || !bind_drawn_port(o, x->fd, x->to.family) ||
	    connect(x->fd, &name.any, name_len) != 0)
		return false;
	ev_io_init(&x->readable, on_udp_readable, x->fd, EV_READ);
	x->readable.data = x;
	ev_io_start(o->loop, &x->readable);
	list_append(&o->unsent, &x->unsent);
	o->unsent_count++;
	return true;
}

static void unqueue(struct exchange *x)
{
	if (list_empty(&x->unsent))
		return;
	list_remove(&x->unsent);
	x->outbound->unsent_count--;
}

void outbound_flush(struct outbound *o)
{
	while (!list_empty(&o->unsent)) {
		struct exchange *x = LIST_ITEM(o->unsent.next, struct exchange, unsent);
		unqueue(x);
		if (send(x->fd, x->octets, x->len, MSG_NOSIGNAL) == (ssize_t)x->len)
			o->counts.udp_sent++;
		else
			fail(x, error_of_errno(errno));
	}
}

static void on_udp_readable(struct ev_loop *loop, ev_io *w, int events)
{
	(void)loop;
	(void)events;
	struct exchange *x = w->data;
	struct outbound *o = x->outbound;
	ssize_t n = recv(x->fd, o->datagram, sizeof(o->datagram), 0);
	if (n >= 0) {
		o->setup.on_reply(o->setup.owner, x->number, o->datagram, (size_t)n);
		return; /* x may be gone */
	}
	if (errno == EAGAIN || errno == EINTR)
		return;
	/* An ICMP error may be forged: the owner is told, but a reply and the deadline still count.
	 */
	o->counts.errors++;
	o->setup.on_error(o->setup.owner, x->number, error_of_errno(errno));
}

static struct exchange *exchange_by_id(struct stream *s, uint16_t id)
{
	for (struct list *l = s->exchanges.next; l != &s->exchanges; l = l->next) {
		struct exchange *x = LIST_ITEM(l, struct exchange, on_stream);
		if (x->id == id)
			return x;
	}
	return NULL;
}

static void start_idle(struct outbound *o, struct stream *s)
{
	ev_timer_stop(o->loop, &s->timer);
	ev_timer_set(&s->timer, s->retired ? 0. : seconds(o->setup.tcp_idle_ms), 0.);
	ev_timer_start(o->loop, &s->timer);
}

static void detach(struct exchange *x)
{
	struct stream *s = x->stream;
	if (s == NULL)
		return;
	list_remove(&x->on_stream);
	x->stream = NULL;
	s->in_flight--;
}

static void remove_stream(struct outbound *o, struct stream *s)
{
	ev_io_stop(o->loop, &s->readable);
	ev_io_stop(o->loop, &s->writable);
	ev_timer_stop(o->loop, &s->timer);
	list_remove(&s->all);
	o->stream_count--;
	stream_free(s);
}

static bool fits(const struct outbound *o, struct stream *s, const struct exchange *x)
{
	return !s->retired && s->in_flight < o->setup.tcp_in_flight &&
	       address_equal(&s->to, &x->to) && !stream_owes(s, x->id) &&
	       exchange_by_id(s, x->id) == NULL;
}

/* The one that has been idle longest makes room; streams in use do not. */
static bool make_room(struct outbound *o)
{
	if (o->stream_count < o->setup.tcp_connections)
		return true;
	for (struct list *l = o->streams.next; l != &o->streams; l = l->next) {
		struct stream *s = LIST_ITEM(l, struct stream, all);
		if (s->in_flight == 0 && s->busy == 0) {
			remove_stream(o, s);
			return true;
		}
	}
	errno = ENOBUFS;
	return false;
}

static struct stream *open_stream(struct outbound *o, const struct address *to)
{
	struct stream *s = NULL;
	for (unsigned i = 0; s == NULL && i < LIMIT_BIND_TRIES; i++) {
		s = stream_open(to, draw_source(o, to->family));
		if (s == NULL && errno != EADDRNOTAVAIL)
			break;
	}
	return s;
}

/* NULL: errno says why. */
static struct stream *connect_stream(struct outbound *o, const struct address *to)
{
	if (!make_room(o))
		return NULL;
	struct stream *s = open_stream(o, to);
	if (s == NULL)
		return NULL;
	s->owner = o;
	ev_io_init(&s->readable, on_stream_readable, s->fd, EV_READ);
	ev_io_init(&s->writable, on_stream_writable, s->fd, EV_WRITE);
	ev_timer_init(&s->timer, on_stream_timer, seconds(o->setup.tcp_connect_ms), 0.);
	s->readable.data = s->writable.data = s->timer.data = s;
	ev_io_start(o->loop, &s->writable);
	ev_timer_start(o->loop, &s->timer);
	list_append(&o->streams, &s->all);
	o->stream_count++;
	o->counts.tcp_connects++;
	return s;
}

static struct stream *stream_for(struct outbound *o, const struct exchange *x)
{
	for (struct list *l = o->streams.next; l != &o->streams; l = l->next) {
		struct stream *s = LIST_ITEM(l, struct stream, all);
		if (fits(o, s, x))
			return s;
	}
	return connect_stream(o, &x->to);
}

/* False: errno says why. */
static bool start_tcp(struct exchange *x)
{
	struct outbound *o = x->outbound;
	struct stream *s = stream_for(o, x);
	if (s == NULL)
		return false;
	if (outbox_put(&s->out, x->octets, x->len) != ERR_OK) {
		errno = ENOMEM;
		return false;
	}
	x->stream = s;
	x->replies_before = s->replies;
	list_append(&s->exchanges, &x->on_stream);
	if (s->in_flight++ == 0 && !s->connecting)
		ev_timer_stop(o->loop, &s->timer); /* idle no longer */
	list_remove(&s->all);
	list_append(&o->streams, &s->all); /* the longest unused come first */
	ev_io_start(o->loop, &s->writable);
	o->counts.tcp_sent++;
	return true;
}

/*
 * A server may close a kept connection just when we speak (RFC 7766 section 6.2.3): then the
 * question is said once more on a new one.  All else is an error of every exchange on it.
 */
static void end_stream(struct stream *s, enum outbound_error e)
{
	struct outbound *o = s->owner;
	struct list left;
	bool again = s->replies > 0 && e == OUTBOUND_RESET;
	list_init(&left);
	while (!list_empty(&s->exchanges)) {
		struct exchange *x = LIST_ITEM(s->exchanges.next, struct exchange, on_stream);
		detach(x);
		list_append(&left, &x->on_stream);
	}
	remove_stream(o, s);
	while (!list_empty(&left)) {
		struct exchange *x = LIST_ITEM(left.next, struct exchange, on_stream);
		list_remove(&x->on_stream);
		if (x->answered)
			continue; /* its owner waits for something better; the deadline will tell */
		bool retry = again && !x->retried && x->standing == EXCHANGE_OPEN;
		x->retried = true;
		if (!retry || !start_tcp(x))
			fail(x, e);
	}
}

static void route(struct outbound *o, struct stream *s, const uint8_t *octets, size_t len)
{
	if (len < ID_OCTETS)
		return;
	uint16_t id = (uint16_t)(octets[0] << 8 | octets[1]);
	s->replies++;
	struct exchange *x = exchange_by_id(s, id);
	if (x == NULL) {
		(void)stream_forget_orphan(s, id);
		return;
	}
	x->answered = true;
	o->setup.on_reply(o->setup.owner, x->number, octets, len);
}

static void on_stream_readable(struct ev_loop *loop, ev_io *w, int events)
{
	(void)loop;
	(void)events;
	struct stream *s = w->data;
	struct outbound *o = s->owner;
	enum stream_state state = inbox_fill(&s->in, s->fd);
	const uint8_t *octets;
	size_t len;
	s->busy++;
	while ((octets = inbox_take(&s->in, &len)) != NULL)
		route(o, s, octets, len);
	s->busy--;
	if (state == STREAM_ENDED || state == STREAM_BROKEN)
		end_stream(s, OUTBOUND_RESET);
}

static void on_stream_writable(struct ev_loop *loop, ev_io *w, int events)
{
	(void)events;
	struct stream *s = w->data;
	struct outbound *o = s->owner;
	if (s->connecting) {
		int e = stream_connect_error(s);
		if (e != 0) {
			end_stream(s, error_of_errno(e));
			return;
		}
		s->connecting = false;
		ev_timer_stop(loop, &s->timer);
		ev_io_start(loop, &s->readable);
		if (s->in_flight == 0)
			start_idle(o, s);
	}
	if (outbox_flush(&s->out, s->fd) == STREAM_BROKEN) {
		end_stream(s, OUTBOUND_RESET);
		return;
	}
	if (outbox_unsent(&s->out) == 0)
		ev_io_stop(loop, &s->writable);
}

/* Connecting took too long, or nobody has needed it for a while. */
static void on_stream_timer(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)events;
	struct stream *s = w->data;
	end_stream(s, OUTBOUND_UNREACHABLE);
}

void outbound_send(struct outbound *o, uint64_t exchange, const struct address *to, bool tcp,
		   const uint8_t *octets, size_t len, uint32_t timeout_ms)
{
	struct exchange *x = exchange_new(o, exchange, to, octets, len);
	if (x == NULL) {
		lose(o, exchange);
		return;
	}
	if (tcp ? start_tcp(x) : start_udp(x))
		start_deadline(x, timeout_ms);
	else
		fail(x, error_of_errno(errno));
	if (o->unsent_count == BURST)
		outbound_flush(o);
}

static void discard(struct exchange *x)
{
	struct outbound *o = x->outbound;
	ev_timer_stop(o->loop, &x->timer);
	unqueue(x);
	if (x->fd >= 0) {
		ev_io_stop(o->loop, &x->readable);
		(void)close(x->fd);
	}
	list_remove(&x->bucket);
	o->counts.open--;
	free(x);
}

void outbound_close(struct outbound *o, uint64_t exchange)
{
	struct exchange *x = find(o, exchange);
	if (x == NULL)
		return;
	struct stream *s = x->stream;
	if (s != NULL) {
		detach(x);
		if (!x->answered)
			stream_orphan(s, x->id);
		if (s->in_flight == 0 && !s->connecting)
			start_idle(o, s);
	}
	discard(x);
}

void outbound_free(struct outbound *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		while (!list_empty(&o->buckets[i])) {
			struct exchange *x = LIST_ITEM(o->buckets[i].next, struct exchange, bucket);
			detach(x);
			discard(x);
		}
	}
	ev_timer_stop(o->loop, &o->lost_timer);
	while (!list_empty(&o->streams))
		remove_stream(o, LIST_ITEM(o->streams.next, struct stream, all));
	free(o);
}

struct outbound_counts outbound_count(const struct outbound *o)
{
	return o->counts;
}
