#include "resolver/base/address.h"

#include "resolver/base/digit.h"
#include <stdio.h>
#include <string.h>

bool address_same_host(const struct address *a, const struct address *b)
{
	return a->family == b->family && memcmp(a->octets, b->octets, sizeof(a->octets)) == 0;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->port == b->port && address_same_host(a, b);
}

size_t address_octets(const struct address *a)
{
	return a->family == FAMILY_IPV4 ? 4 : 16;
}

static bool all_zero(const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (octets[i] != 0)
			return false;
	}
	return true;
}

static bool is_v4_mapped(const struct address *a)
{
	return a->family == FAMILY_IPV6 && all_zero(a->octets, 10) && a->octets[10] == 0xff &&
	       a->octets[11] == 0xff;
}

bool address_is_never_server(const struct address *a)
{
	if (a->family == FAMILY_IPV4) /* this network, loopback, multicast and all above it */
		return a->octets[0] == 0 || a->octets[0] == 127 || a->octets[0] >= 224;
	if (a->family != FAMILY_IPV6)
		return true;
	/* ::/96 holds the unspecified and loopback addresses and the long dead v4-compatible ones.
	 */
	return a->octets[0] == 0xff || is_v4_mapped(a) || all_zero(a->octets, 12);
}

bool address_is_private(const struct address *a)
{
	const uint8_t *o = a->octets;
	if (address_is_never_server(a))
		return true;
	if (a->family == FAMILY_IPV4)
		return o[0] == 10 || (o[0] == 172 && (o[1] & 0xf0) == 16) ||
		       (o[0] == 192 && o[1] == 168) || (o[0] == 100 && (o[1] & 0xc0) == 64) ||
		       (o[0] == 169 && o[1] == 254);
	return (o[0] & 0xfe) == 0xfc || (o[0] == 0xfe && (o[1] & 0xc0) == 0x80);
}

/* Digits at *at, no more than max_digits, no leading zero in decimal: 010 is 8 to some readers. */
static bool scan_number(const char **at, unsigned base, unsigned max_digits, unsigned *out)
{
	const char *p = *at;
	unsigned value = 0, n = 0;
	for (int d; (d = digit_of(*p, base)) >= 0; p++, n++) {
		if (n == max_digits)
			return false;
		value = value * base + (unsigned)d;
	}
	if (n == 0 || (base == 10 && n > 1 && (*at)[0] == '0'))
		return false;
	*at = p;
	*out = value;
	return true;
}

static bool scan_ipv4(const char **at, uint8_t out[4])
{
	for (unsigned i = 0; i < 4; i++) {
		unsigned v;
		if (i > 0 && *(*at)++ != '.')
			return false;
		if (!scan_number(at, 10, 3, &v) || v > 255)
			return false;
		out[i] = (uint8_t)v;
	}
	return true;
}

static bool is_dotted(const char *at)
{
	while (digit_of(*at, 10) >= 0)
		at++;
	return *at == '.';
}

/* Moves what came behind "::" to the end of the address. */
static bool fill_gap(uint8_t out[16], size_t n, size_t gap)
{
	if (gap == SIZE_MAX)
		return n == 16;
	if (n == 16)
		return false; /* "::" stands for at least one group */
	memmove(out + 16 - (n - gap), out + gap, n - gap);
	memset(out + gap, 0, 16 - n);
	return true;
}

/* RFC 4291 section 2.2: groups, at most one "::", and perhaps an IPv4 tail. */
static bool scan_ipv6(const char **at, uint8_t out[16])
{
	const char *p = *at;
	size_t n = 0, gap = SIZE_MAX;
	if (p[0] == ':' && p[1] == ':') {
		gap = 0;
		p += 2;
	}
	while (n < 16 && digit_of(*p, 16) >= 0) {
		unsigned v;
		if (is_dotted(p)) {
			if (n > 12 || !scan_ipv4(&p, out + n))
				return false;
			n += 4;
			break;
		}
		if (!scan_number(&p, 16, 4, &v))
			return false;
		out[n++] = (uint8_t)(v >> 8);
		out[n++] = (uint8_t)v;
		if (*p != ':')
			break;
		p++;
		if (*p == ':' && gap == SIZE_MAX) {
			gap = n;
			p++;
		} else if (n == 16 || digit_of(*p, 16) < 0) {
			return false; /* a colon with nothing behind it */
		}
	}
	*at = p;
	return fill_gap(out, n, gap);
}

/* The address at *at, without port; moves past it. */
static bool scan_host(const char **at, struct address *out)
{
	struct address a = { .family = FAMILY_IPV4 };
	bool good;
	if (is_dotted(*at)) {
		good = scan_ipv4(at, a.octets);
	} else {
		a.family = FAMILY_IPV6;
		good = scan_ipv6(at, a.octets);
	}
	if (good)
		*out = a;
	return good;
}

enum err address_parse(const char *text, struct address *out)
{
	struct address a;
	if (!scan_host(&text, &a))
		return ERR_FORMAT;
	if (*text == '@') {
		unsigned port;
		text++;
		if (!scan_number(&text, 10, 5, &port) || port == 0 || port > 65535)
			return ERR_FORMAT;
		a.port = (uint16_t)port;
	}
	if (*text != '\0')
		return ERR_FORMAT;
	*out = a;
	return ERR_OK;
}

/* The longest run of at least two zero groups, the first of equals: RFC 5952 section 4.2. */
static void longest_zeros(const uint8_t octets[16], unsigned *from, unsigned *count)
{
	*from = *count = 0;
	for (unsigned i = 0; i < 8;) {
		unsigned n = 0;
		while (i + n < 8 && all_zero(octets + (size_t)2 * (i + n), 2))
			n++;
		if (n > *count && n >= 2) {
			*from = i;
			*count = n;
		}
		i += n + 1;
	}
}

static void ipv6_text(const uint8_t o[16], char out[ADDRESS_TEXT_MAX])
{
	unsigned from, count;
	size_t n = 0;
	longest_zeros(o, &from, &count);
	out[0] = '\0';
	for (unsigned i = 0; i < 8; i++) {
		if (count > 0 && i == from) {
			n += (size_t)snprintf(out + n, ADDRESS_TEXT_MAX - n, "::");
			i += count - 1;
			continue;
		}
		bool colon = i > 0 && !(count > 0 && i == from + count);
		n += (size_t)snprintf(out + n, ADDRESS_TEXT_MAX - n, "%s%x", colon ? ":" : "",
				      (unsigned)(o[2 * i] << 8 | o[2 * i + 1]));
	}
}

void address_text(const struct address *a, char out[ADDRESS_TEXT_MAX])
{
	const uint8_t *o = a->octets;
	if (a->family == FAMILY_IPV4) {
		snprintf(out, ADDRESS_TEXT_MAX, "%u.%u.%u.%u", o[0], o[1], o[2], o[3]);
	} else if (is_v4_mapped(a)) {
		snprintf(out, ADDRESS_TEXT_MAX, "::ffff:%u.%u.%u.%u", o[12], o[13], o[14], o[15]);
	} else if (a->family == FAMILY_IPV6) {
		ipv6_text(o, out);
	} else {
		snprintf(out, ADDRESS_TEXT_MAX, "-");
	}
}

struct address address_network(const struct address *a, unsigned bits)
{
	struct address n = *a;
	size_t whole = bits / 8;
	n.port = 0;
	if (whole < sizeof(n.octets)) {
		n.octets[whole] &= (uint8_t)(0xff00 >> bits % 8);
		memset(n.octets + whole + 1, 0, sizeof(n.octets) - whole - 1);
	}
	return n;
}

enum err prefix_parse(const char *text, struct prefix *out)
{
	struct prefix p;
	if (!scan_host(&text, &p.base))
		return ERR_FORMAT;
	unsigned bits = 8 * (unsigned)address_octets(&p.base);
	unsigned most = bits;
	if (*text == '/') {
		text++;
		if (!scan_number(&text, 10, 3, &bits) || bits > most)
			return ERR_FORMAT;
	}
	struct address network = address_network(&p.base, bits);
	if (*text != '\0' || !address_same_host(&network, &p.base))
		return ERR_FORMAT;
	p.bits = (uint8_t)bits;
	*out = p;
	return ERR_OK;
}

bool prefix_contains(const struct prefix *p, const struct address *a)
{
	struct address network = address_network(a, p->bits);
	return address_same_host(&network, &p->base);
}
