/*
 * base32.h - octets in base32hex without padding (RFC 4648 section 7, RFC 5155 section 3.3).
 *
 * Lower case out, any case in.
 */
#ifndef WIRE_BASE32_H
#define WIRE_BASE32_H

#include "resolver/wire/text.h"
#include "resolver/wire/token.h"
#include "resolver/wire/writer.h"

void base32_text(struct text *t, const uint8_t *octets, size_t len);

/* The digits of one token. */
void base32_scan_token(struct tokens *t, const struct token *token, struct writer *out);

#endif
