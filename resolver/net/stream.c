#include "resolver/net/stream.h"
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

static bool set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

/* The port is chosen at connect(2), when both ends are known, so that ports do not run out. */
static bool bind_source(int fd, const struct address *source)
{
	union sockaddr_any name;
	if (source == NULL)
		return true;
	struct address any_port = *source;
	any_port.port = 0;
	socklen_t len = sockaddr_of(&any_port, &name);
	(void)set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
	return bind(fd, &name.any, len) == 0;
}

static bool start(struct stream *s, const struct address *source)
{
	union sockaddr_any name;
	socklen_t len = sockaddr_of(&s->to, &name);
	s->fd = socket(name.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return false;
	(void)set(s->fd, IPPROTO_TCP, TCP_NODELAY, 1);
	if (!bind_source(s->fd, source))
		return false;
	return connect(s->fd, &name.any, len) == 0 || errno == EINPROGRESS;
}

struct stream *stream_open(const struct address *to, const struct address *source)
{
	struct stream *s = calloc(1, sizeof(*s));
	if (s == NULL)
		return NULL;
	s->to = *to;
	s->fd = -1;
	s->connecting = true;
	list_init(&s->all);
	list_init(&s->exchanges);
	if (!start(s, source)) {
		int saved = errno;
		stream_free(s);
		errno = saved;
		return NULL;
	}
	return s;
}

void stream_free(struct stream *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		(void)close(s->fd);
	inbox_clear(&s->in);
	outbox_clear(&s->out);
	free(s);
}

void stream_orphan(struct stream *s, uint16_t id)
{
	if (s->orphan_count < LIMIT_TCP_OUT_ORPHANS)
		s->orphans[s->orphan_count++] = id;
	if (s->orphan_count == LIMIT_TCP_OUT_ORPHANS)
		s->retired = true;
}

bool stream_forget_orphan(struct stream *s, uint16_t id)
{
	for (unsigned i = 0; i < s->orphan_count; i++) {
		if (s->orphans[i] == id) {
			s->orphans[i] = s->orphans[--s->orphan_count];
			return true;
		}
	}
	return false;
}

bool stream_owes(const struct stream *s, uint16_t id)
{
	for (unsigned i = 0; i < s->orphan_count; i++) {
		if (s->orphans[i] == id)
			return true;
	}
	return false;
}

int stream_connect_error(const struct stream *s)
{
	int e = 0;
	socklen_t len = sizeof(e);
	return getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &e, &len) == 0 ? e : errno;
}
