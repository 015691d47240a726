#include "tests/core/world.h"

#include "tests/core/authority.h"
#include "tests/core/fault.h"

#include <stdlib.h>
#include <string.h>

struct question world_question(const char *name, uint16_t type)
{
	return (struct question){ .name = name_of(name), .type = type, .class = CLASS_IN };
}

struct address world_address(const char *text)
{
	struct address a;
	if (address_parse(text, &a) != ERR_OK)
		abort();
	return a;
}

static void set_policies(struct world *w)
{
	w->policy = (struct tasks_policy){
		.minimal = true, .errors = true, .question_ms = LIMIT_QUESTION_MS,
		.stale_timer_ms = LIMIT_STALE_TIMER_MS, .stale_ttl_s = LIMIT_STALE_TTL,
		.stale_recheck_s = LIMIT_STALE_RECHECK_S, .failure_s = LIMIT_FAILURE_S,
		.failure_max_s = LIMIT_FAILURE_MAX_S, .bogus_s = LIMIT_BOGUS_S,
		.tasks_max = 200, .waiters_max = LIMIT_WAITERS, .udp_size = LIMIT_UDP_SIZE,
		.unprompted = true, .hints = &w->hints,
	};
	w->iterate = (struct iterate_policy){
		.minimise = MINIMISE_RELAXED, .randomise_case = true, .ipv4 = true, .ipv6 = true,
		.dnssec = true, .port = 53, .udp_size = LIMIT_UDP_SIZE,
		.timeout_first_ms = LIMIT_TIMEOUT_FIRST_MS,
		.timeout_min_ms = LIMIT_TIMEOUT_MIN_MS,
		.timeout_max_ms = LIMIT_TIMEOUT_MAX_MS,
		.timeout_tcp_ms = LIMIT_TIMEOUT_TCP_MS,
	};
	w->policy.prefetch_permille = 1000;
	budget_init(&w->policy.budget, 0);
	w->cache_policy = cache_policy_default();
	w->cache_policy.ttl.mode = TTL_OFF;
}

static void set_hints(struct world *w)
{
	struct cut_server *s = arena_alloc(w->arena, sizeof(*s));
	s->addresses = arena_alloc(w->arena, sizeof(*s->addresses));
	s->name = name_of("ns.root.");
	s->address_count = 1;
	s->addresses[0] = world_address(w->sites[0].address);
	w->hints = (struct cut){ .kind = CUT_HINTS, .zone = name_root(), .server_count = 1,
		                 .servers = s, .ttl = 86400 };
}

struct world *world_new(const struct site *sites, unsigned count)
{
	struct world *w = calloc(1, sizeof(*w));
	w->arena = arena_new((size_t)64 << 20);
	w->sites = arena_copy(w->arena, sites, count * sizeof(*sites));
	w->site_count = count;
	w->now = (struct now){ .mono_ms = 1000000, .wall_s = 1800000000 };
	rng_init_number(&w->rng, 1);
	set_policies(w);
	if (count > 0)
		set_hints(w);
	return w;
}

void world_start(struct world *w)
{
	struct siphash_key key = { 1, 2 };
	w->cache = cache_new(&w->cache_policy, (size_t)4 << 20, NULL, &key);
	w->servers = servers_new(1000, &key);
	if (w->keep_finished)
		w->answers = answers_new(&w->cache_policy.ttl, (size_t)1 << 20, &key);
	struct tasks_setup setup = {
		.policy = &w->policy, .iterate = &w->iterate, .validate = &w->validate,
		.cache = w->cache, .cache_policy = &w->cache_policy, .servers = w->servers,
		.answers = w->answers, .anchors = w->anchors,
		.networks = w->networks, .local = w->local, .rng = &w->rng,
	};
	w->tasks = tasks_new(&setup);
}

void world_free(struct world *w)
{
	tasks_free(w->tasks);
	servers_free(w->servers);
	answers_free(w->answers);
	anchors_free(w->anchors);
	networks_free(w->networks);
	cache_free(w->cache);
	local_free(w->local);
	arena_free(w->arena);
	free(w);
}

struct site *world_site(struct world *w, const char *address)
{
	for (unsigned i = 0; i < w->site_count; i++) {
		if (strcmp(w->sites[i].address, address) == 0)
			return &w->sites[i];
	}
	return NULL;
}

static void set_reply(struct world *w, struct client *c, const struct writer *out)
{
	c->answered = true;
	c->answered_ms = w->now.mono_ms;
	c->len = writer_length(out);
	if (message_parse(w->reply, c->len, w->arena, &c->reply) != ERR_OK)
		c->reply = (struct message){ .rcode = 0xfff };
}

struct client *world_ask(struct world *w, const char *name, uint16_t type, uint32_t flags)
{
	struct client *c = &w->clients[w->client_count++ % WORLD_CLIENTS];
	*c = (struct client){ .number = w->client_count };
	struct question q = world_question(name, type);
	struct edns edns = { .present = (flags & (WORLD_DO | WORLD_EDNS)) != 0, .udp_size = 1232,
		             .dnssec_ok = (flags & WORLD_DO) != 0 };
	struct writer out = writer_of(c->packet, sizeof(c->packet));
	query_write(&out, (uint16_t)c->number, (uint16_t)flags, &q, &edns);
	c->packet_len = writer_length(&out);
	(void)query_parse(c->packet, c->packet_len, &c->query);
	c->ask = (struct ask){ .query = &c->query, .client = w->client, .stream = (flags & WORLD_STREAM) != 0,
		               .may_snoop = (flags & WORLD_SNOOP) != 0, .trace = w->trace,
		               .fresh = w->fresh };
	struct writer reply = writer_of(w->reply, sizeof(w->reply));
	fault_enter();
	c->asked = tasks_ask(w->tasks, w->now, &c->ask, c->number, &reply);
	fault_leave();
	if (c->asked == ASKED_ANSWERED)
		set_reply(w, c, &reply);
	return c;
}

static struct sent *free_sent(struct world *w)
{
	for (unsigned i = 0; i < WORLD_SENDS; i++) {
		if (w->sent[i].exchange == 0)
			return &w->sent[i];
	}
	abort();
}

static void deliver(struct world *w, const struct deed *d)
{
	char to[ADDRESS_TEXT_MAX];
	struct address host = d->to;
	struct sent *s = free_sent(w);
	host.port = 0;
	address_text(&host, to);
	struct site *site = world_site(w, to);
	*s = (struct sent){ .exchange = d->exchange, .due_ms = w->now.mono_ms + d->timeout_ms,
		            .timeout = true };
	w->sends++;
	if (site == NULL || site->silent)
		return;
	s->len = authority_answer(w, site, d, s->octets, sizeof(s->octets));
	s->timeout = s->len == 0;
	if (!s->timeout)
		s->due_ms = w->now.mono_ms + (site->delay_ms > 0 ? site->delay_ms : 10);
}

static void close_exchange(struct world *w, uint64_t exchange)
{
	for (unsigned i = 0; i < WORLD_SENDS; i++) {
		if (w->sent[i].exchange == exchange)
			w->sent[i].exchange = 0;
	}
	w->closes++;
}

static void tell_client(struct world *w, uint64_t number)
{
	struct client *c = &w->clients[(number - 1) % WORLD_CLIENTS];
	struct writer reply = writer_of(w->reply, sizeof(w->reply));
	fault_enter();
	tasks_reply(w->tasks, w->now, &c->ask, &reply);
	fault_leave();
	set_reply(w, c, &reply);
}

static bool next(struct world *w, struct deed *d)
{
	fault_enter();
	bool any = tasks_next(w->tasks, w->now, d);
	fault_leave();
	return any;
}

static void note_probed(struct world *w, const struct deed *d)
{
	const struct rrset *set = d->outcome != NULL ? d->outcome->set : NULL;
	w->probed = d->client;
	w->probed_security = d->outcome != NULL ? d->outcome->security : SECURITY_BOGUS;
	w->probed_count = set != NULL ? set->count : 0;
	w->probed_sigs = set != NULL ? set->sig_count : 0;
}

void world_drain(struct world *w)
{
	struct deed d;
	while (next(w, &d)) {
		switch (d.kind) {
		case DEED_SEND:
			deliver(w, &d);
			break;
		case DEED_CLOSE:
			close_exchange(w, d.exchange);
			break;
		case DEED_ANSWER:
			tell_client(w, d.client);
			break;
		case DEED_PROBED:
			note_probed(w, &d);
			break;
		}
	}
}

static struct sent *next_sent(struct world *w)
{
	struct sent *first = NULL;
	for (unsigned i = 0; i < WORLD_SENDS; i++) {
		struct sent *s = &w->sent[i];
		if (s->exchange != 0 && !s->nudged && (first == NULL || s->due_ms < first->due_ms))
			first = s;
	}
	return first;
}

static void happen(struct world *w, struct sent *s)
{
	s->nudged = s->timeout;
	fault_enter();
	if (s->timeout)
		tasks_on_timeout(w->tasks, w->now, s->exchange);
	else
		tasks_on_reply(w->tasks, w->now, s->exchange, s->octets, s->len);
	fault_leave();
}

static void pass(struct world *w, int64_t to_ms)
{
	w->now.wall_s += to_ms / 1000 - w->now.mono_ms / 1000;
	w->now.mono_ms = to_ms;
}

/* False: nothing is under way before end_ms. */
static bool turn(struct world *w, int64_t end_ms)
{
	world_drain(w);
	struct sent *s = next_sent(w);
	int64_t alarm = tasks_alarm(w->tasks);
	int64_t at = s != NULL && s->due_ms < alarm ? s->due_ms : alarm;
	if (at > end_ms)
		return false;
	pass(w, at > w->now.mono_ms ? at : w->now.mono_ms);
	if (s != NULL && s->due_ms <= w->now.mono_ms)
		happen(w, s);
	else
		tasks_on_alarm(w->tasks, w->now);
	world_drain(w);
	return true;
}

void world_run(struct world *w, uint32_t ms)
{
	int64_t end = w->now.mono_ms + ms;
	while (turn(w, end))
		;
	pass(w, end);
}

struct client *world_resolve(struct world *w, const char *name, uint16_t type, uint32_t flags)
{
	struct client *c = world_ask(w, name, type, flags | FLAG_RD);
	int64_t end = w->now.mono_ms + 60000;
	while (c->asked == ASKED_PENDING && !c->answered && turn(w, end))
		;
	return c;
}

void world_sleep(struct world *w, uint32_t seconds)
{
	world_run(w, seconds * 1000);
}

uint16_t world_error(const struct client *c, unsigned i)
{
	return i < c->reply.edns.error_count ? c->reply.edns.errors[i].ede : (uint16_t)EDE_NONE;
}

bool world_has_address(const struct client *c, const char *name, const char *address)
{
	struct address want = world_address(address);
	struct name owner = name_of(name);
	const struct rrset *s = message_find(&c->reply, SECTION_ANSWER, &owner,
	                                     want.family == FAMILY_IPV4 ? TYPE_A : TYPE_AAAA);
	for (unsigned i = 0; s != NULL && i < s->count; i++) {
		if (memcmp(s->rdata[i].octets, want.octets, s->rdata[i].len) == 0)
			return true;
	}
	return false;
}
