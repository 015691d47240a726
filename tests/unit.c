#include "tests/unit.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int add_suite(const struct unit_suite *s, const char *only)
{
	CU_pSuite suite = NULL;
	for (size_t i = 0; i < s->count; i++) {
		if (only != NULL && strstr(s->tests[i].name, only) == NULL &&
		    strstr(s->name, only) == NULL)
			continue;
		if (suite == NULL)
			suite = CU_add_suite(s->name, NULL, NULL);
		if (suite == NULL || CU_add_test(suite, s->tests[i].name, s->tests[i].run) == NULL)
			return -1;
	}
	return 0;
}

int unit_main(int argc, char **argv, const struct unit_suite *const suites[], size_t count)
{
	if (CU_initialize_registry() != CUE_SUCCESS)
		return EXIT_FAILURE;
	for (size_t i = 0; i < count; i++) {
		if (add_suite(suites[i], argc > 1 ? argv[1] : NULL) != 0) {
			fprintf(stderr, "%s: %s\n", suites[i]->name, CU_get_error_msg());
			return EXIT_FAILURE;
		}
	}
	CU_basic_set_mode(CU_BRM_NORMAL);
	CU_basic_run_tests();
	unsigned run = CU_get_number_of_tests_run();
	unsigned failed = CU_get_number_of_tests_failed();
	CU_cleanup_registry();
	printf("%u passed, %u failed\n", run - failed, failed);
	return run > 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
