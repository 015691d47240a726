/*
 * referral.h - a zone cut from a referral, with the glue that may be believed.
 *
 * Takes at most LIMIT_NS_KEPT names and LIMIT_NS_ADDRESSES addresses of each, before anything is
 * looked up (threats C2).  Addresses count only for the NS names of this referral and only below
 * the zone that refers (threats B3, B5); they are used for this delegation, never as answers.
 */
#ifndef ITERATE_REFERRAL_H
#define ITERATE_REFERRAL_H

#include "resolver/wire/cut.h"
#include "resolver/wire/message.h"

/* In a's memory.  parent: the zone whose server sent m.  NULL: no memory. */
struct cut *referral_cut(struct arena *a, const struct message *m, const struct rrset *ns,
                         const struct name *parent);

/* The addresses in an A or AAAA RRset, at most max; port 0.  Returns how many. */
unsigned referral_addresses(const struct rrset *set, struct address *out, unsigned max);

#endif
