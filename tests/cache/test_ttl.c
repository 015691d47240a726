#include "cache/ttl.h"
#include "tests/cache/suites.h"

static const struct ttl_policy off = { TTL_OFF, TTL_LOW_PERMILLE, TTL_HIGH_PERMILLE };
static const struct ttl_policy hidden = { TTL_PRIVATE, TTL_LOW_PERMILLE, TTL_HIGH_PERMILLE };

static void test_off_counts_down_to_nothing(void)
{
	struct rng rng;
	rng_init_number(&rng, 1);
	CU_ASSERT_EQUAL(ttl_shown(&off, &rng, 300, 0, TTL_NO_BOUND), 300);
	CU_ASSERT_EQUAL(ttl_shown(&off, &rng, 300, 299, TTL_NO_BOUND), 1);
	CU_ASSERT_EQUAL(ttl_shown(&off, &rng, 300, 301, TTL_NO_BOUND), 0);
	CU_ASSERT_EQUAL(ttl_shown(&off, &rng, 300, 10, 20), 20);
	CU_ASSERT_EQUAL(ttl_usable_s(&off, 300), 300);
}

static void test_private_never_shows_more_than_is_left_of_any_lifetime(void)
{
	struct rng rng;
	rng_init_number(&rng, 2);
	for (uint32_t lifetime = 1; lifetime < 700; lifetime++) {
		uint32_t usable = ttl_usable_s(&hidden, lifetime);
		CU_ASSERT_FATAL(usable >= 1 && usable <= lifetime);
		CU_ASSERT_FATAL(ttl_low(&hidden, lifetime) <= ttl_high(&hidden, lifetime));
		for (uint32_t age = 0; age < usable; age += 1 + lifetime / 7) {
			uint32_t shown = ttl_shown(&hidden, &rng, lifetime, age, TTL_NO_BOUND);
			CU_ASSERT_FATAL(shown >= 1 && age + shown <= lifetime);
		}
		CU_ASSERT_FATAL(usable - 1 + ttl_high(&hidden, lifetime) == lifetime);
	}
	CU_ASSERT_EQUAL(ttl_usable_s(&hidden, 0), 0);
	CU_ASSERT_EQUAL(ttl_high(&hidden, UINT32_MAX), 1073741823);
}

static void test_a_signature_that_ends_cuts_the_draw_whatever_the_age(void)
{
	struct rng rng;
	rng_init_number(&rng, 3);
	for (unsigned i = 0; i < 100; i++) {
		CU_ASSERT_EQUAL(ttl_shown(&hidden, &rng, 3600, i, 7), 7);
		CU_ASSERT(ttl_shown(&hidden, &rng, 3600, i, 600) <= 600);
	}
}

/* Chi squared over the values of [lo, hi] for draws at two ages; false alarm 1 in 10^6 each. */
static double chi_squared(const unsigned *counts, unsigned cells, unsigned draws)
{
	double sum = 0, expected = (double)draws / cells;
	for (unsigned i = 0; i < cells; i++)
		sum += (counts[i] - expected) * (counts[i] - expected) / expected;
	return sum;
}

static void test_the_distribution_is_even_and_the_same_at_every_age(void)
{
	enum { T = 400, LOW = 50, CELLS = 51, DRAWS = 102000 };
	static const uint32_t ages[] = { 0, 1, 150, 299, 300 };
	struct rng rng;
	rng_init_number(&rng, 4);
	for (unsigned a = 0; a < sizeof(ages) / sizeof(ages[0]); a++) {
		unsigned counts[CELLS] = { 0 };
		for (unsigned i = 0; i < DRAWS; i++) {
			uint32_t shown = ttl_shown(&hidden, &rng, T, ages[a], TTL_NO_BOUND);
			CU_ASSERT_FATAL(shown >= LOW && shown < LOW + CELLS);
			counts[shown - LOW]++;
		}
		/* 50 degrees of freedom: 107.9 is exceeded once in 10^6 */
		CU_ASSERT(chi_squared(counts, CELLS, DRAWS) < 107.9);
	}
}

static void test_small_ttls_show_what_the_rule_says_at_every_age_of_use(void)
{
	static const struct {
		uint32_t lifetime, low, high, usable;
	} rows[] = { { 0, 0, 0, 0 }, { 1, 1, 1, 1 },  { 2, 1, 1, 2 },  { 3, 1, 1, 3 },
		     { 7, 1, 1, 7 }, { 8, 1, 2, 7 }, { 12, 2, 3, 10 }, { 16, 2, 4, 13 } };
	struct rng rng;
	rng_init_number(&rng, 6);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT_EQUAL(ttl_usable_s(&hidden, rows[i].lifetime), rows[i].usable);
		for (uint32_t age = 0; age < rows[i].usable; age++) {
			unsigned counts[3] = { 0 }, cells = rows[i].high - rows[i].low + 1;
			for (unsigned k = 0; k < 600; k++) {
				uint32_t shown = ttl_shown(&hidden, &rng, rows[i].lifetime, age, TTL_NO_BOUND);
				CU_ASSERT_FATAL(shown >= rows[i].low && shown <= rows[i].high);
				counts[shown - rows[i].low]++;
			}
			/* 2 degrees of freedom: 27.6 is exceeded once in 10^6 */
			CU_ASSERT(chi_squared(counts, cells, 600) < 27.6);
		}
	}
	CU_ASSERT_EQUAL(ttl_shown(&hidden, &rng, 0, 0, TTL_NO_BOUND), 0);
}

static void test_an_attacker_cannot_tell_a_hit_from_a_miss_by_ttl(void)
{
	/* AUC of "the greater TTL is the miss", by counting pairs; the estimate errs by 0.004 (one sigma) */
	enum { PAIRS = 20000 };
	struct rng rng;
	double wins = 0;
	rng_init_number(&rng, 5);
	for (unsigned i = 0; i < PAIRS; i++) {
		uint32_t lifetime = 30 + rng_below(&rng, 3600);
		uint32_t age = rng_below(&rng, ttl_usable_s(&hidden, lifetime));
		uint32_t miss = ttl_shown(&hidden, &rng, lifetime, 0, TTL_NO_BOUND);
		uint32_t hit = ttl_shown(&hidden, &rng, lifetime, age, TTL_NO_BOUND);
		wins += miss > hit ? 1.0 : miss == hit ? 0.5 : 0;
	}
	CU_ASSERT(wins / PAIRS > 0.48 && wins / PAIRS < 0.52);
}

static const struct unit_test tests[] = {
	UNIT(test_off_counts_down_to_nothing),
	UNIT(test_private_never_shows_more_than_is_left_of_any_lifetime),
	UNIT(test_a_signature_that_ends_cuts_the_draw_whatever_the_age),
	UNIT(test_the_distribution_is_even_and_the_same_at_every_age),
	UNIT(test_small_ttls_show_what_the_rule_says_at_every_age_of_use),
	UNIT(test_an_attacker_cannot_tell_a_hit_from_a_miss_by_ttl),
};

const struct unit_suite suite_ttl = { "ttl", tests, sizeof(tests) / sizeof(tests[0]) };
