/*
 * cache.h - what was learned, kept: hot entries in this worker's memory, all of them in the store.
 *
 * One door over two layers: hot (RAM, bounded in octets, SIEVE) and store (LMDB, shared by all
 * workers read-only, written by the keeper alone).  Decides what may replace what (rank), how long
 * a thing lives (clamps, ttl.h), and finds: an RRset, a negative answer, a failure, the closest cut, a
 * covering NSEC or NSEC3.  Validates nothing, follows no alias, sends nothing.
 *
 * Owned by one worker.  What it returns is copied into the caller's arena; nothing points into LMDB.
 */
#ifndef CACHE_CACHE_H
#define CACHE_CACHE_H

#include "cache/networks.h"
#include "cache/ttl.h"
#include "resolver/base/arena.h"
#include "resolver/base/now.h"
#include "resolver/wire/cut.h"
#include "resolver/wire/outcome.h"

struct key;
struct seen;
struct store; /* store.h: the LMDB file, or NULL for RAM only */
struct cache;

struct cache_policy {
	uint32_t ttl_min, ttl_max, negative_ttl_max; /* seconds */
	uint32_t stale_window_s; /* how long after expiry an entry may still be found as stale; 0: never */
	uint32_t failure_s, failure_max_s; /* RFC 9520: the first time; doubling up to */
	struct ttl_policy ttl;
};

/* LIMIT_* as policy, TTL mode private: what configuration starts from. */
struct cache_policy cache_policy_default(void);
/* No entry is fresh for longer, whoever says so. */
uint32_t cache_longest_s(const struct cache_policy *policy);

/*
 * Owned.  hot_octets bounds the RAM layer; store is borrowed and may be NULL: then cache_take_turn
 * never has anything.  key: of all hashes and checksums, the same in all workers and the keeper.
 */
struct cache *cache_new(const struct cache_policy *policy, size_t hot_octets, struct store *store,
                        const struct siphash_key *key);
void cache_free(struct cache *c);
/* Goes on in memory only: the store is about to be closed. */
void cache_forget_store(struct cache *c);

/* How an entry was found. */
struct cached {
	struct outcome outcome; /* its rrsets live in the caller's arena; ttl fields are left_s */
	bool stale;             /* no longer fresh, inside the stale window: never AD */
	bool failing;           /* a failure of this question is still in force: do not ask upstream */
	struct reason failure;  /* when failing: why; text lives in the caller's arena */
	uint32_t failing_s;     /* when failing: for how long */
	uint32_t failing_age_s; /* when failing: since when */
	struct networks_entry failing_entry; /* when failing: the failure */
	uint32_t lifetime_s;    /* the TTL it was stored with: T of ttl.h */
	uint32_t age_s;         /* since it was stored */
	uint32_t left_s;        /* until it is no longer fresh under the TTL policy; 0 when stale */
	uint32_t bound_s;       /* until signatures end, for ttl_shown; TTL_NO_BOUND */
	uint32_t hits;          /* times found before, saturating: prefetch */
	struct networks_entry entry; /* who asked for it is noted elsewhere: strict snoop resistance */
};

/*
 * The TTL policy's T for an outcome just resolved, clamps applied, and in *bound_s the seconds until its
 * signatures end (outcome.ttl when it is less than the records' own TTL).  So a miss shows what a hit
 * will show: ttl_shown(&policy->ttl, rng, T, 0, bound).  0: it is not kept.  Not for failures.
 */
uint32_t cache_lifetime(const struct cache_policy *policy, const struct outcome *o,
                        uint32_t *bound_s);

/*
 * The entry that answers q: its RRset, a CNAME there, NODATA, NXDOMAIN at the name; a DNAME above it.
 * Fresh data wins over everything.  Without it, a failure still in force sets failing, and
 * then outcome is stale data when there is some, else the failure itself.  Stale data without a
 * failure comes with stale alone.  Owners are spelled as q spells them.  ERR_NOTFOUND: a miss.
 */
MUST_CHECK enum err cache_find(struct cache *c, struct now now, const struct question *q,
                               struct arena *a, struct cached *out);

/*
 * The failure of q that is in force, also beside fresh data: what is unchecked may have been judged
 * already.  Sets failing, failure and failing_*.  ERR_NOTFOUND: none.
 */
MUST_CHECK enum err cache_find_failure(struct cache *c, struct now now, const struct question *q,
                                       struct arena *a, struct cached *out);

/* The deepest name above this one that is known, securely, not to exist: RFC 8020. */
MUST_CHECK enum err cache_find_nxdomain_above(struct cache *c, struct now now, const struct name *name,
                                              struct arena *a, struct cached *out);

/*
 * Keeps an outcome (of any kind) as the answer to q.  Data of lower rank never replaces fresh data of higher
 * rank; a secure entry is never replaced by an unchecked one while fresh (threats B10).  What cannot be true
 * beside it (an NXDOMAIN, a CNAME, the types of a name that does not exist) goes.  Not kept: bogus data,
 * ranks below RANK_AUTHORITY, class other than IN, negatives without a SOA at or above the name (but the
 * proofs of a referral that there is no DS are kept, for their own TTL), answers of another owner or type
 * than q.  A FAILURE lies beside data and hides none; its ttl (0: policy) doubles while it is repeated.
 * resolve_ms: how long resolving took.
 */
void cache_put(struct cache *c, struct now now, const struct question *q, const struct outcome *o,
               uint32_t resolve_ms);
/*
 * The same for what has lain here for age_s already and is better known now: it keeps its age, so that
 * T and what is left of it do not depend on when it was judged.  Its RRsets' TTLs are those it came with.
 */
void cache_put_aged(struct cache *c, struct now now, const struct question *q,
                    const struct outcome *o, uint32_t resolve_ms, uint32_t age_s);

/* The closest enclosing zone cut of name known and fresh (strictly above name when above is set: for DS). */
MUST_CHECK enum err cache_find_cut(struct cache *c, struct now now, const struct name *name,
                                   bool above, struct arena *a, struct cut *out);
/*
 * A cut lives as long as the parent said and no longer: a fresh one may be replaced by other servers,
 * but not lengthened (threats B7).  Stub and forward zones are configuration and not kept.
 */
void cache_put_cut(struct cache *c, struct now now, const struct cut *cut);

/*
 * Secure NSEC of zone whose owner equals name or is the closest before it in canonical order; secure NSEC3 of
 * zone whose hash equals or is the closest before hash (cyclic).  One range lookup.  Only RRsets that went in
 * through cache_put_denial.  out->ttl is the lifetime it was stored with (in mode off, what is left of it):
 * the least of all records used is T of the synthesised answer (ttl.h).
 */
MUST_CHECK enum err cache_find_nsec(struct cache *c, struct now now, const struct name *zone,
                                    const struct name *name, struct arena *a, struct rrset *out);
MUST_CHECK enum err cache_find_nsec3(struct cache *c, struct now now, const struct name *zone,
                                     const uint8_t *hash, size_t len, struct arena *a,
                                     struct rrset *out);
/* set: a validated NSEC or NSEC3 RRset of zone, fit for aggressive use. */
void cache_put_denial(struct cache *c, struct now now, const struct name *zone,
                      const struct rrset *set);
/* The SOA of zone for synthesised negative answers is an ordinary entry: cache_find(zone SOA). */

/* Forgets one type of name (0: all), or with tree everything at and below it.  This worker's layers only. */
void cache_flush(struct cache *c, const struct name *name, uint16_t type, bool tree);

/*
 * The message for the keeper with all that was put since the last call, at most LIMIT_TURN_BYTES;
 * false: nothing to send.  Borrowed until the next call on c.
 */
bool cache_take_turn(struct cache *c, const uint8_t **octets, size_t *len);

struct hot_item; /* hot.h */
/*
 * For lookup: what hot has of one kind at one name, in no order.  run: of key_run() for the kinds with a type,
 * of key_named() for others; *at is where it is, NULL at first.  Does not count as use.  struct seen: seen.h.
 */
MUST_CHECK bool cache_hot_next(const struct cache *c, struct now now, const struct key *run,
                               const struct hot_item **at, struct seen *out);

/* The entry was of use elsewhere (a finished answer made from it): the keeper's sketch hears of it. */
void cache_note_use(struct cache *c, uint32_t use);

struct cache_counts {
	uint64_t hot_hits, store_hits, misses, stale_hits, puts, refused_rank, evicted, dropped_turns;
	size_t hot_octets, hot_entries;
};
struct cache_counts cache_count(const struct cache *c);

#endif
