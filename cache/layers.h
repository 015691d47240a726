/*
 * layers.h - hot and store, looked at in the same way; what is new goes to hot and into the turn's message.
 *
 * Finds entries whose form and checksum are right, and says where.  Decides nothing about freshness or
 * rank.  What lies in the store is borrowed until store_turn_end() and never handed beyond the cache.
 */
#ifndef CACHE_LAYERS_H
#define CACHE_LAYERS_H

#include "cache/doorkeeper.h"
#include "cache/entry.h"
#include "cache/hot.h"
#include "cache/key.h"
#include "cache/store.h"
#include "cache/turn.h"
#include "resolver/base/limits.h"

struct layers {
	struct hot hot;
	struct store *store; /* borrowed; NULL: hot only, and nobody to tell */
	struct siphash_key mac;
	struct turn turn, sent; /* the message being written, and the one last taken */
	bool turn_full;
	struct doorkeeper door; /* of hot, for what is found in the store */
	uint8_t scratch[LIMIT_ENTRY_BYTES]; /* an entry being packed */
};

MUST_CHECK enum err layers_init(struct layers *l, size_t hot_octets, struct store *store,
                                const struct siphash_key *mac);
void layers_clear(struct layers *l); /* takes a zeroed or half-made one */

/* An entry where it was found. */
struct place {
	struct key key;
	struct entry entry;
	struct hot_item *item; /* NULL: in the store only */
	struct octets value;
};

MUST_CHECK bool layers_hot(const struct layers *l, const struct key *k, struct place *out);
MUST_CHECK bool layers_stored(const struct layers *l, const struct key *k, struct place *out);
/* Of both, the one stored later. */
MUST_CHECK bool layers_newest(const struct layers *l, const struct key *k, struct place *out);

/*
 * The greatest key not above k that begins with the same run octets, if it is above past (NULL: any is); and
 * the deepest ancestor at or above k, a named key, that is longer than below.
 */
MUST_CHECK bool layers_hot_floor(const struct layers *l, const struct key *k, size_t run,
                                 const struct key *past, struct place *out);
MUST_CHECK bool layers_stored_floor(const struct layers *l, const struct key *k, size_t run,
                                    const struct key *past, struct place *out);
MUST_CHECK bool layers_hot_ancestor(const struct layers *l, const struct key *k, size_t below,
                                    struct place *out);
MUST_CHECK bool layers_stored_ancestor(const struct layers *l, const struct key *k, size_t below,
                                       struct place *out);

/* A writer over the scratch space: pack an entry there, then keep it. */
struct writer layers_pack(struct layers *l);
/*
 * Seals it and puts it under k in hot and in the message to the keeper, unless just that is there.  What came
 * this way long before and was not asked for since leaves hot, if the store has it.
 */
void layers_keep(struct layers *l, const struct key *k, const struct writer *packed);
/* The same in hot alone: nobody else hears of it, and it ends with this worker. */
void layers_keep_here(struct layers *l, const struct key *k, const struct writer *packed);
/* Tells the keeper that the entry with that hash was of use. */
void layers_use(struct layers *l, uint32_t use);

/*
 * What was found was of use; says how often it was before, as far as hot knows.  What was found in the store is
 * copied to hot; when hot is full, at the second time only.
 */
uint32_t layers_promote(struct layers *l, struct place *p);

#endif
