#include "resolver/wire/name.h"

#include <assert.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One octet of a label, RFC 1035 section 5.1: a character, \X or \DDD. */
static enum err scan_octet(const char **at, uint8_t *out)
{
	const char *p = *at;
	if (p[0] != '\\') {
		*out = (uint8_t)p[0];
		*at = p + 1;
	} else if (is_digit(p[1])) {
		if (!is_digit(p[2]) || !is_digit(p[3]))
			return ERR_FORMAT;
		int value = (p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0');
		if (value > 255)
			return ERR_FORMAT;
		*out = (uint8_t)value;
		*at = p + 4;
	} else {
		if (p[1] == '\0')
			return ERR_FORMAT;
		*out = (uint8_t)p[1];
		*at = p + 2;
	}
	return ERR_OK;
}

/* A label up to its dot or the end of the text; n grows by it. */
static enum err scan_label(const char **at, struct name *n, size_t *used)
{
	size_t length_at = *used, len = 0;
	while (**at != '\0' && **at != '.') {
		/* One octet stays free for the root label. */
		if (len == LABEL_OCTETS || length_at + 1 + len + 1 >= NAME_OCTETS)
			return ERR_FORMAT;
		enum err e = scan_octet(at, &n->wire[length_at + 1 + len]);
		if (e != ERR_OK)
			return e;
		len++;
	}
	if (len == 0)
		return ERR_FORMAT;
	n->wire[length_at] = (uint8_t)len;
	*used = length_at + 1 + len;
	return ERR_OK;
}

enum err name_from_text(const char *text, struct name *out)
{
	struct name n = name_root();
	size_t used = 0;
	if (strcmp(text, ".") == 0) {
		name_copy(out, &n);
		return ERR_OK;
	}
	do {
		enum err e = scan_label(&text, &n, &used);
		if (e != ERR_OK)
			return e;
		if (*text == '.')
			text++;
	} while (*text != '\0');
	n.wire[used] = 0;
	n.len = (uint8_t)(used + 1);
	name_copy(out, &n);
	return ERR_OK;
}

struct name name_of(const char *text)
{
	struct name n;
	enum err e = name_from_text(text, &n);
	assert(e == ERR_OK);
	return e == ERR_OK ? n : name_root();
}

static char *put_octet(char *to, uint8_t c)
{
	if (c <= ' ' || c >= 0x7f) {
		*to++ = '\\';
		*to++ = (char)('0' + c / 100);
		*to++ = (char)('0' + c / 10 % 10);
		*to++ = (char)('0' + c % 10);
		return to;
	}
	if (strchr(".\\\"();@$", c) != NULL)
		*to++ = '\\';
	*to++ = (char)c;
	return to;
}

void name_text(const struct name *n, char out[NAME_TEXT_MAX])
{
	char *to = out;
	for (size_t at = 0; n->wire[at] != 0; at += 1 + (size_t)n->wire[at]) {
		for (size_t i = 1; i <= n->wire[at]; i++)
			to = put_octet(to, n->wire[at + i]);
		*to++ = '.';
	}
	if (to == out)
		*to++ = '.';
	*to = '\0';
}
