#include "tools/pair.h"

#include "cache/meta.h"

enum { ARENA_OCTETS = 1 << 20 };

enum err pair_open(struct pair *p, const struct keep_setup *setup, size_t hot_octets, struct rng *rng)
{
	struct siphash_key key;
	*p = (struct pair){ .now = { setup->boot_ms, setup->wall_s } };
	enum err e = keep_open(setup, rng, &p->keep, &p->report);
	if (e == ERR_OK)
		e = store_open(setup->dir, &p->store);
	if (e == ERR_OK)
		e = meta_key(p->store, &key);
	if (e != ERR_OK)
		return e;
	store_turn_end(p->store);
	p->now.mono_ms += p->report.offset_ms;
	p->cache = cache_new(&setup->policy, hot_octets, p->store, &key);
	p->arena = arena_new(ARENA_OCTETS);
	return p->cache != NULL && p->arena != NULL ? ERR_OK : ERR_NOMEM;
}

void pair_close(struct pair *p)
{
	cache_free(p->cache);
	store_close(p->store);
	keep_close(p->keep);
	arena_free(p->arena);
}

enum err pair_turn(struct pair *p)
{
	struct octets m;
	store_turn_end(p->store);
	return cache_take_turn(p->cache, &m.at, &m.len) ? keep_apply(p->keep, p->now, &m, 1) : ERR_OK;
}
