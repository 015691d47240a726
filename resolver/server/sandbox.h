/*
 * sandbox.h - what a worker or the keeper may still do once it runs (threats I10).
 *
 * Three walls, each on its own: no capabilities; system calls by an allow-list (seccomp); files by
 * directory (Landlock).  A wall that the system does not offer is one warning: the process goes on.
 */
#ifndef SERVER_SANDBOX_H
#define SERVER_SANDBOX_H

#include "resolver/server/config.h"
#include "resolver/server/log.h"

enum sandbox_role {
	SANDBOX_WORKER, /* the network, reading the store */
	SANDBOX_KEEPER, /* files, no network */
};

/* Everything it needs for its whole life is open by now.  Cannot be undone. */
void sandbox_close(enum sandbox_role role, const struct config *config, struct log *log);

/* syscalls.c: the filter.  ERR_UNSUPPORTED: this system or this build has none. */
MUST_CHECK enum err syscalls_restrict(enum sandbox_role role, enum config_seccomp action);

/* landlock.c: the directories. */
MUST_CHECK enum err landlock_restrict(enum sandbox_role role, const struct config *config);

#endif
