#include "cache/keep.h"
#include "cache/turn.h"
#include "tests/cache/sample.h"
#include "tests/cache/suites.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A keeper, and workers over its store, in a directory of their own. */
struct den {
	char top[64], live[80], snapshots[80];
	struct keep_setup setup;
	struct keep *keep;
	struct keep_report report;
	struct rng rng;
	struct store *store; /* the worker's */
	struct sample worker;
};

static void path_of(char *out, size_t size, const char *dir, const char *name)
{
	CU_ASSERT_FATAL(snprintf(out, size, "%s/%s", dir, name) < (int)size);
}

static void start_worker(struct den *d)
{
	struct sample *w = &d->worker;
	CU_ASSERT_EQUAL_FATAL(store_open(d->live, &d->store), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(meta_key(d->store, &w->key), ERR_OK);
	w->cache = cache_new(&w->policy, 1 << 20, d->store, &w->key);
	CU_ASSERT_PTR_NOT_NULL_FATAL(w->cache);
	store_turn_end(d->store);
}

static void stop_worker(struct den *d)
{
	cache_free(d->worker.cache);
	store_close(d->store);
	d->worker.cache = NULL;
	d->store = NULL;
}

static void start_keeper(struct den *d)
{
	d->setup.policy = d->worker.policy;
	CU_ASSERT_EQUAL_FATAL(keep_open(&d->setup, &d->rng, &d->keep, &d->report), ERR_OK);
}

static void stop_keeper(struct den *d)
{
	keep_close(d->keep);
	d->keep = NULL;
}

static void open_den(struct den *d, size_t map)
{
	memset(d, 0, sizeof(*d));
	const char *tmp = getenv("TMPDIR");
	path_of(d->top, sizeof(d->top), tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp", "denXXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(d->top));
	path_of(d->live, sizeof(d->live), d->top, "live");
	path_of(d->snapshots, sizeof(d->snapshots), d->top, "kept");
	rng_init_number(&d->rng, 11);
	sample_open(&d->worker);
	cache_free(d->worker.cache);
	d->setup = (struct keep_setup){ .dir = d->live, .map = map, .snapshot_dir = d->snapshots,
		                        .snapshot_name = "cache.snapshot", .boot = "boot one",
		                        .boot_ms = 5000, .wall_s = d->worker.now.wall_s };
	start_keeper(d);
	start_worker(d);
}

static void close_den(struct den *d)
{
	char command[200];
	stop_worker(d);
	stop_keeper(d);
	arena_free(d->worker.arena);
	CU_ASSERT_FATAL(snprintf(command, sizeof(command), "rm -rf '%s'", d->top) < 200);
	CU_ASSERT_EQUAL(system(command), 0);
}

/* The worker's turn ends: its message goes to the keeper. */
static enum err turn(struct den *d)
{
	struct octets m;
	store_turn_end(d->store);
	if (!cache_take_turn(d->worker.cache, &m.at, &m.len))
		return ERR_NOTFOUND;
	return keep_apply(d->keep, d->worker.now, &m, 1);
}

/* As if the worker had died: only the store remembers. */
static void forget_hot(struct den *d)
{
	stop_worker(d);
	start_worker(d);
}

static void put_address(struct den *d, const char *name, uint32_t ttl)
{
	char text[200];
	snprintf(text, sizeof(text), "%s %u IN A 192.0.2.1\n", name, ttl);
	struct outcome o = sample_answer(&d->worker, text, SECURITY_INSECURE);
	sample_put(&d->worker, name, TYPE_A, &o);
}

static void test_what_one_worker_learned_another_finds(void)
{
	struct den d;
	struct cached found;
	open_den(&d, 4 << 20);
	CU_ASSERT_EQUAL(d.report.store, ERR_NOTFOUND);
	CU_ASSERT_EQUAL(d.report.snapshot, ERR_NOTFOUND);
	put_address(&d, "www.example.", 300);
	struct cut cut = sample_cut(&d.worker, "example.", "192.0.2.53", 3600);
	cache_put_cut(d.worker.cache, d.worker.now, &cut);
	CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	CU_ASSERT_EQUAL(keep_count(d.keep).entries_in, 2);
	forget_hot(&d);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "www.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.left_s, 300);
	CU_ASSERT_EQUAL(cache_count(d.worker.cache).store_hits, 1);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "www.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(cache_count(d.worker.cache).hot_hits, 1);
	struct name name = name_of("a.b.example.");
	struct cut there;
	CU_ASSERT_EQUAL(cache_find_cut(d.worker.cache, d.worker.now, &name, false, d.worker.arena, &there), ERR_OK);
	CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	CU_ASSERT_EQUAL(keep_count(d.keep).uses, 2);
	close_den(&d);
}

static void test_the_keeper_applies_the_rank_rules_again(void)
{
	struct den d;
	struct cached found;
	open_den(&d, 4 << 20);
	struct outcome secure = sample_answer(&d.worker, "v.example. 300 IN A 192.0.2.1\n", SECURITY_SECURE);
	struct outcome forged = sample_answer(&d.worker, "v.example. 300 IN A 192.0.2.66\n", SECURITY_UNCHECKED);
	struct outcome nx = sample_negative(&d.worker, OUTCOME_NXDOMAIN,
	                                    "example. 900 IN SOA ns. root. 1 2 3 4 300\n", SECURITY_UNCHECKED);
	/* a second worker whose message comes later, but who did not know */
	sample_put(&d.worker, "v.example.", TYPE_A, &forged);
	uint8_t late[LIMIT_TURN_BYTES];
	struct octets m;
	CU_ASSERT_FATAL(cache_take_turn(d.worker.cache, &m.at, &m.len));
	memcpy(late, m.at, m.len);
	size_t late_len = m.len;
	forget_hot(&d);
	sample_put(&d.worker, "v.example.", TYPE_MX, &nx);
	CU_ASSERT_FATAL(cache_take_turn(d.worker.cache, &m.at, &m.len));
	memcpy(late + late_len, m.at + 1, m.len - 1);
	late_len += m.len - 1;
	forget_hot(&d);
	sample_put(&d.worker, "v.example.", TYPE_A, &secure);
	CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	m = (struct octets){ late, late_len };
	CU_ASSERT_EQUAL(keep_apply(d.keep, d.worker.now, &m, 1), ERR_OK);
	CU_ASSERT_EQUAL(keep_count(d.keep).refused_rank, 2);
	forget_hot(&d);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "v.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.outcome.security, SECURITY_SECURE);
	/* and a worker that only has the store is not fooled either */
	forget_hot(&d);
	sample_put(&d.worker, "v.example.", TYPE_MX, &nx);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "v.example.", TYPE_MX), SAMPLE_MISS);
	close_den(&d);
}

static void test_an_nxdomain_takes_the_stored_types_with_it(void)
{
	struct den d;
	open_den(&d, 4 << 20);
	put_address(&d, "n.example.", 300);
	put_address(&d, "below.n.example.", 300);
	CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	struct outcome nx = sample_negative(&d.worker, OUTCOME_NXDOMAIN,
	                                    "example. 900 IN SOA ns. root. 1 2 3 4 300\n", SECURITY_INSECURE);
	sample_put(&d.worker, "n.example.", TYPE_AAAA, &nx);
	CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	forget_hot(&d);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "n.example.", TYPE_A), OUTCOME_NXDOMAIN);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "below.n.example.", TYPE_A), OUTCOME_ANSWER);
	close_den(&d);
}

static void test_a_message_is_taken_as_from_outside(void)
{
	struct den d;
	struct octets m;
	open_den(&d, 4 << 20);
	put_address(&d, "a.example.", 300);
	put_address(&d, "b.example.", 300);
	CU_ASSERT_FATAL(cache_take_turn(d.worker.cache, &m.at, &m.len));
	uint8_t copy[1000];
	CU_ASSERT_FATAL(m.len < sizeof(copy));
	for (size_t bit = 0; bit < m.len * 8; bit++) {
		memcpy(copy, m.at, m.len);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		struct octets flipped = { copy, m.len };
		CU_ASSERT_EQUAL(keep_apply(d.keep, d.worker.now, &flipped, 1), ERR_OK);
		CU_ASSERT(keep_count(d.keep).entries_in <= 2 * (bit + 1));
	}
	for (size_t len = 0; len < m.len; len++) {
		struct octets cut = { m.at, len };
		CU_ASSERT_EQUAL(keep_apply(d.keep, d.worker.now, &cut, 1), ERR_OK);
	}
	struct store_size size;
	CU_ASSERT_EQUAL(store_measure(keep_store(d.keep), &size), ERR_OK);
	CU_ASSERT_EQUAL(size.entries, 3); /* a, b, and the store's own */
	close_den(&d);
}

static void test_a_snapshot_brings_everything_back_after_the_machine_went_down(void)
{
	struct den d;
	struct cached found;
	struct octets note;
	open_den(&d, 4 << 20);
	put_address(&d, "www.example.", 3600);
	CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	CU_ASSERT_EQUAL(meta_set_note(keep_store(d.keep), 7, (const uint8_t *)"times", 5), ERR_OK);
	CU_ASSERT_EQUAL(keep_snapshot(d.keep, d.worker.now), ERR_OK);
	put_address(&d, "late.example.", 3600);
	CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	stop_worker(&d);
	stop_keeper(&d);
	/* a thousand seconds later by the time of day, the boot clock began anew */
	memcpy(d.setup.boot, "boot two", 8);
	d.setup.boot_ms = 77;
	d.setup.wall_s += 1000;
	start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_CORRUPT);
	CU_ASSERT_EQUAL(d.report.snapshot, ERR_OK);
	CU_ASSERT(d.report.restored);
	d.worker.now.mono_ms = 77 + d.report.offset_ms;
	d.worker.now.wall_s += 1000;
	start_worker(&d);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "www.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.age_s, 1000);
	CU_ASSERT_FATAL(meta_note(d.store, 7, &note));
	CU_ASSERT(note.len == 5 && memcmp(note.at, "times", 5) == 0);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "late.example.", TYPE_A), SAMPLE_MISS);
	close_den(&d);
}

static void test_a_store_of_this_boot_is_taken_over_as_it_is(void)
{
	struct den d;
	open_den(&d, 4 << 20);
	put_address(&d, "www.example.", 3600);
	CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	stop_worker(&d);
	stop_keeper(&d);
	start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_OK);
	CU_ASSERT_FALSE(d.report.restored);
	CU_ASSERT_EQUAL(d.report.entries, 2);
	start_worker(&d);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "www.example.", TYPE_A), OUTCOME_ANSWER);
	close_den(&d);
}

static void test_the_life_clock_goes_on_and_never_gives_time_away(void)
{
	struct meta m = { .boot = "boot one", .offset_ms = 4000, .life_ms = 100000, .wall_s = 5000 };
	uint8_t same[META_BOOT_OCTETS] = "boot one", other[META_BOOT_OCTETS] = "boot two";
	CU_ASSERT_EQUAL(meta_offset(&m, same, 99, 1), 4000);
	CU_ASSERT_EQUAL(meta_offset(&m, other, 50, 5010) + 50, 110000);
	CU_ASSERT_EQUAL(meta_offset(&m, other, 50, 4000) + 50, 100000 + LIMIT_TTL * 1000ll);
}

static void flip_file(const char *dir, const char *name, off_t at)
{
	char path[200];
	uint8_t octet;
	path_of(path, sizeof(path), dir, name);
	int fd = open(path, O_RDWR);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL_FATAL(pread(fd, &octet, 1, at), 1);
	octet ^= 0x40;
	CU_ASSERT_EQUAL_FATAL(pwrite(fd, &octet, 1, at), 1);
	(void)close(fd);
}

static void test_a_flipped_snapshot_is_not_used(void)
{
	struct den d;
	struct stat st;
	char path[200];
	open_den(&d, 4 << 20);
	put_address(&d, "www.example.", 3600);
	CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	CU_ASSERT_EQUAL(keep_snapshot(d.keep, d.worker.now), ERR_OK);
	path_of(path, sizeof(path), d.snapshots, "cache.snapshot");
	CU_ASSERT_EQUAL_FATAL(stat(path, &st), 0);
	for (unsigned i = 0; i < 8; i++) {
		off_t at = st.st_size * (off_t)i / 8 + 5;
		stop_worker(&d);
		stop_keeper(&d);
		d.setup.boot[0]++;
		flip_file(d.snapshots, "cache.snapshot", at);
		start_keeper(&d);
		CU_ASSERT_FALSE(d.report.restored);
		CU_ASSERT_EQUAL(d.report.snapshot, ERR_CORRUPT);
		start_worker(&d);
		CU_ASSERT_EQUAL(sample_kind(&d.worker, "www.example.", TYPE_A), SAMPLE_MISS);
		flip_file(d.snapshots, "cache.snapshot", at);
	}
	close_den(&d);
}

static void test_i5_foreign_files_are_not_taken(void)
{
	struct den d;
	char data[200], lock[200];
	open_den(&d, 4 << 20);
	stop_worker(&d);
	stop_keeper(&d);
	path_of(data, sizeof(data), d.live, "data.mdb");
	path_of(lock, sizeof(lock), d.live, "lock.mdb");
	CU_ASSERT_EQUAL(chmod(data, 0644), 0); /* readable by others: not as we made it */
	start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_DENIED);
	stop_keeper(&d);
	CU_ASSERT_EQUAL(unlink(data), 0);
	CU_ASSERT_EQUAL(symlink("/etc/passwd", data), 0);
	start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_DENIED);
	stop_keeper(&d);
	int fd = open(data, O_WRONLY | O_TRUNC);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, "not a database, but long enough to be looked at", 47), 47);
	(void)close(fd);
	start_keeper(&d);
	CU_ASSERT_NOT_EQUAL(d.report.store, ERR_OK);
	stop_keeper(&d);
	CU_ASSERT_EQUAL(chmod(d.live, 0755), 0);
	CU_ASSERT_NOT_EQUAL(keep_open(&d.setup, &d.rng, &d.keep, &d.report), ERR_OK);
	CU_ASSERT_EQUAL(chmod(d.live, 0700), 0);
	start_keeper(&d);
	start_worker(&d);
	close_den(&d);
}

static void test_a_flush_reaches_the_store_in_steps(void)
{
	struct den d;
	char name[60];
	open_den(&d, 4 << 20);
	for (unsigned i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "n%u.%s.example.", i, i % 2 ? "odd" : "even");
		put_address(&d, name, 3600);
		arena_reset(d.worker.arena);
	}
	CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	struct name tree = name_of("odd.example.");
	unsigned steps = 0;
	bool more = true;
	keep_flush_start(d.keep, &tree, 0, true);
	while (more) {
		CU_ASSERT_EQUAL(keep_flush_step(d.keep, 20, &more), ERR_OK);
		steps += more;
	}
	CU_ASSERT(steps >= 7);
	forget_hot(&d);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "n1.odd.example.", TYPE_A), SAMPLE_MISS);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "n2.even.example.", TYPE_A), OUTCOME_ANSWER);
	struct store_size size;
	CU_ASSERT_EQUAL(store_measure(keep_store(d.keep), &size), ERR_OK);
	CU_ASSERT_EQUAL(size.entries, 151);
	close_den(&d);
}

static void test_a_walk_sees_every_entry_and_its_state(void)
{
	struct den d;
	struct key at = { .len = 0 };
	struct seen seen;
	unsigned fresh = 0, stale = 0;
	open_den(&d, 4 << 20);
	put_address(&d, "a.example.", 10);
	put_address(&d, "b.example.", 3600);
	CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	sample_pass(&d.worker, 20);
	while (keep_next(d.keep, d.worker.now, &at, &seen)) {
		fresh += seen.usable == USABLE_FRESH;
		stale += seen.usable == USABLE_STALE;
		CU_ASSERT_EQUAL(seen.parts.type, TYPE_A);
	}
	store_turn_end(keep_store(d.keep));
	CU_ASSERT(fresh == 1 && stale == 1);
	close_den(&d);
}

static void test_i1_a_full_store_makes_room_and_keeps_what_is_used(void)
{
	enum { HOT = 200, FLOOD = 30000 };
	struct den d;
	char name[60];
	unsigned kept = 0;
	open_den(&d, 2 << 20);
	for (unsigned i = 0; i < FLOOD; i++) {
		if (i % 50 == 0) {
			snprintf(name, sizeof(name), "hot%u.popular.example.", i / 50 % HOT);
			if (sample_kind(&d.worker, name, TYPE_A) == SAMPLE_MISS)
				put_address(&d, name, 86400);
		}
		snprintf(name, sizeof(name), "n%u.z%u.flood.example.", i, i % 17);
		put_address(&d, name, 86400);
		arena_reset(d.worker.arena);
		if (i % 100 == 99) {
			CU_ASSERT_EQUAL(turn(&d), ERR_OK);
			for (unsigned n = 0; n < 20 && keep_sweep(d.keep, d.worker.now, 512); n++)
				continue;
		}
	}
	struct keep_counts n = keep_count(d.keep);
	CU_ASSERT_EQUAL(n.aborted, 0);
	CU_ASSERT(n.swept > FLOOD / 3);
	CU_ASSERT(n.size.used < n.size.map / 100 * 95);
	forget_hot(&d);
	for (unsigned i = 0; i < HOT; i++) {
		snprintf(name, sizeof(name), "hot%u.popular.example.", i);
		kept += sample_kind(&d.worker, name, TYPE_A) == (int)OUTCOME_ANSWER;
		arena_reset(d.worker.arena);
	}
	CU_ASSERT(kept >= HOT * 95 / 100);
	close_den(&d);
}

/* An outcome whose zone is said, unlike put_address. */
static void put_in_zone(struct den *d, const char *name, const char *zone)
{
	char text[200];
	snprintf(text, sizeof(text), "%s 86400 IN A 192.0.2.1\n", name);
	struct outcome o = sample_answer(&d->worker, text, SECURITY_INSECURE);
	o.zone = name_of(zone);
	sample_put(&d->worker, name, TYPE_A, &o);
}

static void test_c9_one_zone_does_not_push_the_others_out(void)
{
	enum { OTHERS = 2000, FLOOD = 40000 };
	struct den d;
	char name[60], zone[40];
	unsigned kept = 0, full = 0;
	open_den(&d, 2 << 20);
	for (unsigned i = 0; i < OTHERS + FLOOD; i++) {
		if (i < OTHERS) { /* asked for once, never again: only their zones speak for them */
			snprintf(zone, sizeof(zone), "z%u.example.", i);
			snprintf(name, sizeof(name), "www.%s", zone);
			put_in_zone(&d, name, zone);
		} else {
			snprintf(name, sizeof(name), "n%u.flood.test.", i * 2654435761u);
			put_in_zone(&d, name, "flood.test.");
		}
		arena_reset(d.worker.arena);
		if (i % 100 == 99) {
			full += turn(&d) == ERR_FULL;
			for (unsigned n = 0; n < 8 && keep_sweep(d.keep, d.worker.now, 512); n++)
				continue;
		}
	}
	forget_hot(&d);
	for (unsigned i = 0; i < OTHERS; i++) {
		snprintf(name, sizeof(name), "www.z%u.example.", i);
		kept += sample_kind(&d.worker, name, TYPE_A) == (int)OUTCOME_ANSWER;
		arena_reset(d.worker.arena);
	}
	CU_ASSERT(full <= 20); /* a batch that finds no page is dropped, and the sweep goes on */
	CU_ASSERT(kept >= OTHERS * 95 / 100);
	close_den(&d);
}

static void test_i7_a_worker_follows_when_the_map_grows(void)
{
	struct den d;
	char name[60];
	open_den(&d, 1 << 20);
	put_address(&d, "first.example.", 3600);
	CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	CU_ASSERT_EQUAL(store_resize(keep_store(d.keep), 16 << 20), ERR_OK);
	for (unsigned i = 0; i < 20000; i++) {
		snprintf(name, sizeof(name), "n%u.example.", i);
		put_address(&d, name, 3600);
		arena_reset(d.worker.arena);
		if (i % 200 == 199)
			CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	}
	struct store_size size;
	CU_ASSERT_EQUAL(store_measure(keep_store(d.keep), &size), ERR_OK);
	store_turn_end(keep_store(d.keep));
	CU_ASSERT(size.used > 1 << 20);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "first.example.", TYPE_A), OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "n2.example.", TYPE_A), OUTCOME_ANSWER);
	CU_ASSERT(store_is_current(d.store));
	CU_ASSERT_EQUAL(store_wipe(d.live), ERR_OK);
	CU_ASSERT_FALSE(store_is_current(d.store));
	close_den(&d);
}

static void test_an_unsigned_address_takes_at_most_160_octets(void)
{
	enum { ENTRIES = 20000 };
	struct den d;
	char name[60];
	struct store_size size;
	open_den(&d, 32 << 20);
	for (unsigned i = 0; i < ENTRIES; i++) {
		snprintf(name, sizeof(name), "www.z%u-%x.com.", i * 7919 % ENTRIES, i * 2654435761u);
		put_address(&d, name, 86400);
		arena_reset(d.worker.arena);
		if (i % 250 == 249)
			CU_ASSERT_EQUAL(turn(&d), ERR_OK);
	}
	CU_ASSERT_EQUAL(store_measure(keep_store(d.keep), &size), ERR_OK);
	store_turn_end(keep_store(d.keep));
	CU_ASSERT_EQUAL(size.entries, ENTRIES + 1);
	printf("  an unsigned address takes %zu octets in the store\n", size.used / ENTRIES);
	CU_ASSERT(size.used / ENTRIES <= 160);
	close_den(&d);
}

static const struct unit_test tests[] = {
	UNIT(test_what_one_worker_learned_another_finds),
	UNIT(test_the_keeper_applies_the_rank_rules_again),
	UNIT(test_an_nxdomain_takes_the_stored_types_with_it),
	UNIT(test_a_message_is_taken_as_from_outside),
	UNIT(test_a_snapshot_brings_everything_back_after_the_machine_went_down),
	UNIT(test_a_store_of_this_boot_is_taken_over_as_it_is),
	UNIT(test_the_life_clock_goes_on_and_never_gives_time_away),
	UNIT(test_a_flipped_snapshot_is_not_used),
	UNIT(test_i5_foreign_files_are_not_taken),
	UNIT(test_a_flush_reaches_the_store_in_steps),
	UNIT(test_a_walk_sees_every_entry_and_its_state),
	UNIT(test_i1_a_full_store_makes_room_and_keeps_what_is_used),
	UNIT(test_c9_one_zone_does_not_push_the_others_out),
	UNIT(test_i7_a_worker_follows_when_the_map_grows),
	UNIT(test_an_unsigned_address_takes_at_most_160_octets),
};

const struct unit_suite suite_keep = { "keep", tests, sizeof(tests) / sizeof(tests[0]) };
