#include "resolver/server/control_client.h"

#include "resolver/server/control_frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM_FIRST = 4096 };

static void rest_idle(struct control_client *c)
{
	ev_timer_stop(c->loop, &c->idle);
	ev_timer_set(&c->idle, LIMIT_CONTROL_IDLE_MS / 1000.0, 0);
	ev_timer_start(c->loop, &c->idle);
}

/* Freed by the next look at the list of clients: whoever is on the stack may still use it. */
static void hang_up(struct control_client *c)
{
	job_clear(&c->job);
	ev_io_stop(c->loop, &c->in);
	ev_io_stop(c->loop, &c->out);
	ev_timer_stop(c->loop, &c->idle);
	if (c->fd >= 0)
		(void)close(c->fd);
	c->fd = -1;
	c->gone = true;
}

static void send_unsent(struct control_client *c)
{
	while (c->unsent_len > 0) {
		ssize_t n = send(c->fd, c->unsent, c->unsent_len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			ev_io_start(c->loop, &c->out);
			return;
		}
		if (n <= 0) {
			hang_up(c);
			return;
		}
		c->unsent_len -= (size_t)n;
		memmove(c->unsent, c->unsent + n, c->unsent_len);
		rest_idle(c);
	}
	ev_io_stop(c->loop, &c->out);
	if (c->state == CLIENT_LEAVING)
		hang_up(c);
}

static bool make_room(struct control_client *c, size_t len)
{
	size_t room = c->unsent_room > 0 ? c->unsent_room : ROOM_FIRST;
	if (len > LIMIT_CONTROL_UNSENT - c->unsent_len)
		return false;
	while (room - c->unsent_len < len)
		room *= 2;
	char *more = room > c->unsent_room ? realloc(c->unsent, room) : c->unsent;
	if (more == NULL)
		return false;
	c->unsent = more;
	c->unsent_room = room;
	return true;
}

static bool put_frame(struct control_client *c, enum control_part part, const char *text, size_t len)
{
	uint8_t head[CONTROL_HEAD_OCTETS + 1];
	if (!make_room(c, sizeof(head) + len))
		return false;
	octets_put_be32(head, (uint32_t)len + 1);
	head[CONTROL_HEAD_OCTETS] = (uint8_t)part;
	memcpy(c->unsent + c->unsent_len, head, sizeof(head));
	if (len > 0)
		memcpy(c->unsent + c->unsent_len + sizeof(head), text, len);
	c->unsent_len += sizeof(head) + len;
	return true;
}

static void leave(struct control_client *c, enum control_part part, const char *text)
{
	if (c->gone || c->state == CLIENT_LEAVING)
		return;
	c->state = CLIENT_LEAVING;
	ev_io_stop(c->loop, &c->in);
	rest_idle(c);
	if (!put_frame(c, part, text, strlen(text))) {
		c->unsent_len = 0; /* a broken frame is worse than none: the client sees no end */
		hang_up(c);
		return;
	}
	send_unsent(c);
}

void control_client_say(struct control_client *c, const char *text, size_t len)
{
	for (size_t at = 0; at < len && c->state == CLIENT_WORKING; at += CONTROL_PART_OCTETS) {
		size_t part = len - at < CONTROL_PART_OCTETS ? len - at : CONTROL_PART_OCTETS;
		if (!put_frame(c, CONTROL_TEXT, text + at, part))
			hang_up(c);
		if (c->gone)
			return;
	}
	if (c->state == CLIENT_WORKING)
		send_unsent(c);
}

void control_client_done(struct control_client *c)
{
	leave(c, CONTROL_DONE, "");
}

void control_client_fail(struct control_client *c, const char *why)
{
	leave(c, CONTROL_FAILED, why);
}

static void begin(struct control_client *c, size_t len)
{
	c->state = CLIENT_WORKING;
	job_begin(&c->job, c->frame + CONTROL_HEAD_OCTETS, len);
}

/* How long the whole frame is, as far as is known; 0: too long. */
static size_t wanted(const struct control_client *c)
{
	if (c->got < CONTROL_HEAD_OCTETS)
		return CONTROL_HEAD_OCTETS;
	uint32_t len = octets_be32(c->frame);
	return len > LIMIT_CONTROL_BYTES ? 0 : CONTROL_HEAD_OCTETS + len;
}

/* False: nothing more to read now. */
static bool read_some(struct control_client *c)
{
	size_t want = wanted(c);
	if (want == 0) {
		control_client_fail(c, "the request is too long");
		return false;
	}
	if (c->got >= CONTROL_HEAD_OCTETS && c->got == want) {
		begin(c, want - CONTROL_HEAD_OCTETS);
		return false;
	}
	ssize_t n = recv(c->fd, c->frame + c->got, want - c->got, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		hang_up(c);
		return false;
	}
	c->got += (size_t)n;
	return true;
}

/* After its request a client says nothing: octets are no request of ours, the end means that it left. */
static void on_readable(struct ev_loop *loop, ev_io *w, int events)
{
	struct control_client *c = w->data;
	(void)loop;
	(void)events;
	if (c->state == CLIENT_READING) {
		while (!c->gone && c->state == CLIENT_READING && read_some(c))
			;
		return;
	}
	char octet;
	ssize_t n = recv(c->fd, &octet, 1, MSG_DONTWAIT);
	if (n >= 0 || (errno != EAGAIN && errno != EINTR))
		hang_up(c);
}

static void on_writable(struct ev_loop *loop, ev_io *w, int events)
{
	struct control_client *c = w->data;
	(void)loop;
	(void)events;
	send_unsent(c);
	if (!c->gone && c->state == CLIENT_WORKING && c->unsent_len == 0)
		job_on_drained(&c->job);
}

static void on_idle(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct control_client *c = timer->data;
	(void)loop;
	(void)events;
	if (c->state == CLIENT_READING)
		control_client_fail(c, "no request came");
	else if (c->unsent_len > 0)
		hang_up(c);
}

struct control_client *control_client_new(struct supervisor *s, int fd)
{
	struct control_client *c = calloc(1, sizeof(*c));
	uint8_t *frame = malloc(CONTROL_HEAD_OCTETS + LIMIT_CONTROL_BYTES);
	if (c == NULL || frame == NULL) {
		(void)close(fd);
		free(frame);
		free(c);
		return NULL;
	}
	list_init(&c->link);
	c->loop = s->loop;
	c->fd = fd;
	c->frame = frame;
	job_init(&c->job, s, c);
	ev_io_init(&c->in, on_readable, fd, EV_READ);
	ev_io_init(&c->out, on_writable, fd, EV_WRITE);
	ev_timer_init(&c->idle, on_idle, 0, 0);
	c->in.data = c->out.data = c->idle.data = c;
	ev_io_start(c->loop, &c->in);
	rest_idle(c);
	return c;
}

void control_client_free(struct control_client *c)
{
	if (c == NULL)
		return;
	if (!c->gone)
		hang_up(c);
	list_remove(&c->link);
	free(c->unsent);
	free(c->frame);
	free(c);
}
