/*
 * harvest.h - outcomes and lessons from a scrubbed reply.
 *
 * Gives every RRset its rank (RFC 2181 section 5.4.1): what the zone's server says with authority,
 * what it says in passing, what a forwarder says.  Nothing outside the cut's zone gets in.
 */
#ifndef ITERATE_HARVEST_H
#define ITERATE_HARVEST_H

#include "resolver/iterate/scrub.h"
#include "resolver/iterate/walk.h"

/*
 * The outcome of the walk's question from a reply to all of it (or a DNAME or an NXDOMAIN from a
 * shortened one), with the lessons beside it.  Ends the walk.
 */
void harvest_outcome(struct iterate *it, const struct message *m, const struct reply *r);

/* The DS of a referral, or what proves that there is none, as the walk's own outcome. */
void harvest_ds_outcome(struct iterate *it, const struct message *m, const struct rrset *ns);

/* The cut of a referral and what it says about its DS, as lessons.  NULL: the walk has failed. */
const struct cut *harvest_referral(struct iterate *it, const struct message *m,
                                   const struct rrset *ns);

#endif
