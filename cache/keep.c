#include "cache/keep.h"

#include "cache/claim.h"
#include "cache/flush.h"
#include "cache/incoming.h"
#include "cache/origin.h"
#include "cache/rules.h"
#include "cache/sweep.h"
#include "cache/turn.h"
#include <stdlib.h>
#include <string.h>

enum {
	FULL_PERCENT = 95,             /* nothing is admitted from here */
	SCRATCH_OCTETS = 256 << 10,    /* arena for looking at one entry */
	MEASURE_EVERY = 16,            /* batches between measurements */
	PAGE_OCTETS = 4096,
	PAGES_PER_ENTRY = 64,          /* of the map, for each entry of one transaction ... */
	ENTRIES_MIN = 16,              /* ... which dirties a page or two for each, and needs them free */
	DISK_PERCENT = 90,             /* no room below that much of the map: then the disk has none */
	RESERVE_SHARE = 64,            /* of the map, set aside on the disk ... */
	RESERVE_MAX = 512 << 10,       /* ... but no more: for a few transactions that delete */
};

struct keep {
	struct cache_policy policy;
	const char *snapshot_dir, *snapshot_name;
	struct claim claim;
	struct store *store;
	size_t wanted, room;  /* octets: as configured; as the disk lets us, at most that */
	size_t map;           /* as LMDB has it: more while a store shrinks */
	bool copying;         /* a snapshot is being written */
	struct meta meta;
	struct siphash_key mac;
	struct arena *scratch;
	struct sweep *sweep;
	struct keep_counts counts;
	unsigned batches;
	unsigned uncommitted; /* entries */
	struct {
		struct name name;
		struct flush flush;
		bool on, in_run;
		struct key key;
	} flush;
};

static void measure(struct keep *k)
{
	struct store_size size;
	if (store_measure(k->store, &size) == ERR_OK) {
		k->counts.size = size;
		k->map = size.map;
		if (size.map > k->room)
			k->counts.size.map = k->room;
	}
	store_turn_end(k->store);
}

/* --- opening --- */

static enum err make(const struct keep_setup *s, struct keep **out)
{
	struct keep *k = calloc(1, sizeof(*k));
	if (k == NULL)
		return ERR_NOMEM;
	k->policy = s->policy;
	k->snapshot_dir = s->snapshot_dir;
	k->snapshot_name = s->snapshot_name;
	k->claim = (struct claim){ -1, -1 };
	k->wanted = k->room = s->map;
	k->scratch = arena_new(SCRATCH_OCTETS);
	k->sweep = calloc(1, sizeof(*k->sweep));
	*out = k;
	return k->scratch != NULL && k->sweep != NULL ? ERR_OK : ERR_NOMEM;
}

enum err keep_open(const struct keep_setup *setup, struct rng *rng, struct keep **out,
                   struct keep_report *report)
{
	struct keep *k = NULL;
	struct keep_report r = { 0 };
	enum err e = make(setup, &k);
	if (e == ERR_OK)
		e = claim_directories(setup->dir, setup->snapshot_dir, setup->snapshot_name, &k->claim);
	if (e == ERR_OK)
		e = origin_open(setup, rng, &k->store, &k->meta, &r);
	if (e != ERR_OK) {
		keep_close(k);
		return e;
	}
	measure(k);
	k->mac = siphash_key_of(k->meta.key);
	k->sweep->mac = k->mac;
	k->sweep->ttl = k->policy.ttl;
	k->sweep->stale_window_s = k->policy.stale_window_s;
	r.entries = k->counts.size.entries;
	*report = r;
	*out = k;
	return ERR_OK;
}

void keep_close(struct keep *k)
{
	if (k == NULL)
		return;
	store_close(k->store);
	claim_release(&k->claim);
	arena_free(k->scratch);
	free(k->sweep);
	free(k);
}

struct store *keep_store(struct keep *k)
{
	return k->store;
}

/* --- applying --- */

/* What lies there may be replaced?  A bad entry always. */
static bool may_replace(const struct keep *k, struct octets key, struct octets value,
                        const struct entry *new, uint32_t now_s)
{
	struct entry old;
	if (entry_read(value.at, value.len, &old) != ERR_OK ||
	    !entry_intact(&k->mac, key.at, key.len, value.at, value.len))
		return true;
	if (new->what == ENTRY_CUT && rules_left(&old, &k->policy.ttl, now_s) > 0)
		return (uint64_t)new->stored_s + new->lifetime_s <=
		       (uint64_t)old.stored_s + old.lifetime_s; /* threats B7 */
	return rules_may_replace(&old, new, &k->policy.ttl, now_s);
}

/*
 * Goes through a run (or looks at one key), judging or deleting.  Judging: ERR_DENIED when
 * something there is fresh and of higher rank.
 */
static enum err visit_rivals(struct keep *k, const struct incoming *in, const struct key *run,
                             bool is_run, bool delete, uint32_t now_s)
{
	struct key at = *run;
	struct octets key, value;
	for (unsigned i = 0; i <= LIMIT_NAME_TYPES; i++) {
		if (!store_ceiling(k->store, at.octets, at.len, &key, &value) ||
		    !key_has_prefix(key.at, key.len, run->octets, run->len) ||
		    (!is_run && key.len != run->len) || key.len >= KEY_OCTETS)
			return ERR_OK;
		memcpy(at.octets, key.at, key.len);
		at.len = (uint16_t)key.len;
		bool rival = !is_run || rules_is_rival(in->entry.what, key.at, key.len);
		if (rival && !delete && !may_replace(k, key, value, &in->entry, now_s))
			return ERR_DENIED;
		if (rival && delete) {
			enum err e = store_delete(k->store, at.octets, at.len);
			if (e != ERR_OK && e != ERR_NOTFOUND)
				return e;
		}
		if (!is_run)
			return ERR_OK;
		at.octets[at.len++] = 0; /* the least key behind */
	}
	return ERR_OK;
}

static enum err defeat_rivals(struct keep *k, const struct incoming *in, uint32_t now_s)
{
	struct rivals r;
	enum err e = ERR_OK;
	rules_rivals(in->entry.what, &in->parts.name, in->parts.type, &r);
	for (unsigned pass = 0; pass < 2; pass++) {
		for (unsigned i = 0; i < r.count && e == ERR_OK; i++)
			e = visit_rivals(k, in, &r.at[i].key, r.at[i].run, pass == 1, now_s);
	}
	return e;
}

/* Threats D5: no more than so many types of one name, nor failures.  What has run out makes room. */
static enum err make_room_at_name(struct keep *k, const struct incoming *in, uint32_t now_s)
{
	struct key run, at, over = { .len = 0 };
	struct octets key, value;
	struct entry e;
	unsigned count = 0;
	if (!key_kind_is_typed(in->key.at[0]) || !key_run(&run, in->parts.kind, &in->parts.name))
		return ERR_OK;
	at = run;
	while (count < LIMIT_NAME_TYPES &&
	       store_ceiling(k->store, at.octets, at.len, &key, &value) && key.len < KEY_OCTETS &&
	       key_has_prefix(key.at, key.len, run.octets, run.len)) {
		memcpy(at.octets, key.at, key.len);
		at.len = (uint16_t)key.len;
		if (entry_read(value.at, value.len, &e) != ERR_OK ||
		    rules_left(&e, &k->policy.ttl, now_s) == 0)
			over = at;
		at.octets[at.len++] = 0; /* the least key behind */
		count++;
	}
	if (count < LIMIT_NAME_TYPES)
		return ERR_OK;
	return over.len > 0 ? store_delete(k->store, over.octets, over.len) : ERR_DENIED;
}

static enum err forget_failure(struct keep *k, const struct incoming *in)
{
	struct key key;
	struct octets value;
	if (in->parts.kind != KEY_DATA ||
	    !key_typed(&key, KEY_FAILURE, &in->parts.name, in->parts.type) ||
	    !store_get(k->store, key.octets, key.len, &value))
		return ERR_OK;
	return store_delete(k->store, key.octets, key.len);
}

static enum err apply_entry(struct keep *k, const struct incoming *in, uint32_t now_s)
{
	struct octets old;
	if (!sweep_admits(k->sweep, in->key, in->value, &in->entry, &k->counts.size)) {
		k->counts.refused_full++;
		return ERR_OK;
	}
	enum err e = ERR_OK;
	if (!store_get(k->store, in->key.at, in->key.len, &old))
		e = make_room_at_name(k, in, now_s);
	else if (!may_replace(k, in->key, old, &in->entry, now_s))
		e = ERR_DENIED;
	if (e == ERR_OK)
		e = defeat_rivals(k, in, now_s);
	if (e == ERR_DENIED) {
		k->counts.refused_rank++;
		return ERR_OK;
	}
	if (e == ERR_OK)
		e = store_put(k->store, in->key.at, in->key.len, in->value.at, in->value.len);
	if (e == ERR_OK)
		e = forget_failure(k, in);
	if (e == ERR_OK)
		k->counts.entries_in++;
	return e;
}

static bool is_full(const struct keep *k)
{
	const struct store_size *s = &k->counts.size;
	return s->used >= s->map / 100 * FULL_PERCENT;
}

/* A small map cannot hold the dirty pages of many scattered entries: commit early. */
static enum err commit_some(struct keep *k)
{
	size_t most = k->map / PAGE_OCTETS / PAGES_PER_ENTRY;
	if (++k->uncommitted < (most < ENTRIES_MIN ? ENTRIES_MIN : most))
		return ERR_OK;
	k->uncommitted = 0;
	enum err e = store_commit(k->store);
	return e == ERR_OK ? store_begin(k->store) : e;
}

static enum err apply_message(struct keep *k, const struct octets *m, uint32_t now_s)
{
	struct reader r;
	struct turn_record t;
	struct incoming in;
	enum err e = turn_open(m->at, m->len, &r);
	if (e != ERR_OK) {
		k->counts.refused_form++;
		return ERR_OK;
	}
	while ((e = turn_next(&r, &t)) == ERR_OK) {
		if (t.kind == TURN_USE) {
			sketch_add(&k->sweep->sketch, t.hash);
			k->counts.uses++;
			continue;
		}
		if (is_full(k)) {
			k->counts.refused_full++;
			continue;
		}
		if (!incoming_read(&in, &t, &k->mac, cache_longest_s(&k->policy), now_s, k->scratch)) {
			k->counts.refused_form++;
			continue;
		}
		e = apply_entry(k, &in, now_s);
		if (e == ERR_OK)
			e = commit_some(k);
		if (e != ERR_OK)
			return e;
	}
	k->counts.refused_form += e != ERR_NOTFOUND;
	return ERR_OK;
}

/* There is no room, and not for want of map: the disk is full, and what the file has of it is what we have. */
static void on_full_disk(struct keep *k)
{
	const struct store_size *s = &k->counts.size;
	measure(k);
	if (s->reach > 0 && s->reach < s->map / 100 * DISK_PERCENT) {
		k->room = s->reach;
		measure(k);
	}
}

static size_t reserve(const struct keep *k)
{
	size_t part = k->map / RESERVE_SHARE;
	return part < RESERVE_MAX ? part : RESERVE_MAX;
}

static bool disk_is_full(const struct keep *k)
{
	return store_reserve(k->store, reserve(k)) == ERR_FULL;
}

enum err keep_apply(struct keep *k, struct now now, const struct octets *messages, unsigned count)
{
	if (disk_is_full(k))
		on_full_disk(k);
	enum err e = store_begin(k->store);
	if (e != ERR_OK)
		return e;
	k->uncommitted = 0;
	for (unsigned i = 0; i < count && e == ERR_OK; i++)
		e = apply_message(k, &messages[i], (uint32_t)(now.mono_ms / 1000));
	if (e == ERR_OK) {
		e = store_commit(k->store);
	} else {
		store_abort(k->store);
	}
	if (e != ERR_OK)
		k->counts.aborted++;
	if (e == ERR_FULL) {
		on_full_disk(k);
		sweep_press(k->sweep);
	} else if (e != ERR_OK || ++k->batches % MEASURE_EVERY == 0) {
		measure(k);
	}
	return e;
}

/* --- making room, forgetting --- */

bool keep_sweep(struct keep *k, struct now now, unsigned entries)
{
	measure(k);
	if (!sweep_is_due(k->sweep, &k->counts.size) || store_begin(k->store) != ERR_OK)
		return false;
	size_t most = k->map / PAGE_OCTETS / 8;
	if (entries > most)
		entries = (unsigned)most;
	enum err e = sweep_step(k->sweep, k->store, &k->counts.size, (uint32_t)(now.mono_ms / 1000),
	                        entries);
	if (e == ERR_OK) {
		e = store_commit(k->store);
	} else {
		store_abort(k->store);
	}
	if (e != ERR_OK) /* no pages left to delete with: the next step is a short one, elsewhere */
		k->counts.aborted++;
	return true;
}

void keep_flush_start(struct keep *k, const struct name *name, uint16_t type, bool tree)
{
	k->flush.name = *name;
	k->flush.flush = flush_of(&k->flush.name, type, tree);
	k->flush.on = true;
	k->flush.in_run = false;
}

static enum err delete_found(struct keep *k, struct octets found)
{
	uint8_t copy[KEY_OCTETS];
	memcpy(copy, found.at, found.len);
	enum err e = store_delete(k->store, copy, found.len);
	return e == ERR_NOTFOUND ? ERR_OK : e;
}

/* The next key of the list that flush.h makes. */
static enum err flush_key(struct keep *k)
{
	enum flush_how how;
	struct key *at = &k->flush.key;
	if (!flush_next(&k->flush.flush, at, &how)) {
		k->flush.on = false;
		return ERR_OK;
	}
	switch (how) {
	case FLUSH_ONE:
		return delete_found(k, (struct octets){ at->octets, at->len });
	case FLUSH_TYPES:
	case FLUSH_RUN:
		k->flush.in_run = true;
		return ERR_OK;
	}
	return ERR_OK;
}

static enum err flush_run(struct keep *k)
{
	struct octets key, value;
	const struct key *at = &k->flush.key;
	if (store_ceiling(k->store, at->octets, at->len, &key, &value) &&
	    key_has_prefix(key.at, key.len, at->octets, at->len))
		return delete_found(k, key);
	k->flush.in_run = false;
	return ERR_OK;
}

enum err keep_flush_step(struct keep *k, unsigned entries, bool *more)
{
	*more = false;
	if (!k->flush.on)
		return ERR_OK;
	enum err e = store_begin(k->store);
	if (e != ERR_OK)
		return e;
	for (unsigned i = 0; i < entries && k->flush.on && e == ERR_OK; i++)
		e = k->flush.in_run ? flush_run(k) : flush_key(k);
	if (e == ERR_OK) {
		e = store_commit(k->store);
	} else {
		store_abort(k->store);
	}
	k->flush.on = k->flush.on && e == ERR_OK;
	*more = k->flush.on;
	return e;
}

/* --- lasting --- */

int64_t keep_catch_up(struct keep *k, struct now now)
{
	int64_t behind_ms = meta_behind_s(&k->meta, now) * 1000;
	if (behind_ms == 0)
		return 0;
	now.mono_ms += behind_ms;
	k->meta.offset_ms += behind_ms;
	k->meta.shift_s = meta_shift_s(now);
	return behind_ms;
}

enum err keep_tick(struct keep *k, struct now now)
{
	if (k->room < k->wanted && !disk_is_full(k))
		k->room += reserve(k);
	if (k->room > k->wanted)
		k->room = k->wanted;
	k->meta.life_ms = now.mono_ms;
	k->meta.wall_s = now.wall_s;
	return origin_write_meta(k->store, &k->meta);
}

enum err keep_snapshot_begin(struct keep *k, struct now now)
{
	if (k->snapshot_dir == NULL)
		return ERR_NOTFOUND;
	if (k->copying)
		return ERR_BUSY;
	(void)!keep_tick(k, now); /* with clocks of a moment ago it is as good */
	k->copying = true;
	return ERR_OK;
}

enum err keep_snapshot_copy(const struct keep *k)
{
	return store_snapshot(k->store, k->snapshot_dir, k->snapshot_name);
}

void keep_snapshot_end(struct keep *k)
{
	k->copying = false;
}

enum err keep_snapshot(struct keep *k, struct now now)
{
	enum err e = keep_snapshot_begin(k, now);
	if (e != ERR_OK)
		return e;
	e = keep_snapshot_copy(k);
	keep_snapshot_end(k);
	return e;
}

/* --- looking --- */

static bool see(struct keep *k, struct octets key, struct octets value, uint32_t now_s,
                struct seen *out)
{
	if (key_parse(key.at, key.len, &out->parts) != ERR_OK ||
	    entry_read(value.at, value.len, &out->entry) != ERR_OK ||
	    !entry_intact(&k->mac, key.at, key.len, value.at, value.len))
		return false;
	out->octets = key.len + value.len;
	out->usable = rules_usable(&out->entry, &k->policy.ttl, k->policy.stale_window_s, now_s);
	return true;
}

bool keep_next(struct keep *k, struct now now, struct key *at, struct seen *out)
{
	struct octets key, value;
	for (;;) {
		if (at->len == 0) {
			at->octets[0] = KEY_META + 1;
			at->len = 1;
		}
		if (!store_ceiling(k->store, at->octets, at->len, &key, &value) ||
		    key.len >= KEY_OCTETS)
			return false;
		memcpy(at->octets, key.at, key.len);
		at->octets[key.len] = 0;
		at->len = (uint16_t)(key.len + 1);
		if (see(k, key, value, (uint32_t)(now.mono_ms / 1000), out))
			return true;
	}
}

struct keep_counts keep_count(const struct keep *k)
{
	struct keep_counts n = k->counts;
	n.swept = k->sweep->swept;
	n.level = k->sweep->level;
	return n;
}
