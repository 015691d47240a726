#include "tests/validator/anchor_suites.h"

int main(int argc, char **argv)
{
	static const struct unit_suite *const suites[] = {
		&suite_rfc5011, &suite_revocation, &suite_chance, &suite_rollover, &suite_anchor_text,
		&suite_root_anchors, &suite_sentinel, &suite_ntas,
	};
	return unit_main(argc, argv, suites, sizeof(suites) / sizeof(suites[0]));
}
