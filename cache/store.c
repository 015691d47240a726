#include "cache/store.h"

#include "cache/folder.h"
#include "resolver/base/limits.h"
#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char data_file[] = STORE_DATA_FILE, lock_file[] = STORE_LOCK_FILE;

enum {
	READERS = 2 * LIMIT_WORKERS + 16, /* two generations of workers at a reload, and tools */
	LOCK_OCTETS = 16 << 10, /* of the lock file: a page for LMDB, the rest for readers at 64 octets each */
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
	struct folder folder;
	struct folder_file file; /* the data file that is open */
	volatile bool *inside; /* NULL: nobody wants to know */
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

static enum err check_files(const struct folder *f)
{
	enum err e = folder_check(f, data_file);
	return e == ERR_OK ? folder_check(f, lock_file) : e;
}

static enum err remove_files(const struct folder *f)
{
	enum err e = folder_remove(f, data_file);
	return e == ERR_OK ? folder_remove(f, lock_file) : e;
}

enum err store_wipe(const char *path)
{
	struct folder folder;
	enum err e = folder_open(path, false, &folder);
	if (e != ERR_OK)
		return e == ERR_NOTFOUND ? ERR_OK : e;
	e = remove_files(&folder);
	folder_close(&folder);
	return e;
}

/* The file grows and never shrinks; when it did, somebody cut it, and touching what is gone is SIGBUS. */
bool store_is_current(struct store *s)
{
	struct folder_file now = folder_identify(&s->folder, data_file);
	bool same = now.device == s->file.device && now.number == s->file.number &&
	            now.octets >= s->file.octets;
	if (same)
		s->file = now;
	return same;
}

bool store_is_whole(const struct store *s)
{
	int fd;
	return mdb_env_get_fd(s->env, &fd) == 0 && folder_octets(fd) >= s->file.octets;
}

void store_set_witness(struct store *s, volatile bool *inside)
{
	s->inside = inside;
}

static void enter(const struct store *s)
{
	if (s->inside != NULL)
		*s->inside = true;
}

static void leave(const struct store *s)
{
	if (s->inside != NULL)
		*s->inside = false;
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
	leave(s);
	folder_close(&s->folder);
	free(s);
}

/* Where all readers' places are taken, those of processes that died are free to have (threats I3). */
static int begin(MDB_env *env, unsigned flags, MDB_txn **txn)
{
	int dead = 0;
	int rc = mdb_txn_begin(env, NULL, flags, txn);
	if (rc != MDB_READERS_FULL || mdb_reader_check(env, &dead) != 0)
		return rc;
	return mdb_txn_begin(env, NULL, flags, txn);
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
		rc = begin(s->env, map == 0 ? MDB_RDONLY : 0, &txn);
	if (rc == 0)
		rc = mdb_dbi_open(txn, NULL, 0, &s->dbi);
	if (rc == 0) {
		rc = mdb_txn_commit(txn);
		txn = NULL;
	}
	if (txn != NULL)
		mdb_txn_abort(txn);
	if (rc == 0)
		s->file = folder_identify(&s->folder, data_file);
	else
		close_env(s);
	return err_of(rc);
}

static struct store *new_store(void)
{
	struct store *s = calloc(1, sizeof(*s));
	if (s != NULL)
		s->folder.fd = -1;
	return s;
}

/*
 * A keeper that starts over removes both files and makes them anew.  Data of one pair under the lock
 * of the other would be pages that change while they are read.
 */
static enum err open_to_read(struct store *s, const char *dir)
{
	struct folder_file lock = folder_identify(&s->folder, lock_file);
	enum err e = check_files(&s->folder);
	if (e == ERR_OK)
		e = open_env(s, dir, 0);
	if (e != ERR_OK)
		return e;
	return folder_identify(&s->folder, lock_file).number == lock.number ? ERR_OK : ERR_BUSY;
}

enum err store_open(const char *dir, struct store **out)
{
	struct store *s = new_store();
	enum err e = s == NULL ? ERR_NOMEM : folder_open(dir, false, &s->folder);
	if (e == ERR_OK)
		e = open_to_read(s, dir);
	if (e == ERR_OK)
		*out = s;
	else
		store_close(s);
	return e;
}

/* A store that was larger stays open, with some room to shrink in: deleting needs pages, too. */
static enum err widen(struct store *s, size_t map)
{
	MDB_envinfo info;
	MDB_stat stat;
	if (mdb_env_info(s->env, &info) != 0 || mdb_env_stat(s->env, &stat) != 0)
		return ERR_IO;
	size_t least = (info.me_last_pgno + 1) * stat.ms_psize;
	least += least / 8;
	return least > map ? err_of(mdb_env_set_mapsize(s->env, least)) : ERR_OK;
}

/* The lock file is a map that is written to: where the disk is full, that must fail here and not as SIGBUS. */
static enum err open_to_write(struct store *s, const char *dir, size_t map)
{
	enum err e = folder_reserve(&s->folder, lock_file, LOCK_OCTETS);
	if (e == ERR_OK)
		e = open_env(s, dir, map);
	if (e != ERR_OK)
		return e;
	(void)store_check_readers(s); /* keepers may die too soon after each other to do it in their time */
	return widen(s, map);
}

enum err store_create(const char *dir, size_t map, struct store **out, enum err *why)
{
	struct store *s = new_store();
	enum err e = s == NULL ? ERR_NOMEM : folder_open(dir, true, &s->folder);
	enum err first = ERR_OK;
	if (e != ERR_OK) {
		store_close(s);
		return e;
	}
	first = check_files(&s->folder);
	if (first == ERR_OK)
		first = open_to_write(s, dir, map);
	if (first != ERR_OK) {
		e = remove_files(&s->folder);
		if (e == ERR_OK)
			e = open_to_write(s, dir, map);
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
	enter(s);
	for (unsigned tries = 0; tries < 2; tries++) {
		int rc = s->read == NULL ? begin(s->env, MDB_RDONLY, &s->read) : mdb_txn_renew(s->read);
		if (rc == 0) {
			s->reading = true;
			return s->read;
		}
		if (rc == MDB_MAP_RESIZED)
			(void)mdb_env_set_mapsize(s->env, 0);
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
	leave(s);
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

/* As LMDB orders.  In a damaged file what is found may lie on the wrong side; loops rely on it not to. */
static int compare(const MDB_val *found, const uint8_t *key, size_t len)
{
	size_t least = found->mv_size < len ? found->mv_size : len;
	int order = memcmp(found->mv_data, key, least);
	if (order != 0)
		return order;
	return found->mv_size < len ? -1 : found->mv_size > len;
}

bool store_get(struct store *s, const uint8_t *key, size_t len, struct octets *value)
{
	MDB_val k = val_of(key, len), v;
	MDB_cursor *at = current_cursor(s);
	if (at == NULL || len == 0 || len > STORE_KEY_MAX || mdb_cursor_get(at, &k, &v, MDB_SET) != 0)
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
	    mdb_cursor_get(at, &k, &v, MDB_SET_RANGE) != 0 || compare(&k, key, len) < 0)
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
	else if (rc == 0 && compare(&k, key, len) != 0)
		rc = mdb_cursor_get(at, &k, &v, MDB_PREV);
	if (rc != 0 || compare(&k, key, len) > 0)
		return false;
	*found = octets_of(&k);
	*value = octets_of(&v);
	return true;
}

enum err store_begin(struct store *s)
{
	store_turn_end(s);
	enter(s);
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
	leave(s);
	return err_of(rc);
}

void store_abort(struct store *s)
{
	if (s->write == NULL)
		return;
	close_write_cursor(s);
	mdb_txn_abort(s->write);
	s->write = NULL;
	leave(s);
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
	out->reach = pages * stat.ms_psize;
	out->entries = stat.ms_entries;
	return ERR_OK;
}

enum err store_reserve(struct store *s, size_t octets)
{
	MDB_envinfo info;
	MDB_stat stat;
	int fd;
	if (mdb_env_info(s->env, &info) != 0 || mdb_env_stat(s->env, &stat) != 0 ||
	    mdb_env_get_fd(s->env, &fd) != 0)
		return ERR_IO;
	return folder_set_aside(fd, (uint64_t)(info.me_last_pgno + 1) * stat.ms_psize, octets);
}

unsigned store_check_readers(struct store *s)
{
	int dead = 0;
	(void)mdb_reader_check(s->env, &dead);
	return (unsigned)dead;
}

/* A value that lies beside its key ends on the same page: whoever read on might leave the file, and die of it. */
static bool ends_on_its_page(const MDB_val *k, const MDB_val *v, size_t page)
{
	uintptr_t key = (uintptr_t)k->mv_data, value = (uintptr_t)v->mv_data;
	size_t left = page - key % page;
	return value - key >= left || v->mv_size <= left - (value - key);
}

/* Walks a copy just made, from end to end: what cannot be walked is not worth keeping. */
static int walk(MDB_env *env)
{
	MDB_txn *txn;
	MDB_dbi dbi;
	MDB_cursor *at = NULL;
	MDB_val k, v, last = { 0 };
	MDB_stat stat;
	int rc = mdb_env_stat(env, &stat);
	if (rc == 0)
		rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
	if (rc != 0)
		return rc;
	rc = mdb_dbi_open(txn, NULL, 0, &dbi);
	if (rc == 0)
		rc = mdb_cursor_open(txn, dbi, &at);
	while (rc == 0 && (rc = mdb_cursor_get(at, &k, &v, MDB_NEXT)) == 0) {
		bool follows = last.mv_data == NULL || compare(&k, last.mv_data, last.mv_size) > 0;
		if (!follows || !ends_on_its_page(&k, &v, stat.ms_psize))
			rc = MDB_CORRUPTED;
		last = k;
	}
	if (at != NULL)
		mdb_cursor_close(at);
	mdb_txn_abort(txn);
	return rc == MDB_NOTFOUND ? 0 : rc;
}

static enum err inspect(const char *path)
{
	MDB_env *env = NULL;
	int rc = mdb_env_create(&env);
	if (rc == 0)
		rc = mdb_env_open(env, path, MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK, 0600);
	if (rc == 0)
		rc = walk(env);
	if (env != NULL)
		mdb_env_close(env);
	return err_of(rc);
}

static enum err make_copy(const struct store *s, int fd, const char *path)
{
	enum err e = err_of(mdb_env_copyfd2(s->env, fd, MDB_CP_COMPACT));
	if (e == ERR_OK)
		e = inspect(path);
	return e == ERR_OK ? folder_seal(fd) : e;
}

enum err store_snapshot(const struct store *s, const char *dir, const char *name)
{
	char path[PATH_OCTETS];
	struct folder folder;
	int fd = -1;
	if (snprintf(path, sizeof(path), "%s/%s.new", dir, name) >= (int)sizeof(path))
		return ERR_LIMIT;
	const char *temporary = path + strlen(dir) + 1;
	enum err e = folder_open(dir, true, &folder);
	if (e != ERR_OK)
		return e;
	e = folder_begin(&folder, temporary, &fd);
	if (e == ERR_OK)
		e = make_copy(s, fd, path);
	if (e == ERR_OK)
		e = folder_settle(&folder, fd, temporary, name);
	if (e != ERR_OK && fd >= 0)
		(void)!folder_remove(&folder, temporary);
	folder_end(fd);
	folder_close(&folder);
	return e;
}

enum err store_restore(const char *path, const char *snapshot_dir, const char *name, size_t most)
{
	struct folder from = { -1 }, to = { -1 };
	enum err e = folder_open(snapshot_dir, false, &from);
	if (e == ERR_OK && most != 0 && folder_identify(&from, name).octets > most)
		e = ERR_FULL;
	if (e == ERR_OK)
		e = folder_open(path, true, &to);
	if (e == ERR_OK)
		e = remove_files(&to);
	if (e == ERR_OK)
		e = folder_unseal(&from, name, &to, STORE_NEW_FILE, data_file);
	folder_close(&from);
	folder_close(&to);
	return e;
}
