#include "resolver/wire/hex.h"

#include "resolver/base/digit.h"

void hex_text(struct text *t, const uint8_t *octets, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < len && t->err == ERR_OK; i++) {
		text_char(t, digits[octets[i] >> 4]);
		text_char(t, digits[octets[i] & 15]);
	}
}

/* high is the first digit of an octet, or -1 between two octets. */
static void feed(struct tokens *t, const struct token *token, int *high, struct writer *out)
{
	for (size_t i = 0; i < token->len; i++) {
		int v = digit_of(token->at[i], 16);
		if (v < 0) {
			tokens_fail(t);
			return;
		}
		if (*high < 0) {
			*high = v;
			continue;
		}
		write_u8(out, (uint8_t)(*high << 4 | v));
		*high = -1;
	}
}

void hex_scan_token(struct tokens *t, const struct token *token, struct writer *out)
{
	int high = -1;
	feed(t, token, &high, out);
	if (high >= 0)
		tokens_fail(t);
}

void hex_scan(struct tokens *t, struct writer *out)
{
	int high = -1;
	while (tokens_left(t)) {
		struct token token = token_next(t);
		feed(t, &token, &high, out);
	}
	if (high >= 0)
		tokens_fail(t);
}
