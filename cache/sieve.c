#include "cache/sieve.h"

#include <stdlib.h>

enum { CHAINS_MIN = 64, CACHE_LINE = 64 };

enum err sieve_init(struct sieve *s, size_t ceiling, size_t expected)
{
	size_t chains = CHAINS_MIN;
	while (chains < ceiling / expected && chains < SIZE_MAX / 4 / sizeof(*s->chains))
		chains *= 2;
	struct sieve_item **heads = calloc(chains, sizeof(*heads));
	if (heads == NULL)
		return ERR_NOMEM;
	*s = (struct sieve){ .chains = heads, .chain_mask = chains - 1, .ceiling = ceiling };
	s->octets = chains * sizeof(*heads);
	list_init(&s->order);
	s->hand = &s->order;
	return ERR_OK;
}

void sieve_clear(struct sieve *s)
{
	free(s->chains);
	s->chains = NULL;
}

static struct sieve_item **chain_of(const struct sieve *s, uint64_t hash)
{
	return &s->chains[hash & s->chain_mask];
}

void sieve_fetch_chain(const struct sieve *s, uint64_t hash)
{
	__builtin_prefetch(chain_of(s, hash));
}

void sieve_fetch_item(const struct sieve *s, uint64_t hash, size_t octets)
{
	const uint8_t *item = (const uint8_t *)*chain_of(s, hash);
	for (size_t i = 0; item != NULL && i < octets; i += CACHE_LINE)
		__builtin_prefetch(item + i);
}

struct sieve_item *sieve_another(const struct sieve_item *item)
{
	uint64_t hash = item->hash;
	struct sieve_item *next = item->chain;
	while (next != NULL && next->hash != hash)
		next = next->chain;
	return next;
}

struct sieve_item *sieve_first(const struct sieve *s, uint64_t hash)
{
	struct sieve_item *item = *chain_of(s, hash);
	while (item != NULL && item->hash != hash)
		item = item->chain;
	return item;
}

void sieve_add(struct sieve *s, struct sieve_item *item)
{
	struct sieve_item **head = chain_of(s, item->hash);
	item->chain = *head;
	*head = item;
	item->visited = false;
	list_append(&s->order, &item->order);
	s->octets += item->size;
	s->count++;
}

void sieve_remove(struct sieve *s, struct sieve_item *item)
{
	struct sieve_item **at = chain_of(s, item->hash);
	while (*at != item)
		at = &(*at)->chain;
	*at = item->chain;
	if (s->hand == &item->order)
		s->hand = item->order.next;
	list_remove(&item->order);
	s->octets -= item->size;
	s->count--;
}

bool sieve_is_full(const struct sieve *s, size_t size)
{
	return s->octets + size > s->ceiling;
}

struct sieve_item *sieve_victim(struct sieve *s)
{
	if (s->count == 0)
		return NULL;
	for (;;) {
		if (s->hand == &s->order)
			s->hand = s->order.next;
		struct sieve_item *item = LIST_ITEM(s->hand, struct sieve_item, order);
		if (!item->visited)
			return item;
		item->visited = false;
		s->hand = s->hand->next;
	}
}
