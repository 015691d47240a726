#include "resolver/base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	ALIGN = 16,
	FIRST_BLOCK = 4 << 10, /* octets: most tasks of a warm cache need no second block */
	BLOCK_MAX = 64 << 10,
};

struct block {
	struct block *next;
	size_t size, used;
	_Alignas(ALIGN) uint8_t octets[];
};

/*
 * Between calls:
 *   current is the block that small allocations come from; first is the one that came with the
 *   arena and is the last in the list;
 *   used <= ceiling, and is what was handed out, rounded up to ALIGN.
 */
struct arena {
	size_t ceiling, used;
	size_t fail_in; /* fault injection: 0 off, 1 fails from now on */
	struct block *current;
	struct block first; /* must be last: its octets follow */
};

struct arena *arena_new(size_t ceiling)
{
	struct arena *a = malloc(sizeof(*a) + FIRST_BLOCK);
	if (a == NULL)
		return NULL;
	a->ceiling = ceiling;
	a->used = 0;
	a->fail_in = 0;
	a->current = &a->first;
	a->first.next = NULL;
	a->first.size = FIRST_BLOCK;
	a->first.used = 0;
	return a;
}

void arena_reset(struct arena *a)
{
	while (a->current != &a->first) {
		struct block *b = a->current;
		a->current = b->next;
		free(b);
	}
	a->first.used = 0;
	a->used = 0;
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_reset(a);
	free(a);
}

static struct block *block_new(size_t size)
{
	struct block *b = malloc(sizeof(*b) + size);
	if (b == NULL)
		return NULL;
	b->size = size;
	b->used = 0;
	return b;
}

/*
 * A block with room for size octets.  A large piece gets a block of its own, put behind the
 * first so that the current one goes on being filled: at most a quarter of a block is lost.
 */
static struct block *block_for(struct arena *a, size_t size)
{
	struct block *now = a->current;
	if (now->size - now->used >= size)
		return now;
	size_t grown = now->size < BLOCK_MAX ? 2 * now->size : BLOCK_MAX;
	bool large = size > grown / 4;
	struct block *b = block_new(large ? size : grown);
	if (b == NULL)
		return NULL;
	if (large && now != &a->first) {
		b->next = now->next;
		now->next = b;
	} else {
		b->next = now;
		a->current = b;
	}
	return b;
}

static bool injected_fault(struct arena *a)
{
	if (a->fail_in == 0)
		return false;
	if (a->fail_in == 1)
		return true;
	a->fail_in--;
	return false;
}

static void *take(struct arena *a, size_t size)
{
	if (injected_fault(a) || size > SIZE_MAX - ALIGN)
		return NULL;
	size = size == 0 ? ALIGN : (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (size > a->ceiling - a->used)
		return NULL;
	struct block *b = block_for(a, size);
	if (b == NULL)
		return NULL;
	void *piece = b->octets + b->used;
	b->used += size;
	a->used += size;
	return piece;
}

void *arena_alloc(struct arena *a, size_t size)
{
	void *piece = take(a, size);
	if (piece != NULL)
		memset(piece, 0, size);
	return piece;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		return NULL;
	return arena_alloc(a, count * size);
}

void *arena_copy(struct arena *a, const void *bytes, size_t size)
{
	void *piece = take(a, size);
	if (piece != NULL && size > 0)
		memcpy(piece, bytes, size);
	return piece;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}

void arena_fail_after(struct arena *a, size_t n)
{
	a->fail_in = n;
}
