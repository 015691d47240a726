/*
 * reply.h - a chain and a client's query become an answer in octets.
 *
 * Sections, flags, rcode, extended errors, TTL policy, order of records, truncation by whole
 * RRsets with the room for OPT kept first (threats H5).  Decides nothing about what is true.
 */
#ifndef CORE_REPLY_H
#define CORE_REPLY_H

#include "cache/answers.h"
#include "resolver/core/flight.h"

/* The answer a chain came to.  q: what was looked up, which for ANY is not what was asked. */
void reply_chain(struct tasks *ts, struct now now, const struct ask *ask,
                 const struct question *q, const struct chain *c, struct writer *w);

/*
 * The same question was answered before and the reply is kept finished.  The setup has answers.
 * False: no such; w stands as before.
 */
bool reply_finished(struct tasks *ts, struct now now, const struct ask *ask, struct writer *w,
                    struct answers_found *found);

/*
 * Header, question (when the query has one) and OPT: REFUSED by ACL, FORMERR, BADVERS, NOTIMP ...
 * flags: RA where the client may have recursion (RFC 1035 section 4.1.1), else 0.  errors: whether EDE
 * may be written.  options as in struct ask.
 */
void reply_error(const struct query *query, uint16_t rcode, uint16_t flags, struct reason reason,
                 const struct edns *options, uint16_t udp_size, bool errors, struct writer *w);

#endif
