#include "resolver/base/arena.h"
#include "tests/unit.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool all_are(const uint8_t *p, size_t len, uint8_t value)
{
	for (size_t i = 0; i < len; i++) {
		if (p[i] != value)
			return false;
	}
	return true;
}

static void test_pieces_are_zeroed_aligned_and_apart(void)
{
	enum { PIECES = 600 };
	struct arena *a = arena_new((size_t)8 << 20);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	uint8_t *pieces[PIECES];
	size_t sizes[PIECES], bad = 0;
	for (size_t i = 0; i < PIECES; i++) {
		sizes[i] = i * 37 % 997 + (i % 50 == 0 ? 20000 : 0);
		pieces[i] = arena_alloc(a, sizes[i]);
		CU_ASSERT_PTR_NOT_NULL_FATAL(pieces[i]);
		bad += (uintptr_t)pieces[i] % 16 != 0 || !all_are(pieces[i], sizes[i], 0);
		memset(pieces[i], (int)(i & 0xff), sizes[i]);
	}
	for (size_t i = 0; i < PIECES; i++)
		bad += !all_are(pieces[i], sizes[i], (uint8_t)i);
	CU_ASSERT_EQUAL(bad, 0);
	arena_free(a);
}

static void test_the_ceiling_fails_and_leaves_the_rest_usable(void)
{
	struct arena *a = arena_new(1000);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	CU_ASSERT_PTR_NULL(arena_alloc(a, 1001));
	CU_ASSERT_PTR_NOT_NULL(arena_alloc(a, 500));
	CU_ASSERT_PTR_NULL(arena_alloc(a, 500)); /* 512 + 512 */
	CU_ASSERT_PTR_NOT_NULL(arena_alloc(a, 480));
	CU_ASSERT_TRUE(arena_used(a) <= 1000);
	arena_reset(a);
	CU_ASSERT_EQUAL(arena_used(a), 0);
	CU_ASSERT_PTR_NOT_NULL(arena_alloc(a, 900));
	arena_free(a);
}

static void test_sizes_that_overflow_fail(void)
{
	struct arena *a = arena_new(SIZE_MAX);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	CU_ASSERT_PTR_NULL(arena_alloc(a, SIZE_MAX));
	CU_ASSERT_PTR_NULL(arena_alloc(a, SIZE_MAX - 15));
	CU_ASSERT_PTR_NULL(arena_array(a, SIZE_MAX / 8 + 1, 16));
	CU_ASSERT_PTR_NULL(arena_array(a, 2, SIZE_MAX / 2 + 1));
	CU_ASSERT_PTR_NOT_NULL(arena_array(a, 0, 16));
	CU_ASSERT_PTR_NOT_NULL(arena_array(a, SIZE_MAX, 0));
	arena_free(a);
	arena_free(NULL);
}

static void test_memory_used_again_after_a_reset_is_zeroed(void)
{
	struct arena *a = arena_new(1 << 20);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 20; i++) {
			uint8_t *p = arena_alloc(a, 3000);
			CU_ASSERT_PTR_NOT_NULL_FATAL(p);
			CU_ASSERT_TRUE(all_are(p, 3000, 0));
			memset(p, 0xaa, 3000);
		}
		arena_reset(a);
	}
	arena_free(a);
}

static void test_a_copy_is_equal_and_elsewhere(void)
{
	struct arena *a = arena_new(1000);
	char text[] = "warren";
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	char *copy = arena_copy(a, text, sizeof(text));
	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	text[0] = 'b';
	CU_ASSERT_STRING_EQUAL(copy, "warren");
	CU_ASSERT_PTR_NOT_NULL(arena_copy(a, NULL, 0));
	arena_free(a);
}

static void test_the_injected_fault_comes_at_its_turn_and_stays(void)
{
	struct arena *a = arena_new(1000);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	arena_fail_after(a, 3);
	CU_ASSERT_PTR_NOT_NULL(arena_alloc(a, 1));
	CU_ASSERT_PTR_NOT_NULL(arena_copy(a, "x", 1));
	CU_ASSERT_PTR_NULL(arena_array(a, 1, 1));
	CU_ASSERT_PTR_NULL(arena_alloc(a, 1));
	arena_fail_after(a, 0);
	CU_ASSERT_PTR_NOT_NULL(arena_alloc(a, 1));
	arena_free(a);
}

static const struct unit_test tests[] = {
	UNIT(test_pieces_are_zeroed_aligned_and_apart),
	UNIT(test_the_ceiling_fails_and_leaves_the_rest_usable),
	UNIT(test_sizes_that_overflow_fail),
	UNIT(test_memory_used_again_after_a_reset_is_zeroed),
	UNIT(test_a_copy_is_equal_and_elsewhere),
	UNIT(test_the_injected_fault_comes_at_its_turn_and_stays),
};
extern const struct unit_suite suite_arena;
const struct unit_suite suite_arena = { "arena", tests, COUNT(tests) };
