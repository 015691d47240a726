/*
 * keeper.h - the only process that writes to disk: store, snapshots, anchor file.
 *
 * Applies the workers' turn messages in batches, sweeps, snapshots, and answers control requests about
 * the store.  Sees no network.  When it is slow or stopped, workers drop messages and go on.
 */
#ifndef SERVER_KEEPER_H
#define SERVER_KEEPER_H

#include "resolver/server/clock.h"
#include "resolver/server/config.h"
#include "resolver/server/log.h"

struct keeper_setup {
	const struct config *config;
	struct clock clock;
	struct log *log;
	int supervisor;          /* channel */
	const int *workers;      /* channels, one a worker slot */
	unsigned worker_count;
};

/* Runs until SIGTERM; returns the exit status of the process. */
int keeper_run(const struct keeper_setup *setup);

#endif
