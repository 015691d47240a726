/*
 * sieve.h - a keyed hash table that knows whom to evict.
 *
 * SIEVE (Zhang and others, NSDI 2024): one list in order of arrival, one visited bit an item, one hand
 * that goes from the oldest to the newest, spares what was visited since it last came by, and stops
 * at what was not.  Scans and floods of names asked once are evicted before what is asked again.
 *
 * Items are embedded in their owner's structs and owned by the owner.  The number of chains is fixed
 * at the start, so nothing is ever rehashed.
 *
 * Between calls: every item of the table is in the list and in the chain of its hash; octets is
 * the sum of their sizes.
 */
#ifndef CACHE_SIEVE_H
#define CACHE_SIEVE_H

#include "resolver/base/err.h"
#include "resolver/base/list.h"
#include <stdint.h>

struct sieve_item {
	struct list order;        /* oldest first */
	struct sieve_item *chain;
	uint64_t hash;            /* keyed, by the owner: threats D12 */
	uint32_t size;            /* octets charged for it */
	bool visited;
};

struct sieve {
	struct list order;
	struct list *hand;        /* the next to look at; &order: begin at the oldest */
	struct sieve_item **chains;
	size_t chain_mask;
	size_t octets, count, ceiling;
};

/* ceiling: octets that all items and the chains may use; expected: octets of a usual item. */
MUST_CHECK enum err sieve_init(struct sieve *s, size_t ceiling, size_t expected);
void sieve_clear(struct sieve *s); /* frees the chains, not the items */

/*
 * To begin to bring from memory what sieve_first(), called some time after, will look at: the chain, and a little
 * later the first item in it, so many octets.
 */
void sieve_fetch_chain(const struct sieve *s, uint64_t hash);
void sieve_fetch_item(const struct sieve *s, uint64_t hash, size_t octets);

/* The first item with that hash, then the others: the owner compares keys. */
struct sieve_item *sieve_first(const struct sieve *s, uint64_t hash);
struct sieve_item *sieve_another(const struct sieve_item *item);

/* item->hash and item->size are set. */
void sieve_add(struct sieve *s, struct sieve_item *item);
void sieve_remove(struct sieve *s, struct sieve_item *item);

/* Over the ceiling when size more octets came? */
bool sieve_is_full(const struct sieve *s, size_t size);
/* The one to evict next; still in the table.  NULL: empty. */
struct sieve_item *sieve_victim(struct sieve *s);

#endif
