/*
 * anchor_desk.h - the keeper's part in trust anchors: the state of RFC 5011 and its file.
 *
 * Begins with the file and what the configuration or the program says, takes in what a worker saw of a
 * DNSKEY RRset, writes the file, and tells the supervisor, who tells the workers.  Where nothing can be written
 * it goes on in memory.  Asks nobody itself, and believes only its own clock.
 */
#ifndef SERVER_ANCHOR_DESK_H
#define SERVER_ANCHOR_DESK_H

#include "resolver/base/rng.h"
#include "resolver/server/config.h"
#include "resolver/server/log.h"

struct anchor_desk_setup {
	const struct config *config; /* borrowed, as the others */
	struct log *log;
	struct rng *rng;
	int supervisor;              /* channel */
	const char *before;          /* state text as the keeper before told it; NULL: there was none */
};

struct anchor_desk;

/* Owned.  The supervisor is told already.  NULL: no memory. */
struct anchor_desk *anchor_desk_new(const struct anchor_desk_setup *setup, struct now now);
void anchor_desk_free(struct anchor_desk *d); /* takes NULL */

/* A CHANNEL_ANCHORS_SEEN came. */
void anchor_desk_seen(struct anchor_desk *d, struct now now, const uint8_t *octets, size_t len);

/* From time to time: has an operator put another file there?  Then it counts. */
void anchor_desk_look(struct anchor_desk *d, struct now now);

#endif
