/* daemon_suites.h - the suites of test_daemon. */
#ifndef TESTS_SERVER_DAEMON_SUITES_H
#define TESTS_SERVER_DAEMON_SUITES_H

#include "tests/unit.h"

extern const struct unit_suite suite_slot, suite_channel, suite_clock, suite_log, suite_waiting,
	suite_policy, suite_identity, suite_client, suite_place, suite_memory;

#endif
