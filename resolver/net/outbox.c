#include "resolver/net/outbox.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { FIRST_ROOM = 1024, LENGTH_OCTETS = 2, MESSAGE_MAX = 65535 };

static enum err make_room(struct outbox *out, size_t need)
{
	if (out->sent > 0) {
		out->used -= out->sent;
		memmove(out->octets, out->octets + out->sent, out->used);
		out->sent = 0;
	}
	size_t room = out->room > 0 ? out->room : FIRST_ROOM;
	while (room < out->used + need)
		room *= 2;
	if (room == out->room)
		return ERR_OK;
	uint8_t *moved = realloc(out->octets, room);
	if (moved == NULL)
		return ERR_NOMEM;
	out->octets = moved;
	out->room = room;
	return ERR_OK;
}

enum err outbox_put(struct outbox *out, const uint8_t *octets, size_t len)
{
	if (len > MESSAGE_MAX)
		return ERR_FORMAT;
	if (make_room(out, LENGTH_OCTETS + len) != ERR_OK)
		return ERR_NOMEM;
	out->octets[out->used++] = (uint8_t)(len >> 8);
	out->octets[out->used++] = (uint8_t)len;
	memcpy(out->octets + out->used, octets, len);
	out->used += len;
	return ERR_OK;
}

size_t outbox_unsent(const struct outbox *out)
{
	return out->used - out->sent;
}

enum stream_state outbox_flush(struct outbox *out, int fd)
{
	if (outbox_unsent(out) == 0)
		return STREAM_WAIT;
	ssize_t n = send(fd, out->octets + out->sent, outbox_unsent(out), MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? STREAM_WAIT : STREAM_BROKEN;
	out->sent += (size_t)n;
	if (out->sent == out->used)
		outbox_clear(out);
	return STREAM_MOVED;
}

void outbox_clear(struct outbox *out)
{
	free(out->octets);
	*out = (struct outbox){ 0 };
}
