#include "resolver/wire/edns.h"

#include "resolver/base/limits.h"
#include "resolver/wire/type.h"

#include <string.h>

enum {
	OPT_FIXED = 11,    /* root owner, type, class, TTL, RDLENGTH */
	OPTION_HEADER = 4, /* code and length */
	DO_BIT = 0x8000,
	CO_BIT = 0x4000,    /* RFC 9824 section 5.1 */
	UDP_SIZE_MIN = 512, /* RFC 6891 section 6.2.3: less is to be taken as 512 */
};

static void parse_cookie(struct reader option, struct edns *e)
{
	size_t len = reader_left(&option);
	if (e->has_cookie || e->bad_cookie_length)
		return; /* only the first counts: RFC 7873 section 5.2 */
	if (len != COOKIE_CLIENT &&
	    (len < COOKIE_CLIENT + COOKIE_SERVER_MIN || len > COOKIE_CLIENT + COOKIE_SERVER_MAX)) {
		e->bad_cookie_length = true;
		return;
	}
	e->has_cookie = true;
	e->cookie.server_len = (uint8_t)(len - COOKIE_CLIENT);
	memcpy(e->cookie.client, option.at, COOKIE_CLIENT);
	memcpy(e->cookie.server, option.at + COOKIE_CLIENT, e->cookie.server_len);
}

/*
 * RFC 7871 section 6 and 7.1.2, as a query must have it: scope 0, no more address octets than
 * the prefix needs, the bits behind it zero.
 * deviates: FAMILY 0 is taken with prefix 0 and no address; some clients say "no subnet" so.
 */
static bool is_good_subnet(struct reader option)
{
	uint16_t family = read_u16(&option);
	uint8_t source = read_u8(&option);
	uint8_t scope = read_u8(&option);
	size_t octets = ((size_t)source + 7) / 8;
	unsigned most = family == 1 ? 32 : family == 2 ? 128 : 0;
	if (option.err != ERR_OK || scope != 0 || family > 2 || source > most ||
	    reader_left(&option) != octets)
		return false;
	return source % 8 == 0 || (uint8_t)(option.at[octets - 1] << source % 8) == 0;
}

static void parse_error(struct reader option, struct edns *e)
{
	uint16_t code = read_u16(&option);
	if (option.err == ERR_OK && e->error_count < EDNS_ERRORS)
		e->errors[e->error_count++] = (struct reason){ .ede = code, .text = NULL };
}

static void parse_option(uint16_t code, struct reader option, struct edns *e)
{
	size_t len = reader_left(&option);
	switch (code) {
	case EDNS_NSID:
		e->has_nsid = true;
		e->nsid = option.at;
		e->nsid_len = (uint16_t)len;
		break;
	case EDNS_CLIENT_SUBNET:
		e->has_subnet = true;
		e->bad_subnet = e->bad_subnet || !is_good_subnet(option);
		break;
	case EDNS_COOKIE:
		parse_cookie(option, e);
		break;
	case EDNS_KEEPALIVE: /* RFC 7828 section 3.1: no value in a query, two octets in a reply */
		if (len == 0 || len == 2) {
			e->has_keepalive = true;
			e->keepalive = len == 2 ? read_u16(&option) : 0;
		}
		break;
	case EDNS_PADDING:
		e->has_padding = true;
		break;
	case EDNS_ERROR:
		parse_error(option, e);
		break;
	default: /* unknown: RFC 6891 section 6.1.2 */
		break;
	}
}

static enum err parse_options(struct reader rdata, struct edns *e)
{
	for (unsigned n = 0; reader_left(&rdata) > 0; n++) {
		if (n == LIMIT_EDNS_OPTIONS)
			return ERR_LIMIT;
		uint16_t code = read_u16(&rdata);
		uint16_t len = read_u16(&rdata);
		struct reader option = read_slice(&rdata, len);
		if (rdata.err != ERR_OK)
			return ERR_FORMAT;
		parse_option(code, option, e);
	}
	return ERR_OK;
}

enum err edns_parse(struct reader rdata, uint16_t class, uint32_t ttl, struct edns *out)
{
	if (rdata.err != ERR_OK)
		return rdata.err;
	*out = (struct edns){
		.present = true,
		.udp_size = class < UDP_SIZE_MIN ? UDP_SIZE_MIN : class,
		.extended_rcode = (uint8_t)(ttl >> 24),
		.version = (uint8_t)(ttl >> 16),
		.dnssec_ok = (ttl & DO_BIT) != 0,
		.compact_ok = (ttl & CO_BIT) != 0,
	};
	enum err e = parse_options(rdata, out);
	/* What another version means by its options nobody knows yet: BADVERS, not FORMERR. */
	return out->version == 0 ? e : ERR_OK;
}

static size_t error_size(const struct reason *r)
{
	return OPTION_HEADER + 2 + (r->text == NULL ? 0 : strlen(r->text));
}

size_t edns_size(const struct edns *e)
{
	size_t size = OPT_FIXED;
	if (!e->present)
		return 0;
	if (e->has_cookie)
		size += (size_t)OPTION_HEADER + COOKIE_CLIENT + e->cookie.server_len;
	if (e->has_nsid)
		size += (size_t)OPTION_HEADER + e->nsid_len;
	if (e->has_keepalive)
		size += OPTION_HEADER + 2;
	for (unsigned i = 0; i < e->error_count && i < EDNS_ERRORS; i++)
		size += error_size(&e->errors[i]);
	return size;
}

/* Begins an option when all of it fits. */
static bool begin_option(struct writer *w, uint16_t code, size_t len)
{
	if (w->err != ERR_OK || len > UINT16_MAX || writer_left(w) < OPTION_HEADER + len)
		return false;
	write_u16(w, code);
	write_u16(w, (uint16_t)len);
	return true;
}

static void write_errors(struct writer *w, const struct edns *e)
{
	for (unsigned i = 0; i < e->error_count && i < EDNS_ERRORS; i++) {
		const struct reason *r = &e->errors[i];
		size_t len = error_size(r) - OPTION_HEADER;
		if (r->ede == EDE_NONE || !begin_option(w, EDNS_ERROR, len))
			continue;
		write_u16(w, r->ede);
		if (r->text != NULL)
			write_octets(w, r->text, len - 2);
	}
}

/* RFC 7830, RFC 8467 section 4.1: up to the next multiple, or as far as the message may grow. */
static void write_padding(struct writer *w, uint16_t multiple)
{
	static const uint8_t zeros[64];
	if (w->err != ERR_OK || multiple == 0 || writer_left(w) < OPTION_HEADER)
		return;
	size_t over = (writer_length(w) + OPTION_HEADER) % multiple;
	size_t len = over == 0 ? 0 : multiple - over;
	if (len > writer_left(w) - OPTION_HEADER)
		len = writer_left(w) - OPTION_HEADER;
	if (!begin_option(w, EDNS_PADDING, len))
		return;
	for (size_t n; len > 0; len -= n) {
		n = len < sizeof(zeros) ? len : sizeof(zeros);
		write_octets(w, zeros, n);
	}
}

void edns_write(struct writer *w, const struct edns *e)
{
	if (!e->present)
		return;
	write_u8(w, 0);
	write_u16(w, TYPE_OPT);
	write_u16(w, e->udp_size);
	write_u8(w, e->extended_rcode);
	write_u8(w, e->version);
	write_u16(w, (uint16_t)((e->dnssec_ok ? DO_BIT : 0) | (e->compact_ok ? CO_BIT : 0)));
	size_t length_at = write_hole(w);
	size_t from = writer_length(w);
	if (e->has_cookie &&
	    begin_option(w, EDNS_COOKIE, (size_t)COOKIE_CLIENT + e->cookie.server_len)) {
		write_octets(w, e->cookie.client, COOKIE_CLIENT);
		write_octets(w, e->cookie.server, e->cookie.server_len);
	}
	if (e->has_keepalive && begin_option(w, EDNS_KEEPALIVE, 2))
		write_u16(w, e->keepalive);
	if (e->has_nsid && begin_option(w, EDNS_NSID, e->nsid_len))
		write_octets(w, e->nsid, e->nsid_len);
	write_errors(w, e);
	write_padding(w, e->pad_to);
	write_u16_at(w, length_at, (uint16_t)(writer_length(w) - from));
}
