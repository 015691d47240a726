#include "tests/server/daemon_suites.h"

int main(int argc, char **argv)
{
	static const struct unit_suite *const suites[] = {
		&suite_slot, &suite_channel, &suite_clock, &suite_log, &suite_waiting,
		&suite_policy, &suite_identity, &suite_client, &suite_place, &suite_memory,
	};
	return unit_main(argc, argv, suites, sizeof(suites) / sizeof(suites[0]));
}
