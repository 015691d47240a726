#include "resolver/wire/base64.h"

/* What one token leaves for the next. */
struct group {
	uint32_t bits;
	unsigned digits; /* of the group of four */
	unsigned pads;
};

static int digit_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

void base64_text(struct text *t, const uint8_t *octets, size_t len)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < len && t->err == ERR_OK; i += 3) {
		size_t have = len - i < 3 ? len - i : 3;
		uint32_t bits = (uint32_t)octets[i] << 16;
		if (have > 1)
			bits |= (uint32_t)octets[i + 1] << 8;
		if (have > 2)
			bits |= octets[i + 2];
		text_char(t, digits[bits >> 18]);
		text_char(t, digits[bits >> 12 & 63]);
		text_char(t, have > 1 ? digits[bits >> 6 & 63] : '=');
		text_char(t, have > 2 ? digits[bits & 63] : '=');
	}
}

static bool feed_digit(struct group *g, char c, struct writer *out)
{
	int v = digit_value(c);
	if (c == '=') {
		g->pads++;
		return g->digits >= 2 && g->digits + g->pads <= 4;
	}
	if (v < 0 || g->pads > 0)
		return false;
	g->bits = (g->bits & 0x3ffff) << 6 | (uint32_t)v;
	g->digits++;
	if (g->digits == 4) {
		write_u8(out, (uint8_t)(g->bits >> 16));
		write_u8(out, (uint8_t)(g->bits >> 8));
		write_u8(out, (uint8_t)g->bits);
		*g = (struct group){ 0, 0, 0 };
	}
	return true;
}

static void feed(struct tokens *t, const struct token *token, struct group *g, struct writer *out)
{
	for (size_t i = 0; i < token->len; i++) {
		if (!feed_digit(g, token->at[i], out)) {
			tokens_fail(t);
			return;
		}
	}
}

static void finish(struct tokens *t, const struct group *g, struct writer *out)
{
	if (g->digits == 0)
		return;
	if (g->digits + g->pads != 4) {
		tokens_fail(t);
		return;
	}
	uint32_t bits = g->bits << 6 * g->pads;
	write_u8(out, (uint8_t)(bits >> 16));
	if (g->digits == 3)
		write_u8(out, (uint8_t)(bits >> 8));
}

void base64_scan_token(struct tokens *t, const struct token *token, struct writer *out)
{
	struct group g = { 0, 0, 0 };
	feed(t, token, &g, out);
	finish(t, &g, out);
}

void base64_scan(struct tokens *t, struct writer *out)
{
	struct group g = { 0, 0, 0 };
	while (tokens_left(t)) {
		struct token token = token_next(t);
		feed(t, &token, &g, out);
	}
	finish(t, &g, out);
}
