/*
 * rdata.h - RDATA of every type: wire <-> stored, canonical form, text.
 *
 * One table says how the fields of a type lie.  Types without a row are opaque (RFC 3597).
 * Compression is undone only where RFC 3597 section 4 allows it; a stored RDATA never holds a
 * compression pointer and always has a valid shape for its type.
 */
#ifndef WIRE_RDATA_H
#define WIRE_RDATA_H

#include "resolver/wire/reader.h"
#include "resolver/wire/rrset.h"
#include "resolver/wire/writer.h"

/*
 * Reads exactly the RDATA in the slice and writes the stored form to out (names expanded,
 * fields checked).  ERR_FORMAT: not of the shape of its type.
 */
MUST_CHECK enum err rdata_read(uint16_t type, struct reader rdata, struct writer *out);

/* Stored form -> message; names of RFC 1035 types are compressed. */
void rdata_write(struct writer *w, uint16_t type, const struct rdata *r);

/* RFC 4034 section 6.2: names inside in lower case for the types listed there (RFC 6840 section 5.1). */
void rdata_write_canonical(struct writer *w, uint16_t type, const struct rdata *r);

/* Order of RFC 4034 section 6.3 over canonical forms. */
int rdata_compare_canonical(const struct rdata *a, const struct rdata *b);

/* Presentation form, RFC 3597 section 5 for unknown types.  False: cut short. */
bool rdata_text(uint16_t type, const struct rdata *r, char *out, size_t size);
/*
 * Presentation form -> stored form; names relative to origin.  ERR_FORMAT names nothing: the caller knows
 * the line.
 */
MUST_CHECK enum err rdata_scan(uint16_t type, const char *text, const struct name *origin,
                               struct writer *out);

#endif
