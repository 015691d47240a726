#include "tests/iterate/world.h"

#include "resolver/wire/query.h"
#include "resolver/wire/writer.h"
#include "resolver/wire/zonetext.h"
#include "tests/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 64, REPLY_MAX = 65535 };

enum event_kind { EVENT_NONE, EVENT_REPLY, EVENT_TIMEOUT, EVENT_ERROR, EVENT_FETCHED };

struct event {
	enum event_kind kind;
	int64_t at_ms;
	unsigned slot;
	uint8_t *octets;
	size_t len;
	enum exchange_error error;
	struct question question;
};

struct events {
	struct event e[EVENTS_MAX];
};

void world_init(struct world *w, uint64_t seed)
{
	memset(w, 0, sizeof(*w));
	w->arena = arena_new((size_t)64 << 20);
	rng_init_number(&w->rng, seed);
	w->key = (struct siphash_key){ seed, ~seed };
	w->policy = (struct iterate_policy){
		.minimise = MINIMISE_OFF,
		.randomise_case = true,
		.race_families = true,
		.ipv4 = true,
		.ipv6 = true,
		.cookies = true,
		.dnssec = true,
		.refuse_loopback = true,
		.port = 53,
		.udp_size = 1232,
		.timeout_first_ms = LIMIT_TIMEOUT_FIRST_MS,
		.timeout_min_ms = LIMIT_TIMEOUT_MIN_MS,
		.timeout_max_ms = LIMIT_TIMEOUT_MAX_MS,
		.timeout_tcp_ms = LIMIT_TIMEOUT_TCP_MS,
	};
	w->env = (struct iterate_env){
		.policy = &w->policy,
		.servers = servers_new(1024, &w->key),
		.rng = &w->rng,
		.cookie_key = w->key,
	};
	w->now = (struct now){ 1000000, 1800000000 };
}

void world_clear(struct world *w)
{
	servers_free(w->env.servers);
	arena_free(w->arena);
}

static struct address address_of(const char *text)
{
	struct address a;
	if (address_parse(text, &a) != ERR_OK)
		abort();
	return a;
}

struct cut *world_cut(struct world *w, enum cut_kind kind, const char *zone, const char *servers)
{
	struct cut *c = arena_alloc(w->arena, sizeof(*c));
	char text[2048];
	char *state = NULL;
	snprintf(text, sizeof(text), "%s", servers);
	c->kind = kind;
	c->zone = name_of(zone);
	c->ttl = 3600;
	c->servers = arena_array(w->arena, 64, sizeof(*c->servers));
	for (char *one = strtok_r(text, ";", &state); one != NULL;
	     one = strtok_r(NULL, ";", &state)) {
		char *inner = NULL;
		char *word = strtok_r(one, " ", &inner);
		if (word == NULL)
			continue;
		struct cut_server *s = &c->servers[c->server_count++];
		s->name = name_of(word);
		s->addresses = arena_array(w->arena, 32, sizeof(*s->addresses));
		while ((word = strtok_r(NULL, " ", &inner)) != NULL)
			s->addresses[s->address_count++] = address_of(word);
	}
	return c;
}

static bool has(const char *flags, const char *flag)
{
	return flags != NULL && strstr(flags, flag) != NULL;
}

static uint16_t write_section(struct world *w, struct writer *out, const char *text)
{
	struct rrset *sets;
	unsigned count;
	uint16_t records = 0;
	if (text == NULL)
		return 0;
	struct zonetext z = zonetext_of(text, strlen(text));
	if (zonetext_all(&z, w->arena, &sets, &count) != ERR_OK) {
		fprintf(stderr, "bad zone text: %s: %s\n", z.what, text);
		abort();
	}
	for (unsigned i = 0; i < count; i++)
		if (!write_rrset(out, &sets[i], sets[i].ttl, true, 0, &records))
			abort();
	return records;
}

size_t world_canned(struct world *w, const struct canned *c, const struct packet *p,
                    uint8_t out[REPLY_MAX])
{
	struct writer wr = writer_of(out, REPLY_MAX);
	uint16_t flags = (uint16_t)(FLAG_QR | (p->flags & (FLAG_RD | FLAG_CD)));
	flags =
	    (uint16_t)(flags | (has(c->flags, "aa") ? FLAG_AA : 0) |
	               (has(c->flags, "tc") ? FLAG_TC : 0) | (has(c->flags, "ra") ? FLAG_RA : 0));
	flags = (uint16_t)(flags | (has(c->flags, "nxdomain")   ? RCODE_NXDOMAIN
	                            : has(c->flags, "yxdomain") ? RCODE_YXDOMAIN
	                            : has(c->flags, "refused")  ? RCODE_REFUSED
	                                                        : 0));
	query_write(&wr, p->id, flags, &p->question, &(struct edns){ .present = false });
	write_u16_at(&wr, 6, write_section(w, &wr, c->answer));
	write_u16_at(&wr, 8, write_section(w, &wr, c->authority));
	uint16_t additional = write_section(w, &wr, c->additional);
	if (p->edns.present && !has(c->flags, "no-edns")) {
		struct edns e = { .present = true,
			          .udp_size = 1232,
			          .dnssec_ok = p->edns.dnssec_ok };
		edns_write(&wr, &e);
		additional++;
	}
	write_u16_at(&wr, 10, additional);
	if (wr.err != ERR_OK)
		abort();
	return writer_length(&wr);
}

static bool name_fits(const char *pattern, const struct name *n)
{
	if (pattern == NULL)
		return true;
	struct name top = name_of(pattern);
	if (!name_is_wildcard(&top))
		return name_equal(&top, n);
	top = name_parent(&top);
	return name_is_below(n, &top);
}

const struct canned *world_find(const struct world *w, const struct packet *p)
{
	for (size_t i = 0; i < w->canned_count; i++) {
		const struct canned *c = &w->canned[i];
		struct address at = c->at == NULL ? p->to : address_of(c->at);
		if (address_same_host(&at, &p->to) && name_fits(c->name, &p->question.name) &&
		    (c->type == 0 || c->type == p->question.type))
			return c;
	}
	return NULL;
}

static const struct host *find_host(const struct world *w, const struct address *to)
{
	for (const struct host *h = w->hosts; h != NULL && h->address != NULL; h++) {
		struct address a = address_of(h->address);
		if (address_same_host(&a, to))
			return h;
	}
	return NULL;
}

static struct event *add_event(struct events *es, enum event_kind kind, int64_t at_ms,
                               unsigned slot)
{
	for (unsigned i = 0; i < EVENTS_MAX; i++) {
		if (es->e[i].kind == EVENT_NONE) {
			es->e[i] = (struct event){ .kind = kind, .at_ms = at_ms, .slot = slot };
			return &es->e[i];
		}
	}
	abort();
}

static void forget_slot(struct events *es, unsigned slot)
{
	for (unsigned i = 0; i < EVENTS_MAX; i++) {
		struct event *e = &es->e[i];
		if (e->kind == EVENT_NONE || e->kind == EVENT_FETCHED || e->slot != slot)
			continue;
		free(e->octets);
		e->octets = NULL;
		e->kind = EVENT_NONE;
	}
}

static size_t header_only(const struct packet *p, uint16_t rcode, uint8_t *out)
{
	struct writer wr = writer_of(out, REPLY_MAX);
	query_write(
	    &wr, p->id, (uint16_t)(FLAG_QR | (p->flags & FLAG_RD) | (rcode & 0xf)), &p->question,
	    &(struct edns){
		.present = rcode > 15, .udp_size = 1232, .extended_rcode = (uint8_t)(rcode >> 4) });
	return writer_length(&wr);
}

static size_t bad_cookie(const struct packet *p, uint8_t *out, uint16_t rcode)
{
	struct writer wr = writer_of(out, REPLY_MAX);
	struct edns e = { .present = true,
		          .udp_size = 1232,
		          .has_cookie = p->edns.has_cookie,
		          .cookie = p->edns.cookie,
		          .extended_rcode = (uint8_t)(rcode >> 4) };
	memset(e.cookie.server, 0x5a, 16);
	e.cookie.server_len = 16;
	query_write(&wr, p->id, (uint16_t)(FLAG_QR | (p->flags & FLAG_RD) | (rcode & 0xf)),
	            &p->question, &e);
	return writer_length(&wr);
}

static size_t say(struct world *w, const struct packet *p, const char *flags, const char *authority,
                  uint8_t *out)
{
	struct canned c = { .flags = flags, .authority = authority };
	return world_canned(w, &c, p, out);
}

static size_t say_normally(struct world *w, const struct packet *p, uint8_t *out)
{
	const struct canned *c = world_find(w, p);
	return c == NULL ? header_only(p, RCODE_REFUSED, out) : world_canned(w, c, p, out);
}

static size_t lower_question(size_t len, uint8_t *out)
{
	for (size_t i = HEADER_OCTETS; out[i] != 0; i++)
		out[i] |= out[i] >= 'A' && out[i] <= 'Z' ? 0x20 : 0;
	return len;
}

/* Adds the COOKIE option behind a normal reply without OPT. */
static size_t with_cookie(struct world *w, const struct packet *p, uint8_t *out)
{
	struct packet plain = *p;
	plain.edns.present = false;
	size_t len = say_normally(w, &plain, out);
	if (!p->edns.present)
		return len;
	struct edns e = { .present = true,
		          .udp_size = 1232,
		          .has_cookie = p->edns.has_cookie,
		          .cookie = p->edns.cookie };
	memset(e.cookie.server, 0x77, 16);
	e.cookie.server_len = 16;
	struct writer wr = writer_of(out + len, REPLY_MAX - len);
	edns_write(&wr, &e);
	out[11]++;
	return len + writer_length(&wr);
}

/* 0: says nothing. */
static size_t behave(struct world *w, enum manner manner, const struct packet *p, uint8_t *out)
{
	bool tcp = p->transport == TRANSPORT_TCP;
	size_t len;
	switch (manner) {
	case NORMAL:
		return say_normally(w, p, out);
	case REFUSES:
		return header_only(p, RCODE_REFUSED, out);
	case SERVFAILS:
		return header_only(p, RCODE_SERVFAIL, out);
	case FORMERRS:
		return header_only(p, RCODE_FORMERR, out);
	case NOTIMPS:
		return header_only(p, RCODE_NOTIMP, out);
	case HATES_EDNS:
		return p->edns.present ? header_only(p, RCODE_FORMERR, out)
		                       : say_normally(w, p, out);
	case TRUNCATES:
		return tcp ? say_normally(w, p, out) : say(w, p, "aa tc", NULL, out);
	case TRUNCATES_ALWAYS:
		return say(w, p, "aa tc", NULL, out);
	case BADCOOKIES:
		return bad_cookie(p, out, RCODE_BADCOOKIE);
	case BADVERSES:
		return header_only(p, RCODE_BADVERS, out);
	case EMPTY:
		return say(w, p, "", NULL, out);
	case LAME_UP:
		return say(w, p, "", ". 60 IN NS ns.up.", out);
	case LAME_SIDEWAYS:
		return say(w, p, "", "sideways. 60 IN NS ns.up.", out);
	case LAME_SELF:
		return say(w, p, "", "example. 60 IN NS ns.self.", out);
	case GARBLED:
		memset(out, 0xff, 40);
		return 40;
	case GARBLED_INSIDE:
		len = say_normally(w, p, out);
		out[7]++; /* one answer more than there is */
		return len;
	case WRONG_ID:
		len = say_normally(w, p, out);
		out[0] ^= tcp ? 0 : 1;
		return len;
	case LOWER_CASE:
	case LOWER_CASE_NO_TCP:
		return lower_question(say_normally(w, p, out), out);
	case COOKIES:
		return with_cookie(w, p, out);
	case RESETS_TCP:
		return say(w, p, "aa tc", NULL, out);
	case SILENT:
	case UNREACHABLE:
	case MANNERS:
		return 0;
	}
	return 0;
}

static void deliver(struct world *w, struct events *es, unsigned slot, const struct packet *p)
{
	static uint8_t out[REPLY_MAX];
	const struct host *h = find_host(w, &p->to);
	if (h == NULL)
		return;
	int64_t at = w->now.mono_ms + h->delay_ms;
	bool no_tcp = h->manner == RESETS_TCP || h->manner == LOWER_CASE_NO_TCP;
	if (h->manner == UNREACHABLE || (no_tcp && p->transport == TRANSPORT_TCP)) {
		add_event(es, EVENT_ERROR, at, slot)->error =
		    h->manner == UNREACHABLE ? EXCHANGE_UNREACHABLE : EXCHANGE_REFUSED;
		return;
	}
	size_t len = behave(w, h->manner, p, out);
	if (len == 0)
		return;
	struct event *e = add_event(es, EVENT_REPLY, at, slot);
	e->octets = malloc(len);
	memcpy(e->octets, out, len);
	e->len = len;
}

static void on_send(struct world *w, struct events *es, const struct iterate_want *want)
{
	struct query q;
	if (w->sent == LOG_MAX || query_parse(want->send.octets, want->send.len, &q) == QUERY_DROP)
		abort();
	CU_ASSERT_TRUE_FATAL(query_parse(want->send.octets, want->send.len, &q) == QUERY_OK);
	struct packet *p = &w->log[w->sent++];
	*p = (struct packet){ want->send.to,  want->send.transport,
		              q.question,     q.flags,
		              q.id,           q.edns,
		              w->now.mono_ms, want->send.timeout_ms };
	w->udp += p->transport == TRANSPORT_UDP;
	w->tcp += p->transport == TRANSPORT_TCP;
	forget_slot(es, want->slot);
	add_event(es, EVENT_TIMEOUT, w->now.mono_ms + want->send.timeout_ms, want->slot);
	if (w->spoof == NULL || !w->spoof(w, want->slot, p))
		deliver(w, es, want->slot, p);
}

static void on_fetched(struct world *w, const struct question *q)
{
	struct outcome o = { .kind = OUTCOME_NODATA };
	struct rrset *sets = NULL;
	unsigned count = 0;
	if (w->names != NULL) {
		struct zonetext z = zonetext_of(w->names, strlen(w->names));
		if (zonetext_all(&z, w->arena, &sets, &count) != ERR_OK)
			abort();
	}
	for (unsigned i = 0; i < count; i++) {
		if (sets[i].type == q->type && name_equal(&sets[i].owner, &q->name)) {
			o.kind = OUTCOME_ANSWER;
			o.set = &sets[i];
		}
	}
	iterate_on_fetched(w->it, w->now, q, &o);
}

static void perform(struct world *w, struct events *es, struct event e)
{
	if (e.at_ms > w->now.mono_ms)
		w->now.mono_ms = e.at_ms;
	switch (e.kind) {
	case EVENT_REPLY:
		if (iterate_on_reply(w->it, w->now, e.slot, e.octets, e.len))
			forget_slot(es, e.slot);
		else
			w->rejected++;
		free(e.octets);
		break;
	case EVENT_TIMEOUT:
		iterate_on_timeout(w->it, w->now, e.slot);
		break;
	case EVENT_ERROR:
		forget_slot(es, e.slot);
		iterate_on_error(w->it, w->now, e.slot, e.error);
		break;
	case EVENT_FETCHED:
		on_fetched(w, &e.question);
		break;
	case EVENT_NONE:
		break;
	}
}

static bool take_next(struct events *es, struct event *out)
{
	struct event *first = NULL;
	for (unsigned i = 0; i < EVENTS_MAX; i++)
		if (es->e[i].kind != EVENT_NONE && (first == NULL || es->e[i].at_ms < first->at_ms))
			first = &es->e[i];
	if (first == NULL)
		return false;
	*out = *first;
	first->kind = EVENT_NONE;
	first->octets = NULL;
	return true;
}

static void collect(struct world *w)
{
	struct lesson l;
	while (iterate_next_lesson(w->it, &l)) {
		CU_ASSERT_TRUE_FATAL(w->lessons < LESSONS_MAX);
		w->lesson[w->lessons++] = l;
	}
}

static void run(struct world *w, struct events *es)
{
	for (;;) {
		struct iterate_want want = iterate_next(w->it, w->now);
		struct event e;
		switch (want.kind) {
		case ITERATE_SEND:
			on_send(w, es, &want);
			break;
		case ITERATE_FETCH:
			w->fetched++;
			add_event(es, EVENT_FETCHED, w->now.mono_ms + 5, 0)->question = want.fetch;
			break;
		case ITERATE_CLOSE:
			forget_slot(es, want.slot);
			break;
		case ITERATE_WAIT:
			CU_ASSERT_TRUE_FATAL(take_next(es, &e));
			perform(w, es, e);
			break;
		case ITERATE_DONE:
			return;
		}
		collect(w);
	}
}

struct outcome *world_walk(struct world *w, const char *name, uint16_t type, struct cut *start)
{
	struct events es = { 0 };
	struct question q = { name_of(name), type, CLASS_IN };
	int64_t began = w->now.mono_ms;
	w->sent = w->udp = w->tcp = w->fetched = w->rejected = w->lessons = 0;
	budget_init(&w->budget, w->now.mono_ms);
	w->it = iterate_new(w->arena, &w->env, &q, start, &w->budget);
	CU_ASSERT_PTR_NOT_NULL_FATAL(w->it);
	run(w, &es);
	collect(w);
	w->took_ms = w->now.mono_ms - began;
	for (unsigned slot = 0; slot < LIMIT_EXCHANGES_OUT; slot++)
		forget_slot(&es, slot);
	iterate_end(w->it);
	return iterate_outcome(w->it);
}

unsigned world_asked(const struct world *w, const char *name, uint16_t type)
{
	unsigned n = 0;
	struct name wanted = name_of(name);
	for (unsigned i = 0; i < w->sent; i++)
		n += (type == 0 || w->log[i].question.type == type) &&
		     name_equal(&w->log[i].question.name, &wanted);
	return n;
}

unsigned world_sent_to(const struct world *w, const char *address)
{
	unsigned n = 0;
	struct address a = address_of(address);
	for (unsigned i = 0; i < w->sent; i++)
		n += address_same_host(&w->log[i].to, &a);
	return n;
}

const struct lesson *world_lesson(const struct world *w, const char *name, uint16_t type)
{
	struct name wanted = name_of(name);
	for (unsigned i = 0; i < w->lessons; i++)
		if (w->lesson[i].kind == LESSON_OUTCOME && w->lesson[i].question.type == type &&
		    name_equal(&w->lesson[i].question.name, &wanted))
			return &w->lesson[i];
	return NULL;
}

const struct cut *world_learned_cut(const struct world *w, const char *zone)
{
	struct name wanted = name_of(zone);
	for (unsigned i = 0; i < w->lessons; i++)
		if (w->lesson[i].kind == LESSON_CUT && name_equal(&w->lesson[i].cut->zone, &wanted))
			return w->lesson[i].cut;
	return NULL;
}

static bool outcome_mentions(const struct outcome *o, const struct name *owner)
{
	if (o->set != NULL && name_equal(&o->set->owner, owner))
		return true;
	if (o->soa != NULL && name_equal(&o->soa->owner, owner))
		return true;
	for (unsigned i = 0; i < o->proof_count; i++)
		if (name_equal(&o->proofs[i]->owner, owner))
			return true;
	return false;
}

bool world_mentions(const struct world *w, const char *owner)
{
	struct name n = name_of(owner);
	if (outcome_mentions(iterate_outcome(w->it), &n))
		return true;
	for (unsigned i = 0; i < w->lessons; i++) {
		const struct lesson *l = &w->lesson[i];
		if (l->kind == LESSON_OUTCOME
		        ? outcome_mentions(l->outcome, &n) || name_equal(&l->question.name, &n)
		        : name_equal(&l->cut->zone, &n))
			return true;
	}
	return false;
}
