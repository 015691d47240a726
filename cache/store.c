#include "cache/store.h"

#include "cache/trailer.h"
#include "resolver/base/limits.h"
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char data_file[] = "data.mdb", lock_file[] = "lock.mdb";

enum {
	READERS = 2 * LIMIT_WORKERS + 16, /* two generations of workers at a reload, and tools */
	COPY_OCTETS = 64 << 10,
	PATH_OCTETS = 4096,
};

struct store {
	MDB_env *env;
	MDB_dbi dbi;
	MDB_txn *read;         /* kept between turns, reset */
	MDB_cursor *read_at;
	bool reading;          /* read is renewed */
	bool positioned;       /* read_at is, too */
	MDB_txn *write;
	MDB_cursor *write_at;
	int dir;               /* open directory */
	dev_t device;
	ino_t inode;           /* of the data file that is open */
};

static enum err err_of(int rc)
{
	switch (rc) {
	case MDB_SUCCESS:           return ERR_OK;
	case MDB_NOTFOUND:          return ERR_NOTFOUND;
	case MDB_MAP_FULL:
	case MDB_TXN_FULL:
	case ENOSPC:
	case EDQUOT:                return ERR_FULL;
	case MDB_VERSION_MISMATCH:
	case MDB_INVALID:           return ERR_VERSION; /* threats I6: another LMDB, or no LMDB at all */
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_PANIC:             return ERR_CORRUPT;
	case MDB_READERS_FULL:      return ERR_BUSY;
	case ENOMEM:                return ERR_NOMEM;
	case EACCES:
	case EPERM:
	case ELOOP:                 return ERR_DENIED;
	case ENOENT:                return ERR_NOTFOUND;
	}
	return ERR_IO;
}

static void close_file(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

static bool is_ours(const struct stat *st)
{
	return st->st_uid == geteuid() && (st->st_mode & 077) == 0;
}

/* Threats I5: ours, 0700, not a link. */
static enum err open_dir(const char *path, bool make, int *out)
{
	struct stat st;
	if (make && mkdir(path, 0700) != 0 && errno != EEXIST)
		return err_of(errno);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOTDIR ? ERR_DENIED : err_of(errno);
	if (fstat(fd, &st) != 0 || !is_ours(&st)) {
		(void)close(fd);
		return ERR_DENIED;
	}
	*out = fd;
	return ERR_OK;
}

/* A file that is there is a plain file of ours. */
static enum err check_file(int dir, const char *name)
{
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? ERR_OK : err_of(errno);
	return S_ISREG(st.st_mode) && is_ours(&st) ? ERR_OK : ERR_DENIED;
}

static enum err check_files(int dir)
{
	enum err e = check_file(dir, data_file);
	return e == ERR_OK ? check_file(dir, lock_file) : e;
}

static enum err remove_files(int dir)
{
	if ((unlinkat(dir, data_file, 0) != 0 && errno != ENOENT) ||
	    (unlinkat(dir, lock_file, 0) != 0 && errno != ENOENT))
		return err_of(errno);
	return ERR_OK;
}

enum err store_wipe(const char *path)
{
	int dir;
	enum err e = open_dir(path, false, &dir);
	if (e != ERR_OK)
		return e == ERR_NOTFOUND ? ERR_OK : e;
	e = remove_files(dir);
	(void)close(dir);
	return e;
}

static void remember_file(struct store *s)
{
	struct stat st;
	if (fstatat(s->dir, data_file, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		s->device = st.st_dev;
		s->inode = st.st_ino;
	}
}

bool store_is_current(struct store *s)
{
	struct stat st;
	return fstatat(s->dir, data_file, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       st.st_dev == s->device && st.st_ino == s->inode;
}

static void forget_read(struct store *s)
{
	if (s->read_at != NULL)
		mdb_cursor_close(s->read_at);
	if (s->read != NULL)
		mdb_txn_abort(s->read);
	s->read_at = NULL;
	s->read = NULL;
	s->reading = s->positioned = false;
}

static void close_env(struct store *s)
{
	store_abort(s);
	forget_read(s);
	if (s->env != NULL)
		mdb_env_close(s->env);
	s->env = NULL;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	close_env(s);
	close_file(s->dir);
	free(s);
}

/* map 0: read-only, as large as the file says. */
static enum err open_env(struct store *s, const char *path, size_t map)
{
	MDB_txn *txn = NULL;
	unsigned flags = MDB_NOTLS | (map == 0 ? MDB_RDONLY : MDB_NOSYNC);
	int rc = mdb_env_create(&s->env);
	if (rc == 0 && map != 0)
		rc = mdb_env_set_mapsize(s->env, map);
	if (rc == 0)
		rc = mdb_env_set_maxreaders(s->env, READERS);
	if (rc == 0)
		rc = mdb_env_open(s->env, path, flags, 0600);
	if (rc == 0)
		rc = mdb_txn_begin(s->env, NULL, map == 0 ? MDB_RDONLY : 0, &txn);
	if (rc == 0)
		rc = mdb_dbi_open(txn, NULL, 0, &s->dbi);
	if (rc == 0) {
		rc = mdb_txn_commit(txn);
		txn = NULL;
	}
	if (txn != NULL)
		mdb_txn_abort(txn);
	if (rc == 0)
		remember_file(s);
	else
		close_env(s);
	return err_of(rc);
}

static struct store *new_store(void)
{
	struct store *s = calloc(1, sizeof(*s));
	if (s != NULL)
		s->dir = -1;
	return s;
}

enum err store_open(const char *dir, struct store **out)
{
	struct store *s = new_store();
	enum err e = s == NULL ? ERR_NOMEM : open_dir(dir, false, &s->dir);
	if (e == ERR_OK)
		e = check_files(s->dir);
	if (e == ERR_OK)
		e = open_env(s, dir, 0);
	if (e == ERR_OK)
		*out = s;
	else
		store_close(s);
	return e;
}

enum err store_create(const char *dir, size_t map, struct store **out, enum err *why)
{
	struct store *s = new_store();
	enum err e = s == NULL ? ERR_NOMEM : open_dir(dir, true, &s->dir);
	enum err first = ERR_OK;
	if (e != ERR_OK) {
		store_close(s);
		return e;
	}
	first = check_files(s->dir);
	if (first == ERR_OK)
		first = open_env(s, dir, map);
	if (first != ERR_OK) {
		e = remove_files(s->dir);
		if (e == ERR_OK)
			e = open_env(s, dir, map);
	}
	if (e != ERR_OK) {
		store_close(s);
		return e;
	}
	*why = first;
	*out = s;
	return ERR_OK;
}

/* A transaction to read in: the write transaction while there is one. */
static MDB_txn *current_txn(struct store *s)
{
	if (s->write != NULL)
		return s->write;
	if (s->reading)
		return s->read;
	for (unsigned tries = 0; tries < 2; tries++) {
		int rc = s->read == NULL ? mdb_txn_begin(s->env, NULL, MDB_RDONLY, &s->read)
		                         : mdb_txn_renew(s->read);
		if (rc == 0) {
			s->reading = true;
			return s->read;
		}
		int dead = 0;
		if (rc == MDB_MAP_RESIZED)
			(void)mdb_env_set_mapsize(s->env, 0);
		else if (rc == MDB_READERS_FULL)
			(void)mdb_reader_check(s->env, &dead);
		else if (rc == MDB_BAD_RSLOT) /* our slot was taken for that of a dead process */
			forget_read(s);
		else
			break;
	}
	return NULL;
}

static MDB_cursor *current_cursor(struct store *s)
{
	MDB_txn *txn = current_txn(s);
	MDB_cursor **at = s->write != NULL ? &s->write_at : &s->read_at;
	if (txn == NULL)
		return NULL;
	if (*at == NULL && mdb_cursor_open(txn, s->dbi, at) != 0)
		return NULL;
	if (s->write == NULL && !s->positioned && mdb_cursor_renew(txn, *at) != 0)
		return NULL;
	s->positioned = s->write == NULL;
	return *at;
}

void store_turn_end(struct store *s)
{
	if (s == NULL || !s->reading)
		return;
	mdb_txn_reset(s->read);
	s->reading = false;
	s->positioned = false;
}

static MDB_val val_of(const uint8_t *octets, size_t len)
{
	union { /* LMDB's type lacks the const that it keeps */
		const uint8_t *in;
		void *out;
	} at = { .in = octets };
	return (MDB_val){ .mv_size = len, .mv_data = at.out };
}

static struct octets octets_of(const MDB_val *v)
{
	return (struct octets){ v->mv_data, v->mv_size };
}

bool store_get(struct store *s, const uint8_t *key, size_t len, struct octets *value)
{
	MDB_val k = val_of(key, len), v;
	MDB_txn *txn = current_txn(s);
	if (txn == NULL || len == 0 || len > STORE_KEY_MAX || mdb_get(txn, s->dbi, &k, &v) != 0)
		return false;
	*value = octets_of(&v);
	return true;
}

bool store_ceiling(struct store *s, const uint8_t *key, size_t len, struct octets *found,
                   struct octets *value)
{
	MDB_val k = val_of(key, len), v;
	MDB_cursor *at = current_cursor(s);
	if (at == NULL || len == 0 || len > STORE_KEY_MAX ||
	    mdb_cursor_get(at, &k, &v, MDB_SET_RANGE) != 0)
		return false;
	*found = octets_of(&k);
	*value = octets_of(&v);
	return true;
}

bool store_floor(struct store *s, const uint8_t *key, size_t len, struct octets *found,
                 struct octets *value)
{
	MDB_val k = val_of(key, len), v;
	MDB_cursor *at = current_cursor(s);
	if (at == NULL || len == 0 || len > STORE_KEY_MAX)
		return false;
	int rc = mdb_cursor_get(at, &k, &v, MDB_SET_RANGE);
	if (rc == MDB_NOTFOUND)
		rc = mdb_cursor_get(at, &k, &v, MDB_LAST);
	else if (rc == 0 && (k.mv_size != len || memcmp(k.mv_data, key, len) != 0))
		rc = mdb_cursor_get(at, &k, &v, MDB_PREV);
	if (rc != 0)
		return false;
	*found = octets_of(&k);
	*value = octets_of(&v);
	return true;
}

enum err store_begin(struct store *s)
{
	store_turn_end(s);
	return err_of(mdb_txn_begin(s->env, NULL, 0, &s->write));
}

enum err store_put(struct store *s, const uint8_t *key, size_t len, const uint8_t *value,
                   size_t value_len)
{
	MDB_val k = val_of(key, len), v = val_of(value, value_len);
	if (len == 0 || len > STORE_KEY_MAX)
		return ERR_LIMIT;
	if (s->write == NULL)
		return ERR_BUSY;
	return err_of(mdb_put(s->write, s->dbi, &k, &v, 0));
}

enum err store_delete(struct store *s, const uint8_t *key, size_t len)
{
	MDB_val k = val_of(key, len);
	if (len == 0 || len > STORE_KEY_MAX)
		return ERR_NOTFOUND;
	if (s->write == NULL)
		return ERR_BUSY;
	return err_of(mdb_del(s->write, s->dbi, &k, NULL));
}

static void close_write_cursor(struct store *s)
{
	if (s->write_at != NULL)
		mdb_cursor_close(s->write_at);
	s->write_at = NULL;
}

enum err store_commit(struct store *s)
{
	close_write_cursor(s);
	int rc = mdb_txn_commit(s->write);
	s->write = NULL;
	return err_of(rc);
}

void store_abort(struct store *s)
{
	if (s->write == NULL)
		return;
	close_write_cursor(s);
	mdb_txn_abort(s->write);
	s->write = NULL;
}

/* Pages in the free list: database 0, whose records begin with how many pages they hold. */
static int count_free(MDB_txn *txn, size_t *pages)
{
	MDB_cursor *at;
	MDB_val k, v;
	size_t count;
	int rc = mdb_cursor_open(txn, 0, &at);
	if (rc != 0)
		return rc;
	*pages = 0;
	while ((rc = mdb_cursor_get(at, &k, &v, MDB_NEXT)) == 0) {
		memcpy(&count, v.mv_data, sizeof(count));
		*pages += count;
	}
	mdb_cursor_close(at);
	return rc == MDB_NOTFOUND ? 0 : rc;
}

enum err store_measure(struct store *s, struct store_size *out)
{
	MDB_envinfo info;
	MDB_stat stat;
	size_t freed;
	MDB_txn *txn = current_txn(s);
	if (txn == NULL || mdb_env_info(s->env, &info) != 0 || mdb_stat(txn, s->dbi, &stat) != 0 ||
	    count_free(txn, &freed) != 0)
		return ERR_IO;
	size_t pages = info.me_last_pgno + 1;
	out->map = info.me_mapsize;
	out->used = (pages > freed ? pages - freed : 0) * stat.ms_psize;
	out->entries = stat.ms_entries;
	return ERR_OK;
}

enum err store_resize(struct store *s, size_t map)
{
	store_turn_end(s);
	return err_of(mdb_env_set_mapsize(s->env, map));
}

unsigned store_check_readers(struct store *s)
{
	int dead = 0;
	(void)mdb_reader_check(s->env, &dead);
	return (unsigned)dead;
}

static enum err read_all(int fd, uint8_t *out, size_t len, size_t *got)
{
	*got = 0;
	while (*got < len) {
		ssize_t n = read(fd, out + *got, len - *got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_of(errno);
		if (n == 0)
			break;
		*got += (size_t)n;
	}
	return ERR_OK;
}

static enum err write_all(int fd, const uint8_t *octets, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, octets, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_of(errno);
		octets += n;
		len -= (size_t)n;
	}
	return ERR_OK;
}

/* The next len octets of from, summed, and written to to unless that is -1. */
static enum err pass(int from, int to, uint64_t len, struct trailer_sum *sum)
{
	uint8_t block[COPY_OCTETS];
	while (len > 0) {
		size_t want = len < sizeof(block) ? (size_t)len : sizeof(block), got;
		enum err e = read_all(from, block, want, &got);
		if (e == ERR_OK && got < want)
			e = ERR_CORRUPT;
		if (e == ERR_OK && to >= 0)
			e = write_all(to, block, got);
		if (e != ERR_OK)
			return e;
		trailer_add(sum, block, got);
		len -= got;
	}
	return ERR_OK;
}

static enum err add_trailer(int fd)
{
	struct trailer_sum sum = { 0, 0 };
	uint8_t trailer[TRAILER_OCTETS];
	off_t len = lseek(fd, 0, SEEK_END);
	if (len < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_of(errno);
	enum err e = pass(fd, -1, (uint64_t)len, &sum);
	trailer_write(&sum, trailer);
	return e == ERR_OK ? write_all(fd, trailer, sizeof(trailer)) : e;
}

/* Ends a file made under a temporary name: synced, renamed, the directory synced. */
static enum err settle(int dir, int fd, const char *temporary, const char *name)
{
	int rc = fsync(fd);
	if (rc == 0)
		rc = renameat(dir, temporary, dir, name);
	if (rc == 0)
		rc = fsync(dir);
	return rc == 0 ? ERR_OK : err_of(errno);
}

static enum err open_temporary(int dir, const char *temporary, int *fd)
{
	(void)unlinkat(dir, temporary, 0);
	*fd = openat(dir, temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return *fd < 0 ? err_of(errno) : ERR_OK;
}

enum err store_snapshot(struct store *s, const char *path, const char *name)
{
	char temporary[PATH_OCTETS];
	int dir, fd = -1;
	if (snprintf(temporary, sizeof(temporary), "%s.new", name) >= (int)sizeof(temporary))
		return ERR_LIMIT;
	store_turn_end(s);
	enum err e = open_dir(path, true, &dir);
	if (e != ERR_OK)
		return e;
	e = open_temporary(dir, temporary, &fd);
	if (e == ERR_OK)
		e = err_of(mdb_env_copyfd2(s->env, fd, MDB_CP_COMPACT));
	if (e == ERR_OK)
		e = add_trailer(fd);
	if (e == ERR_OK)
		e = settle(dir, fd, temporary, name);
	if (e != ERR_OK && fd >= 0)
		(void)unlinkat(dir, temporary, 0);
	close_file(fd);
	close_file(dir);
	return e;
}

/* Copies all but the trailer, and compares with it. */
static enum err copy_checked(int from, int to)
{
	struct trailer_sum sum = { 0, 0 };
	uint8_t trailer[TRAILER_OCTETS], expected[TRAILER_OCTETS];
	size_t got;
	struct stat st;
	if (fstat(from, &st) != 0)
		return err_of(errno);
	if (!S_ISREG(st.st_mode) || !is_ours(&st))
		return ERR_DENIED;
	if (st.st_size < TRAILER_OCTETS)
		return ERR_CORRUPT;
	enum err e = pass(from, to, (uint64_t)st.st_size - TRAILER_OCTETS, &sum);
	if (e == ERR_OK)
		e = read_all(from, trailer, sizeof(trailer), &got);
	if (e != ERR_OK)
		return e;
	trailer_write(&sum, expected);
	return got == sizeof(trailer) && memcmp(trailer, expected, got) == 0 ? ERR_OK : ERR_CORRUPT;
}

enum err store_restore(const char *path, const char *snapshot_dir, const char *name)
{
	static const char temporary[] = "data.mdb.new";
	int dir = -1, from_dir = -1, from = -1, to = -1;
	enum err e = open_dir(snapshot_dir, false, &from_dir);
	if (e == ERR_OK)
		e = open_dir(path, true, &dir);
	if (e == ERR_OK) {
		from = openat(from_dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		e = from < 0 ? err_of(errno) : open_temporary(dir, temporary, &to);
	}
	if (e == ERR_OK)
		e = copy_checked(from, to);
	if (e == ERR_OK)
		e = remove_files(dir);
	if (e == ERR_OK && renameat(dir, temporary, dir, data_file) != 0)
		e = err_of(errno);
	if (e != ERR_OK && to >= 0)
		(void)unlinkat(dir, temporary, 0);
	close_file(from);
	close_file(to);
	close_file(from_dir);
	close_file(dir);
	return e;
}
