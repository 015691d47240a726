/*
 * premise.h - is there a point in asking for a DS or DNSKEY?  Not where a cut above is insecure.
 *
 * RFC 4035 section 5.2: below a delegation without DS everything is insecure, so before a sub-question for keys
 * is sent, the zone it would be sent to is judged as if it had answered with nothing.  That asks for DS
 * RRsets above only, which the chain of trust needs in any case, and costs no packet of its own.
 */
#ifndef CORE_PREMISE_H
#define CORE_PREMISE_H

#include "resolver/core/task.h"
#include "validator/validate.h"

/* t->cut is known.  True: t is VALIDATING its premise now; false: there is nothing to judge. */
bool premise_begin(struct tasks *ts, struct task *t);
/* What t's question comes to when nobody needs to be asked, else NULL: go and ask. */
struct outcome *premise_result(const struct task *t, const struct verdict *verdict);

#endif
