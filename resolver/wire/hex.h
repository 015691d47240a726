/*
 * hex.h - octets as hexadecimal digits (RFC 4648 section 8).
 *
 * Upper case out, any case in.
 */
#ifndef WIRE_HEX_H
#define WIRE_HEX_H

#include "resolver/wire/text.h"
#include "resolver/wire/token.h"
#include "resolver/wire/writer.h"

void hex_text(struct text *t, const uint8_t *octets, size_t len);

/* All tokens that are left: blanks mean nothing there (RFC 4034 section 5.3). */
void hex_scan(struct tokens *t, struct writer *out);
/* The digits of one token. */
void hex_scan_token(struct tokens *t, const struct token *token, struct writer *out);

#endif
