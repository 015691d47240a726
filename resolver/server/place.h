/*
 * place.h - where and as whom the processes run: directories, user, files.
 *
 * What they may do once they run, sandbox.h says.
 */
#ifndef SERVER_PLACE_H
#define SERVER_PLACE_H

#include "resolver/server/config.h"
#include "resolver/server/log.h"

/*
 * In the supervisor, before the first fork: decides on the run, live and cache directories and makes them
 * (0700) and, as root, gives them to the configured user.  Where the default ones cannot be had, those of
 * the user who started us are taken and config says so from now on.  What cannot be made is one
 * warning and costs persistence.
 */
void place_prepare(struct config *config, struct log *log);

/* The supervisor's process id, for whoever wants it in a file.  Nothing when none is configured. */
void place_write_pid(const struct config *config, struct log *log);
void place_remove_pid(const struct config *config);

/*
 * In a worker or the keeper, before the first octet from outside: becomes the configured user, sets
 * no_new_privs.  ERR_DENIED: the process must not go on.
 */
MUST_CHECK enum err place_drop_privileges(const struct config *config, struct log *log);

/* Where the live store lies; "": nowhere. */
const char *place_live_directory(const struct config *config);

/*
 * Questions that workers resolve at a time, fewer where there are not the open files for them: one for which there
 * is no socket fails, and its zone with it; one for which there is no place takes that of an older one.
 */
void place_fit_files(struct config *config, struct log *log);

/* More open files for sockets upstream and TCP clients, as far as the system allows. */
void place_raise_files(void);

#endif
