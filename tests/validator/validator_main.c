#include "tests/validator/suites.h"

int main(int argc, char **argv)
{
	static const struct unit_suite *const suites[] = {
		&suite_crypto, &suite_vectors, &suite_denial, &suite_validate, &suite_lies,
		&suite_plans,  &suite_limits,  &suite_odd,    &suite_anchors,  &suite_rrsig,
	};
	return unit_main(argc, argv, suites, sizeof(suites) / sizeof(suites[0]));
}
