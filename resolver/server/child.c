#include "resolver/server/child.h"

#include "resolver/server/clock.h"
#include "resolver/server/control.h"
#include "resolver/server/nta_book.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

struct supervisor *supervisor_new(struct config *config, const char *path)
{
	struct supervisor *s = calloc(1, sizeof(*s));
	if (s == NULL)
		return NULL;
	s->config = config;
	s->path = path;
	s->started_ms = clock_boot_ms();
	s->generation = 1;
	log_init(&s->log, config->server.log_level, config->limits.log_per_second, "warrend");
	for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++)
		s->workers[i].slot = (struct slot){ .supervisor = { -1, -1 }, .keeper = { -1, -1 } };
	s->keeper.slot = (struct slot){ .supervisor = { -1, -1 }, .keeper = { -1, -1 } };
	return s;
}

static void keep_anchors(struct supervisor *s, const uint8_t *octets, size_t len)
{
	char *text = malloc(len + 1);
	if (text == NULL)
		return;
	memcpy(text, octets, len);
	text[len] = '\0';
	free(s->anchors);
	s->anchors = text;
	child_tell_workers(s, CHANNEL_ANCHORS, octets, len);
}

static void on_message(struct supervisor *s, struct child *c, enum channel_kind kind,
                       const uint8_t *octets, size_t len)
{
	struct keeper_ready keeper = { 0 };
	bool again = c == &s->keeper && c->slot.state == SLOT_SERVING; /* its clock was put on */
	switch (kind) {
	case CHANNEL_READY:
		if (len == sizeof(keeper))
			memcpy(&keeper, octets, sizeof(keeper));
		if (c->slot.state == SLOT_STARTING || again)
			supervisor_on_ready(s, c, &keeper);
		break;
	case CHANNEL_ANCHORS_KEPT:
		keep_anchors(s, octets, len);
		break;
	case CHANNEL_NTA_OVER:
		nta_book_over(s->ntas, octets, len);
		break;
	case CHANNEL_TELL:
		control_on_tell(s->control, octets, len);
		break;
	case CHANNEL_TOLD:
		control_on_told(s->control, c, octets, len);
		break;
	case CHANNEL_DRAIN:
	case CHANNEL_TURN:
	case CHANNEL_ANCHORS:
	case CHANNEL_ANCHORS_SEEN:
	case CHANNEL_NTAS:
	case CHANNEL_NTA_CHECK:
	case CHANNEL_ASK:
	case CHANNEL_SERVERS:
		break; /* not for us */
	}
}

static void on_readable(struct ev_loop *loop, ev_io *w, int events)
{
	struct child *c = (struct child *)(void *)((char *)w - offsetof(struct child, from));
	struct supervisor *s = w->data;
	enum channel_kind kind;
	size_t len;
	enum err e;
	(void)loop;
	(void)events;
	while ((e = channel_receive(w->fd, s->buffer, &kind, &len)) == ERR_OK || e == ERR_FORMAT) {
		if (e == ERR_OK)
			on_message(s, c, kind, s->buffer, len);
	}
}

static void on_rested(struct ev_loop *loop, ev_timer *w, int events)
{
	struct child *c = (struct child *)(void *)((char *)w - offsetof(struct child, rest));
	(void)loop;
	(void)events;
	supervisor_start_again(w->data, c);
}

enum err child_init(struct supervisor *s, struct child *c, unsigned index)
{
	enum err e = slot_init(&c->slot);
	if (e != ERR_OK)
		return e;
	c->slot.index = index;
	ev_io_init(&c->from, on_readable, c->slot.supervisor[0], EV_READ);
	c->from.data = s;
	ev_io_start(s->loop, &c->from);
	ev_timer_init(&c->rest, on_rested, 0, 0);
	c->rest.data = s;
	return ERR_OK;
}

void child_clear(struct supervisor *s, struct child *c)
{
	if (c->slot.supervisor[0] >= 0) {
		ev_io_stop(s->loop, &c->from);
		ev_timer_stop(s->loop, &c->rest);
	}
	slot_clear(&c->slot);
}

/*
 * Leaves the parent's loop without touching what is shared with it: closing our copy of its epoll set
 * is harmless, changing the set is not, so no I/O watcher is stopped.
 */
static void become_child(struct supervisor *s)
{
	for (unsigned i = 0; i < SUPERVISOR_SIGNALS; i++)
		ev_signal_stop(s->loop, &s->signals[i]);
	ev_loop_destroy(s->loop);
	s->loop = NULL;
	control_abandon(s->control);
	/* These may go to the whole group; the supervisor decides when we end (CHANNEL_END_SIGNAL). */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	sigset_t none;
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void close_end(int *end)
{
	if (*end >= 0)
		(void)close(*end);
	*end = -1;
}

/* A child has its own ends of its own channels; the keeper has its end of every worker's, too. */
static void leave_others(struct supervisor *s, struct child *c)
{
	for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++) {
		struct slot *w = &s->workers[i].slot;
		close_end(&w->supervisor[0]);
		if (c != &s->workers[i]) {
			close_end(&w->supervisor[1]);
			close_end(&w->keeper[1]);
		}
		if (c != &s->keeper)
			close_end(&w->keeper[0]);
	}
	close_end(&s->keeper.slot.supervisor[0]);
	if (c != &s->keeper)
		close_end(&s->keeper.slot.supervisor[1]);
}

/* What a worker did not read was meant for it alone; a keeper's successor goes on with its questions (job.c). */
static void forget_orders(struct supervisor *s, struct child *c)
{
	enum channel_kind kind;
	size_t len;
	enum err e = ERR_OK;
	while (c != &s->keeper && (e == ERR_OK || e == ERR_FORMAT))
		e = channel_receive(c->slot.supervisor[1], s->buffer, &kind, &len);
}

pid_t child_fork(struct supervisor *s, struct child *c)
{
	pid_t parent = getpid();
	forget_orders(s, c);
	pid_t pid = fork();
	if (pid == 0) {
		become_child(s);
		leave_others(s, c);
		if (getppid() != parent) /* it ended before we asked to end with it */
			_exit(EXIT_FAILURE);
		return 0;
	}
	if (pid < 0) {
		log_error(&s->log, "cannot start the %s: %s", child_name(c), strerror(errno));
		return -1;
	}
	c->slot.pid = pid;
	c->slot.state = SLOT_STARTING;
	c->slot.generation = s->generation;
	c->slot.store = s->store;
	c->slot.started_ms = clock_boot_ms();
	c->still = 0;
	return pid;
}

struct child *child_of_pid(struct supervisor *s, pid_t pid)
{
	if (s->keeper.slot.pid == pid)
		return &s->keeper;
	for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++) {
		if (s->workers[i].slot.pid == pid)
			return &s->workers[i];
	}
	return NULL;
}

/* The two places of a worker number lie together. */
struct counters *child_counters(struct supervisor *s, const struct child *c)
{
	size_t place = (size_t)(c - s->workers);
	return &s->counters[2 * (place % LIMIT_WORKERS) + place / LIMIT_WORKERS];
}

const char *child_name(const struct child *c)
{
	return c->slot.index == CHILD_KEEPER ? "keeper" : "worker";
}

void child_rest(struct supervisor *s, struct child *c)
{
	slot_died(&c->slot, clock_boot_ms());
	control_on_gone(s->control, c);
	ev_timer_stop(s->loop, &c->rest);
	ev_timer_set(&c->rest, c->slot.back_off_ms / 1000.0, 0);
	ev_timer_start(s->loop, &c->rest);
}

void child_forget(struct supervisor *s, struct child *c)
{
	if (c->slot.state != SLOT_RESTING)
		return;
	ev_timer_stop(s->loop, &c->rest);
	c->slot.state = SLOT_EMPTY;
}

void child_drain(struct supervisor *s, struct child *c)
{
	if (c->slot.pid == 0)
		return;
	c->slot.state = SLOT_LEAVING;
	if (channel_send(c->slot.supervisor[0], CHANNEL_DRAIN, NULL, 0) != ERR_OK)
		child_end(s, c, CHANNEL_END_SIGNAL);
}

void child_end(struct supervisor *s, struct child *c, int signal)
{
	(void)s;
	if (c->slot.pid == 0)
		return;
	c->slot.state = SLOT_LEAVING;
	(void)kill(c->slot.pid, signal);
}

struct witness *child_witness(const struct supervisor *s, const struct child *c)
{
	return &s->witnesses[c == &s->keeper ? 2 * LIMIT_WORKERS : c - s->workers];
}

void child_watch(struct supervisor *s, struct child *c, unsigned patience_s)
{
	uint32_t turns = child_witness(s, c)->turns;
	if (c->slot.state != SLOT_SERVING || turns != c->turns) {
		c->turns = turns;
		c->still = 0;
		return;
	}
	if (++c->still < patience_s)
		return;
	log_error(&s->log, "%s (process %d) stands still: ending it", child_name(c), (int)c->slot.pid);
	(void)kill(c->slot.pid, SIGKILL);
	c->still = 0;
}

void child_gone(struct supervisor *s, struct child *c)
{
	c->slot.pid = 0;
	c->slot.state = SLOT_EMPTY;
	control_on_gone(s->control, c);
}

void child_tell_one_worker(struct supervisor *s, enum channel_kind kind, const void *octets, size_t len)
{
	for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++) {
		struct slot *w = &s->workers[i].slot;
		if (w->state == SLOT_SERVING && channel_send(w->supervisor[0], kind, octets, len) == ERR_OK)
			return;
	}
}

void child_tell_workers(struct supervisor *s, enum channel_kind kind, const void *octets, size_t len)
{
	for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++) {
		struct slot *w = &s->workers[i].slot;
		if ((w->state == SLOT_SERVING || w->state == SLOT_STARTING) &&
		    channel_send(w->supervisor[0], kind, octets, len) != ERR_OK)
			log_warning(&s->log, "a worker's message queue is full");
	}
}
