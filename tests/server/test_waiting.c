#include "resolver/base/limits.h"
#include "resolver/server/waiting.h"
#include "tests/server/daemon_suites.h"

static const struct siphash_key key = { 1, 2 };

static struct address host(uint8_t a, uint8_t b)
{
	return (struct address){ .family = FAMILY_IPV4, .octets = { 192, 0, a, b } };
}

static void test_a_number_is_never_given_twice(void)
{
	struct waiting *w = waiting_new(2, &key);
	struct address a = host(2, 1);
	uint64_t last = 0;
	for (int i = 0; i < 100; i++) {
		uint64_t next = waiting_next_number(w);
		struct waiting_client *c = waiting_add(w, &a, i);
		CU_ASSERT_PTR_NOT_NULL_FATAL(c);
		CU_ASSERT_EQUAL(c->number, next);
		CU_ASSERT_NOT_EQUAL(c->number, last);
		CU_ASSERT_PTR_NULL(waiting_find(w, last));
		CU_ASSERT_PTR_EQUAL(waiting_find(w, next), c);
		last = next;
		waiting_remove(w, c);
		CU_ASSERT_PTR_NULL(waiting_find(w, next));
	}
	waiting_free(w);
}

static void test_there_are_only_so_many_places(void)
{
	struct waiting *w = waiting_new(3, &key);
	struct address a = host(2, 1);
	struct waiting_client *c[3];
	for (int i = 0; i < 3; i++)
		c[i] = waiting_add(w, &a, 0);
	CU_ASSERT_EQUAL(waiting_next_number(w), 0);
	CU_ASSERT_PTR_NULL(waiting_add(w, &a, 0));
	CU_ASSERT_EQUAL(waiting_count(w), 3);
	waiting_remove(w, c[1]);
	CU_ASSERT_NOT_EQUAL(waiting_next_number(w), 0);
	CU_ASSERT_PTR_NOT_NULL(waiting_add(w, &a, 0));
	waiting_free(w); /* with clients in it */
}

static void test_hosts_are_counted_apart_and_ipv6_by_slash_56(void)
{
	struct waiting *w = waiting_new(16, &key);
	struct address a = host(2, 1), b = host(2, 2);
	struct address six = { .family = FAMILY_IPV6, .octets = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 1 } };
	struct address near = six, far = six;
	near.octets[7] = 0xff;
	near.octets[15] = 9;
	far.octets[6] = 1;
	struct waiting_client *c = waiting_add(w, &a, 0);
	(void)waiting_add(w, &six, 0);
	CU_ASSERT_EQUAL(waiting_of_host(w, &a), 1);
	CU_ASSERT_EQUAL(waiting_of_host(w, &b), 0);
	CU_ASSERT_EQUAL(waiting_of_host(w, &near), 1);
	CU_ASSERT_EQUAL(waiting_of_host(w, &far), 0);
	CU_ASSERT_EQUAL(waiting_share(w, c), 1);
	waiting_remove(w, c);
	CU_ASSERT_EQUAL(waiting_of_host(w, &a), 0);
	waiting_free(w);
}

static void test_clients_of_a_connection_are_found_until_none_is_left(void)
{
	struct waiting *w = waiting_new(16, &key);
	struct address a = host(2, 1);
	struct waiting_client *c;
	for (uint64_t i = 0; i < 9; i++) {
		c = waiting_add(w, &a, 0);
		c->connection = 5 + i % 3 * 1024; /* all in one bucket */
		waiting_join_connection(w, c);
	}
	unsigned found = 0;
	while ((c = waiting_of_connection(w, 5 + 1024)) != NULL) {
		CU_ASSERT_EQUAL(c->connection, 5 + 1024);
		waiting_remove(w, c);
		found++;
	}
	CU_ASSERT_EQUAL(found, 3);
	CU_ASSERT_EQUAL(waiting_count(w), 6);
	waiting_free(w);
}

static const struct unit_test tests[] = {
	UNIT(test_a_number_is_never_given_twice),
	UNIT(test_there_are_only_so_many_places),
	UNIT(test_hosts_are_counted_apart_and_ipv6_by_slash_56),
	UNIT(test_clients_of_a_connection_are_found_until_none_is_left),
};
const struct unit_suite suite_waiting = { "waiting", tests, sizeof(tests) / sizeof(tests[0]) };
