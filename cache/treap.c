#include "cache/treap.h"

#include "cache/key.h"
#include <stdlib.h>

struct links {
	struct hot_item *left, *right;
};

static struct links *links(struct hot_item *i)
{
	return (struct links *)(void *)i - 1;
}

struct hot_item *treap_alloc(size_t size)
{
	struct links *l = malloc(TREAP_LINKS + size);
	return l == NULL ? NULL : (struct hot_item *)(void *)(l + 1);
}

void treap_free(struct hot_item *i)
{
	free(links(i));
}

static int compare(const struct hot_item *i, const uint8_t *key, size_t len)
{
	return key_compare(i->octets, i->key_len, key, len);
}

struct hot_item *treap_floor(struct hot_item *root, const uint8_t *key, size_t len)
{
	struct hot_item *best = NULL;
	for (struct hot_item *at = root; at != NULL;) {
		if (compare(at, key, len) <= 0) {
			best = at;
			at = links(at)->right;
		} else {
			at = links(at)->left;
		}
	}
	return best;
}

static struct hot_item **towards(struct hot_item *at, const struct hot_item *i)
{
	return compare(at, i->octets, i->key_len) < 0 ? &links(at)->right : &links(at)->left;
}

/* Goes where a subtree of lower priorities hung; the subtree is split around the new key. */
void treap_add(struct hot_item **root, struct hot_item *new)
{
	struct hot_item **at = root;
	while (*at != NULL && (*at)->sieve.hash > new->sieve.hash)
		at = towards(*at, new);
	struct hot_item *rest = *at;
	struct hot_item **below = &links(new)->left, **above = &links(new)->right;
	*at = new;
	while (rest != NULL) {
		struct hot_item **next = towards(rest, new);
		if (next == &links(rest)->right) {
			*below = rest;
			below = next;
		} else {
			*above = rest;
			above = next;
		}
		rest = *next;
	}
	*below = NULL;
	*above = NULL;
}

void treap_remove(struct hot_item **root, struct hot_item *old)
{
	struct hot_item **at = root;
	while (*at != old)
		at = towards(*at, old);
	struct hot_item *left = links(old)->left, *right = links(old)->right;
	while (left != NULL && right != NULL) {
		if (left->sieve.hash > right->sieve.hash) {
			*at = left;
			at = &links(left)->right;
			left = *at;
		} else {
			*at = right;
			at = &links(right)->left;
			right = *at;
		}
	}
	*at = left != NULL ? left : right;
}
