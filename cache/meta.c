#include "cache/meta.h"

#include "cache/entry.h"
#include "cache/key.h"
#include <string.h>

enum { META_SELF = 0, META_NOTE = 1, FORMAT = 3, MARK_OCTETS = 8, META_OCTETS = 128 };

enum {
	BEHIND_S = 2,          /* clocks are read one after the other, and in seconds */
	LONG_S = 40 * 86400,   /* ttl-max and stale-window are 37 days at most: nothing is of use any more */
};

static const uint8_t self_key[] = { KEY_META, META_SELF };

/* Program, format, and what LMDB's own form depends on: word size and order of octets. */
static void make_mark(uint8_t mark[MARK_OCTETS])
{
	static const uint16_t order = 0x0102;
	memcpy(mark, "warr", 4);
	mark[4] = FORMAT;
	mark[5] = ENTRY_VERSION;
	mark[6] = sizeof(size_t);
	memcpy(mark + 7, &order, 1);
}

static int64_t read_i64(struct reader *r)
{
	uint64_t high = read_u32(r);
	uint64_t low = read_u32(r);
	return (int64_t)(high << 32 | low);
}

static void write_i64(struct writer *w, int64_t v)
{
	write_u32(w, (uint32_t)((uint64_t)v >> 32));
	write_u32(w, (uint32_t)v);
}

/* Of all before it: a flipped clock would make entries live too long. */
static uint64_t checksum(const uint8_t *octets, size_t len)
{
	static const struct siphash_key key = { 0 };
	return siphash(&key, octets, len);
}

enum err meta_read(struct store *s, struct meta *out)
{
	struct octets value;
	struct meta m;
	uint8_t mark[MARK_OCTETS];
	if (!store_get(s, self_key, sizeof(self_key), &value))
		return ERR_NOTFOUND;
	struct reader r = reader_of(value.at, value.len);
	const uint8_t *found = read_octets(&r, MARK_OCTETS);
	const uint8_t *boot = read_octets(&r, META_BOOT_OCTETS);
	const uint8_t *key = read_octets(&r, SIPHASH_KEY_OCTETS);
	m.offset_ms = read_i64(&r);
	m.life_ms = read_i64(&r);
	m.wall_s = read_i64(&r);
	m.shift_s = read_i64(&r);
	size_t summed = r.err == ERR_OK ? (size_t)(r.at - value.at) : 0;
	uint64_t sum = (uint64_t)read_i64(&r);
	make_mark(mark);
	if (reader_finish(&r) != ERR_OK || memcmp(found, mark, MARK_OCTETS) != 0)
		return ERR_VERSION;
	if (sum != checksum(value.at, summed))
		return ERR_CORRUPT;
	memcpy(m.boot, boot, sizeof(m.boot));
	memcpy(m.key, key, sizeof(m.key));
	*out = m;
	return ERR_OK;
}

enum err meta_write(struct store *s, const struct meta *m)
{
	uint8_t octets[META_OCTETS], mark[MARK_OCTETS];
	struct writer w = writer_of(octets, sizeof(octets));
	make_mark(mark);
	write_octets(&w, mark, sizeof(mark));
	write_octets(&w, m->boot, sizeof(m->boot));
	write_octets(&w, m->key, sizeof(m->key));
	write_i64(&w, m->offset_ms);
	write_i64(&w, m->life_ms);
	write_i64(&w, m->wall_s);
	write_i64(&w, m->shift_s);
	write_i64(&w, (int64_t)checksum(octets, writer_length(&w)));
	return store_put(s, self_key, sizeof(self_key), octets, writer_length(&w));
}

enum err meta_key(struct store *s, struct siphash_key *out)
{
	struct meta m;
	enum err e = meta_read(s, &m);
	if (e == ERR_OK)
		*out = siphash_key_of(m.key);
	return e;
}

bool meta_note(struct store *s, uint8_t number, struct octets *out)
{
	uint8_t key[] = { KEY_META, META_NOTE, number };
	return store_get(s, key, sizeof(key), out);
}

enum err meta_set_note(struct store *s, uint8_t number, const uint8_t *octets, size_t len)
{
	uint8_t key[] = { KEY_META, META_NOTE, number };
	enum err e = store_begin(s);
	if (e != ERR_OK)
		return e;
	e = store_put(s, key, sizeof(key), octets, len);
	if (e == ERR_OK)
		return store_commit(s);
	store_abort(s);
	return e;
}

int64_t meta_offset(const struct meta *m, const uint8_t boot[META_BOOT_OCTETS], int64_t boot_ms,
                    int64_t wall_s, uint32_t longest_s)
{
	/* A boot clock that went back in the same boot was faked, or is so now: it tells nothing. */
	if (memcmp(m->boot, boot, META_BOOT_OCTETS) == 0 && boot_ms + m->offset_ms >= m->life_ms)
		return m->offset_ms;
	int64_t passed_s = wall_s >= m->wall_s ? wall_s - m->wall_s : longest_s;
	if (passed_s > LONG_S)
		passed_s = LONG_S;
	return m->life_ms + passed_s * 1000 - boot_ms;
}

int64_t meta_shift_s(struct now now)
{
	return now.wall_s - now.mono_ms / 1000;
}

int64_t meta_behind_s(const struct meta *m, struct now now)
{
	if (m->shift_s == META_NO_SHIFT)
		return 0;
	int64_t behind_s = meta_shift_s(now) - m->shift_s;
	if (behind_s <= BEHIND_S)
		return 0;
	return behind_s < LONG_S ? behind_s : LONG_S;
}
