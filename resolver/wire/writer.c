#include "resolver/wire/writer.h"

#include "resolver/base/octets.h"
#include "resolver/wire/lower.h"

#include <string.h>

enum { POINTER_REACH = 0x4000 }; /* a compression pointer has 14 bits */

struct writer writer_of(uint8_t *octets, size_t len)
{
	struct writer w; /* the table of targets counts only up to target_count */
	w.start = w.at = octets;
	w.end = octets + len;
	w.err = ERR_OK;
	w.target_count = 0;
	w.search_left = LIMIT_COMPRESSION_SEARCH;
	return w;
}

void writer_rewind(struct writer *w, const struct writer *mark)
{
	w->at = mark->at;
	w->err = mark->err;
	w->target_count = mark->target_count;
}

size_t writer_length(const struct writer *w)
{
	return (size_t)(w->at - w->start);
}

size_t writer_left(const struct writer *w)
{
	return (size_t)(w->end - w->at);
}

/* Room for len octets, or NULL and a sticky error. */
static uint8_t *take(struct writer *w, size_t len)
{
	uint8_t *p = w->at;
	if (w->err != ERR_OK)
		return NULL;
	if (writer_left(w) < len) {
		w->err = ERR_SPACE;
		return NULL;
	}
	w->at += len;
	return p;
}

void write_u8(struct writer *w, uint8_t v)
{
	uint8_t *p = take(w, 1);
	if (p != NULL)
		p[0] = v;
}

void write_u16(struct writer *w, uint16_t v)
{
	uint8_t *p = take(w, 2);
	if (p != NULL)
		octets_put_be16(p, v);
}

void write_u32(struct writer *w, uint32_t v)
{
	uint8_t *p = take(w, 4);
	if (p != NULL)
		octets_put_be32(p, v);
}

void write_octets(struct writer *w, const void *octets, size_t len)
{
	uint8_t *p = take(w, len);
	if (p != NULL && len > 0)
		memcpy(p, octets, len);
}

void write_plain_name(struct writer *w, const struct name *n)
{
	write_octets(w, n->wire, n->len);
}

/*
 * The targets form a tree: each is one label at an offset and goes on in its parent, so a name
 * is looked up label by label from the right and no suffix is compared twice.
 * Returns the number of the child, or 0.
 */
static unsigned find_child(struct writer *w, unsigned parent, const uint8_t *label)
{
	unsigned most = w->target_count < w->search_left ? w->target_count : w->search_left;
	for (unsigned i = 0; i < most; i++) {
		const uint8_t *other = w->start + w->targets[i];
		if (w->parents[i] == parent && other[0] == label[0] &&
		    lower_equal(other + 1, label + 1, label[0])) {
			w->search_left -= i + 1;
			return i + 1;
		}
	}
	w->search_left -= most;
	return 0;
}

/* Remembers the labels just written at offset, rightmost first: a child needs its parent. */
static void remember(struct writer *w, size_t offset, const uint8_t *starts, unsigned fresh,
		     unsigned parent)
{
	while (fresh-- > 0) {
		size_t at = offset + starts[fresh];
		if (w->target_count == LIMIT_COMPRESSION_TARGETS || at >= POINTER_REACH)
			return;
		w->targets[w->target_count] = (uint16_t)at;
		w->parents[w->target_count] = (uint8_t)parent;
		parent = (unsigned)++w->target_count;
	}
}

void write_name(struct writer *w, const struct name *n)
{
	uint8_t starts[NAME_LABELS + 1];
	unsigned labels = 0, known = 0;
	size_t at = 0;
	for (; n->wire[at] != 0; at += 1 + (size_t)n->wire[at])
		starts[labels++] = (uint8_t)at;
	starts[labels] = (uint8_t)at;

	unsigned fresh = labels;
	while (fresh > 0) {
		unsigned child = find_child(w, known, n->wire + starts[fresh - 1]);
		if (child == 0)
			break;
		known = child;
		fresh--;
	}
	size_t offset = writer_length(w);
	write_octets(w, n->wire, starts[fresh]);
	if (known != 0)
		write_u16(w, (uint16_t)(0xc000 | w->targets[known - 1]));
	else
		write_u8(w, 0);
	if (w->err == ERR_OK)
		remember(w, offset, starts, fresh, known);
}

size_t write_hole(struct writer *w)
{
	size_t offset = writer_length(w);
	write_u16(w, 0);
	return offset;
}

void write_u16_at(struct writer *w, size_t offset, uint16_t v)
{
	if (w->err == ERR_OK)
		octets_put_be16(w->start + offset, v);
}
