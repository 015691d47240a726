/*
 * store.h - entries on disk (LMDB): shared by all workers, written by the keeper alone.
 *
 * Keys and values are octets; the store knows nothing of their meaning.  Workers open it read-only;
 * their read transaction is taken when first needed and given back by store_turn_end(), so that none
 * survives a return to the event loop.  The only file of this program that includes <lmdb.h>.
 *
 * Written with MDB_NOSYNC (the live store is disposable; the snapshot is what lasts) and without
 * MDB_WRITEMAP: a stray write cannot reach the map, and a full disk is a failed write() and a dropped
 * batch, never a SIGBUS.  A file cut short by somebody else still kills whoever reads it: then the
 * supervisor calls store_wipe() before it starts the keeper again.
 */
#ifndef CACHE_STORE_H
#define CACHE_STORE_H

#include "resolver/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Its files; the last is what an unfinished store_restore() leaves. */
#define STORE_DATA_FILE "data.mdb"
#define STORE_LOCK_FILE "lock.mdb"
#define STORE_NEW_FILE  "data.mdb.new"

struct store;

struct octets {
	const uint8_t *at;
	size_t len;
};

/* --- workers: read --- */

/*
 * Owned; store_close().  dir must be ours, 0700 and no link (ERR_DENIED).  Other errors: no store
 * there yet, of another LMDB version (ERR_VERSION), torn (ERR_CORRUPT).  Open after fork, not before.
 */
MUST_CHECK enum err store_open(const char *dir, struct store **out);
void store_close(struct store *s); /* takes NULL */

/* Borrowed until store_turn_end(), or the next write.  False: not there, or the store is of no use. */
MUST_CHECK bool store_get(struct store *s, const uint8_t *key, size_t len, struct octets *value);
/* The greatest key not above this one; the least not below it. */
MUST_CHECK bool store_floor(struct store *s, const uint8_t *key, size_t len, struct octets *found,
                            struct octets *value);
MUST_CHECK bool store_ceiling(struct store *s, const uint8_t *key, size_t len, struct octets *found,
                              struct octets *value);

/* Gives the read transaction back: call before every return to the loop. */
void store_turn_end(struct store *s);
/* The file behind dir is still the one that is open, and whole (threats I2, I7); false: close it. */
bool store_is_current(struct store *s);
/* The file that is open is as long as it was: nobody cut it, even if it has lost its name. */
bool store_is_whole(const struct store *s);

/*
 * *inside is true while a transaction is open, so that whoever finds the process dead can tell whether the
 * store may have killed it.  Borrowed until store_close().
 */
void store_set_witness(struct store *s, volatile bool *inside);

/* --- the keeper: write --- */

enum { STORE_KEY_MAX = 511 };

/*
 * Opens for writing, makes what is missing.  What cannot be used (foreign owner or mode, a link, another
 * LMDB version, torn) is removed and *why says so, ERR_OK for a store taken over as it was or made new.
 * map: octets the file may grow to; more when it is larger already.  An error: no store at all, keep
 * serving from memory.
 */
MUST_CHECK enum err store_create(const char *dir, size_t map, struct store **out, enum err *why);
/* Removes the files of a store; who has it open keeps what is gone, and store_is_current() tells. */
MUST_CHECK enum err store_wipe(const char *dir);

/*
 * One write transaction at a time; reads in between see it.  ERR_FULL from any of them: nothing of
 * it can be kept, abort.
 */
MUST_CHECK enum err store_begin(struct store *s);
MUST_CHECK enum err store_put(struct store *s, const uint8_t *key, size_t len, const uint8_t *value,
                              size_t value_len);
MUST_CHECK enum err store_delete(struct store *s, const uint8_t *key, size_t len);
MUST_CHECK enum err store_commit(struct store *s);
void store_abort(struct store *s);

struct store_size {
	size_t map, used; /* octets; used: without free pages */
	size_t reach;     /* octets: with them, what the file takes of the disk */
	size_t entries;
};
/* ERR_IO: it could not be read. */
MUST_CHECK enum err store_measure(struct store *s, struct store_size *out);
/*
 * Sets so many octets of the disk aside behind what is in use: to free pages takes new ones first, so on a full
 * disk a store without any could never make room again.  ERR_FULL: the disk has not so many.
 */
MUST_CHECK enum err store_reserve(struct store *s, size_t octets);
/* Frees the slots of readers that died (threats I3); returns how many. */
unsigned store_check_readers(struct store *s);

/*
 * A consistent copy, walked from end to end, with a checksum at its end: written beside, synced, renamed,
 * directory synced.  dir/name appears whole or not at all.  May run in another thread than the rest, which
 * goes on meanwhile; only one at a time.
 */
MUST_CHECK enum err store_snapshot(const struct store *s, const char *dir, const char *name);
/*
 * Makes the snapshot the live store in dir; call before store_create.  ERR_CORRUPT: checksum wrong; ERR_FULL:
 * it has more octets than most, which is not 0.
 */
MUST_CHECK enum err store_restore(const char *dir, const char *snapshot_dir, const char *name, size_t most);

#endif
