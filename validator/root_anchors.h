/*
 * root_anchors.h - root-anchors.xml as IANA publishes it: RFC 9718 section 2.
 *
 * Reads exactly that document, not XML at large: no DTD, no entities, no namespaces, no element or
 * attribute it does not know.  Dates are judged against now; a public key given must fit its
 * digest.  The signature beside the file is not looked at here.
 */
#ifndef VALIDATOR_ROOT_ANCHORS_H
#define VALIDATOR_ROOT_ANCHORS_H

#include "resolver/base/arena.h"
#include "resolver/base/now.h"
#include "resolver/wire/rrset.h"

enum root_anchor_use {
	ROOT_ANCHOR_GOOD,
	ROOT_ANCHOR_EARLY,    /* validFrom is to come */
	ROOT_ANCHOR_LATE,     /* validUntil is over */
	ROOT_ANCHOR_MISMATCH, /* the public key given does not have this digest or tag */
	ROOT_ANCHOR_UNKNOWN,  /* a digest we cannot compute */
};

struct root_anchor {
	enum root_anchor_use use;
	uint16_t tag;
	uint8_t algorithm;
	int64_t from_s, until_s; /* until 0: open */
	struct rdata ds;
	struct rdata dnskey;     /* len 0: no public key given */
};

struct root_anchors {
	struct name zone;
	struct root_anchor *list; /* in the arena */
	unsigned count;
};

struct root_anchors_error {
	unsigned line;    /* from 1 */
	const char *what; /* static */
};

/* ERR_FORMAT with line and words; ERR_LIMIT: beyond LIMIT_ROOT_ANCHORS_BYTES or LIMIT_ROOT_ANCHORS. */
MUST_CHECK enum err root_anchors_read(const char *text, size_t len, struct now now, struct arena *a,
                                      struct root_anchors *out, struct root_anchors_error *why);
const char *root_anchor_use_text(enum root_anchor_use use);
/* The good ones as one DS RRset, in a; NULL: no memory. */
struct rrset *root_anchors_set(const struct root_anchors *r, struct arena *a);

#endif
