/*
 * control_report.h - what the supervisor knows, in words or as JSON: status, counters, anchors.
 */
#ifndef SERVER_CONTROL_REPORT_H
#define SERVER_CONTROL_REPORT_H

#include "resolver/server/child.h"
#include "resolver/server/command.h"

/* For STATUS, STATS, NTA_LIST, ANCHORS.  store: what the keeper said for a STATUS; NULL: nothing, for that why. */
void control_report(const struct supervisor *s, const struct command *c, const char *store,
                    const char *why, FILE *out);

#endif
