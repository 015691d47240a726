/*
 * rrsig.h - is this RRset signed by that zone?
 *
 * Holds every check of RFC 4035 section 5.3.1 and builds the signed data of section 5.3.2.  Each
 * signature tried is charged to the question's budget in one place.  Takes the DNSKEY RRset as
 * given: whether it may be believed is the caller's concern.
 */
#ifndef VALIDATOR_RRSIG_H
#define VALIDATOR_RRSIG_H

#include "resolver/base/budget.h"
#include "resolver/base/now.h"
#include "resolver/wire/reason.h"
#include "resolver/wire/rrset.h"
#include "resolver/wire/trace.h"
#include "validator/keys.h"

/* Why there is no good signature: the further down, the nearer it came, so the last one is told. */
enum fault {
	FAULT_NONE,
	FAULT_UNSIGNED,        /* no RRSIG at all */
	FAULT_MALFORMED,
	FAULT_ALGORITHM,       /* not one we can or may verify */
	FAULT_TYPE,            /* covers another type, or a type that is never signed */
	FAULT_SIGNER,          /* the signer is not the zone of this RRset */
	FAULT_LABELS,          /* more than the owner has, or fewer than the signer: CVE-2026-44690 */
	FAULT_NO_KEY,          /* no DNSKEY of that tag and algorithm */
	FAULT_NOT_ZONE_KEY,    /* a key is there, but without the Zone Key flag, or revoked */
	FAULT_EXPIRES_BEFORE,  /* expiration before inception */
	FAULT_NOT_YET,
	FAULT_EXPIRED,
	FAULT_WRONG,           /* the cryptography says no */
	FAULT_COSTLY,          /* too many wrong ones, or too many to try */
	FAULT_EXHAUSTED,       /* the question has no more signatures to spend */
	FAULT_MEMORY,
};

/* EDE and site code of a fault; NO_REASON for FAULT_NONE. */
struct reason fault_reason(enum fault f);
/* BOGUS; INDETERMINATE where it says nothing about the data and another time may do. */
enum security fault_security(enum fault f);

/* Whoever asks: all borrowed. */
struct verifier {
	struct keys *keys;
	struct budget *budget;
	struct now now;
	uint32_t skew_s;
	bool allow_sha1;
	bool undated; /* the dates of signatures do not count */
	struct trace *trace; /* NULL: nobody wants to know */
};

struct signature {
	uint8_t labels;       /* of the RRSIG */
	bool wildcard;        /* fewer than the owner has: it was expanded */
	uint32_t original_ttl;
	uint32_t left_s;      /* seconds until it expires, at least 1 */
	uint32_t inception;   /* serial number, RFC 4034 section 3.1.5 */
	uint16_t place;       /* among the RRSIGs of the set */
};

/*
 * Looks for one RRSIG of set that signer made with one of dnskeys (the zone's DNSKEY RRset).  out
 * is set for FAULT_NONE.
 */
enum fault rrsig_verify(const struct verifier *by, const struct rrset *set,
                        const struct name *signer, const struct rrset *dnskeys,
                        struct signature *out);

/*
 * The same for keys with the REVOKE bit and no others: RFC 5011 section 2.1.  Such a key vouches for
 * nothing but its own revocation.
 */
enum fault rrsig_verify_revoked(const struct verifier *by, const struct rrset *set,
                                const struct name *signer, const struct rrset *dnskeys,
                                struct signature *out);

#endif
