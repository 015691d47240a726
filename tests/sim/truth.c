#include "tests/sim/truth.h"

#include "tests/sign/chain.h"
#include "tests/sim/authority.h"
#include "resolver/wire/zonetext.h"
#include <assert.h>
#include <string.h>

enum { TRUTH_BYTES = 16 << 20 };

/* ---- answers ---- */

static bool has_set(const struct message *m, const struct rrset *set)
{
	for (unsigned i = 0; i < m->section[SECTION_ANSWER].count; i++) {
		const struct rrset *s = &m->section[SECTION_ANSWER].sets[i];
		if (s->type == set->type && name_equal(&s->owner, &set->owner) &&
		    rrset_same_data(s, set))
			return true;
	}
	return false;
}

static void check_answer(struct sim *s, size_t number, const struct message *m,
			 const struct response *truth)
{
	char question[NAME_TEXT_MAX + TYPE_TEXT_MAX];
	trace_asked(&truth->question, question, sizeof(question));
	if (m->rcode != truth->rcode)
		sim_wrong(s, "client %zu, %s: rcode %u, should be %u", number, question, m->rcode,
			  truth->rcode);
	if (m->section[SECTION_ANSWER].count != truth->section[SECTION_ANSWER].count)
		sim_wrong(s, "client %zu, %s: %u RRsets, should be %u", number, question,
			  m->section[SECTION_ANSWER].count, truth->section[SECTION_ANSWER].count);
	for (unsigned i = 0; i < truth->section[SECTION_ANSWER].count; i++)
		if (!has_set(m, truth->section[SECTION_ANSWER].sets[i]))
			sim_wrong(s, "client %zu, %s: an RRset is not as in the world", number,
				  question);
}

static void check_client(struct sim *s, size_t i, struct arena *a, bool or_servfail)
{
	const struct client *c = &s->clients[i];
	struct message m;
	struct response truth;
	if (c->dropped || c->kind != QUERY_OK)
		return;
	if (c->answers != 1 || message_parse(c->reply, c->reply_len, a, &m) != ERR_OK) {
		sim_wrong(s, "client %zu has no answer that can be read", i + 1);
		return;
	}
	response_init(&truth, a, &c->parsed);
	authority_resolve(&s->world, &c->parsed, &truth);
	if (m.rcode != RCODE_SERVFAIL || (!or_servfail && truth.rcode != RCODE_SERVFAIL))
		check_answer(s, i + 1, &m, &truth);
}

void truth_check_answers(struct sim *s, bool or_servfail)
{
	struct arena *a = arena_new(TRUTH_BYTES);
	assert(a != NULL);
	for (size_t i = s->client_mark; i < s->client_count; i++) {
		check_client(s, i, a, or_servfail);
		arena_reset(a);
	}
	arena_free(a);
}

/* ---- the cache ---- */

static void check_forged(struct sim *s, struct arena *a, const char *text)
{
	struct rrset set;
	struct cached c;
	struct zonetext t = zonetext_of(text, strlen(text));
	if (strchr(text, '%') != NULL || zonetext_next(&t, a, &set) != ERR_OK)
		return;
	struct question q = { set.owner, set.type, CLASS_IN };
	if (cache_find(s->resolver.cache, clock_now(&s->clock), &q, a, &c) != ERR_OK ||
	    c.outcome.kind == OUTCOME_FAILURE || c.outcome.set == NULL)
		return;
	for (unsigned i = 0; i < c.outcome.set->count; i++) {
		const struct rdata *r = &c.outcome.set->rdata[i];
		if (c.outcome.set->type == set.type && r->len == set.rdata[0].len &&
		    memcmp(r->octets, set.rdata[0].octets, r->len) == 0)
			sim_wrong(s, "a forged record is in the cache: %s", text);
	}
}

/* The zone above names this server, with this address if it is given. */
static bool is_delegated(struct sim *s, const struct name *zone, const struct name *server,
			 const struct address *a)
{
	const struct world_zone *z = world_find_zone(&s->world, zone);
	for (const struct zone_server *v = z == NULL ? NULL : z->servers; v != NULL; v = v->next) {
		if (!name_equal(&v->name, server))
			continue;
		if (a == NULL)
			return true;
		for (unsigned i = 0; i < v->count; i++)
			if (address_same_host(&v->addresses[i], a))
				return true;
	}
	return false;
}

static void check_cut(struct sim *s, struct arena *a, const struct name *zone)
{
	struct cut c;
	char text[NAME_TEXT_MAX];
	if (cache_find_cut(s->resolver.cache, clock_now(&s->clock), zone, false, a, &c) != ERR_OK)
		return;
	for (unsigned i = 0; i < c.server_count; i++) {
		const struct cut_server *v = &c.servers[i];
		bool good = is_delegated(s, &c.zone, &v->name, NULL);
		for (unsigned k = 0; good && k < v->address_count; k++)
			good = is_delegated(s, &c.zone, &v->name, &v->addresses[k]);
		if (good)
			continue;
		name_text(&c.zone, text);
		sim_wrong(s, "the cut of %s has a server that nobody delegated to", text);
	}
}

void truth_check_cache(struct sim *s)
{
	struct arena *a = arena_new(TRUTH_BYTES);
	assert(a != NULL);
	for (const struct forgery *f = s->world.forgeries; f != NULL; f = f->next)
		for (unsigned k = 0; k < SECTIONS; k++)
			for (const struct forged_line *l = f->lines[k]; l != NULL; l = l->next)
				check_forged(s, a, l->text);
	for (const struct world_zone *z = s->world.zones; z != NULL; z = z->next) {
		arena_reset(a);
		check_cut(s, a, &z->apex);
	}
	arena_free(a);
}
