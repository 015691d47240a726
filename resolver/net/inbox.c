#include "resolver/net/inbox.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_ROOM = 2048, LENGTH_OCTETS = 2 };

/* Octets of the message at taken, its length included; 0: not even the length is there. */
static size_t announced(const struct inbox *in)
{
	if (in->used - in->taken < LENGTH_OCTETS)
		return 0;
	const uint8_t *at = in->octets + in->taken;
	return LENGTH_OCTETS + ((size_t)at[0] << 8 | at[1]);
}

static void forget_taken(struct inbox *in)
{
	if (in->taken == 0)
		return;
	in->used -= in->taken;
	memmove(in->octets, in->octets + in->taken, in->used);
	in->taken = 0;
	if (in->used == 0)
		inbox_clear(in);
}

static enum err make_room(struct inbox *in)
{
	forget_taken(in);
	size_t want = announced(in);
	if (want < FIRST_ROOM)
		want = FIRST_ROOM;
	if (in->room >= want) /* when it is full, it holds a whole message */
		return ERR_OK;
	uint8_t *moved = realloc(in->octets, want);
	if (moved == NULL)
		return ERR_NOMEM;
	in->octets = moved;
	in->room = want;
	return ERR_OK;
}

enum stream_state inbox_fill(struct inbox *in, int fd)
{
	if (make_room(in) != ERR_OK) {
		errno = ENOMEM;
		return STREAM_BROKEN;
	}
	if (in->used == in->room)
		return STREAM_WAIT; /* a whole message waits to be taken */
	ssize_t n = read(fd, in->octets + in->used, in->room - in->used);
	if (n > 0) {
		in->used += (size_t)n;
		return STREAM_MOVED;
	}
	if (in->used == 0) {
		int saved = errno;
		inbox_clear(in);
		errno = saved;
	}
	if (n == 0)
		return STREAM_ENDED;
	return errno == EAGAIN || errno == EINTR ? STREAM_WAIT : STREAM_BROKEN;
}

int inbox_has_message(const struct inbox *in)
{
	size_t whole = announced(in);
	return whole > 0 && in->used - in->taken >= whole;
}

const uint8_t *inbox_take(struct inbox *in, size_t *len)
{
	if (!inbox_has_message(in))
		return NULL;
	size_t whole = announced(in);
	const uint8_t *message = in->octets + in->taken + LENGTH_OCTETS;
	in->taken += whole;
	*len = whole - LENGTH_OCTETS;
	return message;
}

size_t inbox_partial(const struct inbox *in)
{
	return inbox_has_message(in) ? 0 : in->used - in->taken;
}

void inbox_clear(struct inbox *in)
{
	free(in->octets);
	*in = (struct inbox){ 0 };
}
