/*
 * writer.h - the only way out for bytes, all or nothing.
 *
 * Errors stick; the end is hard (a client's UDP size).  To rewind, copy the writer before and
 * give the copy to writer_rewind: names remembered for compression are part of it.
 */
#ifndef WIRE_WRITER_H
#define WIRE_WRITER_H

#include "resolver/base/limits.h"
#include "resolver/wire/name.h"

struct writer {
	uint8_t *start, *at, *end;
	enum err err;
	uint32_t target_count;
	uint32_t search_left; /* LIMIT_COMPRESSION_SEARCH counts down; a rewind keeps what was spent */
	uint16_t targets[LIMIT_COMPRESSION_TARGETS]; /* offsets of names already written ... */
	uint8_t parents[LIMIT_COMPRESSION_TARGETS];  /* ... and which target each goes on in, from 1; 0: the root */
};

struct writer writer_of(uint8_t *octets, size_t len);
/* Back to where mark was copied from w. */
void writer_rewind(struct writer *w, const struct writer *mark);
size_t writer_length(const struct writer *w);
size_t writer_left(const struct writer *w);

void write_u8(struct writer *w, uint8_t v);
void write_u16(struct writer *w, uint16_t v);
void write_u32(struct writer *w, uint32_t v);
void write_octets(struct writer *w, const void *octets, size_t len);
void write_name(struct writer *w, const struct name *n); /* compressed when it can be */
void write_plain_name(struct writer *w, const struct name *n);

/* Leaves two octets for a length or a count, to be filled by write_u16_at. */
size_t write_hole(struct writer *w);
void write_u16_at(struct writer *w, size_t offset, uint16_t v);

#endif
