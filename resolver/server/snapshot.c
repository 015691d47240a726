#define _GNU_SOURCE /* pthread_tryjoin_np */
#include "resolver/server/snapshot.h"

#include <poll.h>
#include <signal.h>

enum { WAIT_STEP_MS = 5 };

static void *write_it(void *argument)
{
	struct snapshot *s = argument;
	s->result = keep_snapshot_copy(s->keep);
	ev_async_send(s->loop, &s->done);
	return NULL;
}

static void finish(struct snapshot *s)
{
	s->running = false;
	keep_snapshot_end(s->keep);
	s->on_done(s->owner, s->result);
}

static void on_async(struct ev_loop *loop, ev_async *w, int events)
{
	struct snapshot *s = w->data;
	(void)loop;
	(void)events;
	if (s->running && pthread_join(s->thread, NULL) == 0)
		finish(s);
}

void snapshot_init(struct snapshot *s, struct ev_loop *loop, void (*on_done)(void *, enum err), void *owner)
{
	*s = (struct snapshot){ .loop = loop, .on_done = on_done, .owner = owner };
	ev_async_init(&s->done, on_async);
	s->done.data = s;
	ev_async_start(loop, &s->done);
}

enum err snapshot_start(struct snapshot *s, struct keep *keep, struct now now)
{
	sigset_t all, before;
	enum err e = keep_snapshot_begin(keep, now);
	if (e != ERR_OK)
		return e;
	s->keep = keep;
	sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the loop's */
	s->running = pthread_create(&s->thread, NULL, write_it, s) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (s->running)
		return ERR_OK;
	keep_snapshot_end(keep);
	return ERR_NOMEM;
}

bool snapshot_wait(struct snapshot *s, unsigned ms)
{
	/* Not until a time of day: that may be faked, the kernel's is not. */
	for (unsigned waited = 0; s->running && waited <= ms; waited += WAIT_STEP_MS) {
		if (pthread_tryjoin_np(s->thread, NULL) == 0)
			finish(s);
		else
			(void)poll(NULL, 0, WAIT_STEP_MS);
	}
	return !s->running;
}
