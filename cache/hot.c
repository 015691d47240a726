#include "cache/hot.h"

#include "cache/key.h"
#include <stdlib.h>
#include <string.h>

enum {
	MALLOC_OVERHEAD = 16,  /* charged per item: header and rounding of the allocator */
	ITEM_EXPECTED = 192,   /* octets: for the number of chains */
	ITEM_SHARE = 64,       /* one item may take this part of the whole */
};

enum err hot_init(struct hot *h, size_t octets, const struct siphash_key *key)
{
	*h = (struct hot){ .key = *key };
	h->young = &h->sieve.order;
	return sieve_init(&h->sieve, octets, ITEM_EXPECTED);
}

void hot_clear(struct hot *h)
{
	if (h->sieve.chains == NULL)
		return;
	struct list *at = h->sieve.order.next;
	while (at != &h->sieve.order) {
		struct list *next = at->next;
		free(LIST_ITEM(at, struct hot_item, sieve.order));
		at = next;
	}
	sieve_clear(&h->sieve);
}

uint64_t hot_hash(const struct hot *h, const uint8_t *key, size_t len)
{
	return siphash(&h->key, key, len);
}

static int compare(const struct hot_item *i, const uint8_t *key, size_t len)
{
	return key_compare(i->octets, i->key_len, key, len);
}

static struct hot_item *item_of(struct sieve_item *s)
{
	return s == NULL ? NULL : (struct hot_item *)(void *)s;
}

static struct hot_item *get_hashed(const struct hot *h, uint64_t hash, const uint8_t *key,
                                   size_t len)
{
	struct sieve_item *s = sieve_first(&h->sieve, hash);
	while (s != NULL && compare(item_of(s), key, len) != 0)
		s = sieve_another(s);
	return item_of(s);
}

struct hot_item *hot_get(const struct hot *h, const uint8_t *key, size_t len)
{
	return hot_has_kind(h, key[0]) ? get_hashed(h, hot_hash(h, key, len), key, len) : NULL;
}

void hot_touch(struct hot_item *i)
{
	i->sieve.visited = true;
	if (i->hits < UINT16_MAX)
		i->hits++;
}

struct hot_item *hot_floor(const struct hot *h, const uint8_t *key, size_t len)
{
	struct hot_item *best = NULL;
	for (struct hot_item *at = h->root; at != NULL;) {
		if (compare(at, key, len) <= 0) {
			best = at;
			at = at->right;
		} else {
			at = at->left;
		}
	}
	return best;
}

struct hot_item *hot_ceiling(const struct hot *h, const uint8_t *key, size_t len)
{
	struct hot_item *best = NULL;
	for (struct hot_item *at = h->root; at != NULL;) {
		if (compare(at, key, len) >= 0) {
			best = at;
			at = at->left;
		} else {
			at = at->right;
		}
	}
	return best;
}

struct hot_item *hot_after(const struct hot *h, const struct hot_item *i)
{
	struct hot_item *best = NULL;
	for (struct hot_item *at = h->root; at != NULL;) {
		if (compare(at, i->octets, i->key_len) > 0) {
			best = at;
			at = at->left;
		} else {
			at = at->right;
		}
	}
	return best;
}

/* Where in the treap the item with that key hangs, or would stop the descent at priority. */
static struct hot_item **find_link(struct hot *h, const uint8_t *key, size_t len,
                                   uint64_t priority)
{
	struct hot_item **at = &h->root;
	while (*at != NULL && (*at)->sieve.hash > priority)
		at = compare(*at, key, len) < 0 ? &(*at)->right : &(*at)->left;
	return at;
}

/* Puts new where a subtree hung; the subtree is split around new's key. */
static void plant(struct hot *h, struct hot_item *new)
{
	struct hot_item **at = find_link(h, new->octets, new->key_len, new->sieve.hash);
	struct hot_item *rest = *at;
	struct hot_item **below = &new->left, **above = &new->right;
	*at = new;
	while (rest != NULL) {
		if (compare(rest, new->octets, new->key_len) < 0) {
			*below = rest;
			below = &rest->right;
			rest = rest->right;
		} else {
			*above = rest;
			above = &rest->left;
			rest = rest->left;
		}
	}
	*below = NULL;
	*above = NULL;
}

static void uproot(struct hot *h, struct hot_item *old)
{
	struct hot_item **at = &h->root;
	while (*at != old)
		at = compare(*at, old->octets, old->key_len) < 0 ? &(*at)->right : &(*at)->left;
	struct hot_item *left = old->left, *right = old->right;
	while (left != NULL && right != NULL) {
		if (left->sieve.hash > right->sieve.hash) {
			*at = left;
			at = &left->right;
			left = left->right;
		} else {
			*at = right;
			at = &right->left;
			right = right->left;
		}
	}
	*at = left != NULL ? left : right;
}

struct hot_item *hot_young(struct hot *h)
{
	for (; h->young != &h->sieve.order; h->young = h->young->next) {
		struct hot_item *i = LIST_ITEM(h->young, struct hot_item, sieve.order);
		if (i->young)
			return i;
	}
	return NULL;
}

void hot_grow(struct hot *h, struct hot_item *i)
{
	h->young_count -= i->young;
	i->young = false;
}

void hot_remove(struct hot *h, struct hot_item *i)
{
	hot_grow(h, i);
	if (h->young == &i->sieve.order)
		h->young = h->young->next;
	uproot(h, i);
	sieve_remove(&h->sieve, &i->sieve);
	h->begin[i->octets[0]]--;
	free(i);
}

void hot_remove_run(struct hot *h, const uint8_t *prefix, size_t len)
{
	struct hot_item *i = hot_ceiling(h, prefix, len);
	while (i != NULL && key_has_prefix(i->octets, i->key_len, prefix, len)) {
		struct hot_item *next = hot_after(h, i);
		hot_remove(h, i);
		i = next;
	}
}

static struct hot_item *make(struct hot *h, const uint8_t *key, size_t key_len,
                             const uint8_t *value, size_t value_len)
{
	size_t size = sizeof(struct hot_item) + key_len + value_len;
	size_t charged = (size + MALLOC_OVERHEAD + 15) & ~(size_t)15;
	if (key_len > KEY_OCTETS || value_len > UINT16_MAX || charged > h->sieve.ceiling / ITEM_SHARE)
		return NULL;
	struct hot_item *i = malloc(size);
	if (i == NULL)
		return NULL;
	*i = (struct hot_item){ .key_len = (uint16_t)key_len, .value_len = (uint16_t)value_len };
	i->sieve.size = (uint32_t)charged;
	memcpy(i->octets, key, key_len);
	memcpy(i->octets + key_len, value, value_len);
	return i;
}

struct hot_item *hot_put(struct hot *h, const uint8_t *key, size_t key_len, const uint8_t *value,
                         size_t value_len)
{
	struct hot_item *new = make(h, key, key_len, value, value_len);
	if (new == NULL)
		return NULL;
	new->sieve.hash = hot_hash(h, key, key_len);
	struct hot_item *old = get_hashed(h, new->sieve.hash, key, key_len);
	if (old != NULL)
		hot_remove(h, old);
	while (sieve_is_full(&h->sieve, new->sieve.size)) {
		struct hot_item *victim = item_of(sieve_victim(&h->sieve));
		if (victim == NULL)
			break;
		hot_remove(h, victim);
		h->evicted++;
	}
	sieve_add(&h->sieve, &new->sieve);
	if (h->young == &h->sieve.order)
		h->young = &new->sieve.order;
	new->young = true;
	h->young_count++;
	plant(h, new);
	h->begin[key[0]]++;
	new->sieve.visited = old != NULL; /* asked for again: that is why it was replaced */
	return new;
}
