#include "resolver/wire/reader.h"

#include "resolver/base/limits.h"
#include "resolver/base/octets.h"

#include <string.h>

struct reader reader_of(const uint8_t *octets, size_t len)
{
	return (struct reader){ .start = octets, .at = octets, .end = octets + len, .err = ERR_OK };
}

size_t reader_left(const struct reader *r)
{
	return (size_t)(r->end - r->at);
}

size_t reader_offset(const struct reader *r)
{
	return (size_t)(r->at - r->start);
}

/* The next len octets, or NULL and a sticky error. */
static const uint8_t *take(struct reader *r, size_t len)
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

uint8_t read_u8(struct reader *r)
{
	const uint8_t *p = take(r, 1);
	return p == NULL ? 0 : p[0];
}

uint16_t read_u16(struct reader *r)
{
	const uint8_t *p = take(r, 2);
	return p == NULL ? 0 : octets_be16(p);
}

uint32_t read_u32(struct reader *r)
{
	const uint8_t *p = take(r, 4);
	return p == NULL ? 0 : octets_be32(p);
}

const uint8_t *read_octets(struct reader *r, size_t len)
{
	return take(r, len);
}

/* What ended a run of labels. */
enum part_end { PART_ROOT, PART_POINTER, PART_BAD };

/*
 * Appends the labels at *at (below end) to n, up to the root label or a pointer.  The sum of
 * all parts is checked here, before anything is copied: RFC 9267 section 3, threats D9.
 */
static enum part_end append_part(struct name *n, const uint8_t **at, const uint8_t *end,
                                 enum err *why)
{
	const uint8_t *from = *at;
	size_t room = (size_t)NAME_OCTETS - n->len, left = (size_t)(end - from), len = 0;
	while (len < left && len < room && from[len] != 0 && from[len] <= LABEL_OCTETS)
		len += 1 + (size_t)from[len];
	*why = len >= left ? ERR_SHORT : ERR_FORMAT;
	if (len >= left || len >= room)
		return PART_BAD;
	bool pointer = from[len] >= 0xc0;
	if (!pointer && from[len] != 0)
		return PART_BAD; /* label types 01 and 10: RFC 6891 section 5 */
	if (!pointer)
		len++;
	memcpy(n->wire + n->len, from, len);
	n->len = (uint8_t)(n->len + len);
	*at = from + len;
	return pointer ? PART_POINTER : PART_ROOT;
}

/*
 * Every pointer goes to before the run of labels it ends, and what it points at must end before
 * that run: so no octet is read twice for one name, and a loop cannot be written down.
 */
static enum err append_name(struct reader *r, struct name *n, bool pointers)
{
	const uint8_t *at = r->at, *part = r->at, *end = r->end, *behind = NULL;
	for (unsigned followed = 0;; followed++) {
		enum err why;
		enum part_end ended = append_part(n, &at, end, &why);
		if (ended == PART_BAD)
			return behind == NULL ? why : ERR_FORMAT;
		if (ended == PART_ROOT)
			break;
		if (!pointers || followed == LIMIT_NAME_POINTERS)
			return ERR_FORMAT;
		if (end - at < 2)
			return behind == NULL ? ERR_SHORT : ERR_FORMAT;
		size_t target = octets_be16(at) & 0x3fff;
		if (target >= (size_t)(part - r->start))
			return ERR_FORMAT;
		if (behind == NULL)
			behind = at + 2;
		end = part;
		at = part = r->start + target;
	}
	r->at = behind == NULL ? at : behind;
	return ERR_OK;
}

static struct name take_name(struct reader *r, bool pointers)
{
	struct name n;
	n.len = 0;
	if (r->err == ERR_OK)
		r->err = append_name(r, &n, pointers);
	if (r->err != ERR_OK) {
		n.len = 1;
		n.wire[0] = 0;
	}
	return n;
}

struct name read_name(struct reader *r)
{
	return take_name(r, true);
}

struct name read_plain_name(struct reader *r)
{
	return take_name(r, false);
}

struct reader read_slice(struct reader *r, size_t len)
{
	struct reader slice = *r;
	const uint8_t *p = take(r, len);
	slice.err = r->err;
	slice.end = p == NULL ? slice.at : p + len;
	return slice;
}

enum err reader_finish(const struct reader *r)
{
	if (r->err != ERR_OK)
		return r->err;
	return r->at == r->end ? ERR_OK : ERR_FORMAT;
}
