/*
 * incoming.h - one entry of a worker's message, looked at as if it came from outside.
 *
 * Key and value are parsed to the last octet, the checksum compared, and what they say must fit
 * together and into the limits.  Whether it may replace what is there is keep.c's to say.
 */
#ifndef CACHE_INCOMING_H
#define CACHE_INCOMING_H

#include "cache/entry.h"
#include "cache/key.h"
#include "cache/store.h"
#include "cache/turn.h"

struct incoming {
	struct octets key, value; /* borrowed from the message */
	struct key_parts parts;
	struct entry entry;
};

/* most_s: no longer lifetime.  scratch is reset.  False: not to be kept. */
MUST_CHECK bool incoming_read(struct incoming *in, const struct turn_record *t,
                              const struct siphash_key *mac, uint32_t most_s, uint32_t now_s,
                              struct arena *scratch);

#endif
