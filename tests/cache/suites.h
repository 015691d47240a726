/*
 * suites.h - the tables of tests that make up test_cache.
 */
#ifndef TESTS_CACHE_SUITES_H
#define TESTS_CACHE_SUITES_H

#include "tests/unit.h"

extern const struct unit_suite suite_cache, suite_rules, suite_ttl, suite_entry, suite_hot,
	suite_denials, suite_answers, suite_networks, suite_keep, suite_layers, suite_meta, suite_store,
	suite_damage;

#endif
