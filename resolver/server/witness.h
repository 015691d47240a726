/*
 * witness.h - what a child leaves for the supervisor to see without being asked: is it alive, was it in the store.
 *
 * One a child, in memory shared with the supervisor.  The child raises turns at least once a second while its
 * loop turns: one that stands still (stopped, caught in a circle) keeps its sockets and answers nobody, so
 * the supervisor ends it (threats I8).  It sets inside while it has a transaction open (store_set_witness),
 * and the supervisor reads that when the process has ended.  A signal that a program brings upon itself, with
 * the flag set, is a death in the store: the file may be what killed it (threats I2, I4), and the next one
 * would die of it, too.
 */
#ifndef SERVER_WITNESS_H
#define SERVER_WITNESS_H

#include <stdbool.h>
#include <stdint.h>

struct witness {
	volatile bool inside;
	volatile uint32_t turns;
};

/* Owned by the process that called it, shared with its children; all zero.  NULL: no memory. */
struct witness *witness_new(unsigned count);
void witness_free(struct witness *w, unsigned count); /* takes NULL */

/* status: as waitpid told.  Clears the flag. */
bool witness_saw_death(struct witness *w, int status);

#endif
