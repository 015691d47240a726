#include "tests/cache/sample.h"
#include "tests/cache/suites.h"
#include <string.h>

#define SOA_EXAMPLE \
	"example. 900 IN SOA ns.example. root.example. 1 7200 900 1209600 300\n"

static void test_an_answer_is_found_as_the_question_spells_it(void)
{
	struct sample s;
	struct cached found;
	sample_open(&s);
	struct outcome o = sample_answer(&s, "www.example. 300 IN A 192.0.2.1\n"
	                                     "www.example. 300 IN A 192.0.2.2\n",
	                                 SECURITY_INSECURE);
	o.zone = name_of("example.");
	sample_put(&s, "www.example.", TYPE_A, &o);
	sample_pass(&s, 100);
	struct question q = sample_question("wWw.ExAmPlE.", TYPE_A);
	CU_ASSERT_EQUAL_FATAL(cache_find(s.cache, s.now, &q, s.arena, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.outcome.kind, OUTCOME_ANSWER);
	CU_ASSERT(name_equal_exact(&found.outcome.set->owner, &q.name));
	CU_ASSERT(rrset_same_data(found.outcome.set, o.set));
	CU_ASSERT(name_equal(&found.outcome.zone, &o.zone));
	CU_ASSERT_EQUAL(found.outcome.security, SECURITY_INSECURE);
	CU_ASSERT_EQUAL(found.outcome.set->rank, RANK_ANSWER);
	CU_ASSERT_EQUAL(found.outcome.set->ttl, 200);
	CU_ASSERT_EQUAL(found.lifetime_s, 300);
	CU_ASSERT_EQUAL(found.age_s, 100);
	CU_ASSERT_EQUAL(found.left_s, 200);
	CU_ASSERT_FALSE(found.stale || found.failing);
	sample_close(&s);
}

static void test_a_signed_answer_comes_back_with_its_signatures(void)
{
	struct sample s;
	struct cached found;
	sample_open(&s);
	struct outcome o = sample_answer(&s, "a.example. 300 IN AAAA 2001:db8::1\n"
	                                     "a.example. 300 IN " SIG("AAAA", "2", "300", "example."),
	                                 SECURITY_SECURE);
	sample_put(&s, "a.example.", TYPE_AAAA, &o);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "a.example.", TYPE_AAAA, &found), ERR_OK);
	struct rrset *set = found.outcome.set;
	CU_ASSERT_EQUAL(set->rank, RANK_SECURE);
	CU_ASSERT_EQUAL_FATAL(set->sig_count, 1);
	CU_ASSERT_EQUAL_FATAL(set->sigs[0].len, o.set->sigs[0].len);
	CU_ASSERT_EQUAL(memcmp(set->sigs[0].octets, o.set->sigs[0].octets, set->sigs[0].len), 0);
	sample_close(&s);
}

static void test_hits_are_counted_and_the_version_has_one_id(void)
{
	struct sample s;
	struct cached first, second, third;
	sample_open(&s);
	struct outcome o = sample_answer(&s, "a.example. 300 IN A 192.0.2.1\n", SECURITY_UNCHECKED);
	sample_put(&s, "a.example.", TYPE_A, &o);
	CU_ASSERT_EQUAL(sample_find(&s, "a.example.", TYPE_A, &first), ERR_OK);
	CU_ASSERT_EQUAL(sample_find(&s, "a.example.", TYPE_A, &second), ERR_OK);
	CU_ASSERT_EQUAL(first.hits, 0);
	CU_ASSERT_EQUAL(second.hits, 1);
	CU_ASSERT_EQUAL(first.entry.id, second.entry.id);
	sample_pass(&s, 1);
	sample_put(&s, "a.example.", TYPE_A, &o);
	CU_ASSERT_EQUAL(sample_find(&s, "a.example.", TYPE_A, &third), ERR_OK);
	CU_ASSERT_EQUAL(third.hits, 0);
	CU_ASSERT_NOT_EQUAL(third.entry.id, first.entry.id);
	CU_ASSERT_EQUAL(third.entry.use, first.entry.use);
	sample_close(&s);
}

static void test_an_alias_answers_all_types_but_those_beside_it(void)
{
	struct sample s;
	struct cached found;
	sample_open(&s);
	struct outcome o = sample_answer(&s, "w.example. 300 IN CNAME Target.Example.\n", SECURITY_INSECURE);
	o.kind = OUTCOME_CNAME;
	sample_put(&s, "w.example.", TYPE_A, &o);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "w.example.", TYPE_AAAA, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.outcome.kind, OUTCOME_CNAME);
	struct name target = name_of("Target.Example.");
	CU_ASSERT(name_equal_exact(&found.outcome.target, &target));
	CU_ASSERT_EQUAL(sample_kind(&s, "w.example.", TYPE_CNAME), OUTCOME_ANSWER);
	sample_close(&s);
}

static void test_no_cname_here_answers_no_other_question(void)
{
	struct sample s;
	sample_open(&s);
	struct outcome o = sample_negative(&s, OUTCOME_NODATA, SOA_EXAMPLE, SECURITY_INSECURE);
	sample_put(&s, "w.example.", TYPE_CNAME, &o);
	CU_ASSERT_EQUAL(sample_kind(&s, "w.example.", TYPE_CNAME), OUTCOME_NODATA);
	CU_ASSERT_EQUAL(sample_kind(&s, "w.example.", TYPE_A), SAMPLE_MISS);
	sample_close(&s);
}

static void test_a_dname_above_leads_elsewhere_or_is_too_long(void)
{
	struct sample s;
	struct cached found;
	char label[] = "123456789012345678901234567890123456789012345678901234567890123";
	char longest[300];
	sample_open(&s);
	struct outcome o = sample_answer(&s, "d.example. 300 IN DNAME very.far.away.test.\n", SECURITY_SECURE);
	o.kind = OUTCOME_DNAME;
	sample_put(&s, "x.d.example.", TYPE_A, &o);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "Y.z.d.example.", TYPE_MX, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.outcome.kind, OUTCOME_DNAME);
	struct name target = name_of("Y.z.very.far.away.test.");
	CU_ASSERT(name_equal_exact(&found.outcome.target, &target));
	CU_ASSERT_EQUAL(sample_kind(&s, "d.example.", TYPE_A), SAMPLE_MISS);
	CU_ASSERT_EQUAL(sample_kind(&s, "ad.example.", TYPE_A), SAMPLE_MISS);
	snprintf(longest, sizeof(longest), "%s.%s.%s.12345678901234567890123456789012345678901234567.d.example.",
	         label, label, label);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, longest, TYPE_A, &found), ERR_OK);
	CU_ASSERT(found.outcome.too_long);
	sample_close(&s);
}

static void test_nxdomain_counts_for_all_types_and_takes_the_data_with_it(void)
{
	struct sample s;
	sample_open(&s);
	struct outcome a = sample_answer(&s, "n.example. 300 IN A 192.0.2.1\n", SECURITY_INSECURE);
	struct outcome nx = sample_negative(&s, OUTCOME_NXDOMAIN, SOA_EXAMPLE, SECURITY_INSECURE);
	sample_put(&s, "n.example.", TYPE_A, &a);
	sample_put(&s, "n.example.", TYPE_AAAA, &nx);
	CU_ASSERT_EQUAL(sample_kind(&s, "n.example.", TYPE_A), OUTCOME_NXDOMAIN);
	CU_ASSERT_EQUAL(sample_kind(&s, "n.example.", TYPE_MX), OUTCOME_NXDOMAIN);
	CU_ASSERT_EQUAL(sample_kind(&s, "m.example.", TYPE_MX), SAMPLE_MISS);
	sample_put(&s, "n.example.", TYPE_A, &a);
	CU_ASSERT_EQUAL(sample_kind(&s, "n.example.", TYPE_A), OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(sample_kind(&s, "n.example.", TYPE_MX), SAMPLE_MISS);
	sample_close(&s);
}

static void test_rfc8020_only_a_secure_nxdomain_denies_what_is_below(void)
{
	struct sample s;
	struct cached found;
	struct name below = name_of("a.b.n.example.");
	sample_open(&s);
	struct outcome nx = sample_negative(&s, OUTCOME_NXDOMAIN, SOA_EXAMPLE, SECURITY_INSECURE);
	sample_put(&s, "n.example.", TYPE_A, &nx);
	CU_ASSERT_EQUAL(cache_find_nxdomain_above(s.cache, s.now, &below, s.arena, &found),
	                ERR_NOTFOUND);
	nx = sample_negative(&s, OUTCOME_NXDOMAIN, SOA_EXAMPLE, SECURITY_SECURE);
	sample_put(&s, "n.example.", TYPE_A, &nx);
	CU_ASSERT_EQUAL_FATAL(cache_find_nxdomain_above(s.cache, s.now, &below, s.arena, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.outcome.kind, OUTCOME_NXDOMAIN);
	CU_ASSERT_EQUAL(found.outcome.security, SECURITY_SECURE);
	below = name_of("an.example.");
	CU_ASSERT_EQUAL(cache_find_nxdomain_above(s.cache, s.now, &below, s.arena, &found),
	                ERR_NOTFOUND);
	sample_close(&s);
}

static void test_negative_answers_keep_their_proofs(void)
{
	struct sample s;
	struct cached found;
	sample_open(&s);
	struct outcome nx = sample_negative(&s, OUTCOME_NXDOMAIN,
	                                    "example. 900 IN SOA ns.example. root.example. 1 7200 900 1209600 300\n"
	                                    "example. 900 IN " SIG("SOA", "1", "900", "example."),
	                                    SECURITY_SECURE);
	struct rrset *proofs[2] = {
		sample_set(&s, "m.example. 300 IN NSEC o.example. A RRSIG NSEC\n"
		               "m.example. 300 IN " SIG("NSEC", "2", "300", "example."),
		           RANK_AUTHORITY, SECURITY_SECURE),
		sample_set(&s, "unsigned.example. 300 IN NSEC z.example. A\n", RANK_AUTHORITY,
		           SECURITY_SECURE),
	};
	nx.proofs = proofs;
	nx.proof_count = 2;
	sample_put(&s, "n.example.", TYPE_A, &nx);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "n.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(found.outcome.proof_count, 1); /* an unsigned proof proves nothing */
	CU_ASSERT(name_equal(&found.outcome.proofs[0]->owner, &proofs[0]->owner));
	CU_ASSERT(rrset_same_data(found.outcome.proofs[0], proofs[0]));
	CU_ASSERT_EQUAL(found.outcome.proofs[0]->sig_count, 1);
	CU_ASSERT(rrset_same_data(found.outcome.soa, nx.soa));
	CU_ASSERT_EQUAL(found.outcome.soa->sig_count, 1);
	sample_close(&s);
}

static void test_a_negative_answer_needs_a_soa_at_or_above_the_name(void)
{
	static const char *const owners[] = { "other.", "below.n.example.", "xample." };
	struct sample s;
	char text[200];
	sample_open(&s);
	for (unsigned i = 0; i < 3; i++) {
		snprintf(text, sizeof(text), "%s 900 IN SOA ns. root. 1 2 3 4 300\n", owners[i]);
		struct outcome nx = sample_negative(&s, OUTCOME_NXDOMAIN, text, SECURITY_INSECURE);
		nx.zone = name_root();
		sample_put(&s, "n.example.", TYPE_A, &nx);
		CU_ASSERT_EQUAL(sample_kind(&s, "n.example.", TYPE_A), SAMPLE_MISS);
	}
	struct outcome none = { .kind = OUTCOME_NODATA, .zone = name_root(), .ttl = 300 };
	sample_put(&s, "n.example.", TYPE_A, &none);
	CU_ASSERT_EQUAL(sample_kind(&s, "n.example.", TYPE_A), SAMPLE_MISS);
	sample_close(&s);
}

static void test_what_does_not_answer_the_question_is_not_kept(void)
{
	struct sample s;
	sample_open(&s);
	struct outcome o = sample_answer(&s, "evil.example. 300 IN A 192.0.2.66\n", SECURITY_INSECURE);
	sample_put(&s, "www.example.", TYPE_A, &o);
	sample_put(&s, "evil.example.", TYPE_AAAA, &o);
	struct question chaos = sample_question("evil.example.", TYPE_A);
	chaos.class = CLASS_CH;
	cache_put(s.cache, s.now, &chaos, &o, 1);
	o.security = SECURITY_BOGUS;
	sample_put(&s, "evil.example.", TYPE_A, &o);
	o.security = SECURITY_INSECURE;
	o.set->rank = RANK_GLUE;
	sample_put(&s, "evil.example.", TYPE_A, &o);
	CU_ASSERT_EQUAL(cache_count(s.cache).hot_entries, 0);
	sample_close(&s);
}

static void test_rfc4035_a_referral_that_proves_there_is_no_ds_is_kept_without_soa(void)
{
	struct sample s;
	struct cached found;
	sample_open(&s);
	struct rrset *proof = sample_set(&s, "b.example. 300 IN NSEC z.example. NS RRSIG NSEC\n"
	                                     "b.example. 300 IN " SIG("NSEC", "2", "300", "example."),
	                                 RANK_AUTHORITY, SECURITY_UNCHECKED);
	struct outcome o = { .kind = OUTCOME_NODATA, .reason = NO_REASON, .zone = name_of("example."),
		             .proofs = &proof, .proof_count = 1, .ttl = 300 };
	sample_put(&s, "b.example.", TYPE_DS, &o);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "b.example.", TYPE_DS, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.outcome.kind, OUTCOME_NODATA);
	CU_ASSERT_EQUAL(found.outcome.proof_count, 1);
	CU_ASSERT_EQUAL(found.lifetime_s, 300);
	sample_put(&s, "b.example.", TYPE_A, &o);
	CU_ASSERT_EQUAL(sample_find(&s, "b.example.", TYPE_A, &found), ERR_NOTFOUND);
	sample_close(&s);
}

static void test_a_failure_beside_fresh_data_is_found_when_asked_for(void)
{
	struct sample s;
	struct cached found;
	sample_open(&s);
	struct outcome o = sample_answer(&s, "w.example. 300 IN A 192.0.2.1\n", SECURITY_UNCHECKED);
	struct outcome bad = sample_failure("example.", "XXXX judged and found wrong", 60);
	struct question q = sample_question("w.example.", TYPE_A);
	sample_put(&s, "w.example.", TYPE_A, &o);
	CU_ASSERT_EQUAL(cache_find_failure(s.cache, s.now, &q, s.arena, &found), ERR_NOTFOUND);
	sample_put(&s, "w.example.", TYPE_A, &bad);
	CU_ASSERT_EQUAL_FATAL(cache_find_failure(s.cache, s.now, &q, s.arena, &found), ERR_OK);
	CU_ASSERT_TRUE(found.failing);
	CU_ASSERT_EQUAL(sample_kind(&s, "w.example.", TYPE_A), OUTCOME_ANSWER);
	sample_pass(&s, 61);
	CU_ASSERT_EQUAL(cache_find_failure(s.cache, s.now, &q, s.arena, &found), ERR_NOTFOUND);
	sample_close(&s);
}

static void test_a_flood_of_types_at_one_name_is_bounded(void)
{
	struct sample s;
	char text[80];
	sample_open(&s);
	struct outcome a = sample_answer(&s, "f.example. 300 IN A 192.0.2.1\n", SECURITY_INSECURE);
	sample_put(&s, "f.example.", TYPE_A, &a);
	for (uint16_t type = 1000; type < 4000; type++) {
		snprintf(text, sizeof(text), "f.example. 300 IN TYPE%u \\# 1 00\n", type);
		struct outcome o = sample_answer(&s, text, SECURITY_INSECURE);
		sample_put(&s, "f.example.", type, &o);
		arena_reset(s.arena);
	}
	CU_ASSERT_EQUAL(cache_count(s.cache).hot_entries, LIMIT_NAME_TYPES);
	CU_ASSERT_EQUAL(sample_kind(&s, "f.example.", TYPE_A), OUTCOME_ANSWER);
	sample_close(&s);
}

static void test_a_flood_of_failing_types_at_one_name_is_bounded(void)
{
	struct sample s;
	sample_open(&s);
	struct outcome bad = sample_failure("example.", "XXXX no server answers", 60);
	for (uint16_t type = 1000; type < 1000 + 2 * LIMIT_NAME_TYPES; type++)
		sample_put(&s, "f.example.", type, &bad);
	CU_ASSERT_EQUAL(cache_count(s.cache).hot_entries, LIMIT_NAME_TYPES);
	CU_ASSERT_EQUAL(sample_kind(&s, "f.example.", 1000), OUTCOME_FAILURE);
	sample_pass(&s, 61);
	sample_put(&s, "f.example.", TYPE_A, &bad);
	CU_ASSERT_EQUAL(sample_kind(&s, "f.example.", TYPE_A), OUTCOME_FAILURE);
	sample_close(&s);
}

static void test_types_that_have_run_out_make_room_at_their_name(void)
{
	struct sample s;
	sample_open(&s);
	struct outcome none = sample_negative(&s, OUTCOME_NODATA, SOA_EXAMPLE, SECURITY_INSECURE);
	for (uint16_t type = 1000; type < 1000 + LIMIT_NAME_TYPES; type++)
		sample_put(&s, "f.example.", type, &none);
	struct outcome a = sample_answer(&s, "f.example. 300 IN A 192.0.2.1\n", SECURITY_INSECURE);
	sample_put(&s, "f.example.", TYPE_A, &a);
	CU_ASSERT_EQUAL(sample_kind(&s, "f.example.", TYPE_A), SAMPLE_MISS);
	sample_pass(&s, 301);
	sample_put(&s, "f.example.", TYPE_A, &a);
	CU_ASSERT_EQUAL(sample_kind(&s, "f.example.", TYPE_A), OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(cache_count(s.cache).hot_entries, LIMIT_NAME_TYPES);
	sample_close(&s);
}

static void test_memory_stays_within_its_octets_and_what_is_asked_for_stays(void)
{
	struct sample s;
	char name[40], text[80];
	struct cache_policy p = cache_policy_default();
	sample_open_with(&s, &p, 256 << 10);
	for (unsigned i = 0; i < 20000; i++) {
		snprintf(name, sizeof(name), "n%u.example.", i);
		snprintf(text, sizeof(text), "%s 300 IN A 192.0.2.1\n", name);
		struct outcome o = sample_answer(&s, text, SECURITY_INSECURE);
		sample_put(&s, name, TYPE_A, &o);
		if (i >= 7)
			CU_ASSERT_EQUAL(sample_kind(&s, "n7.example.", TYPE_A), OUTCOME_ANSWER);
		arena_reset(s.arena);
		CU_ASSERT_FATAL(cache_count(s.cache).hot_octets <= 256 << 10);
	}
	struct cache_counts n = cache_count(s.cache);
	CU_ASSERT(n.evicted > 15000);
	CU_ASSERT(n.hot_entries > 800);
	sample_close(&s);
}

static void test_a_flush_forgets_a_type_a_name_a_tree(void)
{
	static const char *const names[] = { "example.", "a.example.", "b.a.example.", "c.b.a.example.", "aa.example." };
	struct sample s;
	char text[80];
	sample_open(&s);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 5; i++) {
			snprintf(text, sizeof(text), "%s 300 IN A 192.0.2.1\n", names[i]);
			struct outcome o = sample_answer(&s, text, SECURITY_INSECURE);
			sample_put(&s, names[i], TYPE_A, &o);
			snprintf(text, sizeof(text), "%s 300 IN AAAA 2001:db8::1\n", names[i]);
			o = sample_answer(&s, text, SECURITY_INSECURE);
			sample_put(&s, names[i], TYPE_AAAA, &o);
		}
		struct name at = name_of("A.example.");
		cache_flush(s.cache, &at, round == 0 ? TYPE_A : 0, round == 2);
		for (unsigned i = 0; i < 5; i++) {
			bool hit = i == 1 || (round == 2 && (i == 2 || i == 3));
			CU_ASSERT_EQUAL(sample_kind(&s, names[i], TYPE_A),
			                hit ? SAMPLE_MISS : (int)OUTCOME_ANSWER);
			CU_ASSERT_EQUAL(sample_kind(&s, names[i], TYPE_AAAA),
			                hit && round > 0 ? SAMPLE_MISS : (int)OUTCOME_ANSWER);
		}
	}
	sample_close(&s);
}

static void test_no_allocation_failure_in_the_arena_goes_unnoticed(void)
{
	struct sample s;
	struct cached found;
	sample_open(&s);
	struct outcome o = sample_answer(&s, "a.example. 300 IN A 192.0.2.1\n"
	                                     "a.example. 300 IN " SIG("A", "2", "300", "example."),
	                                 SECURITY_SECURE);
	sample_put(&s, "a.example.", TYPE_A, &o);
	unsigned failed = 0;
	for (size_t n = 1; n < 20; n++) {
		arena_fail_after(s.arena, n);
		enum err e = sample_find(&s, "a.example.", TYPE_A, &found);
		CU_ASSERT(e == ERR_OK || e == ERR_NOMEM);
		failed += e == ERR_NOMEM;
	}
	arena_fail_after(s.arena, 0);
	CU_ASSERT(failed >= 4);
	CU_ASSERT_EQUAL(sample_find(&s, "a.example.", TYPE_A, &found), ERR_OK);
	sample_close(&s);
}

static const struct unit_test tests[] = {
	UNIT(test_an_answer_is_found_as_the_question_spells_it),
	UNIT(test_a_signed_answer_comes_back_with_its_signatures),
	UNIT(test_hits_are_counted_and_the_version_has_one_id),
	UNIT(test_an_alias_answers_all_types_but_those_beside_it),
	UNIT(test_no_cname_here_answers_no_other_question),
	UNIT(test_a_dname_above_leads_elsewhere_or_is_too_long),
	UNIT(test_nxdomain_counts_for_all_types_and_takes_the_data_with_it),
	UNIT(test_rfc8020_only_a_secure_nxdomain_denies_what_is_below),
	UNIT(test_negative_answers_keep_their_proofs),
	UNIT(test_a_negative_answer_needs_a_soa_at_or_above_the_name),
	UNIT(test_what_does_not_answer_the_question_is_not_kept),
	UNIT(test_rfc4035_a_referral_that_proves_there_is_no_ds_is_kept_without_soa),
	UNIT(test_a_failure_beside_fresh_data_is_found_when_asked_for),
	UNIT(test_a_flood_of_types_at_one_name_is_bounded),
	UNIT(test_a_flood_of_failing_types_at_one_name_is_bounded),
	UNIT(test_types_that_have_run_out_make_room_at_their_name),
	UNIT(test_memory_stays_within_its_octets_and_what_is_asked_for_stays),
	UNIT(test_a_flush_forgets_a_type_a_name_a_tree),
	UNIT(test_no_allocation_failure_in_the_arena_goes_unnoticed),
};

const struct unit_suite suite_cache = { "cache", tests, sizeof(tests) / sizeof(tests[0]) };
