#include "resolver/core/sentinel.h"

#include "validator/anchors.h"

#include <string.h>

enum { TAG_DIGITS = 5 };

static bool starts_with(const uint8_t *label, const char *text)
{
	size_t len = strlen(text);
	if (label[0] != len + TAG_DIGITS)
		return false;
	for (size_t i = 0; i < len; i++) {
		uint8_t c = label[1 + i];
		if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != (uint8_t)text[i])
			return false;
	}
	return true;
}

/* The last five octets of a label as a key tag; -1: not one. */
static int32_t tag_of(const uint8_t *label)
{
	const uint8_t *digits = label + 1 + label[0] - TAG_DIGITS;
	int32_t tag = 0;
	for (unsigned i = 0; i < TAG_DIGITS; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return -1;
		tag = tag * 10 + digits[i] - '0';
	}
	return tag <= UINT16_MAX ? tag : -1;
}

/* RFC 8509 section 3.1: all of this, or nothing special. */
static bool applies(const struct tasks *ts, const struct query *query, const struct chain *c)
{
	uint16_t type = query->question.type;
	return ts->setup.policy->sentinel && ts->setup.policy->validate &&
	       ts->setup.anchors != NULL && (type == TYPE_A || type == TYPE_AAAA) &&
	       (query->flags & FLAG_CD) == 0 && c->state == CHAIN_COMPLETE && chain_is_secure(c);
}

bool sentinel_fails(const struct tasks *ts, const struct query *query, const struct chain *c)
{
	const uint8_t *label = query->question.name.wire;
	bool is = starts_with(label, "root-key-sentinel-is-ta-");
	bool is_not = starts_with(label, "root-key-sentinel-not-ta-");
	if ((!is && !is_not) || !applies(ts, query, c))
		return false;
	int32_t tag = tag_of(label);
	struct name root = name_root();
	if (tag < 0)
		return false;
	return anchors_has_tag(ts->setup.anchors, &root, (uint16_t)tag) ? is_not : is;
}
