/*
 * undated.h - a clock that cannot be right, and the names that resolve all the same.
 *
 * A machine without a clock of its own starts in the past, where no signature is valid yet, and needs
 * the DNS to find out the time.  While the wall clock is behind the floor, names at or below the time
 * servers are judged without regard to the dates of signatures: what comes of it is told as insecure and
 * not kept.  All else fails with EDE 7 or 8, and such failures are soon forgotten, so that
 * nothing needs a restart when the clock jumps.
 */
#ifndef CORE_UNDATED_H
#define CORE_UNDATED_H

#include "resolver/core/flight.h"

/* Signatures over this name count whatever their dates. */
bool undated_name(const struct tasks *ts, struct now now, const struct name *name);

/* How long a failure is remembered that would be for seconds: less when the clock is to blame. */
uint32_t undated_failure_s(const struct tasks *ts, struct now now, uint16_t ede, uint32_t seconds);

/* Secure but for the dates is insecure. */
void undated_mark(struct outcome *o);

#endif
