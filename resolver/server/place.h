/*
 * place.h - where and as whom the processes run: directories, user, memory, sandbox.
 */
#ifndef SERVER_PLACE_H
#define SERVER_PLACE_H

#include "resolver/server/config.h"
#include "resolver/server/log.h"

/*
 * In the supervisor, before the first fork: makes the run, live and cache directories (0700) and, as
 * root, gives them to the configured user.  What cannot be made is one warning and costs persistence.
 */
void place_prepare(const struct config *config, struct log *log);

/*
 * In a worker or the keeper, before the first octet from outside: becomes the configured user, drops all
 * capabilities, sets no_new_privs and limits.  ERR_DENIED: the process must not go on.
 */
MUST_CHECK enum err place_drop_privileges(const struct config *config, struct log *log);

/* Where the live store lies; "": nowhere. */
const char *place_live_directory(const struct config *config);

/* More open files for sockets upstream and TCP clients, as far as the system allows. */
void place_raise_files(void);

#endif
