/*
 * token.h - the way in for presentation format: the tokens of one record.
 *
 * RFC 1035 section 5.1: separated by blanks, with "..." and \DDD.  Lines, parentheses and
 * comments are zonetext.h.  Errors stick: after the first every token is empty.
 */
#ifndef WIRE_TOKEN_H
#define WIRE_TOKEN_H

#include "resolver/wire/name.h"

enum { TOKEN_TEXT_MAX = NAME_TEXT_MAX }; /* longest token that is copied, NUL included */

struct token {
	const char *at; /* borrowed from the text; quotes around it taken off */
	size_t len;
	bool quoted;
};

struct tokens {
	const char *at, *end;
	enum err err;
};

struct tokens tokens_of(const char *text, size_t len);
bool tokens_left(struct tokens *t);
void tokens_fail(struct tokens *t); /* ERR_FORMAT, when nothing failed before */
/* ERR_OK when all were taken and nothing failed, else the error. */
MUST_CHECK enum err tokens_finish(struct tokens *t);

/* One more must follow, else ERR_FORMAT. */
struct token token_next(struct tokens *t);
bool token_is(const struct token *token, const char *text); /* unquoted, case-insensitive */
/* A copy with NUL, escapes kept; false: too long, has a NUL, or was quoted. */
bool token_copy(const struct token *token, char out[TOKEN_TEXT_MAX]);

/* One token each; wrong ones set t->err. */
uint32_t token_number(struct tokens *t, uint32_t max); /* decimal digits only */
uint16_t token_type(struct tokens *t);
uint32_t token_time(struct tokens *t); /* YYYYMMDDHHmmSS or seconds: RFC 4034 section 3.2 */
/* "@" is the origin, a name without a final dot lies below it. */
struct name token_name(struct tokens *t, const struct name *origin);
/* The octets a token stands for, escapes undone; ERR_SPACE when they are more than size. */
size_t token_octets(struct tokens *t, const struct token *token, uint8_t *out, size_t size);

#endif
