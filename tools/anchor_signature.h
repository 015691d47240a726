/*
 * anchor_signature.h - the detached signature beside root-anchors.xml: RFC 9718 section 3.
 */
#ifndef TOOLS_ANCHOR_SIGNATURE_H
#define TOOLS_ANCHOR_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * signature: a file, PKCS #7 in DER; ca: a file of trusted certificates in PEM; signer: the mail
 * address that the signing certificate must be for.  Judged at the machine's own time.  False: told
 * why on stderr.
 */
bool anchor_signature_is_good(const char *text, size_t len, const char *signature, const char *ca,
                              const char *signer);

#endif
