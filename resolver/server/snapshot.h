/*
 * snapshot.h - the keeper's snapshot, written by a thread of its own so that applying goes on meanwhile.
 *
 * The thread touches nothing but LMDB's environment, in a read transaction of its own, and the file it
 * writes.  It cannot be stopped: who does not want to wait ends the process, and the file under its
 * temporary name is removed at the next start.
 */
#ifndef SERVER_SNAPSHOT_H
#define SERVER_SNAPSHOT_H

#include "cache/keep.h"

#include <ev.h>
#include <pthread.h>

struct snapshot {
	struct ev_loop *loop;
	ev_async done;
	void (*on_done)(void *owner, enum err e);
	void *owner;
	struct keep *keep;
	pthread_t thread;
	bool running;
	enum err result;
};

/* on_done is called from the loop. */
void snapshot_init(struct snapshot *s, struct ev_loop *loop, void (*on_done)(void *, enum err), void *owner);

/* ERR_BUSY: one is being written. */
MUST_CHECK enum err snapshot_start(struct snapshot *s, struct keep *keep, struct now now);

/*
 * Without the loop.  False: it is still being written after that time, and the process must end without
 * closing keep.
 */
bool snapshot_wait(struct snapshot *s, unsigned ms);

#endif
