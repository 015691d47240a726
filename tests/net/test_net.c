#include "tests/net/net_case.h"

int main(int argc, char **argv)
{
	static const struct unit_suite *const suites[] = {
		&suite_udp,
		&suite_tcp,
		&suite_outbound_udp,
		&suite_outbound_tcp,
	};
	return unit_main(argc, argv, suites, sizeof(suites) / sizeof(suites[0]));
}
