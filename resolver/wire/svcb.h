/*
 * svcb.h - the SvcParams of SVCB and HTTPS (RFC 9460): wire checks, text out, text in.
 *
 * RFC 9460 section 4.3 lets a resolver carry unknown keys unread and refuse known keys with a
 * wrong value; so it does.  What a parameter means is the client's business.
 */
#ifndef WIRE_SVCB_H
#define WIRE_SVCB_H

#include "resolver/wire/text.h"
#include "resolver/wire/token.h"
#include "resolver/wire/writer.h"

enum svcb_key {
	SVCB_MANDATORY = 0, SVCB_ALPN = 1, SVCB_NO_DEFAULT_ALPN = 2, SVCB_PORT = 3,
	SVCB_IPV4HINT = 4, SVCB_ECH = 5, SVCB_IPV6HINT = 6, SVCB_DOHPATH = 7, SVCB_OHTTP = 8,
};

/* RFC 9460 section 2.2: keys strictly ascend, lengths fit, known keys have values of their form. */
bool svcb_is_valid(const uint8_t *params, size_t len);

/* False: neither a name nor a keyNNNNN. */
bool svcb_key_parse(const char *text, size_t len, uint16_t *out);

/* Valid parameters, each with a blank before it. */
void svcb_text(struct text *t, const uint8_t *params, size_t len);

/* All tokens that are left, sorted by key; a key that stands twice is ERR_FORMAT. */
void svcb_scan(struct tokens *t, struct writer *out);

#endif
