/*
 * flip - what flipped octets in the store and in the snapshot cost: never a wrong answer.
 *
 *	flip DIRECTORY [runs] [entries] [seed]
 *
 * A store is filled and a snapshot taken.  Each run flips 1 to 4096 bits of a copy of one of them, anywhere:
 * before it is opened, or, of the live store, while it is open.  Then, in a process of its own as in the
 * daemon, the keeper opens it, a worker looks for every entry, and the keeper walks, learns, sweeps and
 * forgets.  A run that dies is started over as the supervisor does: once from the snapshot, and then from
 * nothing.
 *
 * Faults are: wrong answers, hangs, runs that died twice, a store that keeps the keeper from having any, and
 * a process that ends otherwise than by a signal (a sanitizer's report; leave signals to the system with
 * ASAN_OPTIONS).  Then the status is not 0.  DIRECTORY is made and emptied; best on tmpfs.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS, explicit file offsets */
#include "tools/pair.h"
#include "tools/stock.h"

#include "resolver/base/limits.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	TURN = 100, MAP_EACH = 800, MAP_LEAST = 1 << 20, BOOT_MS = 5000000, WALL_S = 1790000000, HOT_OCTETS = 64 << 10,
	FLIPS_BITS = 12, NEW = 200, HANG_S = 20,
};

enum target { LIVE_CLOSED, LIVE_OPEN, SNAPSHOT, TARGETS };
static const char *const target_texts[TARGETS] = { "live store, closed", "live store, open", "snapshot" };
enum file { DATA, LOCK, KEPT, FILES };

struct image {
	uint8_t *octets;
	size_t len;
};

/* Shared with the process that looks. */
struct seen_there {
	unsigned found, wrong, wrong_first;
	bool opened, was_live, was_snapshot, done;
};

struct totals {
	unsigned runs, deaths, second_deaths, hangs, wrong, started_over;
	unsigned long found, looked;
};

struct flip {
	char live[512], kept[512], path[FILES][600];
	unsigned runs, entries;
	struct rng rng;
	struct image image[FILES];
	struct seen_there *seen;
	struct totals totals[TARGETS];
	unsigned faults;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "flip: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

/* ---- files ---- */

static struct image read_image(const char *path)
{
	struct stat st;
	struct image i = { 0 };
	int fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st) != 0)
		die(path, strerror(errno));
	i.len = (size_t)st.st_size;
	i.octets = malloc(i.len);
	if (i.octets == NULL || read(fd, i.octets, i.len) != st.st_size)
		die(path, "cannot be read");
	close(fd);
	return i;
}

static void write_image(const char *path, const struct image *i)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, i->octets, i->len) != (ssize_t)i->len)
		die(path, strerror(errno));
	close(fd);
}

/* Half of the runs near the beginning, where LMDB says where all else is. */
static void flip_bits(struct flip *f, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDWR);
	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0)
		die(path, strerror(errno));
	unsigned count = 1u << rng_below(&f->rng, FLIPS_BITS + 1);
	uint32_t reach = rng_below(&f->rng, 8) == 0 ? 8192 : (uint32_t)st.st_size;
	for (unsigned i = 0; i < count; i++) {
		uint8_t octet;
		off_t at = (off_t)rng_below(&f->rng, reach < st.st_size ? reach : (uint32_t)st.st_size);
		if (pread(fd, &octet, 1, at) != 1)
			continue;
		octet ^= (uint8_t)(1u << rng_below(&f->rng, 8));
		(void)!pwrite(fd, &octet, 1, at);
	}
	close(fd);
}

/* ---- the keeper and a worker ---- */

static bool open_pair(struct flip *f, struct pair *p, enum keep_trust trust)
{
	const struct keep_setup setup = {
		.policy = cache_policy_default(),
		.dir = f->live,
		.map = MAP_LEAST + (size_t)f->entries * MAP_EACH,
		.trust = trust,
		.snapshot_dir = f->kept,
		.snapshot_name = "snapshot",
		.boot = { 1, 2, 3 },
		.boot_ms = BOOT_MS,
		.wall_s = WALL_S,
	};
	return pair_open(p, &setup, HOT_OCTETS, &f->rng) == ERR_OK;
}

static void put_some(struct pair *p, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		stock_put(p->cache, p->now, i);
		if (i % TURN == TURN - 1)
			(void)pair_turn(p);
	}
	(void)pair_turn(p);
}

static void look_up(struct flip *f, struct pair *p)
{
	struct cached found;
	for (unsigned i = 0; i < f->entries; i++) {
		struct question q = stock_question(i);
		arena_reset(p->arena);
		if (cache_find(p->cache, p->now, &q, p->arena, &found) == ERR_OK) {
			f->seen->found++;
			if (!stock_is_right(&found, i) && f->seen->wrong++ == 0)
				f->seen->wrong_first = i;
		}
		if (i % TURN == 0)
			(void)pair_turn(p);
	}
	(void)pair_turn(p);
}

static void walk(struct pair *p)
{
	struct seen s;
	struct key at = { .len = 0 };
	while (keep_next(p->keep, p->now, &at, &s))
		;
	store_turn_end(keep_store(p->keep));
}

static void forget(struct pair *p)
{
	struct name name = name_of("alpha.");
	bool more = true;
	keep_flush_start(p->keep, &name, 0, true);
	for (unsigned i = 0; i < 100 && more; i++) {
		if (keep_flush_step(p->keep, 1000, &more) != ERR_OK)
			return;
	}
}

/* What a keeper and a worker do with it; how it ends is for the parent to see. */
static void use(struct flip *f, enum target target, enum keep_trust trust)
{
	struct pair p;
	if (!open_pair(f, &p, trust))
		return;
	f->seen->opened = true;
	f->seen->was_live = p.report.store == ERR_OK;
	f->seen->was_snapshot = p.report.restored;
	if (target == LIVE_OPEN && trust == KEEP_TRUST_ALL)
		flip_bits(f, f->path[DATA]);
	look_up(f, &p);
	walk(&p);
	put_some(&p, f->entries, f->entries + NEW);
	(void)!keep_tick(p.keep, p.now);
	for (unsigned i = 0; i < 20; i++)
		(void)keep_sweep(p.keep, p.now, 1000);
	look_up(f, &p);
	forget(&p);
	(void)!keep_snapshot(p.keep, p.now);
	pair_close(&p);
}

/* The status of the process that looked. */
static int look(struct flip *f, enum target target, enum keep_trust trust)
{
	int status;
	memset(f->seen, 0, sizeof(*f->seen));
	fflush(stdout);
	pid_t pid = fork();
	if (pid < 0)
		die("fork", strerror(errno));
	if (pid == 0) {
		(void)alarm(HANG_S);
		(void)!freopen("/dev/null", "w", stderr);
		use(f, target, trust);
		f->seen->done = true;
		_exit(EXIT_SUCCESS);
	}
	while (waitpid(pid, &status, 0) < 0)
		;
	return status;
}

/* ---- runs ---- */

static void blame(struct flip *f, unsigned run, enum target target, const char *what)
{
	f->faults++;
	printf("run %u, %s: %s\n", run, target_texts[target], what);
}

static void judge(struct flip *f, unsigned run, enum target target, int status)
{
	struct totals *t = &f->totals[target];
	char what[80];
	t->found += f->seen->found;
	t->looked += 2ul * f->entries;
	t->wrong += f->seen->wrong;
	if (f->seen->wrong > 0) {
		snprintf(what, sizeof(what), "%u wrong answers, the first for entry %u", f->seen->wrong,
		         f->seen->wrong_first);
		blame(f, run, target, what);
	}
	if (f->seen->done && !f->seen->opened)
		blame(f, run, target, "no store could be made of it, nor instead of it");
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		blame(f, run, target, "it did not die of the store but of a report");
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
		t->hangs++;
		blame(f, run, target, "hangs");
	}
}

static void run(struct flip *f, unsigned number)
{
	enum target target = (enum target)rng_below(&f->rng, TARGETS);
	struct totals *t = &f->totals[target];
	t->runs++;
	(void)!store_wipe(f->live);
	write_image(f->path[KEPT], &f->image[KEPT]);
	if (target == SNAPSHOT) {
		flip_bits(f, f->path[KEPT]);
	} else {
		write_image(f->path[DATA], &f->image[DATA]);
		write_image(f->path[LOCK], &f->image[LOCK]);
	}
	if (target == LIVE_CLOSED)
		flip_bits(f, f->path[DATA]);
	int status = look(f, target, KEEP_TRUST_ALL);
	judge(f, number, target, status);
	t->started_over += f->seen->opened && !f->seen->was_live && !f->seen->was_snapshot;
	if (f->seen->done)
		return;
	t->deaths++;
	status = look(f, target, KEEP_TRUST_SNAPSHOT);
	judge(f, number, target, status);
	if (f->seen->done)
		return;
	t->second_deaths++;
	blame(f, number, target, "died twice");
}

static void fill(struct flip *f)
{
	struct pair p;
	if (!open_pair(f, &p, KEEP_TRUST_ALL))
		die(f->live, "no store can be made there");
	put_some(&p, 0, f->entries);
	if (keep_snapshot(p.keep, p.now) != ERR_OK)
		die(f->kept, "no snapshot");
	pair_close(&p);
	for (unsigned i = 0; i < FILES; i++)
		f->image[i] = read_image(f->path[i]);
	(void)look(f, SNAPSHOT, KEEP_TRUST_ALL);
	if (!f->seen->done || !f->seen->was_live || f->seen->found != 2 * f->entries || f->seen->wrong != 0)
		die(f->live, "is not right even before anything is flipped");
}

static void report(const struct flip *f)
{
	for (unsigned i = 0; i < TARGETS; i++) {
		const struct totals *t = &f->totals[i];
		printf("%s: %u runs, %.4f of the answers still there, %u wrong, %u died once, %u twice, %u hung, "
		       "%u began empty\n",
		       target_texts[i], t->runs, t->looked > 0 ? (double)t->found / (double)t->looked : 0, t->wrong,
		       t->deaths, t->second_deaths, t->hangs, t->started_over);
	}
}

static void make_places(struct flip *f, const char *dir)
{
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		die(dir, strerror(errno));
	snprintf(f->live, sizeof(f->live), "%s/live", dir);
	snprintf(f->kept, sizeof(f->kept), "%s/kept", dir);
	snprintf(f->path[DATA], sizeof(f->path[DATA]), "%s/data.mdb", f->live);
	snprintf(f->path[LOCK], sizeof(f->path[LOCK]), "%s/lock.mdb", f->live);
	snprintf(f->path[KEPT], sizeof(f->path[KEPT]), "%s/snapshot", f->kept);
	(void)!store_wipe(f->live);
	(void)unlink(f->path[KEPT]);
}

static void remove_places(const struct flip *f)
{
	(void)!store_wipe(f->live);
	(void)unlink(f->path[KEPT]);
	(void)rmdir(f->live);
	(void)rmdir(f->kept);
}

int main(int argc, char **argv)
{
	static struct flip f = { .runs = 10000, .entries = 1500 };
	if (argc < 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: flip DIRECTORY [runs] [entries] [seed]\n");
		return EXIT_FAILURE;
	}
	if (argc > 2)
		f.runs = (unsigned)strtoul(argv[2], NULL, 10);
	if (argc > 3)
		f.entries = (unsigned)strtoul(argv[3], NULL, 10);
	rng_init_number(&f.rng, argc > 4 ? strtoull(argv[4], NULL, 10) : 1);
	f.seen = mmap(NULL, sizeof(*f.seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (f.seen == MAP_FAILED)
		die("mmap", strerror(errno));
	make_places(&f, argv[1]);
	fill(&f);
	for (unsigned i = 0; i < f.runs; i++)
		run(&f, i);
	report(&f);
	printf("%u passed, %u failed\n", f.runs - (f.faults < f.runs ? f.faults : f.runs), f.faults);
	remove_places(&f);
	return f.faults == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
