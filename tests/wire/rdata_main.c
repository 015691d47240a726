#include "tests/unit.h"

extern const struct unit_suite suite_type, suite_rdata, suite_rdata_text, suite_svcb,
    suite_zonetext;

int main(int argc, char **argv)
{
	static const struct unit_suite *const suites[] = { &suite_type, &suite_rdata,
							   &suite_rdata_text, &suite_svcb,
							   &suite_zonetext };
	return unit_main(argc, argv, suites, sizeof(suites) / sizeof(suites[0]));
}
