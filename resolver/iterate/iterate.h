/*
 * iterate.h - one walk from a zone cut to an answer.
 *
 * Asks the servers of the closest known cut, follows referrals down, minimising the name, and
 * ends with an outcome for one question at one name: aliases are not followed (core does that),
 * nothing is validated, nothing is cached.  It says what it wants: SEND these octets, FETCH the
 * address of that server, WAIT, DONE.  What it learns on the way (cuts, DS, chain elements in
 * bailiwick) comes out as lessons.
 *
 * Between calls: at most LIMIT_EXCHANGES_OUT exchanges are out; a time-out is a nudge to try
 * another server, the late reply of the earlier exchange is still good until the walk is over.
 */
#ifndef ITERATE_ITERATE_H
#define ITERATE_ITERATE_H

#include "resolver/base/arena.h"
#include "resolver/base/budget.h"
#include "resolver/iterate/servers.h"
#include "resolver/wire/cut.h"
#include "resolver/wire/outcome.h"
#include "resolver/wire/trace.h"

enum minimise { MINIMISE_OFF, MINIMISE_RELAXED, MINIMISE_STRICT };

struct iterate_policy {
	enum minimise minimise;
	bool randomise_case;     /* 0x20, with fallback for servers that do not keep case */
	bool race_families;
	bool ipv4, ipv6;
	bool cookies;            /* client cookies upstream, RFC 7873 */
	bool dnssec;             /* set DO */
	bool refuse_loopback;    /* address_is_never_server */
	bool refuse_private;
	bool no_udp, no_tcp;     /* at most one of them */
	bool beside;             /* outcome.beside is wanted */
	uint32_t timeout_first_ms, timeout_min_ms, timeout_max_ms, timeout_tcp_ms;
	uint16_t port;           /* of authorities, 53 */
	uint16_t udp_size;       /* advertised upstream */
	const struct prefix *never; /* borrowed: own addresses and what the operator forbids */
	unsigned never_count;
};

/* Everything outside the walk that it may use.  Borrowed, outlives the walk. */
struct iterate_env {
	const struct iterate_policy *policy;
	struct servers *servers;
	struct rng *rng;
	struct siphash_key cookie_key; /* for client cookies per server, RFC 7873 section 6 */
};

enum transport { TRANSPORT_UDP, TRANSPORT_TCP };

enum iterate_kind {
	ITERATE_SEND,  /* w.send, then call iterate_next again */
	ITERATE_FETCH, /* w.fetch: an address question to be asked as a task; then call again */
	ITERATE_CLOSE, /* w.slot: its exchange is of no use any more */
	ITERATE_WAIT,  /* nothing now */
	ITERATE_DONE,  /* iterate_outcome(); all exchanges were closed before */
};

struct iterate_want {
	enum iterate_kind kind;
	unsigned slot; /* SEND, CLOSE: which of our exchanges, 0..LIMIT_EXCHANGES_OUT-1 */
	struct {
		struct address to;
		enum transport transport;
		const uint8_t *octets; /* borrowed until the next call on the walk */
		size_t len;
		uint32_t timeout_ms;   /* call iterate_on_timeout after this */
	} send;
	struct question fetch;
};

enum exchange_error { EXCHANGE_UNREACHABLE, EXCHANGE_REFUSED, EXCHANGE_RESET, EXCHANGE_NO_RESOURCE };

struct iterate;

/*
 * In a's memory; start is borrowed for the life of the walk; budget is the client question's.
 * NULL: no memory.
 */
struct iterate *iterate_new(struct arena *a, const struct iterate_env *env,
                            const struct question *q, const struct cut *start,
                            struct budget *budget);

/* Borrowed until iterate_end(); NULL: none. */
void iterate_set_trace(struct iterate *it, struct trace *trace);

/*
 * Borrowed for the life of the walk: the servers of this cut, below start, have all failed.  A referral to its zone
 * that names no others ends the walk.
 */
void iterate_set_failed(struct iterate *it, const struct cut *failed);

/* Releases what servers_ counts as out; also for a walk given up early. */
void iterate_end(struct iterate *it);

struct iterate_want iterate_next(struct iterate *it, struct now now);

/*
 * True: the exchange is over and its slot free.  False: not the answer to what was sent (id,
 * question, case, cookie); keep waiting (threats A13) unless iterate_next says CLOSE.
 */
bool iterate_on_reply(struct iterate *it, struct now now, unsigned slot, const uint8_t *octets,
                      size_t len);
/* Once an exchange; it stays open until its reply, an error or CLOSE. */
void iterate_on_timeout(struct iterate *it, struct now now, unsigned slot);
/* The exchange is over and its slot free. */
void iterate_on_error(struct iterate *it, struct now now, unsigned slot, enum exchange_error e);
/* The answer to a FETCH: an ANSWER outcome holds the addresses; anything else: none. */
void iterate_on_fetched(struct iterate *it, struct now now, const struct question *q,
                        const struct outcome *outcome);

/* Borrowed from the arena; after DONE. */
struct outcome *iterate_outcome(struct iterate *it);

/*
 * After DONE: the outcome is not believed.  The server that said it is asked no more on this walk; true:
 * somebody else may be, so the walk goes on to another outcome.  False: nobody is left.
 */
bool iterate_reject(struct iterate *it);

/* What was learned since the last call, to be kept by whoever has a cache. */
enum lesson_kind {
	LESSON_CUT,     /* of a referral or, from priming, of the root; with addresses */
	LESSON_OUTCOME, /* DS or its denial from a referral, further elements of a chain */
};

struct lesson {
	enum lesson_kind kind;
	struct cut *cut;
	struct question question;
	struct outcome *outcome;
};

bool iterate_next_lesson(struct iterate *it, struct lesson *out); /* false: no more */

/* For logs, EDE text and explain: the server of a slot and the zone being asked. */
const struct name *iterate_zone(const struct iterate *it);

#endif
