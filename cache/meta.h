/*
 * meta.h - what the store says about itself: form, hash key, and how to go on counting time.
 *
 * The life clock (base/now.h) goes on across restarts of the daemon and of the machine.  Within one boot
 * its distance to the boot clock is kept; after another boot the time of day says how much has passed, then or
 * once it has been put right.
 */
#ifndef CACHE_META_H
#define CACHE_META_H

#include "cache/store.h"
#include "resolver/base/now.h"
#include "resolver/base/siphash.h"

enum { META_BOOT_OCTETS = 16 };
#define META_NO_SHIFT INT64_MIN

struct meta {
	uint8_t boot[META_BOOT_OCTETS];   /* id of the boot that wrote this */
	uint8_t key[SIPHASH_KEY_OCTETS];  /* of all hashes and checksums */
	int64_t offset_ms;                /* life clock minus boot clock */
	int64_t life_ms, wall_s;          /* when this was written */
	int64_t shift_s;                  /* meta_shift_s at the end of the boot before; META_NO_SHIFT: there was none */
};

/* ERR_NOTFOUND: an empty store; ERR_VERSION: of another program, format or machine type; ERR_CORRUPT. */
MUST_CHECK enum err meta_read(struct store *s, struct meta *out);
/* Inside a write transaction. */
MUST_CHECK enum err meta_write(struct store *s, const struct meta *m);
/* For workers: the key that all of them and the keeper use. */
MUST_CHECK enum err meta_key(struct store *s, struct siphash_key *out);

/*
 * Octets of others that should outlive a restart (times of servers), by a number.  Reading borrows until
 * store_turn_end(); writing is a transaction of its own, by the keeper, between calls of keep.h.
 */
MUST_CHECK bool meta_note(struct store *s, uint8_t number, struct octets *out);
MUST_CHECK enum err meta_set_note(struct store *s, uint8_t number, const uint8_t *octets, size_t len);

/*
 * What to add to the boot clock so that the life clock goes on.  In another boot with a time of day before
 * meta's, nobody knows how much has passed: longest_s, the longest that anything may live, so that nothing is
 * used beyond its TTL.
 */
int64_t meta_offset(const struct meta *m, const uint8_t boot[META_BOOT_OCTETS], int64_t boot_ms,
                    int64_t wall_s, uint32_t longest_s);

/* Time of day minus life clock: it changes when the former is set, not when it is slewed. */
int64_t meta_shift_s(struct now now);

/*
 * A machine may boot with a clock that is behind, of 1970 or of its last shutdown, and be put right later: then it
 * turns out that what an earlier boot kept is older than the life clock says.  By so much; 0: it is not.
 */
int64_t meta_behind_s(const struct meta *m, struct now now);

#endif
