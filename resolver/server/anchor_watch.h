/*
 * anchor_watch.h - a worker's part in trust anchors: takes the state in force, and asks for keys.
 *
 * The anchors of the state go to the policy and the tasks.  One worker besides asks for the DNSKEY RRset of
 * each anchored zone when RFC 5011 section 2.3 says so, soon after its start first, and sends the keeper
 * what it saw.  Judges nothing and writes nothing.
 */
#ifndef SERVER_ANCHOR_WATCH_H
#define SERVER_ANCHOR_WATCH_H

#include "resolver/server/policy.h"
#include "resolver/server/worker.h"

#include <ev.h>

struct anchor_watch_setup {
	const struct worker_setup *worker; /* all borrowed */
	struct ev_loop *loop;
	const struct now *now;             /* of this loop turn */
	struct policy *policy;
	struct tasks *tasks;
};

struct anchor_watch;

/* Owned; with the anchors that the worker was started with in force.  NULL: no memory. */
struct anchor_watch *anchor_watch_new(const struct anchor_watch_setup *setup);
void anchor_watch_free(struct anchor_watch *w); /* takes NULL */

/* The state in force, as CHANNEL_ANCHORS brings it.  What cannot be read is logged and changes nothing. */
void anchor_watch_take(struct anchor_watch *w, const char *text, size_t len);
/* DEED_PROBED. */
void anchor_watch_probed(struct anchor_watch *w, const struct deed *d);
/* Asks nothing any more: another worker has begun to. */
void anchor_watch_stop(struct anchor_watch *w);

#endif
