/*
 * rfc5011.h - how trust anchors follow the rollovers of their zone.
 *
 * The table of RFC 5011 section 4.2, what makes its events, and the times of sections 2.3 and
 * 2.4.  Works on anchor_state.h with a sighting.h and a wall clock; asks nobody, writes nothing.
 */
#ifndef VALIDATOR_RFC5011_H
#define VALIDATOR_RFC5011_H

#include "validator/sighting.h"

enum {
	RFC5011_HOLD_S = 30 * 86400,    /* section 2.4.1; or the original TTL if that is longer */
	RFC5011_REMOVE_S = 30 * 86400,  /* section 2.4.2; also how long a KEY_START is kept */
	RFC5011_SIGHTINGS = 2,          /* section 2.4.1: at least two, however long the time */
	RFC5011_QUERY_MAX_S = 15 * 86400,
	RFC5011_RETRY_MAX_S = 86400,
	RFC5011_QUERY_MIN_S = 3600,
	RFC5011_CHANGES = 32,           /* told of one step; more happen, but are only counted */
};

/* RFC 5011 section 4.1. */
enum rfc5011_event {
	RFC5011_NOTHING,
	RFC5011_NEW_KEY,     /* a believed RRset has a new SEP key */
	RFC5011_KEY_PRESENT, /* a believed RRset has it */
	RFC5011_KEY_REMOVED, /* a believed RRset has it not */
	RFC5011_ADD_TIME,    /* it was in each for the hold-down, and is now */
	RFC5011_REMOVE_TIME, /* revoked, and away for long enough */
	RFC5011_REVOKE_BIT,  /* there with the REVOKE bit, and signs the RRset itself */
};

enum key_state rfc5011_next(enum key_state from, enum rfc5011_event event);

/* RFC 5011 section 2.3, in seconds. */
uint32_t rfc5011_query_interval(uint32_t original_ttl, uint32_t expires_in_s);
uint32_t rfc5011_retry_interval(uint32_t original_ttl, uint32_t expires_in_s);

struct rfc5011_change {
	uint16_t tag;
	uint8_t algorithm;
	enum key_state from, to; /* from KEY_START for a new key */
};

enum rfc5011_outcome {
	RFC5011_BELIEVED,
	RFC5011_REFUSED, /* nothing learned from it but, maybe, a revocation */
	RFC5011_CLOCK,   /* the wall clock is before the time floor: nothing was done */
};

struct rfc5011_report {
	enum rfc5011_outcome outcome;
	enum fault fault; /* RFC5011_REFUSED: why */
	bool full;        /* a new key found no room: LIMIT_ANCHORS, LIMIT_ANCHORS_PENDING */
	unsigned count;   /* of changes, also beyond RFC5011_CHANGES */
	struct rfc5011_change changes[RFC5011_CHANGES];
};

/* One RRset at one wall time.  On an error s is as before. */
MUST_CHECK enum err rfc5011_step(struct anchor_state *s, const struct sighting *seen,
                                 struct now now, uint32_t skew_s, struct rfc5011_report *out);
/* The RRset could not be had: only the time of the next question moves. */
void rfc5011_on_failure(struct anchor_state *s, const struct name *zone, struct now now);

#endif
