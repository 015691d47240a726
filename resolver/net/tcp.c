#define _GNU_SOURCE /* accept4 */
#include "resolver/net/tcp.h"
#include "resolver/base/limits.h"
#include "resolver/base/list.h"
#include "resolver/net/inbox.h"
#include "resolver/net/outbox.h"
#include "resolver/net/sockaddr.h"
#include <assert.h>
#include <errno.h>
#include <ev.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	LISTENERS_MAX = 128,
	MESSAGE_MIN = 12, /* a DNS header: whoever sends less speaks something else (threats H8) */
	SLOT_BITS = 20,   /* of a connection's number: its place; the rest counts up */
	HOST_BUCKETS = 1024,
	HOST_BITS_IPV4 = 32,
	HOST_BITS_IPV6 = 56,
};

/* What a connection waits for, and so which time-out runs. */
enum waiting {
	WAITING_IDLE, /* for a question: the idle time, which shrinks */
	WAITING_READ, /* for the rest of a message: read_ms for all of it (slowloris, threats T2) */
	WAITING_REPLY, /* for us: no time-out, the owner owes it */
	WAITING_WRITE, /* for the client to take its replies: read_ms without progress (threats T3)
			*/
};

struct connection {
	struct tcp *tcp;
	uint64_t number;
	int fd;
	ev_io readable, writable;
	ev_timer timer;
	enum waiting waiting;
	struct address client;
	struct list host;  /* in a bucket of tcp->hosts */
	struct list dirty; /* in tcp->dirty while replies were added in this turn */
	struct inbox in;
	struct outbox out;
	uint32_t in_flight; /* messages handed up and not answered */
	bool ended;         /* the client has said its last (half-close, RFC 7766 section 6.2.4) */
};

/*
 * Between calls: slots[number & mask] is the connection of that number or NULL; count of them are
 * not NULL; each is in exactly one bucket of hosts.
 */
struct tcp {
	struct ev_loop *loop;
	struct tcp_limits limits;
	tcp_admit *admit;
	tcp_receive *receive;
	tcp_gone *gone;
	void *owner;
	ev_io listeners[LISTENERS_MAX];
	unsigned listener_count;
	bool draining;
	ev_timer pause;
	ev_prepare flusher; /* never started: fed when dirty is no longer empty */
	int fd_max;         /* clients get no descriptor above it: the rest is for asking others */
	uint64_t serial;
	unsigned count;
	unsigned free_count;
	uint32_t *free_slots;
	struct connection **slots;
	struct list dirty;
	struct list hosts[HOST_BUCKETS];
	struct tcp_counts counts;
};

static void on_accept(struct ev_loop *loop, ev_io *w, int events);
static void on_pause_over(struct ev_loop *loop, ev_timer *w, int events);
static void on_flush(struct ev_loop *loop, ev_prepare *w, int events);
static void on_readable(struct ev_loop *loop, ev_io *w, int events);
static void on_writable(struct ev_loop *loop, ev_io *w, int events);
static void on_timer(struct ev_loop *loop, ev_timer *w, int events);

static double seconds(uint32_t ms)
{
	return (double)ms / 1000.0;
}

static bool init_slots(struct tcp *t)
{
	t->slots = calloc(t->limits.clients, sizeof(struct connection *));
	t->free_slots = calloc(t->limits.clients, sizeof(uint32_t));
	if (t->slots == NULL || t->free_slots == NULL)
		return false;
	for (uint32_t i = 0; i < t->limits.clients; i++)
		t->free_slots[t->free_count++] = t->limits.clients - 1 - i;
	return true;
}

static int descriptor_share(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur > INT32_MAX)
		return INT32_MAX;
	return (int)(files.rlim_cur / 2);
}

struct tcp *tcp_new(struct ev_loop *loop, const struct tcp_limits *limits, tcp_admit *admit,
		    tcp_receive *receive, tcp_gone *gone, void *owner)
{
	struct tcp *t = calloc(1, sizeof(*t));
	assert(limits->clients > 0 && limits->clients < 1u << SLOT_BITS);
	if (t == NULL)
		return NULL;
	t->loop = loop;
	t->limits = *limits;
	t->admit = admit;
	t->receive = receive;
	t->gone = gone;
	t->owner = owner;
	t->fd_max = descriptor_share();
	list_init(&t->dirty);
	for (size_t i = 0; i < HOST_BUCKETS; i++)
		list_init(&t->hosts[i]);
	ev_timer_init(&t->pause, on_pause_over, seconds(LIMIT_TCP_ACCEPT_PAUSE_MS), 0.);
	t->pause.data = t;
	ev_prepare_init(&t->flusher, on_flush);
	ev_set_priority(&t->flusher, EV_MINPRI);
	t->flusher.data = t;
	if (!init_slots(t)) {
		tcp_free(t);
		return NULL;
	}
	return t;
}

static void discard(struct connection *c)
{
	struct tcp *t = c->tcp;
	uint32_t slot = (uint32_t)(c->number & ((1u << SLOT_BITS) - 1));
	ev_io_stop(t->loop, &c->readable);
	ev_io_stop(t->loop, &c->writable);
	ev_timer_stop(t->loop, &c->timer);
	list_remove(&c->host);
	list_remove(&c->dirty);
	t->slots[slot] = NULL;
	t->free_slots[t->free_count++] = slot;
	t->count--;
	(void)close(c->fd);
	inbox_clear(&c->in);
	outbox_clear(&c->out);
	free(c);
}

void tcp_free(struct tcp *t)
{
	if (t == NULL)
		return;
	for (uint32_t i = 0; t->slots != NULL && i < t->limits.clients; i++) {
		if (t->slots[i] != NULL)
			discard(t->slots[i]);
	}
	for (unsigned i = 0; i < t->listener_count; i++) {
		ev_io_stop(t->loop, &t->listeners[i]);
		(void)close(t->listeners[i].fd);
	}
	ev_timer_stop(t->loop, &t->pause);
	(void)ev_clear_pending(t->loop, &t->flusher);
	free(t->slots);
	free(t->free_slots);
	free(t);
}

enum err tcp_listen(struct tcp *t, int fd)
{
	if (t->listener_count == LISTENERS_MAX) {
		(void)close(fd);
		return ERR_LIMIT;
	}
	ev_io *w = &t->listeners[t->listener_count++];
	ev_io_init(w, on_accept, fd, EV_READ);
	w->data = t;
	ev_io_start(t->loop, w);
	return ERR_OK;
}

static struct connection *find(const struct tcp *t, uint64_t number)
{
	uint64_t slot = number & ((1u << SLOT_BITS) - 1);
	if (slot >= t->limits.clients || t->slots[slot] == NULL)
		return NULL;
	return t->slots[slot]->number == number ? t->slots[slot] : NULL;
}

/* Tells the owner, who may call us again. */
static void drop(struct connection *c)
{
	struct tcp *t = c->tcp;
	uint64_t number = c->number;
	discard(c);
	t->gone(t->owner, number);
}

/* The client did not want that. */
static void drop_ours(struct connection *c)
{
	c->tcp->counts.closed++;
	drop(c);
}

static struct address host_of(const struct address *client)
{
	return address_network(client,
			       client->family == FAMILY_IPV4 ? HOST_BITS_IPV4 : HOST_BITS_IPV6);
}

/* Chains hold at most limits.clients; an attacker who aims at one gains a short walk per accept. */
static struct list *bucket_of(struct tcp *t, const struct address *host)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < sizeof(host->octets); i++)
		hash = (hash ^ host->octets[i]) * 16777619u;
	return &t->hosts[(hash ^ hash >> 16) % HOST_BUCKETS];
}

static bool host_is_full(struct tcp *t, const struct address *client)
{
	struct address host = host_of(client);
	struct list *bucket = bucket_of(t, &host);
	uint32_t count = 0;
	for (struct list *l = bucket->next; l != bucket; l = l->next) {
		struct address other = host_of(&LIST_ITEM(l, struct connection, host)->client);
		count += address_same_host(&other, &host);
	}
	return count >= t->limits.per_host;
}

/*
 * Full time up to half of the slots, then falling in a straight line to the least at nine tenths,
 * so that a flood of idle connections frees its own slots (threats T1).
 */
uint32_t tcp_idle_ms(const struct tcp *t)
{
	uint64_t tenths = (uint64_t)t->count * 10, clients = t->limits.clients;
	if (tenths <= 5 * clients)
		return t->limits.idle_ms;
	if (tenths >= 9 * clients)
		return t->limits.idle_min_ms;
	uint64_t span = t->limits.idle_ms - t->limits.idle_min_ms;
	return t->limits.idle_ms - (uint32_t)(span * (tenths - 5 * clients) / (4 * clients));
}

/* Reading stops while the client has enough of ours to wait for or to fetch. */
static bool may_take(const struct connection *c)
{
	return c->in_flight < c->tcp->limits.in_flight &&
	       outbox_unsent(&c->out) <= c->tcp->limits.unsent_octets && !c->tcp->draining;
}

static bool is_finished(const struct connection *c)
{
	if (c->in_flight > 0 || outbox_unsent(&c->out) > 0)
		return false;
	return c->tcp->draining || (c->ended && !inbox_has_message(&c->in));
}

static enum waiting waiting_for(const struct connection *c)
{
	if (outbox_unsent(&c->out) > 0)
		return WAITING_WRITE;
	if (!c->ended && may_take(c) && inbox_partial(&c->in) > 0)
		return WAITING_READ;
	return c->in_flight > 0 ? WAITING_REPLY : WAITING_IDLE;
}

static void start_timer(struct connection *c)
{
	uint32_t ms = 0;
	switch (c->waiting) {
	case WAITING_IDLE:
		ms = tcp_idle_ms(c->tcp);
		break;
	case WAITING_READ:
	case WAITING_WRITE:
		ms = c->tcp->limits.read_ms;
		break;
	case WAITING_REPLY:
		break;
	}
	c->timer.repeat = seconds(ms);
	ev_timer_again(c->tcp->loop, &c->timer); /* a repeat of 0 stops it */
}

/* After anything happened: progress says that octets moved or a message was finished. */
static void settle(struct connection *c, bool progress)
{
	struct tcp *t = c->tcp;
	if (is_finished(c)) {
		drop(c);
		return;
	}
	if (!c->ended && may_take(c))
		ev_io_start(t->loop, &c->readable);
	else
		ev_io_stop(t->loop, &c->readable);
	if (may_take(c) && inbox_has_message(&c->in)) /* left over; taken from the loop, not here */
		ev_feed_event(t->loop, &c->readable, EV_READ);
	if (outbox_unsent(&c->out) > 0)
		ev_io_start(t->loop, &c->writable);
	else
		ev_io_stop(t->loop, &c->writable);
	enum waiting now = waiting_for(c);
	if (now == c->waiting && (!progress || now == WAITING_READ || now == WAITING_REPLY))
		return;
	c->waiting = now;
	start_timer(c);
}

/*
 * Hands up what is complete.  The owner may reply inside, but tcp_reply() only queues, so c stays.
 * False: the client does not speak DNS.
 */
static bool take_messages(struct connection *c)
{
	struct tcp *t = c->tcp;
	size_t len = 0;
	const uint8_t *octets;
	while (may_take(c) && (octets = inbox_take(&c->in, &len)) != NULL) {
		if (len < MESSAGE_MIN)
			return false;
		if (c->waiting == WAITING_READ)
			c->waiting = WAITING_IDLE; /* the next message has its own time */
		c->in_flight++;
		t->receive(t->owner, c->number, &c->client, octets, len);
	}
	return true;
}

static void on_readable(struct ev_loop *loop, ev_io *w, int events)
{
	(void)loop;
	(void)events;
	struct connection *c = w->data;
	enum stream_state state = STREAM_WAIT;
	if (!c->ended)
		state = inbox_fill(&c->in, c->fd);
	if (state == STREAM_BROKEN) {
		drop(c);
		return;
	}
	if (state == STREAM_ENDED)
		c->ended = true;
	if (!take_messages(c)) {
		drop_ours(c);
		return;
	}
	settle(c, state == STREAM_MOVED);
}

static void write_out(struct connection *c)
{
	enum stream_state state = outbox_flush(&c->out, c->fd);
	if (state == STREAM_BROKEN) {
		drop(c);
		return;
	}
	if (outbox_unsent(&c->out) > LIMIT_TCP_UNSENT_MAX) {
		drop_ours(c);
		return;
	}
	settle(c, state == STREAM_MOVED);
}

static void on_writable(struct ev_loop *loop, ev_io *w, int events)
{
	(void)loop;
	(void)events;
	write_out(w->data);
}

/* Behind all other callbacks of the turn: the replies to one client leave in one write. */
static void on_flush(struct ev_loop *loop, ev_prepare *w, int events)
{
	(void)loop;
	(void)events;
	struct tcp *t = w->data;
	while (!list_empty(&t->dirty)) {
		struct connection *c = LIST_ITEM(t->dirty.next, struct connection, dirty);
		list_remove(&c->dirty);
		write_out(c);
	}
}

static void on_timer(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)events;
	drop_ours(w->data);
}

static void touch(struct connection *c)
{
	struct tcp *t = c->tcp;
	if (list_empty(&t->dirty))
		ev_feed_event(t->loop, &t->flusher, EV_CUSTOM);
	list_remove(&c->dirty);
	list_append(&t->dirty, &c->dirty);
}

void tcp_reply(struct tcp *t, uint64_t connection, const uint8_t *octets, size_t len)
{
	struct connection *c = find(t, connection);
	if (c == NULL)
		return;
	assert(c->in_flight > 0);
	c->in_flight--;
	if (outbox_put(&c->out, octets, len) != ERR_OK)
		c->ended = true; /* no memory: the client sees the end once the others are out */
	touch(c);
}

void tcp_no_reply(struct tcp *t, uint64_t connection)
{
	struct connection *c = find(t, connection);
	if (c == NULL)
		return;
	assert(c->in_flight > 0);
	c->in_flight--;
	touch(c);
}

static void adopt(struct tcp *t, int fd, const struct address *client)
{
	struct connection *c = calloc(1, sizeof(*c));
	if (c == NULL) {
		t->counts.refused++;
		(void)close(fd);
		return;
	}
	uint32_t slot = t->free_slots[--t->free_count];
	int stalled_ms = (int)t->limits.read_ms;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &stalled_ms, sizeof(stalled_ms));
	c->tcp = t;
	c->number = ++t->serial << SLOT_BITS | slot;
	c->fd = fd;
	c->client = *client;
	c->waiting = WAITING_IDLE;
	t->slots[slot] = c;
	t->count++;
	list_init(&c->dirty);
	list_init(&c->host);
	struct address host = host_of(client);
	list_append(bucket_of(t, &host), &c->host);
	ev_io_init(&c->readable, on_readable, fd, EV_READ);
	ev_io_init(&c->writable, on_writable, fd, EV_WRITE);
	ev_init(&c->timer, on_timer);
	c->readable.data = c->writable.data = c->timer.data = c;
	ev_io_start(t->loop, &c->readable);
	start_timer(c);
}

/* Over a limit a client is accepted and closed at once: in the backlog it would wait for nothing.
 */
static void take_or_close(struct tcp *t, int fd, const struct address *client)
{
	if (client->family == FAMILY_NONE || t->free_count == 0 || fd > t->fd_max ||
	    !t->admit(t->owner, client) || host_is_full(t, client)) {
		t->counts.refused++;
		(void)close(fd);
		return;
	}
	adopt(t, fd, client);
}

static void pause_accepting(struct tcp *t)
{
	for (unsigned i = 0; i < t->listener_count; i++)
		ev_io_stop(t->loop, &t->listeners[i]);
	ev_timer_set(&t->pause, seconds(LIMIT_TCP_ACCEPT_PAUSE_MS), 0.);
	ev_timer_start(t->loop, &t->pause);
}

static void on_pause_over(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)events;
	struct tcp *t = w->data;
	for (unsigned i = 0; i < t->listener_count && !t->draining; i++)
		ev_io_start(loop, &t->listeners[i]);
}

static void on_accept(struct ev_loop *loop, ev_io *w, int events)
{
	(void)loop;
	(void)events;
	struct tcp *t = w->data;
	for (unsigned i = 0; i < LIMIT_TCP_ACCEPTS; i++) {
		union sockaddr_any name;
		socklen_t len = sizeof(name);
		int fd = accept4(w->fd, &name.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			struct address client = sockaddr_address(&name);
			take_or_close(t, fd, &client);
			continue;
		}
		if (errno == ECONNABORTED || errno == EINTR)
			continue;
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			pause_accepting(t); /* trying again at once would only spin */
		return;
	}
}

void tcp_drain(struct tcp *t)
{
	t->draining = true;
	ev_timer_stop(t->loop, &t->pause);
	for (unsigned i = 0; i < t->listener_count; i++)
		ev_io_stop(t->loop, &t->listeners[i]);
	for (uint32_t i = 0; i < t->limits.clients; i++) {
		if (t->slots[i] != NULL)
			touch(t->slots[i]);
	}
}

struct tcp_counts tcp_count(const struct tcp *t)
{
	return t->counts;
}

unsigned tcp_connections(const struct tcp *t)
{
	return t->count;
}

bool tcp_idle(const struct tcp *t)
{
	for (uint32_t i = 0; i < t->limits.clients; i++) {
		const struct connection *c = t->slots[i];
		if (c != NULL && (c->in_flight > 0 || outbox_unsent(&c->out) > 0))
			return false;
	}
	return true;
}
