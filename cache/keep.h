/*
 * keep.h - the keeper's side of the cache: what workers learned goes into the store, and room is made.
 *
 * Takes turn messages as if from outside: every entry is parsed, its checksum compared, and the rank rules
 * applied again to what the store holds by now.  Each call does a bounded amount of work in at most
 * one write transaction.  Opens no socket, reads no clock, writes nothing but through store.h.
 */
#ifndef CACHE_KEEP_H
#define CACHE_KEEP_H

#include "cache/cache.h"
#include "cache/entry.h"
#include "cache/key.h"
#include "cache/meta.h"
#include "cache/seen.h"

struct keep;

/* What somebody died of is not looked at again. */
enum keep_trust {
	KEEP_TRUST_ALL,
	KEEP_TRUST_SNAPSHOT, /* not the live store */
	KEEP_TRUST_NONE,     /* nor the snapshot */
};

struct keep_setup {
	struct cache_policy policy;
	const char *dir;             /* of the live store; 0700, ours */
	size_t map;                  /* octets the store may grow to */
	size_t most;                 /* a larger snapshot is not put there; 0: any is */
	enum keep_trust trust;
	const char *snapshot_dir;    /* NULL: no snapshots */
	const char *snapshot_name;
	uint8_t boot[META_BOOT_OCTETS];
	int64_t boot_ms, wall_s;     /* clocks at this moment: the boot clock, the time of day */
};

/* What was found when opening, for the log: each ERR_OK when there was nothing to complain about. */
struct keep_report {
	/* why the live store could not be taken over: ERR_NOTFOUND, there was none; ERR_CORRUPT, also not trusted */
	enum err store;
	enum err snapshot; /* the same of the snapshot */
	bool restored;     /* the snapshot is the store now */
	size_t entries;
	int64_t offset_ms; /* add to the boot clock for the life clock */
};

/*
 * Owned.  Order: the live store of this boot, else the snapshot, else empty.  An error only when not
 * even an empty store can be made: serve from memory.  ERR_BUSY: another process keeps here.  rng makes
 * the key of a new store.
 */
MUST_CHECK enum err keep_open(const struct keep_setup *setup, struct rng *rng, struct keep **out,
                              struct keep_report *report);
void keep_close(struct keep *k); /* takes NULL; takes no snapshot */

struct store *keep_store(struct keep *k); /* borrowed: meta notes, store_check_readers */

/*
 * Applies messages of workers, in one transaction when the map is large enough for it.  ERR_FULL, ERR_IO: the
 * rest of it was not kept; sweep and go on.  A message that breaks off is applied as far as it is good; a bad
 * entry is left out.
 */
MUST_CHECK enum err keep_apply(struct keep *k, struct now now, const struct octets *messages,
                               unsigned count);

/*
 * One step of making room: looks at about as many entries as said, deletes those of least worth.
 * True: there is more to do, call again soon.  False: room enough.  Call every second, and after every
 * ERR_FULL.
 */
bool keep_sweep(struct keep *k, struct now now, unsigned entries);

/*
 * Forgetting, in steps, while *more is set.  Workers are to be flushed when it is done, and once before.
 * An error: it was not done, and is over.
 */
void keep_flush_start(struct keep *k, const struct name *name, uint16_t type, bool tree);
MUST_CHECK enum err keep_flush_step(struct keep *k, unsigned entries, bool *more);

/*
 * What an earlier boot kept turns out to be older than was thought: by so many ms the life clock goes forward,
 * everybody's, from now on.  0: no news.  Call when the keeper starts and every second; then keep_tick.
 */
int64_t keep_catch_up(struct keep *k, struct now now);

/* Writes the clocks and the snapshot; blocks for as long as writing the file takes.  ERR_BUSY: one is made. */
MUST_CHECK enum err keep_snapshot(struct keep *k, struct now now);
/*
 * The same in three parts, so that another thread can do the long one, keep_snapshot_copy, while everything
 * else goes on.  keep_snapshot_end follows once it has returned.
 */
MUST_CHECK enum err keep_snapshot_begin(struct keep *k, struct now now);
MUST_CHECK enum err keep_snapshot_copy(const struct keep *k);
void keep_snapshot_end(struct keep *k);
/*
 * Writes the clocks alone: every some seconds, so that a killed keeper's store goes on in time.  Also the
 * time to try whether a disk that was full has room again.
 */
MUST_CHECK enum err keep_tick(struct keep *k, struct now now);

/*
 * For lookup and dump: the entry at *at (len 0: the first) or the next good one; *at becomes the least
 * key behind it.  Call store_turn_end(keep_store(k)) when done.
 */
bool keep_next(struct keep *k, struct now now, struct key *at, struct seen *out);

struct keep_counts {
	uint64_t entries_in, refused_form, refused_rank, refused_full, uses, swept, aborted;
	unsigned level;            /* of pressure, 0: only what is dead goes */
	struct store_size size;    /* as last measured */
};
struct keep_counts keep_count(const struct keep *k);

#endif
