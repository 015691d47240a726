/*
 * arena.h - everything one task allocates, with a ceiling.
 *
 * Nothing inside is freed on its own.  An allocation beyond the ceiling fails like malloc
 * does, which turns an attack into a SERVFAIL.  Not for data that outlives the task.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

/* Owned: free with arena_free().  ceiling in octets.  NULL: no memory. */
struct arena *arena_new(size_t ceiling);
void arena_free(struct arena *a); /* takes NULL */

/* Forgets all allocations, keeps one block for the next user. */
void arena_reset(struct arena *a);

/* Zeroed, aligned for any type.  Borrowed until arena_free/arena_reset.  NULL: ceiling or no memory. */
void *arena_alloc(struct arena *a, size_t size);

/* Zeroed array; NULL also when count * size overflows. */
void *arena_array(struct arena *a, size_t count, size_t size);

void *arena_copy(struct arena *a, const void *bytes, size_t size);

size_t arena_used(const struct arena *a);

/*
 * Fault injection for tests: the n-th next call on a (from 1) fails, and every one after it.
 * 0 turns it off.
 */
void arena_fail_after(struct arena *a, size_t n);

#endif
