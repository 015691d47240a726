/*
 * dnskey.h - one DNSKEY record: fields, tag, fitness for signatures of a zone.
 */
#ifndef VALIDATOR_DNSKEY_H
#define VALIDATOR_DNSKEY_H

#include "resolver/wire/rrset.h"

/* RFC 4034 section 2.1.1, RFC 5011 section 7. */
enum { DNSKEY_ZONE = 0x0100, DNSKEY_REVOKE = 0x0080, DNSKEY_SEP = 0x0001 };

struct dnskey {
	uint16_t flags;
	uint8_t protocol, algorithm;
	uint16_t tag;
	const uint8_t *material; /* borrowed from the RDATA */
	size_t material_len;
};

MUST_CHECK enum err dnskey_parse(const struct rdata *r, struct dnskey *out);

/* RFC 4034 appendix B, over the whole RDATA. */
uint16_t dnskey_tag(const struct rdata *r);

/* Protocol 3 and the Zone Key flag (RFC 4034 section 2.1), not revoked (RFC 5011 section 2.1). */
bool dnskey_may_sign(const struct dnskey *k);
/* A zone key that was fit but for its REVOKE bit. */
bool dnskey_is_revoked(const struct dnskey *k);

#endif
