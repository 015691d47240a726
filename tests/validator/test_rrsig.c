#include "tests/sign/sign.h"
#include "tests/unit.h"
#include "tests/validator/suites.h"
#include "tests/validator/world.h"
#include "validator/crypto.h"
#include "validator/ds.h"
#include "validator/rrsig.h"
#include <stdio.h>
#include <string.h>

/* RDATA of the least that a type needs. */
static struct rdata least(uint16_t type)
{
	static const uint8_t soa[26] = { 1, 'a', 0, 1, 'b', 0 }, ds[36] = { 0, 1, 13, 2 };
	static const uint8_t nsec[] = { 1, 'a', 0, 0, 1, 0x40 };
	static const uint8_t nsec3[30] = { 1, 0, 0, 0, 0, 20, [26] = 0, 1, 0x40 };
	switch (type) {
	case TYPE_SOA:
		return (struct rdata){ sizeof(soa), soa };
	case TYPE_DS:
		return (struct rdata){ sizeof(ds), ds };
	case TYPE_NSEC:
		return (struct rdata){ sizeof(nsec), nsec };
	case TYPE_NSEC3:
		return (struct rdata){ 29, nsec3 };
	case TYPE_DNSKEY:
		return (struct rdata){ 36, ds };
	case TYPE_A:
		return (struct rdata){ 4, ds };
	default:
		return (struct rdata){ 3, nsec }; /* a name */
	}
}

struct row {
	const char *why;
	uint16_t type;
	const char *owner, *zone;
	const char *signer; /* NULL: the zone */
	int labels;         /* -1: as many as the owner has */
	enum fault fault;
	bool wildcard;
};

static const struct row rows[] = {
	{ "plain", TYPE_A, "a.b.z", "b.z", NULL, -1, FAULT_NONE, false },
	{ "case of the owner", TYPE_A, "A.b.Z", "B.z", NULL, -1, FAULT_NONE, false },
	{ "outside the zone", TYPE_A, "a.c.z", "b.z", NULL, -1, FAULT_SIGNER, false },
	{ "above the zone", TYPE_A, "z", "b.z", NULL, -1, FAULT_SIGNER, false },
	{ "signed by a sibling", TYPE_A, "a.b.z", "b.z", "c.z", -1, FAULT_SIGNER, false },
	{ "signed by the parent", TYPE_A, "a.b.z", "b.z", "z", -1, FAULT_SIGNER, false },
	{ "SOA at the apex", TYPE_SOA, "b.z", "b.z", NULL, -1, FAULT_NONE, false },
	{ "SOA below", TYPE_SOA, "a.b.z", "b.z", NULL, -1, FAULT_SIGNER, false },
	{ "DNSKEY at the apex", TYPE_DNSKEY, "b.z", "b.z", NULL, -1, FAULT_NONE, false },
	{ "DNSKEY below", TYPE_DNSKEY, "a.b.z", "b.z", NULL, -1, FAULT_SIGNER, false },
	{ "E18: DS at the apex", TYPE_DS, "b.z", "b.z", NULL, -1, FAULT_SIGNER, false },
	{ "DS below", TYPE_DS, "a.b.z", "b.z", NULL, -1, FAULT_NONE, false },
	{ "E8: NSEC3 one label below", TYPE_NSEC3, "a.b.z", "b.z", NULL, -1, FAULT_NONE, false },
	{ "E8: NSEC3 two labels below", TYPE_NSEC3, "c.a.b.z", "b.z", NULL, -1, FAULT_SIGNER,
	  false },
	{ "E8: NSEC3 at the apex", TYPE_NSEC3, "b.z", "b.z", NULL, -1, FAULT_SIGNER, false },
	{ "wildcard expanded", TYPE_A, "x.a.b.z", "b.z", NULL, 3, FAULT_NONE, true },
	{ "wildcard expanded far", TYPE_A, "x.a.b.z", "b.z", NULL, 2, FAULT_NONE, true },
	{ "wildcard itself", TYPE_A, "*.b.z", "b.z", NULL, 2, FAULT_NONE, false },
	{ "E6: wildcard above the signer", TYPE_A, "x.a.b.z", "b.z", NULL, 1, FAULT_LABELS, false },
	{ "E6: wildcard of the root", TYPE_A, "x.a.b.z", "b.z", NULL, 0, FAULT_LABELS, false },
	{ "more labels than there are", TYPE_A, "a.b.z", "b.z", NULL, 4, FAULT_LABELS, false },
	{ "expanded NSEC", TYPE_NSEC, "x.a.b.z", "b.z", NULL, 3, FAULT_NONE, true },
	{ "E10: expanded NSEC3", TYPE_NSEC3, "a.b.z", "b.z", NULL, 2, FAULT_LABELS, false },
	{ "E10: expanded DNAME", TYPE_DNAME, "x.a.b.z", "b.z", NULL, 3, FAULT_LABELS, false },
	{ "E10: expanded NS", TYPE_NS, "x.a.b.z", "b.z", NULL, 3, FAULT_LABELS, false },
	{ "E10: expanded DS", TYPE_DS, "x.a.b.z", "b.z", NULL, 3, FAULT_LABELS, false },
	{ "expanded CNAME", TYPE_CNAME, "x.a.b.z", "b.z", NULL, 3, FAULT_NONE, true },
};

struct bench {
	struct arena *arena;
	struct keys *keys;
	struct sign_key *key;
	struct budget budget;
};

static void set_up(struct bench *b)
{
	static const struct siphash_key seed = { 21, 22 };
	b->arena = arena_new(4 << 20);
	b->keys = keys_new(&seed);
	b->key = sign_key_new(ALGORITHM_ED25519, 256, 0);
	budget_init(&b->budget, 0);
	CU_ASSERT_FATAL(b->arena != NULL && b->keys != NULL && b->key != NULL);
}

static void tear_down(struct bench *b)
{
	sign_key_free(b->key);
	keys_free(b->keys);
	arena_free(b->arena);
}

static enum fault verify_dated(struct bench *b, const struct row *row, uint32_t inception,
			       uint32_t expiration, uint32_t skew_s, struct signature *out)
{
	struct name owner = name_of(row->owner), zone = name_of(row->zone);
	struct sign_how how = { .inception = inception, .expiration = expiration };
	struct rrset *keys = sign_new_set(b->arena, &zone, TYPE_DNSKEY, 60);
	struct rrset *set = sign_new_set(b->arena, &owner, row->type, 60);
	struct rdata r = least(row->type);
	CU_ASSERT_FATAL(keys != NULL && set != NULL);
	CU_ASSERT_EQUAL_FATAL(sign_add(b->arena, set, r.octets, r.len), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(
	    sign_add(b->arena, keys, sign_key_rdata(b->key)->octets, sign_key_rdata(b->key)->len),
	    ERR_OK);
	if (row->signer != NULL)
		how.signer = name_of(row->signer);
	how.set_labels = row->labels >= 0;
	how.labels = (uint8_t)row->labels;
	CU_ASSERT_EQUAL_FATAL(sign_rrset(b->arena, set, b->key, &zone, &how), ERR_OK);
	struct verifier by = { .keys = b->keys, .budget = &b->budget, .now = { 0, WORLD_NOW },
			       .skew_s = skew_s };
	return rrsig_verify(&by, set, &zone, keys, out);
}

static enum fault verify_row(struct bench *b, const struct row *row, struct signature *out)
{
	return verify_dated(b, row, WORLD_NOW - 1, WORLD_NOW + 1000, 0, out);
}

static void test_all_checks_of_rfc4035_section_5_3_1(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b;
		struct signature sig = { 0 };
		set_up(&b);
		enum fault f = verify_row(&b, &rows[i], &sig);
		if (f != rows[i].fault)
			printf("%s: %s\n", rows[i].why, fault_reason(f).text);
		CU_ASSERT_EQUAL(f, rows[i].fault);
		CU_ASSERT_EQUAL(sig.wildcard, rows[i].wildcard);
		/* What is wrong on its face costs no signature. */
		CU_ASSERT_EQUAL(b.budget.verifies, LIMIT_VERIFIES - (f == FAULT_NONE));
		tear_down(&b);
	}
}

/* RFC 4034 section 3.1.5: 2^31 - 1 seconds are the most there can be between two dates. */
static void test_tolerance_does_not_wrap_the_farthest_dates(void)
{
	enum { FARTHEST = 0x7fffffff, SKEW = 300 };
	static const struct {
		int64_t inception, expiration; /* from now */
		enum fault fault;
	} rows_of_dates[] = {
		{ 0, FARTHEST, FAULT_NONE },
		{ -1, FARTHEST - 1, FAULT_NONE },
		{ -FARTHEST, 0, FAULT_NONE },
		{ 1 - FARTHEST, 1, FAULT_NONE },
		{ SKEW, FARTHEST, FAULT_NONE },
		{ SKEW + 1, FARTHEST, FAULT_NOT_YET },
		{ -FARTHEST, -SKEW, FAULT_NONE },
		{ -FARTHEST, -SKEW - 1, FAULT_EXPIRED },
	};
	for (size_t i = 0; i < sizeof(rows_of_dates) / sizeof(rows_of_dates[0]); i++) {
		struct bench b;
		struct signature sig;
		set_up(&b);
		CU_ASSERT_EQUAL(verify_dated(&b, &rows[0],
					     (uint32_t)(WORLD_NOW + rows_of_dates[i].inception),
					     (uint32_t)(WORLD_NOW + rows_of_dates[i].expiration), SKEW, &sig),
				rows_of_dates[i].fault);
		tear_down(&b);
	}
}

static void test_the_same_octets_are_not_verified_twice(void)
{
	struct bench b;
	struct signature sig;
	set_up(&b);
	/* An Ed25519 signature is a function of key and data. */
	CU_ASSERT_EQUAL(verify_row(&b, &rows[0], &sig), FAULT_NONE);
	CU_ASSERT_EQUAL(verify_row(&b, &rows[1], &sig), FAULT_NONE);
	CU_ASSERT_EQUAL(b.budget.verifies, LIMIT_VERIFIES - 1);
	tear_down(&b);
}

static void test_every_fault_has_its_own_words(void)
{
	for (int f = FAULT_UNSIGNED; f <= FAULT_MEMORY; f++) {
		struct reason r = fault_reason((enum fault)f);
		CU_ASSERT_PTR_NOT_NULL_FATAL(r.text);
		for (int g = FAULT_UNSIGNED; g < f; g++)
			CU_ASSERT_NOT_EQUAL(strncmp(r.text, fault_reason((enum fault)g).text, 4),
					    0);
	}
	CU_ASSERT_PTR_NULL(fault_reason(FAULT_NONE).text);
	CU_ASSERT_EQUAL(fault_security(FAULT_WRONG), SECURITY_BOGUS);
	CU_ASSERT_EQUAL(fault_security(FAULT_EXHAUSTED), SECURITY_INDETERMINATE);
	CU_ASSERT_EQUAL(fault_security(FAULT_MEMORY), SECURITY_INDETERMINATE);
}

static void test_short_records_are_no_keys_and_no_ds(void)
{
	static const uint8_t octets[4] = { 1, 1, 3, 8 };
	struct name owner = name_of("z");
	struct arena *a = arena_new(4096);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	for (uint16_t len = 0; len < 4; len++) {
		struct rdata r = { len, octets }, out;
		struct dnskey key;
		struct ds ds;
		CU_ASSERT_NOT_EQUAL(dnskey_parse(&r, &key), ERR_OK);
		CU_ASSERT_NOT_EQUAL(ds_parse(&r, &ds), ERR_OK);
		CU_ASSERT_NOT_EQUAL(ds_of(&owner, &r, DIGEST_SHA256, a, &out), ERR_OK);
	}
	struct rdata r = { 4, octets }, out;
	CU_ASSERT_EQUAL(ds_of(&owner, &r, 3, a, &out), ERR_UNSUPPORTED);
	arena_fail_after(a, 1);
	CU_ASSERT_EQUAL(ds_of(&owner, &r, DIGEST_SHA256, a, &out), ERR_NOMEM);
	arena_free(a);
}

static const struct unit_test tests[] = {
	UNIT(test_all_checks_of_rfc4035_section_5_3_1),
	UNIT(test_tolerance_does_not_wrap_the_farthest_dates),
	UNIT(test_the_same_octets_are_not_verified_twice),
	UNIT(test_every_fault_has_its_own_words),
	UNIT(test_short_records_are_no_keys_and_no_ds),
};
const struct unit_suite suite_rrsig = { "rrsig", tests, sizeof(tests) / sizeof(tests[0]) };
