/*
 * json.h - strings of JSON (RFC 8259) written to a stream; the braces are the caller's.
 */
#ifndef SERVER_JSON_H
#define SERVER_JSON_H

#include "resolver/wire/name.h"
#include <stdio.h>

/* In quotes.  Octets beyond ASCII are written as if they were Latin-1: no input makes it invalid. */
void json_string(FILE *out, const char *text);
void json_name(FILE *out, const struct name *name);

#endif
