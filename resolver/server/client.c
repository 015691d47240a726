#include "resolver/server/client.h"

#include "resolver/core/reply.h"
#include "resolver/server/identity.h"
#include "resolver/server/waiting.h"

#include <stdlib.h>
#include <string.h>

enum { STREAM_REPLY_OCTETS = 65535 };

struct clients {
	struct clients_setup setup;
	struct waiting *waiting;
	struct cookie_secrets secrets;
	uint8_t reply[STREAM_REPLY_OCTETS]; /* of a stream client, before it is queued */
};

/* One question on its way in, whichever way it came. */
struct arrival {
	struct query query;
	struct address client;
	struct udp *udp; /* NULL: a stream */
	const struct udp_peer *peer;
	uint64_t connection;
	enum cookie_state cookie;
	struct edns edns; /* of the reply */
};

struct clients *clients_new(const struct clients_setup *setup)
{
	struct clients *cs = calloc(1, sizeof(*cs));
	if (cs == NULL)
		return NULL;
	struct siphash_key key = { rng_u64(setup->rng), rng_u64(setup->rng) };
	cs->setup = *setup;
	cs->waiting = waiting_new(LIMIT_CLIENTS_WAITING, &key);
	if (cs->waiting == NULL) {
		free(cs);
		return NULL;
	}
	const struct config_server *server = &setup->config->server;
	memcpy(cs->secrets.current, server->cookie_secret.octets, sizeof(cs->secrets.current));
	memcpy(cs->secrets.previous, server->cookie_previous.octets, sizeof(cs->secrets.previous));
	cs->secrets.has_previous = server->cookie_previous.given;
	return cs;
}

void clients_free(struct clients *cs)
{
	if (cs == NULL)
		return;
	waiting_free(cs->waiting);
	free(cs);
}

void clients_set_tcp(struct clients *cs, struct tcp *tcp)
{
	cs->setup.tcp = tcp;
}

static bool is_within(const struct config_prefixes *p, const struct address *a)
{
	for (size_t i = 0; i < p->count; i++) {
		if (prefix_contains(&p->items[i], a))
			return true;
	}
	return false;
}

bool client_is_allowed(const struct clients *cs, const struct address *client)
{
	return is_within(&cs->setup.config->server.allow, client);
}

unsigned clients_waiting(const struct clients *cs)
{
	return waiting_count(cs->waiting);
}

/* RFC 7873 section 5.2, RFC 9018: what the cookie is worth and what goes back. */
static void judge_cookie(struct clients *cs, struct arrival *a)
{
	const struct edns *in = &a->query.edns;
	a->cookie = COOKIE_NONE;
	if (!cs->setup.config->server.cookies || !in->present || !in->has_cookie)
		return;
	int64_t wall_s = cs->setup.now->wall_s;
	a->edns.has_cookie = true;
	a->edns.cookie = in->cookie;
	if (in->cookie.server_len > 0)
		a->cookie = cookie_check(&in->cookie, &a->client, &cs->secrets, wall_s);
	if (a->cookie != COOKIE_GOOD)
		cookie_make(&a->edns.cookie, &a->client, &cs->secrets, wall_s);
}

/* The one place where a reply that leaves is counted, by what it says. */
static size_t told(struct clients *cs, _Atomic uint64_t *way, const uint8_t *reply, size_t len)
{
	struct counters *c = cs->setup.counters;
	if (len < HEADER_OCTETS) {
		count(&c->dropped_memory);
		return 0;
	}
	unsigned rcode = reply[3] & 0xf;
	count(&c->replies);
	count(way);
	if (rcode == RCODE_SERVFAIL)
		count(&c->servfail);
	else if (rcode == RCODE_NXDOMAIN)
		count(&c->nxdomain);
	if ((reply[2] & (FLAG_TC >> 8)) != 0)
		count(&c->truncated);
	return len;
}

static bool proved_address(const struct arrival *a)
{
	return a->udp == NULL || a->cookie == COOKIE_GOOD || a->cookie == COOKIE_RENEW;
}

/* The OPT that every reply to a query with one has: RFC 6891 section 6.1.1. */
static void prepare_edns(const struct clients *cs, struct arrival *a)
{
	a->edns.present = a->query.edns.present;
	a->edns.udp_size = (uint16_t)cs->setup.config->server.udp_size;
	a->edns.dnssec_ok = a->query.edns.dnssec_ok;
}

/* What else it says to clients of ours, but for its EDE: RFC 5001, RFC 7828, RFC 7873. */
static void add_options(struct clients *cs, struct arrival *a)
{
	const struct config_server *server = &cs->setup.config->server;
	const struct edns *in = &a->query.edns;
	judge_cookie(cs, a);
	if (!in->present)
		return;
	if (in->has_nsid && server->nsid[0] != '\0') {
		a->edns.has_nsid = true;
		a->edns.nsid = (const uint8_t *)server->nsid;
		a->edns.nsid_len = (uint16_t)strlen(server->nsid);
	}
	if (a->udp == NULL && in->has_keepalive && cs->setup.tcp != NULL) {
		a->edns.has_keepalive = true;
		a->edns.keepalive = (uint16_t)(tcp_idle_ms(cs->setup.tcp) / 100);
	}
}

static size_t write_error(const struct clients *cs, const struct arrival *a, uint16_t rcode,
                          struct reason reason, uint8_t *out, size_t size)
{
	const struct config_server *server = &cs->setup.config->server;
	struct writer w = writer_of(out, size);
	reply_error(&a->query, rcode, 0, reason, a->edns.present ? &a->edns : NULL,
	            (uint16_t)server->udp_size, server->extended_errors, &w);
	return w.err == ERR_OK ? writer_length(&w) : 0;
}

static size_t write_identity(const struct arrival *a, const char *text, uint8_t *out, size_t size)
{
	struct writer w = writer_of(out, size);
	identity_reply(&a->query, text, a->edns.present ? &a->edns : NULL, &w);
	return w.err == ERR_OK ? writer_length(&w) : 0;
}

static struct ask ask_of(const struct clients *cs, const struct query *query,
                         const struct address *client, bool stream, bool cookie_ok,
                         const struct edns *edns)
{
	return (struct ask){
		.query = query,
		.client = *client,
		.stream = stream,
		.may_snoop = is_within(&cs->setup.config->server.allow_snoop, client),
		.cookie_ok = cookie_ok,
		.edns = edns->present ? edns : NULL,
	};
}

static bool waits_too_much(struct clients *cs, const struct arrival *a)
{
	const struct config_limits *limits = &cs->setup.config->limits;
	uint32_t most = proved_address(a) ? limits->client_waiting_cookie : limits->client_waiting;
	return waiting_of_host(cs->waiting, &a->client) >= most;
}

static void remember(struct waiting_client *c, const struct arrival *a)
{
	c->query = a->query;
	c->query.edns.nsid = NULL; /* it was borrowed from the packet */
	c->query.edns.nsid_len = 0;
	c->udp = a->udp;
	c->connection = a->connection;
	c->cookie_ok = proved_address(a);
	if (a->peer != NULL)
		c->peer = *a->peer;
	else
		c->peer = (struct udp_peer){ .client = a->client };
}

/* It waits.  False: no memory to remember it, so nobody is told. */
static bool wait_for_reply(struct clients *cs, const struct arrival *a, uint64_t number)
{
	struct waiting_client *c = waiting_add(cs->waiting, &a->client, cs->setup.now->mono_ms);
	if (c == NULL) {
		tasks_forget_client(cs->setup.tasks, number);
		count(&cs->setup.counters->dropped_memory);
		return false;
	}
	remember(c, a);
	if (a->udp == NULL)
		waiting_join_connection(cs->waiting, c);
	return true;
}

/* The length of the reply that is ready, 0 when none is (yet); *owed says whether one will come. */
static size_t ask(struct clients *cs, struct arrival *a, uint8_t *out, size_t size, bool *owed)
{
	struct writer w = writer_of(out, size);
	struct ask ask = ask_of(cs, &a->query, &a->client, a->udp == NULL, proved_address(a), &a->edns);
	uint64_t number = waiting_next_number(cs->waiting);
	if (number == 0 || waits_too_much(cs, a)) {
		count(&cs->setup.counters->dropped_waiting);
		return 0;
	}
	switch (tasks_ask(cs->setup.tasks, *cs->setup.now, &ask, number, &w)) {
	case ASKED_ANSWERED:
		return told(cs, &cs->setup.counters->cache_hit, out, w.err == ERR_OK ? writer_length(&w) : 0);
	case ASKED_PENDING:
		*owed = wait_for_reply(cs, a, number);
		return 0;
	case ASKED_DROPPED:
		count(&cs->setup.counters->dropped_full);
		return 0;
	}
	return 0;
}

/* What the packet is and what becomes of it; as ask() for the result. */
static size_t receive(struct clients *cs, struct arrival *a, const uint8_t *octets, size_t len,
                      uint8_t *out, size_t size, bool *owed)
{
	/* Who sent so little in another's name is to gain nothing by it (threats C12): no words, no options. */
	static const struct reason not_allowed = { EDE_PROHIBITED, "ACLR" };
	*owed = false;
	enum query_kind kind = query_parse(octets, len, &a->query);
	if (kind == QUERY_DROP) {
		count(&cs->setup.counters->dropped_short);
		return 0;
	}
	prepare_edns(cs, a);
	if (!client_is_allowed(cs, &a->client)) {
		size_t n = write_error(cs, a, RCODE_REFUSED, not_allowed, out, size);
		return told(cs, &cs->setup.counters->refused_acl, out, n);
	}
	add_options(cs, a);
	if (a->cookie == COOKIE_BAD)
		count(&cs->setup.counters->bad_cookie);
	if (kind == QUERY_ERROR) {
		size_t n = write_error(cs, a, a->query.rcode, NO_REASON, out, size);
		return told(cs, &cs->setup.counters->malformed, out, n);
	}
	const char *text = identity_text(&cs->setup.config->server, &a->query.question);
	if (text != NULL)
		return told(cs, &cs->setup.counters->identity, out, write_identity(a, text, out, size));
	return ask(cs, a, out, size, owed);
}

size_t client_receive_udp(struct clients *cs, struct udp *udp, const struct udp_peer *peer,
                          const uint8_t *octets, size_t len, uint8_t *reply)
{
	struct arrival a;
	bool owed;
	a.client = peer->client;
	a.udp = udp;
	a.peer = peer;
	a.connection = 0;
	memset(&a.edns, 0, sizeof(a.edns));
	count(&cs->setup.counters->queries_udp);
	return receive(cs, &a, octets, len, reply, UDP_REPLY_OCTETS, &owed);
}

void client_receive_tcp(struct clients *cs, uint64_t connection, const struct address *client,
                        const uint8_t *octets, size_t len)
{
	struct arrival a = { .client = *client, .connection = connection };
	bool owed;
	count(&cs->setup.counters->queries_tcp);
	size_t n = receive(cs, &a, octets, len, cs->reply, sizeof(cs->reply), &owed);
	if (n > 0)
		tcp_reply(cs->setup.tcp, connection, cs->reply, n);
	else if (!owed)
		tcp_no_reply(cs->setup.tcp, connection);
}

void client_gone(struct clients *cs, uint64_t connection)
{
	struct waiting_client *c;
	while ((c = waiting_of_connection(cs->waiting, connection)) != NULL) {
		tasks_forget_client(cs->setup.tasks, c->number);
		count(&cs->setup.counters->dropped_gone);
		waiting_remove(cs->waiting, c);
	}
}

/*
 * Many late replies to one host at once are what DNSBomb collects (CVE-2024-33655): beyond its share
 * a client that did not prove its address gets none of the late ones.
 */
static bool comes_too_late(const struct clients *cs, const struct waiting_client *c)
{
	const struct config_limits *limits = &cs->setup.config->limits;
	return c->udp != NULL && !c->cookie_ok &&
	       cs->setup.now->mono_ms - c->since_ms > limits->late_ms &&
	       waiting_share(cs->waiting, c) > limits->client_waiting / LIMIT_LATE_SHARE;
}

static size_t fetch_reply(struct clients *cs, const struct waiting_client *c, uint8_t *out,
                          size_t size)
{
	struct arrival a = { .query = c->query, .client = c->peer.client, .udp = c->udp };
	struct writer w = writer_of(out, size);
	prepare_edns(cs, &a);
	add_options(cs, &a);
	struct ask ask = ask_of(cs, &c->query, &c->peer.client, c->udp == NULL, c->cookie_ok, &a.edns);
	tasks_reply(cs->setup.tasks, *cs->setup.now, &ask, &w);
	return w.err == ERR_OK ? writer_length(&w) : 0;
}

void client_reply(struct clients *cs, uint64_t number)
{
	struct waiting_client *c = waiting_find(cs->waiting, number);
	if (c == NULL)
		return;
	_Atomic uint64_t *way = &cs->setup.counters->recursed;
	if (comes_too_late(cs, c)) {
		count(&cs->setup.counters->dropped_late);
	} else if (c->udp != NULL) {
		uint8_t *out = udp_reply_space(c->udp);
		size_t n = fetch_reply(cs, c, out, UDP_REPLY_OCTETS);
		udp_send(c->udp, &c->peer, told(cs, way, out, n));
	} else {
		size_t n = fetch_reply(cs, c, cs->reply, sizeof(cs->reply));
		if (told(cs, way, cs->reply, n) > 0)
			tcp_reply(cs->setup.tcp, c->connection, cs->reply, n);
		else
			tcp_no_reply(cs->setup.tcp, c->connection);
	}
	waiting_remove(cs->waiting, c);
}
