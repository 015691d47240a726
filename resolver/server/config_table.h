/*
 * config_table.h - the one table of keys.
 *
 * The parser, the printer, the JSON schema, the manual page and the example file all walk it: a
 * key that is not here does not exist, and one that is cannot be forgotten anywhere.
 */
#ifndef SERVER_CONFIG_TABLE_H
#define SERVER_CONFIG_TABLE_H

#include "resolver/server/config_key.h"

/* The top level: groups and lists of maps, ended by a NULL name. */
extern const struct config_key config_table[];

#endif
