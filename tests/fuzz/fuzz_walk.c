#include "tests/fuzz/fuzz.h"

#include "resolver/base/limits.h"
#include "resolver/iterate/iterate.h"
#include "resolver/wire/query.h"

#include <string.h>

/*
 * An input is how to ask (one octet) and replies, each behind its length (two octets): they get
 * the id, and when their first question octet is 0xff the question, that was sent.
 */

enum { TURNS = 200, REPLY = 4096 };

static const struct iterate_policy policies[2] = {
	{ .minimise = MINIMISE_RELAXED,
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
	  .timeout_tcp_ms = LIMIT_TIMEOUT_TCP_MS },
	{ .minimise = MINIMISE_OFF,
	  .ipv4 = true,
	  .ipv6 = true,
	  .port = 53,
	  .udp_size = 1232,
	  .timeout_first_ms = LIMIT_TIMEOUT_FIRST_MS,
	  .timeout_min_ms = LIMIT_TIMEOUT_MIN_MS,
	  .timeout_max_ms = LIMIT_TIMEOUT_MAX_MS,
	  .timeout_tcp_ms = LIMIT_TIMEOUT_TCP_MS },
};
static const uint16_t types[8] = { TYPE_A,   TYPE_NS,     TYPE_DS,  TYPE_CNAME,
	                           TYPE_ANY, TYPE_DNSKEY, TYPE_TXT, TYPE_SOA };

struct run {
	struct reader input;
	struct budget budget;
	struct now now;
	struct iterate *it;
	struct name zone;
};

/* The next reply of the input as an answer to the packet sent; 0: no more. */
static size_t next_reply(struct run *r, const struct iterate_want *w, uint8_t out[REPLY])
{
	uint16_t len = read_u16(&r->input);
	size_t left = reader_left(&r->input);
	struct query sent;
	if (r->input.err != ERR_OK || left == 0 || len > REPLY - NAME_OCTETS)
		return 0;
	len = len < left ? len : (uint16_t)left;
	memcpy(out, read_octets(&r->input, len), len);
	FUZZ_CHECK(query_parse(w->send.octets, w->send.len, &sent) == QUERY_OK);
	if (len < HEADER_OCTETS + 1)
		return len;
	memcpy(out, w->send.octets, 2);
	if (out[HEADER_OCTETS] != 0xff)
		return len;
	size_t question = (size_t)sent.question.name.len + 4;
	memmove(out + HEADER_OCTETS + question, out + HEADER_OCTETS + 1, len - HEADER_OCTETS - 1);
	memcpy(out + HEADER_OCTETS, w->send.octets + HEADER_OCTETS, question);
	return len - 1 + question;
}

static void check_owner(const struct run *r, const struct rrset *s)
{
	FUZZ_CHECK(s == NULL || name_is_within(&s->owner, &r->zone));
}

static void check_outcome(const struct run *r, const struct outcome *o)
{
	check_owner(r, o->set);
	check_owner(r, o->soa);
	for (unsigned i = 0; i < o->proof_count; i++)
		check_owner(r, o->proofs[i]);
	FUZZ_CHECK((o->kind == OUTCOME_FAILURE) == (o->reason.text != NULL));
}

static void take_lessons(const struct run *r)
{
	struct lesson l;
	while (iterate_next_lesson(r->it, &l)) {
		if (l.kind == LESSON_OUTCOME)
			check_outcome(r, l.outcome);
		else
			FUZZ_CHECK(name_is_within(&l.cut->zone, &r->zone));
	}
}

static void on_send(struct run *r, const struct iterate_want *w)
{
	static uint8_t octets[REPLY];
	size_t len = next_reply(r, w, octets);
	if (len == 0)
		iterate_on_timeout(r->it, r->now, w->slot);
	else
		(void)iterate_on_reply(r->it, r->now, w->slot, octets, len);
}

/* False: the walk is over. */
static bool turn(struct run *r)
{
	struct iterate_want w = iterate_next(r->it, r->now);
	struct outcome none = { .kind = OUTCOME_NODATA };
	r->now.mono_ms += 7;
	switch (w.kind) {
	case ITERATE_SEND:
		on_send(r, &w);
		break;
	case ITERATE_FETCH:
		iterate_on_fetched(r->it, r->now, &w.fetch, &none);
		break;
	case ITERATE_CLOSE:
		break;
	case ITERATE_WAIT:
		r->now.mono_ms += 500;
		for (unsigned slot = 0; slot < LIMIT_EXCHANGES_OUT; slot++)
			iterate_on_timeout(r->it, r->now, slot);
		break;
	case ITERATE_DONE:
		check_outcome(r, iterate_outcome(r->it));
		return false;
	}
	take_lessons(r);
	return true;
}

static void walk(struct run *r, struct arena *a, struct iterate_env *env)
{
	struct address at[2] = { { .family = FAMILY_IPV4, .octets = { 192, 0, 2, 1 } },
		                 { .family = FAMILY_IPV6, .octets = { 0x20, 1, 0xd, 0xb8 } } };
	struct cut_server s = { .name = name_of("ns.example."),
		                .address_count = 2,
		                .addresses = at };
	struct cut cut = {
		.kind = CUT_DELEGATION, .zone = r->zone, .server_count = 1, .servers = &s
	};
	uint8_t how = read_u8(&r->input);
	struct question q = { name_of("c.b.a.example."), types[how & 7], CLASS_IN };
	env->policy = &policies[how >> 3 & 1];
	cut.kind = (how & 0x10) != 0 ? CUT_FORWARD : CUT_DELEGATION;
	budget_init(&r->budget, r->now.mono_ms);
	r->it = iterate_new(a, env, &q, &cut, &r->budget);
	if (r->it == NULL)
		return;
	unsigned turns = 0;
	while (turns < TURNS && turn(r))
		turns++;
	FUZZ_CHECK(turns < TURNS);
	iterate_end(r->it);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct rng rng;
	struct siphash_key key = { 1, 2 };
	struct iterate_env env = { .servers = servers_new(8, &key),
		                   .rng = &rng,
		                   .cookie_key = key };
	struct arena *a = arena_new(LIMIT_TASK_BYTES);
	struct run r = { .input = reader_of(octets, len),
		         .now = { 1000, 1800000000 },
		         .zone = name_of("example.") };
	rng_init_number(&rng, 1);
	if (a != NULL && env.servers != NULL && len > 0)
		walk(&r, a, &env);
	servers_free(env.servers);
	arena_free(a);
	return 0;
}
