/*
 * anchor_seen.h - what CHANNEL_ANCHORS_SEEN says: the DNSKEY RRset of a zone as a worker got it.
 *
 * The zone's name in wire form, then the records and signatures as zone text; no text when nothing came.
 * No time: whoever judges keys by dates takes them from its own clock.
 */
#ifndef SERVER_ANCHOR_SEEN_H
#define SERVER_ANCHOR_SEEN_H

#include "resolver/server/channel.h"
#include "resolver/wire/rrset.h"

struct anchor_seen {
	struct name zone;
	const char *text; /* borrowed */
	size_t len;       /* 0: nothing came */
};

/* set NULL: nothing came.  ERR_BUSY: the channel is full; ERR_SPACE: too big for one message. */
MUST_CHECK enum err anchor_seen_send(int fd, const struct name *zone, const struct rrset *set);
MUST_CHECK enum err anchor_seen_read(const uint8_t *octets, size_t len, struct anchor_seen *out);

#endif
