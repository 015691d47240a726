/*
 * lookup.h - what is known already: local names, the cache, denials that cover a name.
 *
 * Appends to a chain what this client may be told.  An entry nobody has checked is no answer
 * while validation is on, unless the client said CD.  Starts nothing.
 */
#ifndef CORE_LOOKUP_H
#define CORE_LOOKUP_H

#include "resolver/core/flight.h"

enum lookup {
	LOOKUP_HIT,       /* appended, or the chain failed */
	LOOKUP_UNCHECKED, /* found, not appended: to be judged first */
	LOOKUP_MISS,
};

enum lookup_use {
	LOOKUP_TELL,       /* what a client may be told */
	LOOKUP_JUDGE,      /* and denials of DS that only prove something: without SOA, or by opt-out */
	LOOKUP_LOCAL_ONLY,
};

/* The next name of an open chain.  unchecked is set for UNCHECKED only. */
enum lookup lookup_next(struct tasks *ts, struct now now, const struct question *q, bool cd,
                        enum lookup_use use, struct arena *a, struct chain *c,
                        struct chain_link *unchecked);

/* Until the chain is not open any more (HIT) or something is not known. */
enum lookup lookup_chain(struct tasks *ts, struct now now, const struct question *q, bool cd,
                         enum lookup_use use, struct arena *a, struct chain *c);

/*
 * The whole chain, with expired entries where there are no fresh ones (RFC 8767).  Never unchecked
 * or bogus ones, never a failure.  False: there is none.
 */
bool lookup_stale(struct tasks *ts, struct now now, const struct question *q, bool cd,
                  struct arena *a, struct chain *c);

/* found stays where it is: the link points into it. */
struct chain_link lookup_link(struct cached *found);

/* The configured zone that q belongs to, or NULL. */
const struct cut *lookup_route(const struct tasks *ts, const struct question *q);

/*
 * Where a walk begins: a configured zone, the closest cut known, or the hints.  In a, or borrowed from
 * the policy.  DS is asked above its name (RFC 4035 section 3.1.4.1).  NULL: nowhere.
 */
const struct cut *lookup_start(struct tasks *ts, struct now now, const struct question *q,
                               bool no_route, struct arena *a);

#endif
