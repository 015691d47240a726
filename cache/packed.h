/*
 * packed.h - records as the octets of an entry: numbers, names and RRsets, made small.
 *
 * A number is 7 bits an octet, least first.  A name is said relative to another: how many of its
 * rightmost labels they share, then the labels in front.  In an RRset, lengths are numbers, and the
 * signer of an RRSIG is a number of labels of the owner.  Case is kept in RDATA, not in shared labels.
 */
#ifndef CACHE_PACKED_H
#define CACHE_PACKED_H

#include "resolver/wire/reader.h"
#include "resolver/wire/rrset.h"
#include "resolver/wire/writer.h"

uint32_t packed_number(struct reader *r);
void pack_number(struct writer *w, uint32_t n);

struct name packed_name(struct reader *r, const struct name *base);
void pack_name(struct writer *w, const struct name *n, const struct name *base);

/*
 * set->owner, type and class are given; counts, RDATA and signatures are read.  RDATA points into what
 * r reads, so that must live as long as the set; signatures are rebuilt in a.
 */
MUST_CHECK enum err packed_rrset(struct reader *r, struct arena *a, struct rrset *set);
/* Signatures whose signer is not at or above the owner cannot be valid: left out. */
void pack_rrset(struct writer *w, const struct rrset *set);

#endif
