/*
 * cut.h - a zone cut: a zone and the servers that serve it.
 *
 * Comes from the parent's referral, the hints, or configuration - never from the child's own NS
 * (parent-centric: threats B2, B7).  At most LIMIT_NS_KEPT names, LIMIT_NS_ADDRESSES each.
 */
#ifndef WIRE_CUT_H
#define WIRE_CUT_H

#include "resolver/base/address.h"
#include "resolver/wire/name.h"

enum cut_kind {
	CUT_DELEGATION, /* a referral, or the primed root */
	CUT_HINTS,      /* the root hints, not primed yet */
	CUT_STUB,       /* configured: authoritative servers of this zone */
	CUT_FORWARD,    /* configured: recursive servers, asked with RD=1 */
};

struct cut_server {
	struct name name;            /* the root when only addresses are known (stub, forward) */
	unsigned address_count;      /* 0: glueless, its address must be looked up */
	struct address *addresses;   /* borrowed; port 0 means the configured authority port */
};

struct cut {
	enum cut_kind kind;
	struct name zone;
	bool forward_first;          /* CUT_FORWARD: resolve ourselves when all of them fail */
	uint32_t ttl;                /* seconds left */
	unsigned server_count;
	struct cut_server *servers;  /* borrowed */
};

/* It names a server or an address that known, a cut of the same zone, does not; other zones: true. */
bool cut_adds(const struct cut *c, const struct cut *known);

/* How it is known, in words: "from the root hints". */
const char *cut_kind_text(enum cut_kind k);

#endif
