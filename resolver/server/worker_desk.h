/*
 * worker_desk.h - a worker's part in what an operator asks for: its memory, and questions explained.
 *
 * Belongs to one worker; what is borrowed here outlives it.
 */
#ifndef SERVER_WORKER_DESK_H
#define SERVER_WORKER_DESK_H

#include "cache/answers.h"
#include "cache/cache.h"
#include "resolver/server/command.h"
#include "resolver/server/log.h"

struct worker_desk {
	int supervisor; /* channel */
	struct cache *cache;
	struct answers *answers;
	struct log *log;
};

/* An errand came.  What this worker had to tell the keeper was sent before. */
void worker_desk_ask(struct worker_desk *d, struct now now, const uint8_t *octets, size_t len);

#endif
