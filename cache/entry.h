/*
 * entry.h - what is kept, as octets: the same in hot memory, in the store and on the way there.
 *
 * An entry is a head (what, when stored, how long, rank, security, how long resolving took) and a body
 * (records, the addresses of a cut, or the reason of a failure).  Its key is part of it: owner names
 * and zones are said as a number of labels of the key's name.  A keyed checksum binds key, head and
 * body together; a wrong one means that there is no entry.  Class IN only.
 *
 * Knows no policy: rules.h says what may replace what, ttl.h and cache.h how long it is used.
 */
#ifndef CACHE_ENTRY_H
#define CACHE_ENTRY_H

#include "resolver/base/arena.h"
#include "resolver/wire/cut.h"
#include "resolver/wire/outcome.h"
#include "resolver/wire/reader.h"
#include "resolver/wire/writer.h"

enum { ENTRY_VERSION = 1 };

enum entry_what {
	ENTRY_ANSWER = 1, ENTRY_CNAME, ENTRY_DNAME, ENTRY_NODATA, ENTRY_NXDOMAIN, ENTRY_FAILURE,
	ENTRY_CUT, ENTRY_DENIAL,
};

struct entry {
	enum entry_what what;
	uint8_t rank;          /* enum rank */
	uint8_t security;      /* enum security */
	uint8_t flags;         /* of the form: how the rest is to be read */
	uint8_t streak;        /* FAILURE: failures in a row before this one, saturating */
	uint32_t stored_s;     /* life clock */
	uint32_t lifetime_s;   /* the TTL it was stored with */
	uint32_t bound_s;      /* after stored_s: signatures end; TTL_NO_BOUND for never */
	uint32_t resolve_ms;   /* stored rounded up by at most an eighth */
	uint32_t checksum;
	struct reader body;    /* borrowed from the octets that were read */
};

/* A time as an entry keeps it: never less, and at most an eighth more. */
uint32_t entry_time_ms(uint32_t ms);

/* Reads the head.  The body is not looked at. */
MUST_CHECK enum err entry_read(const uint8_t *value, size_t len, struct entry *out);
/* The checksum is right for this key. */
bool entry_intact(const struct siphash_key *mac, const uint8_t *key, size_t key_len,
                  const uint8_t *value, size_t len);

/*
 * Unpacking copies everything into a.  owner is the name in the entry's key, in the case that the
 * reader wants to see; ttl goes into every RRset.  ERR_FORMAT: not what entry_pack_* writes.
 */
MUST_CHECK enum err entry_outcome(const struct entry *e, const struct name *owner, uint16_t type,
                                  uint32_t ttl, struct arena *a, struct outcome *out);
MUST_CHECK enum err entry_cut(const struct entry *e, const struct name *zone, uint32_t ttl,
                              struct arena *a, struct cut *out);
MUST_CHECK enum err entry_denial(const struct entry *e, const struct name *owner, uint16_t type,
                                 uint32_t ttl, struct arena *a, struct rrset *out);

/*
 * Packing appends a value to w; of head stored_s, lifetime_s, bound_s, rank, security, streak and resolve_ms
 * are taken.  owner as above.  w->err is ERR_SPACE when it does not fit; ERR_UNSUPPORTED: cannot be kept.
 */
MUST_CHECK enum err entry_pack_outcome(struct writer *w, const struct entry *head,
                                       const struct name *owner, const struct outcome *o);
MUST_CHECK enum err entry_pack_cut(struct writer *w, const struct entry *head,
                                   const struct cut *cut);
MUST_CHECK enum err entry_pack_denial(struct writer *w, const struct entry *head,
                                      const struct name *zone, const struct rrset *set);
/* Writes the checksum into a packed value. */
void entry_seal(const struct siphash_key *mac, const uint8_t *key, size_t key_len, uint8_t *value,
                size_t len);

/*
 * Seconds since it was stored.  Another worker's clock may be a little ahead; an entry from further in
 * the future is as old as can be.
 */
uint32_t entry_age(const struct entry *e, uint32_t now_s);
/* lifetime_s or bound_s, whichever is less: afterwards it is stale. */
uint32_t entry_ends_s(const struct entry *e);

#endif
