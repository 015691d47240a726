/*
 * rules.h - what may stand where something else stands.
 *
 * The same rules in the worker (cache.c) and in the keeper (keep.c), which cannot trust that a
 * worker saw what another one has learned meanwhile.
 */
#ifndef CACHE_RULES_H
#define CACHE_RULES_H

#include "cache/entry.h"
#include "cache/key.h"
#include "cache/ttl.h"

enum usable {
	USABLE_FRESH,
	USABLE_STALE, /* over, but inside the stale window */
	USABLE_NOT,
};

/*
 * Outcomes and denials are used as ttl.h says; failures and cuts, which no client sees, for their whole
 * lifetime, and are never stale.
 */
enum usable rules_usable(const struct entry *e, const struct ttl_policy *ttl, uint32_t stale_window_s,
                         uint32_t now_s);
/* Seconds until it is no longer fresh, 0 when it is not. */
uint32_t rules_left(const struct entry *e, const struct ttl_policy *ttl, uint32_t now_s);

/*
 * RFC 2181 section 5.4.1: data of lower rank does not replace fresh data of higher rank.  Nor does
 * unchecked data replace what was checked (threats B10), nor older data newer.
 */
bool rules_may_replace(const struct entry *old, const struct entry *new,
                       const struct ttl_policy *ttl, uint32_t now_s);

/*
 * A CNAME of the same name says nothing about these: RFC 4035 section 2.5, RFC 2181 section 10.1.  DS is
 * the parent's, and where servers have a CNAME at the apex, against RFC 1034, the keys stay beside it.
 */
bool rules_beside_alias(uint16_t type);

/* Entries that cannot be true together with a new one: keys, or runs of keys, to be judged and removed. */
struct rivals {
	unsigned count;
	struct {
		struct key key;
		bool run; /* all keys that begin so */
	} at[2];
};
void rules_rivals(enum entry_what what, const struct name *name, uint16_t type, struct rivals *out);
/* Of the keys of a run: is this one a rival?  key is that of a DATA entry. */
bool rules_is_rival(enum entry_what what, const uint8_t *key, size_t len);

#endif
