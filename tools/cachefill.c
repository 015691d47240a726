/*
 * cachefill - a snapshot with so many entries, for the daemon to start from.
 *
 *	cachefill DIRECTORY ENTRIES [LIST [NAMES]]
 *
 * DIRECTORY is what the configuration calls cache.directory; the live store that the entries go through on
 * their way lies in it meanwhile.  Everything goes the way it goes in the daemon: a worker's cache, turn
 * messages, the keeper.  LIST gets NAMES (10000) of the questions, spread over all of them, one a line.
 */
#include "tools/pair.h"
#include "tools/stock.h"

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

static void die(const char *what, const char *why)
{
	fprintf(stderr, "cachefill: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

/* The boot is none that ever was: the live store is of no use to anybody, the snapshot is. */
static void open_pair(struct pair *p, const char *dir, const char *live, unsigned entries)
{
	struct rng rng;
	uint8_t seed[RNG_SEED_OCTETS];
	const struct keep_setup setup = { .policy = cache_policy_default(), .dir = live,
		                          .map = MAP_LEAST + (size_t)entries * OCTETS_EACH,
		                          .trust = KEEP_TRUST_NONE, .snapshot_dir = dir,
		                          .snapshot_name = "snapshot", .boot_ms = BOOT_MS,
		                          .wall_s = (int64_t)time(NULL) };
	if (getrandom(seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		die("getrandom", strerror(errno));
	rng_init(&rng, seed);
	enum err e = pair_open(p, &setup, HOT_OCTETS, &rng);
	if (e != ERR_OK)
		die(live, err_text(e));
}

static void end_turn(struct pair *p)
{
	enum err e = pair_turn(p);
	if (e != ERR_OK)
		die("the store", err_text(e));
}

static void fill(struct pair *p, unsigned entries)
{
	for (unsigned i = 0; i < entries; i++) {
		stock_put(p->cache, p->now, i);
		if (i % TURN == TURN - 1)
			end_turn(p);
	}
	end_turn(p);
	enum err e = keep_snapshot(p->keep, p->now);
	if (e != ERR_OK)
		die("snapshot", err_text(e));
}

/* keep_count() knows what the last sweep saw. */
static void say_entries(struct pair *p)
{
	struct store_size size;
	enum err e = store_measure(keep_store(p->keep), &size);
	if (e != ERR_OK)
		die("measure", err_text(e));
	store_turn_end(keep_store(p->keep));
	printf("%zu entries\n", size.entries);
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
	struct pair p;
	char live[512];
	unsigned entries = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	unsigned names = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : NAMES;
	if (entries == 0 || snprintf(live, sizeof(live), "%s/filling", argv[1]) >= (int)sizeof(live)) {
		fprintf(stderr, "usage: cachefill DIRECTORY ENTRIES [LIST [NAMES]]\n");
		return EXIT_FAILURE;
	}
	if (mkdir(argv[1], 0700) != 0 && errno != EEXIST)
		die(argv[1], strerror(errno));
	open_pair(&p, argv[1], live, entries);
	fill(&p, entries);
	say_entries(&p);
	pair_close(&p);
	(void)!store_wipe(live);
	(void)rmdir(live);
	if (argc > 3)
		list(argv[3], entries, names);
	return EXIT_SUCCESS;
}
