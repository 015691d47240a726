/*
 * outbound_case.h - an owner of exchanges that remembers what it was told.
 */
#ifndef TESTS_NET_OUTBOUND_CASE_H
#define TESTS_NET_OUTBOUND_CASE_H

#include "resolver/net/outbound.h"
#include "tests/net/net_case.h"

enum { ASKER_EVENTS = 64, ASKER_QUESTION = 20 };

struct asker {
	struct ev_loop *loop;
	struct rng rng;
	struct outbound *outbound;
	bool inside;            /* a call of ours is running: no callback may come */
	bool close_on_reply;
	unsigned replies, timeouts, errors;
	uint64_t replied[ASKER_EVENTS], timed_out[ASKER_EVENTS], failed[ASKER_EVENTS];
	uint16_t reply_id[ASKER_EVENTS];
	enum outbound_error error[ASKER_EVENTS];
};

/* The default setup; change it, then asker_start(). */
struct outbound_setup asker_setup(void);
void asker_start(struct asker *a, const struct outbound_setup *setup);
void asker_stop(struct asker *a);
/* Sent at the end of the turn; at once. */
void asker_prepare(struct asker *a, uint64_t exchange, const struct address *to, bool tcp,
		   uint16_t id, uint32_t timeout_ms);
void asker_ask(struct asker *a, uint64_t exchange, const struct address *to, bool tcp, uint16_t id,
	       uint32_t timeout_ms);
void asker_close(struct asker *a, uint64_t exchange);

#endif
