#include "resolver/server/keeper.h"

#include "cache/keep.h"
#include "resolver/server/anchor_desk.h"
#include "resolver/server/channel.h"
#include "resolver/server/keeper_desk.h"
#include "resolver/server/memory.h"
#include "resolver/server/place.h"
#include "resolver/server/policy.h"
#include "resolver/server/sandbox.h"
#include "resolver/server/snapshot.h"

#include <ev.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum {
	BATCH_MESSAGES = 32,    /* in one transaction */
	BATCH_MS = 20,          /* gathering them: a page of the store is written once for many */
	GATHERS = 64,           /* batches before an order: more than the channels hold at once */
	SECOND_MS = 1000,
	SET_BACK_S = 2,         /* more than rounding: somebody set the time of day back */
	AGAIN_MS = 10,          /* between steps of work that is not finished */
	STEP_ENTRIES = 2000,    /* looked at in one step of sweeping or flushing: some milliseconds */
	TICK_S = 10,            /* clocks are written */
	ANCHORS_S = 10,         /* the anchor file is looked at */
	READERS_S = 60,         /* dead readers are looked for: threats I3 */
	LAST_SNAPSHOT_MS = 600, /* at the end; then the one before stays */
	RETRY_S = 60,           /* without a store: then another keeper tries */
};

struct keeper {
	const struct keeper_setup *setup;
	struct log *log;
	struct clock clock;
	struct now now;
	struct rng rng;
	struct keep *keep; /* NULL: nothing can be kept */
	bool broken;       /* LMDB found the store to be wrong */
	bool replaced;     /* somebody removed, replaced or cut its file */
	struct snapshot snapshot;
	struct ev_loop *loop;
	ev_io *turns;      /* one a worker slot */
	bool gathering;
	ev_timer gather, second, again;
	ev_io orders;
	ev_signal terminate;
	int64_t ticked_s, readers_s, snapshot_s, anchors_s; /* life clock seconds when last done */
	int64_t shift_s; /* meta_shift_s of the last snapshot */
	struct keeper_ready ready;
	bool told;       /* the supervisor has it */
	struct keeper_desk desk;
	struct anchor_desk *anchors; /* NULL: they stay as configured */
	uint8_t *messages; /* BATCH_MESSAGES of CHANNEL_OCTETS */
	uint8_t order[CHANNEL_OCTETS];
};

static void take_time(struct keeper *k)
{
	k->now = clock_read(&k->clock);
	log_at(k->log, k->now);
}

static void watch_turns(struct keeper *k, bool on)
{
	for (unsigned i = 0; i < k->setup->worker_count; i++) {
		if (on)
			ev_io_start(k->loop, &k->turns[i]);
		else
			ev_io_stop(k->loop, &k->turns[i]);
	}
}

static void apply(struct keeper *k, const struct octets *messages, unsigned count)
{
	if (k->keep == NULL || count == 0)
		return;
	enum err e = keep_apply(k->keep, k->now, messages, count);
	if (e == ERR_CORRUPT) {
		k->broken = true;
		ev_break(k->loop, EVBREAK_ALL);
	}
	if (e == ERR_FULL)
		(void)keep_sweep(k->keep, k->now, STEP_ENTRIES);
	else if (e != ERR_OK)
		log_warning(k->log, "what workers learned was not kept: %s", err_text(e));
}

/* What is not a turn: the times of servers, and the keys of anchored zones. */
static void take_note(struct keeper *k, enum channel_kind kind, const uint8_t *octets, size_t len)
{
	if (kind == CHANNEL_SERVERS && k->keep != NULL &&
	    meta_set_note(keep_store(k->keep), KEEPER_NOTE_SERVERS, octets, len) != ERR_OK)
		log_debug(k->log, "the times of servers were not kept");
	if (kind == CHANNEL_ANCHORS_SEEN && k->anchors != NULL)
		anchor_desk_seen(k->anchors, k->now, octets, len);
}

/* True: there may be more. */
static bool gather_batch(struct keeper *k)
{
	struct octets batch[BATCH_MESSAGES];
	unsigned count = 0;
	for (unsigned i = 0; i < k->setup->worker_count && count < BATCH_MESSAGES; i++) {
		enum channel_kind kind;
		size_t len;
		uint8_t *room = k->messages + (size_t)count * CHANNEL_OCTETS;
		while (count < BATCH_MESSAGES &&
		       channel_receive(k->setup->workers[i], room, &kind, &len) == ERR_OK) {
			if (kind != CHANNEL_TURN) {
				take_note(k, kind, room, len);
				continue;
			}
			batch[count++] = (struct octets){ room, len };
			room += CHANNEL_OCTETS;
		}
	}
	apply(k, batch, count);
	return count == BATCH_MESSAGES;
}

static void on_gathered(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct keeper *k = timer->data;
	(void)events;
	take_time(k);
	if (gather_batch(k)) {
		ev_timer_set(&k->gather, 0, 0);
		ev_timer_start(loop, &k->gather);
		return;
	}
	k->gathering = false;
	watch_turns(k, true);
}

static void on_turn(struct ev_loop *loop, ev_io *io, int events)
{
	struct keeper *k = io->data;
	(void)events;
	if (k->gathering)
		return;
	k->gathering = true;
	watch_turns(k, false);
	ev_timer_set(&k->gather, BATCH_MS / 1000.0, 0);
	ev_timer_start(loop, &k->gather);
}

static void go_on_soon(struct keeper *k)
{
	if (ev_is_active(&k->again))
		return;
	ev_timer_set(&k->again, AGAIN_MS / 1000.0, 0);
	ev_timer_start(k->loop, &k->again);
}

static void work_a_little(struct keeper *k)
{
	if (k->keep == NULL)
		return;
	bool flushing = keeper_desk_work(&k->desk, STEP_ENTRIES);
	bool sweeping = keep_sweep(k->keep, k->now, STEP_ENTRIES);
	if (flushing || sweeping)
		go_on_soon(k);
}

static void on_again(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	take_time(timer->data);
	work_a_little(timer->data);
}

static void say_snapshot(void *owner, enum err e)
{
	struct keeper *k = owner;
	if (e != ERR_OK)
		log_warning(k->log, "no snapshot in %s: %s", k->setup->config->cache.directory,
		            err_text(e));
}

static void snapshot(struct keeper *k)
{
	k->snapshot_s = k->now.mono_ms / 1000;
	if (k->keep == NULL || k->setup->config->cache.directory[0] == '\0')
		return;
	enum err e = snapshot_start(&k->snapshot, k->keep, k->now);
	if (e != ERR_BUSY)
		k->shift_s = meta_shift_s(k->now);
	if (e != ERR_OK && e != ERR_BUSY)
		say_snapshot(k, e);
}

/* True once every `every` seconds. */
static bool is_due(int64_t *last_s, int64_t now_s, int64_t every)
{
	if (now_s - *last_s < every)
		return false;
	*last_s = now_s;
	return true;
}

/* One that was taken while the time of day was ahead would make its entries too young after another boot. */
static bool snapshot_is_due(struct keeper *k)
{
	uint32_t interval = k->setup->config->cache.snapshot_interval_s;
	if (interval == 0)
		return false;
	return is_due(&k->snapshot_s, k->now.mono_ms / 1000, interval) ||
	       meta_shift_s(k->now) + SET_BACK_S < k->shift_s;
}

static void tick(struct keeper *k)
{
	if (keep_tick(k->keep, k->now) != ERR_OK)
		log_warning(k->log, "the clocks were not written to the store");
}

/* Workers that begin anew get the life clock as it is now. */
static void catch_up(struct keeper *k)
{
	int64_t behind_ms = keep_catch_up(k->keep, k->now);
	if (behind_ms == 0)
		return;
	log_notice(k->log, "the clock was behind: what was kept before this boot is %lld s older",
	           (long long)(behind_ms / 1000));
	k->clock.offset_ms += behind_ms;
	k->ready.clock_offset_ms = k->clock.offset_ms;
	k->ready.is_new = true;
	k->told = false;
	take_time(k);
	tick(k);
}

static enum err tell_ready(struct keeper *k)
{
	enum err e = channel_send(k->setup->supervisor, CHANNEL_READY, &k->ready, sizeof(k->ready));
	k->told = e == ERR_OK;
	return e;
}

static void on_second(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct keeper *k = timer->data;
	(void)loop;
	(void)events;
	take_time(k);
	k->setup->witness->turns++;
	int64_t s = k->now.mono_ms / 1000;
	if (k->anchors != NULL && is_due(&k->anchors_s, s, ANCHORS_S))
		anchor_desk_look(k->anchors, k->now);
	if (k->keep == NULL) {
		if (is_due(&k->ticked_s, s, RETRY_S))
			ev_break(k->loop, EVBREAK_ALL);
		return;
	}
	if (!store_is_current(keep_store(k->keep))) {
		log_error(k->log, "somebody removed or changed the store in %s: starting over",
		          place_live_directory(k->setup->config));
		k->replaced = true;
		ev_break(k->loop, EVBREAK_ALL);
		return;
	}
	catch_up(k);
	s = k->now.mono_ms / 1000;
	if (!k->told)
		(void)!tell_ready(k); /* again in a second */
	if (is_due(&k->readers_s, s, READERS_S))
		(void)store_check_readers(keep_store(k->keep));
	if (is_due(&k->ticked_s, s, TICK_S))
		tick(k);
	if (snapshot_is_due(k))
		snapshot(k);
	work_a_little(k);
}

static void on_order(struct ev_loop *loop, ev_io *io, int events)
{
	struct keeper *k = io->data;
	enum channel_kind kind;
	size_t len;
	(void)loop;
	(void)events;
	take_time(k);
	while (channel_receive(io->fd, k->order, &kind, &len) == ERR_OK) {
		if (kind != CHANNEL_ASK)
			continue;
		for (unsigned i = 0; i < GATHERS && gather_batch(k); i++)
			; /* what was learned before counts */
		keeper_desk_ask(&k->desk, k->now, k->order, len);
	}
	work_a_little(k);
}

static void on_terminate(struct ev_loop *loop, ev_signal *signal, int events)
{
	(void)signal;
	(void)events;
	ev_break(loop, EVBREAK_ALL);
}

static void say_report(struct keeper *k, const struct keep_report *r)
{
	if (r->store != ERR_OK && r->store != ERR_NOTFOUND)
		log_warning(k->log, "the store in %s was of no use (%s)",
		            place_live_directory(k->setup->config), err_text(r->store));
	if (r->snapshot != ERR_OK && r->snapshot != ERR_NOTFOUND)
		log_warning(k->log, "the snapshot in %s was of no use (%s)",
		            k->setup->config->cache.directory, err_text(r->snapshot));
	if (r->store != ERR_OK && !r->restored)
		log_notice(k->log, "nothing was kept: starting with an empty store");
	else
		log_notice(k->log, "%zu entries kept%s", r->entries, r->restored ? ", from the snapshot" : "");
}

static void open_keep(struct keeper *k)
{
	const struct config *c = k->setup->config;
	struct keep_report report = { .store = ERR_OK, .snapshot = ERR_OK };
	struct keep_setup setup = {
		.policy = policy_cache(&c->cache),
		.dir = place_live_directory(c),
		.map = c->cache.store_octets,
		.most = memory_holds(place_live_directory(c)) ? memory_share(memory_octets()) : 0,
		.trust = k->setup->trust,
		.snapshot_dir = c->cache.directory[0] != '\0' ? c->cache.directory : NULL,
		.snapshot_name = "snapshot",
		.boot_ms = clock_boot_ms(),
		.wall_s = clock_wall_s(),
	};
	clock_boot_id(setup.boot);
	k->setup->witness->inside = true;
	enum err e = keep_open(&setup, &k->rng, &k->keep, &report);
	k->setup->witness->inside = false;
	if (e != ERR_OK) {
		k->keep = NULL;
		log_error(k->log, "no store in %s: %s; the cache lives in memory only", setup.dir,
		          e == ERR_BUSY ? "another process keeps there" : err_text(e));
		return;
	}
	store_set_witness(keep_store(k->keep), &k->setup->witness->inside);
	say_report(k, &report);
	k->clock.offset_ms = report.offset_ms;
	k->ready = (struct keeper_ready){ .clock_offset_ms = report.offset_ms,
		                          .is_new = report.store != ERR_OK,
		                          .is_kept = true };
	take_time(k);
	catch_up(k);
}

static void watch(struct keeper *k)
{
	for (unsigned i = 0; i < k->setup->worker_count; i++) {
		ev_io_init(&k->turns[i], on_turn, k->setup->workers[i], EV_READ);
		k->turns[i].data = k;
	}
	ev_timer_init(&k->gather, on_gathered, 0, 0);
	ev_timer_init(&k->again, on_again, 0, 0);
	ev_timer_init(&k->second, on_second, SECOND_MS / 1000.0, SECOND_MS / 1000.0);
	ev_io_init(&k->orders, on_order, k->setup->supervisor, EV_READ);
	ev_signal_init(&k->terminate, on_terminate, CHANNEL_END_SIGNAL);
	k->gather.data = k->again.data = k->second.data = k->orders.data = k;
	watch_turns(k, true);
	ev_timer_start(k->loop, &k->second);
	ev_io_start(k->loop, &k->orders);
	ev_signal_start(k->loop, &k->terminate);
}

/* Of a file that was cut nothing is touched any more: that would be the end of us. */
static bool may_finish(struct keeper *k)
{
	if (k->replaced && !store_is_whole(keep_store(k->keep)))
		k->broken = true;
	return k->keep != NULL && !k->broken;
}

/*
 * What still waits is applied.  False: a snapshot takes too long; it is left unfinished beside the last
 * one.
 */
static bool finish(struct keeper *k)
{
	if (!may_finish(k))
		return !k->snapshot.running;
	take_time(k);
	while (gather_batch(k) && !k->broken)
		;
	if (!k->snapshot.running && !k->broken)
		snapshot(k);
	return snapshot_wait(&k->snapshot, LAST_SNAPSHOT_MS);
}

static void open_anchors(struct keeper *k)
{
	const struct config_validation *c = &k->setup->config->validation;
	const struct anchor_desk_setup setup = {
		.config = k->setup->config,
		.log = k->log,
		.rng = &k->rng,
		.supervisor = k->setup->supervisor,
		.before = k->setup->anchors,
	};
	if (!c->enabled)
		return;
	if (!c->rfc5011) {
		log_notice(k->log, "the trust anchors stay as they are: validation.rfc5011 is off");
		return;
	}
	k->anchors = anchor_desk_new(&setup, k->now);
	if (k->anchors == NULL)
		log_error(k->log, "no memory for the state of the trust anchors");
}

static enum err open_keeper(struct keeper *k)
{
	uint8_t octets[RNG_SEED_OCTETS];
	if (getrandom(octets, sizeof(octets), 0) != (ssize_t)sizeof(octets))
		return ERR_IO;
	rng_init(&k->rng, octets);
	enum err e = place_drop_privileges(k->setup->config, k->log);
	if (e != ERR_OK)
		return e;
	k->loop = ev_loop_new(EVFLAG_AUTO);
	k->turns = calloc(k->setup->worker_count, sizeof(*k->turns));
	if (k->loop != NULL)
		snapshot_init(&k->snapshot, k->loop, say_snapshot, k);
	k->messages = malloc((size_t)BATCH_MESSAGES * CHANNEL_OCTETS);
	return k->loop != NULL && k->turns != NULL && k->messages != NULL ? ERR_OK : ERR_NOMEM;
}

int keeper_run(const struct keeper_setup *setup)
{
	struct keeper *k = calloc(1, sizeof(*k));
	if (k == NULL)
		return EXIT_FAILURE;
	k->setup = setup;
	k->log = setup->log;
	enum err e = open_keeper(k);
	if (e == ERR_OK) {
		open_keep(k);
		k->desk = (struct keeper_desk){ .supervisor = setup->supervisor, .keep = k->keep, .log = k->log };
		take_time(k);
		k->ticked_s = k->readers_s = k->snapshot_s = k->anchors_s = k->now.mono_ms / 1000;
		k->shift_s = meta_shift_s(k->now);
		open_anchors(k);
		watch(k);
		sandbox_close(SANDBOX_KEEPER, setup->config, k->log);
		e = tell_ready(k);
	}
	if (e == ERR_OK) {
		ev_run(k->loop, 0);
		bool finished = finish(k);
		if (k->broken) {
			log_error(k->log, "the store is damaged: starting over");
			setup->witness->inside = true; /* as if it had killed us */
			_exit(EXIT_FAILURE);
		}
		if (!finished)
			_exit(EXIT_SUCCESS);
	} else {
		log_error(k->log, "cannot start: %s", err_text(e));
	}
	anchor_desk_free(k->anchors);
	keep_close(k->keep);
	if (k->loop != NULL)
		ev_loop_destroy(k->loop);
	free(k->messages);
	free(k->turns);
	free(k);
	return e == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
