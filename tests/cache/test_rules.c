#include "tests/cache/sample.h"
#include "tests/cache/suites.h"
#include <string.h>

#define SOA_EXAMPLE \
	"example. 900 IN SOA ns.example. root.example. 1 7200 900 1209600 300\n"

static void test_rfc2181_section_5_4_1_lower_rank_does_not_replace_fresh_data(void)
{
	for (uint8_t old = RANK_AUTHORITY; old <= RANK_LOCAL; old++) {
		for (uint8_t new = RANK_NONE; new <= RANK_LOCAL; new++) {
			struct sample s;
			struct cached found;
			sample_open(&s);
			struct outcome a = sample_answer(&s, "r.example. 300 IN A 192.0.2.1\n", SECURITY_INSECURE);
			struct outcome b = sample_answer(&s, "r.example. 300 IN A 192.0.2.2\n", SECURITY_INSECURE);
			a.set->rank = old;
			b.set->rank = new;
			sample_put(&s, "r.example.", TYPE_A, &a);
			sample_put(&s, "r.example.", TYPE_A, &b);
			CU_ASSERT_EQUAL_FATAL(sample_find(&s, "r.example.", TYPE_A, &found), ERR_OK);
			CU_ASSERT_EQUAL(found.outcome.set->rdata[0].octets[3], new >= old ? 2 : 1);
			sample_pass(&s, 300);
			sample_put(&s, "r.example.", TYPE_A, &b);
			if (new >= RANK_AUTHORITY) {
				CU_ASSERT_EQUAL_FATAL(sample_find(&s, "r.example.", TYPE_A, &found), ERR_OK);
				CU_ASSERT_EQUAL(found.outcome.set->rdata[0].octets[3], 2);
			}
			sample_close(&s);
		}
	}
}

static void test_b10_unchecked_answers_of_any_kind_leave_secure_data_alone(void)
{
	struct sample s;
	sample_open(&s);
	struct outcome secure = sample_answer(&s, "v.example. 300 IN A 192.0.2.1\n", SECURITY_SECURE);
	struct outcome forged = sample_answer(&s, "v.example. 300 IN A 192.0.2.66\n", SECURITY_UNCHECKED);
	struct outcome alias = sample_answer(&s, "v.example. 300 IN CNAME evil.example.\n", SECURITY_UNCHECKED);
	alias.kind = OUTCOME_CNAME;
	struct outcome nodata = sample_negative(&s, OUTCOME_NODATA, SOA_EXAMPLE, SECURITY_UNCHECKED);
	struct outcome nx = sample_negative(&s, OUTCOME_NXDOMAIN, SOA_EXAMPLE, SECURITY_UNCHECKED);
	sample_put(&s, "v.example.", TYPE_A, &secure);
	const struct outcome *lies[] = { &forged, &alias, &nodata, &nx };
	for (unsigned i = 0; i < 4; i++) {
		struct cached found;
		sample_put(&s, "v.example.", TYPE_A, lies[i]);
		CU_ASSERT_EQUAL_FATAL(sample_find(&s, "v.example.", TYPE_A, &found), ERR_OK);
		CU_ASSERT_EQUAL(found.outcome.security, SECURITY_SECURE);
		CU_ASSERT_EQUAL_FATAL(found.outcome.kind, OUTCOME_ANSWER);
		CU_ASSERT_EQUAL(found.outcome.set->rdata[0].octets[3], 1);
	}
	sample_put(&s, "v.example.", TYPE_MX, &nx); /* the name exists, and securely so */
	CU_ASSERT_EQUAL(sample_kind(&s, "v.example.", TYPE_MX), SAMPLE_MISS);
	CU_ASSERT_EQUAL(cache_count(s.cache).refused_rank, 5);
	sample_close(&s);
}

static void test_unchecked_data_does_not_replace_what_was_proven_insecure(void)
{
	struct sample s;
	struct cached found;
	sample_open(&s);
	struct outcome a = sample_answer(&s, "v.example. 300 IN A 192.0.2.1\n", SECURITY_INSECURE);
	struct outcome b = sample_answer(&s, "v.example. 300 IN A 192.0.2.2\n", SECURITY_UNCHECKED);
	sample_put(&s, "v.example.", TYPE_A, &b);
	sample_put(&s, "v.example.", TYPE_A, &a);
	sample_put(&s, "v.example.", TYPE_A, &b);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "v.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.outcome.security, SECURITY_INSECURE);
	sample_close(&s);
}

static void test_b15_ttls_positive_and_negative_are_clamped_and_end_on_time(void)
{
	static const struct {
		uint32_t ttl, kept, negative;
	} cases[] = {
		{ 0, 0, 0 }, { 1, 1, 1 }, { 2, 2, 2 }, { 59, 59, 59 }, { 300, 300, 300 },
		{ 301, 301, 300 }, { 3600, 3600, 300 }, { 32768, 32768, 300 }, { 65536, 65536, 300 },
		{ 86400, 86400, 300 }, { 86401, 86400, 300 }, { 2147483647, 86400, 300 },
	};
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sample s;
		struct cached found;
		char text[200];
		sample_open(&s);
		snprintf(text, sizeof(text), "t.example. %u IN A 192.0.2.1\n", cases[i].ttl);
		struct outcome a = sample_answer(&s, text, SECURITY_INSECURE);
		snprintf(text, sizeof(text), "example. %u IN SOA ns. root. 1 2 3 4 300\n", cases[i].ttl);
		struct outcome n = sample_negative(&s, OUTCOME_NODATA, text, SECURITY_INSECURE);
		sample_put(&s, "t.example.", TYPE_A, &a);
		sample_put(&s, "t.example.", TYPE_MX, &n);
		CU_ASSERT_EQUAL(sample_find(&s, "t.example.", TYPE_A, &found),
		                cases[i].kept ? ERR_OK : ERR_NOTFOUND);
		CU_ASSERT(cases[i].kept == 0 || found.left_s == cases[i].kept);
		CU_ASSERT_EQUAL(sample_find(&s, "t.example.", TYPE_MX, &found),
		                cases[i].negative ? ERR_OK : ERR_NOTFOUND);
		CU_ASSERT(cases[i].negative == 0 || found.left_s == cases[i].negative);
		sample_pass(&s, cases[i].negative);
		CU_ASSERT(sample_kind(&s, "t.example.", TYPE_MX) !=  (int)OUTCOME_NODATA);
		sample_pass(&s, cases[i].kept - cases[i].negative);
		CU_ASSERT(sample_kind(&s, "t.example.", TYPE_A) != (int)OUTCOME_ANSWER);
		sample_close(&s);
	}
}

static void test_the_original_ttl_and_the_end_of_a_signature_bound_a_secure_set(void)
{
	struct sample s;
	struct cached found;
	sample_open(&s);
	struct outcome a = sample_answer(&s, "t.example. 5000 IN A 192.0.2.1\n"
	                                     "t.example. 5000 IN " SIG("A", "2", "600", "example."),
	                                 SECURITY_SECURE);
	sample_put(&s, "t.example.", TYPE_A, &a);
	CU_ASSERT_EQUAL(sample_find(&s, "t.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.lifetime_s, 600);
	CU_ASSERT_EQUAL(found.bound_s, TTL_NO_BOUND);
	a.ttl = 40; /* the verdict: signatures end then */
	sample_pass(&s, 1);
	sample_put(&s, "t.example.", TYPE_A, &a);
	sample_pass(&s, 10);
	CU_ASSERT_EQUAL(sample_find(&s, "t.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.lifetime_s, 600);
	CU_ASSERT_EQUAL(found.bound_s, 30);
	CU_ASSERT_EQUAL(found.left_s, 30);
	sample_pass(&s, 30);
	CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_A), SAMPLE_STALE + (int)OUTCOME_ANSWER);
	sample_close(&s);
}

static void test_a_miss_and_a_hit_have_the_same_lifetime_and_bound(void)
{
	struct sample s;
	struct cached found;
	uint32_t bound;
	sample_open(&s);
	s.policy.ttl_min = 60;
	cache_free(s.cache);
	s.cache = cache_new(&s.policy, 1 << 20, NULL, &s.key);
	struct outcome a = sample_answer(&s, "t.example. 5 IN A 192.0.2.1\n", SECURITY_INSECURE);
	CU_ASSERT_EQUAL(cache_lifetime(&s.policy, &a, &bound), 60);
	sample_put(&s, "t.example.", TYPE_A, &a);
	CU_ASSERT_EQUAL(sample_find(&s, "t.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.lifetime_s, 60);
	CU_ASSERT_EQUAL(found.bound_s, bound);
	sample_close(&s);
}

static void test_an_entry_of_a_worker_ahead_is_new_and_one_of_tomorrow_is_none(void)
{
	struct sample s;
	sample_open(&s);
	struct outcome a = sample_answer(&s, "t.example. 300 IN A 192.0.2.1\n", SECURITY_INSECURE);
	sample_put(&s, "t.example.", TYPE_A, &a);
	s.now.mono_ms -= 2000;
	CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_A), OUTCOME_ANSWER);
	s.now.mono_ms -= 1000;
	CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_A), SAMPLE_MISS);
	sample_close(&s);
}

static void test_stale_data_is_found_inside_the_window_only(void)
{
	struct sample s;
	sample_open(&s);
	struct outcome a = sample_answer(&s, "t.example. 300 IN A 192.0.2.1\n", SECURITY_INSECURE);
	sample_put(&s, "t.example.", TYPE_A, &a);
	sample_pass(&s, 300);
	CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_A), SAMPLE_STALE + (int)OUTCOME_ANSWER);
	sample_pass(&s, LIMIT_STALE_WINDOW_S - 1);
	CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_A), SAMPLE_STALE + (int)OUTCOME_ANSWER);
	sample_pass(&s, 1);
	CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_A), SAMPLE_MISS);
	sample_close(&s);
}

static void test_a_fresh_nxdomain_or_alias_wins_over_stale_data_at_once(void)
{
	struct sample s;
	sample_open(&s);
	struct outcome a = sample_answer(&s, "t.example. 300 IN A 192.0.2.1\n", SECURITY_SECURE);
	struct outcome nx = sample_negative(&s, OUTCOME_NXDOMAIN, SOA_EXAMPLE, SECURITY_UNCHECKED);
	struct outcome alias = sample_answer(&s, "t.example. 300 IN CNAME u.example.\n", SECURITY_UNCHECKED);
	alias.kind = OUTCOME_CNAME;
	sample_put(&s, "t.example.", TYPE_A, &a);
	sample_pass(&s, 400);
	sample_put(&s, "t.example.", TYPE_A, &alias);
	CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_A), OUTCOME_CNAME);
	sample_pass(&s, 400);
	sample_put(&s, "t.example.", TYPE_A, &nx);
	CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_A), OUTCOME_NXDOMAIN);
	sample_pass(&s, 400);
	CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_A), SAMPLE_STALE + (int)OUTCOME_NXDOMAIN);
	sample_close(&s);
}

static void test_rfc9520_a_failure_doubles_while_it_is_repeated(void)
{
	static const uint32_t lifetimes[] = { 5, 10, 20, 40, 60, 60 };
	struct sample s;
	struct cached found;
	sample_open(&s);
	struct outcome f = sample_failure("example.", "TEST nobody answers", 0);
	for (unsigned i = 0; i < 6; i++) {
		sample_put(&s, "t.example.", TYPE_A, &f);
		CU_ASSERT_EQUAL_FATAL(sample_find(&s, "t.example.", TYPE_A, &found), ERR_OK);
		CU_ASSERT_EQUAL(found.outcome.kind, OUTCOME_FAILURE);
		CU_ASSERT(found.failing && !found.stale);
		CU_ASSERT_EQUAL(found.failing_s, lifetimes[i]);
		CU_ASSERT_EQUAL(found.failure.ede, EDE_NO_REACHABLE_AUTHORITY);
		CU_ASSERT_STRING_EQUAL(found.failure.text, "TEST nobody answers");
		sample_put(&s, "t.example.", TYPE_A, &f); /* in force: not counted again */
		CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_AAAA), SAMPLE_MISS);
		sample_pass(&s, lifetimes[i]);
		CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_A), SAMPLE_MISS);
	}
	struct outcome a = sample_answer(&s, "t.example. 1 IN A 192.0.2.1\n", SECURITY_INSECURE);
	sample_put(&s, "t.example.", TYPE_A, &a);
	sample_pass(&s, LIMIT_STALE_WINDOW_S + 1);
	sample_put(&s, "t.example.", TYPE_A, &f);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "t.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.failing_s, 5); /* a success began a new series */
	sample_close(&s);
}

static void test_a_failure_hides_no_fresh_data_and_comes_with_stale_data(void)
{
	struct sample s;
	struct cached found;
	sample_open(&s);
	struct outcome a = sample_answer(&s, "t.example. 300 IN A 192.0.2.1\n", SECURITY_SECURE);
	struct outcome f = sample_failure("example.", "TEST nobody answers", 0);
	sample_put(&s, "t.example.", TYPE_A, &a);
	sample_put(&s, "t.example.", TYPE_A, &f);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "t.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.outcome.kind, OUTCOME_ANSWER);
	CU_ASSERT_FALSE(found.failing || found.stale);
	sample_pass(&s, 300);
	sample_put(&s, "t.example.", TYPE_A, &f);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "t.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.outcome.kind, OUTCOME_ANSWER);
	CU_ASSERT(found.failing && found.stale);
	CU_ASSERT_EQUAL(found.left_s, 0);
	CU_ASSERT_EQUAL(found.outcome.set->ttl, 0);
	CU_ASSERT(found.failing_s > 0);
	sample_pass(&s, 60);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "t.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT(found.stale && !found.failing);
	sample_close(&s);
}

static void test_a_bogus_answer_is_remembered_as_a_failure_for_its_time(void)
{
	struct sample s;
	struct cached found;
	sample_open(&s);
	struct outcome f = sample_failure("example.", "TEST bogus", LIMIT_BOGUS_S);
	f.security = SECURITY_BOGUS;
	sample_put(&s, "t.example.", TYPE_A, &f);
	sample_pass(&s, 59);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "t.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.outcome.security, SECURITY_BOGUS);
	sample_pass(&s, 1);
	CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_A), SAMPLE_MISS);
	sample_close(&s);
}

static void test_private_ttl_mode_ends_freshness_early_but_not_the_data(void)
{
	struct sample s;
	struct cached found;
	struct cache_policy p = cache_policy_default();
	sample_open_with(&s, &p, 1 << 20);
	struct outcome a = sample_answer(&s, "t.example. 400 IN A 192.0.2.1\n", SECURITY_INSECURE);
	sample_put(&s, "t.example.", TYPE_A, &a);
	sample_pass(&s, 300);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "t.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT(!found.stale && found.left_s == 1); /* 300 + 100 <= 400 */
	sample_pass(&s, 1);
	CU_ASSERT_EQUAL_FATAL(sample_find(&s, "t.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT(found.stale);
	sample_pass(&s, 99 + LIMIT_STALE_WINDOW_S - 1);
	CU_ASSERT_EQUAL(sample_kind(&s, "t.example.", TYPE_A), SAMPLE_STALE + (int)OUTCOME_ANSWER);
	sample_close(&s);
}

static const struct unit_test tests[] = {
	UNIT(test_rfc2181_section_5_4_1_lower_rank_does_not_replace_fresh_data),
	UNIT(test_b10_unchecked_answers_of_any_kind_leave_secure_data_alone),
	UNIT(test_unchecked_data_does_not_replace_what_was_proven_insecure),
	UNIT(test_b15_ttls_positive_and_negative_are_clamped_and_end_on_time),
	UNIT(test_the_original_ttl_and_the_end_of_a_signature_bound_a_secure_set),
	UNIT(test_a_miss_and_a_hit_have_the_same_lifetime_and_bound),
	UNIT(test_an_entry_of_a_worker_ahead_is_new_and_one_of_tomorrow_is_none),
	UNIT(test_stale_data_is_found_inside_the_window_only),
	UNIT(test_a_fresh_nxdomain_or_alias_wins_over_stale_data_at_once),
	UNIT(test_rfc9520_a_failure_doubles_while_it_is_repeated),
	UNIT(test_a_failure_hides_no_fresh_data_and_comes_with_stale_data),
	UNIT(test_a_bogus_answer_is_remembered_as_a_failure_for_its_time),
	UNIT(test_private_ttl_mode_ends_freshness_early_but_not_the_data),
};

const struct unit_suite suite_rules = { "rules", tests, sizeof(tests) / sizeof(tests[0]) };
