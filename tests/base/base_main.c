#include "tests/unit.h"

extern const struct unit_suite suite_address, suite_arena, suite_budget, suite_digit, suite_rng, suite_siphash;

int main(int argc, char **argv)
{
	const struct unit_suite *const suites[] = {
		&suite_address, &suite_arena, &suite_budget, &suite_digit, &suite_rng, &suite_siphash,
	};
	return unit_main(argc, argv, suites, sizeof(suites) / sizeof(suites[0]));
}
