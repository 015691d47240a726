/* What a world file expects of the last answer, of the packets since the last question, of the
 * cache. */
#include "tests/sim/play.h"

#include "resolver/wire/zonetext.h"
#include "tests/sim/truth.h"
#include "tests/sim/world_text.h"
#include <assert.h>
#include <string.h>

enum { EXPECT_BYTES = 8 << 20, RECORD_TEXT = 4096 };

/* The last reply, parsed. */
struct seen {
	struct sim *sim;
	struct script *script;
	struct arena *arena;
	const struct client *client;
	bool readable;
	struct message message;
};

/* ---- numbers ---- */

struct range {
	int64_t least, most;
};

static int64_t read_value(struct script *s, bool time)
{
	return time ? script_ms(s) : script_number(s);
}

/* <= N, >= N, = N, between N and N */
static struct range read_range(struct script *s, bool time)
{
	struct range r = { INT64_MIN, INT64_MAX };
	if (script_take(s, "<=")) {
		r.most = read_value(s, time);
	} else if (script_take(s, ">=")) {
		r.least = read_value(s, time);
	} else if (script_take(s, "=")) {
		r.least = r.most = read_value(s, time);
	} else if (script_take(s, "between")) {
		r.least = read_value(s, time);
		if (!script_take(s, "and"))
			script_fail(s, "\"and\" is missing");
		r.most = read_value(s, time);
	} else {
		script_fail(s, "<=, >=, = or between is missing");
	}
	return r;
}

static void check(struct sim *s, const char *what, int64_t is, struct range r)
{
	if (is < r.least || is > r.most)
		sim_wrong(s, "%s: %lld", what, (long long)is);
}

/* ---- records ---- */

/* What a file says of a record: as much as it says must fit. */
struct sought {
	struct name owner;
	uint16_t type; /* 0: any */
	bool has_data;
	struct rrset set; /* of one record */
};

static bool read_data(struct seen *e, struct sought *k, const char *data)
{
	char text[RECORD_TEXT], owner[NAME_TEXT_MAX], type[TYPE_TEXT_MAX];
	name_text(&k->owner, owner);
	type_text(k->type, type);
	snprintf(text, sizeof(text), "%s 1 IN %s %s", owner, type, data);
	struct zonetext t = zonetext_of(text, strlen(text));
	return zonetext_next(&t, e->arena, &k->set) == ERR_OK;
}

/* NAME [TYPE [RDATA...]] */
static struct sought read_sought(struct seen *e)
{
	struct sought k = { .owner = script_name(e->script, NULL) };
	if (script_peek(e->script) == NULL)
		return k;
	k.type = script_type(e->script);
	const char *data = script_rest(e->script);
	k.has_data = *data != '\0';
	if (k.has_data && !e->script->failed && !read_data(e, &k, data))
		script_fail(e->script, "\"%s\" cannot be read as a record", data);
	return k;
}

static bool set_has(const struct rrset *s, const struct sought *k)
{
	if (!name_equal(&s->owner, &k->owner) || (k->type != 0 && s->type != k->type))
		return false;
	for (unsigned i = 0; k->has_data && i < s->count; i++)
		if (s->rdata[i].len == k->set.rdata[0].len &&
		    memcmp(s->rdata[i].octets, k->set.rdata[0].octets, s->rdata[i].len) == 0)
			return true;
	return !k->has_data;
}

static bool section_has(const struct seen *e, enum section s, const struct sought *k)
{
	for (unsigned i = 0; i < e->message.section[s].count; i++)
		if (set_has(&e->message.section[s].sets[i], k))
			return true;
	return false;
}

static unsigned section_records(const struct seen *e, enum section s)
{
	unsigned n = 0;
	for (unsigned i = 0; i < e->message.section[s].count; i++)
		n += e->message.section[s].sets[i].count;
	return n;
}

static void expect_section(struct seen *e, enum section s, bool wanted)
{
	if (script_take(e->script, "empty")) {
		if (section_records(e, s) > 0)
			sim_wrong(e->sim, "the section has %u records", section_records(e, s));
		return;
	}
	if (script_take(e->script, "records")) {
		check(e->sim, "records", section_records(e, s), read_range(e->script, false));
		return;
	}
	struct sought k = read_sought(e);
	if (!e->script->failed && section_has(e, s, &k) != wanted)
		sim_wrong(e->sim, wanted ? "the section has no such record"
					 : "the section has such a record");
}

/* [NAME TYPE] RANGE: of all records, or of one set. */
static void expect_ttl(struct seen *e)
{
	struct sought k = { 0 };
	const char *word = script_peek(e->script);
	bool all = word == NULL || strchr("<>=b", word[0]) != NULL;
	bool found = false;
	if (!all) {
		k.owner = script_name(e->script, NULL);
		k.type = script_type(e->script);
	}
	struct range r = read_range(e->script, false);
	for (unsigned s = 0; s < SECTIONS; s++) {
		for (unsigned i = 0; i < e->message.section[s].count; i++) {
			const struct rrset *set = &e->message.section[s].sets[i];
			if (!all && !set_has(set, &k))
				continue;
			check(e->sim, "ttl", set->ttl, r);
			found = true;
		}
	}
	if (!found)
		sim_wrong(e->sim, "there is no such record");
}

/* ---- the header and EDE ---- */

static void expect_rcode(struct seen *e, uint16_t rcode)
{
	if (e->message.rcode != rcode)
		sim_wrong(e->sim, "the rcode is %u", e->message.rcode);
}

static void expect_flags(struct seen *e, bool wanted)
{
	while (script_peek(e->script) != NULL && !e->script->failed) {
		const char *word = script_peek(e->script);
		if (((e->message.flags & world_text_flag(e->script)) != 0) != wanted)
			sim_wrong(e->sim, "flag %s is %s", word, wanted ? "not set" : "set");
	}
}

static void expect_ede(struct seen *e)
{
	long code = script_number(e->script);
	for (unsigned i = 0; i < e->message.edns.error_count; i++)
		if (e->message.edns.errors[i].ede == code)
			return;
	sim_wrong(e->sim, "there is no such EDE");
}

/* A site code in EXTRA-TEXT. */
static void expect_code(struct seen *e)
{
	const char *code = script_word(e->script, "a site code");
	size_t len = strlen(code);
	for (size_t i = 0; i + len <= e->client->reply_len; i++)
		if (memcmp(e->client->reply + i, code, len) == 0)
			return;
	sim_wrong(e->sim, "there is no such code");
}

/* ---- packets ---- */

struct filter {
	bool any_address, any_transport, any_question;
	struct address to;
	uint8_t family; /* 0: both */
	enum transport transport;
	int edns, cookie; /* 1: with, -1: without, 0: either */
	bool any_name, below;
	struct name name;
	uint16_t type; /* 0: any */
};

static bool passes(const struct filter *f, const struct sent *p)
{
	if (!f->any_address && !address_same_host(&f->to, &p->to))
		return false;
	if (f->family != 0 && p->to.family != f->family)
		return false;
	if (!f->any_transport && p->transport != f->transport)
		return false;
	if ((f->edns != 0 && (f->edns > 0) != p->edns.present) ||
	    (f->cookie != 0 && (f->cookie > 0) != p->edns.has_cookie))
		return false;
	if (f->any_question)
		return true;
	if (f->type != 0 && f->type != p->question.type)
		return false;
	const struct name *n = &p->question.name;
	return f->any_name || (f->below ? name_is_below(n, &f->name) : name_equal(n, &f->name));
}

static int64_t count_packets(const struct sim *s, const struct filter *f)
{
	int64_t n = 0;
	for (size_t i = s->log_mark; i < s->log_count; i++)
		n += passes(f, &s->log[i]);
	return n;
}

static void read_over(struct script *s, struct filter *f)
{
	if (script_take(s, "ipv4"))
		f->family = FAMILY_IPV4;
	else if (script_take(s, "ipv6"))
		f->family = FAMILY_IPV6;
	else {
		f->any_transport = false;
		f->transport = script_take(s, "tcp") ? TRANSPORT_TCP : TRANSPORT_UDP;
		if (f->transport == TRANSPORT_UDP && !script_take(s, "udp"))
			script_fail(s, "over is udp, tcp, ipv4 or ipv6");
	}
}

static void read_question(struct script *s, struct filter *f)
{
	const char *next = NULL;
	f->any_question = false;
	f->any_name = script_take(s, "*");
	f->below = script_peek(s) != NULL && strncmp(script_peek(s), "*.", 2) == 0;
	if (!f->any_name)
		f->name = script_name(s, NULL);
	if (f->below)
		f->name = name_parent(&f->name);
	next = script_peek(s);
	if (next != NULL && type_parse(next, &f->type) == ERR_OK)
		s->at++;
}

static void read_with(struct script *s, struct filter *f, int yes)
{
	if (script_take(s, "edns"))
		f->edns = yes;
	else if (script_take(s, "cookie"))
		f->cookie = yes;
	else
		script_fail(s, "with and without are of edns or cookie");
}

/* packets [to ADDRESS] [over ...] [with edns|cookie] [for NAME [TYPE]] RANGE */
static void expect_packets(struct seen *e)
{
	struct filter f = { .any_address = true, .any_transport = true, .any_question = true };
	struct script *s = e->script;
	for (;;) {
		if (script_take(s, "to")) {
			f.to = script_address(s);
			f.any_address = false;
		} else if (script_take(s, "over")) {
			read_over(s, &f);
		} else if (script_take(s, "with")) {
			read_with(s, &f, 1);
		} else if (script_take(s, "without")) {
			read_with(s, &f, -1);
		} else if (script_take(s, "for")) {
			read_question(s, &f);
		} else {
			break;
		}
	}
	check(e->sim, "packets", count_packets(e->sim, &f), read_range(s, false));
}

/* asked ADDRESS|anyone NAME|* [TYPE] */
static void expect_asked(struct seen *e, bool wanted)
{
	struct filter f = { .any_transport = true };
	f.any_address = script_take(e->script, "anyone");
	if (!f.any_address)
		f.to = script_address(e->script);
	read_question(e->script, &f);
	int64_t n = count_packets(e->sim, &f);
	if (!e->script->failed && (n > 0) != wanted)
		sim_wrong(e->sim, "it was asked %lld times", (long long)n);
}

/* The EDNS size of every packet that had one. */
static void expect_advertised(struct seen *e)
{
	struct range r = read_range(e->script, false);
	for (size_t i = e->sim->log_mark; i < e->sim->log_count; i++)
		if (e->sim->log[i].edns.present)
			check(e->sim, "octets", e->sim->log[i].edns.udp_size, r);
}

/* ---- the cache ---- */

static void expect_cached(struct seen *e, bool wanted)
{
	struct cached c;
	struct sought k = read_sought(e);
	struct question q = { k.owner, k.type, CLASS_IN };
	if (e->script->failed)
		return;
	enum err err =
	    cache_find(e->sim->resolver.cache, clock_now(&e->sim->clock), &q, e->arena, &c);
	bool found = err == ERR_OK && !c.stale && c.outcome.kind != OUTCOME_FAILURE;
	if (found && k.has_data)
		found = c.outcome.kind == OUTCOME_ANSWER && set_has(c.outcome.set, &k);
	if (found != wanted)
		sim_wrong(e->sim, wanted ? "it is not in the cache" : "it is in the cache");
}

static bool cut_has(const struct cut *c, const struct address *a)
{
	for (unsigned i = 0; i < c->server_count; i++)
		for (unsigned k = 0; k < c->servers[i].address_count; k++)
			if (address_same_host(&c->servers[i].addresses[k], a))
				return true;
	return false;
}

/* cut ZONE [at ADDRESS] [ttl RANGE] */
static void expect_cut(struct seen *e, bool wanted)
{
	struct cut c;
	struct script *s = e->script;
	struct name zone = script_name(s, NULL);
	bool found = cache_find_cut(e->sim->resolver.cache, clock_now(&e->sim->clock), &zone, false,
				    e->arena, &c) == ERR_OK &&
		     name_equal(&c.zone, &zone);
	if (script_take(s, "at")) {
		struct address a = script_address(s);
		found = found && cut_has(&c, &a);
	}
	if (found && script_take(s, "ttl"))
		check(e->sim, "ttl of the cut", c.ttl, read_range(s, false));
	if (found != wanted)
		sim_wrong(e->sim, wanted ? "there is no such cut" : "there is such a cut");
	(void)script_rest(s);
}

/* ---- counts ---- */

static int64_t count_of(const struct tasks_counts *c, struct script *s)
{
	const struct {
		const char *word;
		uint64_t value;
	} counts[] = {
		{ "asked", c->asked },
		{ "at-once", c->answered_at_once },
		{ "joined", c->joined },
		{ "started", c->started },
		{ "children", c->children },
		{ "sends", c->sends },
		{ "timeouts", c->timeouts },
		{ "near-misses", c->near_misses },
		{ "servfail", c->servfail },
		{ "stale", c->stale },
		{ "prefetched", c->prefetched },
		{ "dropped-full", c->dropped_full },
		{ "dropped-waiters", c->dropped_waiters },
		{ "budget-out", c->budget_out },
		{ "local", c->local },
		{ "secure", c->secure },
		{ "bogus", c->bogus },
		{ "synthesised", c->synthesised },
		{ "verifies", c->verifies },
		{ "in-flight", c->in_flight },
	};
	const char *word = script_word(s, "a count");
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (strcmp(counts[i].word, word) == 0)
			return (int64_t)counts[i].value;
	script_fail(s, "nothing called \"%s\" is counted", word);
	return 0;
}

/* Clients since the mark that were answered, with this rcode if one is given. */
static int64_t count_answered(struct sim *s, bool dropped, int rcode)
{
	int64_t n = 0;
	for (size_t i = s->client_mark; i < s->client_count; i++) {
		const struct client *c = &s->clients[i];
		if (dropped)
			n += c->dropped;
		else if (c->answers == 1 && c->reply_len > 3)
			n += rcode < 0 || (c->reply[3] & 0xf) == rcode;
	}
	return n;
}

static void expect_all(struct seen *e)
{
	uint16_t rcode = world_text_rcode(e->script);
	int64_t all = (int64_t)(e->sim->client_count - e->sim->client_mark);
	check(e->sim, "answered so", count_answered(e->sim, false, rcode),
	      (struct range){ all, all });
}

/* ---- one line ---- */

/* What can be said without a reply. */
static bool expect_of_world(struct seen *e, bool no)
{
	struct script *s = e->script;
	struct tasks_counts counts = tasks_count(e->sim->resolver.tasks);
	if (script_take(s, "packets"))
		expect_packets(e);
	else if (script_take(s, "asked"))
		expect_asked(e, !no);
	else if (script_take(s, "advertised"))
		expect_advertised(e);
	else if (script_take(s, "cached"))
		expect_cached(e, !no);
	else if (script_take(s, "cut"))
		expect_cut(e, !no);
	else if (script_take(s, "truth"))
		truth_check_answers(e->sim, script_take(s, "or") && script_take(s, "SERVFAIL"));
	else if (script_take(s, "forged"))
		truth_check_cache(e->sim);
	else if (script_take(s, "all"))
		expect_all(e);
	else if (script_take(s, "answered"))
		check(e->sim, "answered", count_answered(e->sim, false, -1), read_range(s, false));
	else if (script_take(s, "dropped"))
		check(e->sim, "dropped", count_answered(e->sim, true, -1), read_range(s, false));
	else if (script_take(s, "count")) {
		int64_t n = count_of(&counts, s);
		check(e->sim, "count", n, read_range(s, false));
	} else {
		return false;
	}
	return true;
}

/* Copies a reply; id and TTLs become zero. */
static uint8_t *without_chance(const struct client *c, struct arena *a)
{
	uint8_t *octets = arena_alloc(a, c->reply_len + 1);
	assert(octets != NULL);
	memcpy(octets, c->reply, c->reply_len);
	struct reader r = reader_of(c->reply, c->reply_len);
	(void)read_octets(&r, 4);
	unsigned questions = read_u16(&r), records = 0;
	for (unsigned i = 0; i < 3; i++)
		records += read_u16(&r);
	for (unsigned i = 0; i < questions; i++) {
		(void)read_name(&r);
		(void)read_octets(&r, 4);
	}
	for (unsigned i = 0; i < records && r.err == ERR_OK; i++) {
		(void)read_name(&r);
		uint16_t type = read_u16(&r);
		(void)read_u16(&r);
		if (type != TYPE_OPT)
			memset(octets + reader_offset(&r), 0, 4);
		(void)read_u32(&r);
		size_t rdata = read_u16(&r);
		(void)read_octets(&r, rdata);
	}
	octets[0] = octets[1] = 0;
	return octets;
}

/* Octet for octet, but for id and TTLs. */
static bool same_but_for_chance(const struct client *a, const struct client *b, struct arena *arena)
{
	return a->reply != NULL && b->reply != NULL && a->reply_len == b->reply_len &&
	       memcmp(without_chance(a, arena), without_chance(b, arena), a->reply_len) == 0;
}

/* All records show one TTL. */
static void expect_even(struct seen *e)
{
	const struct rrset *first = NULL;
	for (unsigned s = 0; s < SECTIONS; s++) {
		for (unsigned i = 0; i < e->message.section[s].count; i++) {
			const struct rrset *set = &e->message.section[s].sets[i];
			first = first == NULL ? set : first;
			if (set->ttl != first->ttl)
				sim_wrong(e->sim, "TTLs %u and %u", first->ttl, set->ttl);
		}
	}
}

static void expect_of_reply(struct seen *e, bool no)
{
	struct script *s = e->script;
	enum section section;
	if (world_text_section(s, &section))
		expect_section(e, section, !no);
	else if (script_take(s, "ttl"))
		expect_ttl(e);
	else if (script_take(s, "flags"))
		expect_flags(e, !no);
	else if (no && script_take(s, "ede")) {
		if (e->message.edns.error_count > 0)
			sim_wrong(e->sim, "there is EDE %u", e->message.edns.errors[0].ede);
	} else if (no && script_take(s, "edns")) {
		if (e->message.edns.present)
			sim_wrong(e->sim, "there is an OPT");
	} else if (script_take(s, "took")) {
		check(e->sim, "ms", e->client->answered_ms - e->client->asked_ms,
		      read_range(s, true));
	} else if (script_take(s, "same")) {
		if (e->sim->asked_last < 2 ||
		    !same_but_for_chance(e->client - 1, e->client, e->arena))
			sim_wrong(e->sim, "it is not the same as the reply before");
	} else if (script_take(s, "even")) {
		expect_even(e);
	} else if (script_take(s, "size")) {
		check(e->sim, "octets", (int64_t)e->client->reply_len, read_range(s, false));
	} else if (strcmp(script_peek(s) == NULL ? "" : script_peek(s), "ede") != 0 &&
		   strcmp(script_peek(s) == NULL ? "" : script_peek(s), "code") != 0) {
		expect_rcode(e, world_text_rcode(s));
	}
	while (script_take(s, "ede"))
		expect_ede(e);
	while (script_take(s, "code"))
		expect_code(e);
}

void expect_read(struct sim *s, struct script *script)
{
	struct seen e = { .sim = s, .script = script, .arena = arena_new(EXPECT_BYTES) };
	assert(e.arena != NULL);
	bool no = script_take(script, "no") || script_take(script, "not");
	if (!expect_of_world(&e, no)) {
		if (s->asked_last > 0)
			e.client = &s->clients[s->asked_last - 1];
		e.readable = e.client != NULL && e.client->reply != NULL &&
			     message_parse(e.client->reply, e.client->reply_len, e.arena,
					   &e.message) == ERR_OK;
		if (e.readable)
			expect_of_reply(&e, no);
		else
			sim_wrong(s, "there is no reply that can be read");
	}
	if (!script->failed && s->wrong[0] == '\0')
		script_end(script);
	arena_free(e.arena);
}
