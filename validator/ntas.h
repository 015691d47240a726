/*
 * ntas.h - negative trust anchors in force: RFC 7646.
 *
 * A small set of names, each with its end: none lives longer than LIMIT_NTA_S from when it was
 * set.  Time is a clock that no clock setting moves.  Judges nothing: that a name is below one
 * is struct validate_policy's.
 */
#ifndef VALIDATOR_NTAS_H
#define VALIDATOR_NTAS_H

#include "resolver/base/now.h"
#include "resolver/wire/name.h"

struct nta {
	int64_t until_ms;
	int64_t check_ms; /* RFC 7646 section 2: look then whether the zone validates again */
	bool unflushed;   /* the owner's: what is cached below it was judged without it */
};

/* Between calls: names[i] and ends[i] belong together; no name is there twice.  All zero: empty. */
struct ntas {
	struct name *names; /* owned */
	struct nta *ends;   /* owned */
	unsigned count, room;
	uint32_t check_s; /* between two rechecks of one, set by the owner; 0: none */
};

void ntas_clear(struct ntas *n);
/* Adds or renews.  lifetime_s 0 or above LIMIT_NTA_S is ERR_FORMAT; ERR_LIMIT: LIMIT_NTAS. */
MUST_CHECK enum err ntas_add(struct ntas *n, const struct name *name, uint32_t lifetime_s,
                             struct now now);
/* False: it was not there. */
bool ntas_remove(struct ntas *n, const struct name *name);
/* When it ends; NULL: it is not there.  Borrowed until the next change. */
struct nta *ntas_find(struct ntas *n, const struct name *name);
/* Takes out one whose time is over: out is its name.  False: none. */
bool ntas_next_end(struct ntas *n, struct now now, struct name *out);
/*
 * The one whose recheck is due longest (its time moves on), to be asked with validation as if it were not
 * there: when that is secure, ntas_remove it.  False: none.
 */
bool ntas_next_check(struct ntas *n, struct now now, struct name *out);

#endif
