/*
 * hot.h - this worker's memory: entries by key, found by hash, walked in order, bounded in octets.
 *
 * A hash table for the exact key (sieve.h: who goes when there is no room) and a treap over the same items
 * for what needs order: the closest cut, a covering NSEC, all types of a name, a subtree.  The treap's
 * priorities are the keyed hashes, so nobody outside can make it deep.
 *
 * Knows no time and no policy; values are octets.  Items are borrowed until the next put or remove.
 */
#ifndef CACHE_HOT_H
#define CACHE_HOT_H

#include "cache/sieve.h"
#include "resolver/base/siphash.h"

struct hot_item {
	struct sieve_item sieve; /* first: an item is found by its link */
	struct hot_item *left, *right;
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
	struct hot_item *root;
	struct list *young; /* in the sieve's order: before it no item is young */
	size_t young_count;
	struct siphash_key key;
	uint64_t evicted;
	size_t begin[UINT8_MAX + 1]; /* items whose key begins with that octet, its kind */
};

MUST_CHECK enum err hot_init(struct hot *h, size_t octets, const struct siphash_key *key);
void hot_clear(struct hot *h); /* takes a zeroed one */

uint64_t hot_hash(const struct hot *h, const uint8_t *key, size_t len);

/* Of some kinds there is nothing at all most of the time: DNAME, failures. */
static inline bool hot_has_kind(const struct hot *h, uint8_t kind)
{
	return h->begin[kind] > 0;
}

/* NULL: not there.  Does not count as a hit. */
struct hot_item *hot_get(const struct hot *h, const uint8_t *key, size_t len);
void hot_touch(struct hot_item *i); /* it was of use */
/* The greatest key not above this one; the least not below it.  NULL: none. */
struct hot_item *hot_floor(const struct hot *h, const uint8_t *key, size_t len);
struct hot_item *hot_ceiling(const struct hot *h, const uint8_t *key, size_t len);
/* The item after i in key order. */
struct hot_item *hot_after(const struct hot *h, const struct hot_item *i);

/* Replaces what has that key.  NULL: no memory, or larger than an item may be (a 64th of the whole). */
struct hot_item *hot_put(struct hot *h, const uint8_t *key, size_t key_len, const uint8_t *value,
                         size_t value_len);
void hot_remove(struct hot *h, struct hot_item *i);
/* The young item that was put first: its owner says whether it stays, and as what.  NULL: none. */
struct hot_item *hot_young(struct hot *h);
void hot_grow(struct hot *h, struct hot_item *i);
/* All keys with that prefix. */
void hot_remove_run(struct hot *h, const uint8_t *prefix, size_t len);

#endif
