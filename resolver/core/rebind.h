/*
 * rebind.h - answers that lead a browser into the network it stands in (threats T13).
 *
 * Looks at addresses of A and AAAA and at the hints of SVCB and HTTPS.  Names of configured zones
 * and local data may have private addresses.
 */
#ifndef CORE_REBIND_H
#define CORE_REBIND_H

#include "resolver/core/flight.h"

/* The chain's answer holds a private address for a public name. */
bool rebind_is_refused(const struct tasks *ts, const struct question *q, const struct chain *c);

#endif
