#include "tests/core/nets.h"
#include "tests/unit.h"

#include <string.h>

static struct world *validating(void)
{
	struct world *w = net_new();
	w->policy.validate = true;
	world_start(w);
	return w;
}

static struct world *started(void)
{
	struct world *w = net_new();
	world_start(w);
	return w;
}

static void test_e21_ad_is_set_for_secure_data_and_clients_that_understand_it(void)
{
	static const struct {
		const char *name;
		uint32_t flags;
		bool ad;
	} cases[] = {
		{ "www.secure.", 0, false },
		{ "www.secure.", FLAG_AD, true },
		{ "www.secure.", WORLD_DO, true },
		{ "www.secure.", WORLD_DO | FLAG_CD, false }, /* nobody judged it */
		{ "www.example.com.", WORLD_DO, false },
		{ "far.example.com.", WORLD_DO, false },      /* insecure, then secure */
		{ "loose.secure.", WORLD_DO, false },         /* secure, then insecure */
		{ "nix.secure.", WORLD_DO, true },
	};
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world *w = validating();
		for (unsigned again = 0; again < 2; again++) { /* resolved, then from the cache */
			struct client *c = world_resolve(w, cases[i].name, TYPE_A, cases[i].flags);
			CU_ASSERT_EQUAL((c->reply.flags & FLAG_AD) != 0, cases[i].ad);
			CU_ASSERT_EQUAL(c->reply.flags & FLAG_CD, cases[i].flags & FLAG_CD);
			CU_ASSERT_TRUE((c->reply.flags & FLAG_RA) != 0);
			CU_ASSERT_TRUE((c->reply.flags & FLAG_RD) != 0);
			CU_ASSERT_FALSE((c->reply.flags & FLAG_AA) != 0);
			CU_ASSERT_EQUAL(c->reply.edns.dnssec_ok, (cases[i].flags & WORLD_DO) != 0);
		}
		world_free(w);
	}
}

static void test_bogus_data_is_for_those_who_check_themselves(void)
{
	struct world *w = validating();
	struct client *c = world_resolve(w, "www.bogus.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
	CU_ASSERT_EQUAL(world_error(c, 0), EDE_BOGUS);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].count, 0);
	c = world_resolve(w, "www.bogus.", TYPE_A, FLAG_CD);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_NOERROR);
	CU_ASSERT_TRUE(world_has_address(c, "www.bogus.", "198.51.100.66"));
	unsigned sends = w->sends;
	c = world_resolve(w, "www.bogus.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
	CU_ASSERT_EQUAL(w->sends, sends);
	world_free(w);
}

static void test_what_came_with_cd_and_is_judged_later_keeps_its_age_and_lifetime(void)
{
	struct world *w = validating();
	struct question q = world_question("www.secure.", TYPE_A);
	struct cached before, after;
	(void)world_resolve(w, "www.secure.", TYPE_A, FLAG_CD);
	CU_ASSERT_EQUAL_FATAL(cache_find(w->cache, w->now, &q, w->arena, &before), ERR_OK);
	CU_ASSERT_EQUAL(before.outcome.security, SECURITY_UNCHECKED);
	world_sleep(w, 30);
	struct client *c = world_resolve(w, "www.secure.", TYPE_A, WORLD_DO);
	CU_ASSERT_TRUE((c->reply.flags & FLAG_AD) != 0);
	CU_ASSERT_EQUAL_FATAL(cache_find(w->cache, w->now, &q, w->arena, &after), ERR_OK);
	CU_ASSERT_EQUAL(after.outcome.security, SECURITY_SECURE);
	CU_ASSERT_EQUAL(after.lifetime_s, before.lifetime_s);
	CU_ASSERT_EQUAL(after.age_s, before.age_s + 30);
	CU_ASSERT_EQUAL(after.left_s, before.left_s - 30);
	CU_ASSERT_TRUE(after.entry.resolve_ms >= before.entry.resolve_ms);
	world_free(w);
}

static void test_b10_what_came_with_cd_is_judged_before_others_see_it(void)
{
	struct world *w = validating();
	(void)world_resolve(w, "www.bogus.", TYPE_A, FLAG_CD);
	struct client *c = world_resolve(w, "www.bogus.", TYPE_A, 0);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
	unsigned sends = w->sends;
	(void)world_resolve(w, "www.secure.", TYPE_A, FLAG_CD);
	CU_ASSERT_TRUE(w->sends > sends);
	sends = w->sends;
	c = world_resolve(w, "www.secure.", TYPE_A, WORLD_DO);
	CU_ASSERT_TRUE((c->reply.flags & FLAG_AD) != 0);
	CU_ASSERT_EQUAL(w->sends, sends);
	world_free(w);
}

static void test_a_judgement_gets_the_keys_it_asks_for(void)
{
	struct world *w = validating();
	struct client *c = world_resolve(w, "www.keyed.secure.", TYPE_A, WORLD_DO);
	CU_ASSERT_TRUE((c->reply.flags & FLAG_AD) != 0);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).children, 1);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).in_flight, 0);
	world_free(w);
}

static void test_rfc8482_any_gets_one_rrset_or_hinfo(void)
{
	struct world *w = started();
	struct name text = name_of("txt.example.com.");
	struct client *c = world_resolve(w, "www.example.com.", TYPE_ANY, 0);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].count, 1);
	CU_ASSERT_TRUE(world_has_address(c, "www.example.com.", "198.51.100.1"));
	c = world_resolve(w, "txt.example.com.", TYPE_ANY, 0);
	CU_ASSERT_PTR_NOT_NULL(message_find(&c->reply, SECTION_ANSWER, &text, TYPE_HINFO));
	c = world_resolve(w, "nix.example.com.", TYPE_ANY, 0);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_NXDOMAIN);
	c = world_resolve(w, "alias.example.com.", TYPE_ANY, 0);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_NOERROR);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].count, 1);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].sets[0].type, TYPE_CNAME);
	world_free(w);
}

static void test_t11_without_rd_nothing_of_the_cache_is_told(void)
{
	struct world *w = started();
	(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
	unsigned sends = w->sends;
	struct client *known = world_ask(w, "www.example.com.", TYPE_A, WORLD_EDNS);
	struct client *unknown = world_ask(w, "nix.example.com.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_EQUAL(known->reply.rcode, RCODE_REFUSED);
	CU_ASSERT_EQUAL(unknown->reply.rcode, RCODE_REFUSED);
	CU_ASSERT_EQUAL(known->len, unknown->len);
	struct client *allowed = world_ask(w, "www.example.com.", TYPE_A, WORLD_SNOOP);
	CU_ASSERT_TRUE(world_has_address(allowed, "www.example.com.", "198.51.100.1"));
	CU_ASSERT_EQUAL(world_ask(w, "nix.example.com.", TYPE_A, WORLD_SNOOP)->reply.rcode,
	                RCODE_REFUSED);
	CU_ASSERT_EQUAL(w->sends, sends);
	world_free(w);
}

static void test_types_and_classes_that_are_no_data_are_refused(void)
{
	static const struct {
		uint16_t type, rcode;
	} cases[] = {
		{ TYPE_AXFR, RCODE_REFUSED }, { TYPE_IXFR, RCODE_REFUSED },
		{ TYPE_MAILA, RCODE_NOTIMP }, { TYPE_MAILB, RCODE_NOTIMP },
		{ TYPE_TSIG, RCODE_NOTIMP }, { TYPE_TKEY, RCODE_NOTIMP },
		{ TYPE_OPT, RCODE_FORMERR }, { 0, RCODE_FORMERR }, { TYPE_NXNAME, RCODE_FORMERR },
	};
	struct world *w = started();
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct client *c = world_ask(w, "www.example.com.", cases[i].type, FLAG_RD);
		CU_ASSERT_EQUAL(c->asked, ASKED_ANSWERED);
		CU_ASSERT_EQUAL(c->reply.rcode, cases[i].rcode);
	}
	CU_ASSERT_EQUAL(w->sends, 0);
	world_free(w);
}

static void test_rfc2181_what_does_not_fit_is_left_out_whole(void)
{
	struct world *w = started();
	struct client *c = world_resolve(w, "big.example.com.", TYPE_TXT, 0);
	CU_ASSERT_TRUE((c->reply.flags & FLAG_TC) != 0);
	CU_ASSERT_TRUE(c->len <= 512);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].count, 0);
	c = world_resolve(w, "big.example.com.", TYPE_TXT, WORLD_STREAM);
	CU_ASSERT_FALSE((c->reply.flags & FLAG_TC) != 0);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].sets[0].count, 7);
	c = world_resolve(w, "big.example.com.", TYPE_TXT, WORLD_EDNS);
	CU_ASSERT_FALSE((c->reply.flags & FLAG_TC) != 0);
	world_free(w);
}

static void test_t13_a_public_name_has_no_private_address(void)
{
	struct world *w = net_new();
	w->policy.rebind_refuse = true;
	world_start(w);
	for (unsigned again = 0; again < 2; again++) {
		struct client *c = world_resolve(w, "private.example.com.", TYPE_A, WORLD_EDNS);
		CU_ASSERT_EQUAL(c->reply.rcode, RCODE_NOERROR);
		CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].count, 0);
		CU_ASSERT_EQUAL(world_error(c, 0), EDE_BLOCKED);
	}
	world_free(w);
}

static void test_t13_names_of_the_allow_list_may_have_private_addresses(void)
{
	struct name allow[] = { name_of("example.net."), name_of("example.com.") };
	struct world *w = net_new();
	w->policy.rebind_refuse = true;
	w->policy.rebind_allow = allow;
	w->policy.rebind_allow_count = 1;
	world_start(w);
	struct client *c = world_resolve(w, "private.example.com.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].count, 0);
	w->policy.rebind_allow_count = 2;
	c = world_resolve(w, "private.example.com.", TYPE_A, WORLD_EDNS);
	CU_ASSERT_TRUE(world_has_address(c, "private.example.com.", "192.168.1.1"));
	world_free(w);
}

static void test_ttls_count_down_when_the_policy_says_so(void)
{
	struct world *w = started();
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].sets[0].ttl, 300);
	world_sleep(w, 100);
	c = world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].sets[0].ttl, 200);
	world_free(w);
}

static void test_private_ttls_are_drawn_for_misses_and_hits_alike(void)
{
	struct world *w = net_new();
	w->cache_policy.ttl = (struct ttl_policy){ TTL_PRIVATE, 125, 250 };
	world_start(w);
	bool moved = false;
	uint32_t first = 0;
	for (unsigned i = 0; i < 50; i++) {
		struct client *c = world_resolve(w, "www.example.com.", TYPE_A, 0);
		uint32_t ttl = c->reply.section[SECTION_ANSWER].sets[0].ttl;
		CU_ASSERT_TRUE(ttl >= 38 && ttl <= 75);
		first = i == 0 ? ttl : first;
		moved |= ttl != first;
		world_sleep(w, 1);
	}
	CU_ASSERT_TRUE(moved);
	world_free(w);
}

static void test_rfc8198_what_spans_deny_is_not_asked_for(void)
{
	static const struct {
		const char *name;
		uint16_t type, rcode;
	} cases[] = {
		{ "b.secure.", TYPE_A, RCODE_NXDOMAIN },
		{ "deep.below.zz.secure.", TYPE_AAAA, RCODE_NXDOMAIN },
		{ "www.secure.", TYPE_MX, RCODE_NOERROR },
		{ "keyed.secure.", TYPE_A, RCODE_NOERROR }, /* empty, but there */
	};
	struct world *w = net_new();
	w->policy.validate = w->policy.aggressive = true;
	world_start(w);
	(void)world_resolve(w, "a.secure.", TYPE_A, 0);
	unsigned sends = w->sends;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct client *c = world_resolve(w, cases[i].name, cases[i].type, WORLD_DO);
		struct name zone = name_of("secure.");
		CU_ASSERT_EQUAL(c->reply.rcode, cases[i].rcode);
		CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].count, 0);
		CU_ASSERT_TRUE((c->reply.flags & FLAG_AD) != 0);
		CU_ASSERT_PTR_NOT_NULL(message_find(&c->reply, SECTION_AUTHORITY, &zone, TYPE_SOA));
		CU_ASSERT_TRUE(c->reply.section[SECTION_AUTHORITY].count >= 2);
	}
	CU_ASSERT_EQUAL(w->sends, sends);
	struct client *c = world_resolve(w, "www.secure.", TYPE_A, 0);
	CU_ASSERT_TRUE(world_has_address(c, "www.secure.", "198.51.100.2"));
	world_sleep(w, 301);
	sends = w->sends;
	(void)world_resolve(w, "b.secure.", TYPE_A, 0);
	CU_ASSERT_TRUE(w->sends > sends);
	world_free(w);
}

static void test_rfc8198_synthesised_ttls_count_down(void)
{
	struct world *w = net_new();
	w->policy.validate = w->policy.aggressive = true;
	world_start(w);
	(void)world_resolve(w, "a.secure.", TYPE_A, 0);
	world_sleep(w, 100);
	struct client *c = world_resolve(w, "b.secure.", TYPE_A, 0);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_AUTHORITY].sets[0].ttl, 200);
	world_free(w);
}

static void test_rfc9824_compact_denial_is_nxdomain_for_who_does_not_see_the_nsec(void)
{
	struct world *w = validating();
	CU_ASSERT_EQUAL(world_resolve(w, "gone.secure.", TYPE_A, 0)->reply.rcode, RCODE_NXDOMAIN);
	CU_ASSERT_EQUAL(world_resolve(w, "gone.secure.", TYPE_A, WORLD_DO)->reply.rcode, RCODE_NOERROR);
	CU_ASSERT_EQUAL(world_resolve(w, "www.secure.", TYPE_MX, 0)->reply.rcode, RCODE_NOERROR);
	world_free(w);
}

static void test_full_sections_bring_ns_and_addresses_that_are_known(void)
{
	struct world *w = net_new();
	w->policy.minimal = false;
	world_start(w);
	(void)world_resolve(w, "example.com.", TYPE_NS, 0);
	(void)world_resolve(w, "ns.example.com.", TYPE_A, 0);
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, 0);
	struct name zone = name_of("example.com."), ns = name_of("ns.example.com.");
	CU_ASSERT_PTR_NOT_NULL(message_find(&c->reply, SECTION_AUTHORITY, &zone, TYPE_NS));
	CU_ASSERT_PTR_NOT_NULL(message_find(&c->reply, SECTION_ADDITIONAL, &ns, TYPE_A));
	world_free(w);
}

static void test_what_is_asked_again_is_answered_finished(void)
{
	static const struct {
		const char *name;
		uint16_t type;
		uint32_t flags;
	} cases[] = {
		{ "www.example.com.", TYPE_A, 0 },
		{ "wWw.example.com.", TYPE_AAAA, WORLD_EDNS },
		{ "leaf.tree.example.com.", TYPE_A, 0 },
		{ "alias.example.com.", TYPE_A, WORLD_DO },
		{ "nix.example.com.", TYPE_A, 0 },
		{ "txt.example.com.", TYPE_ANY, 0 },
		{ "www.secure.", TYPE_A, WORLD_DO | FLAG_AD },
	};
	struct world *w = net_new();
	w->policy.validate = w->keep_finished = true;
	world_start(w);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)world_resolve(w, cases[i].name, cases[i].type, cases[i].flags);
		uint64_t before = tasks_count(w->tasks).finished;
		struct client *made = world_resolve(w, cases[i].name, cases[i].type, cases[i].flags);
		CU_ASSERT_EQUAL(tasks_count(w->tasks).finished, before);
		uint8_t first[1232];
		size_t len = made->len;
		memcpy(first, w->reply, len);
		struct client *kept = world_resolve(w, cases[i].name, cases[i].type, cases[i].flags);
		CU_ASSERT_EQUAL(tasks_count(w->tasks).finished, before + 1);
		CU_ASSERT_EQUAL(kept->len, len);
		CU_ASSERT_EQUAL(memcmp(w->reply + 2, first + 2, len - 2), 0);
		CU_ASSERT_EQUAL(kept->reply.id, kept->query.id);
	}
	(void)world_resolve(w, "www.secure.", TYPE_A, FLAG_CD);
	CU_ASSERT_FALSE((world_resolve(w, "www.secure.", TYPE_A, 0)->reply.flags & FLAG_AD) != 0);
	world_free(w);
}

static void test_a_finished_reply_lives_no_longer_than_its_records(void)
{
	struct world *w = net_new();
	w->keep_finished = true;
	world_start(w);
	for (unsigned i = 0; i < 3; i++)
		(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
	world_sleep(w, 290);
	struct client *c = world_ask(w, "www.example.com.", TYPE_A, FLAG_RD);
	CU_ASSERT_EQUAL(c->reply.section[SECTION_ANSWER].sets[0].ttl, 10);
	CU_ASSERT_EQUAL(tasks_count(w->tasks).finished, 2);
	world_sleep(w, 10);
	CU_ASSERT_EQUAL(world_ask(w, "www.example.com.", TYPE_A, FLAG_RD)->asked, ASKED_PENDING);
	world_free(w);
}

static const struct unit_test tests[] = {
	UNIT(test_e21_ad_is_set_for_secure_data_and_clients_that_understand_it),
	UNIT(test_bogus_data_is_for_those_who_check_themselves),
	UNIT(test_what_came_with_cd_and_is_judged_later_keeps_its_age_and_lifetime),
	UNIT(test_b10_what_came_with_cd_is_judged_before_others_see_it),
	UNIT(test_a_judgement_gets_the_keys_it_asks_for),
	UNIT(test_rfc8482_any_gets_one_rrset_or_hinfo),
	UNIT(test_t11_without_rd_nothing_of_the_cache_is_told),
	UNIT(test_types_and_classes_that_are_no_data_are_refused),
	UNIT(test_rfc2181_what_does_not_fit_is_left_out_whole),
	UNIT(test_t13_a_public_name_has_no_private_address),
	UNIT(test_t13_names_of_the_allow_list_may_have_private_addresses),
	UNIT(test_ttls_count_down_when_the_policy_says_so),
	UNIT(test_private_ttls_are_drawn_for_misses_and_hits_alike),
	UNIT(test_what_is_asked_again_is_answered_finished),
	UNIT(test_a_finished_reply_lives_no_longer_than_its_records),
	UNIT(test_rfc8198_what_spans_deny_is_not_asked_for),
	UNIT(test_rfc8198_synthesised_ttls_count_down),
	UNIT(test_rfc9824_compact_denial_is_nxdomain_for_who_does_not_see_the_nsec),
	UNIT(test_full_sections_bring_ns_and_addresses_that_are_known),
};

extern const struct unit_suite suite_reply;
const struct unit_suite suite_reply = { "reply", tests, sizeof(tests) / sizeof(tests[0]) };
