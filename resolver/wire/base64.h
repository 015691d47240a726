/*
 * base64.h - octets in base64 with padding (RFC 4648 section 4).
 *
 * One line out, any number of tokens in.
 */
#ifndef WIRE_BASE64_H
#define WIRE_BASE64_H

#include "resolver/wire/text.h"
#include "resolver/wire/token.h"
#include "resolver/wire/writer.h"

void base64_text(struct text *t, const uint8_t *octets, size_t len);

/* All tokens that are left: blanks mean nothing there (RFC 4034 section 2.2). */
void base64_scan(struct tokens *t, struct writer *out);
/* The digits of one token. */
void base64_scan_token(struct tokens *t, const struct token *token, struct writer *out);

#endif
