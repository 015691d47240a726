/*
 * treap.h - items of hot in the order of their keys: a binary tree by key, a heap by hash.
 *
 * An item that is to hang here is made by treap_alloc(): the links lie before it, so that the others need
 * none.  *root: NULL when empty.  Expected depth is logarithmic, for the hashes are keyed.
 */
#ifndef CACHE_TREAP_H
#define CACHE_TREAP_H

#include "cache/hot.h"

enum { TREAP_LINKS = 2 * sizeof(struct hot_item *) }; /* octets before an item */

struct hot_item *treap_alloc(size_t size); /* NULL: no memory */
void treap_free(struct hot_item *i);

void treap_add(struct hot_item **root, struct hot_item *new); /* no item has its key */
void treap_remove(struct hot_item **root, struct hot_item *old);
/* The greatest key not above this one.  NULL: none. */
struct hot_item *treap_floor(struct hot_item *root, const uint8_t *key, size_t len);

#endif
