/*
 * anchor_state.h - what we remember of each key that is, was or may become a trust anchor.
 *
 * One list for all zones.  A plain struct: rfc5011.h moves it, anchor_text.h writes and reads it.
 * Touches no file, verifies nothing.  A key is known by its material, or by a DS digest until
 * the key itself was seen; never by its tag (threats F3).
 */
#ifndef VALIDATOR_ANCHOR_STATE_H
#define VALIDATOR_ANCHOR_STATE_H

#include "resolver/base/arena.h"
#include "resolver/base/limits.h"
#include "resolver/base/now.h"
#include "resolver/wire/rrset.h"
#include "validator/dnskey.h"

/* RFC 5011 section 4.2. */
enum key_state {
	KEY_START,   /* was pending and went away; kept to be told of, not trusted */
	KEY_ADDPEND, /* waits for its hold-down */
	KEY_VALID,   /* trusted */
	KEY_MISSING, /* trusted, but not in the zone's last believed DNSKEY RRset */
	KEY_REVOKED, /* never again trusted, still or until lately in the zone */
	KEY_REMOVED, /* never again trusted */
};

enum { KEY_STATES = KEY_REMOVED + 1 };

const char *key_state_text(enum key_state s); /* "AddPend": as the RFC writes it */
/* ERR_NOTFOUND: not one of them; case matters. */
MUST_CHECK enum err key_state_parse(const char *text, size_t len, enum key_state *out);

struct anchor_key {
	struct name zone;
	enum key_state state;
	uint16_t type;         /* TYPE_DNSKEY, or TYPE_DS: known by its digest only */
	uint16_t len;
	uint8_t *octets;       /* owned by the state: RDATA; of a DNSKEY without the REVOKE bit */
	uint16_t tag;          /* without the REVOKE bit, too */
	uint8_t algorithm;
	int64_t since_s;       /* wall clock: in this state since */
	int64_t first_s;       /* seen first, without a gap; 0: not seen yet */
	int64_t last_s;        /* seen last; 0: not seen yet */
	int64_t hold_s;        /* KEY_ADDPEND: not trusted before; KEY_REVOKED, KEY_REMOVED: it never was trusted */
	uint32_t sightings;    /* believed RRsets with it since first_s */
	unsigned by_count;     /* KEY_ADDPEND: 0 when nobody knows */
	uint16_t by[LIMIT_ANCHOR_VOUCHERS]; /* tags of trusted keys that signed the first of those RRsets */
};

/* When a zone's DNSKEY RRset was and will be asked for: RFC 5011 section 2.3. */
struct anchor_zone {
	struct name name;
	int64_t believed_s; /* last time an RRset was believed; 0: never */
	int64_t refused_s;  /* last time one was not; 0: never */
	int64_t next_s;     /* ask again then; 0: at once */
	uint32_t retry_s;   /* after a failure, that much later */
};

/*
 * Between calls: no two keys are the same (zone, and algorithm and material, or DS); each key's
 * zone is in zones; all times are wall seconds.
 */
struct anchor_state {
	struct anchor_key *keys;   /* owned; at most LIMIT_ANCHORS */
	size_t count;
	struct anchor_zone *zones; /* owned; at most LIMIT_ANCHORS */
	size_t zone_count;
	int64_t floor_s;           /* the time is not before: start of a signature we believed */
};

/* An all-zero state is empty and valid. */
void anchor_state_clear(struct anchor_state *s);
/* out is owned. */
MUST_CHECK enum err anchor_state_copy(const struct anchor_state *s, struct anchor_state *out);

/*
 * Adds a key in k's state and times, of k's zone and type, with these RDATA; the REVOKE bit is taken
 * off, tag and algorithm are read from them.  ERR_LIMIT: LIMIT_ANCHORS, LIMIT_ANCHOR_OCTETS;
 * ERR_FORMAT: no DNSKEY or DS, a digest of the wrong length, or already there.
 */
MUST_CHECK enum err anchor_state_add(struct anchor_state *s, const struct anchor_key *k,
                                     const struct rdata *r);
/* Learns the key behind digest i: it is the DNSKEY r.  When the key is already there, i is dropped. */
MUST_CHECK enum err anchor_state_learn(struct anchor_state *s, size_t i, const struct rdata *r);
/* Takes out key i. */
void anchor_state_drop(struct anchor_state *s, size_t i);
/* The key of zone that is this DNSKEY; NULL: none. */
struct anchor_key *anchor_state_find(const struct anchor_state *s, const struct name *zone,
                                     const struct rdata *dnskey);
/* NULL: no such zone. */
struct anchor_zone *anchor_state_zone(const struct anchor_state *s, const struct name *zone);

/*
 * Trusts the DS and DNSKEY records of sets from now on: configuration, the built-in floor, an
 * import.  What is known stays as it is, so a revoked key stays revoked for ever, however it comes
 * back; only a pending or forgotten one becomes valid, for the operator says so.  DNSKEYs without
 * the SEP flag count only in a zone of which sets names nothing else; revoked ones never.  Other
 * types are ERR_FORMAT.  After an error s holds a part of them.
 */
MUST_CHECK enum err anchor_state_trust(struct anchor_state *s, const struct rrset *sets,
                                       size_t count, struct now now);

/*
 * What old knows as revoked is so in s too, where s has that zone, and the time is not before old's floor: when
 * another state, a file say, takes old's place.  After an error s holds a part of it.
 */
MUST_CHECK enum err anchor_state_remember(struct anchor_state *s, const struct anchor_state *old);

/* VALID or MISSING. */
bool anchor_key_trusted(const struct anchor_key *k);
/* It is this DNSKEY, whose REVOKE bit does not matter. */
bool anchor_key_is(const struct anchor_key *k, const struct rdata *dnskey);
/* The tag under which a revoked key signs: RFC 5011 section 2.1. */
uint16_t anchor_key_revoked_tag(const struct anchor_key *k);

/*
 * The trusted keys as DNSKEY and DS RRsets for anchors_new(), in a.  A zone once anchored never
 * falls to insecure (threats F4): when it has no trusted key of an algorithm we can verify, it gets
 * a DS that no key can meet, and all below it is bogus until the operator acts.
 */
MUST_CHECK enum err anchor_state_sets(const struct anchor_state *s, bool allow_sha1,
                                      struct arena *a, struct rrset **sets, size_t *count);
/* That DS. */
bool anchor_ds_is_unmeetable(const struct rdata *ds);

enum anchor_health {
	HEALTH_GREEN,      /* the last RRset was believed */
	HEALTH_UNKNOWN,    /* none was seen yet */
	HEALTH_REFUSED,    /* red: none of the trusted keys signed the last RRset */
	HEALTH_NO_KEY,     /* red: no key is trusted */
	HEALTH_NO_USABLE,  /* red: no trusted key has an algorithm we can verify */
};
enum anchor_health anchor_state_health(const struct anchor_state *s, const struct name *zone,
                                       bool allow_sha1);
const char *anchor_health_text(enum anchor_health h); /* words, never NULL */
bool anchor_health_is_red(enum anchor_health h);

/* The wall clock is not before what signatures have proven: threats E19, I9. */
bool anchor_state_clock_plausible(const struct anchor_state *s, struct now now, uint32_t skew_s);

#endif
