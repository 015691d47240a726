/*
 * udp.h - datagrams of clients: in by batches, out by batches.
 *
 * One listener on one bound socket.  Every datagram of a batch is handed up in one call; what the
 * receiver wants sent is written into the listener's own buffers and leaves with one sendmmsg at the
 * end of the batch.  A reply leaves from the address that was asked (RFC 2181 section 4).  Knows no DNS.
 */
#ifndef NET_UDP_H
#define NET_UDP_H

#include "resolver/base/address.h"

struct ev_loop;
struct udp;

enum { UDP_REPLY_OCTETS = 4096 }; /* LIMIT_UDP_SIZE_MAX */

/* Where a datagram came from and which of our addresses it was sent to. */
struct udp_peer {
	struct address client;
	uint8_t local[40]; /* packet info, opaque outside udp.c: copied to answer later */
	uint8_t local_len;
};

/*
 * The one seam of callbacks: net calls up into server.  octets is borrowed for the call.  reply has
 * room for UDP_REPLY_OCTETS: return the length to send now, 0 for nothing (or later, by udp_send).
 */
typedef size_t udp_receive(void *owner, const struct udp_peer *peer, const uint8_t *octets,
                           size_t len, uint8_t *reply);

/* fd is taken.  owner is passed back.  NULL: no memory. */
struct udp *udp_new(struct ev_loop *loop, int fd, udp_receive *receive, void *owner);
/* Told of all datagrams of a batch before the first of them is received: time to fetch what they will need. */
typedef void udp_coming(void *owner, const uint8_t *octets, size_t len);
void udp_tell_ahead(struct udp *u, udp_coming *coming);
void udp_free(struct udp *u);   /* takes NULL */
void udp_drain(struct udp *u);  /* reads what waits, and then no more; sends still */

/* A late reply: room of UDP_REPLY_OCTETS to write into (never NULL: a full batch is flushed first) ... */
uint8_t *udp_reply_space(struct udp *u);
/* ... and this sends what was written there, with the batch; len 0: nothing. */
void udp_send(struct udp *u, const struct udp_peer *peer, size_t len);
/* At the end of a loop turn. */
void udp_flush(struct udp *u);

struct udp_counts {
	uint64_t received, sent, truncated_in, send_failed, send_full;
};
struct udp_counts udp_count(const struct udp *u);

#endif
