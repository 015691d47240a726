/*
 * address.h - an IP address with a port, by value, without a socket header.
 *
 * Families are plain numbers so that the pure rooms need no <sys/socket.h>; net/ converts.
 */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include "resolver/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum family { FAMILY_NONE = 0, FAMILY_IPV4 = 4, FAMILY_IPV6 = 6 };

struct address {
	uint8_t family;     /* enum family */
	uint8_t octets[16]; /* network order; IPv4 uses the first 4, the rest is zero */
	uint16_t port;      /* host order; 0: not said */
};

struct prefix {
	struct address base; /* host bits zero, port 0 */
	uint8_t bits;
};

enum { ADDRESS_TEXT_MAX = 64 }; /* room for any address_text, NUL included */

bool address_equal(const struct address *a, const struct address *b);      /* port too */
bool address_same_host(const struct address *a, const struct address *b);  /* port ignored */
size_t address_octets(const struct address *a);                            /* 4 or 16 */

/* Loopback, unspecified, multicast, broadcast, v4-mapped: never an authority (threats A14). */
bool address_is_never_server(const struct address *a);
/* RFC 1918, 100.64/10, 169.254/16, fc00::/7, fe80::/10, and all of address_is_never_server. */
bool address_is_private(const struct address *a);

/* "192.0.2.1", "2001:db8::1", and with a port "192.0.2.1@5335", "2001:db8::1@5335". */
MUST_CHECK enum err address_parse(const char *text, struct address *out);
/* The address without port; writes at most ADDRESS_TEXT_MAX octets, NUL-terminated. */
void address_text(const struct address *a, char out[ADDRESS_TEXT_MAX]);

/* "10.0.0.0/8", or a bare address for a single host.  ERR_FORMAT also when host bits are set. */
MUST_CHECK enum err prefix_parse(const char *text, struct prefix *out);
bool prefix_contains(const struct prefix *p, const struct address *a);
/* The address with everything below the first bits zeroed, port 0: a client network. */
struct address address_network(const struct address *a, unsigned bits);

#endif
