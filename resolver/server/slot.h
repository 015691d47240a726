/*
 * slot.h - the place of one child process: its channels stay, processes come and go in it.
 *
 * Two slots a worker number, so that the next generation can start while the last one drains.
 */
#ifndef SERVER_SLOT_H
#define SERVER_SLOT_H

#include "resolver/server/channel.h"
#include <stdbool.h>
#include <sys/types.h>

enum slot_state {
	SLOT_EMPTY,    /* no process, none wanted */
	SLOT_RESTING,  /* its process died; the next one starts after back_off_ms */
	SLOT_STARTING, /* forked, not ready yet */
	SLOT_SERVING,
	SLOT_LEAVING,  /* drains or stops */
};

struct slot {
	enum slot_state state;
	pid_t pid;
	unsigned index;        /* which worker of its generation */
	unsigned generation;
	unsigned store;        /* the supervisor's number of the store it may have open */
	int supervisor[2];     /* [0] ours, [1] the child's */
	int keeper[2];         /* [0] the keeper's, [1] the worker's */
	int64_t started_ms;    /* boot clock */
	uint32_t back_off_ms;  /* doubles while it dies young */
};

MUST_CHECK enum err slot_init(struct slot *s);
void slot_clear(struct slot *s);

/* Its process ended at now: back-off from 10 ms to 5 s while it lives less than a second (threats I11). */
void slot_died(struct slot *s, int64_t now_ms);

const char *slot_state_text(enum slot_state s);

#endif
