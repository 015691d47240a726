/*
 * anchor_input.h - the files warren-anchor reads beside its state.
 *
 * Errors are told on stderr, with the file's name.
 */
#ifndef TOOLS_ANCHOR_INPUT_H
#define TOOLS_ANCHOR_INPUT_H

#include "resolver/wire/rrset.h"

/* A whole file of at most limit octets; "-" is standard input.  Owned.  NULL: told why. */
char *anchor_input_text(const char *path, size_t limit, size_t *len);
/* The one DNSKEY RRset in a text as dig prints it; other records are passed over.  NULL: told why. */
struct rrset *anchor_input_dnskeys(const char *path, const char *text, size_t len, struct arena *a);

#endif
