/*
 * anchors.h - the keys we start trusting from.
 *
 * An immutable set: built once, then only read.  Every anchor is kept as DS records of its zone; a
 * configured DNSKEY becomes its SHA-256 DS.  Anchors of algorithms we cannot use are kept, too
 * (threats F8).  Touches no file and does not know RFC 5011 (rfc5011.h).
 */
#ifndef VALIDATOR_ANCHORS_H
#define VALIDATOR_ANCHORS_H

#include "resolver/wire/rrset.h"

struct anchors;

/*
 * sets: DS and DNSKEY RRsets, several of one owner are joined; other types are ERR_FORMAT.
 * Revoked DNSKEYs and those that are not zone keys are left out.  Copied.  out is owned.
 */
MUST_CHECK enum err anchors_new(const struct rrset *sets, size_t count, struct anchors **out);
void anchors_free(struct anchors *a); /* takes NULL */

/*
 * The DS RRset compiled in as the floor: root KSK-2017 (tag 20326) and KSK-2024 (38696).  Memory is
 * a's.  NULL: no memory.
 */
struct rrset *anchors_built_in(struct arena *a);

/* The DS RRset of the deepest anchor at or above name; NULL: nothing there is signed for us. */
const struct rrset *anchors_closest(const struct anchors *a, const struct name *name);
/* All of them, for control and sentinel. */
const struct rrset *anchors_all(const struct anchors *a, size_t *count);

#endif
