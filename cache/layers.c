#include "cache/layers.h"

#include <string.h>

enum { YOUNG_MAX = 4096 }; /* entries: what came before them the keeper has written, unless it hangs */

enum err layers_init(struct layers *l, size_t hot_octets, struct store *store,
                     const struct siphash_key *mac)
{
	l->store = store;
	l->mac = *mac;
	enum err e = hot_init(&l->hot, hot_octets, mac);
	if (e == ERR_OK && store != NULL)
		e = turn_init(&l->turn);
	if (e == ERR_OK && store != NULL)
		e = turn_init(&l->sent);
	return e;
}

void layers_clear(struct layers *l)
{
	hot_clear(&l->hot);
	turn_clear(&l->turn);
	turn_clear(&l->sent);
}

struct writer layers_pack(struct layers *l)
{
	return writer_of(l->scratch, sizeof(l->scratch));
}

/*
 * Kept already in this very second, octet by octet: the SOA and the apex of a zone come with each of its
 * negative answers.
 */
static bool is_known(const struct layers *l, const struct key *k, size_t len)
{
	const struct hot_item *i = hot_get(&l->hot, k->octets, k->len);
	return i != NULL && i->value_len == len && memcmp(hot_value(i), l->scratch, len) == 0;
}

static bool is_in_store(const struct layers *l, const struct hot_item *i)
{
	struct octets value;
	return store_get(l->store, i->octets, i->key_len, &value) && value.len == i->value_len &&
	       memcmp(value.at, hot_value(i), value.len) == 0;
}

/*
 * Most of what is resolved is not asked for again, and need not lie in two places.  What was asked for, or did
 * not get into the store, stays until SIEVE evicts it.
 */
static void settle(struct layers *l)
{
	struct hot_item *i = l->hot.young_count > YOUNG_MAX ? hot_young(&l->hot) : NULL;
	if (i == NULL)
		return;
	if (!i->sieve.visited && is_in_store(l, i))
		hot_remove(&l->hot, i);
	else
		hot_grow(&l->hot, i);
}

/* False: just that is there. */
static bool keep_hot(struct layers *l, const struct key *k, size_t len)
{
	entry_seal(&l->mac, k->octets, k->len, l->scratch, len);
	if (is_known(l, k, len))
		return false;
	(void)hot_put(&l->hot, k->octets, k->len, l->scratch, len); /* too large or no memory: not kept */
	if (l->store != NULL)
		settle(l);
	return true;
}

void layers_keep(struct layers *l, const struct key *k, const struct writer *packed)
{
	size_t len = writer_length(packed);
	if (keep_hot(l, k, len) && l->store != NULL &&
	    !turn_entry(&l->turn, k->octets, k->len, l->scratch, len))
		l->turn_full = true;
}

void layers_keep_here(struct layers *l, const struct key *k, const struct writer *packed)
{
	(void)keep_hot(l, k, writer_length(packed));
}

void layers_use(struct layers *l, uint32_t use)
{
	if (l->store != NULL && !turn_use(&l->turn, use))
		l->turn_full = true;
}

static bool place_item(struct hot_item *i, struct place *out)
{
	if (i == NULL || entry_read(hot_value(i), i->value_len, &out->entry) != ERR_OK)
		return false;
	out->item = i;
	out->value = (struct octets){ hot_value(i), i->value_len };
	memcpy(out->key.octets, i->octets, i->key_len);
	out->key.len = i->key_len;
	return true;
}

/* From the store everything is checked: form, version, checksum.  Anything wrong: not there. */
static bool place_octets(const struct layers *l, struct octets key, struct octets value,
                         struct place *out)
{
	if (key.len > KEY_OCTETS || entry_read(value.at, value.len, &out->entry) != ERR_OK ||
	    !entry_intact(&l->mac, key.at, key.len, value.at, value.len))
		return false;
	out->item = NULL;
	out->value = value;
	memcpy(out->key.octets, key.at, key.len);
	out->key.len = (uint16_t)key.len;
	return true;
}

bool layers_hot(const struct layers *l, const struct key *k, struct place *out)
{
	return place_item(hot_get(&l->hot, k->octets, k->len), out);
}

bool layers_stored(const struct layers *l, const struct key *k, struct place *out)
{
	struct octets value;
	return l->store != NULL && store_get(l->store, k->octets, k->len, &value) &&
	       place_octets(l, (struct octets){ k->octets, k->len }, value, out);
}

bool layers_newest(const struct layers *l, const struct key *k, struct place *out)
{
	struct place stored;
	bool hot = layers_hot(l, k, out);
	if (!layers_stored(l, k, &stored))
		return hot;
	if (!hot || stored.entry.stored_s > out->entry.stored_s)
		*out = stored;
	return true;
}

static bool is_past(const struct key *past, const uint8_t *key, size_t len)
{
	return past == NULL || key_compare(key, len, past->octets, past->len) > 0;
}

bool layers_hot_floor(const struct layers *l, const struct key *k, size_t run,
                      const struct key *past, struct place *out)
{
	struct hot_item *i = hot_floor(&l->hot, k->octets, k->len);
	return i != NULL && key_has_prefix(i->octets, i->key_len, k->octets, run) &&
	       is_past(past, i->octets, i->key_len) && place_item(i, out);
}

bool layers_stored_floor(const struct layers *l, const struct key *k, size_t run,
                         const struct key *past, struct place *out)
{
	struct octets key, value;
	return l->store != NULL && store_floor(l->store, k->octets, k->len, &key, &value) &&
	       key_has_prefix(key.at, key.len, k->octets, run) && is_past(past, key.at, key.len) &&
	       place_octets(l, key, value, out);
}

bool layers_hot_ancestor(const struct layers *l, const struct key *k, size_t below,
                         struct place *out)
{
	struct key at = *k;
	bool more = hot_has_kind(&l->hot, k->octets[0]);
	while (more && at.len > below) {
		struct hot_item *i = hot_get(&l->hot, at.octets, at.len);
		if (i != NULL)
			return place_item(i, out);
		more = key_up(&at);
	}
	return false;
}

bool layers_stored_ancestor(const struct layers *l, const struct key *k, size_t below,
                            struct place *out)
{
	struct key at = *k;
	struct octets key, value;
	while (l->store != NULL && at.len > below) {
		if (!store_floor(l->store, at.octets, at.len, &key, &value) || key.len == 0 ||
		    key.at[0] != k->octets[0])
			return false;
		if (!key_meet(&at, key.at, key.len) || at.len <= below)
			continue;
		if (place_octets(l, key, value, out))
			return true;
		if (!key_up(&at)) /* a bad entry is a miss, not a wall */
			return false;
	}
	return false;
}

uint32_t layers_promote(struct layers *l, struct place *p)
{
	uint32_t before = 0;
	if (p->item != NULL) {
		before = p->item->hits;
		hot_touch(p->item);
		return before;
	}
	if (hot_is_full(&l->hot)) {
		before = doorkeeper_knows(&l->door, p->entry.checksum);
		if (before == 0)
			return before;
	}
	p->item = hot_put(&l->hot, p->key.octets, p->key.len, p->value.at, p->value.len);
	if (p->item != NULL) {
		hot_grow(&l->hot, p->item);
		p->item->hits = (uint16_t)(before + 1); /* as if it had been here all the time */
	}
	return before;
}
