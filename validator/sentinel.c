#include "validator/sentinel.h"

#include "resolver/wire/lower.h"

enum { TAG_DIGITS = 5 };

/* RFC 8509 section 3.2: what the label asks. */
enum asked {
	ASKED_NOTHING,
	ASKED_IS,
	ASKED_NOT,
};

static const char *after(const char *at, size_t len, const char *prefix)
{
	for (; *prefix != '\0'; prefix++, at++, len--)
		if (len == 0 || lower_octet((uint8_t)*at) != (uint8_t)*prefix)
			return NULL;
	return len == TAG_DIGITS ? at : NULL;
}

/* Exactly five digits (RFC 8509 section 3.1); a number that is no key tag makes it another name. */
static enum asked read_label(const struct name *name, uint16_t *tag)
{
	const uint8_t *label = name_label(name, 0);
	if (label == NULL)
		return ASKED_NOTHING;
	const char *text = (const char *)label + 1, *digits;
	enum asked asked = ASKED_IS;
	digits = after(text, label[0], "root-key-sentinel-is-ta-");
	if (digits == NULL) {
		asked = ASKED_NOT;
		digits = after(text, label[0], "root-key-sentinel-not-ta-");
	}
	if (digits == NULL)
		return ASKED_NOTHING;
	uint32_t v = 0;
	for (unsigned i = 0; i < TAG_DIGITS; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return ASKED_NOTHING;
		v = v * 10 + (uint32_t)(digits[i] - '0');
	}
	*tag = (uint16_t)v;
	return v > UINT16_MAX ? ASKED_NOTHING : asked;
}

bool sentinel_is_question(const struct question *q)
{
	uint16_t tag;
	return (q->type == TYPE_A || q->type == TYPE_AAAA) &&
	       read_label(&q->name, &tag) != ASKED_NOTHING;
}

enum sentinel sentinel_judge(const struct question *q, enum security security,
                             bool checking_disabled, const struct key_tags *root)
{
	uint16_t tag = 0;
	if (checking_disabled || security != SECURITY_SECURE ||
	    (q->type != TYPE_A && q->type != TYPE_AAAA))
		return SENTINEL_ANSWER;
	switch (read_label(&q->name, &tag)) {
	case ASKED_NOTHING:
		return SENTINEL_ANSWER;
	case ASKED_IS:
		return key_tags_has(root, tag) ? SENTINEL_ANSWER : SENTINEL_SERVFAIL;
	case ASKED_NOT:
		return key_tags_has(root, tag) ? SENTINEL_SERVFAIL : SENTINEL_ANSWER;
	}
	return SENTINEL_ANSWER;
}
