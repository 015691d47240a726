#include "resolver/wire/date.h"

#include <stdbool.h>

enum { DAY_SECONDS = 86400 };

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned month_days(int64_t year, unsigned month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0 ? 1 : 0);
}

/* Days from 1970-01-01 to the first of January of year. */
static int64_t year_start(int64_t year)
{
	int64_t y = year - 1; /* whole years before, counted from year 1 */
	return y * 365 + floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400) - 719162;
}

struct date date_of(int64_t seconds)
{
	int64_t day = floor_div(seconds, DAY_SECONDS);
	unsigned clock = (unsigned)(seconds - day * DAY_SECONDS);
	struct date d = { .year = 1970 + floor_div(day * 400, 146097), .month = 1 };
	while (year_start(d.year) > day)
		d.year--;
	while (year_start(d.year + 1) <= day)
		d.year++;
	unsigned rest = (unsigned)(day - year_start(d.year));
	while (rest >= month_days(d.year, d.month))
		rest -= month_days(d.year, d.month++);
	d.day = rest + 1;
	d.hour = clock / 3600;
	d.minute = clock / 60 % 60;
	d.second = clock % 60;
	return d;
}

enum err date_seconds(const struct date *d, int64_t *out)
{
	if (d->year < 0 || d->year > 9999 || d->month < 1 || d->month > 12 || d->day < 1 ||
	    d->day > month_days(d->year, d->month) || d->hour > 23 || d->minute > 59 ||
	    d->second > 59)
		return ERR_FORMAT;
	int64_t day = year_start(d->year) + d->day - 1;
	for (unsigned m = 1; m < d->month; m++)
		day += month_days(d->year, m);
	*out = day * DAY_SECONDS + d->hour * 3600 + d->minute * 60 + d->second;
	return ERR_OK;
}
