/*
 * anchor_report.h - the state of the trust anchors told to people: which keys, and whether all is well.
 */
#ifndef SERVER_ANCHOR_REPORT_H
#define SERVER_ANCHOR_REPORT_H

#include "validator/anchor_state.h"

#include <stdio.h>

/* "20326 Valid, 38696 AddPend", cut where it does not fit; "none". */
void anchor_report_keys(const struct anchor_state *s, const struct name *zone, char *out, size_t size);

/*
 * A line a zone for a status; with json an array.  text: the state as anchor_text.h writes it, or NULL when
 * nobody keeps one.
 */
void anchor_report(const char *text, bool allow_sha1, bool json, FILE *out);

#endif
