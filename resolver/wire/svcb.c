#include "resolver/wire/svcb.h"

#include "resolver/base/address.h"
#include "resolver/base/octets.h"
#include "resolver/wire/base64.h"

#include <string.h>
#include <strings.h>

static const char key_names[][16] = {
	[SVCB_MANDATORY] = "mandatory",
	[SVCB_ALPN] = "alpn",
	[SVCB_NO_DEFAULT_ALPN] = "no-default-alpn",
	[SVCB_PORT] = "port",
	[SVCB_IPV4HINT] = "ipv4hint",
	[SVCB_ECH] = "ech",
	[SVCB_IPV6HINT] = "ipv6hint",
	[SVCB_DOHPATH] = "dohpath",
	[SVCB_OHTTP] = "ohttp",
};

enum { KEY_NAMES = sizeof(key_names) / sizeof(key_names[0]) };

struct param {
	uint16_t key, len;
	const uint8_t *value;
};

/* Takes the parameter at *at; false at the end and at a fault, *at then stays. */
static bool next_param(const uint8_t *params, size_t len, size_t *at, struct param *out)
{
	if (len - *at < 4)
		return false;
	struct param p = { octets_be16(params + *at), octets_be16(params + *at + 2),
			   params + *at + 4 };
	if (len - *at - 4 < p.len)
		return false;
	*at += 4 + (size_t)p.len;
	*out = p;
	return true;
}

/*
 * RFC 9460 section 8: ascending, "mandatory" itself not among them, all present.  Both lists
 * ascend, so one walk over the parameters serves all keys.
 */
static bool mandatory_is_valid(const struct param *m, const uint8_t *params, size_t len)
{
	if (m->len == 0 || m->len % 2 != 0)
		return false;
	uint16_t last = SVCB_MANDATORY;
	size_t at = 0;
	struct param p = { 0, 0, NULL };
	for (size_t i = 0; i < m->len; i += 2) {
		uint16_t key = octets_be16(m->value + i);
		if (key <= last)
			return false;
		last = key;
		while (p.key < key) {
			if (!next_param(params, len, &at, &p))
				return false;
		}
		if (p.key != key)
			return false;
	}
	return true;
}

/* RFC 9460 section 7.1.1: one or more strings, none of them empty. */
static bool alpn_is_valid(const struct param *p)
{
	size_t at = 0;
	while (at < p->len && p->value[at] > 0)
		at += 1 + (size_t)p->value[at];
	return p->len > 0 && at == p->len;
}

static bool value_is_valid(const struct param *p, const uint8_t *params, size_t len)
{
	switch (p->key) {
	case SVCB_MANDATORY:
		return mandatory_is_valid(p, params, len);
	case SVCB_ALPN:
		return alpn_is_valid(p);
	case SVCB_NO_DEFAULT_ALPN:
	case SVCB_OHTTP:
		return p->len == 0;
	case SVCB_PORT:
		return p->len == 2;
	case SVCB_IPV4HINT:
		return p->len > 0 && p->len % 4 == 0;
	case SVCB_ECH: /* an ECHConfigList: its length, then that many octets */
		return p->len > 2 && octets_be16(p->value) == p->len - 2;
	case SVCB_IPV6HINT:
		return p->len > 0 && p->len % 16 == 0;
	default:
		return true;
	}
}

bool svcb_is_valid(const uint8_t *params, size_t len)
{
	size_t at = 0;
	int32_t last = -1;
	struct param p;
	while (next_param(params, len, &at, &p)) {
		if (p.key <= last || !value_is_valid(&p, params, len))
			return false;
		last = p.key;
	}
	return at == len;
}

/* "alpn", or "key667" for a key without a name. */
static void key_text(struct text *t, uint16_t key)
{
	if (key < KEY_NAMES) {
		text_put(t, key_names[key]);
		return;
	}
	text_put(t, "key");
	text_number(t, key);
}

/* RFC 9460 section 2.1: "key" and a number without leading zeros. */
static bool number_parse(const char *text, size_t len, uint16_t *out)
{
	uint32_t v = 0;
	if (len < 4 || len > 8 || strncasecmp(text, "key", 3) != 0 || (text[3] == '0' && len > 4))
		return false;
	for (size_t i = 3; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		v = v * 10 + (uint32_t)(text[i] - '0');
	}
	*out = (uint16_t)v;
	return v <= UINT16_MAX;
}

bool svcb_key_parse(const char *text, size_t len, uint16_t *out)
{
	for (uint16_t key = 0; key < KEY_NAMES; key++) {
		if (strlen(key_names[key]) == len && strncasecmp(key_names[key], text, len) == 0) {
			*out = key;
			return true;
		}
	}
	return number_parse(text, len, out);
}

static void text_keys(struct text *t, const struct param *p)
{
	for (size_t i = 0; i + 1 < p->len; i += 2) {
		text_char(t, i == 0 ? '=' : ',');
		key_text(t, octets_be16(p->value + i));
	}
}

/* RFC 9460 appendix A.1: a comma or backslash of an item has a backslash of its own. */
static void text_alpn(struct text *t, const struct param *p)
{
	text_put(t, "=\"");
	for (size_t at = 0; at < p->len; at += 1 + (size_t)p->value[at]) {
		if (at > 0)
			text_char(t, ',');
		for (size_t i = 1; i <= p->value[at]; i++) {
			uint8_t octet = p->value[at + i];
			if (octet == ',' || octet == '\\')
				text_octet(t, '\\');
			text_octet(t, octet);
		}
	}
	text_char(t, '"');
}

static void text_hints(struct text *t, const struct param *p, uint8_t family, size_t size)
{
	for (size_t i = 0; i + size <= p->len; i += size) {
		struct address a = { .family = family };
		char host[ADDRESS_TEXT_MAX];
		memcpy(a.octets, p->value + i, size);
		address_text(&a, host);
		text_char(t, i == 0 ? '=' : ',');
		text_put(t, host);
	}
}

static void text_value(struct text *t, const struct param *p)
{
	switch (p->key) {
	case SVCB_MANDATORY:
		text_keys(t, p);
		return;
	case SVCB_ALPN:
		text_alpn(t, p);
		return;
	case SVCB_NO_DEFAULT_ALPN:
	case SVCB_OHTTP:
		return;
	case SVCB_PORT:
		text_char(t, '=');
		text_number(t, octets_be16(p->value));
		return;
	case SVCB_IPV4HINT:
		text_hints(t, p, FAMILY_IPV4, 4);
		return;
	case SVCB_IPV6HINT:
		text_hints(t, p, FAMILY_IPV6, 16);
		return;
	case SVCB_ECH:
		text_char(t, '=');
		base64_text(t, p->value, p->len);
		return;
	default:
		if (p->len == 0)
			return;
		text_char(t, '=');
		text_quoted(t, p->value, p->len);
	}
}

void svcb_text(struct text *t, const uint8_t *params, size_t len)
{
	size_t at = 0;
	struct param p;
	while (next_param(params, len, &at, &p)) {
		text_char(t, ' ');
		key_text(t, p.key);
		text_value(t, &p);
	}
}
