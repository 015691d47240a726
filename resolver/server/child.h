/*
 * child.h - the supervisor's children: a slot with its watchers, and what may be done to it.
 *
 * Of the supervisor process only.
 */
#ifndef SERVER_CHILD_H
#define SERVER_CHILD_H

#include "resolver/base/limits.h"
#include "resolver/server/counters.h"
#include "resolver/server/keeper.h"
#include "resolver/server/log.h"
#include "resolver/server/slot.h"
#include "resolver/server/sockets.h"
#include "resolver/server/witness.h"

#include <ev.h>

enum {
	SUPERVISOR_SIGNALS = 4,
	SUPERVISOR_COUNTERS = 2 * LIMIT_WORKERS,
	CHILD_KEEPER = 0xffff,
	CHILDREN = 2 * LIMIT_WORKERS + 1,
};

struct control;  /* control.h */
struct nta_book; /* nta_book.h */

struct child {
	struct slot slot;
	ev_io from;      /* its messages */
	ev_timer rest;   /* until it is started again */
	uint32_t turns;  /* of its witness, when last looked at */
	unsigned still;  /* looks since it last turned */
};

struct supervisor {
	struct ev_loop *loop;
	struct config *config, *old_config; /* old: only while a reload is under way */
	const char *path;
	struct log log;
	struct sockets sockets, old_sockets;
	struct counters *counters;          /* SUPERVISOR_COUNTERS slots: two a worker number */
	int stage;                          /* enum stage of supervisor.c */
	unsigned generation;
	int64_t clock_offset_ms;
	bool is_kept;                       /* the keeper has a store and is content with it */
	bool store_wanted;                  /* workers lack the one the keeper has now */
	unsigned store;                     /* number of the store in force: one more when it is doubted */
	enum keep_trust trust;              /* of the next keeper */
	int64_t doubted_ms;                 /* boot clock: the last death in the store */
	struct witness *witnesses;          /* by child_witness() */
	uint8_t cookie_secret[CONFIG_SECRET_OCTETS]; /* of every worker there will be, where config has none */
	char *anchors;                      /* owned: the anchor state in force as text, or NULL */
	struct control *control;            /* owned */
	struct nta_book *ntas;              /* owned */
	uint64_t last_errand;               /* number of the last one sent to a child */
	int64_t started_ms;                 /* boot clock */
	ev_signal signals[SUPERVISOR_SIGNALS];
	ev_timer patience;
	ev_timer watch;                     /* is everybody alive? */
	uint8_t buffer[CHANNEL_OCTETS];
	struct child keeper;
	struct child workers[SUPERVISOR_COUNTERS]; /* two generations */
};

/* NULL: no memory; config is taken either way but not freed then. */
struct supervisor *supervisor_new(struct config *config, const char *path);

/* ERR_OK: begun, control_on_reloaded() says how it went.  Else why says what is wrong, as the log does. */
enum err supervisor_reload(struct supervisor *s, char *why, size_t size);
void supervisor_stop(struct supervisor *s);
const char *supervisor_stage_text(const struct supervisor *s);
/* keeper: what it said of its store; of no meaning for a worker. */
void supervisor_on_ready(struct supervisor *s, struct child *c, const struct keeper_ready *keeper);
void supervisor_start_again(struct supervisor *s, struct child *c);

MUST_CHECK enum err child_init(struct supervisor *s, struct child *c, unsigned index);
void child_clear(struct supervisor *s, struct child *c);

/*
 * fork(2).  In the parent the slot is STARTING.  In the child (0 is returned) the loop and its
 * watchers are gone and it ends with its parent.
 */
pid_t child_fork(struct supervisor *s, struct child *c);
struct child *child_of_pid(struct supervisor *s, pid_t pid);
/* Of a worker's place: events go on with the next process, gauges begin anew. */
struct counters *child_counters(struct supervisor *s, const struct child *c);
const char *child_name(const struct child *c);

void child_rest(struct supervisor *s, struct child *c);   /* start it again after its back-off */
void child_forget(struct supervisor *s, struct child *c); /* it rests: do not start it again */
void child_drain(struct supervisor *s, struct child *c);
void child_end(struct supervisor *s, struct child *c, int signal);
struct witness *child_witness(const struct supervisor *s, const struct child *c);
/*
 * Called once a second for each child: one whose loop has not turned for so many seconds is killed.  Seconds
 * of our own loop: a machine that slept suspects nobody.
 */
void child_watch(struct supervisor *s, struct child *c, unsigned patience_s);
void child_gone(struct supervisor *s, struct child *c);   /* its process was reaped: slot EMPTY */

/* To every worker that serves. */
void child_tell_workers(struct supervisor *s, enum channel_kind kind, const void *octets, size_t len);
/* To any one that serves; to nobody when there is none. */
void child_tell_one_worker(struct supervisor *s, enum channel_kind kind, const void *octets, size_t len);

#endif
