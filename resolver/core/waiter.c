#include "resolver/core/waiter.h"

#include "resolver/core/hold.h"

#include <stdlib.h>

bool waiter_add(struct tasks *ts, struct now now, struct task *t, uint64_t client,
                const struct address *address)
{
	struct waiter *w = calloc(1, sizeof(*w));
	if (w == NULL)
		return false;
	w->task = t->number;
	w->asked_ms = now.mono_ms;
	w->address = *address;
	w->held_ms = -1;
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

/* Judged once: what its network learns meanwhile from another question changes nothing. */
static int64_t held_ms(struct tasks *ts, struct waiter *w, const struct chain *c)
{
	if (w->held_ms < 0)
		w->held_ms = hold_chain_ms(ts, &w->address, c);
	return w->held_ms;
}

int64_t waiter_tell(struct tasks *ts, struct now now, struct task *t, const struct chain *c,
                    uint32_t waited_ms)
{
	int64_t first = INT64_MAX;
	for (struct list *at = t->waiting.next, *next; at != &t->waiting; at = next) {
		struct waiter *w = LIST_ITEM(at, struct waiter, link);
		int64_t due = w->asked_ms +
		              (waited_ms == WAITER_AS_HELD ? held_ms(ts, w, c) : waited_ms);
		next = at->next;
		if (due > now.mono_ms) {
			first = due < first ? due : first;
			continue;
		}
		list_remove(&w->link);
		w->chain = c;
		list_append(&t->telling, &w->link);
		t->waiter_count--;
		flight_busy(ts, t);
	}
	return first;
}
