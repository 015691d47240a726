#include "tests/sim/sim.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
	SCRATCH_BYTES = 64 << 20,
	MOMENT_EVENTS = 1000000, /* at one moment: then somebody goes in circles */
};

void sim_init(struct sim *s, const char *file, uint64_t seed)
{
	*s = (struct sim){ .file = file, .seed = seed };
	clock_init(&s->clock);
	rng_init_number(&s->rng, seed);
	world_init(&s->world);
	resolver_init(&s->resolver);
	s->scratch = arena_new(SCRATCH_BYTES);
	s->buffer = malloc(SIM_MESSAGE);
	assert(s->scratch != NULL && s->buffer != NULL);
}

void sim_clear(struct sim *s)
{
	struct event e;
	while (clock_take(&s->clock, &e))
		net_drop_event(&e);
	clock_clear(&s->clock);
	resolver_clear(&s->resolver);
	world_clear(&s->world);
	for (size_t i = 0; i < s->client_count; i++) {
		free(s->clients[i].query);
		free(s->clients[i].reply);
	}
	free(s->clients);
	free(s->log);
	free(s->buffer);
	arena_free(s->scratch);
}

void sim_wrong(struct sim *s, const char *format, ...)
{
	va_list args;
	if (s->wrong[0] != '\0')
		return;
	va_start(args, format);
	vsnprintf(s->wrong, sizeof(s->wrong), format, args);
	va_end(args);
}

void sim_drain(struct sim *s)
{
	struct deed d;
	struct tasks *ts = s->resolver.tasks;
	while (tasks_next(ts, clock_now(&s->clock), &d)) {
		switch (d.kind) {
		case DEED_SEND:
			s->sends++;
			net_send(s, &d);
			break;
		case DEED_CLOSE:
			s->closes++;
			break;
		case DEED_ANSWER:
			client_answer(s, d.client);
			break;
		case DEED_PROBED:
			break; /* scripts start none */
		}
	}
}

/* The next thing to happen, not after until_ms.  False: nothing. */
static bool step(struct sim *s, int64_t until_ms)
{
	struct event e;
	int64_t event_ms = clock_next_ms(&s->clock);
	int64_t alarm_ms = tasks_alarm(s->resolver.tasks);
	if (event_ms > until_ms && alarm_ms > until_ms)
		return false;
	if (alarm_ms <= event_ms) {
		clock_move(&s->clock, alarm_ms);
		tasks_on_alarm(s->resolver.tasks, clock_now(&s->clock));
	} else if (clock_take(&s->clock, &e)) {
		net_event(s, &e);
	}
	sim_drain(s);
	return true;
}

void sim_run(struct sim *s, int64_t until_ms, bool while_pending)
{
	int64_t moment = s->clock.ms;
	unsigned events = 0;
	while (!(while_pending && s->pending == 0) && step(s, until_ms)) {
		if (s->clock.ms > moment) {
			moment = s->clock.ms;
			events = 0;
		}
		if (++events > MOMENT_EVENTS) {
			sim_wrong(s, "time stands still");
			return;
		}
	}
	if (!while_pending)
		clock_move(&s->clock, until_ms);
}
