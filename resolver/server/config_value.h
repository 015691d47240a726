/*
 * config_value.h - one value: text <-> the field it belongs to.
 *
 * Takes scalars as the YAML parser found them, and knows their kinds, units and ranges from the
 * key.  Does not know where in the file the text stood.
 */
#ifndef SERVER_CONFIG_VALUE_H
#define SERVER_CONFIG_VALUE_H

#include "resolver/server/config_key.h"
#include "resolver/wire/zonetext.h"

/*
 * Reads one scalar into the field at *field; for the list kinds, appends it to the list, which must
 * have room (key->max). ERR_FORMAT: what says why.  Strings are copied into a.
 */
MUST_CHECK enum err config_value_read(const struct config_key *k, const char *text, size_t len,
				      struct arena *a, void *field, char what[CONFIG_WHAT_MAX]);

/*
 * Appends zone text to a CONFIG_RECORDS field, going on where *z stopped (origin, owner, TTL).
 * ERR_FORMAT: z->line is the line inside text, from 1, and what says why.
 */
MUST_CHECK enum err config_value_records(const struct config_key *k, const char *text, size_t len,
					 struct arena *a, struct zonetext *z,
					 struct config_records *field, char what[CONFIG_WHAT_MAX]);

/*
 * A new, zeroed last element of size octets in the list (count, then items) at *field.
 * NULL: no memory.
 */
void *config_value_append(struct arena *a, void *field, size_t size);
size_t config_value_count(const void *field);

/* Text from outside made fit for one line of a terminal: quoted, cut, unprintables as '?'. */
enum { CONFIG_QUOTED_MAX = 72 };
void config_value_quote(const char *text, size_t len, char out[CONFIG_QUOTED_MAX]);

#endif
