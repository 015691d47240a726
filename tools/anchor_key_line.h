/*
 * anchor_key_line.h - trust anchors told to people: one key a line, then the zones' health.
 */
#ifndef TOOLS_ANCHOR_KEY_LINE_H
#define TOOLS_ANCHOR_KEY_LINE_H

#include "validator/rfc5011.h"
#include <stdio.h>

/* "20326 Valid algorithm 8 zone . since 2026-10-11T00:00:00Z ..." for each. */
void anchor_key_lines(FILE *out, const struct anchor_state *s);
/* "zone .: green: ..." for each zone; true when one is red. */
bool anchor_health_lines(FILE *out, const struct anchor_state *s, bool allow_sha1);
/* When each zone's DNSKEY RRset is to be asked for again: RFC 5011 section 2.3. */
void anchor_next_lines(FILE *out, const struct anchor_state *s);
/* What a step came to and what it changed. */
void anchor_report_lines(FILE *out, const struct rfc5011_report *r);

#endif
