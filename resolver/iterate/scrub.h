/*
 * scrub.h - what a reply is worth: its kind, and the few RRsets of it that may be believed.
 *
 * A server speaks only for the zone it was asked as a server of (RFC 5452 section 6; threats B1 to
 * B5, B8, B9).  What lies outside is not mentioned in the result, so nobody can use it.  Changes
 * nothing in the message.
 */
#ifndef ITERATE_SCRUB_H
#define ITERATE_SCRUB_H

#include "resolver/wire/message.h"

struct scrub {
	const struct name *zone;      /* of the cut */
	const struct question *asked; /* what was sent, maybe shortened */
	bool forwarded;               /* a recursive server was asked */
	bool caches_count;            /* so does the word of one that just happens to be recursive */
};

enum reply_kind {
	REPLY_ANSWER,   /* set */
	REPLY_CNAME,    /* set: the CNAME at the name asked */
	REPLY_DNAME,    /* set: a DNAME above it */
	REPLY_NODATA,   /* soa */
	REPLY_NXDOMAIN, /* soa */
	REPLY_REFERRAL, /* set: the NS of a zone further down */
	REPLY_LAME,     /* does not serve the zone: upward or sideways, or not authoritative */
	REPLY_NO_EDNS,  /* FORMERR or NOTIMP */
	REPLY_BADVERS,
	REPLY_BADCOOKIE,
	REPLY_REFUSED,
	REPLY_ERROR,    /* SERVFAIL and what else there is */
};

const char *reply_kind_text(enum reply_kind k); /* in words, for a trace */

struct reply {
	enum reply_kind kind;
	bool authoritative;
	bool of_cache; /* LAME only because it was not authoritative: better than nothing */
	struct rrset *set;
	struct rrset *soa; /* NULL: none that may speak for the name */
};

struct reply scrub_reply(const struct message *m, const struct scrub *s);

/* An RRset of a section, class IN. */
struct rrset *scrub_find(const struct message *m, enum section section, const struct name *owner,
                         uint16_t type);
/* The DNAME in the answer section that redirects name and lies within the zone. */
struct rrset *scrub_find_dname(const struct message *m, const struct name *name,
                               const struct name *zone);
/* The SOA in the authority section that may deny q in the zone: RFC 2308 section 5, threats B9. */
struct rrset *scrub_find_soa(const struct message *m, const struct question *q,
                             const struct name *zone);

#endif
