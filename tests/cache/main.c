#include "tests/cache/suites.h"

int main(int argc, char **argv)
{
	static const struct unit_suite *const suites[] = {
		&suite_ttl, &suite_hot, &suite_entry, &suite_cache, &suite_rules, &suite_denials,
		&suite_answers, &suite_networks, &suite_keep, &suite_layers, &suite_meta, &suite_store,
		&suite_damage,
	};
	return unit_main(argc, argv, suites, sizeof(suites) / sizeof(suites[0]));
}
