/*
 * sim.h - one world, one resolver, one run: what the files of this room share.
 *
 * A driver of resolver/core/tasks.h like the daemon, with virtual time and a scripted network.
 * Everything follows from the file and the seed.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "tests/sim/clock.h"
#include "tests/sim/resolver.h"
#include "tests/sim/world.h"
#include <stdio.h>

enum { SIM_MESSAGE = 65535, SIM_QUESTION_MS = 10000 }; /* every client is answered within it */

/* One packet of the resolver, as the network saw it. */
struct sent {
	int64_t at_ms;
	struct address to;
	enum transport transport;
	struct question question; /* case as sent */
	uint16_t flags, id;
	bool readable;
	struct edns edns;
};

/* A client's question and what became of it. */
struct client {
	uint8_t *query;
	size_t query_len;
	struct query parsed;
	enum query_kind kind;
	bool stream;
	struct address address;
	int64_t asked_ms, answered_ms;
	unsigned answers; /* must become 1 */
	bool dropped;     /* the resolver said that it will not answer */
	uint8_t *reply;
	size_t reply_len;
};

struct sim {
	const char *file;
	uint64_t seed;
	struct clock clock;
	struct rng rng; /* of the network */
	struct world world;
	struct resolver resolver;
	struct arena *scratch; /* of one packet */
	uint8_t *buffer;       /* SIM_MESSAGE octets */

	struct client *clients; /* client n of tasks.h is clients[n - 1] */
	size_t client_count, client_room;
	size_t pending; /* neither answered nor dropped */
	struct sent *log;
	size_t log_count, log_room, log_mark;
	uint64_t sends, closes;             /* deeds */
	uint64_t asked_last, answered_last; /* clients */
	size_t client_mark;

	bool unjudged;    /* what the world expects does not count */
	FILE *trace;      /* NULL: quiet */
	char wrong[2048]; /* the first thing that is not as it must be; "": none */
};

void sim_init(struct sim *s, const char *file, uint64_t seed);
void sim_clear(struct sim *s);

/* printf-like; keeps the first. */
void sim_wrong(struct sim *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Lets things happen until a moment, or until nobody waits for an answer. */
void sim_run(struct sim *s, int64_t until_ms, bool while_pending);
/* Does what the resolver wants done. */
void sim_drain(struct sim *s);

/* ---- net.c: packets ---- */
void net_send(struct sim *s, const struct deed *d);
void net_event(struct sim *s, const struct event *e);
void net_drop_event(const struct event *e); /* frees what it holds */

/* ---- client.c ---- */
struct wish { /* how a client asks */
	struct question question;
	uint16_t flags;
	uint8_t opcode;
	bool edns, dnssec_ok, stream;
	uint16_t udp_size;
	uint8_t version;
	struct address from; /* family 0: the usual client */
};
uint64_t client_ask(struct sim *s, const struct wish *wish);
void client_answer(struct sim *s, uint64_t number);

/* ---- trace.c ---- */
void trace_line(struct sim *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void trace_message(struct sim *s, const char *what, const uint8_t *octets, size_t len);
void trace_asked(const struct question *q, char *out, size_t size);

#endif
