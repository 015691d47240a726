/*
 * inbox.h - octets of a stream on their way to being messages.
 *
 * Messages are preceded by their length in two octets (RFC 1035 section 4.2.2).  Takes no more
 * memory than the message that is arriving needs, and none when nothing is.
 */
#ifndef NET_INBOX_H
#define NET_INBOX_H

#include "resolver/base/err.h"
#include <stddef.h>
#include <stdint.h>

struct inbox {
	uint8_t *octets; /* owned */
	size_t used, room;
	size_t taken; /* octets of messages already handed out */
};

enum stream_state {
	STREAM_MOVED,  /* some octets went */
	STREAM_WAIT,   /* none now */
	STREAM_ENDED,  /* the other side has nothing more to say */
	STREAM_BROKEN, /* errno says why */
};

/* One read(2).  STREAM_BROKEN with ENOMEM: no memory. */
enum stream_state inbox_fill(struct inbox *in, int fd);
/* The next whole message, borrowed until inbox_fill or inbox_clear; NULL: none is complete. */
const uint8_t *inbox_take(struct inbox *in, size_t *len);
/* Is there a whole message to take? */
int inbox_has_message(const struct inbox *in);
/* Octets of a message that is not complete. */
size_t inbox_partial(const struct inbox *in);
void inbox_clear(struct inbox *in);

#endif
