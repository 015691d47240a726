/*
 * typeset.h - the types an NSEC or NSEC3 record says there are at its name.
 */
#ifndef VALIDATOR_TYPESET_H
#define VALIDATOR_TYPESET_H

#include "resolver/wire/bitmap.h"
#include "resolver/wire/type.h"

struct typeset {
	const uint8_t *octets; /* borrowed: a bitmap of RFC 4034 section 4.1.2 */
	size_t len;
};

static inline bool typeset_has(const struct typeset *t, uint16_t type)
{
	return bitmap_has(t->octets, t->len, type);
}

/* RFC 6840 section 4.1: the name is a delegation, seen from the parent: NS without SOA. */
static inline bool typeset_is_delegation(const struct typeset *t)
{
	return typeset_has(t, TYPE_NS) && !typeset_has(t, TYPE_SOA);
}

/* Neither the type nor a CNAME that would have been the answer: RFC 6840 section 4.3. */
static inline bool typeset_denies(const struct typeset *t, uint16_t type)
{
	return !typeset_has(t, type) && !typeset_has(t, TYPE_CNAME);
}

#endif
