/*
 * worker.h - the process that answers: one loop, own sockets, own hot cache, no writable file.
 *
 * A driver of core/tasks.h: datagrams and connections come in through client.h, what tasks wants done
 * goes out through net/.  Config is immutable for its life; a reload is a new worker.
 */
#ifndef SERVER_WORKER_H
#define SERVER_WORKER_H

#include "resolver/server/clock.h"
#include "resolver/server/config.h"
#include "resolver/server/counters.h"
#include "resolver/server/log.h"
#include "resolver/server/sockets.h"
#include "resolver/server/witness.h"

struct worker_setup {
	const struct config *config;
	struct clock clock;
	struct log *log;
	struct counters *counters;         /* its slot */
	const struct socket_row *sockets;  /* its listening sockets */
	size_t socket_count;
	int supervisor, keeper;            /* channels */
	unsigned index;
	const uint8_t *ntas;               /* as CHANNEL_NTAS says them */
	size_t ntas_len;
	bool may_open_store;               /* false: nobody keeps one, or it is not to be trusted */
	struct witness *witness;           /* its own */
	const char *anchors;               /* state text at fork, NULL: start from config */
};

/* Runs until drained or told to stop; returns the exit status of the process. */
int worker_run(const struct worker_setup *setup);

#endif
