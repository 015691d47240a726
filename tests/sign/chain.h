/*
 * chain.h - the NSEC or NSEC3 chain of a zone, and which of its records prove what.
 *
 * The inside of zone.h: what its files share.
 */
#ifndef TESTS_CHAIN_H
#define TESTS_CHAIN_H

#include "tests/sign/zone.h"

struct zone_node {
	struct name name;
	bool delegation; /* NS, not the apex */
	bool hidden;     /* below a delegation or a DNAME */
	uint8_t hash[20];
};

struct rrset *zone_find(const struct zone *z, const struct name *owner, uint16_t type);
const struct zone_node *zone_node_of(const struct zone *z, const struct name *name); /* or NULL */
MUST_CHECK enum err zone_add_set(struct zone *z, struct rrset *set);
MUST_CHECK enum err zone_sign_set(const struct zone *z, struct arena *a, struct rrset *set);

MUST_CHECK enum err chain_make(struct zone *z);

/* The record at the name, or NULL. */
struct rrset *chain_match(const struct zone *z, const struct name *name);
/* The record whose span holds the name. */
struct rrset *chain_cover(const struct zone *z, const struct name *name);
/* RFC 9824: made for this question, signed. NULL: no memory. */
struct rrset *chain_compact(const struct zone *z, struct arena *a, const struct name *name);

#endif
