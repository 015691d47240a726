#include "resolver/wire/zonetext.h"
#include "tests/unit.h"
#include "tests/validator/suites.h"
#include "validator/anchors.h"
#include "validator/ds.h"
#include <stdio.h>
#include <string.h>

/* The KSKs themselves, as the root publishes them. */
static const char root_keys[] =
    ". 172800 DNSKEY 257 3 8 AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3"
    " +/4RgWOq7HrxRixHlFlExOLAJr5emLvN7SWXgnLh4+B5xQlNVz8Og8kv"
    " ArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF"
    " 0jLHwVN8efS3rCj/EWgvIWgb9tarpVUDK/b58Da+sqqls3eNbuv7pr+e"
    " oZG+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuOLYA4/ilBmSVIzuDWfd"
    " RUfhHdY6+cn8HFRm+2hM8AnXGXws9555KrUB5qihylGa8subX2Nn6UwN"
    " R1AkUTV74bU=\n"
    ". 172800 DNSKEY 257 3 8 AwEAAa96jeuknZlaeSrvyAJj6ZHv28hhOKkx3rLGXVaC6rXTsDc449/c"
    " idltpkyGwCJNnOAlFNKF2jBosZBU5eeHspaQWOmOElZsjICMQMC3aeHb"
    " GiShvZsx4wMYSjH8e7Vrhbu6irwCzVBApESjbUdpWWmEnhathWu1jo+s"
    " iFUiRAAxm9qyJNg/wOZqqzL/dL/q8PkcRU5oUKEpUge71M3ej2/7CPqp"
    " dVwuMoTvoB+ZOT4YeGyxMvHmbrxlFzGOHOijtzN+u1TQNatX2XBuzZNQ"
    " 1K+s2CXkPIZo7s6JgZyvaBevYtxPvYLw4z9mR7K2vaF18UYH9Z9GNUUe"
    " ayffKC73PYc=\n";

static struct rrset *read_all(struct arena *a, const char *text, unsigned *count)
{
	struct rrset *sets = NULL;
	struct zonetext t = zonetext_of(text, strlen(text));
	t.ttl = 3600;
	CU_ASSERT_EQUAL_FATAL(zonetext_all(&t, a, &sets, count), ERR_OK);
	return sets;
}

static struct anchors *make(struct arena *a, const char *text, enum err expected)
{
	unsigned count;
	struct anchors *anchors = NULL;
	struct rrset *sets = read_all(a, text, &count);
	CU_ASSERT_EQUAL(anchors_new(sets, count, &anchors), expected);
	return anchors;
}

static void test_built_in_anchors_are_the_roots_two_keys_f6(void)
{
	static const uint16_t tags[] = { 20326, 38696 };
	unsigned count;
	struct name root = name_root();
	struct arena *a = arena_new(1 << 16);
	CU_ASSERT_FATAL(a != NULL);
	const struct rrset *built_in = anchors_built_in(a), *keys = read_all(a, root_keys, &count);
	CU_ASSERT_FATAL(built_in != NULL && built_in->count == 2 && keys->count == 2);
	for (unsigned i = 0; i < 2; i++) {
		struct ds ds;
		CU_ASSERT_EQUAL(ds_parse(&built_in->rdata[i], &ds), ERR_OK);
		CU_ASSERT_EQUAL(ds.tag, tags[i]);
		CU_ASSERT(ds_matches(&ds, &root, &keys->rdata[i]));
		CU_ASSERT_FALSE(ds_matches(&ds, &root, &keys->rdata[1 - i]));
	}
	arena_free(a);
}

static void test_a_dnskey_becomes_its_ds_and_counts_once(void)
{
	size_t zones;
	struct arena *a = arena_new(1 << 16);
	CU_ASSERT_FATAL(a != NULL);
	struct rrset both[2];
	unsigned count;
	both[0] = *anchors_built_in(a);
	both[1] = *read_all(a, root_keys, &count);
	struct anchors *anchors = NULL;
	CU_ASSERT_EQUAL_FATAL(anchors_new(both, 2, &anchors), ERR_OK);
	const struct rrset *all = anchors_all(anchors, &zones);
	CU_ASSERT_EQUAL(zones, 1);
	CU_ASSERT_EQUAL(all[0].count, 2);
	CU_ASSERT_EQUAL(all[0].type, TYPE_DS);
	anchors_free(anchors);
	arena_free(a);
}

static void test_the_deepest_anchor_wins(void)
{
	static const char text[] = "a.b. DS 1 13 2 00\nb. DS 2 13 2 00\nc. DS 3 13 2 00\n";
	static const struct {
		const char *name, *owner;
	} rows[] = {
		{ "x.a.b", "a.b" }, { "A.B", "a.b" }, { "y.b", "b" }, { "b", "b" },
		{ "xa.b", "b" },    { "c", "c" },     { "d", NULL },  { ".", NULL },
	};
	struct arena *a = arena_new(1 << 16);
	CU_ASSERT_FATAL(a != NULL);
	struct anchors *anchors = make(a, text, ERR_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(anchors);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct name name = name_of(rows[i].name);
		const struct rrset *set = anchors_closest(anchors, &name);
		if (rows[i].owner == NULL) {
			CU_ASSERT_PTR_NULL(set);
			continue;
		}
		struct name owner = name_of(rows[i].owner);
		CU_ASSERT(set != NULL && name_equal(&set->owner, &owner));
	}
	anchors_free(anchors);
	arena_free(a);
}

static void test_what_is_no_anchor_is_refused_or_left_out(void)
{
	size_t zones;
	struct arena *a = arena_new(1 << 20);
	CU_ASSERT_FATAL(a != NULL);
	CU_ASSERT_PTR_NULL(make(a, "a. A 192.0.2.1\n", ERR_FORMAT));
	/* Revoked, and not a zone key. */
	struct anchors *anchors = make(a,
				       "a. DNSKEY 385 3 8 AwEAAaz/tAm8\n"
				       "b. DNSKEY 1 3 8 AwEAAaz/tAm8\n",
				       ERR_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(anchors);
	(void)anchors_all(anchors, &zones);
	CU_ASSERT_EQUAL(zones, 0);
	anchors_free(anchors);
	anchors_free(NULL);
	arena_free(a);
}

static void test_more_anchors_than_the_limit_are_refused(void)
{
	struct arena *a = arena_new(1 << 20);
	CU_ASSERT_FATAL(a != NULL);
	struct rrset *sets = arena_array(a, LIMIT_ANCHORS + 1, sizeof(*sets));
	struct anchors *anchors = NULL;
	static const uint8_t octets[] = { 0, 1, 13, 2, 0 };
	struct rdata r = { sizeof(octets), octets };
	CU_ASSERT_FATAL(sets != NULL);
	for (unsigned i = 0; i <= LIMIT_ANCHORS; i++) {
		char text[16];
		snprintf(text, sizeof(text), "z%u", i);
		sets[i] = (struct rrset){
			.owner = name_of(text), .type = TYPE_DS, .count = 1, .rdata = &r
		};
	}
	CU_ASSERT_EQUAL(anchors_new(sets, LIMIT_ANCHORS + 1, &anchors), ERR_LIMIT);
	CU_ASSERT_EQUAL(anchors_new(sets, LIMIT_ANCHORS, &anchors), ERR_OK);
	anchors_free(anchors);
	arena_free(a);
}

static void test_anchors_survive_want_of_memory(void)
{
	for (size_t n = 1; n < 8; n++) {
		struct arena *a = arena_new(1 << 16);
		CU_ASSERT_FATAL(a != NULL);
		arena_fail_after(a, n);
		const struct rrset *set = anchors_built_in(a);
		CU_ASSERT((set == NULL) == (n <= 2));
		arena_free(a);
	}
}

static const struct unit_test tests[] = {
	UNIT(test_built_in_anchors_are_the_roots_two_keys_f6),
	UNIT(test_a_dnskey_becomes_its_ds_and_counts_once),
	UNIT(test_the_deepest_anchor_wins),
	UNIT(test_what_is_no_anchor_is_refused_or_left_out),
	UNIT(test_more_anchors_than_the_limit_are_refused),
	UNIT(test_anchors_survive_want_of_memory),
};
const struct unit_suite suite_anchors = { "anchors", tests, sizeof(tests) / sizeof(tests[0]) };
