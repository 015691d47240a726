/* RFC 8509 section 3, RFC 8145, threats F10. */
#include "tests/validator/anchor_suites.h"
#include "tests/validator/rollover.h"
#include "validator/sentinel.h"
#include <stdio.h>
#include <string.h>

static enum sentinel ask(const char *name, uint16_t type, const struct key_tags *tags)
{
	struct question q = { name_of(name), type, CLASS_IN };
	return sentinel_judge(&q, SECURITY_SECURE, false, tags);
}

static void test_table_of_rfc8509_section_3_2(void)
{
	struct key_tags tags = { 0 };
	key_tags_add(&tags, 20326);
	CU_ASSERT_EQUAL(ask("root-key-sentinel-is-ta-20326.example.", TYPE_A, &tags), SENTINEL_ANSWER);
	CU_ASSERT_EQUAL(ask("root-key-sentinel-not-ta-20326.example.", TYPE_A, &tags), SENTINEL_SERVFAIL);
	CU_ASSERT_EQUAL(ask("root-key-sentinel-is-ta-38696.example.", TYPE_A, &tags), SENTINEL_SERVFAIL);
	CU_ASSERT_EQUAL(ask("root-key-sentinel-not-ta-38696.example.", TYPE_A, &tags), SENTINEL_ANSWER);
	CU_ASSERT_EQUAL(ask("root-key-sentinel-not-ta-20326.example.", TYPE_AAAA, &tags),
	                SENTINEL_SERVFAIL);
	CU_ASSERT_EQUAL(ask("ROOT-Key-Sentinel-NOT-ta-20326.", TYPE_AAAA, &tags), SENTINEL_SERVFAIL);
}

static void test_conditions_of_rfc8509_section_3_1(void)
{
	static const enum security other[] = { SECURITY_UNCHECKED, SECURITY_INDETERMINATE,
		                               SECURITY_INSECURE, SECURITY_BOGUS };
	static const uint16_t types[] = { TYPE_TXT, TYPE_ANY, TYPE_DNSKEY, TYPE_CNAME, TYPE_HTTPS };
	struct key_tags none = { 0 };
	struct question q = { name_of("root-key-sentinel-is-ta-00042.example."), TYPE_A, CLASS_IN };
	CU_ASSERT_EQUAL(sentinel_judge(&q, SECURITY_SECURE, false, &none), SENTINEL_SERVFAIL);
	CU_ASSERT_EQUAL(sentinel_judge(&q, SECURITY_SECURE, true, &none), SENTINEL_ANSWER);
	CU_ASSERT_TRUE(sentinel_is_question(&q));
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		CU_ASSERT_EQUAL(sentinel_judge(&q, other[i], false, &none), SENTINEL_ANSWER);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		q.type = types[i];
		CU_ASSERT_EQUAL(sentinel_judge(&q, SECURITY_SECURE, false, &none), SENTINEL_ANSWER);
		CU_ASSERT_FALSE(sentinel_is_question(&q));
	}
}

static void test_labels_that_are_no_sentinels(void)
{
	static const char *const names[] = {
		"root-key-sentinel-is-ta-42.example.", "root-key-sentinel-is-ta-0020326.example.",
		"root-key-sentinel-is-ta-020326.example.", "root-key-sentinel-is-ta-2032x.example.",
		"root-key-sentinel-is-ta-.example.", "root-key-sentinel-is-ta-99999.example.",
		"root-key-sentinel-is-ta-65536.example.", "root-key-sentinel-ta-20326.example.",
		"xroot-key-sentinel-is-ta-38696.example.", "www.root-key-sentinel-is-ta-38696.example.",
		"root-key-sentinel-is-ta-+2032.example.", "root-key-sentinel-is-ta-\\0401234.example.",
		"_is-ta-38696.example.", "*.example.", ".",
	};
	struct key_tags none = { 0 };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct question q = { name_of(names[i]), TYPE_A, CLASS_IN };
		CU_ASSERT_EQUAL(sentinel_judge(&q, SECURITY_SECURE, false, &none), SENTINEL_ANSWER);
		CU_ASSERT_FALSE(sentinel_is_question(&q));
	}
	CU_ASSERT_EQUAL(ask("root-key-sentinel-is-ta-65535.example.", TYPE_A, &none),
	                SENTINEL_SERVFAIL);
	struct key_tags zero = { 0 };
	key_tags_add(&zero, 0);
	CU_ASSERT_EQUAL(ask("root-key-sentinel-is-ta-00000.example.", TYPE_A, &zero), SENTINEL_ANSWER);
}

/* Is a key of the root told of as trusted, over the way of the anchors in force? */
static bool told_trusted(struct rollover *r, uint16_t tag)
{
	struct rrset *sets;
	size_t count;
	struct anchors *anchors;
	char name[64];
	CU_ASSERT_EQUAL_FATAL(anchor_state_sets(&r->state, false, r->arena, &sets, &count), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(anchors_new(sets, count, &anchors), ERR_OK);
	struct name root = name_root();
	struct key_tags tags = key_tags_of(anchors, &root);
	(void)snprintf(name, sizeof(name), "root-key-sentinel-is-ta-%05u.example.", tag);
	bool is = ask(name, TYPE_A, &tags) == SENTINEL_ANSWER;
	(void)snprintf(name, sizeof(name), "root-key-sentinel-not-ta-%05u.example.", tag);
	CU_ASSERT_EQUAL(ask(name, TYPE_A, &tags), is ? SENTINEL_SERVFAIL : SENTINEL_ANSWER);
	anchors_free(anchors);
	return is;
}

/* RFC 8509 section 3.2: not in AddPend, not in Revoked; right after the change. */
static void test_sentinel_at_every_state_of_a_key(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *old = rollover_key(&r, 13, 257), *new = rollover_key(&r, 13, 257);
	uint16_t tag = sign_key_tag(new), first = sign_key_tag(old);
	rollover_trust(&r, old, TYPE_DS);
	CU_ASSERT_TRUE(told_trusted(&r, first));
	CU_ASSERT_FALSE(told_trusted(&r, tag));
	rollover_days(&r, 30, KEYS(old, new), KEYS(old));
	CU_ASSERT_FALSE(told_trusted(&r, tag));
	rollover_days(&r, 1, KEYS(old, new), KEYS(old));
	CU_ASSERT_TRUE(told_trusted(&r, tag));
	rollover_days(&r, 1, KEYS(old), KEYS(old));
	ASSERT_STATE(&r, new, "Missing");
	CU_ASSERT_TRUE(told_trusted(&r, tag));
	rollover_revoke(old, true);
	rollover_days(&r, 1, KEYS(old, new), KEYS(old, new));
	CU_ASSERT_FALSE(told_trusted(&r, first));
	CU_ASSERT_FALSE(told_trusted(&r, sign_key_tag(old)));
	rollover_days(&r, 31, KEYS(new), KEYS(new));
	ASSERT_STATE(&r, old, "Removed");
	CU_ASSERT_FALSE(told_trusted(&r, first));
	rollover_revoke(new, true);
	rollover_days(&r, 1, KEYS(new), KEYS(new));
	CU_ASSERT_FALSE(told_trusted(&r, tag));
	CU_ASSERT_FALSE(told_trusted(&r, 0)); /* the anchor that stands for none */
	rollover_clear(&r);
}

static void test_key_tag_question_of_rfc8145_section_5_1(void)
{
	struct key_tags t = { 0 };
	struct name root = name_root(), zone = name_of("example.com.");
	struct question q;
	char text[NAME_TEXT_MAX];
	CU_ASSERT_EQUAL(key_tags_question(&t, &root, &q), ERR_NOTFOUND);
	key_tags_add(&t, 38696);
	key_tags_add(&t, 20326);
	key_tags_add(&t, 38696);
	CU_ASSERT_EQUAL(t.count, 2);
	CU_ASSERT_EQUAL_FATAL(key_tags_question(&t, &root, &q), ERR_OK);
	name_text(&q.name, text);
	CU_ASSERT_STRING_EQUAL(text, "_ta-4f66-9728.");
	CU_ASSERT_EQUAL(q.type, TYPE_NULL);
	key_tags_add(&t, 10);
	CU_ASSERT_EQUAL_FATAL(key_tags_question(&t, &zone, &q), ERR_OK);
	name_text(&q.name, text);
	CU_ASSERT_STRING_EQUAL(text, "_ta-000a-4f66-9728.example.com.");
}

static void test_many_key_tags_fill_more_labels(void)
{
	struct key_tags t = { 0 };
	struct name root = name_root();
	struct question q;
	for (unsigned i = 0; i < 13; i++)
		key_tags_add(&t, (uint16_t)(13 - i));
	CU_ASSERT_EQUAL_FATAL(key_tags_question(&t, &root, &q), ERR_OK);
	CU_ASSERT_EQUAL(name_labels(&q.name), 2);
	CU_ASSERT_EQUAL(name_label(&q.name, 0)[0], 63);
	CU_ASSERT_EQUAL(memcmp(name_label(&q.name, 1), "\10_ta-000d", 9), 0);
	for (unsigned i = 0; i < 2 * KEY_TAGS_MAX; i++)
		key_tags_add(&t, (uint16_t)(100 + i));
	CU_ASSERT_EQUAL(t.count, KEY_TAGS_MAX);
	CU_ASSERT_EQUAL(key_tags_question(&t, &root, &q), ERR_SPACE);
}

static const struct unit_test tests[] = {
	UNIT(test_table_of_rfc8509_section_3_2),
	UNIT(test_conditions_of_rfc8509_section_3_1),
	UNIT(test_labels_that_are_no_sentinels),
	UNIT(test_sentinel_at_every_state_of_a_key),
	UNIT(test_key_tag_question_of_rfc8145_section_5_1),
	UNIT(test_many_key_tags_fill_more_labels),
};
const struct unit_suite suite_sentinel = { "sentinel", tests, sizeof(tests) / sizeof(tests[0]) };
