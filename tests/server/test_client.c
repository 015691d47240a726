#include "resolver/net/listen.h"
#include "resolver/net/sockaddr.h"
#include "resolver/server/client.h"
#include "resolver/server/policy.h"
#include "resolver/wire/message.h"
#include "tests/server/daemon_suites.h"
#include "validator/keys.h"

#include <ev.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Clients in front of a real conductor that has no network: what is not local waits for its deadline. */
struct desk {
	struct config *config;
	struct log log;
	struct policy *policy;
	struct rng rng;
	struct now now;
	struct cache *cache;
	struct servers *servers;
	struct keys *keys;
	struct tasks *tasks;
	struct counters *counters;
	struct clients *clients;
	struct ev_loop *loop;
	struct udp *udp;
	struct udp_peer peer;
	int peer_fd;
	uint8_t reply[UDP_REPLY_OCTETS];
	size_t len;
	struct arena *arena;
	struct message message;
};

static const char base[] = "validation: {enabled: no}\n"
			   "local-data:\n  records: [\"here.test. 60 IN A 192.0.2.1\"]\n"
			   "  blocks: [{name: gone.example}]\n";

static size_t never(void *owner, const struct udp_peer *peer, const uint8_t *octets, size_t len,
                    uint8_t *reply)
{
	(void)owner;
	(void)peer;
	(void)octets;
	(void)len;
	(void)reply;
	return 0;
}

static void open_network(struct desk *d)
{
	struct address any = { .family = FAMILY_IPV4, .octets = { 127, 0, 0, 1 } };
	union sockaddr_any at;
	socklen_t len = sizeof(at);
	int fd;
	d->loop = ev_loop_new(EVFLAG_AUTO);
	CU_ASSERT_EQUAL_FATAL(listen_udp(&any, &fd), ERR_OK);
	d->udp = udp_new(d->loop, fd, never, d);
	d->peer_fd = socket(AF_INET, SOCK_DGRAM, 0);
	len = sockaddr_of(&any, &at);
	CU_ASSERT_EQUAL_FATAL(bind(d->peer_fd, &at.any, len), 0);
	CU_ASSERT_EQUAL_FATAL(getsockname(d->peer_fd, &at.any, &len), 0);
	d->peer = (struct udp_peer){ .client = sockaddr_address(&at) };
}

static struct desk *open_desk(const char *more)
{
	struct desk *d = calloc(1, sizeof(*d));
	struct siphash_key key = { 3, 4 };
	struct config_error why;
	char text[1024];
	snprintf(text, sizeof(text), "%s%s", base, more);
	CU_ASSERT_EQUAL_FATAL(config_parse(text, strlen(text), &d->config, &why), ERR_OK);
	log_init(&d->log, LOG_LEVEL_ERROR, 0, "test");
	CU_ASSERT_EQUAL_FATAL(policy_new(d->config, &d->log, &d->policy), ERR_OK);
	rng_init_number(&d->rng, 1);
	d->now = (struct now){ 1000000, 1800000000 };
	d->cache = cache_new(&d->policy->cache, (size_t)1 << 20, NULL, &key);
	d->servers = servers_new(64, &key);
	d->keys = keys_new(&key);
	struct tasks_setup setup = { .policy = &d->policy->tasks, .iterate = &d->policy->iterate,
		.validate = &d->policy->validate, .anchors = d->policy->anchors, .keys = d->keys,
		.cache = d->cache, .cache_policy = &d->policy->cache, .servers = d->servers,
		.local = d->policy->local, .rng = &d->rng };
	d->tasks = tasks_new(&setup);
	d->counters = calloc(1, sizeof(*d->counters));
	struct clients_setup clients = { .config = d->config, .tasks = d->tasks, .rng = &d->rng,
		.counters = d->counters, .log = &d->log, .now = &d->now };
	d->clients = clients_new(&clients);
	d->arena = arena_new((size_t)4 << 20);
	open_network(d);
	return d;
}

/* counters.h: every question that comes in goes one way out. */
static void check_sums(const struct desk *d)
{
	const struct counters *c = d->counters;
	CU_ASSERT_EQUAL(c->queries_udp + c->queries_tcp,
	                c->replies + c->dropped_short + c->dropped_waiting + c->dropped_full +
	                c->dropped_late + c->dropped_gone + c->dropped_memory +
	                clients_waiting(d->clients));
	CU_ASSERT_EQUAL(c->replies, c->cache_hit + c->recursed + c->refused_acl + c->malformed +
	                c->identity);
}

static void close_desk(struct desk *d)
{
	check_sums(d);
	clients_free(d->clients);
	tasks_free(d->tasks);
	udp_free(d->udp);
	(void)close(d->peer_fd);
	ev_loop_destroy(d->loop);
	keys_free(d->keys);
	servers_free(d->servers);
	cache_free(d->cache);
	policy_free(d->policy);
	config_free(d->config);
	arena_free(d->arena);
	free(d->counters);
	free(d);
}

static void parse_reply(struct desk *d)
{
	d->message = (struct message){ .rcode = 0xfff };
	if (d->len > 0 && message_parse(d->reply, d->len, d->arena, &d->message) != ERR_OK)
		d->message.rcode = 0xffe;
}

static void receive(struct desk *d, const uint8_t *octets, size_t len)
{
	d->len = client_receive_udp(d->clients, d->udp, &d->peer, octets, len, d->reply);
	parse_reply(d);
}

static size_t question(uint8_t *out, const char *name, uint16_t type, uint16_t class,
                       const struct edns *edns)
{
	struct edns none = { 0 };
	struct question q = { .name = name_of(name), .type = type, .class = class };
	struct writer w = writer_of(out, 512);
	query_write(&w, 0x1234, FLAG_RD, &q, edns != NULL ? edns : &none);
	return writer_length(&w);
}

static void ask(struct desk *d, const char *name, const struct edns *edns)
{
	uint8_t packet[512];
	receive(d, packet, question(packet, name, TYPE_A, CLASS_IN, edns));
}

/* What core wants is ignored but for replies. */
static unsigned drain(struct desk *d)
{
	struct deed deed;
	unsigned answers = 0;
	while (tasks_next(d->tasks, d->now, &deed)) {
		if (deed.kind == DEED_ANSWER) {
			client_reply(d->clients, deed.client);
			answers++;
		}
	}
	udp_flush(d->udp);
	return answers;
}

/* Lets the deadline of every question pass. */
static unsigned run_out(struct desk *d)
{
	unsigned answers = drain(d);
	d->now.mono_ms += LIMIT_QUESTION_MS + 1;
	tasks_on_alarm(d->tasks, d->now);
	return answers + drain(d);
}

static bool take_datagram(struct desk *d)
{
	ssize_t n = recv(d->peer_fd, d->reply, sizeof(d->reply), MSG_DONTWAIT);
	d->len = n > 0 ? (size_t)n : 0;
	parse_reply(d);
	return n > 0;
}

static void test_local_data_is_answered_at_once(void)
{
	struct desk *d = open_desk("");
	ask(d, "here.test.", NULL);
	CU_ASSERT_EQUAL(d->message.rcode, RCODE_NOERROR);
	CU_ASSERT_EQUAL(d->message.section[SECTION_ANSWER].count, 1);
	ask(d, "gone.example.", NULL);
	CU_ASSERT_EQUAL(d->message.rcode, RCODE_NXDOMAIN);
	CU_ASSERT_EQUAL(d->counters->cache_hit, 2);
	CU_ASSERT_EQUAL(d->counters->nxdomain, 1);
	close_desk(d);
}

static void test_a_stranger_is_refused_and_told_why_in_few_octets_threat_C12(void)
{
	struct desk *d = open_desk("server: {allow: [\"192.0.2.0/24\"], nsid: \"a long name of ours\"}\n");
	struct edns opt = { .present = true, .udp_size = 1232, .has_nsid = true, .has_cookie = true,
		            .cookie = { .client = { 1, 2, 3 } } };
	uint8_t packet[512];
	size_t len = question(packet, "here.test.", TYPE_A, CLASS_IN, &opt);
	receive(d, packet, len);
	CU_ASSERT_EQUAL(d->message.rcode, RCODE_REFUSED);
	CU_ASSERT_EQUAL(d->message.edns.errors[0].ede, EDE_PROHIBITED);
	CU_ASSERT(d->len <= len + 12);
	CU_ASSERT_EQUAL(d->counters->refused_acl, 1);
	len = question(packet, "here.test.", TYPE_A, CLASS_IN, NULL);
	receive(d, packet, len);
	CU_ASSERT_EQUAL(d->len, len);
	close_desk(d);
}

static void test_junk_is_answered_or_dropped_and_counted(void)
{
	struct desk *d = open_desk("server: {identity: \"me\"}\n");
	uint8_t packet[512];
	receive(d, (const uint8_t *)"short", 5);
	CU_ASSERT_EQUAL(d->len, 0);
	size_t len = question(packet, "here.test.", TYPE_A, CLASS_IN, NULL);
	receive(d, packet, len - 1);
	CU_ASSERT_EQUAL(d->message.rcode, RCODE_FORMERR);
	packet[2] |= 0x80; /* a response */
	receive(d, packet, len);
	CU_ASSERT_EQUAL(d->len, 0);
	receive(d, packet, question(packet, "id.server.", TYPE_TXT, CLASS_CH, NULL));
	CU_ASSERT_EQUAL(d->message.section[SECTION_ANSWER].count, 1);
	receive(d, packet, question(packet, "version.bind.", TYPE_TXT, CLASS_CH, NULL));
	CU_ASSERT_EQUAL(d->message.rcode, RCODE_REFUSED);
	CU_ASSERT_EQUAL(d->counters->dropped_short, 2);
	CU_ASSERT_EQUAL(d->counters->malformed, 1);
	CU_ASSERT_EQUAL(d->counters->identity, 1);
	close_desk(d);
}

static void test_a_cookie_is_given_and_known_again(void)
{
	struct desk *d = open_desk("");
	struct edns opt = { .present = true, .udp_size = 1232, .has_cookie = true,
		            .cookie = { .client = { 1, 2, 3, 4, 5, 6, 7, 8 } } };
	ask(d, "here.test.", &opt);
	CU_ASSERT_TRUE_FATAL(d->message.edns.has_cookie);
	CU_ASSERT_EQUAL(d->message.edns.cookie.server_len, 16);
	opt.cookie = d->message.edns.cookie;
	ask(d, "here.test.", &opt);
	CU_ASSERT_EQUAL(memcmp(&opt.cookie, &d->message.edns.cookie, sizeof(opt.cookie)), 0);
	opt.cookie.server[15] ^= 1;
	ask(d, "here.test.", &opt);
	CU_ASSERT_EQUAL(d->counters->bad_cookie, 1);
	close_desk(d);
}

static void test_who_waits_gets_one_reply_to_where_it_asked_from(void)
{
	struct desk *d = open_desk("");
	ask(d, "www.shop.example.", NULL);
	CU_ASSERT_EQUAL(d->len, 0);
	CU_ASSERT_EQUAL(clients_waiting(d->clients), 1);
	check_sums(d);
	CU_ASSERT_EQUAL(run_out(d), 1);
	CU_ASSERT_TRUE(take_datagram(d));
	CU_ASSERT_EQUAL(d->message.rcode, RCODE_SERVFAIL);
	CU_ASSERT_EQUAL(d->reply[0] << 8 | d->reply[1], 0x1234);
	CU_ASSERT_FALSE(take_datagram(d));
	CU_ASSERT_EQUAL(d->counters->recursed, 1);
	CU_ASSERT_EQUAL(d->counters->servfail, 1);
	close_desk(d);
}

static void test_who_waits_gets_its_cookie_and_the_nsid_with_the_reply(void)
{
	struct desk *d = open_desk("server: {nsid: me}\n");
	struct edns opt = { .present = true, .udp_size = 1232, .has_nsid = true, .has_cookie = true,
		            .cookie = { .client = { 1, 2, 3 }, .server = { 4, 5, 6 }, .server_len = 16 } };
	ask(d, "www.shop.example.", &opt);
	CU_ASSERT_EQUAL(run_out(d), 1);
	CU_ASSERT_TRUE(take_datagram(d));
	CU_ASSERT_TRUE(d->message.edns.has_cookie);
	CU_ASSERT_EQUAL(d->message.edns.cookie.server_len, 16);
	CU_ASSERT_TRUE(d->message.edns.has_nsid);
	CU_ASSERT_EQUAL(d->message.edns.nsid_len, 2);
	CU_ASSERT_EQUAL(d->counters->bad_cookie, 1);
	close_desk(d);
}

static void test_a_cookie_is_good_for_the_question_it_came_with_only(void)
{
	struct desk *d = open_desk("limits: {client-waiting: 1, client-waiting-cookie: 3}\n");
	struct edns opt = { .present = true, .udp_size = 1232, .has_cookie = true,
		            .cookie = { .client = { 1, 2, 3 } } };
	ask(d, "here.test.", &opt);
	opt.cookie = d->message.edns.cookie;
	ask(d, "n1.shop.example.", &opt);
	ask(d, "n2.shop.example.", &opt);
	CU_ASSERT_EQUAL(clients_waiting(d->clients), 2);
	ask(d, "n3.shop.example.", NULL);
	CU_ASSERT_EQUAL(clients_waiting(d->clients), 2);
	CU_ASSERT_EQUAL(d->counters->dropped_waiting, 1);
	(void)run_out(d);
	close_desk(d);
}

static void test_one_host_waits_for_so_many_replies(void)
{
	struct desk *d = open_desk("limits: {client-waiting: 3, client-waiting-cookie: 5}\n");
	char name[64];
	for (unsigned i = 0; i < 9; i++) {
		snprintf(name, sizeof(name), "n%u.shop.example.", i);
		ask(d, name, NULL);
	}
	CU_ASSERT_EQUAL(clients_waiting(d->clients), 3);
	CU_ASSERT_EQUAL(d->counters->dropped_waiting, 6);
	struct udp_peer other = d->peer;
	d->peer.client.octets[3] = 77;
	ask(d, "n8.shop.example.", NULL);
	CU_ASSERT_EQUAL(clients_waiting(d->clients), 4);
	d->peer = other;
	CU_ASSERT_EQUAL(run_out(d), 4);
	CU_ASSERT_EQUAL(clients_waiting(d->clients), 0);
	close_desk(d);
}

/* CVE-2024-33655: many late replies at once. */
static void test_dnsbomb_late_replies_beyond_the_share_are_dropped(void)
{
	struct desk *d = open_desk("limits: {client-waiting: 50, late: 1800ms}\n");
	char name[64];
	for (unsigned i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "n%u.shop.example.", i);
		ask(d, name, NULL);
	}
	CU_ASSERT_EQUAL(run_out(d), 40);
	CU_ASSERT_EQUAL(d->counters->dropped_late, 35);
	CU_ASSERT_EQUAL(d->counters->recursed, 5);
	close_desk(d);
}

static void test_a_stream_that_goes_away_waits_for_nothing(void)
{
	struct desk *d = open_desk("");
	uint8_t packet[512];
	struct tcp_limits limits = { 4, 4, 4, 65536, 1000, 1000, 1000 };
	struct tcp *tcp = tcp_new(d->loop, &limits, NULL, NULL, NULL, d);
	clients_set_tcp(d->clients, tcp);
	for (unsigned i = 0; i < 3; i++) {
		char name[64];
		snprintf(name, sizeof(name), "n%u.shop.example.", i);
		client_receive_tcp(d->clients, 9, &d->peer.client, packet,
		                   question(packet, name, TYPE_A, CLASS_IN, NULL));
	}
	CU_ASSERT_EQUAL(clients_waiting(d->clients), 3);
	client_gone(d->clients, 9);
	CU_ASSERT_EQUAL(clients_waiting(d->clients), 0);
	CU_ASSERT_EQUAL(run_out(d), 0);
	CU_ASSERT_EQUAL(d->counters->dropped_gone, 3);
	tcp_free(tcp);
	close_desk(d);
}

static const struct unit_test tests[] = {
	UNIT(test_local_data_is_answered_at_once),
	UNIT(test_a_stranger_is_refused_and_told_why_in_few_octets_threat_C12),
	UNIT(test_junk_is_answered_or_dropped_and_counted),
	UNIT(test_a_cookie_is_given_and_known_again),
	UNIT(test_who_waits_gets_one_reply_to_where_it_asked_from),
	UNIT(test_who_waits_gets_its_cookie_and_the_nsid_with_the_reply),
	UNIT(test_a_cookie_is_good_for_the_question_it_came_with_only),
	UNIT(test_one_host_waits_for_so_many_replies),
	UNIT(test_dnsbomb_late_replies_beyond_the_share_are_dropped),
	UNIT(test_a_stream_that_goes_away_waits_for_nothing),
};
const struct unit_suite suite_client = { "client", tests, sizeof(tests) / sizeof(tests[0]) };
