#define _DEFAULT_SOURCE /* flock */
/* Threats F5: whatever system call fails or never returns, the next start has the old set or the new one. */
#include "resolver/server/anchor_file.h"
#include "tests/unit.h"
#include "validator/anchors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALLS_MAX = 40, DIED = 9 };

/* What happens at the at-th wrapped system call, from 1. */
static struct {
	enum { CALL_WORKS, CALL_DIES, CALL_TEARS, CALL_FAILS } how;
	unsigned at, count;
	int number; /* errno of CALL_FAILS */
} fault;

/* True: the call is to fail. */
static bool strikes(void)
{
	if (fault.how == CALL_WORKS || ++fault.count != fault.at)
		return false;
	if (fault.how != CALL_FAILS)
		_exit(DIED);
	errno = fault.number;
	return true;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
ssize_t __real_write(int fd, const void *octets, size_t len);
ssize_t __wrap_write(int fd, const void *octets, size_t len);
ssize_t __real_read(int fd, void *octets, size_t len);
ssize_t __wrap_read(int fd, void *octets, size_t len);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);
int __real_ftruncate(int fd, off_t len);
int __wrap_ftruncate(int fd, off_t len);
int __real_close(int fd);
int __wrap_close(int fd);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

int __wrap_open(const char *path, int flags, ...)
{
	va_list rest;
	va_start(rest, flags);
	unsigned mode = (flags & O_CREAT) != 0 ? va_arg(rest, unsigned) : 0;
	va_end(rest);
	return strikes() ? -1 : __real_open(path, flags, mode);
}

ssize_t __wrap_write(int fd, const void *octets, size_t len)
{
	if (fault.how == CALL_TEARS && fault.count + 1 == fault.at && len > 1)
		(void)!__real_write(fd, octets, len / 2);
	return strikes() ? -1 : __real_write(fd, octets, len);
}

ssize_t __wrap_read(int fd, void *octets, size_t len)
{
	return strikes() ? -1 : __real_read(fd, octets, len);
}

int __wrap_fsync(int fd)
{
	return strikes() ? -1 : __real_fsync(fd);
}

int __wrap_close(int fd)
{
	if (!strikes())
		return __real_close(fd);
	(void)__real_close(fd);
	errno = fault.number;
	return -1;
}

int __wrap_rename(const char *from, const char *to)
{
	return strikes() ? -1 : __real_rename(from, to);
}

int __wrap_flock(int fd, int operation)
{
	return strikes() ? -1 : __real_flock(fd, operation);
}

int __wrap_ftruncate(int fd, off_t len)
{
	return strikes() ? -1 : __real_ftruncate(fd, len);
}

static const struct now then = { 0, 1800000000 };

struct place {
	char folder[64], path[96], previous[112], fresh[112];
};

static struct place place_new(void)
{
	struct place p;
	(void)snprintf(p.folder, sizeof(p.folder), "%s", "/tmp/warren-anchor-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(p.folder));
	(void)snprintf(p.path, sizeof(p.path), "%s/anchors", p.folder);
	(void)snprintf(p.previous, sizeof(p.previous), "%s.previous", p.path);
	(void)snprintf(p.fresh, sizeof(p.fresh), "%s.new", p.path);
	return p;
}

static void place_clear(const struct place *p)
{
	(void)unlink(p->path);
	(void)unlink(p->previous);
	(void)unlink(p->fresh);
	(void)rmdir(p->folder);
}

/* A state of one or both built-in keys: the old one and the new one. */
static struct anchor_state state_of(unsigned keys)
{
	struct anchor_state s = { 0 };
	struct arena *a = arena_new(1 << 20);
	struct rrset *set = anchors_built_in(a);
	CU_ASSERT_PTR_NOT_NULL_FATAL(set);
	set->count = (uint16_t)keys;
	CU_ASSERT_EQUAL_FATAL(anchor_state_trust(&s, set, 1, then), ERR_OK);
	arena_free(a);
	return s;
}

static enum err write_keys(const char *path, unsigned keys)
{
	char why[ANCHOR_FILE_WHY_MAX];
	struct anchor_state s = state_of(keys);
	enum err e = anchor_file_write(path, &s, then, why);
	anchor_state_clear(&s);
	return e;
}

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "wb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	(void)fputs(text, f);
	(void)fclose(f);
}

/* Keys of the state the next start would have. */
static size_t start_keys(const char *path, enum anchor_file_source *source)
{
	struct anchor_file_load l;
	anchor_file_read(path, then, &l);
	size_t keys = l.state.count;
	*source = l.source;
	CU_ASSERT_TRUE((l.source == ANCHOR_FILE_NONE) == (keys == 0));
	CU_ASSERT_TRUE(l.source != ANCHOR_FILE_PREVIOUS || l.why[0] != '\0');
	anchor_state_clear(&l.state);
	return keys;
}

enum before { BEFORE_ONE, BEFORE_TWO_FILES, BEFORE_BAD_CURRENT };

static void prepare(const struct place *p, enum before before)
{
	CU_ASSERT_EQUAL(write_keys(p->path, 1), ERR_OK);
	if (before != BEFORE_ONE)
		CU_ASSERT_EQUAL(write_keys(p->path, 1), ERR_OK);
	if (before == BEFORE_BAD_CURRENT)
		write_text(p->path, "warren-anchors 1\ntorn");
}

/* True when the call struck: there may be more. */
static bool die_at(const struct place *p, unsigned how, unsigned at)
{
	int status = 0;
	pid_t child = fork();
	CU_ASSERT_TRUE_FATAL(child >= 0);
	if (child == 0) {
		fault.how = how;
		fault.at = at;
		(void)write_keys(p->path, 2);
		_exit(EXIT_SUCCESS);
	}
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_TRUE(WIFEXITED(status));
	return WEXITSTATUS(status) == DIED;
}

static void test_death_at_any_system_call_leaves_the_old_set_or_the_new_one(void)
{
	for (unsigned before = BEFORE_ONE; before <= BEFORE_BAD_CURRENT; before++) {
		for (unsigned how = CALL_DIES; how <= CALL_TEARS; how++) {
			unsigned at = 1;
			for (bool struck = true; struck && at < CALLS_MAX; at++) {
				enum anchor_file_source source;
				struct place p = place_new();
				prepare(&p, before);
				struck = die_at(&p, how, at);
				size_t keys = start_keys(p.path, &source);
				CU_ASSERT_TRUE(keys == 1 || keys == 2);
				CU_ASSERT_TRUE(struck || keys == 2);
				CU_ASSERT_EQUAL(write_keys(p.path, 2), ERR_OK); /* and goes on */
				CU_ASSERT_EQUAL(start_keys(p.path, &source), 2);
				CU_ASSERT_EQUAL(source, ANCHOR_FILE_CURRENT);
				place_clear(&p);
			}
			CU_ASSERT_TRUE(at > 8 && at < CALLS_MAX);
		}
	}
}

static void test_full_or_broken_disk_at_any_system_call_is_told_and_survived(void)
{
	static const int numbers[] = { ENOSPC, EIO, EROFS };
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		unsigned told = 0;
		for (unsigned at = 1; at < CALLS_MAX; at++) {
			enum anchor_file_source source;
			struct place p = place_new();
			prepare(&p, BEFORE_TWO_FILES);
			fault.how = CALL_FAILS;
			fault.at = at;
			fault.count = 0;
			fault.number = numbers[i];
			enum err e = write_keys(p.path, 2);
			fault.how = CALL_WORKS;
			told += e == ERR_IO;
			CU_ASSERT_TRUE(e == ERR_OK || e == ERR_IO);
			size_t keys = start_keys(p.path, &source);
			CU_ASSERT_TRUE(keys == 2 || (keys == 1 && e != ERR_OK));
			place_clear(&p);
		}
		CU_ASSERT_TRUE(told >= 6);
	}
}

static void test_first_start_finds_nothing_and_says_nothing(void)
{
	struct place p = place_new();
	struct anchor_file_load l;
	anchor_file_read(p.path, then, &l);
	CU_ASSERT_EQUAL(l.source, ANCHOR_FILE_NONE);
	CU_ASSERT_STRING_EQUAL(l.why, "");
	CU_ASSERT_EQUAL(write_keys(p.path, 2), ERR_OK);
	CU_ASSERT_NOT_EQUAL(access(p.previous, F_OK), 0);
	CU_ASSERT_NOT_EQUAL(access(p.fresh, F_OK), 0);
	place_clear(&p);
}

static void test_refused_file_is_told_of_and_the_previous_one_used(void)
{
	struct place p = place_new();
	struct anchor_file_load l;
	CU_ASSERT_EQUAL(write_keys(p.path, 1), ERR_OK);
	CU_ASSERT_EQUAL(write_keys(p.path, 2), ERR_OK);
	write_text(p.path, ". IN DS nonsense\n");
	anchor_file_read(p.path, then, &l);
	CU_ASSERT_EQUAL(l.source, ANCHOR_FILE_PREVIOUS);
	CU_ASSERT_EQUAL(l.state.count, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(l.why, "line 1"));
	anchor_state_clear(&l.state);
	write_text(p.previous, "nonsense\n");
	anchor_file_read(p.path, then, &l);
	CU_ASSERT_EQUAL(l.source, ANCHOR_FILE_NONE);
	CU_ASSERT_TRUE(l.why[0] != '\0');
	(void)unlink(p.path);
	anchor_file_read(p.path, then, &l);
	CU_ASSERT_EQUAL(l.source, ANCHOR_FILE_NONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(l.why, "previous"));
	place_clear(&p);
}

static void test_bad_current_file_does_not_push_out_a_good_previous_one(void)
{
	struct place p = place_new();
	struct anchor_state s;
	char why[ANCHOR_FILE_WHY_MAX];
	prepare(&p, BEFORE_BAD_CURRENT);
	CU_ASSERT_EQUAL(write_keys(p.path, 2), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(anchor_file_read_one(p.previous, then, &s, why), ERR_OK);
	CU_ASSERT_EQUAL(s.count, 1);
	anchor_state_clear(&s);
	place_clear(&p);
}

static void test_only_a_regular_file_is_read(void)
{
	struct place p = place_new();
	struct anchor_state s;
	char why[ANCHOR_FILE_WHY_MAX], longest[5000];
	CU_ASSERT_EQUAL(write_keys(p.previous, 1), ERR_OK);
	CU_ASSERT_EQUAL(symlink(p.previous, p.path), 0);
	CU_ASSERT_EQUAL(anchor_file_read_one(p.path, then, &s, why), ERR_IO);
	(void)unlink(p.path);
	CU_ASSERT_EQUAL(mkfifo(p.path, 0600), 0);
	CU_ASSERT_EQUAL(anchor_file_read_one(p.path, then, &s, why), ERR_IO);
	(void)unlink(p.path);
	CU_ASSERT_EQUAL(anchor_file_read_one(p.folder, then, &s, why), ERR_IO);
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	struct anchor_file_load l;
	anchor_file_read(longest, then, &l);
	CU_ASSERT_EQUAL(l.source, ANCHOR_FILE_NONE);
	CU_ASSERT_EQUAL(write_keys(longest, 1), ERR_IO);
	CU_ASSERT_EQUAL(write_keys("/nowhere/at/all", 1), ERR_IO);
	place_clear(&p);
}

/* Another instance, an operator's tool, a keeper whose successor has begun: they write the same file. */
static void test_several_writers_leave_whole_files(void)
{
	enum { WRITERS = 4, ROUNDS = 50 };
	struct place p = place_new();
	CU_ASSERT_EQUAL(write_keys(p.path, 1), ERR_OK);
	for (unsigned i = 0; i < WRITERS; i++) {
		pid_t child = fork();
		CU_ASSERT_TRUE_FATAL(child >= 0);
		for (unsigned round = 0; child == 0 && round < ROUNDS; round++)
			(void)write_keys(p.path, 1 + (i + round) % 2); /* who finds it taken says so */
		if (child == 0)
			_exit(EXIT_SUCCESS);
	}
	for (unsigned left = WRITERS; left > 0;) {
		struct anchor_file_load l;
		anchor_file_read(p.path, then, &l);
		CU_ASSERT_TRUE(l.state.count == 1 || l.state.count == 2);
		CU_ASSERT_PTR_NULL(strstr(l.why, "checksum"));
		anchor_state_clear(&l.state);
		left -= waitpid(-1, NULL, WNOHANG) > 0;
	}
	CU_ASSERT_EQUAL(write_keys(p.path, 2), ERR_OK);
	enum anchor_file_source source;
	CU_ASSERT_EQUAL(start_keys(p.path, &source), 2);
	CU_ASSERT_EQUAL(source, ANCHOR_FILE_CURRENT);
	place_clear(&p);
}

static void test_file_that_somebody_is_writing_is_left_to_him(void)
{
	struct place p = place_new();
	char why[ANCHOR_FILE_WHY_MAX];
	struct anchor_state s = state_of(2);
	int fd = open(p.fresh, O_WRONLY | O_CREAT, 0644);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(flock(fd, LOCK_EX), 0);
	CU_ASSERT_EQUAL(anchor_file_write(p.path, &s, then, why), ERR_IO);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "another process"));
	CU_ASSERT_EQUAL(access(p.fresh, F_OK), 0);
	(void)close(fd);
	CU_ASSERT_EQUAL(anchor_file_write(p.path, &s, then, why), ERR_OK);
	CU_ASSERT_EQUAL(mkfifo(p.fresh, 0600), 0);
	CU_ASSERT_EQUAL(anchor_file_write(p.path, &s, then, why), ERR_IO);
	anchor_state_clear(&s);
	place_clear(&p);
}

static const struct unit_test tests[] = {
	UNIT(test_death_at_any_system_call_leaves_the_old_set_or_the_new_one),
	UNIT(test_full_or_broken_disk_at_any_system_call_is_told_and_survived),
	UNIT(test_first_start_finds_nothing_and_says_nothing),
	UNIT(test_refused_file_is_told_of_and_the_previous_one_used),
	UNIT(test_bad_current_file_does_not_push_out_a_good_previous_one),
	UNIT(test_only_a_regular_file_is_read),
	UNIT(test_several_writers_leave_whole_files),
	UNIT(test_file_that_somebody_is_writing_is_left_to_him),
};

int main(int argc, char **argv)
{
	static const struct unit_suite suite = { "anchor_file", tests,
		                                 sizeof(tests) / sizeof(tests[0]) };
	static const struct unit_suite *const suites[] = { &suite };
	return unit_main(argc, argv, suites, 1);
}
