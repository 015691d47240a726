/*
 * authority.h - a correct authoritative server over the zones of a host, and the truth.
 *
 * Answers as RFC 1034 section 4.3.2 says, with glue, DNSSEC data on request (RFC 4035 section 3.1)
 * and wildcards; follows aliases inside the zones it serves.  Manners bend its answers afterwards.
 */
#ifndef SIM_AUTHORITY_H
#define SIM_AUTHORITY_H

#include "tests/sim/world.h"

/* r was begun with response_init for this query. */
void authority_answer(struct world *w, const struct host *h, const struct query *q,
		      struct response *r);

/* What a resolver must come to in a world where everybody is honest: the whole alias chain. */
void authority_resolve(struct world *w, const struct query *q, struct response *r);

#endif
