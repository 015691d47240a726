#include "resolver/server/supervisor.h"

#include "resolver/server/child.h"
#include "resolver/server/clock.h"
#include "resolver/server/control.h"
#include "resolver/server/keeper.h"
#include "resolver/server/memory.h"
#include "resolver/server/notify.h"
#include "resolver/server/nta_book.h"
#include "resolver/server/place.h"
#include "resolver/server/process.h"

#include <errno.h>
#include <ev.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	KEEPER_PATIENCE_MS = 3000, /* then workers start without it: it costs persistence only */
	RELOAD_PATIENCE_MS = 5000, /* for a new generation to be ready */
	DRAIN_PATIENCE_MS = 15000, /* for an old one to finish: more than LIMIT_QUESTION_MS */
	STOP_PATIENCE_MS = 800,    /* then SIGKILL */
	WATCH_S = 1,
	WORKER_STILL_S = 3,        /* less than clients wait: the next one answers what lies in its sockets */
	KEEPER_STILL_S = 60,       /* nobody waits for it; a disk may be slow */
	DOUBT_MS = 60000,          /* a second death in the store so soon: the snapshot is no better */
};

/* How far along the whole house is. */
enum stage {
	STAGE_KEEPER,    /* waiting for the keeper before the first workers start */
	STAGE_WORKERS,   /* the first workers start */
	STAGE_SERVING,
	STAGE_RELOADING, /* a new generation starts beside the old one */
	STAGE_STOPPING,
};

const char *supervisor_stage_text(const struct supervisor *s)
{
	switch ((enum stage)s->stage) {
	case STAGE_KEEPER:
	case STAGE_WORKERS:
		return "starting";
	case STAGE_SERVING:
		return "serving";
	case STAGE_RELOADING:
		return "reloading";
	case STAGE_STOPPING:
		return "stopping";
	}
	return "?";
}

static double seconds(int64_t ms)
{
	return (double)ms / 1000;
}

static void start_timer(struct supervisor *s, int64_t ms)
{
	ev_timer_stop(s->loop, &s->patience);
	ev_timer_set(&s->patience, seconds(ms), 0);
	ev_timer_start(s->loop, &s->patience);
}

static struct child *worker_child(struct supervisor *s, unsigned generation, unsigned index)
{
	return &s->workers[(generation & 1) * LIMIT_WORKERS + index];
}

static void start_child(struct supervisor *s, struct child *c)
{
	pid_t pid = child_fork(s, c);
	if (pid == 0)
		_exit(process_run(s, c));
	if (pid < 0)
		child_rest(s, c);
}

static bool generation_serves(struct supervisor *s, unsigned generation)
{
	for (unsigned i = 0; i < s->sockets.workers; i++) {
		if (worker_child(s, generation, i)->slot.state != SLOT_SERVING)
			return false;
	}
	return true;
}

/* Every place of the generation in force gets its process; one still held by an older one, once it is free. */
static void fill_generation(struct supervisor *s)
{
	for (unsigned i = 0; i < s->sockets.workers; i++) {
		struct child *c = worker_child(s, s->generation, i);
		if (c->slot.state == SLOT_EMPTY)
			start_child(s, c);
		else if (c->slot.generation != s->generation)
			child_end(s, c, SIGKILL); /* two reloads ago and still not gone */
	}
}

/* Ends what a generation has; with patience its questions are answered first. */
static void end_generation(struct supervisor *s, unsigned generation, bool patient)
{
	for (unsigned i = 0; i < LIMIT_WORKERS; i++) {
		struct child *c = worker_child(s, generation, i);
		child_forget(s, c);
		if (patient)
			child_drain(s, c);
		else
			child_end(s, c, SIGKILL);
	}
}

static void forget_resting(struct supervisor *s, unsigned generation)
{
	for (unsigned i = 0; i < LIMIT_WORKERS; i++)
		child_forget(s, worker_child(s, generation, i));
}

static void say_ready(struct supervisor *s)
{
	char text[ADDRESS_TEXT_MAX] = "nothing";
	uint16_t port = 0;
	if (s->sockets.address_count > 0) {
		address_text(&s->sockets.rows[0].at, text);
		port = s->sockets.rows[0].at.port;
	}
	log_notice(&s->log, "ready: %u workers, answering on %s@%u%s", s->sockets.workers, text, port,
	           s->sockets.address_count > 1 ? " and others" : "");
	log_notice(&s->log, "working in %s, keeping %s%s", s->config->server.run_dir,
	           s->config->cache.directory[0] != '\0' ? "snapshots in " : "no snapshots",
	           s->config->cache.directory);
	place_write_pid(s->config, &s->log);
	notify_ready(&s->log);
}

static void begin_workers(struct supervisor *s)
{
	s->stage = STAGE_WORKERS;
	ev_timer_stop(s->loop, &s->patience);
	fill_generation(s);
}

static void finish_reload(struct supervisor *s)
{
	s->stage = STAGE_SERVING;
	sockets_retire(&s->old_sockets, &s->sockets);
	end_generation(s, s->generation - 1, true);
	if (s->old_config != NULL)
		child_end(s, &s->keeper, CHANNEL_END_SIGNAL); /* its successor has the new config */
	if (s->old_config != NULL)
		nta_book_on_config(s->ntas, s->old_config);
	sockets_close(&s->old_sockets);
	if (s->old_config != NULL)
		place_remove_pid(s->old_config);
	place_write_pid(s->config, &s->log);
	config_free(s->old_config);
	s->old_config = NULL;
	log_notice(&s->log, "generation %u serves", s->generation);
	start_timer(s, DRAIN_PATIENCE_MS);
	notify_ready(&s->log);
	control_listen(s->control);
	control_on_reloaded(s->control, NULL);
}

/* The old generation never stopped; only what was new goes away. */
static void give_up_reload(struct supervisor *s, const char *why)
{
	log_error(&s->log, "%s; the old generation goes on", why);
	end_generation(s, s->generation, false);
	if (s->old_config != NULL) {
		sockets_close(&s->sockets);
		config_free(s->config);
		s->sockets = s->old_sockets;
		s->config = s->old_config;
		s->old_sockets = (struct sockets){ 0 };
		s->old_config = NULL;
	}
	s->generation--;
	s->stage = STAGE_SERVING;
	fill_generation(s);
	notify_ready(&s->log);
	control_on_reloaded(s->control, why);
}

static unsigned worker_count(const struct config *c)
{
	if (c->server.workers != 0)
		return c->server.workers < LIMIT_WORKERS ? c->server.workers : LIMIT_WORKERS;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	if (cores < 1)
		return 1;
	return cores < LIMIT_WORKERS ? (unsigned)cores : LIMIT_WORKERS;
}

/* One for all workers and generations: a client's next question comes to another one. */
static void lend_cookie_secret(const struct supervisor *s, struct config *c)
{
	const struct config_server *before = &s->config->server;
	struct config_secret *secret = &c->server.cookie_secret;
	if (!secret->given)
		memcpy(secret->octets, s->cookie_secret, sizeof(s->cookie_secret));
	if (c == s->config)
		return;
	bool same = memcmp(secret->octets, before->cookie_secret.octets, sizeof(secret->octets)) == 0;
	c->server.cookie_previous = same ? before->cookie_previous : before->cookie_secret;
	c->server.cookie_previous.given |= !same;
}

static void prepare(struct supervisor *s, struct config *c)
{
	place_prepare(c, &s->log);
	place_fit_files(c, &s->log);
	memory_fit(c, worker_count(c), memory_holds(place_live_directory(c)), memory_octets(),
	           &s->log);
	lend_cookie_secret(s, c);
}

/* Channels for every worker the config wants, in both generations. */
static enum err make_slots(struct supervisor *s, unsigned workers)
{
	for (unsigned i = 0; i < 2 * workers; i++) {
		struct child *c = worker_child(s, i & 1, i / 2);
		if (c->slot.supervisor[0] >= 0)
			continue;
		enum err e = child_init(s, c, i / 2);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

/*
 * Starts new workers beside the ones that serve.  next and sockets are taken; NULL for both: with
 * the configuration and the sockets in force.
 */
static void begin_generation(struct supervisor *s, struct config *next, struct sockets *sockets)
{
	forget_resting(s, s->generation);
	s->generation++;
	s->stage = STAGE_RELOADING;
	if (next != NULL) {
		s->old_sockets = s->sockets;
		s->old_config = s->config;
		s->sockets = *sockets;
		s->config = next;
	}
	if (make_slots(s, s->sockets.workers) != ERR_OK) {
		give_up_reload(s, "no memory for another generation");
		return;
	}
	start_timer(s, RELOAD_PATIENCE_MS);
	fill_generation(s);
}

static enum err read_next(struct supervisor *s, struct config **next, char *why, size_t size)
{
	struct config_error wrong;
	if (s->stage != STAGE_SERVING || s->path == NULL) {
		snprintf(why, size, "not reloading: %s",
		         s->path == NULL ? "started without a file" : "still starting or reloading");
		return ERR_BUSY;
	}
	notify_reloading(&s->log);
	enum err e = config_read_file(s->path, next, &wrong);
	if (e != ERR_OK) {
		config_error_text(&wrong, s->path, why, size);
		notify_ready(&s->log);
	}
	return e;
}

enum err supervisor_reload(struct supervisor *s, char *why, size_t size)
{
	struct config *next = NULL;
	struct sockets sockets;
	enum err e = read_next(s, &next, why, size);
	if (e != ERR_OK) {
		log_error(&s->log, "%s; the old configuration stays", why);
		return e;
	}
	prepare(s, next);
	e = sockets_open(next, worker_count(next), &s->sockets, &sockets, &s->log);
	if (e != ERR_OK) {
		snprintf(why, size, "cannot listen on an address of the new configuration: see the log");
		config_free(next);
		notify_ready(&s->log);
		return e;
	}
	s->log.level = next->server.log_level;
	begin_generation(s, next, &sockets);
	if (s->stage == STAGE_RELOADING)
		return ERR_OK;
	snprintf(why, size, "no memory for another generation");
	return ERR_NOMEM;
}

/* The workers' store is gone or never was: others take their places, when nothing else is under way. */
static void renew_workers(struct supervisor *s)
{
	if (!s->store_wanted || !s->is_kept || s->stage != STAGE_SERVING)
		return;
	s->store_wanted = false;
	begin_generation(s, NULL, NULL);
}

static void on_keeper_ready(struct supervisor *s, const struct keeper_ready *keeper)
{
	if (s->stage != STAGE_KEEPER && (keeper->is_new || !s->is_kept))
		s->store_wanted = true;
	if (keeper->is_kept)
		s->clock_offset_ms = keeper->clock_offset_ms;
	s->is_kept = keeper->is_kept;
	s->trust = KEEP_TRUST_ALL;
	if (s->stage == STAGE_KEEPER)
		begin_workers(s);
	renew_workers(s);
}

/*
 * Whoever opens what it died of dies of it, too: until another keeper has put it right workers do without,
 * and the keeper there is has the same file open.  One that died of the store before last says nothing new.
 */
static void doubt_store(struct supervisor *s, const struct child *c)
{
	int64_t now_ms = clock_boot_ms();
	bool again = s->doubted_ms > 0 && now_ms - s->doubted_ms < DOUBT_MS;
	if (c != &s->keeper && c->slot.store != s->store)
		return;
	log_error(&s->log, "it died inside the store: starting over %s",
	          again ? "with an empty one" : "from the last snapshot");
	s->store++;
	s->trust = again ? KEEP_TRUST_NONE : KEEP_TRUST_SNAPSHOT;
	s->is_kept = false;
	s->doubted_ms = now_ms;
	child_end(s, &s->keeper, SIGKILL);
}

void supervisor_on_ready(struct supervisor *s, struct child *c, const struct keeper_ready *keeper)
{
	c->slot.state = SLOT_SERVING;
	if (c == &s->keeper) {
		on_keeper_ready(s, keeper);
	} else if (s->stage == STAGE_WORKERS && generation_serves(s, s->generation)) {
		s->stage = STAGE_SERVING;
		say_ready(s);
	} else if (s->stage == STAGE_RELOADING && generation_serves(s, s->generation)) {
		finish_reload(s);
	}
	renew_workers(s);
}

void supervisor_start_again(struct supervisor *s, struct child *c)
{
	start_child(s, c);
}

static unsigned living(const struct supervisor *s)
{
	unsigned n = s->keeper.slot.pid != 0;
	for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++)
		n += s->workers[i].slot.pid != 0;
	return n;
}

/* The keeper goes last: it keeps what the workers say at their end. */
static void go_on_stopping(struct supervisor *s)
{
	unsigned left = living(s);
	if (left == 0)
		ev_break(s->loop, EVBREAK_ALL);
	else if (left == 1 && s->keeper.slot.pid != 0)
		child_end(s, &s->keeper, CHANNEL_END_SIGNAL);
}

void supervisor_stop(struct supervisor *s)
{
	if (s->stage == STAGE_STOPPING)
		return;
	s->stage = STAGE_STOPPING;
	notify_stopping(&s->log);
	for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++) {
		child_forget(s, &s->workers[i]);
		child_end(s, &s->workers[i], CHANNEL_END_SIGNAL);
	}
	child_forget(s, &s->keeper);
	start_timer(s, STOP_PATIENCE_MS);
	go_on_stopping(s);
}

/* Its place belongs to the generation in force. */
static bool is_wanted(const struct supervisor *s, const struct child *c)
{
	if (c == &s->keeper)
		return true;
	unsigned parity = (unsigned)(c - s->workers) / LIMIT_WORKERS;
	return parity == (s->generation & 1) && c->slot.index < s->sockets.workers;
}

static void say_gone(struct supervisor *s, const struct child *c, int status)
{
	bool signaled = WIFSIGNALED(status);
	log_error(&s->log, "%s (process %d) ended: %s %d", child_name(c), (int)c->slot.pid,
	          signaled ? "signal" : "status", signaled ? WTERMSIG(status) : WEXITSTATUS(status));
}

static void on_gone(struct supervisor *s, struct child *c, int status)
{
	bool sent_away = c->slot.state == SLOT_LEAVING;
	bool newest = c != &s->keeper && c->slot.generation == s->generation;
	if (!sent_away)
		say_gone(s, c, status);
	if (c != &s->keeper)
		counters_forget_gauges(child_counters(s, c));
	bool in_store = witness_saw_death(child_witness(s, c), status) && !sent_away;
	child_gone(s, c);
	if (in_store && s->stage != STAGE_STOPPING)
		doubt_store(s, c);
	if (s->stage == STAGE_STOPPING) {
		go_on_stopping(s);
	} else if (s->stage == STAGE_RELOADING && newest && !sent_away) {
		give_up_reload(s, "a new worker ended before all were ready");
	} else if (is_wanted(s, c)) {
		if (sent_away)
			start_child(s, c);
		else
			child_rest(s, c);
	}
}

static void on_children(struct ev_loop *loop, ev_signal *w, int events)
{
	struct supervisor *s = w->data;
	(void)loop;
	(void)events;
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct child *c = child_of_pid(s, pid);
		if (c != NULL)
			on_gone(s, c, status);
	}
}

static void on_patience(struct ev_loop *loop, ev_timer *w, int events)
{
	struct supervisor *s = w->data;
	(void)events;
	switch (s->stage) {
	case STAGE_KEEPER:
		log_warning(&s->log, "the keeper is not ready; serving without persistence for now");
		begin_workers(s);
		break;
	case STAGE_RELOADING:
		give_up_reload(s, "the new workers were not ready in time");
		break;
	case STAGE_SERVING:
		for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++) {
			if (s->workers[i].slot.state == SLOT_LEAVING)
				child_end(s, &s->workers[i], SIGKILL);
		}
		break;
	case STAGE_STOPPING:
		for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++)
			child_end(s, &s->workers[i], SIGKILL);
		child_end(s, &s->keeper, SIGKILL);
		ev_break(loop, EVBREAK_ALL);
		break;
	case STAGE_WORKERS:
		break;
	}
}

static void on_watch(struct ev_loop *loop, ev_timer *w, int events)
{
	struct supervisor *s = w->data;
	(void)loop;
	(void)events;
	for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++)
		child_watch(s, &s->workers[i], WORKER_STILL_S);
	child_watch(s, &s->keeper, KEEPER_STILL_S);
}

static void on_hangup(struct ev_loop *loop, ev_signal *w, int events)
{
	char why[CONFIG_WHAT_MAX + 256];
	(void)loop;
	(void)events;
	(void)supervisor_reload(w->data, why, sizeof(why));
}

static void on_terminate(struct ev_loop *loop, ev_signal *w, int events)
{
	(void)loop;
	(void)events;
	supervisor_stop(w->data);
}

static void watch_signals(struct supervisor *s)
{
	static const int numbers[SUPERVISOR_SIGNALS] = { SIGCHLD, SIGHUP, SIGTERM, SIGINT };
	sigset_t none;
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL); /* whoever started us may have blocked some */
	for (unsigned i = 0; i < SUPERVISOR_SIGNALS; i++) {
		ev_signal_init(&s->signals[i],
		               i == 0 ? on_children : i == 1 ? on_hangup : on_terminate, numbers[i]);
		s->signals[i].data = s;
		ev_signal_start(s->loop, &s->signals[i]);
	}
	ev_timer_init(&s->patience, on_patience, 0, 0);
	ev_timer_init(&s->watch, on_watch, WATCH_S, WATCH_S);
	s->patience.data = s->watch.data = s;
	ev_timer_start(s->loop, &s->watch);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN); /* a file over the limit is an error of its write */
}

/* What failed was short of memory or descriptors. */
static enum err say_no_start(struct supervisor *s)
{
	log_error(&s->log, "cannot start: %s", strerror(errno));
	return ERR_NOMEM;
}

static enum err open_house(struct supervisor *s)
{
	s->loop = ev_loop_new(EVFLAG_AUTO);
	s->counters = counters_new(SUPERVISOR_COUNTERS);
	s->control = s->loop != NULL ? control_new(s) : NULL;
	s->witnesses = witness_new(CHILDREN);
	ssize_t drawn = getrandom(s->cookie_secret, sizeof(s->cookie_secret), 0);
	if (s->control == NULL || s->counters == NULL || s->witnesses == NULL ||
	    drawn != (ssize_t)sizeof(s->cookie_secret))
		return say_no_start(s);
	prepare(s, s->config);
	enum err e = sockets_open(s->config, worker_count(s->config), NULL, &s->sockets, &s->log);
	if (e != ERR_OK)
		return e;
	if (child_init(s, &s->keeper, CHILD_KEEPER) != ERR_OK ||
	    make_slots(s, s->sockets.workers) != ERR_OK)
		return say_no_start(s);
	s->ntas = nta_book_new(s);
	if (s->ntas == NULL)
		return say_no_start(s);
	control_listen(s->control);
	return ERR_OK;
}

static void close_house(struct supervisor *s)
{
	control_free(s->control);
	nta_book_free(s->ntas);
	for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++)
		child_clear(s, &s->workers[i]);
	child_clear(s, &s->keeper);
	sockets_close(&s->sockets);
	sockets_close(&s->old_sockets);
	counters_free(s->counters, SUPERVISOR_COUNTERS);
	witness_free(s->witnesses, CHILDREN);
	if (s->loop != NULL)
		ev_loop_destroy(s->loop);
	config_free(s->old_config);
	config_free(s->config);
	free(s->anchors);
	free(s);
}

int supervisor_run(struct config *config, const char *path)
{
	struct supervisor *s = supervisor_new(config, path);
	if (s == NULL) {
		config_free(config);
		return EXIT_FAILURE;
	}
	int status = EXIT_FAILURE;
	if (open_house(s) == ERR_OK) {
		watch_signals(s);
		start_child(s, &s->keeper);
		start_timer(s, KEEPER_PATIENCE_MS);
		ev_run(s->loop, 0);
		place_remove_pid(s->config);
		log_notice(&s->log, "stopped");
		status = EXIT_SUCCESS;
	}
	close_house(s);
	return status;
}
