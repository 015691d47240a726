/*
 * answer.h - what a walk does about a message: is it the answer to what was sent, what kind is it,
 * and what follows.
 */
#ifndef ITERATE_ANSWER_H
#define ITERATE_ANSWER_H

#include "resolver/iterate/walk.h"

/* False: not the answer; x may have been closed in favour of TCP. */
bool answer_take(struct iterate *it, struct now now, struct exchange *x, const uint8_t *octets,
                 size_t len);

/* TCP to this target does not work, or not now: what else can be done with it. */
void answer_without_tcp(struct target *t);

#endif
