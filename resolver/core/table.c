#include "resolver/core/table.h"

#include <stdlib.h>

static struct table_link **bucket(const struct table *t, uint64_t key)
{
	/* Fibonacci hashing: counters spread over all buckets. */
	return &t->buckets[(size_t)(key * 0x9e3779b97f4a7c15u >> 32) & t->mask];
}

enum err table_init(struct table *t, size_t expected)
{
	size_t count = 16;
	while (count < expected)
		count *= 2;
	t->buckets = calloc(count, sizeof(struct table_link *));
	if (t->buckets == NULL)
		return ERR_NOMEM;
	t->mask = count - 1;
	return ERR_OK;
}

void table_clear(struct table *t)
{
	free(t->buckets);
	*t = (struct table){ 0 };
}

void table_add(struct table *t, struct table_link *item, uint64_t key)
{
	struct table_link **b = bucket(t, key);
	item->key = key;
	item->next = *b;
	*b = item;
}

void table_remove(struct table *t, struct table_link *item)
{
	for (struct table_link **at = bucket(t, item->key); *at != NULL; at = &(*at)->next) {
		if (*at != item)
			continue;
		*at = item->next;
		item->next = NULL;
		return;
	}
}

static struct table_link *same(struct table_link *item, uint64_t key)
{
	while (item != NULL && item->key != key)
		item = item->next;
	return item;
}

struct table_link *table_find(const struct table *t, uint64_t key)
{
	return same(*bucket(t, key), key);
}

struct table_link *table_again(const struct table_link *item)
{
	return same(item->next, item->key);
}
