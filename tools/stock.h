/*
 * stock.h - entries by number, to fill a cache with and to know again: what is found must be what was put.
 *
 * Names are of usual length, below a few top-level domains that nobody has; every third entry is signed and
 * secure, every sixth says that there is no such data.  Everything follows from the number.
 */
#ifndef TOOLS_STOCK_H
#define TOOLS_STOCK_H

#include "cache/cache.h"

enum { STOCK_TTL = 86400 };

struct question stock_question(unsigned i);
void stock_put(struct cache *c, struct now now, unsigned i);
/* What was found for stock_question(i) says what stock_put(i) put, and has not lived too long. */
bool stock_is_right(const struct cached *found, unsigned i);

#endif
