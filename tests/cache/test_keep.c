#include "cache/turn.h"
#include "tests/cache/den.h"
#include "tests/cache/suites.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_what_one_worker_learned_another_finds(void)
{
	struct den d;
	struct cached found;
	den_open(&d, 4 << 20);
	CU_ASSERT_EQUAL(d.report.store, ERR_NOTFOUND);
	CU_ASSERT_EQUAL(d.report.snapshot, ERR_NOTFOUND);
	den_put_address(&d, "www.example.", 300);
	struct cut cut = sample_cut(&d.worker, "example.", "192.0.2.53", 3600);
	cache_put_cut(d.worker.cache, d.worker.now, &cut);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	CU_ASSERT_EQUAL(keep_count(d.keep).entries_in, 2);
	den_forget_hot(&d);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "www.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.left_s, 300);
	CU_ASSERT_EQUAL(cache_count(d.worker.cache).store_hits, 1);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "www.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(cache_count(d.worker.cache).hot_hits, 1);
	struct name name = name_of("a.b.example.");
	struct cut there;
	CU_ASSERT_EQUAL(cache_find_cut(d.worker.cache, d.worker.now, &name, false, d.worker.arena, &there), ERR_OK);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	CU_ASSERT_EQUAL(keep_count(d.keep).uses, 2);
	den_close(&d);
}

/* RFC 7646 section 2: what an exception made insecure is forgotten with it, and it ends with the daemon. */
static void test_what_an_exception_judged_stays_with_the_worker(void)
{
	struct den d;
	den_open(&d, 4 << 20);
	struct outcome o = sample_answer(&d.worker, "www.example. 300 A 192.0.2.1\n", SECURITY_INSECURE);
	o.reason = (struct reason){ EDE_NTA, "TEST an exception" };
	sample_put(&d.worker, "www.example.", TYPE_A, &o);
	o = sample_negative(&d.worker, OUTCOME_NXDOMAIN, "example. 300 SOA a. b. 1 2 3 4 300\n", SECURITY_INSECURE);
	o.reason = (struct reason){ EDE_NTA, "TEST an exception" };
	sample_put(&d.worker, "no.example.", TYPE_A, &o);
	den_put_address(&d, "www.example.net.", 300);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "www.example.", TYPE_A), OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	CU_ASSERT_EQUAL(keep_count(d.keep).entries_in, 1);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "www.example.", TYPE_A), OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "no.example.", TYPE_A), OUTCOME_NXDOMAIN);
	den_forget_hot(&d);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "www.example.", TYPE_A), SAMPLE_MISS);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "no.example.", TYPE_A), SAMPLE_MISS);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "www.example.net.", TYPE_A), OUTCOME_ANSWER);
	den_close(&d);
}

static bool cut_has(struct den *d, const char *below, const char *zone, const char *address)
{
	struct cut found, want = sample_cut(&d->worker, zone, address, 1);
	struct name name = name_of(below);
	return cache_find_cut(d->worker.cache, d->worker.now, &name, false, d->worker.arena, &found) == ERR_OK &&
	       name_equal(&found.zone, &want.zone) &&
	       address_equal(&found.servers[0].addresses[0], &want.servers[0].addresses[0]);
}

static void test_of_memory_and_store_the_deeper_cut_is_found(void)
{
	static const char *const zones[] = { "com.", "example.com.", "a.b.example.com." };
	struct den d;
	den_open(&d, 4 << 20);
	for (unsigned i = 0; i < 3; i++) {
		struct cut cut = sample_cut(&d.worker, zones[i], "192.0.2.1", 3600);
		cache_put_cut(d.worker.cache, d.worker.now, &cut);
	}
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	den_forget_hot(&d);
	struct cut newer = sample_cut(&d.worker, "example.com.", "192.0.2.2", 3600);
	cache_put_cut(d.worker.cache, d.worker.now, &newer);
	CU_ASSERT(cut_has(&d, "www.example.com.", "example.com.", "192.0.2.2"));
	CU_ASSERT(cut_has(&d, "example.com.", "example.com.", "192.0.2.2"));
	CU_ASSERT(cut_has(&d, "z.a.b.example.com.", "a.b.example.com.", "192.0.2.1"));
	CU_ASSERT(cut_has(&d, "z.b.example.com.", "example.com.", "192.0.2.2"));
	CU_ASSERT(cut_has(&d, "other.com.", "com.", "192.0.2.1"));
	den_close(&d);
}

static void test_what_is_known_already_is_told_the_keeper_once_a_second(void)
{
	struct den d;
	struct cached found;
	den_open(&d, 4 << 20);
	for (unsigned i = 0; i < 3; i++)
		den_put_address(&d, "www.example.", 300);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	CU_ASSERT_EQUAL(keep_count(d.keep).entries_in, 1);
	struct outcome other = sample_answer(&d.worker, "www.example. 300 IN A 192.0.2.77\n", SECURITY_INSECURE);
	sample_put(&d.worker, "www.example.", TYPE_A, &other);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	CU_ASSERT_EQUAL(keep_count(d.keep).entries_in, 2);
	d.worker.now.mono_ms += 1000;
	sample_put(&d.worker, "www.example.", TYPE_A, &other);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	CU_ASSERT_EQUAL(keep_count(d.keep).entries_in, 3);
	den_forget_hot(&d);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "www.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.age_s, 0);
	den_close(&d);
}

enum { MANY = 5000, TURN_PUTS = 200 }; /* more than stay for being new */

/* Hangs: the keeper gets none of it. */
static void put_many(struct den *d, const char *what, bool hangs)
{
	char name[32];
	const uint8_t *octets;
	size_t len;
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "%s%u.example.", what, i);
		arena_reset(d->worker.arena);
		den_put_address(d, name, 300);
		if (i % TURN_PUTS == TURN_PUTS - 1)
			CU_ASSERT(hangs ? cache_take_turn(d->worker.cache, &octets, &len) : den_turn(d) == ERR_OK);
	}
}

static void test_what_nobody_asked_for_again_is_in_the_store_alone(void)
{
	struct den d;
	struct cached found;
	den_open(&d, 64 << 20);
	den_put_address(&d, "once.example.", 300);
	den_put_address(&d, "twice.example.", 300);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "twice.example.", TYPE_A, &found), ERR_OK);
	put_many(&d, "others", false);
	CU_ASSERT(cache_count(d.worker.cache).hot_entries < MANY);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "twice.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(cache_count(d.worker.cache).store_hits, 0);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "once.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.hits, 0);
	CU_ASSERT_EQUAL(cache_count(d.worker.cache).store_hits, 1);
	put_many(&d, "more", false);
	CU_ASSERT(cache_count(d.worker.cache).hot_entries < MANY);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "once.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.hits, 1);
	CU_ASSERT_EQUAL(cache_count(d.worker.cache).store_hits, 1);
	den_close(&d);
}

static void test_what_a_keeper_that_hangs_has_not_written_stays(void)
{
	struct den d;
	struct cached found;
	den_open(&d, 64 << 20);
	put_many(&d, "lost", true);
	put_many(&d, "others", false);
	CU_ASSERT(cache_count(d.worker.cache).hot_entries > MANY);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "lost0.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(cache_count(d.worker.cache).hot_hits, 1);
	den_close(&d);
}

static void test_the_keeper_applies_the_rank_rules_again(void)
{
	struct den d;
	struct cached found;
	den_open(&d, 4 << 20);
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
	den_forget_hot(&d);
	sample_put(&d.worker, "v.example.", TYPE_MX, &nx);
	CU_ASSERT_FATAL(cache_take_turn(d.worker.cache, &m.at, &m.len));
	memcpy(late + late_len, m.at + 1, m.len - 1);
	late_len += m.len - 1;
	den_forget_hot(&d);
	sample_put(&d.worker, "v.example.", TYPE_A, &secure);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	m = (struct octets){ late, late_len };
	CU_ASSERT_EQUAL(keep_apply(d.keep, d.worker.now, &m, 1), ERR_OK);
	CU_ASSERT_EQUAL(keep_count(d.keep).refused_rank, 2);
	den_forget_hot(&d);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "v.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.outcome.security, SECURITY_SECURE);
	/* and a worker that only has the store is not fooled either */
	den_forget_hot(&d);
	sample_put(&d.worker, "v.example.", TYPE_MX, &nx);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "v.example.", TYPE_MX), SAMPLE_MISS);
	den_close(&d);
}

static void test_an_nxdomain_takes_the_stored_types_with_it(void)
{
	struct den d;
	den_open(&d, 4 << 20);
	den_put_address(&d, "n.example.", 300);
	den_put_address(&d, "below.n.example.", 300);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	struct outcome nx = sample_negative(&d.worker, OUTCOME_NXDOMAIN,
	                                    "example. 900 IN SOA ns. root. 1 2 3 4 300\n", SECURITY_INSECURE);
	sample_put(&d.worker, "n.example.", TYPE_AAAA, &nx);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	den_forget_hot(&d);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "n.example.", TYPE_A), OUTCOME_NXDOMAIN);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "below.n.example.", TYPE_A), OUTCOME_ANSWER);
	den_close(&d);
}

static void test_a_message_is_taken_as_from_outside(void)
{
	struct den d;
	struct octets m;
	den_open(&d, 4 << 20);
	den_put_address(&d, "a.example.", 300);
	den_put_address(&d, "b.example.", 300);
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
	den_close(&d);
}

static void test_a_snapshot_brings_everything_back_after_the_machine_went_down(void)
{
	struct den d;
	struct cached found;
	struct octets note;
	den_open_knowing(&d, "www.example.", 3600);
	CU_ASSERT_EQUAL(meta_set_note(keep_store(d.keep), 7, (const uint8_t *)"times", 5), ERR_OK);
	CU_ASSERT_EQUAL(keep_snapshot(d.keep, d.worker.now), ERR_OK);
	den_put_address(&d, "late.example.", 3600);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	den_stop(&d);
	/* a thousand seconds later by the time of day, the boot clock began anew */
	memcpy(d.setup.boot, "boot two", 8);
	d.setup.boot_ms = 77;
	d.setup.wall_s += 1000;
	den_start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_CORRUPT);
	CU_ASSERT_EQUAL(d.report.snapshot, ERR_OK);
	CU_ASSERT(d.report.restored);
	d.worker.now.mono_ms = 77 + d.report.offset_ms;
	d.worker.now.wall_s += 1000;
	den_start_worker(&d);
	CU_ASSERT_EQUAL_FATAL(sample_find(&d.worker, "www.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.age_s, 1000);
	CU_ASSERT_FATAL(meta_note(d.store, 7, &note));
	CU_ASSERT(note.len == 5 && memcmp(note.at, "times", 5) == 0);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "late.example.", TYPE_A), SAMPLE_MISS);
	den_close(&d);
}

static void test_a_store_of_this_boot_is_taken_over_as_it_is(void)
{
	struct den d;
	den_open_knowing(&d, "www.example.", 3600);
	den_stop(&d);
	den_start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_OK);
	CU_ASSERT_FALSE(d.report.restored);
	CU_ASSERT_EQUAL(d.report.entries, 2);
	den_start_worker(&d);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "www.example.", TYPE_A), OUTCOME_ANSWER);
	den_close(&d);
}

static void flip_file(const char *dir, const char *name, off_t at)
{
	char path[200];
	uint8_t octet;
	den_path(path, sizeof(path), dir, name);
	int fd = open(path, O_RDWR);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL_FATAL(pread(fd, &octet, 1, at), 1);
	octet ^= 0x40;
	CU_ASSERT_EQUAL_FATAL(pwrite(fd, &octet, 1, at), 1);
	(void)close(fd);
}

/* Octets of a snapshot that has www.example. */
static off_t open_with_snapshot(struct den *d)
{
	struct stat st;
	char path[200];
	den_open_knowing(d, "www.example.", 3600);
	CU_ASSERT_EQUAL(keep_snapshot(d->keep, d->worker.now), ERR_OK);
	den_path(path, sizeof(path), d->snapshots, "cache.snapshot");
	CU_ASSERT_EQUAL_FATAL(stat(path, &st), 0);
	return st.st_size;
}

static void test_a_flipped_snapshot_is_not_used(void)
{
	struct den d;
	off_t octets = open_with_snapshot(&d);
	for (unsigned i = 0; i < 8; i++) {
		off_t at = octets * (off_t)i / 8 + 5;
		den_stop(&d);
		d.setup.boot[0]++;
		flip_file(d.snapshots, "cache.snapshot", at);
		den_start_keeper(&d);
		CU_ASSERT_FALSE(d.report.restored);
		CU_ASSERT_EQUAL(d.report.snapshot, ERR_CORRUPT);
		den_start_worker(&d);
		CU_ASSERT_EQUAL(sample_kind(&d.worker, "www.example.", TYPE_A), SAMPLE_MISS);
		flip_file(d.snapshots, "cache.snapshot", at);
	}
	den_close(&d);
}

static void test_d11_a_snapshot_too_large_for_memory_is_not_put_there(void)
{
	struct den d;
	off_t octets = open_with_snapshot(&d);
	for (size_t least = 0; least < 2; least++) {
		den_stop(&d);
		d.setup.boot[0]++;
		d.setup.most = (size_t)octets - 1 + least;
		den_start_keeper(&d);
		CU_ASSERT_EQUAL(d.report.snapshot, least == 0 ? ERR_FULL : ERR_OK);
		den_start_worker(&d);
		CU_ASSERT_EQUAL(sample_kind(&d.worker, "www.example.", TYPE_A),
		                least == 0 ? SAMPLE_MISS : (int)OUTCOME_ANSWER);
	}
	den_close(&d);
}

static void test_i5_foreign_files_are_not_taken(void)
{
	struct den d;
	char data[200], lock[200];
	den_open(&d, 4 << 20);
	den_stop(&d);
	den_path(data, sizeof(data), d.live, "data.mdb");
	den_path(lock, sizeof(lock), d.live, "lock.mdb");
	CU_ASSERT_EQUAL(chmod(data, 0644), 0); /* readable by others: not as we made it */
	den_start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_DENIED);
	den_stop_keeper(&d);
	CU_ASSERT_EQUAL(unlink(data), 0);
	CU_ASSERT_EQUAL(symlink("/etc/passwd", data), 0);
	den_start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_DENIED);
	den_stop_keeper(&d);
	int fd = open(data, O_WRONLY | O_TRUNC);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, "not a database, but long enough to be looked at", 47), 47);
	(void)close(fd);
	den_start_keeper(&d);
	CU_ASSERT_NOT_EQUAL(d.report.store, ERR_OK);
	den_stop_keeper(&d);
	CU_ASSERT_EQUAL(chmod(d.live, 0755), 0);
	CU_ASSERT_NOT_EQUAL(keep_open(&d.setup, &d.rng, &d.keep, &d.report), ERR_OK);
	CU_ASSERT_EQUAL(chmod(d.live, 0700), 0);
	den_start(&d);
	den_close(&d);
}

static void test_a_flush_reaches_the_store_in_steps(void)
{
	struct den d;
	char name[60];
	den_open(&d, 4 << 20);
	for (unsigned i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "n%u.%s.example.", i, i % 2 ? "odd" : "even");
		den_put_address(&d, name, 3600);
		arena_reset(d.worker.arena);
	}
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	struct name tree = name_of("odd.example.");
	unsigned steps = 0;
	bool more = true;
	keep_flush_start(d.keep, &tree, 0, true);
	while (more) {
		CU_ASSERT_EQUAL(keep_flush_step(d.keep, 20, &more), ERR_OK);
		steps += more;
	}
	CU_ASSERT(steps >= 7);
	den_forget_hot(&d);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "n1.odd.example.", TYPE_A), SAMPLE_MISS);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "n2.even.example.", TYPE_A), OUTCOME_ANSWER);
	struct store_size size;
	CU_ASSERT_EQUAL(store_measure(keep_store(d.keep), &size), ERR_OK);
	CU_ASSERT_EQUAL(size.entries, 151);
	den_close(&d);
}

static void test_a_walk_sees_every_entry_and_its_state(void)
{
	struct den d;
	struct key at = { .len = 0 };
	struct seen seen;
	unsigned fresh = 0, stale = 0;
	den_open(&d, 4 << 20);
	den_put_address(&d, "a.example.", 10);
	den_put_address(&d, "b.example.", 3600);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	sample_pass(&d.worker, 20);
	while (keep_next(d.keep, d.worker.now, &at, &seen)) {
		fresh += seen.usable == USABLE_FRESH;
		stale += seen.usable == USABLE_STALE;
		CU_ASSERT_EQUAL(seen.parts.type, TYPE_A);
	}
	store_turn_end(keep_store(d.keep));
	CU_ASSERT(fresh == 1 && stale == 1);
	den_close(&d);
}

static void test_i1_a_full_store_makes_room_and_keeps_what_is_used(void)
{
	enum { HOT = 200, FLOOD = 30000 };
	struct den d;
	char name[60];
	unsigned kept = 0;
	den_open(&d, 2 << 20);
	for (unsigned i = 0; i < FLOOD; i++) {
		if (i % 50 == 0) {
			snprintf(name, sizeof(name), "hot%u.popular.example.", i / 50 % HOT);
			if (sample_kind(&d.worker, name, TYPE_A) == SAMPLE_MISS)
				den_put_address(&d, name, 86400);
		}
		snprintf(name, sizeof(name), "n%u.z%u.flood.example.", i, i % 17);
		den_put_address(&d, name, 86400);
		arena_reset(d.worker.arena);
		if (i % 100 == 99) {
			CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
			for (unsigned n = 0; n < 20 && keep_sweep(d.keep, d.worker.now, 512); n++)
				continue;
		}
	}
	struct keep_counts n = keep_count(d.keep);
	CU_ASSERT_EQUAL(n.aborted, 0);
	CU_ASSERT(n.swept > FLOOD / 3);
	CU_ASSERT(n.size.used < n.size.map / 100 * 95);
	den_forget_hot(&d);
	for (unsigned i = 0; i < HOT; i++) {
		snprintf(name, sizeof(name), "hot%u.popular.example.", i);
		kept += sample_kind(&d.worker, name, TYPE_A) == (int)OUTCOME_ANSWER;
		arena_reset(d.worker.arena);
	}
	CU_ASSERT(kept >= HOT * 95 / 100);
	den_close(&d);
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
	den_open(&d, 2 << 20);
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
			full += den_turn(&d) == ERR_FULL;
			for (unsigned n = 0; n < 8 && keep_sweep(d.keep, d.worker.now, 512); n++)
				continue;
		}
	}
	den_forget_hot(&d);
	for (unsigned i = 0; i < OTHERS; i++) {
		snprintf(name, sizeof(name), "www.z%u.example.", i);
		kept += sample_kind(&d.worker, name, TYPE_A) == (int)OUTCOME_ANSWER;
		arena_reset(d.worker.arena);
	}
	CU_ASSERT(full <= 20); /* a batch that finds no page is dropped, and the sweep goes on */
	CU_ASSERT(kept >= OTHERS * 95 / 100);
	den_close(&d);
}

static void test_c9_a_zone_with_its_share_gets_no_more_in(void)
{
	enum { TURNS = 400, FLOOD_EACH = 100, MAP = 2 << 20 };
	struct den d;
	struct seen seen;
	struct key at = { .len = 0 };
	char name[60], zone[40];
	const struct name flood = name_of("flood.test.");
	size_t octets = 0;
	unsigned full = 0;
	den_open(&d, MAP);
	for (unsigned i = 0; i < TURNS * FLOOD_EACH; i++) {
		snprintf(name, sizeof(name), "n%u.flood.test.", i * 2654435761u);
		put_in_zone(&d, name, "flood.test.");
		if (i % FLOOD_EACH == FLOOD_EACH - 1) {
			snprintf(zone, sizeof(zone), "z%u.example.", i);
			snprintf(name, sizeof(name), "www.%s", zone);
			put_in_zone(&d, name, zone);
			full += den_turn(&d) == ERR_FULL;
			for (unsigned n = 0; n < 8 && keep_sweep(d.keep, d.worker.now, 512); n++)
				continue;
		}
		arena_reset(d.worker.arena);
	}
	CU_ASSERT(full <= 4);
	CU_ASSERT(keep_count(d.keep).size.used < MAP / 100 * 85);
	den_forget_hot(&d);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, name, TYPE_A), OUTCOME_ANSWER);
	for (; keep_next(d.keep, d.worker.now, &at, &seen);)
		octets += name_is_within(&seen.parts.name, &flood) ? seen.octets : 0;
	store_turn_end(keep_store(d.keep));
	CU_ASSERT(octets > 0 && octets < MAP / 2);
	CU_ASSERT(keep_count(d.keep).refused_full > TURNS * FLOOD_EACH / 3);
	den_close(&d);
}

static void test_an_unsigned_address_takes_at_most_160_octets(void)
{
	enum { ENTRIES = 20000 };
	struct den d;
	char name[60];
	struct store_size size;
	den_open(&d, 32 << 20);
	for (unsigned i = 0; i < ENTRIES; i++) {
		snprintf(name, sizeof(name), "www.z%u-%x.com.", i * 7919 % ENTRIES, i * 2654435761u);
		den_put_address(&d, name, 86400);
		arena_reset(d.worker.arena);
		if (i % 250 == 249)
			CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	}
	CU_ASSERT_EQUAL(store_measure(keep_store(d.keep), &size), ERR_OK);
	store_turn_end(keep_store(d.keep));
	CU_ASSERT_EQUAL(size.entries, ENTRIES + 1);
	printf("  an unsigned address takes %zu octets in the store\n", size.used / ENTRIES);
	CU_ASSERT(size.used / ENTRIES <= 160);
	den_close(&d);
}

static const struct unit_test tests[] = {
	UNIT(test_what_one_worker_learned_another_finds),
	UNIT(test_what_an_exception_judged_stays_with_the_worker),
	UNIT(test_of_memory_and_store_the_deeper_cut_is_found),
	UNIT(test_what_is_known_already_is_told_the_keeper_once_a_second),
	UNIT(test_what_nobody_asked_for_again_is_in_the_store_alone),
	UNIT(test_what_a_keeper_that_hangs_has_not_written_stays),
	UNIT(test_the_keeper_applies_the_rank_rules_again),
	UNIT(test_an_nxdomain_takes_the_stored_types_with_it),
	UNIT(test_a_message_is_taken_as_from_outside),
	UNIT(test_a_snapshot_brings_everything_back_after_the_machine_went_down),
	UNIT(test_a_store_of_this_boot_is_taken_over_as_it_is),
	UNIT(test_a_flipped_snapshot_is_not_used),
	UNIT(test_d11_a_snapshot_too_large_for_memory_is_not_put_there),
	UNIT(test_i5_foreign_files_are_not_taken),
	UNIT(test_a_flush_reaches_the_store_in_steps),
	UNIT(test_a_walk_sees_every_entry_and_its_state),
	UNIT(test_i1_a_full_store_makes_room_and_keeps_what_is_used),
	UNIT(test_c9_one_zone_does_not_push_the_others_out),
	UNIT(test_c9_a_zone_with_its_share_gets_no_more_in),
	UNIT(test_an_unsigned_address_takes_at_most_160_octets),
};

const struct unit_suite suite_keep = { "keep", tests, sizeof(tests) / sizeof(tests[0]) };
