#include "tests/iterate/world.h"
#include "tests/unit.h"
#include <stdio.h>

/* The servers of evil. speak; victim. must not be heard of. */

static const struct host hosts[] = { { "192.0.2.1", NORMAL, 10 },
	                             { "192.0.2.66", NORMAL, 10 },
	                             { NULL, NORMAL, 0 } };

static struct outcome *walk(struct world *w, const struct canned *c, size_t count, const char *name,
                            uint16_t type)
{
	w->hosts = hosts;
	w->canned = c;
	w->canned_count = count;
	return world_walk(w, name, type,
	                  world_cut(w, CUT_DELEGATION, "evil.", "ns.evil. 192.0.2.1"));
}

static const char *const intruders[] = {
	"victim. 60 IN A 192.0.2.66\n",
	"victim. 60 IN NS ns.evil.\n",
	"victim. 60 IN CNAME evil.\n",
	"victim. 60 IN DNAME evil.\n",
	"victim. 60 IN SOA ns.evil. h.evil. 1 2 3 4 60\n",
	"victim. 60 IN MX 1 mail.evil.\n",
};

/* Replies of every honest kind, with one foreign record in each section. */
static void test_scrub_b1_foreign_records_in_any_section_of_any_reply(void)
{
	static const struct {
		const char *flags, *answer, *authority;
		enum outcome_kind kind;
	} honest[] = {
		{ "aa", "a.evil. 60 IN A 192.0.2.9\n", "", OUTCOME_ANSWER },
		{ "aa", "a.evil. 60 IN CNAME b.evil.\n", "", OUTCOME_CNAME },
		{ "aa", "", "evil. 60 IN SOA ns.evil. h.evil. 1 2 3 4 60\n", OUTCOME_NODATA },
		{ "aa nxdomain", "", "evil. 60 IN SOA ns.evil. h.evil. 1 2 3 4 60\n",
		  OUTCOME_NXDOMAIN },
	};
	for (unsigned h = 0; h < 4; h++) {
		for (unsigned i = 0; i < 6; i++) {
			for (unsigned section = 0; section < 3; section++) {
				char answer[512], authority[512];
				struct world w;
				world_init(&w, 1);
				snprintf(answer, sizeof(answer), "%s%s", honest[h].answer,
				         section == 0 ? intruders[i] : "");
				snprintf(authority, sizeof(authority), "%s%s", honest[h].authority,
				         section == 1 ? intruders[i] : "");
				struct canned c = { .flags = honest[h].flags,
					            .answer = answer,
					            .authority = authority,
					            .additional =
					                section == 2 ? intruders[i] : "" };
				struct outcome *o = walk(&w, &c, 1, "a.evil.", TYPE_A);
				CU_ASSERT_EQUAL(o->kind, honest[h].kind);
				CU_ASSERT_FALSE(world_mentions(&w, "victim."));
				CU_ASSERT_PTR_NULL(world_learned_cut(&w, "victim."));
				CU_ASSERT_EQUAL(w.sent, 1);
				world_clear(&w);
			}
		}
	}
}

static void test_scrub_b2_ns_beside_answers_and_denials_is_no_cut(void)
{
	static const struct canned cases[] = {
		{ .flags = "aa",
		  .answer = "a.evil. 60 IN A 192.0.2.9",
		  .authority = "evil. 60 IN NS other.evil." },
		{ .flags = "aa",
		  .answer = "a.evil. 60 IN A 192.0.2.9",
		  .authority = "a.evil. 60 IN NS other.evil." },
		{ .flags = "aa",
		  .answer = "a.evil. 60 IN CNAME b.",
		  .authority = "evil. 60 IN NS other.evil." },
		{ .flags = "aa",
		  .authority = "evil. 60 IN SOA a. b. 1 2 3 4 5\nevil. 60 IN NS other.evil." },
		{ .flags = "aa",
		  .authority = "evil. 60 IN SOA a. b. 1 2 3 4 5\na.evil. 60 IN NS other.evil." },
		{ .flags = "aa nxdomain",
		  .authority = "evil. 60 IN SOA a. b. 1 2 3 4 5\nevil. 60 IN NS other.evil." },
		{ .flags = "aa nxdomain", .authority = "a.evil. 60 IN NS other.evil." },
	};
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;
		world_init(&w, 1);
		struct outcome *o = walk(&w, &cases[i], 1, "a.evil.", TYPE_A);
		CU_ASSERT_NOT_EQUAL(o->kind, OUTCOME_FAILURE);
		CU_ASSERT_EQUAL(w.lessons, 0);
		CU_ASSERT_EQUAL(w.sent, 1);
		world_clear(&w);
	}
}

static void test_scrub_b3_b5_glue_is_believed_for_ns_names_below_the_parent_only(void)
{
	static const struct canned table[] = {
		{ .at = "192.0.2.1",
		  .authority = "sub.evil. 60 IN NS in.sub.evil.\nsub.evil. 60 IN NS sibling.evil.\n"
		               "sub.evil. 60 IN NS ns.bar.\nsub.evil. 60 IN MX 1 mail.evil.",
		  .additional =
		      "in.sub.evil. 60 IN A 192.0.2.66\nsibling.evil. 30 IN A 192.0.2.66\n"
		      "ns.bar. 60 IN A 192.0.2.77\nmail.evil. 60 IN A 192.0.2.78" },
		{ .flags = "aa", .answer = "a.sub.evil. 60 IN A 192.0.2.9" },
	};
	struct world w;
	world_init(&w, 1);
	struct outcome *o = walk(&w, table, 2, "a.sub.evil.", TYPE_A);
	const struct cut *c = world_learned_cut(&w, "sub.evil.");
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_EQUAL_FATAL(c->server_count, 3);
	CU_ASSERT_EQUAL(c->ttl, 30);
	for (unsigned i = 0; i < 3; i++) {
		struct name bar = name_of("ns.bar.");
		bool foreign = name_equal(&c->servers[i].name, &bar);
		CU_ASSERT_EQUAL(c->servers[i].address_count, foreign ? 0 : 1);
	}
	CU_ASSERT_EQUAL(world_sent_to(&w, "192.0.2.77") + world_sent_to(&w, "192.0.2.78"), 0);
	world_clear(&w);
}

static void test_scrub_b4_dnames_of_parent_sibling_and_child_are_ignored(void)
{
	static const char *const cases[] = {
		". 60 IN DNAME x.",
		"sibling.evil. 60 IN DNAME x.",
		"a.a.evil. 60 IN DNAME x.",
		"a.evil. 60 IN DNAME x.",
	};
	for (unsigned i = 0; i < 4; i++) {
		char answer[256];
		struct world w;
		world_init(&w, 1);
		snprintf(answer, sizeof(answer), "%s\na.evil. 60 IN CNAME b.evil.", cases[i]);
		struct canned c = { .flags = "aa", .answer = answer };
		struct outcome *o = walk(&w, &c, 1, "a.evil.", TYPE_A);
		CU_ASSERT_EQUAL(o->kind, OUTCOME_CNAME);
		CU_ASSERT_EQUAL(w.sent, 1);
		world_clear(&w);
	}
}

static void test_scrub_b9_a_denial_needs_an_soa_between_the_zone_and_the_name(void)
{
	static const struct {
		const char *soa;
		bool kept;
	} cases[] = {
		{ "evil. 60 IN SOA a. b. 1 2 3 4 5", true },
		{ "a.evil. 60 IN SOA a. b. 1 2 3 4 5", true },
		{ ". 60 IN SOA a. b. 1 2 3 4 5", false },
		{ "victim. 60 IN SOA a. b. 1 2 3 4 5", false },
		{ "b.evil. 60 IN SOA a. b. 1 2 3 4 5", false },
		{ "b.a.evil. 60 IN SOA a. b. 1 2 3 4 5", false },
		{ "", false },
	};
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (unsigned nx = 0; nx < 2; nx++) {
			struct world w;
			world_init(&w, 1);
			struct canned c = { .flags = nx ? "aa nxdomain" : "aa",
				            .authority = cases[i].soa };
			struct outcome *o = walk(&w, &c, 1, "a.evil.", TYPE_A);
			CU_ASSERT_EQUAL(o->kind, nx ? OUTCOME_NXDOMAIN : OUTCOME_NODATA);
			CU_ASSERT_EQUAL(o->soa != NULL, cases[i].kept);
			CU_ASSERT_EQUAL(o->ttl, cases[i].kept ? 5 : 0);
			world_clear(&w);
		}
	}
}

static void test_scrub_a_name_that_is_there_and_not_there_is_an_error(void)
{
	struct world w;
	struct canned c = { .flags = "aa nxdomain", .answer = "a.evil. 60 IN A 192.0.2.9" };
	world_init(&w, 1);
	CU_ASSERT_EQUAL(walk(&w, &c, 1, "a.evil.", TYPE_A)->kind, OUTCOME_FAILURE);
	world_clear(&w);
}

static void test_scrub_a_ds_is_not_denied_by_the_childs_soa(void)
{
	struct world w;
	struct canned c = { .flags = "aa", .authority = "a.evil. 60 IN SOA a. b. 1 2 3 4 5" };
	world_init(&w, 1);
	struct outcome *o = walk(&w, &c, 1, "a.evil.", TYPE_DS);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_NODATA);
	CU_ASSERT_PTR_NULL(o->soa);
	CU_ASSERT_EQUAL(o->ttl, 0);
	world_clear(&w);
}

static void test_scrub_referrals_go_strictly_down_towards_the_name(void)
{
	static const struct {
		const char *ns;
		bool down;
	} cases[] = {
		{ "a.evil. 60 IN NS ns.evil.", true },      { "b.a.evil. 60 IN NS ns.evil.", true },
		{ "evil. 60 IN NS ns.evil.", false },       { ". 60 IN NS ns.evil.", false },
		{ "c.evil. 60 IN NS ns.evil.", false },     { "victim. 60 IN NS ns.evil.", false },
		{ "c.b.a.evil. 60 IN NS ns.evil.", false },
	};
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;
		world_init(&w, 1);
		struct canned table[] = {
			{ .at = "192.0.2.1",
			  .authority = cases[i].ns,
			  .additional = "ns.evil. 60 IN A 192.0.2.66" },
			{ .flags = "aa", .answer = "b.a.evil. 60 IN A 192.0.2.9" },
		};
		struct outcome *o = walk(&w, table, 2, "b.a.evil.", TYPE_A);
		CU_ASSERT_EQUAL(o->kind, cases[i].down ? OUTCOME_ANSWER : OUTCOME_FAILURE);
		CU_ASSERT_EQUAL(w.lessons, cases[i].down ? 1 : 0);
		if (!cases[i].down)
			CU_ASSERT_EQUAL(o->reason.ede, EDE_NO_REACHABLE_AUTHORITY);
		world_clear(&w);
	}
}

static void test_scrub_answers_without_aa_rank_lower_and_those_of_caches_are_taken_last(void)
{
	struct world w;
	struct canned forgot = { .answer = "a.evil. 60 IN A 192.0.2.9" };
	struct canned cache = { .flags = "ra", .answer = "a.evil. 60 IN A 192.0.2.9" };
	world_init(&w, 1);
	struct outcome *o = walk(&w, &forgot, 1, "a.evil.", TYPE_A);
	CU_ASSERT_EQUAL_FATAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_TRUE(o->set->rank < RANK_ANSWER);
	o = walk(&w, &cache, 1, "a.evil.", TYPE_A);
	CU_ASSERT_EQUAL_FATAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_TRUE(o->set->rank < RANK_ANSWER);
	world_clear(&w);
}

static void test_scrub_keeps_at_most_eight_proofs_of_the_zone_itself(void)
{
	char authority[4096] =
	    "evil. 60 IN SOA a. b. 1 2 3 4 5\nx.victim. 60 IN NSEC y.victim. A\n";
	size_t at = 0;
	struct world w;
	world_init(&w, 1);
	while (authority[at] != 0)
		at++;
	for (int i = 0; i < 40; i++)
		at += (size_t)snprintf(authority + at, sizeof(authority) - at,
		                       "n%d.evil. 60 IN NSEC m%d.evil. A\n", i, i);
	struct canned c = { .flags = "aa nxdomain", .authority = authority };
	struct outcome *o = walk(&w, &c, 1, "a.evil.", TYPE_A);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_NXDOMAIN);
	CU_ASSERT_EQUAL(o->proof_count, LIMIT_PROOF_SETS);
	CU_ASSERT_FALSE(world_mentions(&w, "x.victim."));
	world_clear(&w);
}

static const struct unit_test tests[] = {
	UNIT(test_scrub_b1_foreign_records_in_any_section_of_any_reply),
	UNIT(test_scrub_b2_ns_beside_answers_and_denials_is_no_cut),
	UNIT(test_scrub_b3_b5_glue_is_believed_for_ns_names_below_the_parent_only),
	UNIT(test_scrub_b4_dnames_of_parent_sibling_and_child_are_ignored),
	UNIT(test_scrub_b9_a_denial_needs_an_soa_between_the_zone_and_the_name),
	UNIT(test_scrub_a_name_that_is_there_and_not_there_is_an_error),
	UNIT(test_scrub_a_ds_is_not_denied_by_the_childs_soa),
	UNIT(test_scrub_referrals_go_strictly_down_towards_the_name),
	UNIT(test_scrub_answers_without_aa_rank_lower_and_those_of_caches_are_taken_last),
	UNIT(test_scrub_keeps_at_most_eight_proofs_of_the_zone_itself),
};
const struct unit_suite suite_scrub = { "scrub", tests, sizeof(tests) / sizeof(tests[0]) };
