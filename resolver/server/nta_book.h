/*
 * nta_book.h - the negative trust anchors in force (RFC 7646), kept by the supervisor.
 *
 * From the configuration and from the operator; each ends after its time.  Workers get the whole set as
 * CHANNEL_NTAS, names in wire form one after the other.  From time to time a worker is asked whether one is
 * still needed; when its name validates again, it ends.  When one has ended, what was cached below it is
 * forgotten, for it was not validated.
 */
#ifndef SERVER_NTA_BOOK_H
#define SERVER_NTA_BOOK_H

#include "resolver/server/child.h"

struct nta_book;

/* Owned; with what the configuration in force says.  NULL: no memory. */
struct nta_book *nta_book_new(struct supervisor *s);
void nta_book_free(struct nta_book *b); /* takes NULL */

/* After a reload: those of the new configuration begin anew, those only in old end now. */
void nta_book_on_config(struct nta_book *b, const struct config *old);

/* Workers hear of both.  seconds 0: as long as configured.  why: in words, on an error. */
MUST_CHECK enum err nta_book_add(struct nta_book *b, const struct name *name, uint32_t seconds,
                                 const char **why);
MUST_CHECK enum err nta_book_remove(struct nta_book *b, const struct name *name, const char **why);

/* A CHANNEL_NTA_OVER came. */
void nta_book_over(struct nta_book *b, const uint8_t *octets, size_t len);

/* What CHANNEL_NTAS says: borrowed until the next change. */
const uint8_t *nta_book_octets(const struct nta_book *b, size_t *len);
void nta_book_list(const struct nta_book *b, bool json, FILE *out);

#endif
