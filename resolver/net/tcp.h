/*
 * tcp.h - stream clients: length-prefixed messages, pipelined, answered in any order (RFC 7766).
 *
 * One struct tcp for all listening sockets of a worker, so its bounds hold together: connections, per
 * host (per /56 for IPv6), messages in flight, octets unsent, idle time shrinking as slots fill.  A
 * connection is a number that is never reused: a reply to a dead one is dropped.
 */
#ifndef NET_TCP_H
#define NET_TCP_H

#include "resolver/base/address.h"
#include <stdbool.h>

struct ev_loop;
struct tcp;

struct tcp_limits {
	uint32_t clients, per_host, in_flight, unsent_octets;
	uint32_t idle_ms, idle_min_ms, read_ms;
};

/* octets: one message, borrowed for the call.  Every message is owed exactly one tcp_reply or tcp_no_reply. */
typedef void tcp_receive(void *owner, uint64_t connection, const struct address *client,
                         const uint8_t *octets, size_t len);
/* The client went away: nobody waits for its replies any more. */
typedef void tcp_gone(void *owner, uint64_t connection);
/* Before a connection is taken: false closes it at once (not an allowed client). */
typedef bool tcp_admit(void *owner, const struct address *client);

struct tcp *tcp_new(struct ev_loop *loop, const struct tcp_limits *limits, tcp_admit *admit,
                    tcp_receive *receive, tcp_gone *gone, void *owner);
void tcp_free(struct tcp *t);
MUST_CHECK enum err tcp_listen(struct tcp *t, int fd); /* fd is taken */
void tcp_drain(struct tcp *t); /* accepts and reads no more; closes each connection when its replies are out */

void tcp_reply(struct tcp *t, uint64_t connection, const uint8_t *octets, size_t len);
void tcp_no_reply(struct tcp *t, uint64_t connection);

struct tcp_counts {
	uint64_t refused; /* not admitted, no place, or too many of one host */
	uint64_t closed;  /* by us: idle, slow, or not speaking DNS */
};
struct tcp_counts tcp_count(const struct tcp *t);

unsigned tcp_connections(const struct tcp *t);
bool tcp_idle(const struct tcp *t); /* nothing owed, nothing unsent */
/* What RFC 7828 says to clients: the idle time-out in force, ms. */
uint32_t tcp_idle_ms(const struct tcp *t);

#endif
