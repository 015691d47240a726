/*
 * turn.h - what a worker tells the keeper once per loop turn: entries to keep, and which were of use.
 *
 *   message = version (1 octet), record ...
 *   record  = 1, key length (2), key, value length (2), value      an entry
 *           | 2, hash (4)                                          one use of the entry with that hash
 *
 * Reading trusts nothing: the keeper looks at every octet through struct reader.
 */
#ifndef CACHE_TURN_H
#define CACHE_TURN_H

#include "resolver/wire/reader.h"

struct turn {
	uint8_t *octets;
	size_t len;
};

MUST_CHECK enum err turn_init(struct turn *t); /* LIMIT_TURN_BYTES */
void turn_clear(struct turn *t);

/* False: the message is full. */
MUST_CHECK bool turn_entry(struct turn *t, const uint8_t *key, size_t key_len, const uint8_t *value,
                           size_t value_len);
MUST_CHECK bool turn_use(struct turn *t, uint32_t hash);
bool turn_is_empty(const struct turn *t);
void turn_restart(struct turn *t);

enum turn_kind { TURN_ENTRY = 1, TURN_USE = 2 };

struct turn_record {
	enum turn_kind kind;
	const uint8_t *key, *value; /* borrowed from the message */
	size_t key_len, value_len;
	uint32_t hash;
};

/* ERR_VERSION: not ours. */
MUST_CHECK enum err turn_open(const uint8_t *octets, size_t len, struct reader *out);
/* ERR_NOTFOUND: the end.  After any other error nothing more can be read. */
MUST_CHECK enum err turn_next(struct reader *r, struct turn_record *out);

#endif
