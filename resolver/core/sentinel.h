/*
 * sentinel.h - RFC 8509: does this resolver trust that root key?  Told by failing on purpose.
 */
#ifndef CORE_SENTINEL_H
#define CORE_SENTINEL_H

#include "resolver/core/flight.h"

/* The answer is to be SERVFAIL: RFC 8509 section 3.2. */
bool sentinel_fails(const struct tasks *ts, const struct query *query, const struct chain *c);

#endif
