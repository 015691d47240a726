/*
 * nta_watch.h - a worker's part in negative trust anchors: takes those in force, and tries without one.
 *
 * Belongs to one worker; what is borrowed here outlives it.  Decides nothing: the supervisor keeps the book.
 */
#ifndef SERVER_NTA_WATCH_H
#define SERVER_NTA_WATCH_H

#include "resolver/core/tasks.h"
#include "resolver/server/log.h"
#include "resolver/server/policy.h"

struct nta_watch {
	int supervisor; /* channel */
	struct policy *policy;
	struct tasks *tasks;
	struct log *log;
	uint64_t last;    /* number of the last question asked */
	uint64_t out;     /* of the one under way; 0: none */
	struct name name; /* that it is about */
};

/* CHANNEL_NTAS: what cannot be read is logged and changes nothing. */
void nta_watch_take(struct nta_watch *w, const uint8_t *octets, size_t len);
/* CHANNEL_NTA_CHECK.  One at a time: another one is left for the next time. */
void nta_watch_check(struct nta_watch *w, struct now now, const uint8_t *octets, size_t len);
/* DEED_PROBED: true when it was ours. */
bool nta_watch_probed(struct nta_watch *w, const struct deed *d);

#endif
