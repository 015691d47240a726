/*
 * denial.h - names denied by what the cache holds about their neighbours, or made by a wildcard.
 *
 * NXDOMAIN cut (RFC 8020) and aggressive use of NSEC, NSEC3 and wildcards (RFC 8198), from secure entries
 * only, and never for a zone that configuration sends elsewhere (threats B9).  To judge with, a
 * delegation proven to have no DS counts too, opt-out or not: that saves its question.
 */
#ifndef CORE_DENIAL_H
#define CORE_DENIAL_H

#include "resolver/core/flight.h"

/*
 * Spans and wildcards are used, and kept for it.  Not in mode strict (cache/ttl.h): what is made of them is
 * there at once, which tells that somebody asked nearby.
 */
bool denial_is_made(const struct tasks *ts);

/*
 * False: neither, or not known.  The outcome lives in a.  to_judge: a denial of DS may come without SOA and from
 * an opt-out span, which is nothing to tell a client (RFC 8198 section 5.3).
 */
bool denial_find(struct tasks *ts, struct now now, const struct question *q, bool to_judge,
                 struct arena *a, struct chain_link *out);

#endif
