#include "resolver/core/waiter.h"

#include <stdlib.h>

bool waiter_add(struct tasks *ts, struct now now, struct task *t, uint64_t client)
{
	struct waiter *w = calloc(1, sizeof(*w));
	if (w == NULL)
		return false;
	w->task = t->number;
	w->asked_ms = now.mono_ms;
	list_append(&t->waiting, &w->link);
	t->waiter_count++;
	table_add(&ts->by_client, &w->by_client, client);
	return true;
}

void waiter_drop(struct tasks *ts, struct waiter *w)
{
	struct task *t = flight_find(ts, w->task);
	table_remove(&ts->by_client, &w->by_client);
	list_remove(&w->link);
	if (w->chain == NULL) {
		t->waiter_count--;
		flight_busy(ts, t); /* perhaps nobody wants it any more */
	}
	free(w);
}

struct waiter *waiter_find(const struct tasks *ts, uint64_t client)
{
	struct table_link *l = table_find(&ts->by_client, client);
	return l != NULL ? LIST_ITEM(l, struct waiter, by_client) : NULL;
}

int64_t waiter_tell(struct tasks *ts, struct now now, struct task *t, const struct chain *c,
                    uint32_t waited_ms)
{
	while (!list_empty(&t->waiting)) {
		struct waiter *w = LIST_ITEM(t->waiting.next, struct waiter, link);
		if (now.mono_ms - w->asked_ms < (int64_t)waited_ms)
			return w->asked_ms + waited_ms;
		list_remove(&w->link);
		w->chain = c;
		list_append(&t->telling, &w->link);
		t->waiter_count--;
		flight_busy(ts, t);
	}
	return INT64_MAX;
}
