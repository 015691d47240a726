/*
 * listing.h - entries of the cache as an operator reads them: one line each, or one JSON object a line.
 */
#ifndef SERVER_LISTING_H
#define SERVER_LISTING_H

#include "cache/seen.h"
#include "resolver/base/now.h"
#include "resolver/server/command.h"
#include <stdio.h>

/* where: "hot", "store". */
void listing_line(FILE *out, const char *where, const struct seen *s, struct now now, bool json);

/*
 * The runs of keys under which a LOOKUP finds what is cached at a name, one after the other: false, there are
 * no more.  Denials lie under their zones and are not among them.
 */
bool listing_run(const struct command *c, unsigned index, struct key *run);
/* Is it that name, and that type if one was asked for? */
bool listing_wants(const struct command *c, const struct seen *s);

#endif
