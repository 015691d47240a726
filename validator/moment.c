#include "validator/moment.h"

#include "resolver/wire/date.h"
#include <stdio.h>

void moment_text(struct text *t, int64_t seconds)
{
	struct date d = date_of(seconds);
	char s[64];
	if (d.year < 0 || d.year > 9999) {
		t->err = ERR_UNSUPPORTED;
		return;
	}
	(void)snprintf(s, sizeof(s), "%04d-%02u-%02uT%02u:%02u:%02uZ", (int)d.year, d.month, d.day,
	               d.hour, d.minute, d.second);
	text_put(t, s);
}

/* What is left of the text; wrong sticks. */
struct cursor {
	const char *at, *end;
	bool wrong;
};

static unsigned take_digits(struct cursor *c, unsigned count)
{
	unsigned v = 0;
	for (; count > 0; count--) {
		if (c->at == c->end || *c->at < '0' || *c->at > '9') {
			c->wrong = true;
			return 0;
		}
		v = v * 10 + (unsigned)(*c->at++ - '0');
	}
	return v;
}

static bool take(struct cursor *c, char wanted)
{
	if (c->wrong || c->at == c->end || *c->at != wanted)
		return false;
	c->at++;
	return true;
}

/* Two digits behind sep when the extended form is used, else right behind what was before. */
static unsigned take_part(struct cursor *c, bool extended, char sep)
{
	if (extended && !take(c, sep))
		c->wrong = true;
	return c->wrong ? 0 : take_digits(c, 2);
}

static void take_day(struct cursor *c, struct date *d)
{
	d->year = take_digits(c, 4);
	bool extended = c->at < c->end && *c->at == '-';
	d->month = take_part(c, extended, '-');
	d->day = take_part(c, extended, '-');
}

static void take_fraction(struct cursor *c)
{
	if (!take(c, '.') && !take(c, ','))
		return;
	(void)take_digits(c, 1);
	while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
		c->at++;
}

static void take_time(struct cursor *c, struct date *d)
{
	d->hour = take_digits(c, 2);
	bool extended = c->at < c->end && *c->at == ':';
	d->minute = take_part(c, extended, ':');
	bool has_seconds = extended ? c->at < c->end && *c->at == ':'
	                            : c->at < c->end && *c->at >= '0' && *c->at <= '9';
	if (!has_seconds)
		return;
	d->second = take_part(c, extended, ':');
	take_fraction(c);
}

/* Seconds east of UTC. */
static int64_t take_offset(struct cursor *c)
{
	bool east = take(c, '+');
	if (!east && !take(c, '-')) {
		(void)take(c, 'Z');
		return 0;
	}
	unsigned hours = take_digits(c, 2), minutes = 0;
	if (c->at < c->end) {
		(void)take(c, ':');
		minutes = take_digits(c, 2);
	}
	c->wrong = c->wrong || hours > 14 || minutes > 59;
	int64_t offset = (int64_t)hours * 3600 + minutes * 60;
	return east ? offset : -offset;
}

enum err moment_parse(const char *text, size_t len, int64_t *out)
{
	struct cursor c = { text, text + len, false };
	struct date d = { 0 };
	int64_t seconds, offset = 0;
	take_day(&c, &d);
	if (c.at < c.end && (take(&c, 'T') || take(&c, ' '))) {
		take_time(&c, &d);
		offset = take_offset(&c);
	}
	if (c.wrong || c.at != c.end || date_seconds(&d, &seconds) != ERR_OK)
		return ERR_FORMAT;
	*out = seconds - offset;
	return ERR_OK;
}
