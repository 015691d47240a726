/*
 * chain.h - the answer to one question as it grows: one outcome per name of an alias chain.
 *
 * Knows loops and lengths (threats C6) and what rcode the client gets in the end (RFC 6604: that of
 * the last link).  Fetches nothing.  A value: it points into the arena of the task or the ask.
 */
#ifndef CORE_CHAIN_H
#define CORE_CHAIN_H

#include "cache/networks.h"
#include "resolver/base/limits.h"
#include "resolver/wire/outcome.h"
#include "resolver/wire/query.h"

enum chain_state {
	CHAIN_OPEN,     /* chain_name() is still to be looked up */
	CHAIN_COMPLETE, /* the last link ends it */
	CHAIN_FAILED,   /* reason says why; what the links say is not for the client */
};

struct chain_link {
	struct outcome *outcome; /* borrowed; never a FAILURE */
	uint32_t lifetime_s;     /* T of cache/ttl.h */
	uint32_t age_s;          /* since it was stored; 0: just resolved */
	uint32_t left_s;         /* until it is no longer fresh; 0 for what just came in */
	uint32_t bound_s;        /* until its signatures end, TTL_NO_BOUND */
	uint32_t hits;           /* times found in the cache before */
	struct networks_entry entry; /* id 0: not from the cache */
	bool stale;
	bool local;              /* configuration said so, not the DNS */
};

struct chain {
	enum chain_state state;
	uint16_t rcode;          /* COMPLETE, FAILED */
	struct reason reason;    /* FAILED */
	bool remembered;         /* FAILED: known from the failure cache, RFC 9520 */
	struct networks_entry failing; /* FAILED: as entry of the link that was not to be had */
	unsigned count;
	struct chain_link links[LIMIT_ALIASES + 1];
};

/* The name that comes next (OPEN), or the last one asked for (else). */
const struct name *chain_name(const struct chain *c, const struct question *q);

/* The name at which link i was asked. */
const struct name *chain_link_name(const struct chain *c, const struct question *q, unsigned i);

/* Appends what was found at chain_name(); a FAILURE outcome fails the chain.  c is OPEN. */
void chain_add(struct chain *c, const struct question *q, const struct chain_link *link);

void chain_fail(struct chain *c, uint16_t rcode, struct reason reason);

/* Every link is secure, fresh and not made up by us. */
bool chain_is_secure(const struct chain *c);
bool chain_is_stale(const struct chain *c);
/* Why a validator refuses, not why a server could not be reached. */
bool chain_ede_is_of_dnssec(uint16_t ede);

#endif
