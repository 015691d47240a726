#include "resolver/wire/text.h"

#include "resolver/wire/date.h"
#include "resolver/wire/type.h"

#include <inttypes.h>
#include <stdio.h>

struct text text_of(char *out, size_t size)
{
	if (size > 0)
		*out = '\0';
	return (struct text){ out, out + size, size > 0 ? ERR_OK : ERR_SPACE };
}

void text_char(struct text *t, char c)
{
	if (t->err != ERR_OK)
		return;
	if (t->end - t->at < 2) {
		t->err = ERR_SPACE;
		return;
	}
	*t->at++ = c;
	*t->at = '\0';
}

void text_put(struct text *t, const char *s)
{
	for (; *s != '\0' && t->err == ERR_OK; s++)
		text_char(t, *s);
}

void text_number(struct text *t, uint64_t v)
{
	char digits[24];
	(void)snprintf(digits, sizeof(digits), "%" PRIu64, v);
	text_put(t, digits);
}

void text_name(struct text *t, const struct name *n)
{
	char name[NAME_TEXT_MAX];
	name_text(n, name);
	text_put(t, name);
}

void text_type(struct text *t, uint16_t type)
{
	char name[TYPE_TEXT_MAX];
	type_text(type, name);
	text_put(t, name);
}

void text_octet(struct text *t, uint8_t octet)
{
	if (octet < 0x20 || octet > 0x7e) {
		text_char(t, '\\');
		text_char(t, (char)('0' + octet / 100));
		text_char(t, (char)('0' + octet / 10 % 10));
		text_char(t, (char)('0' + octet % 10));
		return;
	}
	if (octet == '"' || octet == '\\')
		text_char(t, '\\');
	text_char(t, (char)octet);
}

void text_quoted(struct text *t, const uint8_t *octets, size_t len)
{
	text_char(t, '"');
	for (size_t i = 0; i < len; i++)
		text_octet(t, octets[i]);
	text_char(t, '"');
}

void text_time(struct text *t, uint32_t seconds)
{
	struct date d = date_of(seconds);
	char s[40];
	(void)snprintf(s, sizeof(s), "%04d%02u%02u%02u%02u%02u", (int)d.year, d.month, d.day,
		       d.hour, d.minute, d.second);
	text_put(t, s);
}
