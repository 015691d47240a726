#include "cache/origin.h"

#include <string.h>

struct origin {
	const struct keep_setup *setup;
	struct store *store;
	struct meta meta;
};

enum err origin_write_meta(struct store *store, const struct meta *meta)
{
	enum err e = store_begin(store);
	if (e != ERR_OK)
		return e;
	e = meta_write(store, meta);
	if (e == ERR_OK)
		return store_commit(store);
	store_abort(store);
	return e;
}

static void leave(struct origin *o)
{
	store_close(o->store);
	o->store = NULL;
}

/*
 * What the life clock is from now on, written down and read again as workers will read it: in a damaged store
 * either may be what does not work.
 */
static enum err settle(struct origin *o)
{
	const struct keep_setup *s = o->setup;
	struct meta written;
	struct now kept = { .mono_ms = o->meta.life_ms, .wall_s = o->meta.wall_s };
	if (memcmp(o->meta.boot, s->boot, META_BOOT_OCTETS) != 0)
		o->meta.shift_s = meta_shift_s(kept);
	o->meta.offset_ms = meta_offset(&o->meta, s->boot, s->boot_ms, s->wall_s,
	                                cache_longest_s(&s->policy));
	memcpy(o->meta.boot, s->boot, META_BOOT_OCTETS);
	o->meta.life_ms = s->boot_ms + o->meta.offset_ms;
	o->meta.wall_s = s->wall_s;
	enum err e = origin_write_meta(o->store, &o->meta);
	if (e == ERR_OK) {
		e = meta_read(o->store, &written);
		store_turn_end(o->store);
	}
	return e == ERR_NOTFOUND ? ERR_CORRUPT : e;
}

static enum err open_there(struct origin *o)
{
	enum err why = ERR_OK;
	enum err e = store_create(o->setup->dir, o->setup->map, &o->store, &why);
	if (e == ERR_OK && why != ERR_OK)
		e = why;
	return e == ERR_OK ? meta_read(o->store, &o->meta) : e;
}

/* The live store as it lies there, if this boot wrote it. */
static enum err take_over(struct origin *o)
{
	if (o->setup->trust != KEEP_TRUST_ALL)
		return ERR_CORRUPT;
	enum err e = store_open(o->setup->dir, &o->store); /* a look first: store_create makes what is missing */
	leave(o);
	if (e == ERR_OK)
		e = open_there(o);
	if (e == ERR_OK && memcmp(o->meta.boot, o->setup->boot, META_BOOT_OCTETS) != 0)
		e = ERR_CORRUPT; /* the machine went down over it: nobody synced it */
	if (e == ERR_OK) {
		e = settle(o);
		if (e == ERR_FULL) /* it says what it said before, and room will be made */
			e = ERR_OK;
	}
	if (e != ERR_OK)
		leave(o);
	return e;
}

static enum err take_snapshot(struct origin *o)
{
	const struct keep_setup *s = o->setup;
	if (s->snapshot_dir == NULL)
		return ERR_NOTFOUND;
	if (s->trust == KEEP_TRUST_NONE)
		return ERR_CORRUPT;
	enum err e = store_restore(s->dir, s->snapshot_dir, s->snapshot_name, s->most);
	if (e == ERR_OK)
		e = open_there(o);
	if (e == ERR_OK)
		e = settle(o);
	if (e != ERR_OK)
		leave(o);
	return e;
}

static enum err start_empty(struct origin *o, struct rng *rng)
{
	enum err why;
	const struct keep_setup *s = o->setup;
	enum err e = store_create(s->dir, s->map, &o->store, &why);
	o->meta = (struct meta){ .life_ms = s->boot_ms, .wall_s = s->wall_s, .shift_s = META_NO_SHIFT };
	memcpy(o->meta.boot, s->boot, META_BOOT_OCTETS);
	rng_fill(rng, o->meta.key, sizeof(o->meta.key));
	if (e == ERR_OK)
		e = origin_write_meta(o->store, &o->meta);
	if (e != ERR_OK)
		leave(o);
	return e;
}

static enum err find(struct origin *o, struct rng *rng, struct keep_report *report)
{
	report->snapshot = ERR_OK;
	report->restored = false;
	report->store = take_over(o);
	if (report->store == ERR_OK)
		return ERR_OK;
	enum err e = store_wipe(o->setup->dir);
	if (e != ERR_OK)
		return e;
	report->snapshot = take_snapshot(o);
	report->restored = report->snapshot == ERR_OK;
	if (report->restored)
		return ERR_OK;
	e = store_wipe(o->setup->dir);
	return e == ERR_OK ? start_empty(o, rng) : e;
}

enum err origin_open(const struct keep_setup *setup, struct rng *rng, struct store **store,
                     struct meta *meta, struct keep_report *report)
{
	struct origin o = { .setup = setup };
	enum err e = find(&o, rng, report);
	if (e != ERR_OK)
		return e;
	report->offset_ms = o.meta.offset_ms;
	*store = o.store;
	*meta = o.meta;
	return ERR_OK;
}
