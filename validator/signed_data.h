/*
 * signed_data.h - the octets a signature is over: RFC 4035 section 5.3.2.
 *
 * The records are brought into canonical form and order once; each RRSIG then puts its own
 * head, owner (wildcard restored) and TTL around them.
 */
#ifndef VALIDATOR_SIGNED_DATA_H
#define VALIDATOR_SIGNED_DATA_H

#include "resolver/wire/rrset.h"

struct signed_data {
	const struct rrset *set; /* borrowed */
	struct rdata *rdata;     /* owned: canonical, sorted, without duplicates */
	unsigned count;
	uint8_t *room;           /* owned: their octets */
	uint8_t *octets;         /* owned: what signed_data_for made last, with spare room behind */
	size_t size;
};

/* spare: octets the caller wants behind the data for its own use. */
MUST_CHECK enum err signed_data_init(struct signed_data *d, const struct rrset *set, size_t spare);
void signed_data_clear(struct signed_data *d);

/* The octets for one RRSIG whose labels fit the owner, in d->octets; 0: it does not fit. */
size_t signed_data_for(struct signed_data *d, const struct rrsig *sig);

#endif
