#define _GNU_SOURCE /* accept4 */
#include "resolver/server/control.h"

#include "resolver/server/control_client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct control {
	struct supervisor *supervisor;
	int fd;                   /* -1: not listening */
	ev_io accept;
	struct sockaddr_un at;
	dev_t device;             /* of the file at that path: somebody may take it away */
	ino_t inode;
	struct list clients;
	unsigned client_count;
	struct job chore;
};

static void remove_gone(struct control *c)
{
	for (struct list *l = c->clients.next, *next; l != &c->clients; l = next) {
		struct control_client *client = LIST_ITEM(l, struct control_client, link);
		next = l->next;
		if (!client->gone)
			continue;
		control_client_free(client);
		c->client_count--;
	}
}

static void on_connect(struct ev_loop *loop, ev_io *w, int events)
{
	struct control *c = w->data;
	(void)loop;
	(void)events;
	remove_gone(c);
	int fd = accept4(c->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	struct control_client *client = control_client_new(c->supervisor, fd);
	if (client == NULL)
		return;
	list_append(&c->clients, &client->link);
	if (++c->client_count > LIMIT_CONTROL_CLIENTS)
		control_client_fail(client, "too many clients at once");
}

struct control *control_new(struct supervisor *s)
{
	struct control *c = calloc(1, sizeof(*c));
	if (c == NULL)
		return NULL;
	c->supervisor = s;
	c->fd = -1;
	list_init(&c->clients);
	job_init(&c->chore, s, NULL);
	ev_init(&c->accept, on_connect);
	c->accept.data = c;
	return c;
}

static bool is_in_place(const struct control *c)
{
	struct stat st;
	return c->fd >= 0 && lstat(c->at.sun_path, &st) == 0 && st.st_dev == c->device &&
	       st.st_ino == c->inode;
}

static void remember_place(struct control *c, const struct sockaddr_un *at)
{
	struct stat st;
	c->at = *at;
	if (lstat(at->sun_path, &st) != 0)
		return;
	c->device = st.st_dev;
	c->inode = st.st_ino;
}

static void close_listener(struct control *c)
{
	if (c->fd < 0)
		return;
	if (is_in_place(c))
		(void)unlink(c->at.sun_path);
	ev_io_stop(c->supervisor->loop, &c->accept);
	(void)close(c->fd);
	c->fd = -1;
}

void control_free(struct control *c)
{
	if (c == NULL)
		return;
	while (!list_empty(&c->clients))
		control_client_free(LIST_ITEM(c->clients.next, struct control_client, link));
	job_clear(&c->chore);
	close_listener(c);
	free(c);
}

struct job *control_chore(struct control *c)
{
	return &c->chore;
}

void control_abandon(struct control *c)
{
	if (c == NULL)
		return;
	if (c->fd >= 0)
		(void)close(c->fd);
	for (struct list *l = c->clients.next; l != &c->clients; l = l->next) {
		const struct control_client *client = LIST_ITEM(l, struct control_client, link);
		if (client->fd >= 0)
			(void)close(client->fd);
	}
}

/* ---- listening ---- */

static bool find_place(const struct config *config, struct sockaddr_un *out)
{
	const struct config_server *s = &config->server;
	memset(out, 0, sizeof(*out));
	out->sun_family = AF_UNIX;
	int n = s->control_socket[0] != '\0'
			? snprintf(out->sun_path, sizeof(out->sun_path), "%s", s->control_socket)
			: snprintf(out->sun_path, sizeof(out->sun_path), "%s/control", s->run_dir);
	return n > 0 && (size_t)n < sizeof(out->sun_path);
}

/* Nobody listens there, and it is a socket: a dead daemon's. */
static bool is_left_over(const struct sockaddr_un *at)
{
	struct stat st;
	if (lstat(at->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return false;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	bool refused = connect(fd, (const struct sockaddr *)at, sizeof(*at)) != 0 &&
	               errno == ECONNREFUSED;
	(void)close(fd);
	return refused;
}

static int bind_there(int fd, const struct sockaddr_un *at)
{
	mode_t before = umask(0177); /* 0600 from its first moment */
	int result = bind(fd, (const struct sockaddr *)at, sizeof(*at));
	int why = errno;
	(void)umask(before);
	errno = why;
	return result;
}

/* -1: errno says why. */
static int listen_at(const struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	int result = bind_there(fd, at);
	if (result != 0 && errno == EADDRINUSE && is_left_over(at)) {
		(void)unlink(at->sun_path);
		result = bind_there(fd, at);
	}
	if (result == 0 && listen(fd, LIMIT_CONTROL_CLIENTS) == 0)
		return fd;
	int why = errno;
	(void)close(fd);
	errno = why;
	return -1;
}

/* Why bind failed. */
static const char *obstacle(const struct sockaddr_un *at, int number)
{
	struct stat st;
	if (number != EADDRINUSE)
		return strerror(number);
	return lstat(at->sun_path, &st) == 0 && !S_ISSOCK(st.st_mode) ? "something that is no socket lies there"
	                                                              : "another daemon listens there";
}

void control_listen(struct control *c)
{
	struct supervisor *s = c->supervisor;
	struct sockaddr_un at;
	if (!find_place(s->config, &at)) {
		log_error(&s->log, "no control socket: its path is too long");
		return;
	}
	if (is_in_place(c) && strcmp(at.sun_path, c->at.sun_path) == 0)
		return;
	int fd = listen_at(&at);
	if (fd < 0) {
		log_error(&s->log, "no control socket at %s: %s", at.sun_path, obstacle(&at, errno));
		return;
	}
	close_listener(c);
	remember_place(c, &at);
	c->fd = fd;
	ev_io_set(&c->accept, fd, EV_READ);
	ev_io_start(s->loop, &c->accept);
}

/* ---- what children say ---- */

void control_on_tell(struct control *c, const uint8_t *octets, size_t len)
{
	struct errand_said said;
	if (c == NULL || errand_read_tell(octets, len, &said) != ERR_OK)
		return;
	job_on_tell(&c->chore, &said);
	for (struct list *l = c->clients.next; l != &c->clients; l = l->next)
		job_on_tell(&LIST_ITEM(l, struct control_client, link)->job, &said);
}

void control_on_told(struct control *c, const struct child *from, const uint8_t *octets, size_t len)
{
	struct errand_said said;
	if (c == NULL || errand_read_told(octets, len, &said) != ERR_OK)
		return;
	job_on_told(&c->chore, from, &said);
	for (struct list *l = c->clients.next; l != &c->clients; l = l->next)
		job_on_told(&LIST_ITEM(l, struct control_client, link)->job, from, &said);
}

void control_on_gone(struct control *c, const struct child *child)
{
	if (c == NULL)
		return;
	job_on_gone(&c->chore, child);
	for (struct list *l = c->clients.next; l != &c->clients; l = l->next)
		job_on_gone(&LIST_ITEM(l, struct control_client, link)->job, child);
}

void control_on_reloaded(struct control *c, const char *why)
{
	if (c == NULL)
		return;
	job_on_reloaded(&c->chore, why);
	for (struct list *l = c->clients.next; l != &c->clients; l = l->next)
		job_on_reloaded(&LIST_ITEM(l, struct control_client, link)->job, why);
}
