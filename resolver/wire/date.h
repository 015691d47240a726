/*
 * date.h - civil date and time of day (UTC, Gregorian) <-> seconds since 1970.
 *
 * Pure arithmetic: no time zone, no leap seconds, no <time.h>.
 */
#ifndef WIRE_DATE_H
#define WIRE_DATE_H

#include "resolver/base/err.h"
#include <stdint.h>

struct date {
	int64_t year;
	unsigned month, day;            /* from 1 */
	unsigned hour, minute, second;
};

struct date date_of(int64_t seconds);

/* ERR_FORMAT: no such day or hour, or a year outside 0..9999. */
MUST_CHECK enum err date_seconds(const struct date *d, int64_t *out);

#endif
