/*
 * hot.h - this worker's memory: entries by key, found by hash, bounded in octets.
 *
 * One hash table (sieve.h: who goes when there is no room).  All that is kept at one name has one hash, so its
 * types are found together; of more than LIMIT_NAME_ITEMS the oldest goes.  Only denials are looked for by order,
 * what lies just before a name or a hash: they hang in a treap besides, whose priorities are the keyed hashes, so
 * that nobody outside can make it deep.
 *
 * Knows no time and no policy; values are octets.  Items are borrowed until the next put or remove.
 */
#ifndef CACHE_HOT_H
#define CACHE_HOT_H

#include "cache/sieve.h"
#include "resolver/base/siphash.h"

struct hot_item {
	struct sieve_item sieve; /* first: an item is found by its link */
	uint16_t key_len, value_len;
	uint16_t hits;           /* times found, saturating */
	bool young;              /* since hot_put(), until hot_grow() */
	uint8_t octets[];        /* key, value */
};

static inline const uint8_t *hot_value(const struct hot_item *i)
{
	return i->octets + i->key_len;
}

struct hot {
	struct sieve sieve;
	struct hot_item *denials; /* root of the treap */
	struct list *young; /* in the sieve's order: before it no item is young */
	size_t young_count;
	struct siphash_key key;
	uint64_t evicted;
	size_t begin[UINT8_MAX + 1]; /* items whose key begins with that octet, its kind */
};

MUST_CHECK enum err hot_init(struct hot *h, size_t octets, const struct siphash_key *key);
void hot_clear(struct hot *h); /* takes a zeroed one */

/* Of some kinds there is nothing at all most of the time: DNAME, failures. */
static inline bool hot_has_kind(const struct hot *h, uint8_t kind)
{
	return h->begin[kind] > 0;
}

/* Would something have to go for an item of usual size? */
bool hot_is_full(const struct hot *h);

/* NULL: not there.  Does not count as a hit. */
struct hot_item *hot_get(const struct hot *h, const uint8_t *key, size_t len);
void hot_touch(struct hot_item *i); /* it was of use */
/* All types of one name, in no order: the first (after: NULL), then the next.  run: as key_run() writes it. */
struct hot_item *hot_types(const struct hot *h, const uint8_t *run, size_t len,
                           const struct hot_item *after);
/* The denial with the greatest key not above this one, that of a denial.  NULL: none. */
struct hot_item *hot_floor(const struct hot *h, const uint8_t *key, size_t len);

/* Replaces what has that key.  NULL: no memory, or larger than an item may be (a 64th of the whole). */
struct hot_item *hot_put(struct hot *h, const uint8_t *key, size_t key_len, const uint8_t *value,
                         size_t value_len);
void hot_remove(struct hot *h, struct hot_item *i);
/* The young item that was put first: its owner says whether it stays, and as what.  NULL: none. */
struct hot_item *hot_young(struct hot *h);
void hot_grow(struct hot *h, struct hot_item *i);
/* All keys with that prefix.  Looks at everything there is, but for denials: for an operator's flush. */
void hot_remove_run(struct hot *h, const uint8_t *prefix, size_t len);

#endif
