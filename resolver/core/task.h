/*
 * task.h - one question in flight: looked up, walked, judged, kept; then told to who waits.
 *
 * A client's question and a sub-question (a server's address, DS, DNSKEY, priming, a refresh) are
 * tasks alike.  Who waits is known by number: clients by the driver's, parents by the task's.
 *
 * Between calls:
 *   iterate != NULL   =>  phase == ITERATING;
 *   validate != NULL  =>  phase == VALIDATING;
 *   an exchange is out only while ITERATING; others are in close, to be told to the driver;
 *   every fetch in `fetches` is for the walk or the judgement under way.
 */
#ifndef CORE_TASK_H
#define CORE_TASK_H

#include "resolver/core/flight.h"
#include "resolver/core/purse.h"

enum task_phase {
	TASK_LOOKUP,     /* the next name of the chain: is it known? */
	TASK_ITERATING,  /* a walk through the servers is under way */
	TASK_VALIDATING, /* what was found is being judged */
	TASK_HELD,       /* the answer is known, but not to be told to all before the alarm: hold.h */
	TASK_ENDED,      /* nothing is out; those who wait are being told */
};

/* What became of one of our wants. */
struct fetch {
	struct list link;
	uint64_t child; /* number of the task */
	struct question question;
};

/* A task that waits for this one; it may be gone meanwhile. */
struct parent {
	struct list link;
	uint64_t task;
};

enum { TASK_CLOSES = 2 * LIMIT_EXCHANGES_OUT };

struct task {
	struct arena *arena; /* the task lives in it */
	struct list all, busy;
	struct table_link by_number, by_question;
	struct alarm alarm;
	uint64_t number;
	struct question question;
	bool child;               /* another task wanted it first: the purse is that one's */
	bool cd;                  /* judged by nobody: the client or the walk asked for that */
	bool refresh;             /* goes on although nobody waits */
	bool forget;              /* what is cached for the question does not count: it is being renewed */
	bool missed;              /* whoever began it has just looked: where the chain ends nothing is known */
	uint64_t probe;           /* the driver wants to see what comes; 0: no */
	bool above;               /* the walk begins above the closest cut: moved.h */
	bool no_route;            /* the forwarder failed: resolve ourselves */
	bool alone;               /* all of it is judged apart: told to nobody else, and not kept */
	unsigned depth;           /* address fetches above it */
	unsigned chain_depth;     /* DS and DNSKEY fetches above it */
	struct purse *purse;
	int64_t started_ms, asked_ms; /* asked: when the current link was */

	enum task_phase phase;
	struct chain chain;
	struct question asking;   /* the current link */
	const struct cut *cut;    /* where the walk began */
	const struct cut *left;   /* whose servers fail, so the walk began above it: moved.h; NULL: none */
	struct reason left_reason;
	struct iterate *iterate;
	struct chain_link link;   /* being judged */
	bool cached;              /* link came from the cache */
	struct iterate *walked;   /* else the walk it came from, which is over */
	struct validate *validate;
	const struct validate_env *apart; /* judged by these rules, as what our parent judges is; NULL: by those of all */
	struct outcome *premise;  /* validate is about the zone to be asked: premise.h; NULL: about link */
	bool premised;            /* that was judged, or begun */
	unsigned bogus_retries;   /* of the current link */
	struct reason doubt;      /* bogus_retries > 0: why the first answer was not believed */

	uint64_t out[LIMIT_EXCHANGES_OUT]; /* exchange by slot; 0: none */
	uint64_t close[TASK_CLOSES];       /* exchanges to be forgotten */
	unsigned close_count;
	uint16_t sent;                     /* exchanges ever begun */

	struct list fetches;      /* what we wait for */
	struct list parents;      /* who waits for us */
	unsigned parent_count;    /* of them not given up */
	struct list waiting;      /* clients */
	struct list telling;      /* clients that are to be told now */
	unsigned waiter_count;    /* in waiting */
	const struct chain *told; /* it has ended: what clients are told; NULL: it has not */
	uint32_t patience_ms;     /* told to nobody before this time after asking: hold.h, waiter.h */
	bool hurry;               /* told to everybody at once */
	struct chain stale;       /* COMPLETE: what clients are told when we are late */
	uint64_t mark;            /* the last search that came by: child.c */
	struct task *next;        /* in that search */
};

/*
 * arena: taken, the task lives in it; NULL: a new one.  purse: held.  Not wanted by anybody yet: the
 * caller adds who waits.  NULL: no memory, or too many.
 */
struct task *task_new(struct tasks *ts, struct now now, const struct question *q, bool cd,
                      struct purse *purse, struct arena *arena);
void task_free(struct tasks *ts, struct task *t);

/* Works until there is something to send (true: *out) or to wait for. */
bool task_step(struct tasks *ts, struct now now, struct task *t, struct deed *out);

/* Ends it for a reason of ours, which is not remembered; with the stale answer when there is one. */
void task_give_up(struct tasks *ts, struct now now, struct task *t, struct reason reason);

/* The alarm rang: the deadline, or the clients' patience. */
void task_on_alarm(struct tasks *ts, struct now now, struct task *t);

/* The anchors or their exceptions changed: judge again. */
void task_judge_again(struct tasks *ts, struct task *t);

/* After somebody began to wait: when the alarm is to ring. */
void task_set_alarm(struct tasks *ts, struct task *t);

/* Exchanges. */
void task_on_reply(struct tasks *ts, struct now now, struct task *t, uint64_t exchange,
                   const uint8_t *octets, size_t len);
void task_on_timeout(struct tasks *ts, struct now now, struct task *t, uint64_t exchange);
void task_on_error(struct tasks *ts, struct now now, struct task *t, uint64_t exchange,
                   enum exchange_error e);
enum { TASK_EXCHANGE_BITS = 16 }; /* exchange = task number << bits | count */

#endif
