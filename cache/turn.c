#include "cache/turn.h"

#include "resolver/base/limits.h"
#include "resolver/wire/writer.h"
#include <stdlib.h>

enum { TURN_VERSION = 1 };

enum err turn_init(struct turn *t)
{
	t->octets = malloc(LIMIT_TURN_BYTES);
	if (t->octets == NULL)
		return ERR_NOMEM;
	turn_restart(t);
	return ERR_OK;
}

void turn_clear(struct turn *t)
{
	free(t->octets);
	t->octets = NULL;
}

void turn_restart(struct turn *t)
{
	t->octets[0] = TURN_VERSION;
	t->len = 1;
}

bool turn_is_empty(const struct turn *t)
{
	return t->len <= 1;
}

static bool close_record(struct turn *t, const struct writer *w)
{
	if (w->err != ERR_OK)
		return false;
	t->len += writer_length(w);
	return true;
}

bool turn_entry(struct turn *t, const uint8_t *key, size_t key_len, const uint8_t *value,
                size_t value_len)
{
	struct writer w = writer_of(t->octets + t->len, LIMIT_TURN_BYTES - t->len);
	write_u8(&w, TURN_ENTRY);
	write_u16(&w, (uint16_t)key_len);
	write_octets(&w, key, key_len);
	write_u16(&w, (uint16_t)value_len);
	write_octets(&w, value, value_len);
	return close_record(t, &w);
}

bool turn_use(struct turn *t, uint32_t hash)
{
	struct writer w = writer_of(t->octets + t->len, LIMIT_TURN_BYTES - t->len);
	write_u8(&w, TURN_USE);
	write_u32(&w, hash);
	return close_record(t, &w);
}

enum err turn_open(const uint8_t *octets, size_t len, struct reader *out)
{
	struct reader r = reader_of(octets, len);
	uint8_t version = read_u8(&r);
	if (r.err != ERR_OK)
		return r.err;
	if (version != TURN_VERSION)
		return ERR_VERSION;
	*out = r;
	return ERR_OK;
}

enum err turn_next(struct reader *r, struct turn_record *out)
{
	struct turn_record t = { 0 };
	if (r->err == ERR_OK && reader_left(r) == 0)
		return ERR_NOTFOUND;
	uint8_t kind = read_u8(r);
	switch (kind) {
	case TURN_ENTRY:
		t.kind = TURN_ENTRY;
		t.key_len = read_u16(r);
		t.key = read_octets(r, t.key_len);
		t.value_len = read_u16(r);
		t.value = read_octets(r, t.value_len);
		break;
	case TURN_USE:
		t.kind = TURN_USE;
		t.hash = read_u32(r);
		break;
	default:
		r->err = r->err == ERR_OK ? ERR_FORMAT : r->err;
	}
	if (r->err == ERR_OK)
		*out = t;
	return r->err;
}
