/*
 * worker_desk.h - a worker's part in what an operator asks for: its memory, and questions explained.
 *
 * Belongs to one worker; what is borrowed here outlives it.
 */
#ifndef SERVER_WORKER_DESK_H
#define SERVER_WORKER_DESK_H

#include "cache/answers.h"
#include "cache/cache.h"
#include "resolver/core/tasks.h"
#include "resolver/server/command.h"
#include "resolver/server/log.h"

enum { WORKER_DESK_REPLY = 65535 };

/* A question that is being explained. */
struct explanation {
	uint64_t errand;     /* 0: the place is free */
	bool json, fresh;
	struct question question;
	struct trace *trace; /* held */
};

struct worker_desk {
	int supervisor; /* channel */
	struct cache *cache;
	struct answers *answers; /* NULL: no such layer */
	struct tasks *tasks;
	struct log *log;
	uint64_t last_client;    /* number of the last question asked */
	struct explanation explanations[LIMIT_EXPLANATIONS];
	uint8_t reply[WORKER_DESK_REPLY];
};

/* An errand came.  What this worker had to tell the keeper was sent before. */
void worker_desk_ask(struct worker_desk *d, struct now now, const uint8_t *octets, size_t len);

/* DEED_ANSWER: true when the client was this desk. */
bool worker_desk_reply(struct worker_desk *d, struct now now, uint64_t client);
void worker_desk_clear(struct worker_desk *d);

#endif
