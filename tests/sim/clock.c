#include "tests/sim/clock.h"

#include <assert.h>
#include <stdlib.h>

void clock_init(struct clock *c)
{
	*c = (struct clock){ .ms = CLOCK_START_MS };
}

void clock_clear(struct clock *c)
{
	free(c->heap);
	*c = (struct clock){ 0 };
}

struct now clock_now(const struct clock *c)
{
	return (struct now){ .mono_ms = c->ms,
			     .wall_s = CLOCK_START_S + c->wall_off_s + (c->ms - CLOCK_START_MS) / 1000 };
}

static bool is_before(const struct event *a, const struct event *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

void clock_add(struct clock *c, int64_t at_ms, int kind, uint64_t about, void *what)
{
	if (c->count == c->room) {
		c->room = c->room == 0 ? 256 : 2 * c->room;
		c->heap = realloc(c->heap, c->room * sizeof(*c->heap));
		assert(c->heap != NULL);
	}
	struct event e = { at_ms < c->ms ? c->ms : at_ms, ++c->added, kind, about, what };
	size_t i = c->count++;
	while (i > 0 && is_before(&e, &c->heap[(i - 1) / 2])) {
		c->heap[i] = c->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	c->heap[i] = e;
}

int64_t clock_next_ms(const struct clock *c)
{
	return c->count == 0 ? INT64_MAX : c->heap[0].at_ms;
}

/* Lets e sink from the top to its place. */
static void sink(struct clock *c, struct event e)
{
	size_t i = 0;
	for (;;) {
		size_t child = 2 * i + 1;
		if (child + 1 < c->count && is_before(&c->heap[child + 1], &c->heap[child]))
			child++;
		if (child >= c->count || !is_before(&c->heap[child], &e))
			break;
		c->heap[i] = c->heap[child];
		i = child;
	}
	c->heap[i] = e;
}

bool clock_take(struct clock *c, struct event *out)
{
	if (c->count == 0)
		return false;
	*out = c->heap[0];
	struct event last = c->heap[--c->count];
	if (c->count > 0)
		sink(c, last);
	c->ms = out->at_ms;
	return true;
}

void clock_move(struct clock *c, int64_t at_ms)
{
	if (at_ms > c->ms)
		c->ms = at_ms;
}
