/*
 * flight.h - the inside of struct tasks, for the files of this room.
 *
 * Between calls:
 *   every task is in `all` (oldest first) and in by_number; one that has not ended is in
 *   by_question and has an alarm;
 *   a task is in `busy` when it has a step to make or something to tell;
 *   a waiter is in by_client, and in one list of one task.
 */
#ifndef CORE_FLIGHT_H
#define CORE_FLIGHT_H

#include "resolver/base/list.h"
#include "resolver/core/alarms.h"
#include "resolver/core/beside.h"
#include "resolver/core/chain.h"
#include "resolver/core/local.h"
#include "resolver/core/outage.h"
#include "resolver/core/table.h"
#include "resolver/core/tasks.h"

struct task;

struct tasks {
	struct tasks_setup setup;
	struct iterate_env iterate_env;
	struct validate_env validate_env;
	struct validate_env undated_env;  /* without dates */
	struct validate_env unspared_env; /* without negative trust anchors, by unspared */
	struct validate_policy unspared;
	struct siphash_key key;
	struct table by_number, by_question, by_client;
	struct alarms alarms;
	struct list all, busy;
	uint64_t last_number;
	uint64_t last_mark;       /* of searches through the waits: child.c */
	unsigned refreshing;      /* tasks nobody waits for */
	int64_t prime_after_ms;   /* life clock: no priming before */
	uint64_t recent_sends, prefetch_sends; /* of them for prefetching; halved from time to time */
	struct outages outages;
	struct beside beside;
	struct trace *trace;      /* of the question being worked on now; NULL: none */
	struct arena *scratch;    /* of the ask being answered; NULL: make one */
	const struct chain *told; /* of the DEED_ANSWER just given out; NULL: none */
	const struct question *told_question;
	struct tasks_counts counts;
};

/* A client that waits. */
struct waiter {
	struct list link;
	struct table_link by_client;
	uint64_t task;
	int64_t asked_ms, held_ms; /* held_ms: told no sooner after asking; < 0: not known yet */
	struct address address;    /* of the client */
	const struct chain *chain; /* what it is to be told; in its task's arena */
};

/* A live task, ended ones included; NULL: long gone. */
struct task *flight_find(const struct tasks *ts, uint64_t number);
/* The task that works on this question; cd as flight_cd gives it. */
struct task *flight_find_question(const struct tasks *ts, const struct question *q, bool cd);
void flight_add(struct tasks *ts, struct task *t);
void flight_remove(struct tasks *ts, struct task *t);        /* before it is freed */
void flight_hide(struct tasks *ts, struct task *t);          /* it ended: nobody may join */
void flight_busy(struct tasks *ts, struct task *t);          /* it has something to do */

void flight_count_send(struct tasks *ts, const struct task *t);

/* What happens from now on belongs to t: its trace hears of it. */
void flight_follow(struct tasks *ts, struct now now, const struct task *t);

/* The scratch arena, made when there is none.  NULL: no memory. */
struct arena *flight_scratch(struct tasks *ts);

/* Without validation CD makes no difference, so it makes no second task. */
static inline bool flight_cd(const struct tasks *ts, bool cd)
{
	return cd || !ts->setup.policy->validate;
}

#endif
