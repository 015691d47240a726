#include "tests/cache/sample.h"

#include "resolver/wire/zonetext.h"
#include "tests/unit.h"
#include <string.h>

void sample_open_with(struct sample *s, const struct cache_policy *policy, size_t octets)
{
	*s = (struct sample){ .policy = *policy, .key = { 1, 2 }, .now = { 1000000, 1790000000 } };
	s->arena = arena_new(8 << 20);
	s->cache = cache_new(policy, octets, NULL, &s->key);
	CU_ASSERT_FATAL(s->arena != NULL && s->cache != NULL);
}

void sample_open(struct sample *s)
{
	struct cache_policy p = cache_policy_default();
	p.ttl.mode = TTL_OFF;
	sample_open_with(s, &p, 8 << 20);
}

void sample_close(struct sample *s)
{
	cache_free(s->cache);
	arena_free(s->arena);
}

void sample_pass(struct sample *s, uint32_t seconds)
{
	s->now.mono_ms += (int64_t)seconds * 1000;
	s->now.wall_s += seconds;
}

struct question sample_question(const char *name, uint16_t type)
{
	return (struct question){ .name = name_of(name), .type = type, .class = CLASS_IN };
}

struct rrset *sample_set(struct sample *s, const char *text, uint8_t rank, enum security security)
{
	struct zonetext z = zonetext_of(text, strlen(text));
	struct rrset *sets;
	unsigned count;
	enum err e = zonetext_all(&z, s->arena, &sets, &count);
	CU_ASSERT_FATAL(e == ERR_OK && count >= 1);
	sets[0].rank = rank;
	sets[0].security = (uint8_t)security;
	return &sets[0];
}

struct outcome sample_answer(struct sample *s, const char *text, enum security security)
{
	struct rrset *set = sample_set(s, text, RANK_ANSWER, security);
	return (struct outcome){ .kind = OUTCOME_ANSWER, .security = security, .reason = NO_REASON,
		                 .zone = name_root(), .set = set, .ttl = set->ttl };
}

struct outcome sample_negative(struct sample *s, enum outcome_kind kind, const char *soa,
                               enum security security)
{
	struct rrset *set = sample_set(s, soa, RANK_AUTHORITY, security);
	return (struct outcome){ .kind = kind, .security = security, .reason = NO_REASON,
		                 .zone = set->owner, .soa = set, .ttl = set->ttl };
}

struct outcome sample_failure(const char *zone, const char *text, uint32_t ttl)
{
	return (struct outcome){ .kind = OUTCOME_FAILURE, .zone = name_of(zone), .ttl = ttl,
		                 .reason = { EDE_NO_REACHABLE_AUTHORITY, text } };
}

void sample_put(struct sample *s, const char *name, uint16_t type, const struct outcome *o)
{
	struct question q = sample_question(name, type);
	cache_put(s->cache, s->now, &q, o, 20);
}

enum err sample_find(struct sample *s, const char *name, uint16_t type, struct cached *out)
{
	struct question q = sample_question(name, type);
	return cache_find(s->cache, s->now, &q, s->arena, out);
}

int sample_kind(struct sample *s, const char *name, uint16_t type)
{
	struct cached found;
	if (sample_find(s, name, type, &found) != ERR_OK)
		return SAMPLE_MISS;
	return (int)found.outcome.kind + (found.stale ? SAMPLE_STALE : 0);
}

struct cut sample_cut(struct sample *s, const char *zone, const char *address, uint32_t ttl)
{
	struct cut cut = { .kind = CUT_DELEGATION, .zone = name_of(zone), .ttl = ttl,
		           .server_count = 1 };
	cut.servers = arena_array(s->arena, 1, sizeof(*cut.servers));
	CU_ASSERT_FATAL(cut.servers != NULL);
	CU_ASSERT_EQUAL_FATAL(name_prepend((const uint8_t *)"ns", 2, &cut.zone, &cut.servers->name),
	                      ERR_OK);
	cut.servers->addresses = arena_array(s->arena, 1, sizeof(struct address));
	CU_ASSERT_FATAL(cut.servers->addresses != NULL);
	cut.servers->address_count = 1;
	CU_ASSERT_EQUAL_FATAL(address_parse(address, cut.servers->addresses), ERR_OK);
	return cut;
}
