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

/*
 * How long after asking the client is to be told what rests on this entry; 0: at once.  Times are those that
 * entries keep (entry_time_ms): what was just resolved waits for the same tick of the same alarm as what lay
 * in the cache, so that no clock, however fine, finds a difference.
 */
uint32_t hold_ms(struct tasks *ts, const struct address *client, const struct networks_entry *entry);
/* The same for a chain: the sum over the links, and the failure, that its network has not asked for. */
uint32_t hold_chain_ms(struct tasks *ts, const struct address *client, const struct chain *c);

/* l was just walked to or judged, for so long: no longer an entry that others may have asked for. */
void hold_time_link(struct chain_link *l, uint32_t took_ms);

/* c has just failed, after so long at the name where it stopped. */
void hold_time_failure(struct chain *c, uint32_t took_ms);

/* How long after asking those who wait are to be told t->told, which took so long: for waiter_tell. */
uint32_t hold_told_ms(const struct tasks *ts, const struct task *t, uint32_t took_ms);

/* Takes the scratch arena, where the chain's outcomes lie.  NULL: no memory. */
struct task *hold_start(struct tasks *ts, struct now now, const struct question *q, bool cd,
                        const struct chain *c, uint32_t ms);

/* The client has waited and is told c: from now on its network knows. */
void hold_learn(struct tasks *ts, struct now now, const struct ask *ask, const struct question *q,
                const struct chain *c);

#endif
