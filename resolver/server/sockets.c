#include "resolver/server/sockets.h"

#include "resolver/net/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void close_row(struct socket_row *r)
{
	if (r->udp >= 0)
		(void)close(r->udp);
	if (r->tcp >= 0)
		(void)close(r->tcp);
	r->udp = r->tcp = -1;
}

static const struct socket_row *find_old(const struct sockets *old, unsigned worker,
                                         const struct address *at)
{
	if (old == NULL || worker >= old->workers)
		return NULL;
	const struct socket_row *rows = sockets_of(old, worker);
	for (size_t i = 0; i < old->address_count; i++) {
		if (address_equal(&rows[i].at, at))
			return &rows[i];
	}
	return NULL;
}

static enum err share(int from, int *to)
{
	*to = fcntl(from, F_DUPFD_CLOEXEC, 3);
	return *to >= 0 ? ERR_OK : ERR_IO;
}

static enum err open_row(const struct address *at, bool tcp, const struct socket_row *old,
                         struct socket_row *row)
{
	row->at = *at;
	enum err e = old != NULL ? share(old->udp, &row->udp) : listen_udp(at, &row->udp);
	if (e != ERR_OK || !tcp)
		return e;
	return old != NULL && old->tcp >= 0 ? share(old->tcp, &row->tcp)
					    : listen_tcp(at, &row->tcp);
}

enum err sockets_open(const struct config *config, unsigned workers, const struct sockets *old,
                      struct sockets *out, struct address *failed)
{
	const struct config_addresses *listen = &config->server.listen;
	struct sockets s = { .workers = workers, .address_count = listen->count };
	s.rows = calloc(workers * listen->count, sizeof(*s.rows));
	if (s.rows == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < workers * listen->count; i++)
		s.rows[i].udp = s.rows[i].tcp = -1;
	for (unsigned w = 0; w < workers; w++) {
		for (size_t i = 0; i < listen->count; i++) {
			const struct address *at = &listen->items[i];
			enum err e = open_row(at, config->server.tcp, find_old(old, w, at),
			                      &s.rows[w * listen->count + i]);
			if (e != ERR_OK) {
				int why = errno;
				sockets_close(&s);
				errno = why;
				*failed = *at;
				return e;
			}
		}
	}
	*out = s;
	return ERR_OK;
}

void sockets_close(struct sockets *s)
{
	for (size_t i = 0; s->rows != NULL && i < s->workers * s->address_count; i++)
		close_row(&s->rows[i]);
	free(s->rows);
	*s = (struct sockets){ 0 };
}

const struct socket_row *sockets_of(const struct sockets *s, unsigned worker)
{
	return &s->rows[worker * s->address_count];
}

void sockets_keep_only(struct sockets *s, unsigned worker)
{
	for (unsigned w = 0; w < s->workers; w++) {
		for (size_t i = 0; w != worker && i < s->address_count; i++)
			close_row(&s->rows[w * s->address_count + i]);
	}
}
