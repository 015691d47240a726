#include "tests/cache/den.h"
#include "tests/cache/suites.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_i7_a_worker_follows_when_the_map_grows(void)
{
	struct den d;
	den_open(&d, 1 << 20);
	den_put_address(&d, "first.example.", 3600);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	d.setup.map = 16 << 20;
	den_stop_keeper(&d);
	den_start_keeper(&d);
	den_fill(&d, 20000, 200);
	struct store_size size;
	CU_ASSERT_EQUAL(store_measure(keep_store(d.keep), &size), ERR_OK);
	store_turn_end(keep_store(d.keep));
	CU_ASSERT(size.used > 1 << 20);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "first.example.", TYPE_A), OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "n2.example.", TYPE_A), OUTCOME_ANSWER);
	CU_ASSERT(store_is_current(d.store));
	CU_ASSERT_EQUAL(store_wipe(d.live), ERR_OK);
	CU_ASSERT_FALSE(store_is_current(d.store));
	den_close(&d);
}

static void test_i2_a_store_that_was_cut_is_not_current(void)
{
	struct den d;
	char path[100];
	den_open_knowing(&d, "www.example.", 300);
	CU_ASSERT(store_is_current(d.store));
	CU_ASSERT(store_is_whole(d.store));
	den_path(path, sizeof(path), d.live, "data.mdb");
	CU_ASSERT_EQUAL(truncate(path, 8192), 0);
	CU_ASSERT_FALSE(store_is_current(d.store));
	CU_ASSERT_FALSE(store_is_whole(d.store));
	CU_ASSERT_EQUAL(truncate(path, 4 << 20), 0); /* so that closing touches nothing that is not there */
	cache_forget_store(d.worker.cache);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "www.example.", TYPE_A), OUTCOME_ANSWER); /* hot */
	den_close(&d);
}

static void test_two_keepers_do_not_share_a_store(void)
{
	struct den d;
	struct keep *other;
	struct keep_report report;
	den_open(&d, 4 << 20);
	struct keep_setup setup = d.setup;
	CU_ASSERT_EQUAL(keep_open(&setup, &d.rng, &other, &report), ERR_BUSY);
	char dir[100];
	den_path(dir, sizeof(dir), d.top, "elsewhere");
	setup.dir = dir; /* the snapshot would still be the same */
	CU_ASSERT_EQUAL(keep_open(&setup, &d.rng, &other, &report), ERR_BUSY);
	den_stop_keeper(&d);
	den_start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_OK);
	den_close(&d);
}

static void test_what_is_not_trusted_is_not_used_and_leftovers_go(void)
{
	struct den d;
	char left[110];
	den_open_knowing(&d, "www.example.", 3600);
	CU_ASSERT_EQUAL(keep_snapshot_begin(d.keep, d.worker.now), ERR_OK);
	CU_ASSERT_EQUAL(keep_snapshot(d.keep, d.worker.now), ERR_BUSY);
	CU_ASSERT_EQUAL(keep_snapshot_copy(d.keep), ERR_OK);
	keep_snapshot_end(d.keep);
	den_path(left, sizeof(left), d.snapshots, "cache.snapshot.new");
	int fd = open(left, O_CREAT | O_WRONLY, 0600);
	CU_ASSERT(fd >= 0 && close(fd) == 0);
	d.setup.trust = KEEP_TRUST_SNAPSHOT;
	den_stop_keeper(&d);
	den_start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_CORRUPT);
	CU_ASSERT(d.report.restored);
	CU_ASSERT_EQUAL(d.report.entries, 2);
	CU_ASSERT_NOT_EQUAL(access(left, F_OK), 0);
	d.setup.trust = KEEP_TRUST_NONE;
	den_stop_keeper(&d);
	den_start_keeper(&d);
	CU_ASSERT_FALSE(d.report.restored);
	CU_ASSERT(d.report.entries <= 1);
	den_close(&d);
}

static void test_i7_a_store_that_must_shrink_makes_room_and_goes_on(void)
{
	struct den d;
	den_open(&d, 8 << 20);
	den_fill(&d, 20000, 200);
	d.setup.map = 1 << 20;
	den_stop_keeper(&d);
	den_start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_OK);
	CU_ASSERT(keep_count(d.keep).size.used > 1 << 20);
	for (unsigned i = 0; i < 2000 && keep_sweep(d.keep, d.worker.now, 2000); i++)
		continue;
	CU_ASSERT(keep_count(d.keep).size.used <= (1 << 20) / 100 * 80);
	den_put_address(&d, "late.example.", 3600);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	den_forget_hot(&d);
	CU_ASSERT_EQUAL(sample_kind(&d.worker, "late.example.", TYPE_A), OUTCOME_ANSWER);
	den_close(&d);
}

enum { PLACES = 300 }; /* for readers: more than the lock file has */

static bool reads(const char *dir)
{
	struct store *s;
	struct siphash_key key;
	return store_open(dir, &s) == ERR_OK && meta_key(s, &key) == ERR_OK;
}

/* A worker killed in the middle of a turn: it leaves its place among the readers. */
static bool read_and_die(const char *dir)
{
	bool found = reads(dir);
	raise(SIGKILL);
	return found;
}

static bool finds_no_dead(const char *dir)
{
	struct store *s;
	enum err why;
	return store_create(dir, 4 << 20, &s, &why) == ERR_OK && why == ERR_OK && store_check_readers(s) == 0;
}

/* In a process of its own: to LMDB two openings in one process are not two. */
static int status_of(bool (*deed)(const char *dir), const char *dir)
{
	int status = -1;
	pid_t child = fork();
	CU_ASSERT_FATAL(child >= 0);
	if (child == 0)
		_exit(deed(dir) ? 0 : 1);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	return status;
}

static void test_i3_places_of_dead_readers_are_free_for_others(void)
{
	struct den d;
	den_open(&d, 4 << 20);
	for (unsigned i = 0; i < PLACES; i++)
		CU_ASSERT(WIFSIGNALED(status_of(read_and_die, d.live)));
	CU_ASSERT_EQUAL(status_of(reads, d.live), 0);
	den_close(&d);
}

static void test_i3_a_keeper_begins_with_freeing_the_places_of_the_dead(void)
{
	struct den d;
	den_open(&d, 4 << 20);
	for (unsigned i = 0; i < 10; i++)
		CU_ASSERT(WIFSIGNALED(status_of(read_and_die, d.live)));
	CU_ASSERT_EQUAL(status_of(finds_no_dead, d.live), 0);
	den_close(&d);
}

/* So that a full disk leaves it what deleting takes.  (Not every file system sets aside: those here do.) */
static void test_room_on_the_disk_is_set_aside(void)
{
	struct den d;
	struct stat st;
	char path[100];
	den_open_knowing(&d, "www.example.", 300);
	den_path(path, sizeof(path), d.live, "data.mdb");
	CU_ASSERT_EQUAL_FATAL(stat(path, &st), 0);
	CU_ASSERT(st.st_blocks * 512 >= st.st_size + (32 << 10));
	CU_ASSERT_EQUAL(store_reserve(keep_store(d.keep), 1 << 20), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(stat(path, &st), 0);
	CU_ASSERT(st.st_blocks * 512 >= 1 << 20);
	CU_ASSERT(st.st_size < 1 << 20);
	den_close(&d);
}

static const struct unit_test tests[] = {
	UNIT(test_i7_a_worker_follows_when_the_map_grows),
	UNIT(test_i2_a_store_that_was_cut_is_not_current),
	UNIT(test_two_keepers_do_not_share_a_store),
	UNIT(test_what_is_not_trusted_is_not_used_and_leftovers_go),
	UNIT(test_i7_a_store_that_must_shrink_makes_room_and_goes_on),
	UNIT(test_i3_places_of_dead_readers_are_free_for_others),
	UNIT(test_i3_a_keeper_begins_with_freeing_the_places_of_the_dead),
	UNIT(test_room_on_the_disk_is_set_aside),
};

const struct unit_suite suite_store = { "store", tests, sizeof(tests) / sizeof(tests[0]) };
