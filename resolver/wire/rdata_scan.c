#include "resolver/wire/rdata.h"

#include "resolver/base/address.h"
#include "resolver/wire/base32.h"
#include "resolver/wire/base64.h"
#include "resolver/wire/bitmap.h"
#include "resolver/wire/hex.h"
#include "resolver/wire/shape.h"
#include "resolver/wire/svcb.h"
#include "resolver/wire/token.h"

#include <string.h>

static void scan_host(struct tokens *t, uint8_t family, struct writer *out)
{
	struct token token = token_next(t);
	char host[TOKEN_TEXT_MAX];
	struct address a;
	if (t->err != ERR_OK)
		return;
	if (!token_copy(&token, host) || strchr(host, '@') != NULL ||
	    address_parse(host, &a) != ERR_OK || a.family != family)
		tokens_fail(t);
	else
		write_octets(out, a.octets, address_octets(&a));
}

static void scan_name(struct tokens *t, const struct name *origin, struct writer *out)
{
	struct name n = token_name(t, origin);
	if (t->err == ERR_OK)
		write_plain_name(out, &n);
}

/* len octets as pairs of digits with a mark after every group of them. */
static void scan_groups(struct tokens *t, size_t len, size_t group, char mark, struct writer *out)
{
	struct token token = token_next(t);
	size_t at = 0;
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && i % group == 0 && (at >= token.len || token.at[at++] != mark)) {
			tokens_fail(t);
			return;
		}
		if (token.len - at < 2) {
			tokens_fail(t);
			return;
		}
		struct token pair = { token.at + at, 2, false };
		hex_scan_token(t, &pair, out);
		at += 2;
	}
	if (at != token.len)
		tokens_fail(t);
}

static void scan_string(struct tokens *t, struct writer *out)
{
	struct token token = token_next(t);
	uint8_t octets[UINT8_MAX];
	size_t len = token_octets(t, &token, octets, sizeof(octets));
	write_u8(out, (uint8_t)len);
	write_octets(out, octets, len);
}

static void scan_strings(struct tokens *t, struct writer *out)
{
	do
		scan_string(t, out);
	while (tokens_left(t));
}

/* One token, quoted or not, without a length. */
static void scan_text(struct tokens *t, struct writer *out)
{
	struct token token = token_next(t);
	uint8_t octets[UINT16_MAX];
	size_t len = token_octets(t, &token, octets, sizeof(octets));
	write_octets(out, octets, len);
}

/* The length octet of what was written behind a place left for it. */
static void patch_length(struct tokens *t, struct writer *out, size_t place)
{
	if (out->err != ERR_OK)
		return;
	size_t len = writer_length(out) - place - 1;
	if (len > UINT8_MAX)
		tokens_fail(t);
	else
		out->start[place] = (uint8_t)len;
}

/* "-" is no salt: RFC 5155 section 3.3. */
static void scan_salt(struct tokens *t, struct writer *out)
{
	struct token token = token_next(t);
	size_t place = writer_length(out);
	write_u8(out, 0);
	if (token_is(&token, "-"))
		return;
	hex_scan_token(t, &token, out);
	patch_length(t, out, place);
}

static void scan_hash(struct tokens *t, struct writer *out)
{
	struct token token = token_next(t);
	size_t place = writer_length(out);
	write_u8(out, 0);
	base32_scan_token(t, &token, out);
	patch_length(t, out, place);
}

static void scan_types(struct tokens *t, struct writer *out)
{
	uint8_t bits[8192] = { 0 }; /* one for each type there can be */
	while (tokens_left(t)) {
		uint16_t type = token_type(t);
		bits[type / 8] |= (uint8_t)(0x80 >> (type % 8));
	}
	for (unsigned window = 0; window < 256; window++) {
		const uint8_t *of = bits + (size_t)window * BITMAP_WINDOW_OCTETS;
		unsigned len = BITMAP_WINDOW_OCTETS;
		while (len > 0 && of[len - 1] == 0)
			len--;
		if (len == 0)
			continue;
		write_u8(out, (uint8_t)window);
		write_u8(out, (uint8_t)len);
		write_octets(out, of, len);
	}
}

/* The gateway of IPSECKEY, the relay of AMTRELAY. */
static void scan_relay_host(struct tokens *t, unsigned type, const struct name *origin,
			    struct writer *out)
{
	if (type == 1) {
		scan_host(t, FAMILY_IPV4, out);
	} else if (type == 2) {
		scan_host(t, FAMILY_IPV6, out);
	} else if (type == 3) {
		scan_name(t, origin, out);
	} else {
		struct token none = token_next(t);
		if (type != 0 || !token_is(&none, "."))
			tokens_fail(t);
	}
}

/* RFC 4025 section 3.1. */
static void scan_gateway(struct tokens *t, const struct name *origin, struct writer *out)
{
	write_u8(out, (uint8_t)token_number(t, UINT8_MAX));
	uint8_t type = (uint8_t)token_number(t, UINT8_MAX);
	write_u8(out, type);
	write_u8(out, (uint8_t)token_number(t, UINT8_MAX));
	scan_relay_host(t, type, origin, out);
}

/* RFC 8777 section 4.3.1. */
static void scan_relay(struct tokens *t, const struct name *origin, struct writer *out)
{
	write_u8(out, (uint8_t)token_number(t, UINT8_MAX));
	uint32_t discovery = token_number(t, 1);
	uint32_t type = token_number(t, 0x7f);
	write_u8(out, (uint8_t)(discovery << 7 | type));
	scan_relay_host(t, type, origin, out);
}

static void scan_field(struct tokens *t, enum field f, const struct name *origin,
		       struct writer *out)
{
	switch (f) {
	case FIELD_END:
		return;
	case FIELD_U8:
		write_u8(out, (uint8_t)token_number(t, UINT8_MAX));
		return;
	case FIELD_U16:
		write_u16(out, (uint16_t)token_number(t, UINT16_MAX));
		return;
	case FIELD_U32:
		write_u32(out, token_number(t, UINT32_MAX));
		return;
	case FIELD_TYPE:
		write_u16(out, token_type(t));
		return;
	case FIELD_TIME:
		write_u32(out, token_time(t));
		return;
	case FIELD_IPV4:
		scan_host(t, FAMILY_IPV4, out);
		return;
	case FIELD_IPV6:
		scan_host(t, FAMILY_IPV6, out);
		return;
	case FIELD_EUI48:
		scan_groups(t, 6, 1, '-', out);
		return;
	case FIELD_EUI64:
		scan_groups(t, 8, 1, '-', out);
		return;
	case FIELD_LOCATOR:
		scan_groups(t, 8, 2, ':', out);
		return;
	case FIELD_NAME_SHARED:
	case FIELD_NAME_OLD:
	case FIELD_NAME_LOWER:
	case FIELD_NAME:
		scan_name(t, origin, out);
		return;
	case FIELD_STRING:
	case FIELD_TAG:
		scan_string(t, out);
		return;
	case FIELD_MAYBE_STRING:
		if (tokens_left(t))
			scan_string(t, out);
		return;
	case FIELD_STRINGS:
		scan_strings(t, out);
		return;
	case FIELD_SALT:
		scan_salt(t, out);
		return;
	case FIELD_HASH:
		scan_hash(t, out);
		return;
	case FIELD_GATEWAY:
		scan_gateway(t, origin, out);
		return;
	case FIELD_RELAY:
		scan_relay(t, origin, out);
		return;
	case FIELD_TEXT:
		scan_text(t, out);
		return;
	case FIELD_HEX:
		hex_scan(t, out);
		return;
	case FIELD_BASE64:
	case FIELD_MAYBE_BASE64:
		base64_scan(t, out);
		return;
	case FIELD_TYPES:
	case FIELD_MAYBE_TYPES:
		scan_types(t, out);
		return;
	case FIELD_PARAMS:
		svcb_scan(t, out);
		return;
	case FIELD_LOC:
	case FIELD_A6:
	case FIELD_OLD_TYPES:
	case FIELD_PREFIXES:
	case FIELD_HIP:
	case FIELD_OPAQUE:
		if (t->err == ERR_OK)
			t->err = ERR_UNSUPPORTED; /* only as \# */
		return;
	}
}

/* RFC 3597 section 5: \# length hex, for any type.  False: something else stands there. */
static bool scan_generic(struct tokens *t, struct writer *out)
{
	struct tokens look = *t;
	struct token mark = token_next(&look);
	if (look.err != ERR_OK || !token_is(&mark, "\\#"))
		return false;
	*t = look;
	size_t before = writer_length(out);
	uint32_t len = token_number(t, UINT16_MAX);
	hex_scan(t, out);
	if (writer_length(out) - before != len)
		tokens_fail(t);
	return true;
}

static enum err scan_text_form(uint16_t type, struct tokens *t, const struct name *origin,
			       struct writer *out)
{
	const struct shape *s = shape_of(type);
	if (scan_generic(t, out))
		return tokens_finish(t);
	if (s == NULL)
		return ERR_UNSUPPORTED;
	for (const uint8_t *f = s->field; *f != FIELD_END && t->err == ERR_OK; f++)
		scan_field(t, *f, origin, out);
	return tokens_finish(t);
}

/* Everything goes through rdata_read: what text says is checked by the same code as the wire. */
enum err rdata_scan(uint16_t type, const char *text, const struct name *origin, struct writer *out)
{
	uint8_t octets[UINT16_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct tokens t = tokens_of(text, strlen(text));
	enum err e = scan_text_form(type, &t, origin, &w);
	if (e != ERR_OK)
		return e;
	if (w.err != ERR_OK)
		return w.err;
	return rdata_read(type, reader_of(octets, writer_length(&w)), out);
}
