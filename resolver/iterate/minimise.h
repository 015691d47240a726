/*
 * minimise.h - how much of a name a server gets to see (RFC 9156).
 */
#ifndef ITERATE_MINIMISE_H
#define ITERATE_MINIMISE_H

#include "resolver/wire/name.h"

/*
 * How many rightmost labels of name to ask for next: `known` of them exist or are the zone asked,
 * `steps` shortened questions went out before.  name_labels(name) means: all of it.
 */
unsigned minimise_labels(const struct name *name, unsigned known, unsigned steps);

#endif
