#include "resolver/base/budget.h"
#include "resolver/base/err.h"
#include "resolver/base/list.h"
#include "tests/unit.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void test_a_budget_only_goes_down_and_never_below_zero(void)
{
	struct budget b;
	budget_init(&b, 1000);
	CU_ASSERT_EQUAL(b.deadline_ms, 1000 + LIMIT_QUESTION_MS);
	unsigned sent = 0;
	while (spend(&b.sends))
		sent++;
	CU_ASSERT_EQUAL(sent, LIMIT_SENDS);
	CU_ASSERT_FALSE(spend(&b.sends));
	CU_ASSERT_EQUAL(b.sends, 0);
	CU_ASSERT_TRUE(spend_many(&b.octets, LIMIT_RECEIVED - 1));
	CU_ASSERT_FALSE(spend_many(&b.octets, 2)); /* takes the rest */
	CU_ASSERT_FALSE(spend(&b.octets));
}

static void test_every_budget_begins_at_its_limit(void)
{
	struct budget b;
	budget_init(&b, 0);
	CU_ASSERT_EQUAL(b.timeouts, LIMIT_TIMEOUTS);
	CU_ASSERT_EQUAL(b.referrals, LIMIT_REFERRALS);
	CU_ASSERT_EQUAL(b.aliases, LIMIT_ALIASES);
	CU_ASSERT_EQUAL(b.address_fetches, LIMIT_ADDRESS_FETCHES);
	CU_ASSERT_EQUAL(b.dead_fetches, LIMIT_DEAD_FETCHES);
	CU_ASSERT_EQUAL(b.verifies, LIMIT_VERIFIES);
	CU_ASSERT_EQUAL(b.verify_failures, LIMIT_VERIFY_FAILURES);
	CU_ASSERT_EQUAL(b.hashes, LIMIT_NSEC3_HASHES);
	CU_ASSERT_EQUAL(b.iterations, LIMIT_NSEC3_ITERATIONS);
}

static void test_every_error_has_its_own_words(void)
{
	for (int i = ERR_OK; i <= ERR_BUSY; i++) {
		CU_ASSERT_TRUE(strcmp(err_text((enum err)i), "unknown error") != 0);
		for (int k = ERR_OK; k < i; k++)
			CU_ASSERT_TRUE(strcmp(err_text((enum err)i), err_text((enum err)k)) != 0);
	}
	CU_ASSERT_STRING_EQUAL(err_text((enum err)999), "unknown error");
}

struct item {
	int number;
	struct list link;
};

static void test_a_list_keeps_order_and_forgets_what_left(void)
{
	struct list head;
	struct item items[3] = { { .number = 1 }, { .number = 2 }, { .number = 3 } };
	list_init(&head);
	CU_ASSERT_TRUE(list_empty(&head));
	for (size_t i = 0; i < COUNT(items); i++)
		list_append(&head, &items[i].link);
	list_remove(&items[1].link);
	list_remove(&items[1].link); /* harmless */
	CU_ASSERT_EQUAL(LIST_ITEM(head.next, struct item, link)->number, 1);
	CU_ASSERT_EQUAL(LIST_ITEM(head.prev, struct item, link)->number, 3);
	list_remove(&items[0].link);
	list_remove(&items[2].link);
	CU_ASSERT_TRUE(list_empty(&head));
}

static const struct unit_test tests[] = {
	UNIT(test_a_budget_only_goes_down_and_never_below_zero),
	UNIT(test_every_budget_begins_at_its_limit),
	UNIT(test_every_error_has_its_own_words),
	UNIT(test_a_list_keeps_order_and_forgets_what_left),
};
extern const struct unit_suite suite_budget;
const struct unit_suite suite_budget = { "budget", tests, COUNT(tests) };
