#include "tests/iterate/world.h"
#include "tests/unit.h"
#include <string.h>

static const struct host hosts[] = {
	{ "192.0.2.1", NORMAL, 10 },   { "192.0.2.2", NORMAL, 10 }, { "192.0.2.3", NORMAL, 10 },
	{ "2001:db8::3", NORMAL, 10 }, { NULL, NORMAL, 0 },
};

static struct outcome *walk(struct world *w, const struct canned *canned, size_t count,
                            const char *name, uint16_t type)
{
	w->hosts = hosts;
	w->canned = canned;
	w->canned_count = count;
	return world_walk(w, name, type, world_cut(w, CUT_HINTS, ".", "ns.root. 192.0.2.1"));
}

#define WALK(w, canned, name, type) walk(w, canned, sizeof(canned) / sizeof(canned[0]), name, type)

#define COM                                                                                        \
	.at = "192.0.2.1", .authority = "com. 172800 IN NS ns.com.",                               \
	.additional = "ns.com. 172800 IN A 192.0.2.2"
#define EXAMPLE "example.com. 3600 IN NS ns.example.com."
#define GLUE "ns.example.com. 3600 IN A 192.0.2.3\nns.example.com. 3600 IN AAAA 2001:db8::3"
#define SOA "example.com. 900 IN SOA ns.example.com. h.example.com. 1 2 3 4 300"

static const struct canned plain[] = {
	{ COM },
	{ .at = "192.0.2.2", .authority = EXAMPLE, .additional = GLUE },
	{ .name = "www.example.com.",
	  .type = TYPE_A,
	  .flags = "aa",
	  .answer = "www.example.com. 60 IN A 192.0.2.80",
	  .authority = EXAMPLE,
	  .additional = GLUE },
	{ .name = "www.example.com.", .flags = "aa", .authority = SOA },
	{ .name = "alias.example.com.",
	  .flags = "aa",
	  .answer = "alias.example.com. 60 IN CNAME one.example.com.\none.example.com. 60 IN CNAME "
	            "two.example.com.\n"
	            "two.example.com. 60 IN A 192.0.2.81" },
	{ .name = "out.example.com.",
	  .flags = "aa",
	  .answer = "out.example.com. 60 IN CNAME www.example.net.\nwww.example.net. 60 IN A "
	            "192.0.2.66" },
	{ .name = "dead.example.com.",
	  .flags = "aa nxdomain",
	  .answer = "dead.example.com. 60 IN CNAME gone.example.com.",
	  .authority = SOA "\n"
	      "g.example.com. 300 IN NSEC h.example.com. A RRSIG NSEC\n"
	      "g.example.com. 300 IN RRSIG NSEC 8 3 300 20300101000000 20200101000000 1 "
	      "example.com. AAAA" },
	{ .name = "unproven.example.com.",
	  .flags = "aa nxdomain",
	  .answer = "unproven.example.com. 60 IN CNAME gone.example.com.",
	  .authority = SOA },
	{ .name = "*.moved.example.com.",
	  .flags = "aa",
	  .answer = "moved.example.com. 60 IN DNAME example.org.\n"
	            "a.moved.example.com. 60 IN CNAME lie.example.net." },
	{ .flags = "aa nxdomain", .authority = SOA },
};

static void test_walk_goes_from_the_root_to_an_answer(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = WALK(&w, plain, "WWW.example.com.", TYPE_A);
	struct name zone = name_of("example.com."), asked = name_of("WWW.example.com.");
	CU_ASSERT_EQUAL_FATAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_TRUE(name_equal(&o->zone, &zone));
	CU_ASSERT_TRUE(name_equal_exact(&o->set->owner, &asked));
	CU_ASSERT_EQUAL(o->set->rank, RANK_ANSWER);
	CU_ASSERT_EQUAL(o->ttl, 60);
	CU_ASSERT_EQUAL(w.sent, 3);
	CU_ASSERT_EQUAL(w.took_ms, 30);
	CU_ASSERT_EQUAL(w.budget.referrals, LIMIT_REFERRALS - 2);
	CU_ASSERT_EQUAL(w.budget.sends, LIMIT_SENDS - 3);
	CU_ASSERT_TRUE(w.budget.octets < LIMIT_RECEIVED);
	world_clear(&w);
}

static void test_walk_teaches_the_cuts_it_passed_with_their_glue(void)
{
	struct world w;
	world_init(&w, 1);
	WALK(&w, plain, "www.example.com.", TYPE_A);
	const struct cut *c = world_learned_cut(&w, "example.com.");
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_PTR_NOT_NULL(world_learned_cut(&w, "com."));
	CU_ASSERT_EQUAL(c->server_count, 1);
	CU_ASSERT_EQUAL(c->servers[0].address_count, 2);
	CU_ASSERT_EQUAL(c->kind, CUT_DELEGATION);
	CU_ASSERT_EQUAL(c->ttl, 3600);
	CU_ASSERT_EQUAL(w.lessons, 2);
	world_clear(&w);
}

static void test_walk_negative_answers_bring_the_lesser_ttl_of_the_soa(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = WALK(&w, plain, "www.example.com.", TYPE_TXT);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_NODATA);
	CU_ASSERT_PTR_NOT_NULL_FATAL(o->soa);
	CU_ASSERT_EQUAL(o->ttl, 300);
	CU_ASSERT_EQUAL(o->soa->rank, RANK_AUTHORITY);
	o = WALK(&w, plain, "nothing.example.com.", TYPE_A);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_NXDOMAIN);
	CU_ASSERT_EQUAL(o->ttl, 300);
	world_clear(&w);
}

static void test_walk_ends_at_an_alias_and_teaches_the_rest_of_the_chain(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = WALK(&w, plain, "alias.example.com.", TYPE_A);
	struct name one = name_of("one.example.com.");
	CU_ASSERT_EQUAL(o->kind, OUTCOME_CNAME);
	CU_ASSERT_TRUE(name_equal(&o->target, &one));
	const struct lesson *a = world_lesson(&w, "one.example.com.", TYPE_A);
	const struct lesson *b = world_lesson(&w, "two.example.com.", TYPE_A);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	CU_ASSERT_EQUAL(a->outcome->kind, OUTCOME_CNAME);
	CU_ASSERT_EQUAL(b->outcome->kind, OUTCOME_ANSWER);
	CU_ASSERT_TRUE(b->outcome->set->rank < RANK_ANSWER);
	world_clear(&w);
}

static void test_walk_b11_chain_elements_of_other_zones_are_not_taught(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = WALK(&w, plain, "out.example.com.", TYPE_A);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_CNAME);
	CU_ASSERT_FALSE(world_mentions(&w, "www.example.net."));
	world_clear(&w);
}

static void test_walk_rfc6604_a_proven_nxdomain_belongs_to_the_end_of_the_chain(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = WALK(&w, plain, "dead.example.com.", TYPE_A);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_CNAME);
	const struct lesson *l = world_lesson(&w, "gone.example.com.", TYPE_A);
	CU_ASSERT_PTR_NOT_NULL_FATAL(l);
	CU_ASSERT_EQUAL(l->outcome->kind, OUTCOME_NXDOMAIN);
	o = WALK(&w, plain, "unproven.example.com.", TYPE_A);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_CNAME);
	CU_ASSERT_PTR_NULL(world_lesson(&w, "gone.example.com.", TYPE_A));
	world_clear(&w);
}

static void test_walk_b4_dname_target_is_computed_and_checked_over_tcp(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = WALK(&w, plain, "a.moved.example.com.", TYPE_A);
	struct name to = name_of("a.example.org.");
	CU_ASSERT_EQUAL_FATAL(o->kind, OUTCOME_DNAME);
	CU_ASSERT_TRUE(name_equal(&o->target, &to));
	CU_ASSERT_EQUAL(o->ttl, 60);
	CU_ASSERT_EQUAL(w.tcp, 1);
	CU_ASSERT_FALSE(world_mentions(&w, "lie.example.net."));
	world_clear(&w);
}

static void test_walk_rfc6672_a_dname_target_of_256_octets_is_too_long(void)
{
	static const struct canned table[] = {
		{ COM },
		{ .at = "192.0.2.2", .authority = EXAMPLE, .additional = GLUE },
		{ .flags = "aa yxdomain",
		  .answer = "d.example.com. 60 IN DNAME "
		            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
		            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
		            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa." },
	};
	struct world w;
	world_init(&w, 1);
	struct outcome *o =
	    WALK(&w, table,
	         "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.d.example.com.",
	         TYPE_A);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_DNAME);
	CU_ASSERT_TRUE(o->too_long);
	world_clear(&w);
}

static const struct canned ds[] = {
	{ COM },
	{ .at = "192.0.2.2",
	  .name = "example.com.",
	  .type = TYPE_DS,
	  .flags = "aa",
	  .answer = "example.com. 3600 IN DS 1 13 2 "
	            "0000000000000000000000000000000000000000000000000000000000000000" },
	{ .at = "192.0.2.2",
	  .name = "old.com.",
	  .authority = "old.com. 3600 IN NS ns.example.com.\n"
	               "old.com. 900 IN NSEC z.com. NS RRSIG NSEC" },
	{ .at = "192.0.2.2",
	  .authority = EXAMPLE "\nexample.com. 3600 IN DS 1 13 2 "
	                       "0000000000000000000000000000000000000000000000000000000000000000",
	  .additional = GLUE },
	{ .at = "192.0.2.3", .flags = "aa", .answer = "www.example.com. 60 IN A 192.0.2.80" },
	{ .at = "2001:db8::3", .flags = "aa", .answer = "www.example.com. 60 IN A 192.0.2.80" },
};

static void test_walk_ds_is_asked_on_the_parents_side(void)
{
	struct world w;
	world_init(&w, 1);
	w.policy.minimise = MINIMISE_RELAXED;
	struct outcome *o = WALK(&w, ds, "example.com.", TYPE_DS);
	CU_ASSERT_EQUAL_FATAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(o->set->type, TYPE_DS);
	CU_ASSERT_EQUAL(world_sent_to(&w, "192.0.2.3") + world_sent_to(&w, "2001:db8::3"), 0);
	o = WALK(&w, ds, "old.com.", TYPE_DS);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_NODATA);
	CU_ASSERT_EQUAL(o->proof_count, 1);
	CU_ASSERT_EQUAL(world_sent_to(&w, "192.0.2.3") + world_sent_to(&w, "2001:db8::3"), 0);
	world_clear(&w);
}

static void test_walk_referrals_teach_the_ds_in_the_parents_name(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = WALK(&w, ds, "www.example.com.", TYPE_A);
	struct name com = name_of("com.");
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	const struct lesson *l = world_lesson(&w, "example.com.", TYPE_DS);
	CU_ASSERT_PTR_NOT_NULL_FATAL(l);
	CU_ASSERT_EQUAL(l->outcome->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(l->outcome->set->rank, RANK_AUTHORITY);
	CU_ASSERT_TRUE(name_equal(&l->outcome->zone, &com));
	world_clear(&w);
}

static void test_walk_looks_up_servers_without_glue(void)
{
	static const struct canned table[] = {
		{ .at = "192.0.2.1",
		  .authority = "com. 60 IN NS ns.elsewhere.net.\ncom. 60 IN NS ns2.com.\n"
		               "com. 60 IN NS ns3.elsewhere.net." },
		{ .flags = "aa", .answer = "www.com. 60 IN A 192.0.2.80" },
	};
	struct world w;
	world_init(&w, 1);
	w.names = "ns.elsewhere.net. 60 IN A 192.0.2.3\nns3.elsewhere.net. 60 IN AAAA 2001:db8::3";
	struct outcome *o = WALK(&w, table, "www.com.", TYPE_A);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.sent, 2);
	CU_ASSERT_TRUE(w.fetched == 1 || w.fetched == 2);
	CU_ASSERT_EQUAL(w.budget.address_fetches, LIMIT_ADDRESS_FETCHES - 1);
	CU_ASSERT_EQUAL(w.budget.dead_fetches, LIMIT_DEAD_FETCHES);
	world_clear(&w);
}

static void test_walk_primes_with_the_addresses_of_the_roots(void)
{
	static const struct canned table[] = {
		{ .flags = "aa",
		  .answer = ". 518400 IN NS a.root.\n. 518400 IN NS ns.root.",
		  .additional =
		      "a.root. 518400 IN A 192.0.2.2\na.root. 518400 IN AAAA 2001:db8::2\n"
		      "x.root. 5 IN A 192.0.2.3" },
	};
	struct world w;
	world_init(&w, 1);
	struct outcome *o = WALK(&w, table, ".", TYPE_NS);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	const struct cut *c = world_learned_cut(&w, ".");
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_EQUAL_FATAL(c->server_count, 2);
	CU_ASSERT_EQUAL(c->servers[0].address_count, 2);
	CU_ASSERT_EQUAL(c->servers[1].address_count, 1);
	world_clear(&w);
}

static void test_walk_forwarders_are_asked_with_rd_and_cd_and_may_answer_without_aa(void)
{
	static const struct canned table[] = {
		{ .flags = "ra",
		  .answer = "a.corp. 60 IN CNAME b.corp.\nb.corp. 60 IN CNAME c.net.\n"
		            "c.net. 60 IN A 192.0.2.1" },
	};
	struct world w;
	world_init(&w, 1);
	w.hosts = hosts;
	w.canned = table;
	w.canned_count = 1;
	struct outcome *o =
	    world_walk(&w, "a.corp.", TYPE_A, world_cut(&w, CUT_FORWARD, "corp.", ". 192.0.2.1"));
	CU_ASSERT_EQUAL(o->kind, OUTCOME_CNAME);
	CU_ASSERT_EQUAL(w.log[0].flags, 0x0110);
	CU_ASSERT_EQUAL(o->set->rank, RANK_FORWARDED);
	CU_ASSERT_PTR_NOT_NULL(world_lesson(&w, "b.corp.", TYPE_A));
	CU_ASSERT_FALSE(world_mentions(&w, "c.net."));
	world_clear(&w);
}

static void test_walk_b8_a_forwarders_referral_leads_nowhere(void)
{
	static const struct canned table[] = {
		{ .flags = "ra",
		  .authority = "sub.corp. 60 IN NS ns.sub.corp.\n. 60 IN NS evil.",
		  .additional = "ns.sub.corp. 60 IN A 192.0.2.2" },
	};
	struct world w;
	world_init(&w, 1);
	w.hosts = hosts;
	w.canned = table;
	w.canned_count = 1;
	struct outcome *o = world_walk(&w, "x.sub.corp.", TYPE_A,
	                               world_cut(&w, CUT_FORWARD, "corp.", ". 192.0.2.1"));
	CU_ASSERT_EQUAL(o->kind, OUTCOME_NODATA);
	CU_ASSERT_EQUAL(o->ttl, 0);
	CU_ASSERT_EQUAL(w.lessons, 0);
	CU_ASSERT_EQUAL(w.sent, 1);
	world_clear(&w);
}

static void test_walk_configured_servers_may_be_on_loopback_with_a_port(void)
{
	static const struct host local[] = { { "127.0.0.1", NORMAL, 1 }, { NULL, NORMAL, 0 } };
	static const struct canned table[] = {
		{ .flags = "aa", .answer = "a.corp. 60 IN A 192.0.2.1" },
	};
	struct world w;
	world_init(&w, 1);
	w.hosts = local;
	w.canned = table;
	w.canned_count = 1;
	struct outcome *o =
	    world_walk(&w, "a.corp.", TYPE_A, world_cut(&w, CUT_STUB, "corp.", ". 127.0.0.1@5353"));
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.log[0].to.port, 5353);
	CU_ASSERT_EQUAL(w.log[0].flags, 0);
	world_clear(&w);
}

static void test_walk_any_gives_one_set_and_teaches_at_most_seven_more(void)
{
	static const struct canned table[] = {
		{ .flags = "aa",
		  .answer = "a. 1 IN A 192.0.2.1\na. 1 IN AAAA 2001:db8::1\na. 1 IN TXT \"x\"\n"
		            "a. 1 IN MX 1 a.\na. 1 IN NS a.\na. 1 IN CAA 0 issue \"x\"\na. 1 IN "
		            "PTR a.\na. 1 IN HINFO a b\n"
		            "a. 1 IN SRV 1 1 1 a.\na. 1 IN RP a. a.\na. 1 IN TYPE65280 \\# 1 "
		            "00\nb. 1 IN A 192.0.2.1" },
	};
	struct world w;
	world_init(&w, 1);
	struct outcome *o = WALK(&w, table, "a.", TYPE_ANY);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.lessons, LIMIT_ANY_SETS - 1);
	CU_ASSERT_FALSE(world_mentions(&w, "b."));
	world_clear(&w);
}

static void test_walk_asks_over_tcp_what_was_cut_short(void)
{
	static const struct host tc[] = { { "192.0.2.1", TRUNCATES, 10 }, { NULL, NORMAL, 0 } };
	static const struct canned table[] = { { .flags = "aa",
		                                 .answer = "a. 60 IN A 192.0.2.7" } };
	struct world w;
	world_init(&w, 1);
	w.hosts = tc;
	w.canned = table;
	w.canned_count = 1;
	struct outcome *o =
	    world_walk(&w, "a.", TYPE_A, world_cut(&w, CUT_HINTS, ".", "r. 192.0.2.1"));
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.udp, 1);
	CU_ASSERT_EQUAL(w.tcp, 1);
	world_clear(&w);
}

static const struct unit_test tests[] = {
	UNIT(test_walk_goes_from_the_root_to_an_answer),
	UNIT(test_walk_teaches_the_cuts_it_passed_with_their_glue),
	UNIT(test_walk_negative_answers_bring_the_lesser_ttl_of_the_soa),
	UNIT(test_walk_ends_at_an_alias_and_teaches_the_rest_of_the_chain),
	UNIT(test_walk_b11_chain_elements_of_other_zones_are_not_taught),
	UNIT(test_walk_rfc6604_a_proven_nxdomain_belongs_to_the_end_of_the_chain),
	UNIT(test_walk_b4_dname_target_is_computed_and_checked_over_tcp),
	UNIT(test_walk_rfc6672_a_dname_target_of_256_octets_is_too_long),
	UNIT(test_walk_ds_is_asked_on_the_parents_side),
	UNIT(test_walk_referrals_teach_the_ds_in_the_parents_name),
	UNIT(test_walk_looks_up_servers_without_glue),
	UNIT(test_walk_primes_with_the_addresses_of_the_roots),
	UNIT(test_walk_forwarders_are_asked_with_rd_and_cd_and_may_answer_without_aa),
	UNIT(test_walk_b8_a_forwarders_referral_leads_nowhere),
	UNIT(test_walk_configured_servers_may_be_on_loopback_with_a_port),
	UNIT(test_walk_any_gives_one_set_and_teaches_at_most_seven_more),
	UNIT(test_walk_asks_over_tcp_what_was_cut_short),
};
const struct unit_suite suite_walk = { "walk", tests, sizeof(tests) / sizeof(tests[0]) };
