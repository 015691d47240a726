#include "resolver/wire/rdata.h"

#include "resolver/wire/bitmap.h"
#include "resolver/wire/shape.h"
#include "resolver/wire/svcb.h"

#include <string.h>

/* What becomes of the names while RDATA is copied from a reader to a writer. */
enum form {
	FORM_STORED,    /* from a message: decompressed where that is allowed */
	FORM_MESSAGE,   /* from stored: compressed where that is allowed */
	FORM_CANONICAL, /* from stored: lower case where that is due */
};

static void fail(struct reader *r)
{
	if (r->err == ERR_OK)
		r->err = ERR_FORMAT;
}

static void copy_octets(struct reader *r, struct writer *w, size_t len)
{
	const uint8_t *p = read_octets(r, len);
	if (r->err == ERR_OK && len > 0)
		write_octets(w, p, len);
}

static uint8_t copy_u8(struct reader *r, struct writer *w)
{
	uint8_t v = read_u8(r);
	write_u8(w, v);
	return v;
}

static size_t left(const struct reader *r)
{
	return r->err == ERR_OK ? reader_left(r) : 0;
}

static void copy_rest(struct reader *r, struct writer *w, size_t least)
{
	if (left(r) < least)
		fail(r);
	copy_octets(r, w, left(r));
}

static void copy_string(struct reader *r, struct writer *w)
{
	uint8_t len = copy_u8(r, w);
	copy_octets(r, w, len);
}

static void copy_strings(struct reader *r, struct writer *w)
{
	do
		copy_string(r, w);
	while (left(r) > 0);
}

/* As a string, but not an empty one. */
static void copy_counted(struct reader *r, struct writer *w)
{
	uint8_t len = copy_u8(r, w);
	if (len == 0)
		fail(r);
	copy_octets(r, w, len);
}

static void copy_name(enum field f, struct reader *r, struct writer *w, enum form form)
{
	bool shared = f == FIELD_NAME_SHARED;
	bool may_point = form == FORM_STORED && (shared || f == FIELD_NAME_OLD);
	struct name n = may_point ? read_name(r) : read_plain_name(r);
	if (r->err != ERR_OK)
		return;
	if (form == FORM_CANONICAL && f != FIELD_NAME)
		name_lower(&n);
	if (form == FORM_MESSAGE && shared)
		write_name(w, &n);
	else
		write_plain_name(w, &n);
}

/* The gateway of IPSECKEY and the relay of AMTRELAY; a type invented later is left to the rest. */
static void copy_host(unsigned type, struct reader *r, struct writer *w, enum form form)
{
	if (type == 1)
		copy_octets(r, w, 4);
	else if (type == 2)
		copy_octets(r, w, 16);
	else if (type == 3)
		copy_name(FIELD_NAME, r, w, form);
}

static void copy_gateway(struct reader *r, struct writer *w, enum form form)
{
	(void)copy_u8(r, w); /* precedence */
	uint8_t type = copy_u8(r, w);
	(void)copy_u8(r, w); /* algorithm */
	copy_host(type, r, w, form);
}

static void copy_relay(struct reader *r, struct writer *w, enum form form)
{
	(void)copy_u8(r, w); /* precedence */
	uint8_t type = copy_u8(r, w) & 0x7f;
	copy_host(type, r, w, form);
	if (type > 3)
		copy_rest(r, w, 0);
}

static void copy_a6(struct reader *r, struct writer *w, enum form form)
{
	uint8_t prefix = copy_u8(r, w);
	if (prefix > 128) {
		fail(r);
		return;
	}
	copy_octets(r, w, (128 - (size_t)prefix + 7) / 8);
	if (prefix > 0)
		copy_name(FIELD_NAME_LOWER, r, w, form);
}

/* RFC 1876 section 2: no assumptions about another version. */
static void copy_loc(struct reader *r, struct writer *w)
{
	if (copy_u8(r, w) == 0)
		copy_octets(r, w, 15);
	else
		copy_rest(r, w, 0);
}

static void copy_types(struct reader *r, struct writer *w, size_t least)
{
	size_t len = left(r);
	const uint8_t *p = read_octets(r, len);
	if (r->err != ERR_OK)
		return;
	if (len < least || !bitmap_is_valid(p, len))
		fail(r);
	else if (len > 0)
		write_octets(w, p, len);
}

/* RFC 2535 section 5.2: a set first bit means a form that was never defined. */
static void copy_old_types(struct reader *r, struct writer *w)
{
	size_t len = left(r);
	const uint8_t *p = read_octets(r, len);
	if (r->err != ERR_OK)
		return;
	if (len == 0 || (len > 16 && (p[0] & 0x80) == 0))
		fail(r);
	else
		write_octets(w, p, len);
}

static void copy_params(struct reader *r, struct writer *w)
{
	size_t len = left(r);
	const uint8_t *p = read_octets(r, len);
	if (r->err != ERR_OK)
		return;
	if (!svcb_is_valid(p, len))
		fail(r);
	else if (len > 0)
		write_octets(w, p, len);
}

static void copy_prefixes(struct reader *r, struct writer *w)
{
	while (left(r) > 0) {
		uint16_t family = read_u16(r);
		write_u16(w, family);
		uint8_t prefix = copy_u8(r, w);
		size_t len = copy_u8(r, w) & 0x7f; /* the first bit negates */
		if ((family == 1 && (prefix > 32 || len > 4)) ||
		    (family == 2 && (prefix > 128 || len > 16)))
			fail(r);
		copy_octets(r, w, len);
	}
}

static void copy_hip(struct reader *r, struct writer *w, enum form form)
{
	uint8_t tag_len = copy_u8(r, w);
	(void)copy_u8(r, w); /* algorithm */
	uint16_t key_len = read_u16(r);
	write_u16(w, key_len);
	if (tag_len == 0 || key_len == 0)
		fail(r);
	copy_octets(r, w, tag_len);
	copy_octets(r, w, key_len);
	while (left(r) > 0)
		copy_name(FIELD_NAME, r, w, form);
}

static void copy_field(enum field f, struct reader *r, struct writer *w, enum form form)
{
	switch (f) {
	case FIELD_END:
		return;
	case FIELD_U8:
		copy_octets(r, w, 1);
		return;
	case FIELD_U16:
	case FIELD_TYPE:
		copy_octets(r, w, 2);
		return;
	case FIELD_U32:
	case FIELD_TIME:
	case FIELD_IPV4:
		copy_octets(r, w, 4);
		return;
	case FIELD_EUI48:
		copy_octets(r, w, 6);
		return;
	case FIELD_EUI64:
	case FIELD_LOCATOR:
		copy_octets(r, w, 8);
		return;
	case FIELD_IPV6:
		copy_octets(r, w, 16);
		return;
	case FIELD_LOC:
		copy_loc(r, w);
		return;
	case FIELD_NAME_SHARED:
	case FIELD_NAME_OLD:
	case FIELD_NAME_LOWER:
	case FIELD_NAME:
		copy_name(f, r, w, form);
		return;
	case FIELD_STRING:
	case FIELD_SALT:
		copy_string(r, w);
		return;
	case FIELD_MAYBE_STRING:
		if (left(r) > 0)
			copy_string(r, w);
		return;
	case FIELD_STRINGS:
		copy_strings(r, w);
		return;
	case FIELD_TAG:
	case FIELD_HASH:
		copy_counted(r, w);
		return;
	case FIELD_GATEWAY:
		copy_gateway(r, w, form);
		return;
	case FIELD_RELAY:
		copy_relay(r, w, form);
		return;
	case FIELD_A6:
		copy_a6(r, w, form);
		return;
	case FIELD_HEX:
	case FIELD_BASE64:
		copy_rest(r, w, 1);
		return;
	case FIELD_TEXT:
	case FIELD_MAYBE_BASE64:
	case FIELD_OPAQUE:
		copy_rest(r, w, 0);
		return;
	case FIELD_TYPES:
		copy_types(r, w, 1);
		return;
	case FIELD_MAYBE_TYPES:
		copy_types(r, w, 0);
		return;
	case FIELD_OLD_TYPES:
		copy_old_types(r, w);
		return;
	case FIELD_PARAMS:
		copy_params(r, w);
		return;
	case FIELD_PREFIXES:
		copy_prefixes(r, w);
		return;
	case FIELD_HIP:
		copy_hip(r, w, form);
		return;
	}
}

/* Every field of the shape, then nothing may be left. */
static enum err copy_shape(const struct shape *s, struct reader *r, struct writer *w,
			   enum form form)
{
	for (const uint8_t *f = s->field; *f != FIELD_END && r->err == ERR_OK; f++)
		copy_field(*f, r, w, form);
	return reader_finish(r);
}

enum err rdata_read(uint16_t type, struct reader rdata, struct writer *out)
{
	const struct shape *s = shape_of(type);
	uint8_t *before = out->at;
	if (rdata.err != ERR_OK)
		return rdata.err;
	if (s == NULL) {
		copy_rest(&rdata, out, 0);
		return out->err;
	}
	if (copy_shape(s, &rdata, out, FORM_STORED) != ERR_OK) {
		out->at = before; /* half of it is nothing; plain names leave no other trace */
		return ERR_FORMAT;
	}
	return out->err;
}

static void write_form(struct writer *w, const struct shape *s, const struct rdata *r,
		       enum form form)
{
	struct reader rdata = reader_of(r->octets, r->len);
	if (copy_shape(s, &rdata, w, form) != ERR_OK && w->err == ERR_OK)
		w->err = ERR_FORMAT; /* was not stored by rdata_read */
}

static void write_as_is(struct writer *w, const struct rdata *r)
{
	if (r->len > 0)
		write_octets(w, r->octets, r->len);
}

void rdata_write(struct writer *w, uint16_t type, const struct rdata *r)
{
	const struct shape *s = shape_of(type);
	if (s != NULL && shape_is_shared(s))
		write_form(w, s, r, FORM_MESSAGE);
	else
		write_as_is(w, r);
}

void rdata_write_canonical(struct writer *w, uint16_t type, const struct rdata *r)
{
	const struct shape *s = shape_of(type);
	if (s != NULL && shape_is_lowered(s))
		write_form(w, s, r, FORM_CANONICAL);
	else
		write_as_is(w, r);
}

int rdata_compare_canonical(const struct rdata *a, const struct rdata *b)
{
	size_t common = a->len < b->len ? a->len : b->len;
	int order = common > 0 ? memcmp(a->octets, b->octets, common) : 0;
	return order != 0 ? order : (int)a->len - (int)b->len;
}
