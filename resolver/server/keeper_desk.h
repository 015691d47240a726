/*
 * keeper_desk.h - the keeper's part in what an operator asks for: looking, forgetting, a snapshot.
 *
 * Long work is done in steps: a flush is queued and goes on with keeper_desk_work(), a dump comes back to
 * ask for its next part.  One at a time, so nothing here lasts longer than a step, but for a snapshot.
 */
#ifndef SERVER_KEEPER_DESK_H
#define SERVER_KEEPER_DESK_H

#include "cache/keep.h"
#include "resolver/server/command.h"
#include "resolver/server/log.h"

enum { KEEPER_DESK_FLUSHES = 32 };

struct keeper_desk {
	int supervisor;    /* channel */
	struct keep *keep; /* borrowed; NULL: nothing is kept */
	struct log *log;
	bool flushing;     /* the first of the queue has begun */
	unsigned first, count;
	struct keeper_flush {
		uint64_t number;
		struct name name;
		uint16_t type;
		bool tree;
	} flushes[KEEPER_DESK_FLUSHES]; /* a ring */
};

/* An errand came.  What workers told before it is in the store already. */
void keeper_desk_ask(struct keeper_desk *d, struct now now, const uint8_t *octets, size_t len);

/* A step of what is queued, looking at about as many entries; true: there is more to do. */
bool keeper_desk_work(struct keeper_desk *d, unsigned entries);

#endif
