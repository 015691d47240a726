#include "tests/server/config_case.h"

int main(int argc, char **argv)
{
	static const struct unit_suite *const suites[] = {
		&suite_config_values, &suite_config_errors, &suite_config_file,
		&suite_config_docs,   &suite_config_fuzz,
	};
	return unit_main(argc, argv, suites, sizeof(suites) / sizeof(suites[0]));
}
