#include "tests/cache/den.h"
#include "tests/cache/suites.h"
#include <stdio.h>

enum {
	MANY = 60000,    /* names; more than fit into a den's memory */
	TURN_PUTS = 200,
	MISTAKEN = 5,    /* strangers taken for friends: one in 65536 */
};

static void find(struct den *d, unsigned i, struct cached *out)
{
	char name[32];
	snprintf(name, sizeof(name), "n%u.example.", i);
	arena_reset(d->worker.arena);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d->worker, name, TYPE_A, out), ERR_OK);
}

/* The store has all, memory has what was found first. */
static void fill(struct den *d)
{
	char name[32];
	struct cached found;
	unsigned known = 0;
	den_open(d, 64 << 20);
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "n%u.example.", i);
		arena_reset(d->worker.arena);
		den_put_address(d, name, 3600);
		if (i % TURN_PUTS == TURN_PUTS - 1)
			CU_ASSERT_EQUAL(den_turn(d), ERR_OK);
	}
	den_forget_hot(d);
	for (unsigned i = 0; i < MANY; i++) {
		find(d, i, &found);
		known += found.hits > 0;
		if (i % TURN_PUTS == 0)
			CU_ASSERT_EQUAL(den_turn(d), ERR_OK);
	}
	CU_ASSERT(known <= MISTAKEN);
	CU_ASSERT_EQUAL(cache_count(d->worker.cache).store_hits, MANY);
}

static void test_what_is_found_in_the_store_comes_to_memory_while_there_is_room(void)
{
	struct den d;
	struct cached found;
	fill(&d);
	for (unsigned i = 0; i < 3; i++) {
		find(&d, 0, &found);
		CU_ASSERT_EQUAL(found.hits, i + 1);
		CU_ASSERT_EQUAL(cache_count(d.worker.cache).hot_hits, i + 1);
	}
	den_close(&d);
}

static void test_into_a_full_memory_comes_what_is_found_for_the_second_time(void)
{
	struct den d;
	struct cached found;
	fill(&d);
	struct cache_counts before = cache_count(d.worker.cache);
	CU_ASSERT(before.hot_entries < MANY);
	CU_ASSERT(before.evicted <= MISTAKEN);
	for (unsigned i = 0; i < 3; i++) {
		find(&d, MANY - 1, &found);
		CU_ASSERT_EQUAL(found.hits, i + 1);
	}
	struct cache_counts after = cache_count(d.worker.cache);
	CU_ASSERT_EQUAL(after.store_hits, MANY + 1);
	CU_ASSERT_EQUAL(after.hot_hits, 2);
	CU_ASSERT(after.evicted > before.evicted);
	den_close(&d);
}

static void put_types(struct den *d, uint16_t first, unsigned count)
{
	struct outcome bad = sample_failure("example.", "XXXX no server answers", 60);
	struct outcome none = sample_negative(&d->worker, OUTCOME_NODATA,
	                                      "example. 60 IN SOA ns host 1 2 3 4 60\n", SECURITY_INSECURE);
	den_forget_hot(d);
	for (unsigned i = 0; i < count; i++) {
		sample_put(&d->worker, "a.example.", (uint16_t)(first + i), &bad);
		sample_put(&d->worker, "b.example.", (uint16_t)(first + i), &none);
	}
	CU_ASSERT_EQUAL(den_turn(d), ERR_OK);
	den_forget_hot(d);
}

static void test_the_store_too_bounds_the_types_of_a_name_and_drops_what_has_run_out(void)
{
	struct den d;
	struct store_size size;
	den_open(&d, 4 << 20);
	put_types(&d, 1000, LIMIT_NAME_TYPES);
	put_types(&d, 2000, 2);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "a.example.", 2000), SAMPLE_MISS);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "b.example.", 2000), SAMPLE_MISS);
	sample_pass(&d.worker, 61);
	put_types(&d, 2000, 2);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "a.example.", 2000), OUTCOME_FAILURE);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "b.example.", 2000), OUTCOME_NODATA);
	CU_ASSERT_EQUAL(store_measure(keep_store(d.keep), &size), ERR_OK);
	CU_ASSERT_EQUAL(size.entries, 2 * LIMIT_NAME_TYPES + 1);
	den_close(&d);
}

static const struct unit_test tests[] = {
	UNIT(test_what_is_found_in_the_store_comes_to_memory_while_there_is_room),
	UNIT(test_into_a_full_memory_comes_what_is_found_for_the_second_time),
	UNIT(test_the_store_too_bounds_the_types_of_a_name_and_drops_what_has_run_out),
};

const struct unit_suite suite_layers = { "layers", tests, sizeof(tests) / sizeof(tests[0]) };
