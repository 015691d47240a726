/*
 * text.h - the way out for presentation format: characters into a fixed buffer.
 *
 * Always NUL-terminated.  ERR_SPACE sticks: what does not fit is cut.  ERR_UNSUPPORTED is for
 * a caller to say "this has no presentation form".
 */
#ifndef WIRE_TEXT_H
#define WIRE_TEXT_H

#include "resolver/wire/name.h"

struct text {
	char *at, *end; /* *at is the NUL; end is behind the buffer */
	enum err err;
};

struct text text_of(char *out, size_t size);

void text_char(struct text *t, char c);
void text_put(struct text *t, const char *s);
void text_number(struct text *t, uint64_t v);
void text_name(struct text *t, const struct name *n);
void text_type(struct text *t, uint16_t type);

/* "octets" in quotes, RFC 1035 section 5.1 escapes: \" \\ \DDD. */
void text_quoted(struct text *t, const uint8_t *octets, size_t len);
/* One octet as it stands inside quotes. */
void text_octet(struct text *t, uint8_t octet);

void text_time(struct text *t, uint32_t seconds); /* YYYYMMDDHHmmSS */

#endif
