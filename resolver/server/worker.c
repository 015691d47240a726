#include "resolver/server/worker.h"

#include "cache/answers.h"
#include "cache/meta.h"
#include "cache/networks.h"
#include "resolver/net/outbound.h"
#include "resolver/server/anchor_watch.h"
#include "resolver/server/channel.h"
#include "resolver/server/client.h"
#include "resolver/server/keeper.h"
#include "resolver/server/nta_watch.h"
#include "resolver/server/place.h"
#include "resolver/server/policy.h"
#include "resolver/server/sandbox.h"
#include "resolver/server/tally.h"
#include "resolver/server/worker_desk.h"
#include "validator/keys.h"

#include <ev.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { DRAIN_CHECK_MS = 50, LOOK_S = 1, SERVERS_S = 60, SERVERS_OCTETS = 64 << 10 };

/* A listening UDP socket and the worker it belongs to. */
struct ear {
	struct worker *worker;
	struct udp *udp;
};

struct worker {
	const struct worker_setup *setup;
	struct log *log;
	struct clock clock;
	struct now now;           /* of this loop turn */
	struct rng rng;
	struct policy *policy;    /* config as the rooms understand it */
	struct store *store;      /* NULL: RAM only */
	struct cache *cache;
	struct answers *answers;
	struct servers *servers;
	struct networks *networks; /* NULL: TTL policy is not strict */
	struct keys *keys;
	struct tasks *tasks;
	struct outbound *outbound;
	struct tcp *tcp;
	struct clients *clients;
	struct ear *ears;         /* one a listening socket */
	struct ev_loop *loop;
	ev_check turn_begin;
	ev_prepare turn_end;
	ev_timer alarm;
	int64_t alarm_ms;         /* what the timer is set for */
	ev_timer drained;         /* while draining: is it over? */
	ev_timer look;            /* is the store still the one? */
	ev_timer servers_due;     /* their times are told to the keeper */
	struct tally tally;
	ev_io orders;             /* from the supervisor */
	ev_signal terminate;
	struct worker_desk desk;
	struct anchor_watch *anchors;
	struct nta_watch ntas;
	uint8_t buffer[CHANNEL_OCTETS];
};

static void drain_deeds(struct worker *w)
{
	struct deed d;
	while (tasks_next(w->tasks, w->now, &d)) {
		switch (d.kind) {
		case DEED_SEND:
			outbound_send(w->outbound, d.exchange, &d.to, d.transport == TRANSPORT_TCP,
			              d.octets, d.len, d.timeout_ms);
			break;
		case DEED_CLOSE:
			outbound_close(w->outbound, d.exchange);
			break;
		case DEED_ANSWER:
			if (!worker_desk_reply(&w->desk, w->now, d.client))
				client_reply(w->clients, d.client);
			break;
		case DEED_PROBED:
			if (!nta_watch_probed(&w->ntas, &d))
				anchor_watch_probed(w->anchors, &d);
			break;
		}
	}
}

static void on_reply(void *owner, uint64_t exchange, const uint8_t *octets, size_t len)
{
	struct worker *w = owner;
	tasks_on_reply(w->tasks, w->now, exchange, octets, len);
	drain_deeds(w);
}

static void on_timeout(void *owner, uint64_t exchange)
{
	struct worker *w = owner;
	tasks_on_timeout(w->tasks, w->now, exchange);
	drain_deeds(w);
}

static enum exchange_error exchange_error_of(enum outbound_error e)
{
	switch (e) {
	case OUTBOUND_UNREACHABLE:
		return EXCHANGE_UNREACHABLE;
	case OUTBOUND_REFUSED:
		return EXCHANGE_REFUSED;
	case OUTBOUND_RESET:
		return EXCHANGE_RESET;
	case OUTBOUND_NO_RESOURCE:
		return EXCHANGE_NO_RESOURCE;
	}
	return EXCHANGE_NO_RESOURCE;
}

static void on_error(void *owner, uint64_t exchange, enum outbound_error e)
{
	struct worker *w = owner;
	tasks_on_error(w->tasks, w->now, exchange, exchange_error_of(e));
	drain_deeds(w);
}

static void on_coming(void *owner, const uint8_t *octets, size_t len)
{
	const struct ear *ear = owner;
	answers_expect(ear->worker->answers, octets, len);
}

static size_t on_datagram(void *owner, const struct udp_peer *peer, const uint8_t *octets,
                          size_t len, uint8_t *reply)
{
	struct ear *ear = owner;
	struct worker *w = ear->worker;
	size_t n = client_receive_udp(w->clients, ear->udp, peer, octets, len, reply);
	if (n == 0)
		drain_deeds(w);
	return n;
}

static void on_message(void *owner, uint64_t connection, const struct address *client,
                       const uint8_t *octets, size_t len)
{
	struct worker *w = owner;
	client_receive_tcp(w->clients, connection, client, octets, len);
	drain_deeds(w);
}

static void on_gone(void *owner, uint64_t connection)
{
	struct worker *w = owner;
	client_gone(w->clients, connection);
	drain_deeds(w);
}

static bool on_admit(void *owner, const struct address *client)
{
	const struct worker *w = owner;
	return client_is_allowed(w->clients, client);
}

/* Time is read once a turn, when the loop has slept and before any event is handled. */
static void begin_turn(struct ev_loop *loop, ev_check *check, int events)
{
	struct worker *w = check->data;
	(void)loop;
	(void)events;
	w->now = clock_read(&w->clock);
	log_at(w->log, w->now);
}

static void send_turn(struct worker *w)
{
	const uint8_t *octets;
	size_t len;
	while (cache_take_turn(w->cache, &octets, &len)) {
		if (channel_send(w->setup->keeper, CHANNEL_TURN, octets, len) != ERR_OK)
			count(&w->setup->counters->turns_dropped);
	}
}

/* Threats I2, I7: what was removed, replaced or cut is let go of before it is touched again. */
static void on_look(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct worker *w = timer->data;
	(void)loop;
	(void)events;
	w->setup->witness->turns++;
	if (w->store == NULL || store_is_current(w->store))
		return;
	log_warning(w->log, "the store was removed or changed: this worker goes on in memory");
	cache_forget_store(w->cache);
	store_close(w->store);
	w->store = NULL;
}

/* The life of a server's times is the keeper's concern: whoever starts next begins with them. */
static void send_servers(struct worker *w)
{
	size_t len = servers_save(w->servers, w->buffer, SERVERS_OCTETS);
	if (w->store != NULL && len > 0 &&
	    channel_send(w->setup->keeper, CHANNEL_SERVERS, w->buffer, len) != ERR_OK)
		count(&w->setup->counters->turns_dropped);
}

static void on_servers_due(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	send_servers(timer->data);
}

static void load_servers(struct worker *w)
{
	struct octets note;
	if (w->store != NULL && w->servers != NULL && meta_note(w->store, KEEPER_NOTE_SERVERS, &note))
		servers_load(w->servers, w->now, note.at, note.len);
	store_turn_end(w->store);
}

/* What the rooms count goes where the supervisor reads it. */
static void publish_counts(struct worker *w)
{
	struct counters *c = w->setup->counters;
	struct tasks_counts t = tasks_count(w->tasks);
	struct cache_counts m = cache_count(w->cache);
	uint64_t cut_short = 0, unsent = 0;
	tally_tasks(&w->tally, &t);
	for (size_t i = 0; i < w->setup->socket_count; i++) {
		struct udp_counts u = udp_count(w->ears[i].udp);
		cut_short += u.truncated_in;
		unsent += u.send_failed + u.send_full;
	}
	tally_udp(&w->tally, cut_short, unsent);
	if (w->tcp != NULL) {
		struct tcp_counts tcp = tcp_count(w->tcp);
		tally_tcp(&w->tally, &tcp);
		count_set(&c->tcp_clients, tcp_connections(w->tcp));
	}
	count_set(&c->hot_octets, m.hot_octets);
	count_set(&c->hot_entries, m.hot_entries);
	count_set(&c->waiting, clients_waiting(w->clients));
}

static void set_alarm(struct worker *w)
{
	int64_t at = tasks_alarm(w->tasks);
	if (at == w->alarm_ms && ev_is_active(&w->alarm))
		return;
	ev_timer_stop(w->loop, &w->alarm);
	w->alarm_ms = at;
	if (at == INT64_MAX)
		return;
	int64_t in_ms = at > w->now.mono_ms ? at - w->now.mono_ms : 0;
	ev_timer_set(&w->alarm, (double)in_ms / 1000, 0);
	ev_timer_start(w->loop, &w->alarm);
}

static void end_turn(struct ev_loop *loop, ev_prepare *prepare, int events)
{
	struct worker *w = prepare->data;
	(void)loop;
	(void)events;
	drain_deeds(w);
	outbound_flush(w->outbound);
	for (size_t i = 0; i < w->setup->socket_count; i++)
		udp_flush(w->ears[i].udp);
	send_turn(w);
	if (w->store != NULL)
		store_turn_end(w->store);
	publish_counts(w);
	set_alarm(w);
}

static void on_alarm(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct worker *w = timer->data;
	(void)loop;
	(void)events;
	tasks_on_alarm(w->tasks, w->now);
	drain_deeds(w);
}

static void stop_listening(struct worker *w)
{
	anchor_watch_stop(w->anchors);
	for (size_t i = 0; i < w->setup->socket_count; i++)
		udp_drain(w->ears[i].udp);
	if (w->tcp != NULL)
		tcp_drain(w->tcp);
}

static void on_drained(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct worker *w = timer->data;
	(void)events;
	if (clients_waiting(w->clients) == 0 && (w->tcp == NULL || tcp_idle(w->tcp)))
		ev_break(loop, EVBREAK_ALL);
}

static void on_order(struct ev_loop *loop, ev_io *io, int events)
{
	struct worker *w = io->data;
	enum channel_kind kind;
	size_t len;
	(void)loop;
	(void)events;
	while (channel_receive(io->fd, w->buffer, &kind, &len) == ERR_OK) {
		if (kind == CHANNEL_DRAIN) {
			stop_listening(w);
			ev_timer_start(w->loop, &w->drained);
		} else if (kind == CHANNEL_ANCHORS) {
			anchor_watch_take(w->anchors, (const char *)w->buffer, len);
		} else if (kind == CHANNEL_NTAS) {
			nta_watch_take(&w->ntas, w->buffer, len);
		} else if (kind == CHANNEL_NTA_CHECK) {
			nta_watch_check(&w->ntas, w->now, w->buffer, len);
			drain_deeds(w);
		} else if (kind == CHANNEL_ASK) {
			send_turn(w); /* what is to be forgotten must not come later */
			worker_desk_ask(&w->desk, w->now, w->buffer, len);
			drain_deeds(w);
		}
	}
}

static void on_terminate(struct ev_loop *loop, ev_signal *signal, int events)
{
	(void)signal;
	(void)events;
	ev_break(loop, EVBREAK_ALL);
}

static enum err seed(struct rng *rng)
{
	uint8_t octets[RNG_SEED_OCTETS];
	/* Blocks until the system has entropy: threats I15. */
	if (getrandom(octets, sizeof(octets), 0) != (ssize_t)sizeof(octets))
		return ERR_IO;
	rng_init(rng, octets);
	explicit_bzero(octets, sizeof(octets));
	return ERR_OK;
}

static void open_memory(struct worker *w, const struct config *c)
{
	struct siphash_key key = { rng_u64(&w->rng), rng_u64(&w->rng) };
	struct siphash_key entries = key; /* the store's own when there is one: all processes share it */
	w->setup->witness->inside = w->setup->may_open_store;
	enum err e = w->setup->may_open_store ? store_open(place_live_directory(c), &w->store)
	                                      : ERR_NOTFOUND;
	if (e == ERR_OK) {
		store_set_witness(w->store, &w->setup->witness->inside);
		e = meta_key(w->store, &entries);
	}
	w->setup->witness->inside = false;
	if (e != ERR_OK) {
		store_close(w->store);
		w->store = NULL;
		log_warning(w->log, "no store: %s; this worker keeps its cache in memory only",
		            err_text(e));
	}
	w->cache = cache_new(&w->policy->cache, c->cache.hot_octets, w->store, &entries);
	w->answers = answers_new(&w->policy->cache.ttl, c->cache.answers_octets, &key);
	w->servers = servers_new(LIMIT_SERVERS, &key);
	load_servers(w);
	w->keys = keys_new(&key);
	if (w->servers != NULL)
		servers_set_caps(w->servers, c->limits.zone_out, c->limits.server_out);
	if (c->cache.ttl_policy == TTL_POLICY_STRICT)
		w->networks = networks_new(LIMIT_NETWORKS, c->cache.strict_networks, &key);
}

static enum err open_rooms(struct worker *w)
{
	const struct config *c = w->setup->config;
	/* What is wrong with a file is wrong for all: one says it. */
	enum err e = policy_new(c, w->setup->index == 0 ? w->log : NULL, &w->policy);
	if (e != ERR_OK)
		return e;
	e = policy_read_ntas(w->policy, w->setup->ntas, w->setup->ntas_len);
	if (e != ERR_OK)
		return e;
	open_memory(w, c);
	bool strict = c->cache.ttl_policy == TTL_POLICY_STRICT;
	if (w->cache == NULL || w->answers == NULL || w->servers == NULL || w->keys == NULL ||
	    (strict && w->networks == NULL))
		return ERR_NOMEM;
	const struct tasks_setup setup = {
		.policy = &w->policy->tasks,
		.iterate = &w->policy->iterate,
		.validate = &w->policy->validate,
		.anchors = w->policy->anchors,
		.keys = w->keys,
		.cache = w->cache,
		.cache_policy = &w->policy->cache,
		.answers = w->answers,
		.servers = w->servers,
		.networks = w->networks,
		.local = w->policy->local,
		.rng = &w->rng,
	};
	w->tasks = tasks_new(&setup);
	w->desk.supervisor = w->setup->supervisor;
	w->desk.cache = w->cache;
	w->desk.answers = w->answers;
	w->desk.tasks = w->tasks;
	w->desk.log = w->log;
	w->ntas = (struct nta_watch){ .supervisor = w->setup->supervisor, .policy = w->policy,
		                      .tasks = w->tasks, .log = w->log };
	return w->tasks != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err open_anchors(struct worker *w)
{
	const struct anchor_watch_setup setup = { w->setup, w->loop, &w->now, w->policy, w->tasks };
	w->anchors = anchor_watch_new(&setup);
	return w->anchors != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err open_outbound(struct worker *w)
{
	const struct config *c = w->setup->config;
	const struct outbound_setup setup = {
		.rng = &w->rng,
		.sources = c->upstream.outgoing.items,
		.source_count = c->upstream.outgoing.count,
		.port_low = 1024,
		.port_high = 65535,
		.tcp_idle_ms = c->limits.tcp_out_idle_ms,
		.tcp_in_flight = c->limits.tcp_out_in_flight,
		.tcp_connections = c->limits.tcp_out,
		.tcp_connect_ms = c->upstream.tcp_timeout_ms,
		.on_reply = on_reply,
		.on_timeout = on_timeout,
		.on_error = on_error,
		.owner = w,
	};
	w->outbound = outbound_new(w->loop, &setup);
	return w->outbound != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err open_clients(struct worker *w)
{
	const struct clients_setup setup = {
		.config = w->setup->config,
		.tasks = w->tasks,
		.rng = &w->rng,
		.counters = w->setup->counters,
		.log = w->log,
		.now = &w->now,
	};
	w->clients = clients_new(&setup);
	return w->clients != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err open_tcp(struct worker *w)
{
	const struct config_limits *c = &w->setup->config->limits;
	const struct tcp_limits limits = {
		.clients = c->tcp_clients,
		.per_host = c->tcp_per_host,
		.in_flight = c->tcp_in_flight,
		.unsent_octets = LIMIT_TCP_UNSENT,
		.idle_ms = c->tcp_idle_ms,
		.idle_min_ms = c->tcp_idle_min_ms,
		.read_ms = c->tcp_read_ms,
	};
	w->tcp = tcp_new(w->loop, &limits, on_admit, on_message, on_gone, w);
	if (w->tcp == NULL)
		return ERR_NOMEM;
	clients_set_tcp(w->clients, w->tcp);
	return ERR_OK;
}

static enum err open_ears(struct worker *w)
{
	const struct worker_setup *setup = w->setup;
	w->ears = calloc(setup->socket_count, sizeof(*w->ears));
	if (w->ears == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < setup->socket_count; i++) {
		const struct socket_row *row = &setup->sockets[i];
		w->ears[i].worker = w;
		w->ears[i].udp = udp_new(w->loop, row->udp, on_datagram, &w->ears[i]);
		if (w->ears[i].udp == NULL)
			return ERR_NOMEM;
		udp_tell_ahead(w->ears[i].udp, on_coming);
		if (row->tcp >= 0 && w->tcp != NULL && tcp_listen(w->tcp, row->tcp) != ERR_OK)
			return ERR_NOMEM;
	}
	return ERR_OK;
}

static void open_watchers(struct worker *w)
{
	ev_check_init(&w->turn_begin, begin_turn);
	ev_set_priority(&w->turn_begin, EV_MAXPRI);
	ev_prepare_init(&w->turn_end, end_turn);
	ev_timer_init(&w->alarm, on_alarm, 0, 0);
	ev_timer_init(&w->drained, on_drained, DRAIN_CHECK_MS / 1000.0, DRAIN_CHECK_MS / 1000.0);
	ev_timer_init(&w->look, on_look, LOOK_S, LOOK_S);
	ev_timer_init(&w->servers_due, on_servers_due, SERVERS_S, SERVERS_S);
	ev_io_init(&w->orders, on_order, w->setup->supervisor, EV_READ);
	ev_signal_init(&w->terminate, on_terminate, CHANNEL_END_SIGNAL);
	w->turn_begin.data = w->turn_end.data = w->alarm.data = w;
	w->look.data = w->servers_due.data = w;
	w->drained.data = w->orders.data = w->terminate.data = w;
	ev_check_start(w->loop, &w->turn_begin);
	ev_prepare_start(w->loop, &w->turn_end);
	ev_timer_start(w->loop, &w->look);
	ev_timer_start(w->loop, &w->servers_due);
	ev_io_start(w->loop, &w->orders);
	ev_signal_start(w->loop, &w->terminate);
}

static enum err open_worker(struct worker *w)
{
	place_raise_files();
	enum err e = seed(&w->rng);
	if (e == ERR_OK)
		e = place_drop_privileges(w->setup->config, w->log);
	if (e == ERR_OK)
		e = open_rooms(w);
	w->loop = e == ERR_OK ? ev_loop_new(EVFLAG_AUTO) : NULL;
	if (e == ERR_OK && w->loop == NULL)
		e = ERR_NOMEM;
	if (e == ERR_OK)
		e = open_anchors(w);
	if (e == ERR_OK)
		e = open_outbound(w);
	if (e == ERR_OK)
		e = open_clients(w);
	if (e == ERR_OK && w->setup->config->server.tcp)
		e = open_tcp(w);
	if (e == ERR_OK)
		e = open_ears(w);
	if (e == ERR_OK) {
		open_watchers(w);
		sandbox_close(SANDBOX_WORKER, w->setup->config, w->log);
	}
	return e;
}

static void close_worker(struct worker *w)
{
	for (size_t i = 0; w->ears != NULL && i < w->setup->socket_count; i++)
		udp_free(w->ears[i].udp);
	tcp_free(w->tcp);
	clients_free(w->clients);
	outbound_free(w->outbound);
	anchor_watch_free(w->anchors);
	tasks_free(w->tasks);
	worker_desk_clear(&w->desk);
	answers_free(w->answers);
	servers_free(w->servers);
	keys_free(w->keys);
	networks_free(w->networks);
	cache_free(w->cache);
	store_close(w->store);
	policy_free(w->policy);
	if (w->loop != NULL)
		ev_loop_destroy(w->loop);
	free(w->ears);
	free(w);
}

int worker_run(const struct worker_setup *setup)
{
	struct worker *w = calloc(1, sizeof(*w));
	if (w == NULL)
		return EXIT_FAILURE;
	w->setup = setup;
	w->log = setup->log;
	w->tally.counters = setup->counters;
	w->clock = setup->clock;
	w->now = clock_read(&w->clock);
	w->alarm_ms = INT64_MAX;
	enum err e = open_worker(w);
	if (e == ERR_OK)
		e = channel_send(setup->supervisor, CHANNEL_READY, NULL, 0);
	if (e == ERR_OK)
		ev_run(w->loop, 0);
	else
		log_error(w->log, "cannot start: %s", err_text(e));
	if (e == ERR_OK) {
		send_turn(w);
		send_servers(w);
	}
	close_worker(w);
	return e == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
