/*
 * config_check.h - what no single key can say: orders, pairs, duplicates.
 *
 * The last step of config_parse(); reads only.
 */
#ifndef SERVER_CONFIG_CHECK_H
#define SERVER_CONFIG_CHECK_H

#include "resolver/server/config.h"

enum { CONFIG_CULPRITS = 2 };

/*
 * Which fields disagree: their addresses inside *c (the caller knows in which lines they stood),
 * or, for an element of a list of maps, why->at.  NULL: nothing to point at.
 */
struct config_culprits {
	const void *field[CONFIG_CULPRITS];
};

MUST_CHECK enum err config_check(const struct config *c, struct config_culprits *culprits,
				 struct config_error *why);

#endif
