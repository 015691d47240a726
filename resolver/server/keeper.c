#include "resolver/server/keeper.h"

#include "cache/store.h"
#include "resolver/server/channel.h"
#include "resolver/server/place.h"

#include <ev.h>
#include <signal.h>
#include <stdlib.h>

struct keeper {
	const struct keeper_setup *setup;
	struct log *log;
	struct clock clock;
	struct store *store; /* NULL: nothing can be kept */
	struct ev_loop *loop;
	ev_io *turns;        /* one a worker slot */
	ev_io orders;
	ev_signal terminate;
	uint8_t buffer[CHANNEL_OCTETS];
};

static void on_terminate(struct ev_loop *loop, ev_signal *signal, int events)
{
	(void)signal;
	(void)events;
	ev_break(loop, EVBREAK_ALL);
}

static void on_turn(struct ev_loop *loop, ev_io *io, int events)
{
	struct keeper *k = io->data;
	enum channel_kind kind;
	size_t len;
	(void)loop;
	(void)events;
	while (channel_receive(io->fd, k->buffer, &kind, &len) == ERR_OK)
		;
}

static void open_store(struct keeper *k)
{
	const struct config *c = k->setup->config;
	const char *dir = place_live_directory(c);
	enum err why = ERR_OK;
	enum err e = store_create(dir, c->cache.store_octets, &k->store, &why);
	if (e != ERR_OK) {
		k->store = NULL;
		log_error(k->log, "no store in %s: %s; nothing is kept", dir, err_text(e));
	} else if (why != ERR_OK) {
		log_warning(k->log, "the store in %s was not usable (%s): started empty", dir,
		            err_text(why));
	}
}

int keeper_run(const struct keeper_setup *setup)
{
	struct keeper *k = calloc(1, sizeof(*k));
	if (k == NULL)
		return EXIT_FAILURE;
	k->setup = setup;
	k->log = setup->log;
	if (place_drop_privileges(setup->config, k->log) != ERR_OK)
		return EXIT_FAILURE;
	k->loop = ev_loop_new(EVFLAG_AUTO);
	k->turns = calloc(setup->worker_count, sizeof(*k->turns));
	if (k->loop == NULL || k->turns == NULL)
		return EXIT_FAILURE;
	open_store(k);
	for (unsigned i = 0; i < setup->worker_count; i++) {
		ev_io_init(&k->turns[i], on_turn, setup->workers[i], EV_READ);
		k->turns[i].data = k;
		ev_io_start(k->loop, &k->turns[i]);
	}
	ev_signal_init(&k->terminate, on_terminate, SIGTERM);
	ev_signal_start(k->loop, &k->terminate);
	int64_t offset = 0;
	if (channel_send(setup->supervisor, CHANNEL_READY, &offset, sizeof(offset)) == ERR_OK)
		ev_run(k->loop, 0);
	store_close(k->store);
	return EXIT_SUCCESS;
}
