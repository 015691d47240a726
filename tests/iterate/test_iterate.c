#include "tests/unit.h"

extern const struct unit_suite suite_walk, suite_scrub, suite_match, suite_limits, suite_select,
    suite_minimise, suite_servers, suite_chaos;

int main(int argc, char **argv)
{
	const struct unit_suite *const suites[] = {
		&suite_servers, &suite_minimise, &suite_walk,   &suite_scrub,
		&suite_match,   &suite_limits,   &suite_select, &suite_chaos,
	};
	return unit_main(argc, argv, suites, sizeof(suites) / sizeof(suites[0]));
}
