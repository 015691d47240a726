#include "resolver/wire/reader.h"

#include "resolver/base/limits.h"

#include <string.h>

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

static void take_name(struct reader *r, bool pointers, struct name *n)
{
	n->len = 0;
	if (r->err == ERR_OK)
		r->err = append_name(r, n, pointers);
	if (r->err != ERR_OK) {
		n->len = 1;
		n->wire[0] = 0;
	}
}

struct name read_name(struct reader *r)
{
	struct name n;
	take_name(r, true, &n);
	return n;
}

struct name read_plain_name(struct reader *r)
{
	struct name n;
	take_name(r, false, &n);
	return n;
}

void read_plain_name_to(struct reader *r, struct name *out)
{
	take_name(r, false, out);
}

struct reader read_slice(struct reader *r, size_t len)
{
	struct reader slice = *r;
	const uint8_t *p = read_octets(r, len);
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
