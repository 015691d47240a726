/*
 * outbox.h - messages of a stream on their way out, in order, each behind its length.
 *
 * Takes no memory when nothing waits.  Bounded by its user, who asks outbox_unsent().
 */
#ifndef NET_OUTBOX_H
#define NET_OUTBOX_H

#include "resolver/net/inbox.h"

struct outbox {
	uint8_t *octets; /* owned */
	size_t used, sent, room;
};

/* Copies.  ERR_FORMAT: longer than a length can say. */
MUST_CHECK enum err outbox_put(struct outbox *out, const uint8_t *octets, size_t len);
size_t outbox_unsent(const struct outbox *out);
/* One send(2).  STREAM_MOVED: some went, perhaps all. */
enum stream_state outbox_flush(struct outbox *out, int fd);
void outbox_clear(struct outbox *out);

#endif
