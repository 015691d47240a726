/*
 * process.h - what a forked child becomes: a worker or the keeper, with what it needs of the supervisor.
 */
#ifndef SERVER_PROCESS_H
#define SERVER_PROCESS_H

#include "resolver/server/child.h"

/* In the child.  Nothing of the supervisor's loop is used any more.  Returns the exit status. */
int process_run(struct supervisor *s, struct child *c);

#endif
