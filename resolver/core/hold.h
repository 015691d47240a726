/*
 * hold.h - answers that are known but not told yet: strict snoop resistance (cache/networks.h).
 *
 * A network that has not asked for an entry before waits as long as resolving it took, so that
 * a hit on what somebody else asked for looks like a miss.
 */
#ifndef CORE_HOLD_H
#define CORE_HOLD_H

#include "cache/answers.h"
#include "resolver/core/task.h"

/* TTL mode strict, so answers may have to wait; it holds for clients that join a question, too. */
bool hold_is_strict(const struct tasks *ts);

/* How long the client is to wait for what rests on this entry; 0: tell it. */
uint32_t hold_ms(struct tasks *ts, const struct ask *ask, const struct answers_note *note);
/* The same for the end of a chain. */
uint32_t hold_chain_ms(struct tasks *ts, const struct ask *ask, const struct chain *c);

/* Takes the scratch arena, where the chain's outcomes lie.  NULL: no memory. */
struct task *hold_start(struct tasks *ts, struct now now, const struct question *q, bool cd,
                        const struct chain *c, uint32_t ms);

/* The client waited while it was resolved: its network knows when that was. */
void hold_learn(struct tasks *ts, struct now now, const struct ask *ask, const struct question *q,
                const struct chain *c);

#endif
