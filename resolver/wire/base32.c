#include "resolver/wire/base32.h"

#include "resolver/base/digit.h"

void base32_text(struct text *t, const uint8_t *octets, size_t len)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	uint32_t bits = 0;
	unsigned have = 0;
	for (size_t i = 0; i < len && t->err == ERR_OK; i++) {
		bits = (bits & 0xff) << 8 | octets[i]; /* fewer than 8 bits were left */
		have += 8;
		for (; have >= 5; have -= 5)
			text_char(t, digits[bits >> (have - 5) & 31]);
	}
	if (have > 0)
		text_char(t, digits[bits << (5 - have) & 31]);
}

/* RFC 4648 section 6: 2, 4, 5 or 7 digits may stand behind the last group of 8. */
static bool length_is_possible(size_t digits)
{
	size_t rest = digits % 8;
	return rest == 0 || rest == 2 || rest == 4 || rest == 5 || rest == 7;
}

void base32_scan_token(struct tokens *t, const struct token *token, struct writer *out)
{
	uint32_t bits = 0;
	unsigned have = 0;
	if (!length_is_possible(token->len))
		tokens_fail(t);
	for (size_t i = 0; i < token->len; i++) {
		int v = digit_of(token->at[i], 32);
		if (v < 0) {
			tokens_fail(t);
			return;
		}
		bits = (bits & 0xff) << 5 | (uint32_t)v;
		have += 5;
		if (have >= 8) {
			have -= 8;
			write_u8(out, (uint8_t)(bits >> have));
		}
	}
}
