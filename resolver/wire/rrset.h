/*
 * rrset.h - records of one owner, type and class, with the signatures over them.
 *
 * One TTL for all of them (RFC 2181 section 5.2).  RDATA is stored without compression, case
 * preserved.  What we think of it travels with it: where it came from (rank) and what DNSSEC
 * said (security).
 */
#ifndef WIRE_RRSET_H
#define WIRE_RRSET_H

#include "resolver/base/arena.h"
#include "resolver/wire/name.h"
#include "resolver/wire/type.h"

/* RFC 2181 section 5.4.1, lowest first: nothing replaces fresh data of a higher rank. */
enum rank {
	RANK_NONE,
	RANK_ADDITIONAL, /* seen beside an answer: never kept, never answered */
	RANK_GLUE,       /* address from a referral: steers the walk, never answered */
	RANK_REFERRAL,   /* NS at a cut, from the parent */
	RANK_AUTHORITY,  /* authority section of an authoritative answer: SOA, NSEC */
	RANK_FORWARDED,  /* from a forwarder: answered, only for its zone */
	RANK_ANSWER,     /* authoritative answer */
	RANK_SECURE,     /* validated */
	RANK_LOCAL,      /* configuration */
};

/* RFC 4035 section 4.3. */
enum security {
	SECURITY_UNCHECKED,     /* nobody validated it yet */
	SECURITY_INDETERMINATE, /* could not tell */
	SECURITY_INSECURE,      /* proven to lie outside any chain of trust */
	SECURITY_SECURE,
	SECURITY_BOGUS,
};

struct rdata {
	uint16_t len;
	const uint8_t *octets; /* borrowed, uncompressed */
};

struct rrset {
	struct name owner;
	uint16_t type, class;
	uint32_t ttl;          /* seconds, clamped to 0..2^31-1 on parse: RFC 2181 section 8 */
	uint16_t count;        /* records */
	uint16_t sig_count;    /* RRSIGs covering them */
	uint8_t rank;          /* enum rank */
	uint8_t security;      /* enum security */
	struct rdata *rdata;   /* borrowed: count of them, duplicates removed, received order */
	struct rdata *sigs;    /* borrowed: RDATA of RRSIG, at most LIMIT_RRSIGS_KEPT */
};

const char *rank_text(uint8_t rank);
const char *security_text(enum security security);

/* A deep copy in a. NULL: no memory. */
struct rrset *rrset_copy(struct arena *a, const struct rrset *s);
/* Same records, any order, RDATA compared octet by octet. */
bool rrset_same_data(const struct rrset *a, const struct rrset *b);

/* The name in RDATA of NS, CNAME, DNAME, PTR, and in MX and SRV behind the fixed part. */
MUST_CHECK enum err rdata_target(uint16_t type, const struct rdata *r, struct name *out);

struct soa {
	struct name mname, rname;
	uint32_t serial, refresh, retry, expire, minimum;
};
MUST_CHECK enum err rdata_soa(const struct rdata *r, struct soa *out);

struct rrsig {
	uint16_t covered;
	uint8_t algorithm, labels;
	uint32_t original_ttl, expiration, inception;
	uint16_t tag;
	struct name signer;
	const uint8_t *signature; /* borrowed from the RDATA */
	size_t signature_len;
};
MUST_CHECK enum err rdata_rrsig(const struct rdata *r, struct rrsig *out);

#endif
