#include "tests/validator/anchor_suites.h"
#include "validator/ntas.h"
#include "resolver/base/limits.h"
#include <stdio.h>

static struct now at(int64_t seconds)
{
	return (struct now){ .mono_ms = seconds * 1000 };
}

static unsigned count_ended(struct ntas *n, struct now now)
{
	struct name name;
	unsigned count = 0;
	while (ntas_next_end(n, now, &name)) {
		CU_ASSERT_PTR_NULL(ntas_find(n, &name));
		count++;
	}
	return count;
}

static void test_negative_anchor_ends_on_time(void)
{
	struct ntas n = { 0 };
	struct name a = name_of("a.example."), b = name_of("B.example."), out;
	CU_ASSERT_EQUAL(ntas_add(&n, &a, 100, at(0)), ERR_OK);
	CU_ASSERT_EQUAL(ntas_add(&n, &b, LIMIT_NTA_S, at(0)), ERR_OK);
	CU_ASSERT_FALSE(ntas_next_end(&n, (struct now){ .mono_ms = 99999 }, &out));
	CU_ASSERT_EQUAL(n.count, 2);
	CU_ASSERT_TRUE_FATAL(ntas_next_end(&n, at(100), &out));
	CU_ASSERT_TRUE(name_equal(&out, &a));
	CU_ASSERT_FALSE(ntas_next_end(&n, at(100), &out));
	CU_ASSERT_TRUE(name_equal(&n.names[0], &b));
	CU_ASSERT_EQUAL(count_ended(&n, at(LIMIT_NTA_S)), 1);
	CU_ASSERT_EQUAL(n.count, 0);
	ntas_clear(&n);
}

/* RFC 7646 section 2: "one week". */
static void test_negative_anchor_lives_a_week_at_most(void)
{
	struct ntas n = { 0 };
	struct name a = name_of("a.example.");
	CU_ASSERT_EQUAL(ntas_add(&n, &a, LIMIT_NTA_S + 1, at(0)), ERR_FORMAT);
	CU_ASSERT_EQUAL(ntas_add(&n, &a, 0, at(0)), ERR_FORMAT);
	CU_ASSERT_EQUAL(n.count, 0);
	CU_ASSERT_EQUAL(ntas_add(&n, &a, 10, at(0)), ERR_OK);
	CU_ASSERT_EQUAL(ntas_add(&n, &a, 20, at(5)), ERR_OK); /* renewed */
	CU_ASSERT_EQUAL(n.count, 1);
	CU_ASSERT_EQUAL(count_ended(&n, at(24)), 0);
	CU_ASSERT_EQUAL(count_ended(&n, at(25)), 1);
	ntas_clear(&n);
}

static void test_a_removed_negative_anchor_takes_no_other_with_it(void)
{
	struct ntas n = { 0 };
	static const char *const names[] = { "example.", "b.a.example.", "a.example." };
	for (unsigned i = 0; i < 3; i++) {
		struct name name = name_of(names[i]);
		CU_ASSERT_EQUAL(ntas_add(&n, &name, 60 + i, at(0)), ERR_OK);
	}
	struct name last = name_of("A.example."), first = name_of("example.");
	CU_ASSERT_TRUE(ntas_remove(&n, &first));
	CU_ASSERT_FALSE(ntas_remove(&n, &first));
	CU_ASSERT_PTR_NULL(ntas_find(&n, &first));
	CU_ASSERT_PTR_NOT_NULL_FATAL(ntas_find(&n, &last));
	CU_ASSERT_EQUAL(ntas_find(&n, &last)->until_ms, 62000);
	ntas_clear(&n);
}

static void test_recheck_comes_as_often_as_the_owner_wants(void)
{
	struct ntas n = { .check_s = 3600 };
	struct name a = name_of("a.example."), out;
	CU_ASSERT_EQUAL(ntas_add(&n, &a, 86400, at(0)), ERR_OK);
	CU_ASSERT_FALSE(ntas_next_check(&n, at(3599), &out));
	CU_ASSERT_TRUE(ntas_next_check(&n, at(3600), &out));
	CU_ASSERT_TRUE(name_equal(&out, &a));
	CU_ASSERT_FALSE(ntas_next_check(&n, at(3601), &out));
	n.check_s = 0;
	CU_ASSERT_TRUE(ntas_next_check(&n, at(7200), &out));
	CU_ASSERT_FALSE(ntas_next_check(&n, at(86399), &out));
	ntas_clear(&n);
}

/* However often one is due, the others have their turn. */
static void test_recheck_is_of_the_one_that_waited_longest(void)
{
	struct ntas n = { .check_s = 1 };
	struct name a = name_of("a.example."), b = name_of("b.example."), out;
	CU_ASSERT_EQUAL(ntas_add(&n, &a, 86400, at(0)), ERR_OK);
	CU_ASSERT_EQUAL(ntas_add(&n, &b, 86400, at(0)), ERR_OK);
	for (int64_t s = 1; s < 9; s++) {
		CU_ASSERT_TRUE(ntas_next_check(&n, at(s), &out));
		CU_ASSERT_TRUE(name_equal(&out, s % 2 == 1 ? &a : &b));
	}
	ntas_clear(&n);
}

static void test_number_of_negative_anchors_is_bounded(void)
{
	struct ntas n = { 0 };
	for (unsigned i = 0; i <= LIMIT_NTAS; i++) {
		char text[32];
		(void)snprintf(text, sizeof(text), "n%u.example.", i);
		struct name name = name_of(text);
		CU_ASSERT_EQUAL(ntas_add(&n, &name, 60, at(0)), i < LIMIT_NTAS ? ERR_OK : ERR_LIMIT);
	}
	CU_ASSERT_EQUAL(count_ended(&n, at(60)), LIMIT_NTAS);
	ntas_clear(&n);
}

static const struct unit_test tests[] = {
	UNIT(test_negative_anchor_ends_on_time),
	UNIT(test_negative_anchor_lives_a_week_at_most),
	UNIT(test_a_removed_negative_anchor_takes_no_other_with_it),
	UNIT(test_recheck_comes_as_often_as_the_owner_wants),
	UNIT(test_recheck_is_of_the_one_that_waited_longest),
	UNIT(test_number_of_negative_anchors_is_bounded),
};
const struct unit_suite suite_ntas = { "ntas", tests, sizeof(tests) / sizeof(tests[0]) };
