#include "tests/cache/den.h"

#include "tests/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void den_path(char *out, size_t size, const char *dir, const char *name)
{
	CU_ASSERT_FATAL(snprintf(out, size, "%s/%s", dir, name) < (int)size);
}

void den_start_worker(struct den *d)
{
	struct sample *w = &d->worker;
	CU_ASSERT_EQUAL_FATAL(store_open(d->live, &d->store), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(meta_key(d->store, &w->key), ERR_OK);
	w->cache = cache_new(&w->policy, 4 << 20, d->store, &w->key);
	CU_ASSERT_PTR_NOT_NULL_FATAL(w->cache);
	store_turn_end(d->store);
}

void den_stop_worker(struct den *d)
{
	cache_free(d->worker.cache);
	store_close(d->store);
	d->worker.cache = NULL;
	d->store = NULL;
}

void den_start_keeper(struct den *d)
{
	d->setup.policy = d->worker.policy;
	CU_ASSERT_EQUAL_FATAL(keep_open(&d->setup, &d->rng, &d->keep, &d->report), ERR_OK);
}

void den_stop_keeper(struct den *d)
{
	keep_close(d->keep);
	d->keep = NULL;
}

void den_start(struct den *d)
{
	den_start_keeper(d);
	den_start_worker(d);
}

void den_stop(struct den *d)
{
	den_stop_worker(d);
	den_stop_keeper(d);
}

void den_open(struct den *d, size_t map)
{
	memset(d, 0, sizeof(*d));
	const char *tmp = getenv("TMPDIR");
	den_path(d->top, sizeof(d->top), tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp", "denXXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(d->top));
	den_path(d->live, sizeof(d->live), d->top, "live");
	den_path(d->snapshots, sizeof(d->snapshots), d->top, "kept");
	rng_init_number(&d->rng, 11);
	sample_open(&d->worker);
	cache_free(d->worker.cache);
	d->setup = (struct keep_setup){ .dir = d->live, .map = map, .snapshot_dir = d->snapshots,
		                        .snapshot_name = "cache.snapshot", .boot = "boot one",
		                        .boot_ms = 5000, .wall_s = d->worker.now.wall_s };
	den_start(d);
}

void den_open_knowing(struct den *d, const char *name, uint32_t ttl)
{
	den_open(d, 4 << 20);
	den_put_address(d, name, ttl);
	CU_ASSERT_EQUAL(den_turn(d), ERR_OK);
}

void den_close(struct den *d)
{
	char command[200];
	den_stop(d);
	arena_free(d->worker.arena);
	CU_ASSERT_FATAL(snprintf(command, sizeof(command), "rm -rf '%s'", d->top) < 200);
	CU_ASSERT_EQUAL(system(command), 0);
}

enum err den_turn(struct den *d)
{
	struct octets m;
	store_turn_end(d->store);
	if (!cache_take_turn(d->worker.cache, &m.at, &m.len))
		return ERR_NOTFOUND;
	return keep_apply(d->keep, d->worker.now, &m, 1);
}

void den_forget_hot(struct den *d)
{
	den_stop_worker(d);
	den_start_worker(d);
}

void den_put_address(struct den *d, const char *name, uint32_t ttl)
{
	char text[200];
	snprintf(text, sizeof(text), "%s %u IN A 192.0.2.1\n", name, ttl);
	struct outcome o = sample_answer(&d->worker, text, SECURITY_INSECURE);
	sample_put(&d->worker, name, TYPE_A, &o);
}

void den_fill(struct den *d, unsigned count, unsigned each)
{
	char name[60];
	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "n%u.example.", i);
		den_put_address(d, name, 3600);
		arena_reset(d->worker.arena);
		if (i % each == each - 1)
			CU_ASSERT_EQUAL(den_turn(d), ERR_OK);
	}
}
