/*
 * identity.h - who we say we are: CH TXT version.bind, version.server, hostname.bind and id.server.
 *
 * RFC 4892 and the habits of others before it.  Only these four names, only in class CH, and only as the
 * operator worded them; everything else in that class is core's to refuse.
 */
#ifndef SERVER_IDENTITY_H
#define SERVER_IDENTITY_H

#include "resolver/server/config.h"
#include "resolver/wire/query.h"
#include "resolver/wire/writer.h"

/* What is told to this question; NULL: it is not about us, or nothing is to be told. */
const char *identity_text(const struct config_server *c, const struct question *q);

/* The reply that tells it.  edns: the OPT of the reply, NULL when the query had none. */
void identity_reply(const struct query *query, const char *text, const struct edns *edns,
                    struct writer *w);

#endif
