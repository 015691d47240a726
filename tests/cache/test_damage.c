#include "cache/meta.h"
#include "tests/cache/den.h"
#include "tests/cache/suites.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, MAGIC_AT = 16, VERSION_AT = 20, META_PAGES = 2, LOCK_FORMAT_AT = 4 };

/* Writes octets into a file of the live store, keeper and worker being stopped. */
static void overwrite(const struct den *d, const char *name, off_t at, const void *octets, size_t len)
{
	char path[200];
	den_path(path, sizeof(path), d->live, name);
	int fd = open(path, O_RDWR);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL_FATAL(pwrite(fd, octets, len, at), (ssize_t)len);
	(void)close(fd);
}

static void learns_and_remembers(struct den *d)
{
	den_put_address(d, "new.example.", 3600);
	CU_ASSERT_EQUAL(den_turn(d), ERR_OK);
	den_forget_hot(d);
	CU_ASSERT_EQUAL(sample_kind(&d->worker, "new.example.", TYPE_A), OUTCOME_ANSWER);
}

/* LMDB 1.0 writes version 2 or more where 0.9 writes 1; the number is all that it looks at first. */
static void test_i6_a_store_of_another_lmdb_is_told_and_begun_anew(void)
{
	struct den d;
	static const uint32_t versions[] = { 0, 2, 3, 999 };
	for (size_t v = 0; v < sizeof(versions) / sizeof(versions[0]); v++) {
		den_open_knowing(&d, "www.example.", 3600);
		den_stop(&d);
		for (off_t page = 0; page < META_PAGES; page++)
			overwrite(&d, "data.mdb", page * PAGE + VERSION_AT, &versions[v], sizeof(versions[v]));
		den_start(&d);
		CU_ASSERT_EQUAL(d.report.store, ERR_VERSION);
		CU_ASSERT_EQUAL(sample_kind(&d.worker, "www.example.", TYPE_A), SAMPLE_MISS);
		learns_and_remembers(&d);
		den_close(&d);
	}
}

static void test_i6_what_is_no_lmdb_at_all_is_told_and_begun_anew(void)
{
	struct den d;
	const uint32_t other = 0x12345678;
	den_open(&d, 4 << 20);
	den_stop(&d);
	for (off_t page = 0; page < META_PAGES; page++)
		overwrite(&d, "data.mdb", page * PAGE + MAGIC_AT, &other, sizeof(other));
	den_start(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_VERSION);
	learns_and_remembers(&d);
	den_close(&d);
}

static void test_i6_a_lock_file_of_another_lmdb_costs_nothing(void)
{
	struct den d;
	const uint32_t other = 0x00ffeedd;
	den_open_knowing(&d, "www.example.", 3600);
	den_stop(&d);
	overwrite(&d, "lock.mdb", LOCK_FORMAT_AT, &other, sizeof(other));
	den_start(&d);
	learns_and_remembers(&d);
	den_close(&d);
}

/* The store's pages with nothing in them, one after the other. */
static void test_i4_any_page_may_go_and_there_is_a_store_again(void)
{
	struct den d;
	struct stat st;
	char path[200], name[60];
	static const uint8_t nothing[PAGE];
	off_t pages = META_PAGES + 1;
	for (off_t page = 0; page < pages; page++) {
		den_open(&d, 4 << 20);
		den_fill(&d, 300, 30);
		den_path(path, sizeof(path), d.live, "data.mdb");
		CU_ASSERT_EQUAL_FATAL(stat(path, &st), 0);
		pages = st.st_size / PAGE;
		den_stop(&d);
		overwrite(&d, "data.mdb", page * PAGE, nothing, sizeof(nothing));
		den_start(&d);
		for (unsigned i = 0; i < 300; i++) {
			snprintf(name, sizeof(name), "n%u.example.", i);
			int kind = sample_kind(&d.worker, name, TYPE_A);
			CU_ASSERT(kind == OUTCOME_ANSWER || kind == SAMPLE_MISS);
			arena_reset(d.worker.arena);
		}
		den_close(&d);
	}
	CU_ASSERT(pages > 10);
}

/* A clock that a flipped bit set back would let entries live on. */
static void test_i4_a_flipped_clock_is_not_believed(void)
{
	struct den d;
	struct octets value;
	uint8_t octets[128];
	const uint8_t self[] = { KEY_META, 0 };
	den_open(&d, 4 << 20);
	CU_ASSERT_FATAL(store_get(d.store, self, sizeof(self), &value));
	CU_ASSERT_FATAL(value.len <= sizeof(octets));
	size_t len = value.len;
	memcpy(octets, value.at, len);
	den_stop_worker(&d);
	for (size_t bit = 0; bit < 8 * len; bit++) {
		struct meta meta;
		octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
		CU_ASSERT_EQUAL(store_begin(keep_store(d.keep)), ERR_OK);
		CU_ASSERT_EQUAL(store_put(keep_store(d.keep), self, sizeof(self), octets, len), ERR_OK);
		CU_ASSERT_NOT_EQUAL(meta_read(keep_store(d.keep), &meta), ERR_OK);
		store_abort(keep_store(d.keep));
		octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	den_start_worker(&d);
	den_close(&d);
}

static const struct unit_test tests[] = {
	UNIT(test_i6_a_store_of_another_lmdb_is_told_and_begun_anew),
	UNIT(test_i6_what_is_no_lmdb_at_all_is_told_and_begun_anew),
	UNIT(test_i6_a_lock_file_of_another_lmdb_costs_nothing),
	UNIT(test_i4_any_page_may_go_and_there_is_a_store_again),
	UNIT(test_i4_a_flipped_clock_is_not_believed),
};

const struct unit_suite suite_damage = { "damage", tests, sizeof(tests) / sizeof(tests[0]) };
