/*
 * sighting.h - a DNSKEY RRset of a zone with trust anchors, looked at with the keys we trust.
 *
 * Says for each key whether it signed the RRset, and whether the RRset may be believed: signed by a
 * key that is trusted and not revoked in this very RRset.  Only keys we know are tried, so a
 * stranger's RRset costs little.  Changes nothing: what follows from it is rfc5011.h.
 */
#ifndef VALIDATOR_SIGHTING_H
#define VALIDATOR_SIGHTING_H

#include "validator/anchor_state.h"
#include "validator/rrsig.h"

struct seen_key {
	const struct rdata *rdata; /* borrowed from the RRset */
	struct dnskey key;
	bool signs;                /* a good RRSIG over the RRset by it; for a revoked key: by it as revoked */
};

struct sighting {
	const struct name *zone;   /* borrowed from the RRset */
	struct seen_key *keys;     /* in the caller's arena; malformed ones left out */
	unsigned count;
	bool believed;
	enum fault fault;          /* why not */
	uint32_t original_ttl;     /* of the signature that made it believed */
	uint32_t left_s;           /* until that expires */
	int64_t inception_s;       /* and when it began */
};

MUST_CHECK enum err sighting_of(const struct verifier *by, const struct rrset *dnskeys,
                                const struct anchor_state *s, struct arena *a,
                                struct sighting *out);

#endif
