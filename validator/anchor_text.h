/*
 * anchor_text.h - the anchor state as text: readable, one line a thing, checked to the last octet.
 *
 *	warren-anchors 1
 *	floor 2026-10-11T00:00:00Z
 *	key . 20326 8 257 Valid since ... first ... last ... hold never sightings 12 AwEAAaz/...
 *	key . 38696 8 257 AddPend since ... first ... last ... hold ... sightings 3 by 20326 AwEAAa96...
 *	ds . 38696 8 2 Valid since ... first never last never hold never sightings 0 683D2D0A...
 *	zone . believed 2026-10-11T08:00:00Z refused never next 2026-10-12T08:00:00Z retry 17280
 *	checksum 0123456789abcdef
 *
 * A file is taken whole or refused whole (threats F1): one wrong octet, one line too few, an
 * impossible date, and nothing of it counts.  Lines that begin with # may stand anywhere.
 */
#ifndef VALIDATOR_ANCHOR_TEXT_H
#define VALIDATOR_ANCHOR_TEXT_H

#include "validator/anchor_state.h"

enum { ANCHOR_TEXT_WHAT_MAX = 96 };

struct anchor_text_error {
	unsigned line;                   /* from 1; 0: the file as a whole */
	char what[ANCHOR_TEXT_WHAT_MAX]; /* in words */
};

/* out is owned and NUL-terminated: free it.  ERR_LIMIT: more than LIMIT_ANCHOR_TEXT octets. */
MUST_CHECK enum err anchor_text_write(const struct anchor_state *s, char **out);

/*
 * Such a text; or zone text (RFC 1035 section 5) of DS and DNSKEY records, trusted from now on: RRSIGs
 * among them are passed over.  out is owned, and set for ERR_OK alone.  ERR_CORRUPT: the checksum;
 * ERR_VERSION; ERR_LIMIT: beyond LIMIT_ANCHOR_TEXT or LIMIT_ANCHORS; ERR_FORMAT; ERR_NOMEM.
 */
MUST_CHECK enum err anchor_text_read(const char *text, size_t len, struct now now,
                                     struct anchor_state *out, struct anchor_text_error *why);

/* The last line for all before it: for whoever makes such a text by other means. */
uint64_t anchor_text_checksum(const char *text, size_t len);

#endif
