#include "resolver/wire/rdata.h"

#include "resolver/base/address.h"
#include "resolver/wire/base32.h"
#include "resolver/wire/base64.h"
#include "resolver/wire/bitmap.h"
#include "resolver/wire/hex.h"
#include "resolver/wire/shape.h"
#include "resolver/wire/svcb.h"
#include "resolver/wire/text.h"

#include <string.h>

/* The field has no presentation form here: the whole RDATA goes out as RFC 3597 section 5 has it.
 */
static void give_up(struct text *t)
{
	if (t->err == ERR_OK)
		t->err = ERR_UNSUPPORTED;
}

static void text_host(struct text *t, uint8_t family, size_t size, struct reader *r)
{
	struct address a = { .family = family };
	char host[ADDRESS_TEXT_MAX];
	const uint8_t *p = read_octets(r, size);
	if (r->err != ERR_OK)
		return;
	memcpy(a.octets, p, size);
	address_text(&a, host);
	text_put(t, host);
}

static void text_plain_name(struct text *t, struct reader *r)
{
	struct name n = read_plain_name(r);
	if (r->err == ERR_OK)
		text_name(t, &n);
}

/* len octets, two digits each, with a mark after every group of them. */
static void text_groups(struct text *t, struct reader *r, size_t len, size_t group, char mark)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = read_octets(r, len);
	for (size_t i = 0; i < len && r->err == ERR_OK; i++) {
		if (i > 0 && i % group == 0)
			text_char(t, mark);
		text_char(t, digits[p[i] >> 4]);
		text_char(t, digits[p[i] & 15]);
	}
}

static void text_string(struct text *t, struct reader *r)
{
	uint8_t len = read_u8(r);
	const uint8_t *p = read_octets(r, len);
	if (r->err == ERR_OK)
		text_quoted(t, p, len);
}

static void text_strings(struct text *t, struct reader *r)
{
	text_string(t, r);
	while (r->err == ERR_OK && reader_left(r) > 0) {
		text_char(t, ' ');
		text_string(t, r);
	}
}

/* RFC 8659 section 4.1: letters and digits, without quotes. */
static void text_tag(struct text *t, struct reader *r)
{
	uint8_t len = read_u8(r);
	const uint8_t *p = read_octets(r, len);
	for (size_t i = 0; i < len && r->err == ERR_OK; i++) {
		bool letter = (p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'z';
		if (letter || (p[i] >= '0' && p[i] <= '9'))
			text_char(t, (char)p[i]);
		else
			give_up(t);
	}
}

static void text_salt(struct text *t, struct reader *r)
{
	uint8_t len = read_u8(r);
	const uint8_t *p = read_octets(r, len);
	if (r->err != ERR_OK)
		return;
	if (len == 0)
		text_char(t, '-');
	else
		hex_text(t, p, len);
}

static void text_hash(struct text *t, struct reader *r)
{
	uint8_t len = read_u8(r);
	const uint8_t *p = read_octets(r, len);
	if (r->err == ERR_OK)
		base32_text(t, p, len);
}

static void text_types(struct text *t, struct reader *r)
{
	size_t len = reader_left(r);
	const uint8_t *p = read_octets(r, len);
	if (r->err != ERR_OK || !bitmap_is_valid(p, len)) {
		give_up(t);
		return;
	}
	int32_t first = bitmap_next(p, len, 0);
	if (first < 0 && len > 0) /* zero octets only: would come back as no bitmap */
		give_up(t);
	for (int32_t type = first; type >= 0 && t->err == ERR_OK;
	     type = bitmap_next(p, len, (uint32_t)type + 1)) {
		if (type != first)
			text_char(t, ' ');
		text_type(t, (uint16_t)type);
	}
}

/* Each parameter brings the blank before it. */
static void text_params(struct text *t, struct reader *r)
{
	size_t len = reader_left(r);
	const uint8_t *p = read_octets(r, len);
	if (r->err == ERR_OK && svcb_is_valid(p, len))
		svcb_text(t, p, len);
	else
		give_up(t);
}

static void text_relay_host(struct text *t, unsigned type, struct reader *r)
{
	switch (type) {
	case 0:
		text_char(t, '.');
		return;
	case 1:
		text_host(t, FAMILY_IPV4, 4, r);
		return;
	case 2:
		text_host(t, FAMILY_IPV6, 16, r);
		return;
	case 3:
		text_plain_name(t, r);
		return;
	default:
		give_up(t);
	}
}

/* RFC 4025 section 3.1. */
static void text_gateway(struct text *t, struct reader *r)
{
	text_number(t, read_u8(r));
	uint8_t type = read_u8(r);
	text_char(t, ' ');
	text_number(t, type);
	text_char(t, ' ');
	text_number(t, read_u8(r));
	text_char(t, ' ');
	text_relay_host(t, type, r);
}

/* RFC 8777 section 4.3.1. */
static void text_relay(struct text *t, struct reader *r)
{
	text_number(t, read_u8(r));
	uint8_t type = read_u8(r);
	text_put(t, (type & 0x80) != 0 ? " 1 " : " 0 ");
	text_number(t, type & 0x7f);
	text_char(t, ' ');
	text_relay_host(t, type & 0x7f, r);
}

static void text_rest(struct text *t, struct reader *r,
		      void (*as)(struct text *, const uint8_t *, size_t))
{
	size_t len = reader_left(r);
	const uint8_t *p = read_octets(r, len);
	if (r->err == ERR_OK)
		as(t, p, len);
}

static void text_field(struct text *t, enum field f, struct reader *r)
{
	switch (f) {
	case FIELD_END:
		return;
	case FIELD_U8:
		text_number(t, read_u8(r));
		return;
	case FIELD_U16:
		text_number(t, read_u16(r));
		return;
	case FIELD_U32:
		text_number(t, read_u32(r));
		return;
	case FIELD_TYPE:
		text_type(t, read_u16(r));
		return;
	case FIELD_TIME:
		text_time(t, read_u32(r));
		return;
	case FIELD_IPV4:
		text_host(t, FAMILY_IPV4, 4, r);
		return;
	case FIELD_IPV6:
		text_host(t, FAMILY_IPV6, 16, r);
		return;
	case FIELD_EUI48:
		text_groups(t, r, 6, 1, '-');
		return;
	case FIELD_EUI64:
		text_groups(t, r, 8, 1, '-');
		return;
	case FIELD_LOCATOR:
		text_groups(t, r, 8, 2, ':');
		return;
	case FIELD_NAME_SHARED:
	case FIELD_NAME_OLD:
	case FIELD_NAME_LOWER:
	case FIELD_NAME:
		text_plain_name(t, r);
		return;
	case FIELD_STRING:
	case FIELD_MAYBE_STRING:
		text_string(t, r);
		return;
	case FIELD_STRINGS:
		text_strings(t, r);
		return;
	case FIELD_TAG:
		text_tag(t, r);
		return;
	case FIELD_SALT:
		text_salt(t, r);
		return;
	case FIELD_HASH:
		text_hash(t, r);
		return;
	case FIELD_GATEWAY:
		text_gateway(t, r);
		return;
	case FIELD_RELAY:
		text_relay(t, r);
		return;
	case FIELD_TEXT:
		text_rest(t, r, text_quoted);
		return;
	case FIELD_HEX:
		text_rest(t, r, hex_text);
		return;
	case FIELD_BASE64:
	case FIELD_MAYBE_BASE64:
		text_rest(t, r, base64_text);
		return;
	case FIELD_TYPES:
	case FIELD_MAYBE_TYPES:
		text_types(t, r);
		return;
	case FIELD_PARAMS:
		text_params(t, r);
		return;
	case FIELD_LOC:
	case FIELD_A6:
	case FIELD_OLD_TYPES:
	case FIELD_PREFIXES:
	case FIELD_HIP:
	case FIELD_OPAQUE:
		give_up(t);
		return;
	}
}

/* A blank stands between fields, but not before one of which nothing is there. */
static bool needs_blank(const uint8_t *f, const struct shape *s, const struct reader *r)
{
	if (f == s->field || *f == FIELD_PARAMS) /* parameters bring their own */
		return false;
	return *f == FIELD_TEXT || reader_left(r) > 0;
}

static enum err text_shape(struct text *t, const struct shape *s, const struct rdata *rdata)
{
	struct reader r = reader_of(rdata->octets, rdata->len);
	for (const uint8_t *f = s->field; *f != FIELD_END && r.err == ERR_OK; f++) {
		if (*f == FIELD_MAYBE_STRING && reader_left(&r) == 0)
			continue;
		if (needs_blank(f, s, &r))
			text_char(t, ' ');
		text_field(t, *f, &r);
	}
	return reader_finish(&r);
}

/* RFC 3597 section 5. */
static void text_generic(struct text *t, const struct rdata *r)
{
	text_put(t, "\\# ");
	text_number(t, r->len);
	if (r->len > 0)
		text_char(t, ' ');
	hex_text(t, r->octets, r->len);
}

bool rdata_text(uint16_t type, const struct rdata *r, char *out, size_t size)
{
	const struct shape *s = shape_of(type);
	struct text t = text_of(out, size);
	bool known = s != NULL && text_shape(&t, s, r) == ERR_OK && t.err != ERR_UNSUPPORTED;
	if (!known) {
		t = text_of(out, size);
		text_generic(&t, r);
	}
	return t.err == ERR_OK;
}
