#include "resolver/base/limits.h"
#include "resolver/base/rng.h"
#include "resolver/wire/gather.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct arena *room(void)
{
	struct arena *a = arena_new((size_t)4 << 20);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	return a;
}

static enum err add(struct gather *g, uint8_t group, const char *owner, uint16_t type, uint32_t ttl,
		    const char *rdata)
{
	struct name n = name_of(owner);
	struct gather_record r = { .group = group,
				   .type = type,
				   .class = CLASS_IN,
				   .ttl = ttl,
				   .rdata = { (uint16_t)strlen(rdata), (const uint8_t *)rdata } };
	return gather_add(g, &n, &r);
}

static enum err add_sig(struct gather *g, uint8_t group, const char *owner, uint8_t covered,
			uint32_t ttl, uint8_t number)
{
	struct name n = name_of(owner);
	static uint8_t octets[256][256][3]; /* borrowed by the sets */
	uint8_t *p = octets[covered][number];
	p[0] = 0;
	p[1] = covered;
	p[2] = number;
	struct gather_record r = {
		.group = group, .type = TYPE_RRSIG, .class = CLASS_IN, .ttl = ttl, .rdata = { 3, p }
	};
	return gather_add(g, &n, &r);
}

static void test_records_become_sets_in_order_of_appearance(void)
{
	struct arena *a = room();
	struct gather *g = gather_new(a, 20, 20);
	struct gathered out[GATHER_GROUPS];
	CU_ASSERT_PTR_NOT_NULL_FATAL(g);
	CU_ASSERT_EQUAL(add(g, 0, "b.", TYPE_A, 9, "1111"), ERR_OK);
	CU_ASSERT_EQUAL(add(g, 0, "a.", TYPE_A, 9, "1111"), ERR_OK);
	CU_ASSERT_EQUAL(add(g, 1, "b.", TYPE_A, 9, "1111"), ERR_OK); /* another section */
	CU_ASSERT_EQUAL(add(g, 0, "B.", TYPE_A, 9, "2222"), ERR_OK); /* far from its set */
	CU_ASSERT_EQUAL(add(g, 0, "b.", TYPE_AAAA, 9, "1111"), ERR_OK);
	CU_ASSERT_EQUAL(gather_sets(g, out), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(out[0].count, 3);
	CU_ASSERT_EQUAL(out[1].count, 1);
	CU_ASSERT_EQUAL(out[2].count, 0);
	CU_ASSERT_TRUE(out[0].sets[0].owner.wire[1] == 'b' && out[0].sets[0].count == 2);
	CU_ASSERT_EQUAL(memcmp(out[0].sets[0].rdata[1].octets, "2222", 4), 0);
	CU_ASSERT_TRUE(out[0].sets[1].owner.wire[1] == 'a' && out[0].sets[1].count == 1);
	CU_ASSERT_EQUAL(out[0].sets[2].type, TYPE_AAAA);
	arena_free(a);
}

static void test_the_ttl_of_a_set_is_the_least_and_never_beyond_31_bits_rfc2181(void)
{
	static const struct {
		uint32_t first, second, ttl;
	} cases[] = {
		{ 300, 60, 60 },      { 60, 300, 60 },
		{ 0, 5, 0 },          { 0x7fffffff, 0x7fffffff, 0x7fffffff },
		{ 0x80000000, 5, 0 }, { 5, 0xffffffff, 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		for (int twice = 0; twice < 2; twice++) { /* a duplicate's TTL counts too */
			struct arena *a = room();
			struct gather *g = gather_new(a, 2, 2);
			struct gathered out[GATHER_GROUPS];
			CU_ASSERT_PTR_NOT_NULL_FATAL(g);
			CU_ASSERT_EQUAL(add(g, 0, "a.", TYPE_A, cases[i].first, "1111"), ERR_OK);
			CU_ASSERT_EQUAL(
			    add(g, 0, "a.", TYPE_A, cases[i].second, twice ? "1111" : "2222"),
			    ERR_OK);
			CU_ASSERT_EQUAL(gather_sets(g, out), ERR_OK);
			CU_ASSERT_EQUAL(out[0].sets[0].count, twice ? 1 : 2);
			CU_ASSERT_EQUAL(out[0].sets[0].ttl, cases[i].ttl);
			arena_free(a);
		}
	}
}

static void test_signatures_find_their_set_before_and_behind_it(void)
{
	struct arena *a = room();
	struct gather *g = gather_new(a, 20, 20);
	struct gathered out[GATHER_GROUPS];
	CU_ASSERT_PTR_NOT_NULL_FATAL(g);
	CU_ASSERT_EQUAL(add_sig(g, 0, "x.", TYPE_A, 50, 1), ERR_OK);
	CU_ASSERT_EQUAL(add(g, 0, "x.", TYPE_A, 100, "1111"), ERR_OK);
	CU_ASSERT_EQUAL(add_sig(g, 0, "X.", TYPE_A, 90, 2), ERR_OK);
	CU_ASSERT_EQUAL(add_sig(g, 0, "x.", TYPE_AAAA, 90, 3), ERR_OK); /* no such set */
	CU_ASSERT_EQUAL(add_sig(g, 0, "x.", TYPE_NS, 80, 4), ERR_OK);
	CU_ASSERT_EQUAL(add_sig(g, 1, "x.", TYPE_A, 90, 5), ERR_OK); /* its set is elsewhere */
	CU_ASSERT_EQUAL(add_sig(g, 0, "y.", TYPE_A, 90, 6), ERR_OK);
	CU_ASSERT_EQUAL(gather_sets(g, out), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(out[0].count, 3);
	CU_ASSERT_EQUAL(out[1].count, 1);
	const struct rrset *set = &out[0].sets[0];
	CU_ASSERT_TRUE(set->type == TYPE_A && set->sig_count == 2 && set->ttl == 50);
	CU_ASSERT_TRUE(set->sigs[0].octets[2] == 1 && set->sigs[1].octets[2] == 2);
	const struct rrset *orphans = &out[0].sets[1]; /* of both types, one set */
	CU_ASSERT_TRUE(orphans->type == TYPE_RRSIG && orphans->count == 2 && orphans->ttl == 80);
	CU_ASSERT_TRUE(orphans->sig_count == 0 && out[0].sets[2].owner.wire[1] == 'y');
	CU_ASSERT_EQUAL(out[1].sets[0].type, TYPE_RRSIG);
	arena_free(a);
}

static void test_signatures_over_signatures_stand_alone(void)
{
	struct arena *a = room();
	struct gather *g = gather_new(a, 20, 20);
	struct gathered out[GATHER_GROUPS];
	CU_ASSERT_PTR_NOT_NULL_FATAL(g);
	CU_ASSERT_EQUAL(add_sig(g, 0, "x.", TYPE_A, 50, 1), ERR_OK);
	CU_ASSERT_EQUAL(add_sig(g, 0, "x.", TYPE_RRSIG, 50, 2), ERR_OK);
	CU_ASSERT_EQUAL(add(g, 0, "x.", TYPE_RRSIG, 50, "1"), ERR_FORMAT); /* covers nothing */
	CU_ASSERT_EQUAL(gather_sets(g, out), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(out[0].count, 1);
	CU_ASSERT_TRUE(out[0].sets[0].count == 2 && out[0].sets[0].sig_count == 0);
	arena_free(a);
}

static void test_at_most_eight_signatures_are_kept_keytrap(void)
{
	struct arena *a = room();
	struct gather *g = gather_new(a, 300, 300);
	struct gathered out[GATHER_GROUPS];
	CU_ASSERT_PTR_NOT_NULL_FATAL(g);
	CU_ASSERT_EQUAL(add(g, 0, "x.", TYPE_A, 100, "1111"), ERR_OK);
	for (uint8_t i = 0; i < 250; i++) {
		CU_ASSERT_EQUAL(add_sig(g, 0, "x.", TYPE_A, 100, i / 2), ERR_OK); /* each twice */
		CU_ASSERT_EQUAL(add_sig(g, 0, "y.", TYPE_NS, 100, i), ERR_OK);
	}
	CU_ASSERT_EQUAL(gather_sets(g, out), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(out[0].count, 2);
	CU_ASSERT_EQUAL(out[0].sets[0].sig_count, LIMIT_RRSIGS_KEPT);
	CU_ASSERT_EQUAL(out[0].sets[0].sigs[7].octets[2], 7);
	CU_ASSERT_EQUAL(out[0].sets[1].count, LIMIT_RRSIGS_KEPT);
	arena_free(a);
}

static void test_sets_have_limits_in_records_and_octets(void)
{
	struct arena *a = room();
	struct gather *g = gather_new(a, 2000, 3);
	static char texts[300][8], big[8200];
	CU_ASSERT_PTR_NOT_NULL_FATAL(g);
	for (unsigned i = 0; i < 300; i++) {
		snprintf(texts[i], sizeof(texts[i]), "%04u", i);
		CU_ASSERT_EQUAL(add(g, 0, "a.", TYPE_A, 1, texts[i]),
				i < LIMIT_SET_RECORDS ? ERR_OK : ERR_LIMIT);
	}
	CU_ASSERT_EQUAL(add(g, 0, "a.", TYPE_A, 1, texts[5]), ERR_OK); /* nothing new */
	memset(big, 'x', sizeof(big) - 1);
	CU_ASSERT_EQUAL(add(g, 0, "b.", TYPE_TXT, 1, big), ERR_OK);
	CU_ASSERT_EQUAL(add(g, 0, "b.", TYPE_TXT, 1, big + 100), ERR_OK);
	CU_ASSERT_EQUAL(add(g, 0, "b.", TYPE_TXT, 1, big + 7900), ERR_LIMIT);
	CU_ASSERT_EQUAL(add(g, 0, "c.", TYPE_A, 1, "1111"), ERR_OK);
	CU_ASSERT_EQUAL(add(g, 0, "d.", TYPE_A, 1, "1111"), ERR_LIMIT); /* a fourth set */
	arena_free(a);
}

/* Against the obvious way of doing it, on few owners, types and values so that all meet. */
static void test_gathering_agrees_with_a_plain_search(void)
{
	enum { RECORDS = 150 };
	static const char *const owners[] = { "a.", "A.", "b.a.", "c.", "." };
	static const char *const values[] = { "1", "2", "3", "22" };
	struct rng r;
	rng_init_number(&r, 71);
	for (int round = 0; round < 200; round++) {
		struct arena *a = room();
		struct gather *g = gather_new(a, RECORDS, RECORDS);
		struct gathered out[GATHER_GROUPS];
		bool seen[3][4][4][4] = { 0 };
		unsigned records = 0, found = 0;
		CU_ASSERT_PTR_NOT_NULL_FATAL(g);
		for (uint32_t n = rng_below(&r, RECORDS); n > 0; n--) {
			uint32_t group = rng_below(&r, 3), owner = rng_below(&r, 5),
				 type = rng_below(&r, 4);
			uint32_t value = rng_below(&r, 4), folded = owner == 0 ? 0 : owner - 1;
			records += !seen[group][folded][type][value];
			seen[group][folded][type][value] = true;
			CU_ASSERT_EQUAL(add(g, (uint8_t)group, owners[owner], (uint16_t)(type + 1),
					    1, values[value]),
					ERR_OK);
		}
		CU_ASSERT_EQUAL(gather_sets(g, out), ERR_OK);
		for (unsigned s = 0; s < GATHER_GROUPS; s++) {
			for (unsigned i = 0; i < out[s].count; i++) {
				found += out[s].sets[i].count;
				for (unsigned k = 0; k < i; k++)
					CU_ASSERT_FALSE(out[s].sets[i].type ==
							    out[s].sets[k].type &&
							name_equal(&out[s].sets[i].owner,
								   &out[s].sets[k].owner));
			}
		}
		CU_ASSERT_EQUAL(found, records);
		arena_free(a);
	}
}

static const struct unit_test tests[] = {
	UNIT(test_records_become_sets_in_order_of_appearance),
	UNIT(test_the_ttl_of_a_set_is_the_least_and_never_beyond_31_bits_rfc2181),
	UNIT(test_signatures_find_their_set_before_and_behind_it),
	UNIT(test_signatures_over_signatures_stand_alone),
	UNIT(test_at_most_eight_signatures_are_kept_keytrap),
	UNIT(test_sets_have_limits_in_records_and_octets),
	UNIT(test_gathering_agrees_with_a_plain_search),
};
extern const struct unit_suite suite_gather;
const struct unit_suite suite_gather = { "gather", tests, COUNT(tests) };
