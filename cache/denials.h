/*
 * denials.h - validated NSEC and NSEC3 RRsets, found by the name or hash they cover (RFC 8198).
 *
 * One range lookup in each layer.  Whether the one found really proves anything is the validator's to say.
 */
#ifndef CACHE_DENIALS_H
#define CACHE_DENIALS_H

#include "cache/cache.h"
#include "cache/layers.h"

MUST_CHECK enum err denials_find_nsec(struct layers *l, const struct cache_policy *policy,
                                      uint32_t now_s, const struct name *zone,
                                      const struct name *name, struct arena *a, struct rrset *out);
MUST_CHECK enum err denials_find_nsec3(struct layers *l, const struct cache_policy *policy,
                                       uint32_t now_s, const struct name *zone,
                                       const uint8_t *hash, size_t len, struct arena *a,
                                       struct rrset *out);
/* Only secure sets whose owner lies in zone; a signature's end bounds them. */
void denials_put(struct layers *l, const struct cache_policy *policy, struct now now,
                 const struct name *zone, const struct rrset *set);

#endif
