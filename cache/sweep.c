#include "cache/sweep.h"

#include "cache/rules.h"
#include <string.h>

enum {
	WINDOW = 32,           /* entries, about a leaf page */
	START_PERCENT = 80,
	STOP_PERCENT = 78,
	HURRY_PERCENT = 90,    /* a round that takes the dead alone would come too late */
	SHARE_PERCENT = 10,
	SHARE_LEVELS = 3,
	ENTRY_OVERHEAD = 20,   /* octets LMDB adds to an entry, about */
	NO_ZONE = 0,
};

void sweep_press(struct sweep *s)
{
	s->at_work = true;
	if (s->level == 0)
		s->level = 1;
}

bool sweep_is_due(struct sweep *s, const struct store_size *size)
{
	unsigned percent = s->at_work ? STOP_PERCENT : START_PERCENT;
	bool due = size->used >= size->map / 100 * percent;
	if (s->at_work && !due && s->level > 0)
		s->level--;
	s->at_work = due;
	if (size->used >= size->map / 100 * HURRY_PERCENT)
		sweep_press(s);
	return due;
}

/* Neighbours, copied: deleting moves what LMDB pointed to. */
struct window {
	unsigned count, doomed;
	struct key keys[WINDOW];
	bool doom[WINDOW];
};

/*
 * The hash of the zone an entry belongs to: that part of its key.  NO_ZONE for the root: whose answers come from a
 * forwarder for everything all lie there, and they must not keep each other out.
 */
static uint64_t zone_of(const struct sweep *s, struct octets key, const struct entry *e)
{
	size_t end = 1;
	struct reader body = e->body;
	unsigned labels = read_u8(&body);
	if (key.at[0] == KEY_CUT)
		labels = 1; /* the parent is not known: by its topmost label */
	if (key.at[0] == KEY_NSEC || key.at[0] == KEY_NSEC3)
		labels = NAME_LABELS; /* up to the empty label behind the zone */
	while (labels > 0 && end < key.len && key.at[end] != 0) {
		while (end < key.len && key.at[end] != 0)
			end++;
		end += end < key.len;
		labels--;
	}
	return end == 1 ? NO_ZONE : siphash(&s->mac, key.at + 1, end - 1);
}

static bool is_large(size_t has, const struct store_size *size)
{
	return has > size->map / 100 * SHARE_PERCENT;
}

bool sweep_admits(struct sweep *s, struct octets key, struct octets value, const struct entry *e,
                  const struct store_size *size)
{
	if (!s->at_work || key.at[0] == KEY_CUT)
		return true;
	uint64_t zone = zone_of(s, key, e);
	if (zone == NO_ZONE)
		return true;
	if (is_large(shares_of(&s->before, zone), size) || is_large(shares_of(&s->shares, zone), size))
		return false;
	(void)shares_add(&s->shares, zone, key.len + value.len + ENTRY_OVERHEAD);
	return true;
}

/* Is an entry worth less than the level of pressure wants? */
static bool is_doomed(const struct sweep *s, struct octets key, const struct entry *e,
                      unsigned level, uint32_t now_s)
{
	enum usable u = rules_usable(e, &s->ttl, s->stale_window_s, now_s);
	if (u == USABLE_NOT)
		return true;
	if (level == 0)
		return false;
	unsigned uses = sketch_count(&s->sketch, (uint32_t)(siphash(&s->mac, key.at, key.len) >> 32));
	if (u == USABLE_STALE)
		return level >= 2 || uses == 0;
	if (level == 2)
		return uses == 0 && entry_age(e, now_s) > entry_ends_s(e) / 2;
	return level >= 3 && uses <= (1u << (level - 3)) - 1;
}

static bool judge(struct sweep *s, struct octets key, struct octets value,
                  const struct store_size *size, uint32_t now_s)
{
	struct entry e;
	if (key.at[0] == KEY_META)
		return false;
	if (entry_read(value.at, value.len, &e) != ERR_OK)
		return true;
	size_t has = shares_add(&s->shares, zone_of(s, key, &e),
	                        key.len + value.len + ENTRY_OVERHEAD);
	unsigned level = s->level;
	if (level > 0 && is_large(has, size))
		level += SHARE_LEVELS;
	return is_doomed(s, key, &e, level, now_s);
}

/* The round is over.  Not enough room made: harder next time. */
static void next_round(struct sweep *s)
{
	s->hand.len = 0;
	if (s->level + 1 < SWEEP_LEVELS)
		s->level++;
	else
		sketch_halve(&s->sketch); /* even what is popular must make way in the end */
	s->before = s->shares;
	shares_restart(&s->shares);
}

static bool fill_window(struct sweep *s, struct store *store, const struct store_size *size,
                        uint32_t now_s, struct window *w)
{
	static const uint8_t first[] = { 0 };
	struct octets key, value;
	w->count = w->doomed = 0;
	while (w->count < WINDOW) {
		const uint8_t *from = s->hand.len == 0 ? first : s->hand.octets;
		size_t len = s->hand.len == 0 ? sizeof(first) : s->hand.len;
		if (!store_ceiling(store, from, len, &key, &value) || key.len > KEY_OCTETS)
			return false;
		struct key *k = &w->keys[w->count];
		memcpy(k->octets, key.at, key.len);
		k->len = (uint16_t)key.len;
		w->doom[w->count] = judge(s, key, value, size, now_s);
		w->doomed += w->doom[w->count];
		w->count++;
		s->hand = *k;
		if (s->hand.len < KEY_OCTETS)
			s->hand.octets[s->hand.len++] = 0; /* the least key behind */
		else if (s->hand.octets[s->hand.len - 1] < 0xff)
			s->hand.octets[s->hand.len - 1]++;
		else
			return false;
	}
	return true;
}

/* A few doomed ones in a window are left for later: deleting them would dirty a page and free none. */
static enum err clear_window(struct sweep *s, struct store *store, const struct window *w)
{
	if (w->doomed * 4 < w->count)
		return ERR_OK;
	for (unsigned i = 0; i < w->count; i++) {
		if (!w->doom[i])
			continue;
		enum err e = store_delete(store, w->keys[i].octets, w->keys[i].len);
		if (e != ERR_OK && e != ERR_NOTFOUND)
			return e;
		s->swept++;
	}
	return ERR_OK;
}

enum err sweep_step(struct sweep *s, struct store *store, const struct store_size *size,
                    uint32_t now_s, unsigned entries)
{
	struct window w;
	for (unsigned seen = 0; seen < entries; seen += WINDOW) {
		bool more = fill_window(s, store, size, now_s, &w);
		enum err e = clear_window(s, store, &w);
		if (e != ERR_OK)
			return e;
		if (!more) {
			next_round(s);
			return ERR_OK;
		}
	}
	return ERR_OK;
}
