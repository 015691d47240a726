#include "tests/unit.h"
#include "tests/validator/suites.h"
#include "tests/validator/tree.h"
#include "validator/crypto.h"
#include "validator/dnskey.h"
#include <stdio.h>
#include <string.h>

/* "." and below it "z", with the DS records and the signing asked for. */
static void plant_pair(struct tree *t, const char *ds, const struct zone_plan *plan)
{
	char text[4096];
	struct zone_plan root = world_plan(ZONE_NSEC, t->root);
	snprintf(text, sizeof(text), "%sz NS ns.invalid.\n%s", tree_soa, ds);
	world_add(&t->w, ".", text, &root);
	snprintf(text, sizeof(text), "%swww A 192.0.2.1\n*.any A 192.0.2.2\ncut NS ns.invalid.\n",
		 tree_soa);
	world_add(&t->w, "z", text, plan);
	world_trust_key(&t->w, ".", t->root);
}

static void expect(struct tree *t, const char *why, const char *name, uint16_t type,
		   enum security security, uint16_t ede)
{
	world_forget(&t->w);
	const struct judged *j = world_ask(&t->w, name, type);
	if (j->verdict.security != security || j->verdict.reason.ede != ede)
		printf("%s: %s %s\n", why, security_text(j->verdict.security),
		       j->verdict.reason.text != NULL ? j->verdict.reason.text : "");
	CU_ASSERT_EQUAL(j->verdict.security, security);
	CU_ASSERT_EQUAL(j->verdict.reason.ede, ede);
}

static void ds_of_z(const struct sign_key *k, uint8_t digest, char *out, size_t size)
{
	struct name z = name_of("z");
	CU_ASSERT_EQUAL_FATAL(zone_ds_text(&z, k, digest, out, size), ERR_OK);
}

static void test_every_algorithm_secures_a_zone_or_leaves_it_insecure_e4_e5(void)
{
	static const struct {
		uint8_t algorithm, claimed;
		bool allow_sha1;
		enum security security;
		uint16_t ede;
	} rows[] = {
		{ 5, 5, false, SECURITY_INSECURE, EDE_UNSUPPORTED_ALGORITHM },
		{ 7, 7, false, SECURITY_INSECURE, EDE_UNSUPPORTED_ALGORITHM },
		{ 5, 5, true, SECURITY_SECURE, EDE_NONE },
		{ 7, 7, true, SECURITY_SECURE, EDE_NONE },
		{ 8, 8, false, SECURITY_SECURE, EDE_NONE },
		{ 10, 10, false, SECURITY_SECURE, EDE_NONE },
		{ 13, 13, false, SECURITY_SECURE, EDE_NONE },
		{ 14, 14, false, SECURITY_SECURE, EDE_NONE },
		{ 15, 15, false, SECURITY_SECURE, EDE_NONE },
		{ 16, 16, false, SECURITY_SECURE, EDE_NONE },
		{ 8, 1, true, SECURITY_INSECURE, EDE_UNSUPPORTED_ALGORITHM },
		{ 13, 3, true, SECURITY_INSECURE, EDE_UNSUPPORTED_ALGORITHM },
		{ 13, 12, true, SECURITY_INSECURE, EDE_UNSUPPORTED_ALGORITHM },
		{ 13, 250, false, SECURITY_INSECURE, EDE_UNSUPPORTED_ALGORITHM },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char ds[512];
		struct tree t = { 0 };
		plant_keys(&t);
		struct sign_key *k = sign_key_new(rows[i].algorithm, 257, 0);
		CU_ASSERT_PTR_NOT_NULL_FATAL(k);
		sign_key_set_algorithm(k, rows[i].claimed);
		ds_of_z(k, DIGEST_SHA256, ds, sizeof(ds));
		struct zone_plan plan = world_plan(ZONE_NSEC3, k);
		plant_pair(&t, ds, &plan);
		t.w.policy.allow_sha1 = rows[i].allow_sha1;
		expect(&t, "algorithm", "www.z", TYPE_A, rows[i].security, rows[i].ede);
		expect(&t, "algorithm", "nope.z", TYPE_A, rows[i].security, rows[i].ede);
		fell(&t);
		sign_key_free(k);
	}
}

/* What the DS RRset of "z" holds: of the key in use, of one nobody has, of an unknown kind. */
#define LOST(algorithm, digest, hex) "z DS 1 " algorithm " " digest " " hex "\n"
#define HEX32 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void test_any_one_ds_will_do_but_unknown_ones_count_for_nothing_e2_e3(void)
{
	static const struct {
		const char *why;
		uint8_t good; /* digest type of a DS of the key in use; 0: none */
		const char *others;
		bool allow_sha1;
		enum security security;
		uint16_t ede;
	} rows[] = {
		{ "good and unknown algorithm", 2, LOST("250", "2", HEX32), false, SECURITY_SECURE,
		  EDE_NONE },
		{ "bad and unknown algorithm", 0, LOST("13", "2", HEX32) LOST("250", "2", HEX32),
		  false, SECURITY_BOGUS, EDE_DNSKEY_MISSING },
		{ "unknown algorithm only", 0, LOST("250", "2", HEX32), false, SECURITY_INSECURE,
		  EDE_UNSUPPORTED_ALGORITHM },
		{ "unknown digest only", 0, LOST("13", "3", HEX32), false, SECURITY_INSECURE,
		  EDE_UNSUPPORTED_DIGEST },
		{ "unknown digest and unknown algorithm", 0,
		  LOST("13", "3", HEX32) LOST("250", "2", HEX32), false, SECURITY_INSECURE,
		  EDE_UNSUPPORTED_DIGEST },
		{ "SHA-384", 4, "", false, SECURITY_SECURE, EDE_NONE },
		{ "SHA-1 only", 1, "", false, SECURITY_INSECURE, EDE_UNSUPPORTED_DIGEST },
		{ "SHA-1 only, allowed", 1, "", true, SECURITY_SECURE, EDE_NONE },
		{ "E3: SHA-1 good, SHA-256 bad", 1, LOST("13", "2", HEX32), true, SECURITY_BOGUS,
		  EDE_DNSKEY_MISSING },
		{ "SHA-1 good, SHA-256 of an unknown algorithm", 1, LOST("250", "2", HEX32), true,
		  SECURITY_SECURE, EDE_NONE },
		{ "digest of wrong length", 0, LOST("13", "2", "0011"), false, SECURITY_BOGUS,
		  EDE_DNSKEY_MISSING },
		{ "one good among eight", 2,
		  LOST("13", "2", HEX32) LOST("14", "2", HEX32) LOST("15", "2", HEX32)
		      LOST("16", "2", HEX32) LOST("8", "2", HEX32) LOST("10", "2", HEX32)
			  LOST("8", "2", "00" HEX32),
		  false, SECURITY_SECURE, EDE_NONE },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char good[512] = "", ds[2048];
		struct tree t = { 0 };
		plant_keys(&t);
		if (rows[i].good != 0)
			ds_of_z(t.tld, rows[i].good, good, sizeof(good));
		snprintf(ds, sizeof(ds), "%s%s", rows[i].others, good);
		struct zone_plan plan = world_plan(ZONE_NSEC, t.tld);
		plant_pair(&t, ds, &plan);
		t.w.policy.allow_sha1 = rows[i].allow_sha1;
		expect(&t, rows[i].why, "www.z", TYPE_A, rows[i].security, rows[i].ede);
		fell(&t);
	}
}

static void test_dates_are_serial_numbers_with_some_skew_e19(void)
{
	static const struct {
		int64_t shift; /* of the clock */
		enum security security;
		uint16_t ede;
	} rows[] = {
		{ 0, SECURITY_SECURE, EDE_NONE },
		{ -3600, SECURITY_SECURE, EDE_NONE },
		{ -3600 - 240, SECURITY_SECURE, EDE_NONE },
		{ -3600 - 301, SECURITY_BOGUS, EDE_SIGNATURE_NOT_YET_VALID },
		{ -86400, SECURITY_BOGUS, EDE_SIGNATURE_NOT_YET_VALID },
		{ -10 * 31536000, SECURITY_BOGUS, EDE_SIGNATURE_NOT_YET_VALID },
		{ 7 * 86400, SECURITY_SECURE, EDE_NONE },
		{ 7 * 86400 + 240, SECURITY_SECURE, EDE_NONE },
		{ 7 * 86400 + 301, SECURITY_BOGUS, EDE_SIGNATURE_EXPIRED },
		{ 10 * 31536000, SECURITY_BOGUS, EDE_SIGNATURE_EXPIRED },
		{ INT64_C(1) << 32, SECURITY_SECURE, EDE_NONE }, /* 2106 and beyond */
	};
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		t.w.now.wall_s = WORLD_NOW + rows[i].shift;
		expect(&t, "clock", "www.tld", TYPE_A, rows[i].security, rows[i].ede);
	}
	fell(&t);
}

static void test_signatures_bound_the_ttl_rfc4035_section_5_3_3(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC);
	const struct judged *j = world_ask(&t.w, "www.tld", TYPE_A);
	CU_ASSERT_EQUAL(j->verdict.ttl_max, 7 * 86400);
	CU_ASSERT_EQUAL(j->outcome.set->ttl, 3600);
	world_forget(&t.w);
	t.w.now.wall_s = WORLD_NOW + 7 * 86400 - 10;
	j = world_ask(&t.w, "nope.tld", TYPE_A);
	CU_ASSERT_EQUAL(j->verdict.ttl_max, 10);
	CU_ASSERT_EQUAL(j->outcome.soa->ttl, 3600); /* T of cache/ttl.h: not when it was judged */
	CU_ASSERT_EQUAL(j->outcome.proofs[0]->ttl, 300);
	fell(&t);
}

static void test_original_ttl_caps_a_stretched_one(void)
{
	struct tree t = { 0 };
	plant_keys(&t);
	char ds[512];
	ds_of_z(t.tld, DIGEST_SHA256, ds, sizeof(ds));
	struct zone_plan plan = world_plan(ZONE_NSEC, t.tld);
	plan.how.original_ttl = 60;
	plant_pair(&t, ds, &plan);
	CU_ASSERT_EQUAL(world_ask(&t.w, "www.z", TYPE_A)->outcome.set->ttl, 60);
	fell(&t);
}

static void test_wrong_signatures_of_every_kind_are_told_apart_e6_e14(void)
{
	static const struct {
		const char *why;
		struct sign_how how;
		uint16_t ede;
	} rows[] = {
		{ "expiration before inception",
		  { .inception = WORLD_NOW, .expiration = WORLD_NOW - 9 },
		  EDE_SIGNATURE_EXPIRED_BEFORE_VALID },
		{ "wrong tag", { .set_tag = true, .tag = 1 }, EDE_DNSKEY_MISSING },
		{ "covers another type", { .covered = TYPE_TXT }, EDE_BOGUS },
		{ "one bit", { .break_signature = true }, EDE_BOGUS },
		{ "E6: labels 0", { .set_labels = true, .labels = 0 }, EDE_BOGUS },
		{ "labels 3", { .set_labels = true, .labels = 3 }, EDE_BOGUS },
		{ "labels 255", { .set_labels = true, .labels = 255 }, EDE_BOGUS },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tree t = { 0 };
		plant_keys(&t);
		struct name z = name_of("z");
		char ds[512];
		ds_of_z(t.tld, DIGEST_SHA256, ds, sizeof(ds));
		struct zone_plan plan = world_plan(ZONE_NSEC, t.tld);
		plant_pair(&t, ds, &plan);
		struct zone *zone = &t.w.zones[1];
		struct sign_how how = rows[i].how;
		if (how.expiration == 0) {
			how.inception = plan.how.inception;
			how.expiration = plan.how.expiration;
		}
		for (unsigned s = 0; s < zone->set_count; s++) {
			if (zone->sets[s]->type != TYPE_A)
				continue;
			zone->sets[s]->sig_count = 0;
			CU_ASSERT_EQUAL_FATAL(sign_rrset(t.w.arena, zone->sets[s], t.tld, &z, &how),
					      ERR_OK);
		}
		expect(&t, rows[i].why, "www.z", TYPE_A, SECURITY_BOGUS, rows[i].ede);
		fell(&t);
	}
}

static void test_keys_that_may_not_sign_do_not_count_e14(void)
{
	static const uint16_t flags[] = { 1, 0, 385, 384 };
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		char ds[512];
		struct tree t = { 0 };
		plant_keys(&t);
		sign_key_set_flags(t.tld, flags[i]);
		ds_of_z(t.tld, DIGEST_SHA256, ds, sizeof(ds));
		struct zone_plan plan = world_plan(ZONE_NSEC, t.tld);
		plant_pair(&t, ds, &plan);
		expect(&t, "flags", "www.z", TYPE_A, SECURITY_BOGUS, EDE_DNSKEY_MISSING);
		fell(&t);
	}
}

static void test_zone_signing_key_without_the_zone_flag_has_its_own_code(void)
{
	char ds[512];
	struct tree t = { 0 };
	plant_keys(&t);
	ds_of_z(t.tld, DIGEST_SHA256, ds, sizeof(ds));
	sign_key_set_flags(t.safe, 0);
	struct zone_plan plan = world_plan(ZONE_NSEC, t.tld);
	plan.keys[plan.key_count++] = t.safe;
	plant_pair(&t, ds, &plan);
	expect(&t, "flags", "www.z", TYPE_A, SECURITY_BOGUS, EDE_NO_ZONE_KEY_BIT);
	fell(&t);
}

static void test_ksk_and_zsk_of_different_algorithms(void)
{
	char ds[512];
	struct tree t = { 0 };
	plant_keys(&t);
	ds_of_z(t.tld, DIGEST_SHA256, ds, sizeof(ds));
	sign_key_set_flags(t.safe, 256);
	struct zone_plan plan = world_plan(ZONE_NSEC, t.tld);
	plan.keys[plan.key_count++] = t.safe;
	plant_pair(&t, ds, &plan);
	expect(&t, "split", "www.z", TYPE_A, SECURITY_SECURE, EDE_NONE);
	fell(&t);
}

static void test_nsec3_iterations_above_the_limit_are_insecure_rfc9276(void)
{
	static const struct {
		uint16_t iterations;
		enum security security;
		uint16_t ede;
	} rows[] = {
		{ 0, SECURITY_SECURE, EDE_NONE },
		{ 50, SECURITY_SECURE, EDE_NONE },
		{ 51, SECURITY_INSECURE, EDE_UNSUPPORTED_NSEC3_ITERATIONS },
		{ 150, SECURITY_INSECURE, EDE_UNSUPPORTED_NSEC3_ITERATIONS },
		{ 2500, SECURITY_INSECURE, EDE_UNSUPPORTED_NSEC3_ITERATIONS },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char ds[512];
		struct tree t = { 0 };
		plant_keys(&t);
		ds_of_z(t.tld, DIGEST_SHA256, ds, sizeof(ds));
		struct zone_plan plan = world_plan(ZONE_NSEC3, t.tld);
		plan.iterations = rows[i].iterations;
		plant_pair(&t, ds, &plan);
		expect(&t, "NXDOMAIN", "nope.z", TYPE_A, rows[i].security, rows[i].ede);
		expect(&t, "NODATA", "www.z", TYPE_TXT, rows[i].security, rows[i].ede);
		expect(&t, "wildcard", "x.any.z", TYPE_A, rows[i].security, rows[i].ede);
		expect(&t, "DS", "cut.z", TYPE_DS, rows[i].security, rows[i].ede);
		expect(&t, "positive", "www.z", TYPE_A, SECURITY_SECURE, EDE_NONE);
		fell(&t);
	}
}

static void test_opt_out_is_insecure_where_it_hides_something_e11(void)
{
	char ds[512];
	struct tree t = { 0 };
	plant_keys(&t);
	ds_of_z(t.tld, DIGEST_SHA256, ds, sizeof(ds));
	struct zone_plan plan = world_plan(ZONE_NSEC3, t.tld);
	plan.opt_out = true;
	plant_pair(&t, ds, &plan);
	expect(&t, "positive", "www.z", TYPE_A, SECURITY_SECURE, EDE_NONE);
	expect(&t, "matched NODATA", "www.z", TYPE_TXT, SECURITY_SECURE, EDE_NONE);
	expect(&t, "NXDOMAIN", "nope.z", TYPE_A, SECURITY_INSECURE, EDE_NONE);
	expect(&t, "DS", "cut.z", TYPE_DS, SECURITY_INSECURE, EDE_NONE);
	expect(&t, "wildcard", "x.any.z", TYPE_A, SECURITY_INSECURE, EDE_NONE);
	world_forget(&t.w);
	const struct judged *j = world_ask(&t.w, "cut.z", TYPE_DS);
	CU_ASSERT(j->verdict.opt_out);
	CU_ASSERT_EQUAL_FATAL(j->outcome.proof_count > 0, true);
	CU_ASSERT_EQUAL(j->outcome.proofs[0]->security, SECURITY_SECURE);
	fell(&t);
}

static void test_wildcard_answers_say_so(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC);
	CU_ASSERT(world_ask(&t.w, "x.wild.tld", TYPE_A)->verdict.wildcard);
	CU_ASSERT_FALSE(world_ask(&t.w, "*.wild.tld", TYPE_A)->verdict.wildcard);
	CU_ASSERT_FALSE(world_ask(&t.w, "www.tld", TYPE_A)->verdict.wildcard);
	fell(&t);
}

static void test_negative_anchors_make_insecure_and_no_more_e20(void)
{
	struct tree t = { 0 };
	struct name nta = name_of("safe.tld");
	plant(&t, ZONE_NSEC);
	t.w.policy.ntas = &nta;
	t.w.policy.nta_count = 1;
	expect(&t, "below", "www.safe.tld", TYPE_A, SECURITY_INSECURE, EDE_NTA);
	expect(&t, "at", "safe.tld", TYPE_NS, SECURITY_INSECURE, EDE_NTA);
	expect(&t, "its DS is the parent's", "safe.tld", TYPE_DS, SECURITY_SECURE, EDE_NONE);
	expect(&t, "beside", "www.tld", TYPE_A, SECURITY_SECURE, EDE_NONE);
	world_trust_key(&t.w, "safe.tld", t.safe);
	expect(&t, "anchor at the same name", "www.safe.tld", TYPE_A, SECURITY_INSECURE, EDE_NTA);
	nta = name_of("tld");
	expect(&t, "anchor below", "www.safe.tld", TYPE_A, SECURITY_SECURE, EDE_NONE);
	expect(&t, "not below the anchor", "www.tld", TYPE_A, SECURITY_INSECURE, EDE_NTA);
	t.w.policy.nta_count = 0;
	fell(&t);
}

static void test_what_is_spared_is_insecure_without_a_word(void)
{
	struct tree t = { 0 };
	struct name spared = name_of("safe.tld");
	plant(&t, ZONE_NSEC);
	t.w.policy.spared = &spared;
	t.w.policy.spared_count = 1;
	expect(&t, "below", "www.safe.tld", TYPE_A, SECURITY_INSECURE, EDE_NONE);
	expect(&t, "at", "safe.tld", TYPE_NS, SECURITY_INSECURE, EDE_NONE);
	expect(&t, "its DS is the parent's", "safe.tld", TYPE_DS, SECURITY_SECURE, EDE_NONE);
	expect(&t, "beside", "www.tld", TYPE_A, SECURITY_SECURE, EDE_NONE);
	world_trust_key(&t.w, "safe.tld", t.safe);
	spared = name_of("tld");
	expect(&t, "anchor below", "www.safe.tld", TYPE_A, SECURITY_SECURE, EDE_NONE);
	t.w.policy.spared_count = 0;
	fell(&t);
}

static void test_islands_of_security_have_their_own_anchor(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC3);
	world_trust_key(&t.w, "safe.tld", t.safe);
	expect(&t, "island", "www.safe.tld", TYPE_A, SECURITY_SECURE, EDE_NONE);
	expect(&t, "island", "nope.safe.tld", TYPE_A, SECURITY_SECURE, EDE_NONE);
	expect(&t, "sea", "www.tld", TYPE_A, SECURITY_INSECURE, EDE_NONE);
	expect(&t, "DS of the island", "safe.tld", TYPE_DS, SECURITY_INSECURE, EDE_NONE);
	expect(&t, "root", ".", TYPE_SOA, SECURITY_INSECURE, EDE_NONE);
	world_trust_key(&t.w, "safe.tld", t.tld);
	expect(&t, "wrong anchor", "www.safe.tld", TYPE_A, SECURITY_BOGUS, EDE_DNSKEY_MISSING);
	fell(&t);
}

static void test_anchors_of_unknown_algorithms_never_mean_insecure_f4_f8(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC);
	world_trust(&t.w, ". DS 1 250 2 " HEX32 "\n");
	expect(&t, "unknown only", "www.tld", TYPE_A, SECURITY_BOGUS, EDE_DNSKEY_MISSING);
	fell(&t);
}

static const struct unit_test tests[] = {
	UNIT(test_every_algorithm_secures_a_zone_or_leaves_it_insecure_e4_e5),
	UNIT(test_any_one_ds_will_do_but_unknown_ones_count_for_nothing_e2_e3),
	UNIT(test_dates_are_serial_numbers_with_some_skew_e19),
	UNIT(test_signatures_bound_the_ttl_rfc4035_section_5_3_3),
	UNIT(test_original_ttl_caps_a_stretched_one),
	UNIT(test_wrong_signatures_of_every_kind_are_told_apart_e6_e14),
	UNIT(test_keys_that_may_not_sign_do_not_count_e14),
	UNIT(test_zone_signing_key_without_the_zone_flag_has_its_own_code),
	UNIT(test_ksk_and_zsk_of_different_algorithms),
	UNIT(test_nsec3_iterations_above_the_limit_are_insecure_rfc9276),
	UNIT(test_opt_out_is_insecure_where_it_hides_something_e11),
	UNIT(test_wildcard_answers_say_so),
	UNIT(test_negative_anchors_make_insecure_and_no_more_e20),
	UNIT(test_what_is_spared_is_insecure_without_a_word),
	UNIT(test_islands_of_security_have_their_own_anchor),
	UNIT(test_anchors_of_unknown_algorithms_never_mean_insecure_f4_f8),
};
const struct unit_suite suite_plans = { "plans", tests, sizeof(tests) / sizeof(tests[0]) };
