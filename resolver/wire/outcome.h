/*
 * outcome.h - what asking one question at one name came to.
 *
 * The noun that the neighbours exchange: the iterator produces it, the validator judges it, the
 * cache keeps and finds it, the conductor links aliases into a chain.  One element of a CNAME
 * chain is one outcome.
 */
#ifndef WIRE_OUTCOME_H
#define WIRE_OUTCOME_H

#include "resolver/wire/question.h"
#include "resolver/wire/reason.h"
#include "resolver/wire/rrset.h"

enum outcome_kind {
	OUTCOME_ANSWER,   /* set: the RRset asked for */
	OUTCOME_CNAME,    /* set: a CNAME at the name; follow target */
	OUTCOME_DNAME,    /* set: a DNAME above the name; target computed (RFC 6672 section 3.2) */
	OUTCOME_NODATA,   /* soa */
	OUTCOME_NXDOMAIN, /* soa */
	OUTCOME_FAILURE,  /* reason: SERVFAIL to the client */
};

struct outcome {
	enum outcome_kind kind;
	enum security security;
	struct reason reason;       /* FAILURE: why; else what the client may be told (stale, NTA ...) */
	struct name zone;           /* whose servers said so (the cut) */
	struct rrset *set;          /* ANSWER, CNAME, DNAME; borrowed */
	struct name target;         /* CNAME, DNAME: where to go on */
	bool too_long;              /* DNAME: the target exceeds 255 octets, YXDOMAIN */
	struct rrset *soa;          /* NODATA, NXDOMAIN; NULL: the server sent none */
	struct rrset **proofs;      /* NSEC/NSEC3 RRsets that came along (denial, or of a wildcard) */
	unsigned proof_count;
	uint32_t ttl;               /* seconds this may still be used */
	struct rrset **beside;      /* ANSWER: NS and addresses that came along, for clients that want
	                               full sections and for nothing else: threats B2, B6 */
	unsigned beside_count;
};

const char *outcome_kind_text(enum outcome_kind k);

#endif
