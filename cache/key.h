/*
 * key.h - where an entry lies: the key of both layers.
 *
 * A kind octet, then a name as name_key writes it (labels from the right, each ended by octet 0, no
 * label begins with 0), then what else tells entries of one name apart behind one more octet 0:
 *
 *   DATA, FAILURE            kind name 0 type
 *   NXDOMAIN, DNAME, CUT     kind name
 *   NSEC                     kind zone 0 (owner without the zone)
 *   NSEC3                    kind zone 0 hash
 *
 * So memcmp order is canonical order (RFC 4034 section 6.1), a subtree of names or zones is one run
 * of keys per kind, the types of one name are one run, and an ancestor's key is a prefix.
 */
#ifndef CACHE_KEY_H
#define CACHE_KEY_H

#include "resolver/wire/name.h"

enum key_kind {
	KEY_META = 1, /* about the store itself: never in hot, never from a worker */
	KEY_DATA,     /* an RRset, a CNAME, NODATA */
	KEY_NXDOMAIN,
	KEY_DNAME,
	KEY_FAILURE,
	KEY_CUT,
	KEY_NSEC,
	KEY_NSEC3,
};

/* Those with a type at the end, several at one name; and those that are looked for by what lies just before. */
static inline bool key_kind_is_typed(uint8_t kind)
{
	return kind == KEY_DATA || kind == KEY_FAILURE;
}

static inline bool key_kind_is_ordered(uint8_t kind)
{
	return kind == KEY_NSEC || kind == KEY_NSEC3;
}

/* LMDB's largest key.  Only names full of octets 0 and 1 need more: those are not kept. */
enum { KEY_OCTETS = 511, KEY_HASH_OCTETS = 64, KEY_TYPE_OCTETS = 2 };

struct key {
	uint16_t len;
	uint8_t octets[KEY_OCTETS];
};

/* All four: false when the key would be too long. */
MUST_CHECK bool key_typed(struct key *k, enum key_kind kind, const struct name *name, uint16_t type);
MUST_CHECK bool key_named(struct key *k, enum key_kind kind, const struct name *name);
/* The same name with another type; with another kind that has none.  from: of key_typed(). */
void key_retyped(struct key *k, const struct key *from, uint16_t type);
void key_untyped(struct key *k, const struct key *from, enum key_kind kind);
/* False also when owner does not lie in zone. */
MUST_CHECK bool key_nsec(struct key *k, const struct name *zone, const struct name *owner);
MUST_CHECK bool key_nsec3(struct key *k, const struct name *zone, const uint8_t *hash, size_t len);

/* The octets before those that tell entries of one name (one zone, for NSEC and NSEC3) apart. */
MUST_CHECK bool key_run(struct key *k, enum key_kind kind, const struct name *name);

/* What a key says; from outside, so everything is checked. */
struct key_parts {
	enum key_kind kind;
	struct name name;    /* the owner; for NSEC and NSEC3 the zone */
	uint16_t type;       /* DATA, FAILURE */
	struct name owner;   /* NSEC */
	uint8_t hash[KEY_HASH_OCTETS];
	uint8_t hash_len;    /* NSEC3 */
};
MUST_CHECK enum err key_parse(const uint8_t *octets, size_t len, struct key_parts *out);

/* How many labels its name has: not of NSEC and NSEC3, which have two names or none. */
unsigned key_labels(const struct key *k);

int key_compare(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len);
bool key_has_prefix(const uint8_t *k, size_t len, const uint8_t *prefix, size_t prefix_len);

/*
 * For finding the deepest ancestor in a sorted run of named keys.  floor is the greatest key of
 * that kind not above *at.  *at is cut to the labels both share, which every ancestor that is there is at
 * or above.  True: floor is the key at the new *at.  False: look again there.
 */
bool key_meet(struct key *at, const uint8_t *floor, size_t floor_len);
/* Cuts the deepest label off a named key; false: it was the root. */
bool key_up(struct key *at);

#endif
