/* The network: links with delay and loss, hosts behind them, off-path attackers beside them. */
#include "tests/sim/sim.h"

#include "tests/sim/authority.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum net_event {
	NET_AT_HOST,     /* what: a packet */
	NET_AT_RESOLVER, /* about: the exchange; what: a datagram */
	NET_TIMEOUT,     /* about: the exchange */
	NET_ERROR_UNREACHABLE,
	NET_ERROR_REFUSED,
	NET_ERROR_RESET,
};

enum { TCP_HANDSHAKE = 3, PACKET_MAX = 512 };

/* A question on its way. */
struct packet {
	uint64_t exchange;
	struct address to;
	bool stream;
	size_t len;
	uint8_t octets[PACKET_MAX];
};

/* A reply on its way. */
struct datagram {
	struct address from;
	size_t len;
	uint8_t octets[];
};

void net_drop_event(const struct event *e)
{
	free(e->what);
}

/* ---- the log ---- */

static struct sent *log_packet(struct sim *s, const struct deed *d)
{
	struct query q;
	if (s->log_count == s->log_room) {
		s->log_room = s->log_room == 0 ? 64 : 2 * s->log_room;
		s->log = realloc(s->log, s->log_room * sizeof(*s->log));
		assert(s->log != NULL);
	}
	struct sent *p = &s->log[s->log_count++];
	*p = (struct sent){ .at_ms = s->clock.ms, .to = d->to, .transport = d->transport };
	p->readable = query_parse(d->octets, d->len, &q) == QUERY_OK;
	if (!p->readable) {
		sim_wrong(s, "the resolver sent something that is no query");
		return p;
	}
	p->question = q.question;
	p->flags = q.flags;
	p->id = q.id;
	if (q.edns.present)
		p->edns = q.edns; /* else most of it was not set */
	return p;
}

static void trace_packet(struct sim *s, const struct sent *p)
{
	char address[ADDRESS_TEXT_MAX], question[NAME_TEXT_MAX + TYPE_TEXT_MAX];
	if (s->trace == NULL)
		return;
	address_text(&p->to, address);
	trace_asked(&p->question, question, sizeof(question));
	trace_line(s, "-> %s %s  %s%s%s%s", address, p->transport == TRANSPORT_TCP ? "tcp" : "udp",
		   question, p->edns.present ? " edns" : "", p->edns.has_cookie ? " cookie" : "",
		   (p->flags & FLAG_RD) != 0 ? " rd" : "");
}

/* ---- links ---- */

static uint32_t delay_of(struct sim *s, const struct host *h)
{
	const struct world *w = &s->world;
	uint32_t delay = h != NULL && h->has_delay ? h->delay_ms : w->delay_ms;
	uint32_t jitter = h != NULL && h->has_delay ? h->jitter_ms : w->jitter_ms;
	return delay + (jitter == 0 ? 0 : rng_below(&s->rng, jitter + 1));
}

static bool happens(struct sim *s, unsigned percent)
{
	return percent != 0 && rng_below(&s->rng, 100) < percent;
}

static bool is_lost(struct sim *s, const struct host *h, bool stream)
{
	return !stream && (happens(s, s->world.loss) || (h != NULL && happens(s, h->loss)));
}

static enum reach reach_of(const struct world *w, const struct host *h, const struct address *to)
{
	if (to->family == FAMILY_IPV4 ? w->ipv4_dead : w->ipv6_dead)
		return REACH_DEAD;
	return h == NULL ? REACH_DEAD : h->reach;
}

/* ---- replies ---- */

static void deliver(struct sim *s, const struct address *from, uint64_t exchange, int64_t at_ms,
		    const uint8_t *octets, size_t len)
{
	struct datagram *d = malloc(sizeof(*d) + len);
	assert(d != NULL);
	d->from = *from;
	d->len = len;
	memcpy(d->octets, octets, len);
	clock_add(&s->clock, at_ms, NET_AT_RESOLVER, exchange, d);
}

static void send_reply(struct sim *s, struct host *h, const struct packet *p, size_t len)
{
	unsigned copies = !p->stream && happens(s, h->duplicate) ? 2 : 1;
	for (unsigned i = 0; i < copies; i++) {
		int64_t at = s->clock.ms + delay_of(s, h);
		if (!is_lost(s, h, p->stream))
			deliver(s, &p->to, p->exchange, at, s->buffer, len);
	}
}

static size_t limit_of(const struct host *h, const struct query *q, bool stream)
{
	size_t limit = q->edns.present && q->edns.udp_size > 512 ? q->edns.udp_size : 512;
	if (stream)
		return SIM_MESSAGE;
	return limit < h->udp_size ? limit : h->udp_size;
}

/* Scripts first, then what is bent about the host.  bend: the manner that spoils octets, or
 * MANNERS. */
static enum fate compose(struct sim *s, struct host *h, const struct packet *p,
			 const struct query *q, struct response *r, enum manner_kind *bend)
{
	const char *bad = "";
	bool scripted = false;
	for (struct forgery *f = s->world.forgeries; f != NULL && !scripted; f = f->next) {
		if (f->kind != FORGERY_REPLY ||
		    !forgery_applies(f, &p->to, p->stream, &q->question))
			continue;
		scripted = true;
		if (!forgery_apply(f, r, &bad))
			sim_wrong(s, "cannot be read as a record: %s", bad);
	}
	if (!scripted)
		authority_answer(&s->world, h, q, r);
	for (struct forgery *f = s->world.forgeries; f != NULL; f = f->next)
		if (f->kind == FORGERY_ADD && forgery_applies(f, &p->to, p->stream, &q->question) &&
		    !forgery_apply(f, r, &bad))
			sim_wrong(s, "cannot be read as a record: %s", bad);
	enum fate fate = FATE_REPLY;
	for (struct manner *m = h->manners; m != NULL && fate == FATE_REPLY; m = m->next) {
		if (!manner_applies(m, p->stream, &q->question))
			continue;
		fate = manner_apply(m->kind, &s->world, h, q, p->stream, m->used, r);
		*bend = m->kind;
	}
	return fate;
}

static void answer_packet(struct sim *s, struct host *h, const struct packet *p)
{
	struct query q;
	struct response r;
	enum manner_kind bend = MANNER_RIGHT;
	enum query_kind kind = query_parse(p->octets, p->len, &q);
	if (kind == QUERY_DROP)
		return;
	arena_reset(s->scratch);
	response_init(&r, s->scratch, &q);
	r.rcode = q.rcode;
	enum fate fate = kind == QUERY_OK ? compose(s, h, p, &q, &r, &bend) : FATE_REPLY;
	if (fate == FATE_SILENCE)
		return;
	if (fate == FATE_RESET) {
		clock_add(&s->clock, s->clock.ms + delay_of(s, h), NET_ERROR_RESET, p->exchange,
			  NULL);
		return;
	}
	size_t len = response_write(&r, limit_of(h, &q, p->stream), s->buffer, SIM_MESSAGE);
	if (fate == FATE_OCTETS)
		len = manner_bend(bend, (unsigned)s->log_count, s->buffer, len, SIM_MESSAGE);
	send_reply(s, h, p, len);
}

/* ---- off the path ---- */

static void spoof_one(struct sim *s, const struct forgery *f, const struct packet *p, unsigned i)
{
	struct query q;
	struct response r;
	const char *bad = "";
	if (query_parse(p->octets, p->len, &q) != QUERY_OK)
		return;
	arena_reset(s->scratch);
	response_init(&r, s->scratch, &q);
	if (!forgery_apply(f, &r, &bad))
		sim_wrong(s, "cannot be read as a record: %s", bad);
	enum fate fate =
	    manner_apply(f->manner, &s->world, world_host(&s->world, &p->to), &q, false, i, &r);
	size_t len = response_write(&r, SIM_MESSAGE, s->buffer, SIM_MESSAGE);
	if (fate == FATE_OCTETS)
		len = manner_bend(f->manner, i, s->buffer, len, SIM_MESSAGE);
	if (fate != FATE_SILENCE)
		deliver(s, &p->to, p->exchange,
			s->clock.ms + f->delay_ms + (int64_t)i * f->every_ms, s->buffer, len);
}

static void spoof(struct sim *s, const struct packet *p, const struct question *q)
{
	for (struct forgery *f = s->world.forgeries; f != NULL; f = f->next) {
		if (f->kind != FORGERY_SPOOF || !forgery_applies(f, &p->to, p->stream, q))
			continue;
		for (unsigned i = 0; i < f->copies; i++)
			spoof_one(s, f, p, i);
	}
}

/* ---- the way out ---- */

static bool refuses_tcp(const struct host *h)
{
	for (const struct manner *m = h->manners; m != NULL; m = m->next)
		if (m->kind == MANNER_NO_TCP)
			return true;
	return false;
}

void net_send(struct sim *s, const struct deed *d)
{
	struct sent *sent = log_packet(s, d);
	trace_packet(s, sent);
	struct host *h = world_find_host(&s->world, &d->to);
	bool stream = d->transport == TRANSPORT_TCP;
	int64_t trip = delay_of(s, h);
	enum reach reach = reach_of(&s->world, h, &d->to);
	clock_add(&s->clock, s->clock.ms + d->timeout_ms, NET_TIMEOUT, d->exchange, NULL);
	if (reach == REACH_UNREACHABLE || reach == REACH_REJECTS) {
		clock_add(&s->clock, s->clock.ms + 2 * trip,
			  reach == REACH_REJECTS ? NET_ERROR_REFUSED : NET_ERROR_UNREACHABLE,
			  d->exchange, NULL);
		return;
	}
	assert(d->len <= PACKET_MAX);
	struct packet *p = malloc(sizeof(*p));
	assert(p != NULL);
	*p = (struct packet){
		.exchange = d->exchange, .to = d->to, .stream = stream, .len = d->len
	};
	memcpy(p->octets, d->octets, d->len);
	if (sent->readable)
		spoof(s, p, &sent->question);
	if (reach == REACH_DEAD || is_lost(s, h, stream)) {
		free(p);
	} else if (stream && refuses_tcp(h)) {
		clock_add(&s->clock, s->clock.ms + 2 * trip, NET_ERROR_REFUSED, d->exchange, NULL);
		free(p);
	} else {
		clock_add(&s->clock, s->clock.ms + (stream ? TCP_HANDSHAKE * trip : trip),
			  NET_AT_HOST, 0, p);
	}
}

static void at_resolver(struct sim *s, uint64_t exchange, const struct datagram *d)
{
	char address[ADDRESS_TEXT_MAX], what[ADDRESS_TEXT_MAX + 16];
	if (s->trace != NULL) {
		address_text(&d->from, address);
		snprintf(what, sizeof(what), "<- %s", address);
		trace_message(s, what, d->octets, d->len);
	}
	tasks_on_reply(s->resolver.tasks, clock_now(&s->clock), exchange, d->octets, d->len);
}

void net_event(struct sim *s, const struct event *e)
{
	struct now now = clock_now(&s->clock);
	struct tasks *ts = s->resolver.tasks;
	switch ((enum net_event)e->kind) {
	case NET_AT_HOST: {
		const struct packet *p = e->what;
		answer_packet(s, world_find_host(&s->world, &p->to), p);
		break;
	}
	case NET_AT_RESOLVER:
		at_resolver(s, e->about, e->what);
		break;
	case NET_TIMEOUT:
		tasks_on_timeout(ts, now, e->about);
		break;
	case NET_ERROR_UNREACHABLE:
		tasks_on_error(ts, now, e->about, EXCHANGE_UNREACHABLE);
		break;
	case NET_ERROR_REFUSED:
		tasks_on_error(ts, now, e->about, EXCHANGE_REFUSED);
		break;
	case NET_ERROR_RESET:
		tasks_on_error(ts, now, e->about, EXCHANGE_RESET);
		break;
	}
	net_drop_event(e);
}
