#include "tests/server/control_case.h"

int main(int argc, char **argv)
{
	static const struct unit_suite *const suites[] = { &suite_command, &suite_errand, &suite_explain,
		                                         &suite_control };
	return unit_main(argc, argv, suites, sizeof(suites) / sizeof(suites[0]));
}
