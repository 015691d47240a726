/*
 * ds.h - DS records, and what they say about a DNSKEY RRset.
 *
 * A DS RRset here has already been believed: validated in the parent, or configured as an anchor.
 */
#ifndef VALIDATOR_DS_H
#define VALIDATOR_DS_H

#include "validator/dnskey.h"
#include "validator/rrsig.h"

struct ds {
	uint16_t tag;
	uint8_t algorithm, digest_type;
	const uint8_t *digest; /* borrowed from the RDATA */
	size_t digest_len;
};

MUST_CHECK enum err ds_parse(const struct rdata *r, struct ds *out);

/* The DS of a DNSKEY (RFC 4034 section 5.1.4): RDATA in a's memory. */
MUST_CHECK enum err ds_of(const struct name *owner, const struct rdata *dnskey, uint8_t digest_type,
                          struct arena *a, struct rdata *out);

bool ds_matches(const struct ds *ds, const struct name *owner, const struct rdata *dnskey);

/* Can this DS RRset be followed at all?  RFC 4035 section 5.2, RFC 6840 section 5.2. */
enum ds_support {
	DS_SUPPORTED,    /* at least one DS of known algorithm and digest */
	DS_NO_ALGORITHM, /* EDE 1 */
	DS_NO_DIGEST,    /* EDE 2 */
};
enum ds_support ds_support(const struct rrset *ds, bool allow_sha1);

/*
 * RFC 4035 section 5.2: is the DNSKEY RRset signed by a key that one of these DS names?  Any one
 * will do (RFC 6840 section 5.11).  SHA-1 does not count beside a better digest: RFC 4509
 * section 3.
 */
enum fault ds_vouches(const struct verifier *by, const struct rrset *ds,
                      const struct rrset *dnskeys, struct signature *out);

#endif
