#include "cache/hot.h"
#include "cache/key.h"
#include "resolver/base/limits.h"
#include "resolver/base/rng.h"
#include "resolver/wire/type.h"
#include "tests/cache/suites.h"
#include <stdio.h>
#include <string.h>

static const struct siphash_key hash_key = { 3, 4 };

static struct hot_item *put_key(struct hot *h, const struct key *k)
{
	struct hot_item *i = hot_put(h, k->octets, k->len, (const uint8_t *)"v", 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(i);
	return i;
}

static struct key typed(enum key_kind kind, const char *name, uint16_t type)
{
	struct key k;
	struct name n = name_of(name);
	CU_ASSERT_FATAL(key_typed(&k, kind, &n, type));
	return k;
}

static struct key named(enum key_kind kind, const char *name)
{
	struct key k;
	struct name n = name_of(name);
	CU_ASSERT_FATAL(key_named(&k, kind, &n));
	return k;
}

static bool has(const struct hot *h, const struct key *k)
{
	return hot_get(h, k->octets, k->len) != NULL;
}

static void test_order_of_denials_agrees_with_a_plain_table(void)
{
	enum { KEYS = 300, ROUNDS = 20000 };
	struct hot h;
	struct rng rng;
	bool there[KEYS] = { false };
	char text[] = { KEY_NSEC3, 'k', '0', '0', '0', 0 };
	uint8_t *key = (uint8_t *)text;
	rng_init_number(&rng, 6);
	CU_ASSERT_EQUAL_FATAL(hot_init(&h, 1 << 20, &hash_key), ERR_OK);
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned n = rng_below(&rng, KEYS);
		snprintf(text + 2, 4, "%03u", n);
		struct hot_item *item = hot_get(&h, key, 5);
		CU_ASSERT_EQUAL_FATAL(item != NULL, there[n]);
		if (rng_below(&rng, 3) == 0 && item != NULL) {
			hot_remove(&h, item);
			there[n] = false;
		} else {
			CU_ASSERT_PTR_NOT_NULL_FATAL(hot_put(&h, key, 5, key, 5));
			there[n] = true;
		}
		unsigned below = n;
		while (below < KEYS && !there[below])
			below--; /* wraps: none */
		struct hot_item *floor = hot_floor(&h, key, 5);
		CU_ASSERT_EQUAL_FATAL(floor != NULL, below < KEYS);
		snprintf(text + 2, 4, "%03u", below < KEYS ? below : 0);
		CU_ASSERT_FATAL(floor == NULL || memcmp(floor->octets, key, 5) == 0);
	}
	hot_clear(&h);
}

/* Keys that all share a chain under a key somebody guessed: under ours they spread. */
static void test_d12_keys_made_to_collide_do_not(void)
{
	enum { CRAFTED = 4000, TRIES = 4000000, LONGEST = 16 };
	static const struct siphash_key guessed = { 0, 0 };
	struct hot h;
	uint8_t key[9] = { KEY_CUT };
	unsigned crafted = 0, longest = 0;
	CU_ASSERT_EQUAL_FATAL(hot_init(&h, 1 << 20, &hash_key), ERR_OK);
	for (unsigned i = 0; i < TRIES && crafted < CRAFTED; i++) {
		memcpy(key + 1, &i, sizeof(i));
		if ((siphash(&guessed, key + 1, 8) & 0x3ff) != 0)
			continue;
		CU_ASSERT_PTR_NOT_NULL_FATAL(hot_put(&h, key, sizeof(key), key, 1));
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
}

static void test_a_run_is_removed_and_its_neighbours_stay(void)
{
	struct hot h;
	CU_ASSERT_EQUAL_FATAL(hot_init(&h, 1 << 20, &hash_key), ERR_OK);
	struct key run = named(KEY_DATA, "b.test.");
	struct key in[] = { typed(KEY_DATA, "b.test.", TYPE_A), typed(KEY_DATA, "b.test.", TYPE_NS),
		            typed(KEY_DATA, "www.b.test.", TYPE_A) };
	struct key out[] = { typed(KEY_DATA, "a.test.", TYPE_A), typed(KEY_DATA, "ba.test.", TYPE_A),
		             typed(KEY_DATA, "test.", TYPE_A), named(KEY_CUT, "b.test.") };
	for (unsigned i = 0; i < 3; i++)
		put_key(&h, &in[i]);
	for (unsigned i = 0; i < 4; i++)
		put_key(&h, &out[i]);
	hot_remove_run(&h, run.octets, run.len);
	CU_ASSERT_EQUAL(h.sieve.count, 4);
	for (unsigned i = 0; i < 4; i++)
		CU_ASSERT(has(&h, &out[i]));
	hot_clear(&h);
}

static void test_the_types_of_a_name_are_found_together(void)
{
	enum { NAMES = 50, TYPES = 20 };
	struct hot h;
	char name[16];
	CU_ASSERT_EQUAL_FATAL(hot_init(&h, 1 << 20, &hash_key), ERR_OK);
	for (unsigned i = 0; i < NAMES * TYPES; i++) {
		snprintf(name, sizeof(name), "n%u.test.", i % NAMES);
		struct key k = typed(KEY_DATA, name, (uint16_t)(i / NAMES + 1));
		struct key failure = typed(KEY_FAILURE, name, (uint16_t)(i / NAMES + 1));
		put_key(&h, &k);
		put_key(&h, &failure);
	}
	for (unsigned i = 0; i < NAMES; i++) {
		const struct hot_item *at = NULL;
		unsigned types = 0;
		snprintf(name, sizeof(name), "n%u.test.", i);
		struct name n = name_of(name);
		struct key run;
		CU_ASSERT_FATAL(key_run(&run, KEY_DATA, &n));
		while ((at = hot_types(&h, run.octets, run.len, at)) != NULL)
			types |= 1u << at->octets[at->key_len - 1];
		CU_ASSERT_EQUAL(types, ((1u << TYPES) - 1) << 1);
	}
	hot_clear(&h);
}

static void test_d12_types_without_end_at_one_name_make_no_long_chain(void)
{
	enum { TYPES = 5000 };
	struct hot h;
	CU_ASSERT_EQUAL_FATAL(hot_init(&h, 4 << 20, &hash_key), ERR_OK);
	for (unsigned i = 1; i <= TYPES; i++) {
		struct key k = typed(KEY_FAILURE, "crowd.test.", (uint16_t)i);
		put_key(&h, &k);
		CU_ASSERT(has(&h, &k));
		CU_ASSERT_FATAL(h.sieve.count <= LIMIT_NAME_ITEMS);
	}
	hot_clear(&h);
}

static void test_a_scan_does_not_wash_out_what_is_visited(void)
{
	struct hot h;
	char name[16];
	CU_ASSERT_EQUAL_FATAL(hot_init(&h, 64 << 10, &hash_key), ERR_OK);
	for (unsigned i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "hot%u.", i);
		struct key k = named(KEY_CUT, name);
		put_key(&h, &k);
	}
	for (unsigned i = 0; i < 20000; i++) {
		snprintf(name, sizeof(name), "scan%u.", i);
		struct key k = named(KEY_CUT, name);
		put_key(&h, &k);
		snprintf(name, sizeof(name), "hot%u.", i % 50);
		k = named(KEY_CUT, name);
		struct hot_item *item = hot_get(&h, k.octets, k.len);
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
	CU_ASSERT_EQUAL(key_labels(&k), 4);
	struct key other, made;
	CU_ASSERT_FATAL(key_typed(&other, KEY_DATA, &owner, TYPE_CNAME));
	key_retyped(&made, &k, TYPE_CNAME);
	CU_ASSERT_EQUAL(key_compare(made.octets, made.len, other.octets, other.len), 0);
	key_untyped(&made, &k, KEY_CUT);
	CU_ASSERT_FATAL(key_named(&k, KEY_CUT, &owner));
	CU_ASSERT_EQUAL(key_compare(made.octets, made.len, k.octets, k.len), 0);
	CU_ASSERT_EQUAL(key_labels(&k), 4);
	CU_ASSERT_FATAL(key_typed(&k, KEY_DATA, &root, 0));
	CU_ASSERT_EQUAL(key_labels(&k), 0);
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
	UNIT(test_order_of_denials_agrees_with_a_plain_table),
	UNIT(test_d12_keys_made_to_collide_do_not),
	UNIT(test_a_run_is_removed_and_its_neighbours_stay),
	UNIT(test_the_types_of_a_name_are_found_together),
	UNIT(test_d12_types_without_end_at_one_name_make_no_long_chain),
	UNIT(test_a_scan_does_not_wash_out_what_is_visited),
	UNIT(test_one_item_cannot_take_the_whole),
	UNIT(test_keys_of_names_sort_as_rfc4034_section_6_1_says),
	UNIT(test_keys_say_what_they_are_made_of),
};

const struct unit_suite suite_hot = { "hot", tests, sizeof(tests) / sizeof(tests[0]) };
