/*
 * unit.h - one CUnit program: a table of tests, a line of totals.
 *
 *	static const struct unit_test tests[] = { UNIT(test_name_rejects_loops), ... };
 *	const struct unit_suite suite_name = { "name", tests, sizeof(tests) / sizeof(tests[0]) };
 *
 * and in the program's main: return unit_main(argc, argv, suites, count).  The first argument, if
 * given, is part of a test's or suite's name: only those run.  The last line printed is "N passed, N failed".
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <CUnit/CUnit.h>
#include <stddef.h>

struct unit_test {
	const char *name;
	void (*run)(void);
};

#define UNIT(f) { #f, f }

struct unit_suite {
	const char *name;
	const struct unit_test *tests;
	size_t count;
};

int unit_main(int argc, char **argv, const struct unit_suite *const suites[], size_t count);

#endif
