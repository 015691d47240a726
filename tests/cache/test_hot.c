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

/* A plain table beside hot: every key that there may be, and which are there with what. */
enum { KEYS_MAX = 600, SMALL = 24 << 10, LARGE = 400 /* octets: more than an item may have in SMALL */ };

struct table {
	struct hot hot;
	struct rng rng;
	struct name names[40];
	struct key keys[KEYS_MAX];
	uint16_t value_len[KEYS_MAX]; /* 0: not there */
	unsigned count;
};

static const enum key_kind kinds[] = { KEY_DATA, KEY_NXDOMAIN, KEY_DNAME, KEY_FAILURE,
	                               KEY_CUT,  KEY_NSEC,     KEY_NSEC3 };

static void table_open(struct table *t)
{
	static const uint8_t labels[] = { 1, 'a', 'b' };
	unsigned names = 0;
	*t = (struct table){ .count = 0 };
	rng_init_number(&t->rng, 6);
	CU_ASSERT_EQUAL_FATAL(hot_init(&t->hot, SMALL, &hash_key), ERR_OK);
	t->names[names++] = name_root();
	for (unsigned above = 0; names < 40; above++) {
		for (unsigned l = 0; l < 3; l++)
			CU_ASSERT_EQUAL_FATAL(name_prepend(labels + l, 1, &t->names[above], &t->names[names++]),
			                      ERR_OK);
	}
	for (unsigned i = 0; i < names; i++) {
		for (uint16_t type = 1; type <= 3; type++) {
			CU_ASSERT_FATAL(key_typed(&t->keys[t->count++], KEY_DATA, &t->names[i], type));
			CU_ASSERT_FATAL(key_typed(&t->keys[t->count++], KEY_FAILURE, &t->names[i], type));
		}
		CU_ASSERT_FATAL(key_named(&t->keys[t->count++], KEY_NXDOMAIN, &t->names[i]));
		CU_ASSERT_FATAL(key_named(&t->keys[t->count++], KEY_DNAME, &t->names[i]));
		CU_ASSERT_FATAL(key_named(&t->keys[t->count++], KEY_CUT, &t->names[i]));
		for (unsigned zone = 0; zone <= i && zone < 6; zone++) {
			uint8_t hash[20] = { (uint8_t)(i * 7), 0xff };
			t->count += key_nsec(&t->keys[t->count], &t->names[zone], &t->names[i]);
			CU_ASSERT_FATAL(zone > 2 || key_nsec3(&t->keys[t->count++], &t->names[zone], hash, 20));
		}
	}
	CU_ASSERT_FATAL(t->count < KEYS_MAX);
}

static bool table_agrees(const struct table *t, unsigned n)
{
	const struct hot_item *i = hot_get(&t->hot, t->keys[n].octets, t->keys[n].len);
	if (i == NULL || t->value_len[n] == 0)
		return i == NULL && t->value_len[n] == 0;
	return i->value_len == t->value_len[n] && hot_value(i)[i->value_len - 1] == (uint8_t)i->value_len &&
	       key_compare(i->octets, i->key_len, t->keys[n].octets, t->keys[n].len) == 0;
}

static void table_put(struct table *t, unsigned n)
{
	uint8_t value[LARGE];
	uint64_t evicted = t->hot.evicted;
	uint16_t len = rng_below(&t->rng, 30) == 0 ? LARGE : (uint16_t)(1 + rng_below(&t->rng, 120));
	memset(value, len, len);
	const struct hot_item *i = hot_put(&t->hot, t->keys[n].octets, t->keys[n].len, value, len);
	CU_ASSERT_EQUAL_FATAL(i != NULL, len < LARGE);
	if (i == NULL)
		return;
	t->value_len[n] = len;
	for (unsigned k = 0; k < t->count && t->hot.evicted > evicted; k++) {
		if (hot_get(&t->hot, t->keys[k].octets, t->keys[k].len) != NULL || t->value_len[k] == 0)
			continue;
		CU_ASSERT_FATAL(k != n);
		t->value_len[k] = 0;
		evicted++;
	}
	CU_ASSERT_EQUAL_FATAL(t->hot.evicted, evicted);
}

static void table_floor(const struct table *t, const struct key *at)
{
	const struct key *best = NULL;
	for (unsigned k = 0; k < t->count; k++) {
		const struct key *key = &t->keys[k];
		if (t->value_len[k] > 0 && key_kind_is_ordered(key->octets[0]) &&
		    key_compare(key->octets, key->len, at->octets, at->len) <= 0 &&
		    (best == NULL || key_compare(key->octets, key->len, best->octets, best->len) > 0))
			best = key;
	}
	const struct hot_item *i = hot_floor(&t->hot, at->octets, at->len);
	CU_ASSERT_EQUAL_FATAL(i != NULL, best != NULL);
	CU_ASSERT_FATAL(i == NULL || key_compare(i->octets, i->key_len, best->octets, best->len) == 0);
}

static bool begins_with(const struct key *k, const struct key *run)
{
	return key_has_prefix(k->octets, k->len, run->octets, run->len);
}

static void table_types(struct table *t)
{
	struct key run;
	const struct hot_item *i = NULL;
	unsigned found = 0, there = 0;
	enum key_kind kind = rng_below(&t->rng, 2) == 0 ? KEY_DATA : KEY_FAILURE;
	CU_ASSERT_FATAL(key_run(&run, kind, &t->names[rng_below(&t->rng, 40)]));
	for (unsigned k = 0; k < t->count; k++)
		there += t->value_len[k] > 0 && begins_with(&t->keys[k], &run);
	while ((i = hot_types(&t->hot, run.octets, run.len, i)) != NULL) {
		CU_ASSERT_FATAL(key_has_prefix(i->octets, i->key_len, run.octets, run.len));
		found++;
	}
	CU_ASSERT_EQUAL_FATAL(found, there);
}

static void table_remove_run(struct table *t)
{
	struct key run;
	enum key_kind kind = kinds[rng_below(&t->rng, sizeof(kinds) / sizeof(kinds[0]))];
	const struct name *name = &t->names[rng_below(&t->rng, 40)];
	CU_ASSERT_FATAL(rng_below(&t->rng, 2) ? key_run(&run, kind, name) : key_named(&run, kind, name));
	hot_remove_run(&t->hot, run.octets, run.len);
	for (unsigned k = 0; k < t->count; k++) {
		if (begins_with(&t->keys[k], &run))
			t->value_len[k] = 0;
	}
}

static void table_count(const struct table *t)
{
	size_t begin[UINT8_MAX + 1] = { 0 }, count = 0, young = 0;
	size_t octets = (t->hot.sieve.chain_mask + 1) * sizeof(*t->hot.sieve.chains);
	for (unsigned k = 0; k < t->count; k++) {
		CU_ASSERT_FATAL(table_agrees(t, k));
		if (t->value_len[k] == 0)
			continue;
		const struct hot_item *i = hot_get(&t->hot, t->keys[k].octets, t->keys[k].len);
		begin[i->octets[0]]++;
		count++;
		young += i->young;
		octets += i->sieve.size;
	}
	CU_ASSERT_EQUAL_FATAL(t->hot.sieve.count, count);
	CU_ASSERT_EQUAL_FATAL(t->hot.young_count, young);
	CU_ASSERT_EQUAL_FATAL(t->hot.sieve.octets, octets);
	CU_ASSERT_FATAL(octets <= SMALL);
	CU_ASSERT_FATAL(memcmp(t->hot.begin, begin, sizeof(begin)) == 0);
}

static void table_grow(struct table *t)
{
	struct hot_item *i = hot_young(&t->hot);
	CU_ASSERT_EQUAL_FATAL(i != NULL, t->hot.young_count > 0);
	if (i != NULL)
		hot_grow(&t->hot, i);
}

static void table_step(struct table *t)
{
	unsigned n = rng_below(&t->rng, t->count);
	struct hot_item *i = hot_get(&t->hot, t->keys[n].octets, t->keys[n].len);
	CU_ASSERT_FATAL(table_agrees(t, n));
	switch (rng_below(&t->rng, 12)) {
	case 0: table_floor(t, &t->keys[n]); break;
	case 1: table_types(t); break;
	case 2: table_grow(t); break;
	case 3:
		if (i != NULL)
			hot_remove(&t->hot, i);
		t->value_len[n] = 0;
		break;
	case 4:
		if (rng_below(&t->rng, 16) == 0)
			table_remove_run(t);
		break;
	case 5:
	case 6:
		if (i != NULL)
			hot_touch(i);
		break;
	default: table_put(t, n); break;
	}
}

static void test_all_that_is_done_agrees_with_a_plain_table(void)
{
	enum { ROUNDS = 60000 };
	static struct table t;
	table_open(&t);
	for (unsigned i = 0; i < ROUNDS; i++) {
		table_step(&t);
		if (i % 64 == 0)
			table_count(&t);
	}
	CU_ASSERT(t.hot.evicted > ROUNDS / 20);
	hot_clear(&t.hot);
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
	UNIT(test_all_that_is_done_agrees_with_a_plain_table),
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
