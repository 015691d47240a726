/*
 * cachefill - a snapshot with so many entries, for the daemon to start from.
 *
 *	cachefill DIRECTORY ENTRIES [LIST [NAMES]]
 *
 * DIRECTORY is what the configuration calls cache.directory; the live store that the entries go through on
 * their way lies in it meanwhile.  Everything goes the way it goes in the daemon: a worker's cache, turn
 * messages, the keeper.  LIST gets NAMES (10000) of the questions, spread over all of them, one a line.
 */
#include "tools/stock.h"

#include "cache/keep.h"
#include "resolver/base/limits.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TURN = 200, OCTETS_EACH = 500, MAP_LEAST = 16 << 20, HOT_OCTETS = 1 << 20, NAMES = 10000, BOOT_MS = 1000 };

struct filler {
	struct keep *keep;
	struct store *store;
	struct cache *cache;
	struct now now;
	struct cache_policy policy;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "cachefill: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

/* The boot is none that ever was: the live store is of no use to anybody, the snapshot is. */
static void open_filler(struct filler *f, const char *dir, const char *live, unsigned entries)
{
	struct keep_report r;
	struct rng rng;
	struct siphash_key key;
	uint8_t seed[RNG_SEED_OCTETS];
	*f = (struct filler){ .now = { BOOT_MS, (int64_t)time(NULL) }, .policy = cache_policy_default() };
	const struct keep_setup setup = { .policy = f->policy, .dir = live,
		                          .map = MAP_LEAST + (size_t)entries * OCTETS_EACH,
		                          .trust = KEEP_TRUST_NONE, .snapshot_dir = dir,
		                          .snapshot_name = "snapshot", .boot_ms = BOOT_MS,
		                          .wall_s = f->now.wall_s };
	if (getrandom(seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		die("getrandom", strerror(errno));
	rng_init(&rng, seed);
	enum err e = keep_open(&setup, &rng, &f->keep, &r);
	if (e == ERR_OK)
		e = store_open(live, &f->store);
	if (e == ERR_OK)
		e = meta_key(f->store, &key);
	if (e != ERR_OK)
		die(live, err_text(e));
	store_turn_end(f->store);
	f->cache = cache_new(&f->policy, HOT_OCTETS, f->store, &key);
	if (f->cache == NULL)
		die("start", err_text(ERR_NOMEM));
}

static void end_turn(struct filler *f)
{
	struct octets m;
	store_turn_end(f->store);
	if (!cache_take_turn(f->cache, &m.at, &m.len))
		return;
	enum err e = keep_apply(f->keep, f->now, &m, 1);
	if (e != ERR_OK)
		die("the store", err_text(e));
}

static void fill(struct filler *f, unsigned entries)
{
	for (unsigned i = 0; i < entries; i++) {
		stock_put(f->cache, f->now, i);
		if (i % TURN == TURN - 1)
			end_turn(f);
	}
	end_turn(f);
	enum err e = keep_snapshot(f->keep, f->now);
	if (e != ERR_OK)
		die("snapshot", err_text(e));
}

static void list(const char *path, unsigned entries, unsigned names)
{
	char text[NAME_TEXT_MAX];
	FILE *out = fopen(path, "w");
	if (out == NULL)
		die(path, strerror(errno));
	for (unsigned i = 0; i < names && i < entries; i++) {
		struct question q = stock_question((unsigned)((uint64_t)i * entries / names));
		name_text(&q.name, text);
		fprintf(out, "%s A\n", text);
	}
	if (fclose(out) != 0)
		die(path, strerror(errno));
}

int main(int argc, char **argv)
{
	struct filler f;
	char live[512];
	unsigned entries = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	unsigned names = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : NAMES;
	if (entries == 0 || snprintf(live, sizeof(live), "%s/filling", argv[1]) >= (int)sizeof(live)) {
		fprintf(stderr, "usage: cachefill DIRECTORY ENTRIES [LIST [NAMES]]\n");
		return EXIT_FAILURE;
	}
	if (mkdir(argv[1], 0700) != 0 && errno != EEXIST)
		die(argv[1], strerror(errno));
	open_filler(&f, argv[1], live, entries);
	fill(&f, entries);
	printf("%zu entries\n", keep_count(f.keep).size.entries);
	cache_free(f.cache);
	store_close(f.store);
	keep_close(f.keep);
	(void)!store_wipe(live);
	(void)rmdir(live);
	if (argc > 3)
		list(argv[3], entries, names);
	return EXIT_SUCCESS;
}
