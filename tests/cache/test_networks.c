#include "cache/networks.h"
#include "tests/cache/suites.h"
#include <stdio.h>

static const struct siphash_key hash_key = { 8, 9 };
static const struct networks_entry some_entry = { .use = 1, .id = 10 };

static struct address client(const char *text)
{
	struct address a;
	CU_ASSERT_EQUAL_FATAL(address_parse(text, &a), ERR_OK);
	return a;
}

static bool ask(struct networks *n, uint32_t use, uint64_t id, const char *from)
{
	struct address a = client(from);
	struct networks_entry entry = { .use = use, .id = id };
	bool at_once = networks_ask(n, &entry, &a);
	if (!at_once)
		networks_told(n, &entry, &a);
	return at_once;
}

static void test_a_network_is_fast_where_it_asked_before_and_slow_elsewhere(void)
{
	struct networks *n = networks_new(1000, 3, &hash_key);
	CU_ASSERT_PTR_NOT_NULL_FATAL(n);
	CU_ASSERT_FALSE(ask(n, 1, 10, "192.0.2.1"));
	CU_ASSERT(ask(n, 1, 10, "192.0.2.200"));   /* the same /24 */
	CU_ASSERT_FALSE(ask(n, 1, 10, "192.0.3.1"));
	CU_ASSERT_FALSE(ask(n, 2, 20, "192.0.2.1")); /* another entry */
	networks_free(n);
}

static void test_who_made_us_resolve_it_waits_no_second_time(void)
{
	struct networks *n = networks_new(1000, 3, &hash_key);
	struct address a = client("2001:db8:0:1::1");
	CU_ASSERT_PTR_NOT_NULL_FATAL(n);
	networks_told(n, &some_entry, &a);
	CU_ASSERT(ask(n, 1, 10, "2001:db8:0:ff::2")); /* the same /56 */
	CU_ASSERT_FALSE(ask(n, 1, 10, "2001:db8:0:100::2"));
	networks_free(n);
}

static void test_who_has_not_been_told_yet_knows_nothing(void)
{
	struct networks *n = networks_new(1000, 3, &hash_key);
	struct address a = client("192.0.2.1");
	CU_ASSERT_PTR_NOT_NULL_FATAL(n);
	CU_ASSERT_FALSE(networks_ask(n, &some_entry, &a));
	CU_ASSERT_FALSE(networks_ask(n, &some_entry, &a));
	networks_told(n, &some_entry, &a);
	CU_ASSERT(networks_ask(n, &some_entry, &a));
	networks_free(n);
}

static void test_what_k_networks_asked_for_is_fast_for_all_and_stays_so(void)
{
	struct networks *n = networks_new(1000, 3, &hash_key);
	CU_ASSERT_PTR_NOT_NULL_FATAL(n);
	CU_ASSERT_FALSE(ask(n, 1, 10, "192.0.1.1"));
	CU_ASSERT_FALSE(ask(n, 1, 10, "192.0.2.1"));
	CU_ASSERT_FALSE(ask(n, 1, 10, "192.0.3.1"));
	CU_ASSERT(ask(n, 1, 10, "192.0.4.1"));
	CU_ASSERT(ask(n, 1, 11, "192.0.5.1"));        /* the next version: still popular */
	CU_ASSERT(ask(n, 1, 12, "192.0.6.1") == false); /* the one after was asked for once only */
	networks_free(n);
}

static void test_a_new_version_of_a_rare_entry_is_slow_again(void)
{
	struct networks *n = networks_new(1000, 3, &hash_key);
	CU_ASSERT_PTR_NOT_NULL_FATAL(n);
	CU_ASSERT_FALSE(ask(n, 1, 10, "192.0.1.1"));
	CU_ASSERT(ask(n, 1, 10, "192.0.1.1"));
	CU_ASSERT_FALSE(ask(n, 1, 12, "192.0.1.1"));
	networks_free(n);
}

static void test_a_flood_of_entries_makes_slow_never_fast(void)
{
	struct networks *n = networks_new(64, 3, &hash_key);
	unsigned fast = 0;
	CU_ASSERT_PTR_NOT_NULL_FATAL(n);
	for (uint32_t i = 0; i < 20000; i++)
		fast += ask(n, i * 2654435761u, 1000 + 2 * (uint64_t)i, "192.0.1.1");
	CU_ASSERT_EQUAL(fast, 0);
	networks_free(n);
}

static const struct unit_test tests[] = {
	UNIT(test_a_network_is_fast_where_it_asked_before_and_slow_elsewhere),
	UNIT(test_who_made_us_resolve_it_waits_no_second_time),
	UNIT(test_who_has_not_been_told_yet_knows_nothing),
	UNIT(test_what_k_networks_asked_for_is_fast_for_all_and_stays_so),
	UNIT(test_a_new_version_of_a_rare_entry_is_slow_again),
	UNIT(test_a_flood_of_entries_makes_slow_never_fast),
};

const struct unit_suite suite_networks = { "networks", tests, sizeof(tests) / sizeof(tests[0]) };
