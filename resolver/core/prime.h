/*
 * prime.h - asking the root who serves the root (RFC 9609).
 *
 * The question that found only hints goes on with them; priming runs beside it, once, and not
 * again before its result or its failure has expired (threats C14).
 */
#ifndef CORE_PRIME_H
#define CORE_PRIME_H

#include "resolver/core/task.h"

/* A walk is about to start from the hints. */
void prime_start(struct tasks *ts, struct now now, const struct task *why);

#endif
