#include "resolver/iterate/minimise.h"
#include "tests/iterate/world.h"
#include "tests/unit.h"
#include <string.h>

static void test_minimise_spreads_18_labels_over_ten_questions(void)
{
	static const unsigned expect[] = { 1, 2, 3, 4, 6, 8, 10, 12, 15, 18 };
	struct name n = name_of("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.");
	unsigned known = 0;
	for (unsigned step = 0; step < 10; step++) {
		known = minimise_labels(&n, known, step);
		CU_ASSERT_EQUAL(known, expect[step]);
	}
}

static void test_minimise_labels_table(void)
{
	static const struct {
		const char *name;
		unsigned known, steps, ask;
	} cases[] = {
		{ ".", 0, 0, 0 },
		{ "com.", 0, 0, 1 },
		{ "www.example.com.", 0, 0, 1 },
		{ "www.example.com.", 1, 1, 2 },
		{ "www.example.com.", 2, 2, 3 },
		{ "www.example.com.", 3, 2, 3 },
		{ "www.example.com.", 0, 10, 3 },
		{ "_443._tcp.www.example.com.", 2, 0, 3 },
		{ "_443._tcp.www.example.com.", 3, 1, 5 },
		{ "a.b.c.d.e.f.example.com.", 2, 9, 8 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct name n = name_of(cases[i].name);
		CU_ASSERT_EQUAL(minimise_labels(&n, cases[i].known, cases[i].steps), cases[i].ask);
	}
}

static const struct host hosts[] = {
	{ "192.0.2.1", NORMAL, 10 },
	{ "192.0.2.2", NORMAL, 10 },
	{ "192.0.2.3", NORMAL, 10 },
	{ NULL, NORMAL, 0 },
};

#define TO_COM                                                                                     \
	.authority = "com. 172800 IN NS ns.com.", .additional = "ns.com. 172800 IN A 192.0.2.2"
#define TO_EXAMPLE                                                                                 \
	.authority = "example.com. 3600 IN NS ns.example.com.",                                    \
	.additional = "ns.example.com. 3600 IN A 192.0.2.3"
#define SOA "example.com. 900 IN SOA ns.example.com. h.example.com. 1 2 3 4 300"

static struct outcome *walk(struct world *w, enum minimise m, const struct canned *canned,
                            size_t count, const char *name, uint16_t type)
{
	w->policy.minimise = m;
	w->hosts = hosts;
	w->canned = canned;
	w->canned_count = count;
	return world_walk(w, name, type, world_cut(w, CUT_HINTS, ".", "ns.root. 192.0.2.1"));
}

static const struct canned tree[] = {
	{ .at = "192.0.2.1", TO_COM },
	{ .at = "192.0.2.2", TO_EXAMPLE },
	{ .name = "a.b.www.example.com.",
	  .flags = "aa",
	  .answer = "a.b.www.example.com. 60 IN AAAA 2001:db8::9" },
	{ .flags = "aa", .authority = SOA },
};

static void test_minimise_servers_see_one_label_more_than_their_zone(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = walk(&w, MINIMISE_RELAXED, tree, 4, "a.b.www.example.com.", TYPE_AAAA);
	static const struct {
		const char *name;
		uint16_t type;
	} expect[] = {
		{ "com.", TYPE_A },
		{ "example.com.", TYPE_A },
		{ "www.example.com.", TYPE_A },
		{ "b.www.example.com.", TYPE_A },
		{ "a.b.www.example.com.", TYPE_AAAA },
	};
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL_FATAL(w.sent, 5);
	for (unsigned i = 0; i < 5; i++) {
		struct name n = name_of(expect[i].name);
		CU_ASSERT_TRUE(name_equal(&w.log[i].question.name, &n));
		CU_ASSERT_EQUAL(w.log[i].question.type, expect[i].type);
	}
	world_clear(&w);
}

static void test_minimise_off_shows_everything_to_everybody(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = walk(&w, MINIMISE_OFF, tree, 4, "a.b.www.example.com.", TYPE_AAAA);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.sent, 3);
	CU_ASSERT_EQUAL(world_asked(&w, "a.b.www.example.com.", TYPE_AAAA), 3);
	world_clear(&w);
}

static const struct canned broken_ent[] = {
	{ .at = "192.0.2.1", TO_COM },
	{ .at = "192.0.2.2", TO_EXAMPLE },
	{ .name = "a.ent.example.com.",
	  .flags = "aa",
	  .answer = "a.ent.example.com. 60 IN A 192.0.2.9" },
	{ .flags = "aa nxdomain", .authority = SOA },
};

static void test_minimise_relaxed_does_not_trust_nxdomain_of_an_ancestor(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = walk(&w, MINIMISE_RELAXED, broken_ent, 4, "a.ent.example.com.", TYPE_A);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.sent, 4);
	world_clear(&w);
}

static void test_minimise_strict_takes_nxdomain_of_an_ancestor(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = walk(&w, MINIMISE_STRICT, broken_ent, 4, "a.ent.example.com.", TYPE_A);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_NXDOMAIN);
	CU_ASSERT_EQUAL(world_asked(&w, "a.ent.example.com.", 0), 0);
	CU_ASSERT_EQUAL(o->ttl, 300);
	world_clear(&w);
}

static const struct canned signed_denial[] = {
	{ .at = "192.0.2.1",
	  .flags = "aa nxdomain",
	  .authority =
	      ". 86400 IN SOA a. b. 1 2 3 4 86400\n"
	      "com. 86400 IN NSEC net. NS DS RRSIG NSEC\n"
	      "com. 86400 IN RRSIG NSEC 8 1 86400 20300101000000 20200101000000 1 . AAAA" },
};

static void test_minimise_relaxed_trusts_signed_nxdomain(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o =
	    walk(&w, MINIMISE_RELAXED, signed_denial, 1, "www.example.coma.", TYPE_A);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_NXDOMAIN);
	CU_ASSERT_EQUAL(o->proof_count, 1);
	CU_ASSERT_EQUAL(w.sent, 1);
	world_clear(&w);
}

static const struct canned picky[] = {
	{ .at = "192.0.2.1", TO_COM },
	{ .at = "192.0.2.2", TO_EXAMPLE },
	{ .name = "a.b.example.com.", .flags = "aa", .answer = "a.b.example.com. 60 IN TXT \"x\"" },
	{ .flags = "refused" },
};

static void test_minimise_relaxed_shows_the_whole_name_to_a_server_that_refuses_a_part(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = walk(&w, MINIMISE_RELAXED, picky, 4, "a.b.example.com.", TYPE_TXT);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.sent, 4);
	o = walk(&w, MINIMISE_STRICT, picky, 4, "a.b.example.com.", TYPE_TXT);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_FAILURE);
	CU_ASSERT_EQUAL(world_asked(&w, "a.b.example.com.", 0), 0);
	world_clear(&w);
}

static void test_minimise_a_name_of_60_labels_costs_at_most_ten_short_questions(void)
{
	struct world w;
	char name[256] = "";
	world_init(&w, 1);
	for (int i = 0; i < 60; i++)
		strcat(name, "x.");
	strcat(name, "example.com.");
	struct outcome *o = walk(&w, MINIMISE_RELAXED, tree, 4, name, TYPE_A);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_NODATA);
	CU_ASSERT_TRUE(w.sent <= 11);
	world_clear(&w);
}

static const struct unit_test tests[] = {
	UNIT(test_minimise_spreads_18_labels_over_ten_questions),
	UNIT(test_minimise_labels_table),
	UNIT(test_minimise_servers_see_one_label_more_than_their_zone),
	UNIT(test_minimise_off_shows_everything_to_everybody),
	UNIT(test_minimise_relaxed_does_not_trust_nxdomain_of_an_ancestor),
	UNIT(test_minimise_strict_takes_nxdomain_of_an_ancestor),
	UNIT(test_minimise_relaxed_trusts_signed_nxdomain),
	UNIT(test_minimise_relaxed_shows_the_whole_name_to_a_server_that_refuses_a_part),
	UNIT(test_minimise_a_name_of_60_labels_costs_at_most_ten_short_questions),
};
const struct unit_suite suite_minimise = { "minimise", tests, sizeof(tests) / sizeof(tests[0]) };
