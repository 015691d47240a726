#include "resolver/wire/cut.h"
#include "resolver/wire/outcome.h"
#include "resolver/wire/rrset.h"
#include "tests/unit.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define RDATA(bytes)                                                                               \
	{                                                                                          \
		sizeof(bytes) - 1, (const uint8_t *)(bytes)                                        \
	}

static void test_a_copy_shares_nothing_with_its_source(void)
{
	uint8_t octets[] = { 192, 0, 2, 1 };
	struct rdata rdata[] = { { 4, octets }, { 0, NULL } }, sigs[] = { RDATA("signature") };
	struct rrset s = { .owner = name_of("a.example."),
			   .type = TYPE_A,
			   .class = CLASS_IN,
			   .ttl = 5,
			   .count = 2,
			   .sig_count = 1,
			   .rank = RANK_ANSWER,
			   .security = SECURITY_SECURE,
			   .rdata = rdata,
			   .sigs = sigs };
	struct arena *a = arena_new(4096);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	struct rrset *copy = rrset_copy(a, &s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	CU_ASSERT_TRUE(rrset_same_data(copy, &s));
	octets[0] = 10;
	CU_ASSERT_FALSE(rrset_same_data(copy, &s));
	CU_ASSERT_EQUAL(copy->rdata[0].octets[0], 192);
	CU_ASSERT_TRUE(copy->ttl == 5 && copy->rank == RANK_ANSWER &&
		       copy->security == SECURITY_SECURE);
	CU_ASSERT_TRUE(copy->sigs[0].len == 9 && memcmp(copy->sigs[0].octets, "signature", 9) == 0);
	arena_fail_after(a, 1);
	CU_ASSERT_PTR_NULL(rrset_copy(a, &s));
	arena_free(a);
}

static void test_same_data_ignores_order_ttl_and_case_of_the_owner(void)
{
	struct rdata one[] = { RDATA("1111"), RDATA("2222"), RDATA("33") };
	struct rdata turned[] = { RDATA("33"), RDATA("1111"), RDATA("2222") };
	struct rdata other[] = { RDATA("33"), RDATA("1111"), RDATA("2223") };
	struct rrset a = {
		.owner = name_of("x."), .type = 16, .class = 1, .ttl = 1, .count = 3, .rdata = one
	};
	struct rrset b = a, c = a, d = a, e = a;
	b.rdata = turned;
	b.ttl = 2;
	b.owner = name_of("X.");
	c.rdata = other;
	d.count = 2;
	e.type = 17;
	CU_ASSERT_TRUE(rrset_same_data(&a, &b));
	CU_ASSERT_FALSE(rrset_same_data(&a, &c));
	CU_ASSERT_FALSE(rrset_same_data(&a, &d));
	CU_ASSERT_FALSE(rrset_same_data(&a, &e));
}

static void test_targets_are_found_behind_the_fixed_part(void)
{
	static const struct {
		uint16_t type;
		struct rdata rdata;
		enum err err;
	} cases[] = {
		{ TYPE_NS, RDATA("\2ns\0"), ERR_OK },
		{ TYPE_CNAME, RDATA("\2ns\0"), ERR_OK },
		{ TYPE_DNAME, RDATA("\2ns\0"), ERR_OK },
		{ TYPE_PTR, RDATA("\2ns\0"), ERR_OK },
		{ TYPE_MX, RDATA("\0\12\2ns\0"), ERR_OK },
		{ TYPE_SRV, RDATA("\0\1\0\2\0\3\2ns\0"), ERR_OK },
		{ TYPE_A, RDATA("\2ns\0"), ERR_UNSUPPORTED },
		{ TYPE_NS, RDATA("\2ns\0x"), ERR_FORMAT },
		{ TYPE_NS, RDATA("\2ns"), ERR_SHORT },
		{ TYPE_MX, RDATA("\0"), ERR_SHORT },
		{ TYPE_NS, RDATA("\xc0\0"), ERR_FORMAT },
	};
	struct name want = name_of("ns.");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct name n = name_of("kept.");
		CU_ASSERT_EQUAL(rdata_target(cases[i].type, &cases[i].rdata, &n), cases[i].err);
		CU_ASSERT_EQUAL(name_equal(&n, &want), cases[i].err == ERR_OK);
	}
}

static void test_soa_is_read_in_order_and_to_its_end(void)
{
	static const char wire[] = "\1m\0\1r\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5";
	struct rdata whole = { sizeof(wire) - 1, (const uint8_t *)wire };
	struct soa s = { .serial = 99 };
	CU_ASSERT_EQUAL(rdata_soa(&whole, &s), ERR_OK);
	CU_ASSERT_TRUE(s.serial == 1 && s.refresh == 2 && s.retry == 3 && s.expire == 4 &&
		       s.minimum == 5);
	CU_ASSERT_TRUE(s.mname.wire[1] == 'm' && s.rname.wire[1] == 'r');
	for (uint16_t len = 0; len < whole.len; len++) {
		struct rdata cut = { len, whole.octets };
		CU_ASSERT_NOT_EQUAL(rdata_soa(&cut, &s), ERR_OK);
	}
}

static void test_rrsig_is_read_in_order(void)
{
	static const char wire[] = "\0\1\15\2\0\0\16\20\0\0\0\2\0\0\0\1\22\64\1z\0SIG";
	struct rdata whole = { sizeof(wire) - 1, (const uint8_t *)wire };
	struct rrsig s;
	CU_ASSERT_EQUAL_FATAL(rdata_rrsig(&whole, &s), ERR_OK);
	CU_ASSERT_TRUE(s.covered == TYPE_A && s.algorithm == 13 && s.labels == 2);
	CU_ASSERT_TRUE(s.original_ttl == 3600 && s.expiration == 2 && s.inception == 1);
	CU_ASSERT_TRUE(s.tag == 0x1234 && s.signer.len == 3);
	CU_ASSERT_TRUE(s.signature_len == 3 && memcmp(s.signature, "SIG", 3) == 0);
	for (uint16_t len = 0; len < 21; len++) {
		struct rdata cut = { len, whole.octets };
		CU_ASSERT_NOT_EQUAL(rdata_rrsig(&cut, &s), ERR_OK);
	}
}

static void test_every_constant_has_words(void)
{
	for (uint8_t i = RANK_NONE; i <= RANK_LOCAL; i++)
		CU_ASSERT_STRING_NOT_EQUAL(rank_text(i), "?");
	for (uint8_t i = SECURITY_UNCHECKED; i <= SECURITY_BOGUS; i++)
		CU_ASSERT_STRING_NOT_EQUAL(security_text(i), "?");
	for (int i = OUTCOME_ANSWER; i <= OUTCOME_FAILURE; i++)
		CU_ASSERT_STRING_NOT_EQUAL(outcome_kind_text((enum outcome_kind)i), "?");
	for (uint16_t i = EDE_OTHER; i <= EDE_UNSUPPORTED_NSEC3_ITERATIONS; i++)
		CU_ASSERT_STRING_NOT_EQUAL(ede_text(i), "Unknown");
	CU_ASSERT_STRING_EQUAL(rank_text(200), "?");
	CU_ASSERT_STRING_EQUAL(security_text(200), "?");
	CU_ASSERT_STRING_EQUAL(ede_text(4000), "Unknown");
}

static const struct unit_test tests[] = {
	UNIT(test_a_copy_shares_nothing_with_its_source),
	UNIT(test_same_data_ignores_order_ttl_and_case_of_the_owner),
	UNIT(test_targets_are_found_behind_the_fixed_part),
	UNIT(test_soa_is_read_in_order_and_to_its_end),
	UNIT(test_rrsig_is_read_in_order),
	UNIT(test_every_constant_has_words),
};
extern const struct unit_suite suite_rrset;
const struct unit_suite suite_rrset = { "rrset", tests, COUNT(tests) };
