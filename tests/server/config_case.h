/*
 * config_case.h - a configuration text in a test, and what became of it.
 */
#ifndef TESTS_SERVER_CONFIG_CASE_H
#define TESTS_SERVER_CONFIG_CASE_H

#include "resolver/server/config.h"
#include "tests/unit.h"
#include <string.h>

/* Owned; NULL, and a failed assertion that shows why, when the text is refused. */
struct config *config_accepted(const char *text);

/* The text is refused; *why says where and in which words. */
void config_refused(const char *text, struct config_error *why);

/* The whole of what config_print() writes; owned, free(). */
char *config_printed(const struct config *c);

extern const struct unit_suite suite_config_docs, suite_config_errors, suite_config_file,
	suite_config_fuzz, suite_config_values;

#endif
