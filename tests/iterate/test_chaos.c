#include "resolver/base/limits.h"
#include "tests/iterate/world.h"
#include "tests/unit.h"
#include <stdio.h>
#include <string.h>

/* Servers that say anything, made from a seed: whatever comes, the promises of the walk hold. */

enum { WORLDS = 2000, TEXT_MAX = 4000 };

static const char *const owners[] = { "evil.", "a.evil.", "b.a.evil.", "c.b.a.evil.", "x.evil.",
	                              ".",     "victim.", "a.victim.", "*.evil.",     "ns.evil." };
static const char *const datas[] = {
	"A 192.0.2.1",
	"A 192.0.2.2",
	"A 127.0.0.1",
	"AAAA 2001:db8::1",
	"NS ns.evil.",
	"NS a.evil.",
	"NS ns.victim.",
	"CNAME a.evil.",
	"CNAME x.evil.",
	"CNAME a.victim.",
	"DNAME x.evil.",
	"DNAME victim.",
	"MX 1 ns.evil.",
	"TXT \"hello\"",
	"NSEC z.evil. A",
	"SOA ns.evil. h.evil. 1 2 3 4 5",
	"DS 1 13 2 00000000000000000000000000000000000000000000000000000000000000ff",
};
static const char *const flags[] = { "aa",          "aa",       "aa",          "",
	                             "ra",          "aa ra",    "tc",          "aa tc",
	                             "aa nxdomain", "nxdomain", "aa yxdomain", "refused" };
static const uint16_t types[] = { TYPE_A,   TYPE_NS, TYPE_DS,   TYPE_CNAME,
	                          TYPE_ANY, TYPE_MX, TYPE_RRSIG };

#define ANY_OF(w, table) table[rng_below(&(w)->rng, sizeof(table) / sizeof(table[0]))]

static void any_records(struct world *w, char text[TEXT_MAX])
{
	size_t at = 0;
	text[0] = 0;
	for (uint32_t n = rng_below(&w->rng, 6); n > 0; n--) {
		const char *owner = ANY_OF(w, owners);
		const char *data = ANY_OF(w, datas);
		at += (size_t)snprintf(text + at, TEXT_MAX - at, "%s %u IN %s\n", owner,
		                       rng_below(&w->rng, 1000), data);
	}
}

static bool anything(struct world *w, unsigned slot, const struct packet *p)
{
	static uint8_t out[65535];
	char answer[TEXT_MAX], authority[TEXT_MAX], additional[TEXT_MAX];
	uint32_t mood = rng_below(&w->rng, 12);
	if (mood == 0)
		return true; /* silence */
	any_records(w, answer);
	any_records(w, authority);
	any_records(w, additional);
	struct canned c = { .flags = ANY_OF(w, flags),
		            .answer = answer,
		            .authority = authority,
		            .additional = additional };
	if (rng_below(&w->rng, 3) == 0)
		c.answer = NULL;
	size_t len = world_canned(w, &c, p, out);
	for (uint32_t n = mood == 1 ? 1 + rng_below(&w->rng, 8) : 0; n > 0; n--)
		out[rng_below(&w->rng, (uint32_t)len)] = (uint8_t)rng_u32(&w->rng);
	w->now.mono_ms += rng_below(&w->rng, 80);
	if (mood == 2)
		iterate_on_error(w->it, w->now, slot, (enum exchange_error)rng_below(&w->rng, 4));
	else
		(void)iterate_on_reply(w->it, w->now, slot, out,
		                       mood == 3 ? rng_below(&w->rng, (uint32_t)len) : len);
	return true;
}

static bool is_below_evil(const struct name *n)
{
	struct name evil = name_of("evil.");
	return name_is_within(n, &evil);
}

static void check_outcome(const struct outcome *o, const struct name *name)
{
	if (o->set != NULL) {
		CU_ASSERT_TRUE(is_below_evil(&o->set->owner));
		CU_ASSERT_TRUE(name_is_within(name, &o->set->owner));
		CU_ASSERT_TRUE(o->set->rank == RANK_ANSWER || o->set->rank == RANK_AUTHORITY);
	}
	if (o->soa != NULL)
		CU_ASSERT_TRUE(is_below_evil(&o->soa->owner) &&
		               name_is_within(name, &o->soa->owner));
	for (unsigned i = 0; i < o->proof_count; i++)
		CU_ASSERT_TRUE(is_below_evil(&o->proofs[i]->owner));
	CU_ASSERT_EQUAL(o->kind == OUTCOME_FAILURE, o->reason.text != NULL);
	CU_ASSERT_TRUE(is_below_evil(&o->zone));
}

static void check_lesson(const struct lesson *l)
{
	if (l->kind == LESSON_OUTCOME) {
		check_outcome(l->outcome, &l->question.name);
		CU_ASSERT_TRUE(is_below_evil(&l->question.name));
		return;
	}
	CU_ASSERT_TRUE(is_below_evil(&l->cut->zone));
	CU_ASSERT_TRUE(l->cut->server_count <= LIMIT_NS_KEPT);
	for (unsigned i = 0; i < l->cut->server_count; i++)
		if (l->cut->servers[i].address_count > 0)
			CU_ASSERT_TRUE(is_below_evil(&l->cut->servers[i].name));
}

static void live_through(uint64_t seed)
{
	struct world w;
	world_init(&w, seed);
	w.spoof = anything;
	w.names = "ns.victim. 60 IN A 192.0.2.9";
	w.policy.minimise = (enum minimise)rng_below(&w.rng, 3);
	for (unsigned i = 0; i < 3; i++) {
		uint16_t type = ANY_OF(&w, types);
		const char *name = rng_below(&w.rng, 2) == 0 ? "c.b.a.evil." : "a.evil.";
		struct name n = name_of(name);
		struct outcome *o = world_walk(
		    &w, name, type,
		    world_cut(&w, CUT_DELEGATION, "evil.",
		              "ns1.evil. 192.0.2.1 2001:db8::7; ns2.evil. 192.0.2.3; far."));
		CU_ASSERT_TRUE(w.udp + 2 * w.tcp <= LIMIT_SENDS);
		CU_ASSERT_TRUE(w.took_ms <= LIMIT_QUESTION_MS + 100);
		check_outcome(o, &n);
		for (unsigned k = 0; k < w.lessons; k++)
			check_lesson(&w.lesson[k]);
		struct address a;
		CU_ASSERT_EQUAL(address_parse("192.0.2.1@53", &a), ERR_OK);
		CU_ASSERT_EQUAL(servers_find(w.env.servers, w.now, &a, 0).out, 0);
		CU_ASSERT_EQUAL(world_sent_to(&w, "127.0.0.1"), 0);
	}
	world_clear(&w);
}

static void test_chaos_thousands_of_lying_worlds_end_within_the_budget_and_the_zone(void)
{
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		unsigned before = CU_get_number_of_failures();
		live_through(seed);
		if (CU_get_number_of_failures() != before) {
			printf("\nseed %llu\n", (unsigned long long)seed);
			return;
		}
	}
}

static const struct unit_test tests[] = {
	UNIT(test_chaos_thousands_of_lying_worlds_end_within_the_budget_and_the_zone),
};
const struct unit_suite suite_chaos = { "chaos", tests, sizeof(tests) / sizeof(tests[0]) };
