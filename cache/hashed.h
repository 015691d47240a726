/*
 * hashed.h - the owner of an NSEC3: a hash in base32hex, as a label (RFC 5155 section 3).
 */
#ifndef CACHE_HASHED_H
#define CACHE_HASHED_H

#include "resolver/wire/name.h"

enum { HASHED_OCTETS = 39 }; /* 63 digits hold no more whole octets */

/* The hash in the first label of owner, which must lie just below zone.  ERR_FORMAT: not such a name. */
MUST_CHECK enum err hashed_read(const struct name *owner, const struct name *zone,
                                uint8_t hash[HASHED_OCTETS], size_t *len);
MUST_CHECK enum err hashed_owner(const uint8_t *hash, size_t len, const struct name *zone,
                                 struct name *out);

#endif
