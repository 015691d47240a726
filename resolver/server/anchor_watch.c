#include "resolver/server/anchor_watch.h"

#include "resolver/server/anchor_seen.h"
#include "validator/anchor_text.h"
#include "validator/key_tags.h"
#include "validator/rfc5011.h"

#include <stdlib.h>
#include <string.h>

enum {
	FIRST_MS = 100,        /* after its start */
	LOOK_MS = 1000,
	PAUSE_MIN_MS = 10000,  /* between two questions for one zone, doubling as long as nothing comes of it */
	PAUSE_MAX_MS = 3600000,
	JUMP_S = 600,          /* the wall clock was set: threats I9 */
};

/* One zone with anchors. */
struct watched {
	struct name zone;
	int64_t next_s;         /* wall clock */
	int64_t not_before_ms;  /* life clock: whatever the wall clock does */
	uint32_t pause_ms;
	bool had;               /* its keys have come since we began */
	uint64_t probe;         /* under way; 0: none */
	bool signals;
	struct question signal;
};

struct anchor_watch {
	struct anchor_watch_setup setup;
	struct log *log;
	bool signals;          /* the zone is told which keys we trust: RFC 8145 section 5 */
	struct watched *zones; /* owned */
	size_t count;
	uint64_t last;         /* number of the last question */
	int64_t shift_s;       /* wall clock minus life clock */
	ev_timer look;
};

/* ---- asking ---- */

/*
 * deviates: RFC 5011 section 2.3 waits an hour after a failure.  Until the keys came once we do not wait
 * that long: a machine that boots has its network a little later, and its health should be known.
 */
static bool is_due(const struct watched *z, struct now now)
{
	if (z->probe != 0 || now.mono_ms < z->not_before_ms)
		return false;
	return !z->had || now.wall_s >= z->next_s || z->next_s - now.wall_s > RFC5011_QUERY_MAX_S;
}

static void ask(struct anchor_watch *w, struct watched *z)
{
	struct now now = *w->setup.now;
	struct question q = { .name = z->zone, .type = TYPE_DNSKEY, .class = CLASS_IN };
	if (!tasks_probe(w->setup.tasks, now, &q, ++w->last))
		return; /* the next look will do */
	z->probe = w->last;
	z->not_before_ms = now.mono_ms + z->pause_ms;
	z->pause_ms = z->pause_ms < PAUSE_MAX_MS / 2 ? 2 * z->pause_ms : PAUSE_MAX_MS;
	if (z->signals) /* nobody waits for what comes of it */
		(void)tasks_probe(w->setup.tasks, now, &z->signal, ++w->last);
}

static void notice_jump(struct anchor_watch *w)
{
	int64_t shift_s = w->setup.now->wall_s - w->setup.now->mono_ms / 1000;
	int64_t by = shift_s - w->shift_s;
	w->shift_s = shift_s;
	if (by > -JUMP_S && by < JUMP_S)
		return;
	for (size_t i = 0; i < w->count; i++) {
		w->zones[i].not_before_ms = 0;
		w->zones[i].pause_ms = PAUSE_MIN_MS;
	}
}

static void on_look(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct anchor_watch *w = timer->data;
	(void)loop;
	(void)events;
	notice_jump(w);
	for (size_t i = 0; i < w->count; i++) {
		if (is_due(&w->zones[i], *w->setup.now))
			ask(w, &w->zones[i]);
	}
}

static const struct rrset *keys_of(const struct watched *z, const struct outcome *o)
{
	bool good = o != NULL && o->kind == OUTCOME_ANSWER && o->set != NULL &&
	            o->set->type == TYPE_DNSKEY && name_equal(&o->set->owner, &z->zone);
	return good ? o->set : NULL;
}

void anchor_watch_probed(struct anchor_watch *w, const struct deed *d)
{
	for (size_t i = 0; i < w->count; i++) {
		struct watched *z = &w->zones[i];
		if (z->probe != d->client)
			continue;
		const struct rrset *keys = keys_of(z, d->outcome);
		z->probe = 0;
		z->had = z->had || keys != NULL;
		enum err e = anchor_seen_send(w->setup.worker->keeper, &z->zone, keys);
		if (e != ERR_OK)
			log_warning(w->log, "the keeper could not be told of keys: %s", err_text(e));
		return;
	}
}

/* ---- what is in force ---- */

static void take_zone(struct anchor_watch *w, const struct anchor_zone *from, struct watched *to)
{
	struct key_tags tags = key_tags_of(w->setup.policy->anchors, &from->name);
	*to = (struct watched){ .zone = from->name, .next_s = from->next_s, .pause_ms = PAUSE_MIN_MS };
	to->signals = w->signals && key_tags_question(&tags, &from->name, &to->signal) == ERR_OK;
	for (size_t i = 0; i < w->count; i++) {
		const struct watched *old = &w->zones[i];
		if (!name_equal(&old->zone, &to->zone))
			continue;
		bool answered = old->had && old->next_s != to->next_s;
		to->had = old->had;
		to->probe = old->probe;
		to->pause_ms = answered ? PAUSE_MIN_MS : old->pause_ms;
		to->not_before_ms = answered ? 0 : old->not_before_ms;
	}
}

static enum err take_zones(struct anchor_watch *w, const struct anchor_state *s)
{
	struct watched *zones = calloc(s->zone_count + 1, sizeof(*zones));
	if (zones == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < s->zone_count; i++)
		take_zone(w, &s->zones[i], &zones[i]);
	free(w->zones);
	w->zones = zones;
	w->count = s->zone_count;
	return ERR_OK;
}

static enum err take_anchors(struct anchor_watch *w, const struct anchor_state *s)
{
	struct anchors *before = w->setup.policy->anchors;
	enum err e = policy_set_anchors(w->setup.policy, s);
	if (e != ERR_OK)
		return e;
	tasks_set_anchors(w->setup.tasks, w->setup.policy->anchors);
	anchors_free(before);
	return ERR_OK;
}

void anchor_watch_take(struct anchor_watch *w, const char *text, size_t len)
{
	struct anchor_state state = { 0 };
	struct anchor_text_error why;
	enum err e = anchor_text_read(text, len, *w->setup.now, &state, &why);
	if (e != ERR_OK) {
		log_error(w->log, "trust anchors: line %u: %s", why.line, why.what);
		return;
	}
	e = take_anchors(w, &state);
	if (e == ERR_OK)
		e = take_zones(w, &state);
	if (e != ERR_OK)
		log_error(w->log, "trust anchors: %s; those before stay", err_text(e));
	anchor_state_clear(&state);
}

/* One worker is enough. */
static bool asks(const struct worker_setup *w)
{
	const struct config *c = w->config;
	return w->index == 0 && c->validation.enabled && c->validation.rfc5011 && c->upstream.ask_unprompted;
}

struct anchor_watch *anchor_watch_new(const struct anchor_watch_setup *setup)
{
	const struct worker_setup *worker = setup->worker;
	struct anchor_watch *w = calloc(1, sizeof(*w));
	if (w == NULL)
		return NULL;
	w->setup = *setup;
	w->log = worker->log;
	w->signals = worker->config->validation.key_tag_signal;
	w->shift_s = setup->now->wall_s - setup->now->mono_ms / 1000;
	ev_timer_init(&w->look, on_look, FIRST_MS / 1000.0, LOOK_MS / 1000.0);
	w->look.data = w;
	if (asks(worker))
		ev_timer_start(setup->loop, &w->look);
	if (worker->anchors != NULL)
		anchor_watch_take(w, worker->anchors, strlen(worker->anchors));
	return w;
}

void anchor_watch_stop(struct anchor_watch *w)
{
	ev_timer_stop(w->setup.loop, &w->look);
}

void anchor_watch_free(struct anchor_watch *w)
{
	if (w == NULL)
		return;
	anchor_watch_stop(w);
	free(w->zones);
	free(w);
}
