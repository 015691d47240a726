/*
 * anchor_suites.h - the suites of the trust anchors' test program.
 */
#ifndef TESTS_ANCHOR_SUITES_H
#define TESTS_ANCHOR_SUITES_H

#include "tests/unit.h"

extern const struct unit_suite suite_rfc5011;
extern const struct unit_suite suite_revocation;
extern const struct unit_suite suite_chance;
extern const struct unit_suite suite_rollover;
extern const struct unit_suite suite_anchor_text;
extern const struct unit_suite suite_root_anchors;
extern const struct unit_suite suite_sentinel;
extern const struct unit_suite suite_ntas;

#endif
