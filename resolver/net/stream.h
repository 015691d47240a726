/*
 * stream.h - one TCP connection to a server, shared by exchanges.
 *
 * Connects, frames, remembers which message ids are owed on it.  Does not know exchanges: it
 * hands up messages and its own end to outbound.c.
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include "resolver/base/limits.h"
#include "resolver/base/list.h"
#include "resolver/net/inbox.h"
#include "resolver/net/outbox.h"
#include "resolver/net/sockaddr.h"
#include <ev.h>
#include <stdbool.h>

struct stream {
	struct list all;       /* of its outbound */
	struct list exchanges; /* that wait for a reply on it */
	struct address to;
	int fd;
	bool connecting;
	bool retired;     /* takes no new exchange: it is silent, or owes too many late replies */
	uint64_t replies; /* it has brought */
	unsigned busy;    /* inside its own callback: must not be freed */
	unsigned in_flight;
	unsigned orphan_count;
	uint16_t orphans[LIMIT_TCP_OUT_ORPHANS]; /* ids whose exchange has gone */
	ev_io readable, writable;
	ev_timer timer; /* connecting, then idle */
	struct inbox in;
	struct outbox out;
	void *owner; /* struct outbound */
};

/* NULL: errno says why.  Watchers and owner are left to the caller. */
struct stream *stream_open(const struct address *to, const struct address *source);
void stream_free(struct stream *s); /* watchers stopped, no exchanges */

/* The exchange with this id went away without a reply. */
void stream_orphan(struct stream *s, uint16_t id);
/* A reply with this id is late: true, and it is owed no longer. */
bool stream_forget_orphan(struct stream *s, uint16_t id);
bool stream_owes(const struct stream *s, uint16_t id);
/* 0, or errno of the connect(2) that has ended. */
int stream_connect_error(const struct stream *s);

#endif
