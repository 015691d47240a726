/*
 * keeper.h - the only process that writes to disk: store, snapshots, anchor file.
 *
 * Applies the workers' turn messages in batches, sweeps, snapshots, and answers control requests about
 * the store.  Sees no network.  When it is slow or stopped, workers drop messages and go on.
 */
#ifndef SERVER_KEEPER_H
#define SERVER_KEEPER_H

#include "cache/keep.h"
#include "resolver/server/clock.h"
#include "resolver/server/config.h"
#include "resolver/server/log.h"
#include "resolver/server/witness.h"

struct keeper_setup {
	const struct config *config;
	struct log *log;
	int supervisor;          /* channel */
	const int *workers;      /* channels, one a worker slot */
	unsigned worker_count;
	enum keep_trust trust;   /* in what lies there */
	struct witness *witness; /* its own */
	const char *anchors;     /* state text as the keeper before told it; NULL: there was none */
};

/* What comes with its CHANNEL_READY, at its start and when the life clock has been put on. */
struct keeper_ready {
	int64_t clock_offset_ms; /* life clock minus boot clock */
	bool is_new;             /* store or life clock is not what it was: workers must begin anew */
	bool is_kept;            /* there is one that workers may open */
};

enum { KEEPER_NOTE_SERVERS = 1 }; /* meta_note: the times of servers */

/* Runs until CHANNEL_END_SIGNAL; returns the exit status of the process. */
int keeper_run(const struct keeper_setup *setup);

#endif
