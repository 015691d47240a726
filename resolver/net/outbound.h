/*
 * outbound.h - exchanges with other servers, each known by the number its owner gave it.
 *
 * UDP: a fresh connected socket with a random source port for each exchange.  TCP: connections are
 * kept and shared; replies find their exchange by message id.  An exchange stays open after a time-out
 * or an unwanted reply until outbound_close(): the owner decides what is an answer.  Knows no DNS beyond the
 * two octets of the id.
 */
#ifndef NET_OUTBOUND_H
#define NET_OUTBOUND_H

#include "resolver/base/address.h"
#include <stdbool.h>
#include "resolver/base/rng.h"

struct ev_loop;
struct outbound;

enum outbound_error { OUTBOUND_UNREACHABLE, OUTBOUND_REFUSED, OUTBOUND_RESET, OUTBOUND_NO_RESOURCE };

struct outbound_setup {
	struct rng *rng;                  /* borrowed */
	const struct address *sources;    /* borrowed; one of the right family that the machine has is
	                                   chosen; none: the kernel's choice */
	size_t source_count;
	uint16_t port_low, port_high;     /* source ports: 1024..65535 */
	uint32_t tcp_idle_ms, tcp_in_flight, tcp_connections, tcp_connect_ms;
	/* Called from the loop, never from inside a function below. */
	void (*on_reply)(void *owner, uint64_t exchange, const uint8_t *octets, size_t len);
	void (*on_timeout)(void *owner, uint64_t exchange);
	void (*on_error)(void *owner, uint64_t exchange, enum outbound_error e);
	void *owner;
};

struct outbound *outbound_new(struct ev_loop *loop, const struct outbound_setup *setup);
void outbound_free(struct outbound *o);

/* octets are copied.  A failure is reported by on_error in the next turn. timeout_ms: one on_timeout then. */
void outbound_send(struct outbound *o, uint64_t exchange, const struct address *to, bool tcp,
                   const uint8_t *octets, size_t len, uint32_t timeout_ms);
void outbound_close(struct outbound *o, uint64_t exchange); /* unknown numbers are ignored */
/*
 * What waits of UDP goes out: at the latest when the loop turn ends.  Together, because a server that
 * sleeps is woken once for a burst and not for each packet.
 */
void outbound_flush(struct outbound *o);

struct outbound_counts {
	uint64_t udp_sent, tcp_sent, tcp_connects, errors;
	unsigned open;
};
struct outbound_counts outbound_count(const struct outbound *o);

#endif
