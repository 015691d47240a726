/*
 * cookie.h - server cookies that any server with the secret understands (RFC 9018).
 *
 * Keeps no state about clients.  Whether a client without a good cookie is answered is the
 * server's policy.  The address is the client's as seen on the socket, its port does not count.
 */
#ifndef WIRE_COOKIE_H
#define WIRE_COOKIE_H

#include "resolver/base/address.h"
#include "resolver/base/siphash.h"
#include "resolver/wire/edns.h"

enum { COOKIE_SECRET = SIPHASH_KEY_OCTETS, COOKIE_SERVER_MADE = 16 };

struct cookie_secrets {
	uint8_t current[COOKIE_SECRET];  /* new cookies are made with it */
	uint8_t previous[COOKIE_SECRET]; /* still good while rolling over */
	bool has_previous;
};

enum cookie_state {
	COOKIE_NONE,  /* only a client part: send a server cookie along */
	COOKIE_BAD,   /* not made by us for this client, or too old: as if there were none */
	COOKIE_RENEW, /* good, but send a fresh one */
	COOKIE_GOOD,  /* may be sent back as it is */
};

/* Fills the server part of c for the client part it has.  wall_s: seconds since 1970. */
void cookie_make(struct cookie *c, const struct address *client,
		 const struct cookie_secrets *secrets, int64_t wall_s);

enum cookie_state cookie_check(const struct cookie *c, const struct address *client,
			       const struct cookie_secrets *secrets, int64_t wall_s);

#endif
