/*
 * witness.h - who was inside the store, for when somebody is found dead.
 *
 * One flag a child, in memory shared with the supervisor; the child sets it while it has a transaction
 * open (store_set_witness), the supervisor reads it when the process has ended.  A signal that a program
 * brings upon itself, with the flag set, is a death in the store: the file may be what killed it (threats
 * I2, I4), and the next one would die of it, too.
 */
#ifndef SERVER_WITNESS_H
#define SERVER_WITNESS_H

#include <stdbool.h>

/* Owned by the process that called it, shared with its children; all false.  NULL: no memory. */
volatile bool *witness_new(unsigned count);
void witness_free(volatile bool *inside, unsigned count); /* takes NULL */

/* status: as waitpid told.  Clears the flag. */
bool witness_saw_death(volatile bool *inside, int status);

#endif
