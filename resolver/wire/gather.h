/*
 * gather.h - records on their way into RRsets.
 *
 * Takes records in any order, gives the RRsets of each group (a message's section) in order of
 * appearance: duplicates gone, one TTL (the least), signatures attached to the set they cover.
 * Signatures that cover nothing here make an RRset of type RRSIG.  The cost of n records does
 * not grow with n squared (CVE-2023-4408; threats D6).  Knows no wire form.
 */
#ifndef WIRE_GATHER_H
#define WIRE_GATHER_H

#include "resolver/base/arena.h"
#include "resolver/wire/rrset.h"

enum { GATHER_GROUPS = 3 };

struct gather;

struct gather_record {
	uint8_t group; /* below GATHER_GROUPS */
	uint16_t type, class;
	uint32_t ttl;       /* as received: RFC 2181 section 8 is done here */
	struct rdata rdata; /* stored form; borrowed as long as the sets live */
};

/*
 * Room for that many records and sets; the signatures over a set count as one more.  Lives in a;
 * NULL: no memory.  What gather_sets gives lives in a too and does not point into the gather.
 */
struct gather *gather_new(struct arena *a, unsigned records, unsigned sets);

/* ERR_LIMIT: more records or sets than said, or a set beyond LIMIT_SET_RECORDS, LIMIT_SET_BYTES. */
MUST_CHECK enum err gather_add(struct gather *g, const struct name *owner,
			       const struct gather_record *record);

/* Attaches signatures and makes the sets.  Once, after the last record. */
struct gathered {
	struct rrset *sets;
	unsigned count;
};
MUST_CHECK enum err gather_sets(struct gather *g, struct gathered out[GATHER_GROUPS]);

#endif
