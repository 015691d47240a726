/*
 * reader.h - the only way in for bytes.
 *
 * Errors stick: after the first, every read returns zero (or an empty name) and err says why,
 * so a parser tests once at the end.  Never two reads in one expression: C does not order them.
 */
#ifndef WIRE_READER_H
#define WIRE_READER_H

#include "resolver/wire/name.h"

struct reader {
	const uint8_t *start; /* of the message: compression pointers count from here */
	const uint8_t *at;
	const uint8_t *end;
	enum err err;
};

struct reader reader_of(const uint8_t *octets, size_t len);
size_t reader_left(const struct reader *r);
size_t reader_offset(const struct reader *r); /* from start */

uint8_t read_u8(struct reader *r);
uint16_t read_u16(struct reader *r);
uint32_t read_u32(struct reader *r);
/* Borrowed from the message; NULL on error (and for len 0 at the end: test err). */
const uint8_t *read_octets(struct reader *r, size_t len);

/* Follows compression pointers: strictly backwards, bounded (RFC 9267; threats H1). */
struct name read_name(struct reader *r);
/* A compression pointer is ERR_FORMAT. */
struct name read_plain_name(struct reader *r);

/* A reader over the next len octets that cannot leave them; r moves past. */
struct reader read_slice(struct reader *r, size_t len);
/* ERR_OK when all was read and nothing failed, else the error (ERR_FORMAT for left-overs). */
MUST_CHECK enum err reader_finish(const struct reader *r);

#endif
