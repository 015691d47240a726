/*
 * answers.h - finished replies: the first thing looked at for every question.
 *
 * Keyed by the question in lower case and the bits of the query that change a reply (RD, CD, AD, DO,
 * whether there is EDNS).  A hit copies the reply into the caller's writer and patches id, spelling of
 * the question and TTLs (ttl.h: as fresh a draw as the first reply had); the caller appends the OPT.  No
 * allocation, no clock, one hash.  Bounded in octets, SIEVE.
 *
 * Decides nothing about what is true, and knows no zones: a flush empties it, because a reply may rest on
 * names that its question does not show.
 */
#ifndef CACHE_ANSWERS_H
#define CACHE_ANSWERS_H

#include "cache/networks.h"
#include "cache/ttl.h"
#include "resolver/base/now.h"
#include "resolver/wire/query.h"

struct answers;

/* Owned.  ttl is copied. */
struct answers *answers_new(const struct ttl_policy *ttl, size_t octets,
                            const struct siphash_key *key);
void answers_free(struct answers *as); /* takes NULL */

/*
 * A query will be looked for soon, with others of its batch: what of it lies far away, in memory and not in the
 * processor's cache, begins to come.  octets: as received, not looked at by anybody yet.
 */
void answers_expect(struct answers *as, const uint8_t *octets, size_t len);

struct answers_found {
	struct networks_entry entry; /* as in answers_put */
	uint32_t hits; /* of this finished reply: the entries behind it were not looked at */
	bool due;      /* popular and in the last tenth of its time: said once, start a refresh */
};

/*
 * limit: octets that may be written at reply->at, the OPT not counted; a longer reply is a miss.
 * q is QUERY_OK with a question.  True: header, question and sections are written, ARCOUNT without OPT.
 */
bool answers_find(struct answers *as, struct now now, const struct query *q, size_t limit,
                  struct rng *rng, struct writer *reply, struct answers_found *out);

/* Records that follow one another in the reply and share a TTL: an RRset and its signatures. */
struct answers_part {
	uint16_t records;
	uint32_t lifetime_s, age_s, bound_s; /* as in struct cached; just resolved: age 0 */
	uint16_t like;     /* shows the TTL of that part, its own index for a draw of its own: a denial and its
	                      proofs are of one draw, in a finished reply as in the first */
	uint16_t rotating; /* its first so many are A or AAAA and change places with each reply; 0: none */
};

/*
 * Keeps a reply: len octets without OPT, ARCOUNT without OPT, the parts in the order of its records.
 * Not kept: truncated replies, replies without records, anything whose records are not all in
 * parts, stale data (the caller does not offer it); when there is no room, what is offered for the first
 * time.  entry: what the reply was made from, of a chain the last, with the longest time of all.
 */
void answers_put(struct answers *as, struct now now, const struct query *q, const uint8_t *reply,
                 size_t len, const struct answers_part *parts, unsigned count,
                 const struct networks_entry *entry);

/* Forgets all: after a flush, new trust anchors, new local data. */
void answers_flush(struct answers *as);

/* Entries used 1, 2, 4, 8 ... times since the last call, for cache_note_use.  False: no more. */
bool answers_take_use(struct answers *as, uint32_t *use);

struct answers_counts {
	uint64_t hits, misses, puts, evicted;
	size_t octets, entries;
};
struct answers_counts answers_count(const struct answers *as);

#endif
