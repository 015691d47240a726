#include "resolver/wire/svcb.h"

#include "resolver/base/address.h"
#include "resolver/wire/base64.h"

#include <string.h>

/* key or key=value, as it stands in the text. */
struct pair {
	uint16_t key;
	struct token value;
};

static bool split(const struct token *token, struct pair *out)
{
	const char *equals = memchr(token->at, '=', token->len);
	size_t key_len = equals == NULL ? token->len : (size_t)(equals - token->at);
	struct pair p = { 0, { token->at, 0, false } };
	if (token->quoted || !svcb_key_parse(token->at, key_len, &p.key))
		return false;
	if (equals != NULL)
		p.value = (struct token){ equals + 1, token->len - key_len - 1, false };
	if (p.value.len > 1 && p.value.at[0] == '"' && p.value.at[p.value.len - 1] == '"') {
		p.value.at++;
		p.value.len -= 2;
		p.value.quoted = true;
	}
	*out = p;
	return true;
}

/* The next item of a comma-separated list whose items need no escapes; false: none is left. */
static bool next_item(struct token *list, struct token *out)
{
	if (list->len == 0)
		return false;
	const char *comma = memchr(list->at, ',', list->len);
	size_t len = comma == NULL ? list->len : (size_t)(comma - list->at);
	*out = (struct token){ list->at, len, false };
	size_t took = comma == NULL ? len : len + 1;
	list->at += took;
	list->len -= took;
	return true;
}

/* In text the keys may stand in any order, but each only once. */
static void scan_mandatory(struct tokens *t, struct token list, struct writer *out)
{
	uint8_t named[8192] = { 0 }; /* one bit for each key there can be */
	struct token item;
	while (next_item(&list, &item)) {
		uint16_t key = 0;
		bool good = svcb_key_parse(item.at, item.len, &key);
		uint8_t bit = (uint8_t)(0x80 >> (key % 8));
		if (!good || (named[key / 8] & bit) != 0) {
			tokens_fail(t);
			return;
		}
		named[key / 8] |= bit;
	}
	for (uint32_t key = 0; key <= UINT16_MAX; key++) {
		if ((named[key / 8] & (0x80 >> (key % 8))) != 0)
			write_u16(out, (uint16_t)key);
	}
}

/*
 * RFC 9460 appendix A.1: the escapes of a character-string come off first; then an item ends at
 * a comma, and a backslash guards a comma or a backslash.
 */
static void scan_alpn(struct tokens *t, struct token list, struct writer *out)
{
	uint8_t text[2 * UINT16_MAX], item[UINT8_MAX];
	size_t len = token_octets(t, &list, text, sizeof(text));
	size_t used = 0;
	for (size_t i = 0; i < len; i++) {
		bool ends = text[i] == ',';
		if (text[i] == '\\' && ++i == len) {
			tokens_fail(t);
			return;
		}
		if (!ends && used == sizeof(item)) {
			tokens_fail(t);
			return;
		}
		if (!ends)
			item[used++] = text[i];
		if (ends || i + 1 == len) {
			write_u8(out, (uint8_t)used);
			write_octets(out, item, used);
			used = 0;
		}
	}
}

static void scan_port(struct tokens *t, const struct token *value, struct writer *out)
{
	struct tokens one = tokens_of(value->at, value->len);
	write_u16(out, (uint16_t)token_number(&one, UINT16_MAX));
	if (tokens_finish(&one) != ERR_OK)
		tokens_fail(t);
}

static void scan_hints(struct tokens *t, struct token list, uint8_t family, struct writer *out)
{
	struct token item;
	while (next_item(&list, &item)) {
		char host[TOKEN_TEXT_MAX];
		struct address a;
		if (!token_copy(&item, host) || strchr(host, '@') != NULL ||
		    address_parse(host, &a) != ERR_OK || a.family != family) {
			tokens_fail(t);
			return;
		}
		write_octets(out, a.octets, address_octets(&a));
	}
}

static void scan_octets(struct tokens *t, const struct token *value, struct writer *out)
{
	uint8_t octets[UINT16_MAX];
	size_t len = token_octets(t, value, octets, sizeof(octets));
	if (len > 0)
		write_octets(out, octets, len);
}

static void scan_value(struct tokens *t, const struct pair *p, struct writer *out)
{
	switch (p->key) {
	case SVCB_MANDATORY:
		scan_mandatory(t, p->value, out);
		return;
	case SVCB_ALPN:
		scan_alpn(t, p->value, out);
		return;
	case SVCB_PORT:
		scan_port(t, &p->value, out);
		return;
	case SVCB_IPV4HINT:
		scan_hints(t, p->value, FAMILY_IPV4, out);
		return;
	case SVCB_IPV6HINT:
		scan_hints(t, p->value, FAMILY_IPV6, out);
		return;
	case SVCB_ECH:
		base64_scan_token(t, &p->value, out);
		return;
	default:
		scan_octets(t, &p->value, out);
	}
}

/* Walks all pairs for the lowest key above `above`.  False: none, or malformed. */
static bool lowest_above(struct tokens *t, int32_t above, struct pair *out)
{
	struct tokens look = *t;
	bool found = false;
	while (tokens_left(&look)) {
		struct token token = token_next(&look);
		struct pair p;
		if (look.err != ERR_OK || !split(&token, &p) || (found && p.key == out->key)) {
			tokens_fail(t);
			return false;
		}
		if (p.key > above && (!found || p.key < out->key)) {
			*out = p;
			found = true;
		}
	}
	if (!found)
		t->at = look.at;
	return found;
}

/* Keys go out in ascending order (RFC 9460 section 2.2): one walk for each, which needs no table.
 */
void svcb_scan(struct tokens *t, struct writer *out)
{
	int32_t last = -1;
	struct pair p = { 0, { "", 0, false } };
	while (lowest_above(t, last, &p) && t->err == ERR_OK) {
		write_u16(out, p.key);
		size_t hole = write_hole(out);
		size_t before = writer_length(out);
		scan_value(t, &p, out);
		write_u16_at(out, hole, (uint16_t)(writer_length(out) - before));
		last = p.key;
	}
}
