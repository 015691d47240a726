#include "cache/hot.h"

#include "cache/key.h"
#include "cache/treap.h"
#include "resolver/base/limits.h"
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

bool hot_is_full(const struct hot *h)
{
	return sieve_is_full(&h->sieve, ITEM_EXPECTED);
}

static bool is_ordered(const struct hot_item *i)
{
	return key_kind_is_ordered(i->octets[0]);
}

static void drop(struct hot_item *i)
{
	if (is_ordered(i))
		treap_free(i);
	else
		free(i);
}

void hot_clear(struct hot *h)
{
	if (h->sieve.chains == NULL)
		return;
	struct list *at = h->sieve.order.next;
	while (at != &h->sieve.order) {
		struct list *next = at->next;
		drop(LIST_ITEM(at, struct hot_item, sieve.order));
		at = next;
	}
	sieve_clear(&h->sieve);
}

/* Of the name alone: what is kept at a name, of whatever kind and type, lies in one chain. */
static uint64_t hash_of(const struct hot *h, const uint8_t *key, size_t len)
{
	size_t kind = key_kind_is_ordered(key[0]) ? 0 : 1;
	size_t type = key_kind_is_typed(key[0]) ? 1 + KEY_TYPE_OCTETS : 0;
	return siphash(&h->key, key + kind, len > kind + type ? len - kind - type : 0);
}

static struct hot_item *item_of(struct sieve_item *s)
{
	return s == NULL ? NULL : (struct hot_item *)(void *)s;
}

static struct hot_item *get_hashed(const struct hot *h, uint64_t hash, const uint8_t *key,
                                   size_t len)
{
	struct sieve_item *s = sieve_first(&h->sieve, hash);
	while (s != NULL && key_compare(item_of(s)->octets, item_of(s)->key_len, key, len) != 0)
		s = sieve_another(s);
	return item_of(s);
}

struct hot_item *hot_get(const struct hot *h, const uint8_t *key, size_t len)
{
	return hot_has_kind(h, key[0]) ? get_hashed(h, hash_of(h, key, len), key, len) : NULL;
}

void hot_touch(struct hot_item *i)
{
	i->sieve.visited = true;
	if (i->hits < UINT16_MAX)
		i->hits++;
}

static bool is_of_run(const struct hot_item *i, const uint8_t *run, size_t len)
{
	return i->key_len == len + KEY_TYPE_OCTETS && memcmp(i->octets, run, len) == 0;
}

struct hot_item *hot_types(const struct hot *h, const uint8_t *run, size_t len,
                           const struct hot_item *after)
{
	struct sieve_item *s = after != NULL ? sieve_another(&after->sieve)
	                                     : sieve_first(&h->sieve, hash_of(h, run, len + KEY_TYPE_OCTETS));
	while (s != NULL && !is_of_run(item_of(s), run, len))
		s = sieve_another(s);
	return item_of(s);
}

struct hot_item *hot_floor(const struct hot *h, const uint8_t *key, size_t len)
{
	return treap_floor(h->denials, key, len);
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
	if (is_ordered(i))
		treap_remove(&h->denials, i);
	sieve_remove(&h->sieve, &i->sieve);
	h->begin[i->octets[0]]--;
	drop(i);
}

/* What hangs in order is found from behind. */
static void remove_ordered_run(struct hot *h, const uint8_t *prefix, size_t len)
{
	uint8_t last[KEY_OCTETS];
	struct hot_item *i;
	memset(last, 0xff, sizeof(last));
	memcpy(last, prefix, len);
	while ((i = hot_floor(h, last, sizeof(last))) != NULL &&
	       key_has_prefix(i->octets, i->key_len, prefix, len))
		hot_remove(h, i);
}

void hot_remove_run(struct hot *h, const uint8_t *prefix, size_t len)
{
	if (key_kind_is_ordered(prefix[0])) {
		remove_ordered_run(h, prefix, len);
		return;
	}
	struct list *at = hot_has_kind(h, prefix[0]) ? h->sieve.order.next : &h->sieve.order;
	while (at != &h->sieve.order) {
		struct hot_item *i = LIST_ITEM(at, struct hot_item, sieve.order);
		at = at->next;
		if (key_has_prefix(i->octets, i->key_len, prefix, len))
			hot_remove(h, i);
	}
}

static struct hot_item *make(struct hot *h, const uint8_t *key, size_t key_len,
                             const uint8_t *value, size_t value_len)
{
	bool ordered = key_kind_is_ordered(key[0]);
	size_t size = sizeof(struct hot_item) + key_len + value_len;
	size_t charged = (size + (ordered ? TREAP_LINKS : 0) + MALLOC_OVERHEAD + 15) & ~(size_t)15;
	if (key_len > KEY_OCTETS || value_len > UINT16_MAX || charged > h->sieve.ceiling / ITEM_SHARE)
		return NULL;
	struct hot_item *i = ordered ? treap_alloc(size) : malloc(size);
	if (i == NULL)
		return NULL;
	*i = (struct hot_item){ .key_len = (uint16_t)key_len, .value_len = (uint16_t)value_len };
	i->sieve.size = (uint32_t)charged;
	i->sieve.hash = hash_of(h, key, key_len);
	memcpy(i->octets, key, key_len);
	memcpy(i->octets + key_len, value, value_len);
	return i;
}

static void make_room(struct hot *h, size_t size)
{
	struct hot_item *victim;
	while (sieve_is_full(&h->sieve, size) && (victim = item_of(sieve_victim(&h->sieve))) != NULL) {
		hot_remove(h, victim);
		h->evicted++;
	}
}

static void add(struct hot *h, struct hot_item *new)
{
	sieve_add(&h->sieve, &new->sieve);
	if (h->young == &h->sieve.order)
		h->young = &new->sieve.order;
	new->young = true;
	h->young_count++;
	if (is_ordered(new))
		treap_add(&h->denials, new);
	h->begin[new->octets[0]]++;
}

/* The oldest of as many as may have one hash, or NULL: failures are kept for each type that somebody thinks of. */
static struct hot_item *last_of_crowd(const struct hot *h, uint64_t hash)
{
	unsigned count = 0;
	struct sieve_item *last = NULL;
	for (struct sieve_item *s = sieve_first(&h->sieve, hash); s != NULL; s = sieve_another(s)) {
		last = s;
		count++;
	}
	return count >= LIMIT_NAME_ITEMS ? item_of(last) : NULL;
}

struct hot_item *hot_put(struct hot *h, const uint8_t *key, size_t key_len, const uint8_t *value,
                         size_t value_len)
{
	struct hot_item *new = make(h, key, key_len, value, value_len);
	if (new == NULL)
		return NULL;
	struct hot_item *old = get_hashed(h, new->sieve.hash, key, key_len);
	bool known = old != NULL;
	if (!known)
		old = last_of_crowd(h, new->sieve.hash);
	if (old != NULL)
		hot_remove(h, old);
	make_room(h, new->sieve.size);
	add(h, new);
	new->sieve.visited = known; /* asked for again: that is why it was replaced */
	return new;
}
