#include "resolver/wire/token.h"

#include "resolver/wire/date.h"
#include "resolver/wire/type.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct tokens tokens_of(const char *text, size_t len)
{
	return (struct tokens){ text, len > 0 ? text + len : text, ERR_OK };
}

bool tokens_left(struct tokens *t)
{
	while (t->at < t->end && is_blank(*t->at))
		t->at++;
	return t->err == ERR_OK && t->at < t->end;
}

void tokens_fail(struct tokens *t)
{
	if (t->err == ERR_OK)
		t->err = ERR_FORMAT;
}

enum err tokens_finish(struct tokens *t)
{
	if (tokens_left(t))
		return ERR_FORMAT;
	return t->err;
}

/* Behind the closing quote of what begins at t->at; NULL: there is none. */
static const char *quote_end(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at == '"')
			return at + 1;
		if (*at == '\\' && end - at > 1)
			at++;
	}
	return NULL;
}

/* Behind the token at `at`; quotes may open inside it (key="a b").  NULL: malformed. */
static const char *token_end(const char *at, const char *end)
{
	while (at != NULL && at < end && !is_blank(*at)) {
		if (*at == '"')
			at = quote_end(at, end);
		else if (*at == '\\')
			at = end - at > 1 ? at + 2 : NULL;
		else
			at++;
	}
	return at;
}

struct token token_next(struct tokens *t)
{
	static const struct token none = { "", 0, false };
	if (!tokens_left(t)) {
		tokens_fail(t);
		return none;
	}
	const char *first = t->at;
	bool quoted = *first == '"';
	const char *end = quoted ? quote_end(first, t->end) : token_end(first, t->end);
	if (end == NULL || (end < t->end && !is_blank(*end))) {
		tokens_fail(t);
		return none;
	}
	t->at = end;
	if (quoted)
		return (struct token){ first + 1, (size_t)(end - first) - 2, true };
	return (struct token){ first, (size_t)(end - first), false };
}

bool token_is(const struct token *token, const char *text)
{
	return !token->quoted && token->len == strlen(text) &&
	       strncasecmp(token->at, text, token->len) == 0;
}

bool token_copy(const struct token *token, char out[TOKEN_TEXT_MAX])
{
	if (token->quoted || token->len >= TOKEN_TEXT_MAX ||
	    memchr(token->at, '\0', token->len) != NULL)
		return false;
	memcpy(out, token->at, token->len);
	out[token->len] = '\0';
	return true;
}

static bool all_digits(const struct token *token)
{
	for (size_t i = 0; i < token->len; i++) {
		if (token->at[i] < '0' || token->at[i] > '9')
			return false;
	}
	return !token->quoted && token->len > 0;
}

static bool number_of(const struct token *token, uint32_t max, uint32_t *out)
{
	uint64_t v = 0;
	if (!all_digits(token) || token->len > 10)
		return false;
	for (size_t i = 0; i < token->len; i++)
		v = v * 10 + (uint64_t)(token->at[i] - '0');
	if (v > max)
		return false;
	*out = (uint32_t)v;
	return true;
}

uint32_t token_number(struct tokens *t, uint32_t max)
{
	struct token token = token_next(t);
	uint32_t v = 0;
	if (!number_of(&token, max, &v))
		tokens_fail(t);
	return v;
}

uint16_t token_type(struct tokens *t)
{
	struct token token = token_next(t);
	char text[TOKEN_TEXT_MAX];
	uint16_t type = 0;
	if (!token_copy(&token, text) || type_parse(text, &type) != ERR_OK)
		tokens_fail(t);
	return type;
}

/* The decimal number in len characters known to be digits. */
static unsigned part_of(const char *at, size_t len)
{
	unsigned v = 0;
	for (size_t i = 0; i < len; i++)
		v = v * 10 + (unsigned)(at[i] - '0');
	return v;
}

/* RFC 4034 section 3.2: fourteen digits are a date, up to ten are seconds. */
uint32_t token_time(struct tokens *t)
{
	struct token token = token_next(t);
	uint32_t seconds = 0;
	if (number_of(&token, UINT32_MAX, &seconds))
		return seconds;
	const char *s = token.at;
	if (token.len != 14 || !all_digits(&token)) {
		tokens_fail(t);
		return 0;
	}
	struct date d = { part_of(s, 4),     part_of(s + 4, 2),  part_of(s + 6, 2),
			  part_of(s + 8, 2), part_of(s + 10, 2), part_of(s + 12, 2) };
	int64_t v = 0;
	if (date_seconds(&d, &v) != ERR_OK || v < 0 || v > UINT32_MAX) {
		tokens_fail(t);
		return 0;
	}
	return (uint32_t)v;
}

/* Ends in a dot that is not escaped. */
static bool is_absolute(const char *text, size_t len)
{
	if (len == 0 || text[len - 1] != '.')
		return false;
	size_t slashes = 0;
	while (slashes < len - 1 && text[len - 2 - slashes] == '\\')
		slashes++;
	return slashes % 2 == 0;
}

static bool name_below(const struct name *relative, const struct name *origin, struct name *out)
{
	uint8_t wire[2 * NAME_OCTETS];
	size_t own = (size_t)relative->len - 1; /* without the root label */
	memcpy(wire, relative->wire, own);
	memcpy(wire + own, origin->wire, origin->len);
	return name_from_wire(wire, own + origin->len, out) == ERR_OK;
}

struct name token_name(struct tokens *t, const struct name *origin)
{
	struct token token = token_next(t);
	struct name n = name_root();
	struct name full;
	char text[TOKEN_TEXT_MAX];
	if (t->err != ERR_OK)
		return n;
	if (token_is(&token, "@"))
		return *origin;
	if (token.len == 0 || !token_copy(&token, text) || name_from_text(text, &n) != ERR_OK) {
		tokens_fail(t);
		return name_root();
	}
	if (is_absolute(text, token.len))
		return n;
	if (!name_below(&n, origin, &full)) {
		tokens_fail(t);
		return name_root();
	}
	return full;
}

/* One octet, escapes undone; returns how many characters it took, 0: malformed. */
static size_t unescape(const char *at, size_t len, uint8_t *out)
{
	if (*at != '\\') {
		*out = (uint8_t)*at;
		return 1;
	}
	if (len < 2)
		return 0;
	if (at[1] < '0' || at[1] > '9') {
		*out = (uint8_t)at[1];
		return 2;
	}
	unsigned v = 0;
	for (size_t i = 1; i < 4; i++) {
		if (i >= len || at[i] < '0' || at[i] > '9')
			return 0;
		v = v * 10 + (unsigned)(at[i] - '0');
	}
	*out = (uint8_t)v;
	return v > 255 ? 0 : 4;
}

size_t token_octets(struct tokens *t, const struct token *token, uint8_t *out, size_t size)
{
	size_t len = 0;
	for (size_t i = 0; i < token->len;) {
		uint8_t octet;
		size_t took = unescape(token->at + i, token->len - i, &octet);
		if (took == 0) {
			tokens_fail(t);
			return 0;
		}
		if (len == size) {
			if (t->err == ERR_OK)
				t->err = ERR_SPACE;
			return 0;
		}
		out[len++] = octet;
		i += took;
	}
	return len;
}
