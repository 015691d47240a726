/*
 * moment.h - a point in time as people read it: ISO 8601, UTC, to the second.
 *
 * Writes one form, 2026-10-11T00:00:00Z; reads what the state file, root-anchors.xml and an
 * operator write.  Pure arithmetic on seconds since 1970.
 */
#ifndef VALIDATOR_MOMENT_H
#define VALIDATOR_MOMENT_H

#include "resolver/wire/text.h"

/* A moment outside the years 0 to 9999 is ERR_UNSUPPORTED in t. */
void moment_text(struct text *t, int64_t seconds);

/*
 * Extended or basic form (2026-10-11T00:00:00Z, 20261011T000000Z), 'T' or one blank between day and
 * time, a day alone (then midnight), a time without seconds, an offset (+02:00) or Z or nothing (then
 * UTC); a fraction is cut off.  ERR_FORMAT.
 */
MUST_CHECK enum err moment_parse(const char *text, size_t len, int64_t *out);

#endif
