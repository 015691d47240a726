/*
 * supervisor.h - the first process: config, sockets, children, signals.
 *
 * Starts a keeper and the workers, starts again whichever dies (backing off when it loops), reloads
 * by starting a new generation of workers on the same sockets before the old one drains.  Parses
 * no packet and opens no cache.
 */
#ifndef SERVER_SUPERVISOR_H
#define SERVER_SUPERVISOR_H

#include "resolver/server/config.h"

/*
 * Serves until SIGTERM or SIGINT; returns the exit status.  config is taken; path is where a reload reads the
 * next one, NULL when there was none.
 */
int supervisor_run(struct config *config, const char *path);

#endif
