#include "tests/unit.h"

extern const struct unit_suite suite_local, suite_probe, suite_reply, suite_sentinel, suite_tasks, suite_trace;

int main(int argc, char **argv)
{
	static const struct unit_suite *const suites[] = { &suite_local, &suite_probe, &suite_reply,
		                                         &suite_sentinel, &suite_tasks, &suite_trace };
	return unit_main(argc, argv, suites, sizeof(suites) / sizeof(suites[0]));
}
