#include "resolver/server/sockets.h"

#include "resolver/net/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PROBES = 20, PROBE_PAUSE_NS = 50000000 };

static void close_row(struct socket_row *r)
{
	if (r->udp >= 0)
		(void)close(r->udp);
	if (r->tcp >= 0)
		(void)close(r->tcp);
	r->udp = r->tcp = -1;
}

static const struct socket_row *find(const struct sockets *s, unsigned worker,
                                     const struct address *at)
{
	if (s == NULL || worker >= s->workers)
		return NULL;
	const struct socket_row *rows = sockets_of(s, worker);
	for (size_t i = 0; i < s->address_count; i++) {
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

/* Nobody else has it either: the family is off, or the interface not there. */
static bool is_no_address_of_ours(void)
{
	return errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT;
}

/* Until they are there questions go out from the others. */
static void name_missing_sources(const struct config *config, struct log *log)
{
	char text[ADDRESS_TEXT_MAX];
	for (size_t i = 0; i < config->upstream.outgoing.count; i++) {
		struct address from = config->upstream.outgoing.items[i];
		from.port = 0;
		if (listen_probe(&from) == ERR_OK)
			continue;
		address_text(&from, text);
		log_error(log, "cannot ask from %s: %s", text, strerror(errno));
	}
}

static void complain(struct log *log, const struct address *at, const char *why, const char *so)
{
	char text[ADDRESS_TEXT_MAX];
	address_text(at, text);
	log_error(log, "cannot listen on %s@%u: %s%s", text, at->port, why, so);
}

/* A predecessor that was killed may need a moment to be gone. */
static bool is_taken(const struct address *at)
{
	const struct timespec pause = { .tv_nsec = PROBE_PAUSE_NS };
	for (unsigned i = 0; i < PROBES; i++) {
		if (listen_probe(at) != ERR_BUSY)
			return false;
		(void)nanosleep(&pause, NULL);
	}
	errno = EADDRINUSE;
	return true;
}

/* Another daemon of the same user would share its port with us; of our own sockets none is open yet. */
static enum err find_taken(const struct config *config, struct log *log)
{
	for (size_t i = 0; i < config->server.listen.count; i++) {
		if (!is_taken(&config->server.listen.items[i]))
			continue;
		complain(log, &config->server.listen.items[i], strerror(errno), "");
		return ERR_BUSY;
	}
	return ERR_OK;
}

/* The first worker's sockets say which addresses there are; address_count counts them. */
static enum err open_first(const struct config *config, const struct sockets *old, struct sockets *s,
                           struct log *log)
{
	const struct config_addresses *listen = &config->server.listen;
	for (size_t i = 0; i < listen->count; i++) {
		const struct address *at = &listen->items[i];
		struct socket_row *row = &s->rows[s->address_count];
		enum err e = open_row(at, config->server.tcp, find(old, 0, at), row);
		if (e == ERR_OK) {
			s->address_count++;
			continue;
		}
		bool go_on = is_no_address_of_ours() && (s->address_count > 0 || i + 1 < listen->count);
		complain(log, at, strerror(errno), go_on ? "; going on without it" : "");
		if (!go_on)
			return e;
		close_row(row);
	}
	return ERR_OK;
}

static enum err open_all(const struct config *config, const struct sockets *old, struct sockets *s,
                         struct log *log)
{
	enum err e = open_first(config, old, s, log);
	for (size_t i = s->address_count; e == ERR_OK && i < s->workers * s->address_count; i++) {
		const struct address *at = &s->rows[i % s->address_count].at;
		unsigned worker = (unsigned)(i / s->address_count);
		e = open_row(at, config->server.tcp, find(old, worker, at), &s->rows[i]);
		if (e != ERR_OK)
			complain(log, at, strerror(errno), "");
	}
	return e;
}

enum err sockets_open(const struct config *config, unsigned workers, const struct sockets *old,
                      struct sockets *out, struct log *log)
{
	size_t count = workers * config->server.listen.count;
	struct sockets s = { .workers = workers };
	s.rows = calloc(count, sizeof(*s.rows));
	if (s.rows == NULL) {
		log_error(log, "no memory for sockets");
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < count; i++)
		s.rows[i].udp = s.rows[i].tcp = -1;
	enum err e = old == NULL ? find_taken(config, log) : ERR_OK;
	if (e == ERR_OK)
		e = open_all(config, old, &s, log);
	if (e == ERR_OK) {
		name_missing_sources(config, log);
		*out = s;
	} else {
		sockets_close(&s);
	}
	return e;
}

void sockets_close(struct sockets *s)
{
	for (size_t i = 0; s->rows != NULL && i < s->workers * s->address_count; i++)
		close_row(&s->rows[i]);
	free(s->rows);
	*s = (struct sockets){ 0 };
}

void sockets_retire(const struct sockets *old, const struct sockets *next)
{
	for (size_t i = 0; old->rows != NULL && i < old->workers * old->address_count; i++) {
		unsigned worker = (unsigned)(i / old->address_count);
		if (find(next, worker, &old->rows[i].at) == NULL)
			listen_retire_udp(old->rows[i].udp);
	}
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
