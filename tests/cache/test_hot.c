#include "cache/hot.h"
#include "cache/key.h"
#include "resolver/base/rng.h"
#include "tests/cache/suites.h"
#include <stdio.h>
#include <string.h>

static const struct siphash_key hash_key = { 3, 4 };

static void put(struct hot *h, const char *key, const char *value)
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(hot_put(h, (const uint8_t *)key, strlen(key),
	                                     (const uint8_t *)value, strlen(value)));
}

static void test_order_agrees_with_a_plain_table(void)
{
	enum { KEYS = 300, ROUNDS = 20000 };
	struct hot h;
	struct rng rng;
	bool there[KEYS] = { false };
	char key[8];
	rng_init_number(&rng, 6);
	CU_ASSERT_EQUAL_FATAL(hot_init(&h, 1 << 20, &hash_key), ERR_OK);
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned n = rng_below(&rng, KEYS);
		snprintf(key, sizeof(key), "k%03u", n);
		const uint8_t *k = (const uint8_t *)key;
		struct hot_item *item = hot_get(&h, k, 4);
		CU_ASSERT_EQUAL_FATAL(item != NULL, there[n]);
		if (rng_below(&rng, 3) == 0 && item != NULL) {
			hot_remove(&h, item);
			there[n] = false;
		} else {
			put(&h, key, "v");
			there[n] = true;
		}
		unsigned below = n, above = n;
		while (below < KEYS && !there[below])
			below--; /* wraps: none */
		while (above < KEYS && !there[above])
			above++;
		struct hot_item *floor = hot_floor(&h, k, 4), *ceiling = hot_ceiling(&h, k, 4);
		CU_ASSERT_EQUAL_FATAL(floor != NULL, below < KEYS);
		CU_ASSERT_EQUAL_FATAL(ceiling != NULL, above < KEYS);
		snprintf(key, sizeof(key), "k%03u", below < KEYS ? below : 0);
		CU_ASSERT_FATAL(floor == NULL || memcmp(floor->octets, key, 4) == 0);
		snprintf(key, sizeof(key), "k%03u", above < KEYS ? above : 0);
		CU_ASSERT_FATAL(ceiling == NULL || memcmp(ceiling->octets, key, 4) == 0);
	}
	hot_clear(&h);
}

/* Keys that all share a chain under a key somebody guessed: under ours they spread. */
static void test_d12_keys_made_to_collide_do_not(void)
{
	enum { CRAFTED = 4000, TRIES = 4000000, LONGEST = 16 };
	static const struct siphash_key guessed = { 0, 0 };
	struct hot h, victim;
	char key[16];
	unsigned crafted = 0, longest = 0;
	CU_ASSERT_EQUAL_FATAL(hot_init(&victim, 1 << 20, &guessed), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(hot_init(&h, 1 << 20, &hash_key), ERR_OK);
	for (unsigned i = 0; i < TRIES && crafted < CRAFTED; i++) {
		snprintf(key, sizeof(key), "k%07x", i);
		if ((hot_hash(&victim, (const uint8_t *)key, 8) & victim.sieve.chain_mask & 0x3ff) != 0)
			continue;
		put(&h, key, "v");
		crafted++;
	}
	CU_ASSERT(crafted > CRAFTED / 2);
	for (size_t i = 0; i <= h.sieve.chain_mask; i++) {
		unsigned n = 0;
		for (const struct sieve_item *item = h.sieve.chains[i]; item != NULL; item = item->chain)
			n++;
		longest = n > longest ? n : longest;
	}
	CU_ASSERT(longest > 0 && longest <= LONGEST);
	hot_clear(&h);
	hot_clear(&victim);
}

static void test_a_run_is_removed_and_its_neighbours_stay(void)
{
	struct hot h;
	CU_ASSERT_EQUAL_FATAL(hot_init(&h, 1 << 20, &hash_key), ERR_OK);
	put(&h, "aa", "1");
	put(&h, "ab", "1");
	put(&h, "abc", "1");
	put(&h, "abz", "1");
	put(&h, "ac", "1");
	hot_remove_run(&h, (const uint8_t *)"ab", 2);
	CU_ASSERT_EQUAL(h.sieve.count, 2);
	CU_ASSERT_PTR_NOT_NULL(hot_get(&h, (const uint8_t *)"aa", 2));
	CU_ASSERT_PTR_NOT_NULL(hot_get(&h, (const uint8_t *)"ac", 2));
	hot_clear(&h);
}

static void test_a_scan_does_not_wash_out_what_is_visited(void)
{
	struct hot h;
	char key[16];
	CU_ASSERT_EQUAL_FATAL(hot_init(&h, 64 << 10, &hash_key), ERR_OK);
	for (unsigned i = 0; i < 50; i++) {
		snprintf(key, sizeof(key), "hot%u", i);
		put(&h, key, "v");
	}
	for (unsigned i = 0; i < 20000; i++) {
		snprintf(key, sizeof(key), "scan%u", i);
		put(&h, key, "v");
		snprintf(key, sizeof(key), "hot%u", i % 50);
		struct hot_item *item = hot_get(&h, (const uint8_t *)key, strlen(key));
		CU_ASSERT_PTR_NOT_NULL_FATAL(item);
		hot_touch(item);
		CU_ASSERT_FATAL(h.sieve.octets <= 64 << 10);
	}
	CU_ASSERT(h.evicted > 19000);
	hot_clear(&h);
}

static void test_one_item_cannot_take_the_whole(void)
{
	struct hot h;
	static const uint8_t large[4096];
	CU_ASSERT_EQUAL_FATAL(hot_init(&h, 64 << 10, &hash_key), ERR_OK);
	CU_ASSERT_PTR_NULL(hot_put(&h, (const uint8_t *)"k", 1, large, sizeof(large)));
	CU_ASSERT_PTR_NOT_NULL(hot_put(&h, (const uint8_t *)"k", 1, large, 500));
	hot_clear(&h);
}

static void test_keys_of_names_sort_as_rfc4034_section_6_1_says(void)
{
	static const char *const order[] = {
		"example.", "a.example.", "yljkjljk.a.example.", "Z.a.example.", "zABC.a.EXAMPLE.",
		"z.example.", "\\001.z.example.", "*.z.example.", "\\200.z.example.",
	};
	struct key below, k;
	for (unsigned i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		struct name n = name_of(order[i]);
		CU_ASSERT_FATAL(key_named(&k, KEY_CUT, &n));
		if (i > 0)
			CU_ASSERT(key_compare(below.octets, below.len, k.octets, k.len) < 0);
		below = k;
	}
}

static void test_keys_say_what_they_are_made_of(void)
{
	struct name zone = name_of("zone.example."), owner = name_of("\\000a.b.zone.example.");
	struct name root = name_root();
	struct key k;
	struct key_parts p;
	uint8_t hash[20] = { 0, 0, 1, 0xff };
	CU_ASSERT_FATAL(key_typed(&k, KEY_DATA, &owner, 0x0101));
	CU_ASSERT_EQUAL(key_parse(k.octets, k.len, &p), ERR_OK);
	CU_ASSERT(p.kind == KEY_DATA && p.type == 0x0101 && name_equal(&p.name, &owner));
	CU_ASSERT_FATAL(key_nsec(&k, &zone, &owner));
	CU_ASSERT_EQUAL(key_parse(k.octets, k.len, &p), ERR_OK);
	CU_ASSERT(p.kind == KEY_NSEC && name_equal(&p.name, &zone) && name_equal(&p.owner, &owner));
	CU_ASSERT_FATAL(key_nsec(&k, &root, &root));
	CU_ASSERT_EQUAL(key_parse(k.octets, k.len, &p), ERR_OK);
	CU_ASSERT(name_is_root(&p.name) && name_is_root(&p.owner));
	CU_ASSERT_FATAL(key_nsec3(&k, &zone, hash, 20));
	CU_ASSERT_EQUAL(key_parse(k.octets, k.len, &p), ERR_OK);
	CU_ASSERT(p.hash_len == 20 && memcmp(p.hash, hash, 20) == 0);
	CU_ASSERT_FALSE(key_nsec(&k, &owner, &zone));
	for (size_t len = 0; len < k.len; len++)
		(void)!key_parse(k.octets, len, &p); /* no octet beyond is read */
}

static const struct unit_test tests[] = {
	UNIT(test_order_agrees_with_a_plain_table),
	UNIT(test_d12_keys_made_to_collide_do_not),
	UNIT(test_a_run_is_removed_and_its_neighbours_stay),
	UNIT(test_a_scan_does_not_wash_out_what_is_visited),
	UNIT(test_one_item_cannot_take_the_whole),
	UNIT(test_keys_of_names_sort_as_rfc4034_section_6_1_says),
	UNIT(test_keys_say_what_they_are_made_of),
};

const struct unit_suite suite_hot = { "hot", tests, sizeof(tests) / sizeof(tests[0]) };
