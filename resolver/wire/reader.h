/*
 * reader.h - the only way in for bytes.
 *
 * Errors stick: after the first, every read returns zero (or an empty name) and err says why,
 * so a parser tests once at the end.  Never two reads in one expression: C does not order them.
 * The small reads are inline: every query of every client goes through them.
 */
#ifndef WIRE_READER_H
#define WIRE_READER_H

#include "resolver/base/octets.h"
#include "resolver/wire/name.h"

struct reader {
	const uint8_t *start; /* of the message: compression pointers count from here */
	const uint8_t *at;
	const uint8_t *end;
	enum err err;
};

static inline struct reader reader_of(const uint8_t *octets, size_t len)
{
	/* Nothing may lie at NULL, and NULL + 0 is no pointer (C11 section 6.5.6). */
	const uint8_t *end = len > 0 ? octets + len : octets;
	return (struct reader){ .start = octets, .at = octets, .end = end, .err = ERR_OK };
}

static inline size_t reader_left(const struct reader *r)
{
	return (size_t)(r->end - r->at);
}

static inline size_t reader_offset(const struct reader *r) /* from start */
{
	return (size_t)(r->at - r->start);
}

/* Borrowed from the message; NULL on error (and for len 0 at the end: test err). */
static inline const uint8_t *read_octets(struct reader *r, size_t len)
{
	const uint8_t *p = r->at;
	if (r->err != ERR_OK)
		return NULL;
	if (reader_left(r) < len) {
		r->err = ERR_SHORT;
		return NULL;
	}
	r->at += len;
	return p;
}

static inline uint8_t read_u8(struct reader *r)
{
	const uint8_t *p = read_octets(r, 1);
	return p == NULL ? 0 : p[0];
}

static inline uint16_t read_u16(struct reader *r)
{
	const uint8_t *p = read_octets(r, 2);
	return p == NULL ? 0 : octets_be16(p);
}

static inline uint32_t read_u32(struct reader *r)
{
	const uint8_t *p = read_octets(r, 4);
	return p == NULL ? 0 : octets_be32(p);
}

/* Follows compression pointers: strictly backwards, bounded (RFC 9267; threats H1). */
struct name read_name(struct reader *r);
/* A compression pointer is ERR_FORMAT. */
struct name read_plain_name(struct reader *r);
/* The same, read to its place: no copy of a whole struct name on the way of a client's query. */
void read_plain_name_to(struct reader *r, struct name *out);

/* A reader over the next len octets that cannot leave them; r moves past. */
struct reader read_slice(struct reader *r, size_t len);
/* ERR_OK when all was read and nothing failed, else the error (ERR_FORMAT for left-overs). */
MUST_CHECK enum err reader_finish(const struct reader *r);

#endif
