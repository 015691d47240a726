#include "resolver/core/waiter.h"

#include <stdlib.h>

bool waiter_add(struct tasks *ts, struct task *t, uint64_t client)
{
	struct waiter *w = calloc(1, sizeof(*w));
	if (w == NULL)
		return false;
	w->task = t->number;
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

void waiter_tell_all(struct tasks *ts, struct task *t, const struct chain *c)
{
	while (!list_empty(&t->waiting)) {
		struct waiter *w = LIST_ITEM(t->waiting.next, struct waiter, link);
		list_remove(&w->link);
		w->chain = c;
		list_append(&t->telling, &w->link);
	}
	t->waiter_count = 0;
	flight_busy(ts, t);
}
