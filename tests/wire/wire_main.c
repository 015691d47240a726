#include "tests/unit.h"

extern const struct unit_suite suite_name, suite_name_text, suite_reader, suite_writer, suite_edns,
    suite_query, suite_cookie, suite_rrset, suite_gather, suite_message;

int main(int argc, char **argv)
{
	const struct unit_suite *const suites[] = {
		&suite_name,  &suite_name_text, &suite_reader, &suite_writer, &suite_edns,
		&suite_query, &suite_cookie,    &suite_rrset,  &suite_gather, &suite_message,
	};
	return unit_main(argc, argv, suites, sizeof(suites) / sizeof(suites[0]));
}
