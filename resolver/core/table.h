/*
 * table.h - find by number: an intrusive hash table of fixed size.
 *
 * Keys are our own counters or keyed hashes, never anything an outsider chose, so chains stay
 * short (threats D12).  Several items may have one key.  Owns its buckets, not the items.
 */
#ifndef CORE_TABLE_H
#define CORE_TABLE_H

#include "resolver/base/err.h"
#include <stddef.h>
#include <stdint.h>

/* Inside an item; all zero when it is in no table. */
struct table_link {
	struct table_link *next;
	uint64_t key;
};

struct table {
	struct table_link **buckets;
	size_t mask; /* buckets - 1, a power of two less one */
};

/* expected: how many items there may be; more only make it slower. */
MUST_CHECK enum err table_init(struct table *t, size_t expected);
void table_clear(struct table *t); /* the buckets; takes a zeroed one */

void table_add(struct table *t, struct table_link *item, uint64_t key);
void table_remove(struct table *t, struct table_link *item); /* nothing when it is not there */

/* The first item of that key, and the next of the same key behind it.  NULL: no more. */
struct table_link *table_find(const struct table *t, uint64_t key);
struct table_link *table_again(const struct table_link *item);

#endif
