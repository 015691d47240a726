/*
 * child.h - what a walk or a judgement wants to know: asked as a question like any other.
 *
 * Answered from the cache at once, or by a task that is under way, or by a new one.  No task
 * ever waits for itself through others (threats C5).  Address fetches are not judged: they
 * steer, and what they steer to is judged itself.
 */
#ifndef CORE_CHILD_H
#define CORE_CHILD_H

#include "resolver/core/task.h"

/* DS or DNSKEY: what judgements ask for. */
bool child_asks_for_keys(const struct question *q);

/* t's walk or judgement gets its answer now, or when the child has ended. */
void child_fetch(struct tasks *ts, struct now now, struct task *t, const struct question *q);

/*
 * t has its result (t->chain): whoever waits for it gets it and waits no more.  only: just those
 * who share that purse; NULL: all.
 */
void child_tell_parents(struct tasks *ts, struct now now, struct task *t,
                        const struct purse *only);

/* The purse of somebody who waits for t and can still pay, other than t's own; NULL: none. */
struct purse *child_other_purse(struct tasks *ts, struct now now, const struct task *t);

/* t needs none of what it asked for any more. */
void child_release(struct tasks *ts, struct task *t);

#endif
