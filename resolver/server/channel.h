/*
 * channel.h - messages between our own processes: one datagram, one kind, bounded.
 *
 * A channel is one end of a SOCK_SEQPACKET socketpair, non-blocking.  The supervisor made all pairs
 * before it forked and keeps both ends, so a process that is started anew finds the same channels
 * and no message is torn.  Sending never waits: a full queue is ERR_BUSY, and the sender counts it.
 */
#ifndef SERVER_CHANNEL_H
#define SERVER_CHANNEL_H

#include "resolver/base/err.h"
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

enum channel_kind {
	CHANNEL_READY = 1, /* worker, keeper -> supervisor: serving */
	CHANNEL_DRAIN,     /* supervisor -> worker: no new questions, finish, exit */
	CHANNEL_TURN,      /* worker -> keeper: what was learned in one loop turn */
	CHANNEL_ANCHORS,   /* supervisor -> worker: the anchor state as text */
	CHANNEL_ANCHORS_SEEN, /* worker -> keeper: DNSKEYs of an anchored zone: anchor_seen.h */
	CHANNEL_ANCHORS_KEPT, /* keeper -> supervisor: the anchor state in force, for every worker */
	CHANNEL_NTAS,      /* supervisor -> worker: the negative anchors in force: nta_book.h */
	CHANNEL_ASK,       /* supervisor -> worker, keeper: a control request: errand.h */
	CHANNEL_TELL,      /* worker, keeper -> supervisor: part of its answer */
	CHANNEL_TOLD,      /* ... and its end */
	CHANNEL_SERVERS,   /* worker -> keeper: RTTs, to be kept */
	CHANNEL_NTA_CHECK, /* supervisor -> worker: does this name validate without its negative anchor? */
	CHANNEL_NTA_OVER,  /* worker -> supervisor: it does */
	CHANNEL_LAST = CHANNEL_NTA_OVER,
};

enum { CHANNEL_OCTETS = 160 << 10 };

/*
 * How the supervisor ends a child, which ignores SIGINT and SIGTERM: a terminal's ^C and a service manager's
 * SIGTERM go to all processes at once, and the keeper is to end last.
 */
#define CHANNEL_END_SIGNAL SIGUSR1

/* ends[0] and ends[1], non-blocking, close-on-exec. */
MUST_CHECK enum err channel_pair(int ends[2]);

MUST_CHECK enum err channel_send(int fd, enum channel_kind kind, const void *octets, size_t len);

/*
 * One message into buffer (CHANNEL_OCTETS of room).  ERR_NOTFOUND: none waits; ERR_FORMAT: not one of
 * ours, dropped.
 */
MUST_CHECK enum err channel_receive(int fd, uint8_t *buffer, enum channel_kind *kind, size_t *len);

#endif
