/*
 * tasks.h - every question in flight; THE door between the pure resolver and the world.
 *
 * Things happen to it (ask, reply, time-out, alarm), then its driver drains what it wants done
 * (tasks_next).  The daemon and the simulator are two drivers.  Opens no socket, reads no clock.
 *
 * Between calls:
 *   every task has a number that is never reused and never 0;
 *   equal questions share one task (threats A5);
 *   a client number waits for at most one task;
 *   everything one client question causes is charged to one struct budget.
 */
#ifndef CORE_TASKS_H
#define CORE_TASKS_H

#include "cache/cache.h"
#include "resolver/iterate/iterate.h"
#include "resolver/wire/query.h"
#include "resolver/wire/writer.h"
#include "validator/validate.h"

struct answers;  /* cache/answers.h: finished replies */
struct networks; /* cache/networks.h: who asked before */
struct local;    /* local.h: special names and local data */

struct tasks_policy {
	bool validate;            /* DNSSEC on */
	bool aggressive;          /* RFC 8198 */
	bool prime;               /* RFC 9609 */
	bool unprompted;          /* any question of our own accord: priming, prefetch, anchors, probes */
	bool prefetch;
	uint32_t prefetch_permille; /* of all packets sent, at most */
	bool sentinel;            /* RFC 8509 */
	bool minimal;             /* leave out what was not asked for */
	bool shuffle;             /* order of records by rng */
	bool errors;              /* EDE in replies */
	bool serve_stale, stale_first;
	uint32_t stale_timer_ms, stale_ttl_s, stale_recheck_s;
	uint32_t question_ms;     /* LIMIT_QUESTION_MS */
	struct budget budget;     /* what each question begins with, but for the deadline */
	uint32_t failure_s, failure_max_s, bogus_s;
	uint32_t tasks_max, waiters_max;
	uint16_t udp_size;        /* largest UDP reply and what we advertise to clients */
	int64_t time_floor_s;     /* wall time that has passed: a clock behind it is wrong */
	const struct name *time_servers; /* borrowed: they resolve with such a clock, and all below: undated.h */
	unsigned time_server_count;
	bool rebind_refuse;       /* rebind.h */
	const struct name *rebind_allow; /* borrowed: at and below them private addresses are told */
	unsigned rebind_allow_count;
	const struct cut *routes; /* borrowed: stub and forward zones */
	unsigned route_count;
	const struct cut *hints;  /* borrowed */
};

/* All borrowed, outlive the tasks, but may be exchanged between calls with tasks_set_*. */
struct tasks_setup {
	const struct tasks_policy *policy;
	const struct iterate_policy *iterate;
	const struct validate_policy *validate;
	const struct anchors *anchors;
	struct keys *keys;
	struct cache *cache;
	const struct cache_policy *cache_policy; /* the one the cache was made with */
	struct answers *answers; /* NULL: no layer of finished answers */
	struct networks *networks; /* for TTL mode strict; else NULL */
	struct servers *servers;
	const struct local *local; /* NULL: nothing special */
	struct rng *rng;
};

struct tasks;

struct tasks *tasks_new(const struct tasks_setup *setup); /* owned; NULL: no memory */
void tasks_free(struct tasks *ts); /* takes NULL */
void tasks_set_anchors(struct tasks *ts, const struct anchors *anchors);
void tasks_set_ntas(struct tasks *ts, const struct validate_policy *validate);

/* One question of a client, as server/ sees it. */
struct ask {
	const struct query *query;     /* QUERY_OK */
	struct address client;
	bool stream;                   /* TCP: no size limit, no amplification */
	bool may_snoop;                /* RD=0 may see the cache */
	bool cookie_ok;                /* the client proved its address */
	bool fresh;                    /* what is known of the question itself does not count */
	struct trace *trace;           /* held by what the question starts; NULL: nobody wants to know */
	const struct edns *edns;       /* OPT of the reply as server/ wants it (cookie, NSID, keepalive, padding);
	                                  core adds the EDE; NULL: the query had none */
};

enum asked {
	ASKED_ANSWERED, /* the reply is in the writer */
	ASKED_PENDING,  /* DEED_ANSWER will name the client number */
	ASKED_DROPPED,  /* a named limit said so: no reply */
};

/*
 * reply: a writer over the client's whole buffer; its size limit is applied inside.  client: the
 * driver's own number, never reused, not 0.  ask is borrowed for the call only.
 */
enum asked tasks_ask(struct tasks *ts, struct now now, const struct ask *ask, uint64_t client,
                     struct writer *reply);
void tasks_forget_client(struct tasks *ts, uint64_t client); /* it went away */

/* What happened to an exchange.  Late numbers are dropped. */
void tasks_on_reply(struct tasks *ts, struct now now, uint64_t exchange, const uint8_t *octets,
                    size_t len);
void tasks_on_timeout(struct tasks *ts, struct now now, uint64_t exchange);
void tasks_on_error(struct tasks *ts, struct now now, uint64_t exchange, enum exchange_error e);

/* When to call tasks_on_alarm: life clock ms, INT64_MAX for never. */
int64_t tasks_alarm(const struct tasks *ts);
void tasks_on_alarm(struct tasks *ts, struct now now);

enum deed_kind {
	DEED_SEND,   /* open an exchange and send */
	DEED_CLOSE,  /* forget an exchange */
	DEED_ANSWER, /* call tasks_reply for this client, now */
	DEED_PROBED, /* a tasks_probe is over */
};

struct deed {
	enum deed_kind kind;
	uint64_t exchange; /* SEND, CLOSE */
	struct address to;
	enum transport transport;
	const uint8_t *octets; /* borrowed until the next call on ts */
	size_t len;
	uint32_t timeout_ms;
	uint64_t client; /* ANSWER; PROBED: the number given */
	const struct outcome *outcome; /* PROBED: borrowed until the next call on ts; NULL: nothing came */
};

/*
 * A question of our own: asked afresh whatever is cached, judged by nobody, on a budget of its own.  What
 * came is told by DEED_PROBED with number, which is not 0.  False: not now (or never: unprompted).
 */
bool tasks_probe(struct tasks *ts, struct now now, const struct question *q, uint64_t number);
/*
 * The same, but judged, with all that it rests on, as if there were no negative trust anchors (RFC 7646): the
 * outcome's security says how that went; NULL also when it is bogus.  Nothing of it is remembered.
 */
bool tasks_check(struct tasks *ts, struct now now, const struct question *q, uint64_t number);

/* False: nothing to do. */
bool tasks_next(struct tasks *ts, struct now now, struct deed *out);

/* For the client of the deed just returned: its own question, EDNS and flags come again in ask. */
void tasks_reply(struct tasks *ts, struct now now, const struct ask *ask, struct writer *reply);

struct tasks_counts {
	uint64_t asked, answered_at_once, finished, joined, started, children, sends, timeouts, near_misses;
	uint64_t servfail, stale, prefetched, dropped_full, dropped_waiters, budget_out, local;
	uint64_t secure, bogus, synthesised, verifies, held;
	unsigned in_flight;
};
struct tasks_counts tasks_count(const struct tasks *ts);

#endif
