/*
 * suites.h - the suites of the validator's test program.
 */
#ifndef TESTS_VALIDATOR_SUITES_H
#define TESTS_VALIDATOR_SUITES_H

#include "tests/unit.h"

extern const struct unit_suite suite_anchors;
extern const struct unit_suite suite_crypto;
extern const struct unit_suite suite_denial;
extern const struct unit_suite suite_lies;
extern const struct unit_suite suite_limits;
extern const struct unit_suite suite_odd;
extern const struct unit_suite suite_plans;
extern const struct unit_suite suite_rrsig;
extern const struct unit_suite suite_validate;
extern const struct unit_suite suite_vectors;

#endif
