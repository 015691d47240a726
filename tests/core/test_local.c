#include "resolver/core/local.h"
#include "resolver/wire/zonetext.h"
#include "tests/unit.h"

#include <string.h>

struct setting {
	struct arena *arena;
	struct local *local;
	struct outcome outcome;
};

static struct setting set(const struct local_setup *setup)
{
	return (struct setting){ .arena = arena_new((size_t)1 << 20), .local = local_new(setup) };
}

static void clear(struct setting *s)
{
	local_free(s->local);
	arena_free(s->arena);
}

static enum local_found find(struct setting *s, const char *name, uint16_t type)
{
	struct question q = { .name = name_of(name), .type = type, .class = CLASS_IN };
	return local_find(s->local, &q, s->arena, &s->outcome);
}

static bool gives(struct setting *s, const char *name, uint16_t type, enum outcome_kind kind)
{
	return find(s, name, type) == LOCAL_FOUND && s->outcome.kind == kind &&
	       s->outcome.ttl > 0;
}

static void test_special_names_are_answered_as_their_rfcs_say(void)
{
	static const struct {
		const char *name;
		uint16_t type;
		int kind; /* -1: resolve */
	} cases[] = {
		{ "localhost.", TYPE_A, OUTCOME_ANSWER },
		{ "a.b.localhost.", TYPE_AAAA, OUTCOME_ANSWER },
		{ "localhost.", TYPE_MX, OUTCOME_NODATA },
		{ "invalid.", TYPE_A, OUTCOME_NXDOMAIN },
		{ "x.invalid.", TYPE_A, OUTCOME_NXDOMAIN },
		{ "x.test.", TYPE_A, OUTCOME_NXDOMAIN },
		{ "x.onion.", TYPE_A, OUTCOME_NXDOMAIN },
		{ "x.alt.", TYPE_A, OUTCOME_NXDOMAIN },
		{ "printer.local.", TYPE_A, OUTCOME_NXDOMAIN },
		{ "home.arpa.", TYPE_SOA, OUTCOME_ANSWER },
		{ "home.arpa.", TYPE_A, OUTCOME_NODATA },
		{ "tv.home.arpa.", TYPE_A, OUTCOME_NXDOMAIN },
		{ "home.arpa.", TYPE_DS, -1 },
		{ "_dns.resolver.arpa.", TYPE_SVCB, OUTCOME_NODATA },
		{ "resolver.arpa.", TYPE_DS, OUTCOME_NODATA },
		{ "1.1.10.in-addr.arpa.", TYPE_PTR, OUTCOME_NXDOMAIN },
		{ "10.in-addr.arpa.", TYPE_NS, OUTCOME_ANSWER },
		{ "1.16.172.in-addr.arpa.", TYPE_PTR, OUTCOME_NXDOMAIN },
		{ "1.64.100.in-addr.arpa.", TYPE_PTR, OUTCOME_NXDOMAIN },
		{ "1.128.100.in-addr.arpa.", TYPE_PTR, -1 },
		{ "1.32.172.in-addr.arpa.", TYPE_PTR, -1 },
		{ "x.d.f.ip6.arpa.", TYPE_PTR, OUTCOME_NXDOMAIN },
		{ "example.com.", TYPE_A, -1 },
		{ "www.example.", TYPE_A, -1 },
		{ "ipv4only.arpa.", TYPE_A, OUTCOME_ANSWER },
		{ "ipv4only.arpa.", TYPE_AAAA, OUTCOME_NODATA },
		{ "ipv4only.arpa.", TYPE_SOA, OUTCOME_ANSWER },
		{ "ipv4only.arpa.", TYPE_DS, -1 },
		{ "x.ipv4only.arpa.", TYPE_A, OUTCOME_NXDOMAIN },
		{ "170.0.0.192.in-addr.arpa.", TYPE_PTR, OUTCOME_ANSWER },
		{ "171.0.0.192.in-addr.arpa.", TYPE_PTR, OUTCOME_ANSWER },
		{ "171.0.0.192.in-addr.arpa.", TYPE_SOA, OUTCOME_ANSWER },
		{ "171.0.0.192.in-addr.arpa.", TYPE_A, OUTCOME_NODATA },
		{ "171.0.0.192.in-addr.arpa.", TYPE_DS, -1 },
		{ "1.171.0.0.192.in-addr.arpa.", TYPE_PTR, OUTCOME_NXDOMAIN },
		{ "172.0.0.192.in-addr.arpa.", TYPE_PTR, -1 },
		{ "1.127.in-addr.arpa.", TYPE_PTR, OUTCOME_NXDOMAIN },
		{ "notlocalhost.", TYPE_A, -1 },
		{ ".", TYPE_NS, -1 },
	};
	struct local_setup setup = { .special = LOCAL_SPECIAL_ALL };
	struct setting s = set(&setup);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum local_found f = find(&s, cases[i].name, cases[i].type);
		CU_ASSERT_EQUAL(f, cases[i].kind < 0 ? LOCAL_MISS : LOCAL_FOUND);
		if (f == LOCAL_FOUND)
			CU_ASSERT_EQUAL((int)s.outcome.kind, cases[i].kind);
	}
	clear(&s);
}

static void test_each_special_name_has_its_switch(void)
{
	struct local_setup setup = { .special = LOCAL_SPECIAL_ALL & ~(unsigned)LOCAL_TEST };
	struct setting s = set(&setup);
	CU_ASSERT_EQUAL(find(&s, "x.test.", TYPE_A), LOCAL_MISS);
	CU_ASSERT_EQUAL(find(&s, "x.invalid.", TYPE_A), LOCAL_FOUND);
	clear(&s);
	setup.special = LOCAL_REVERSE_SPECIAL | LOCAL_EXAMPLE;
	s = set(&setup);
	CU_ASSERT_EQUAL(find(&s, "1.10.in-addr.arpa.", TYPE_PTR), LOCAL_MISS);
	CU_ASSERT_EQUAL(find(&s, "9.64.100.in-addr.arpa.", TYPE_PTR), LOCAL_MISS);
	CU_ASSERT_EQUAL(find(&s, "x.d.f.ip6.arpa.", TYPE_PTR), LOCAL_MISS);
	CU_ASSERT_EQUAL(find(&s, "1.254.169.in-addr.arpa.", TYPE_PTR), LOCAL_FOUND);
	CU_ASSERT_EQUAL(find(&s, "8.b.d.0.1.0.0.2.ip6.arpa.", TYPE_PTR), LOCAL_FOUND);
	CU_ASSERT_EQUAL(find(&s, "www.example.", TYPE_A), LOCAL_FOUND);
	CU_ASSERT_EQUAL(find(&s, "ipv4only.arpa.", TYPE_A), LOCAL_MISS);
	CU_ASSERT_EQUAL(find(&s, "170.0.0.192.in-addr.arpa.", TYPE_PTR), LOCAL_MISS);
	clear(&s);
	setup.special = LOCAL_REVERSE_PRIVATE;
	s = set(&setup);
	CU_ASSERT_EQUAL(find(&s, "1.10.in-addr.arpa.", TYPE_PTR), LOCAL_FOUND);
	CU_ASSERT_EQUAL(find(&s, "1.127.in-addr.arpa.", TYPE_PTR), LOCAL_MISS);
	clear(&s);
}

static void test_a_configured_zone_is_open_below_a_special_one(void)
{
	struct name open[] = { name_of("1.10.in-addr.arpa."), name_of("home.arpa.") };
	struct local_setup setup = { .special = LOCAL_SPECIAL_ALL, .open = open, .open_count = 2 };
	struct setting s = set(&setup);
	CU_ASSERT_EQUAL(find(&s, "9.1.10.in-addr.arpa.", TYPE_PTR), LOCAL_MISS);
	CU_ASSERT_EQUAL(find(&s, "9.2.10.in-addr.arpa.", TYPE_PTR), LOCAL_FOUND);
	CU_ASSERT_EQUAL(find(&s, "home.arpa.", TYPE_SOA), LOCAL_MISS);
	clear(&s);
}

static void test_rules_block_a_name_or_its_subtree(void)
{
	struct address one = { .family = FAMILY_IPV4, .octets = { 198, 51, 100, 9 } };
	struct local_rule rules[] = {
		{ name_of("ads.example."), true, LOCAL_NXDOMAIN, NULL, 0 },
		{ name_of("good.ads.example."), true, LOCAL_PASS, NULL, 0 },
		{ name_of("only.example."), false, LOCAL_NODATA, NULL, 0 },
		{ name_of("wall.example."), true, LOCAL_ADDRESS, &one, 1 },
		{ name_of("no.example."), true, LOCAL_REFUSE, NULL, 0 },
	};
	struct local_setup setup = { .rules = rules, .rule_count = 5, .rule_ttl_s = 77 };
	struct setting s = set(&setup);
	CU_ASSERT_TRUE(gives(&s, "ads.example.", TYPE_A, OUTCOME_NXDOMAIN));
	CU_ASSERT_EQUAL(s.outcome.reason.ede, EDE_BLOCKED);
	CU_ASSERT_EQUAL(s.outcome.ttl, 77);
	CU_ASSERT_EQUAL(s.outcome.soa->ttl, 77);
	CU_ASSERT_TRUE(gives(&s, "x.ADS.example.", TYPE_MX, OUTCOME_NXDOMAIN));
	CU_ASSERT_EQUAL(find(&s, "x.good.ads.example.", TYPE_A), LOCAL_MISS);
	CU_ASSERT_TRUE(gives(&s, "only.example.", TYPE_A, OUTCOME_NODATA));
	CU_ASSERT_EQUAL(find(&s, "x.only.example.", TYPE_A), LOCAL_MISS);
	CU_ASSERT_TRUE(gives(&s, "x.wall.example.", TYPE_A, OUTCOME_ANSWER));
	CU_ASSERT_EQUAL(memcmp(s.outcome.set->rdata[0].octets, one.octets, 4), 0);
	CU_ASSERT_EQUAL(s.outcome.set->ttl, 77);
	CU_ASSERT_TRUE(gives(&s, "x.wall.example.", TYPE_AAAA, OUTCOME_NODATA));
	CU_ASSERT_EQUAL(find(&s, "x.no.example.", TYPE_A), LOCAL_REFUSED);
	clear(&s);
}

static void test_local_records_answer_and_empty_names_above_them_exist(void)
{
	static const char text[] = "tv.room.home.arpa. 60 A 192.168.1.7\n"
		                   "www.example. 60 A 192.168.1.8\n"
		                   "alias.example. 60 CNAME www.example.\n"
		                   "170.0.0.192.in-addr.arpa. 60 PTR translator.example.\n";
	struct arena *a = arena_new((size_t)1 << 20);
	struct zonetext z = zonetext_of(text, strlen(text));
	struct local_setup setup = { .special = LOCAL_SPECIAL_ALL };
	struct rrset *sets;
	CU_ASSERT_EQUAL_FATAL(zonetext_all(&z, a, &sets, &setup.record_count), ERR_OK);
	setup.records = sets;
	struct setting s = set(&setup);
	arena_free(a);
	CU_ASSERT_TRUE(gives(&s, "tv.room.home.arpa.", TYPE_A, OUTCOME_ANSWER));
	CU_ASSERT_TRUE(gives(&s, "tv.room.home.arpa.", TYPE_AAAA, OUTCOME_NODATA));
	CU_ASSERT_TRUE(gives(&s, "room.home.arpa.", TYPE_A, OUTCOME_NODATA));
	CU_ASSERT_TRUE(gives(&s, "x.room.home.arpa.", TYPE_A, OUTCOME_NXDOMAIN));
	struct name zone = name_of("home.arpa.");
	CU_ASSERT_TRUE(name_equal(&s.outcome.soa->owner, &zone));
	CU_ASSERT_TRUE(gives(&s, "www.example.", TYPE_A, OUTCOME_ANSWER));
	CU_ASSERT_TRUE(gives(&s, "www.example.", TYPE_TXT, OUTCOME_NODATA));
	CU_ASSERT_EQUAL(find(&s, "other.example.", TYPE_A), LOCAL_MISS);
	CU_ASSERT_TRUE(gives(&s, "alias.example.", TYPE_A, OUTCOME_CNAME));
	CU_ASSERT_TRUE(gives(&s, "alias.example.", TYPE_CNAME, OUTCOME_ANSWER));
	CU_ASSERT_TRUE(gives(&s, "170.0.0.192.in-addr.arpa.", TYPE_PTR, OUTCOME_ANSWER));
	CU_ASSERT_EQUAL(s.outcome.ttl, 60);
	clear(&s);
}

static const struct unit_test tests[] = {
	UNIT(test_special_names_are_answered_as_their_rfcs_say),
	UNIT(test_each_special_name_has_its_switch),
	UNIT(test_a_configured_zone_is_open_below_a_special_one),
	UNIT(test_rules_block_a_name_or_its_subtree),
	UNIT(test_local_records_answer_and_empty_names_above_them_exist),
};

extern const struct unit_suite suite_local;
const struct unit_suite suite_local = { "local", tests, sizeof(tests) / sizeof(tests[0]) };
