#include "resolver/core/alarms.h"

#include <assert.h>
#include <stdlib.h>

enum err alarms_init(struct alarms *as, size_t most)
{
	as->heap = calloc(most + 1, sizeof(struct alarm *));
	if (as->heap == NULL)
		return ERR_NOMEM;
	as->count = 0;
	as->room = most;
	return ERR_OK;
}

void alarms_clear(struct alarms *as)
{
	free(as->heap);
	*as = (struct alarms){ 0 };
}

static void put(struct alarms *as, struct alarm *a, size_t place)
{
	as->heap[place] = a;
	a->place = place;
}

static void rise(struct alarms *as, struct alarm *a)
{
	size_t place = a->place;
	while (place > 1 && as->heap[place / 2]->at_ms > a->at_ms) {
		put(as, as->heap[place / 2], place);
		place /= 2;
	}
	put(as, a, place);
}

static void sink(struct alarms *as, struct alarm *a)
{
	size_t place = a->place;
	for (;;) {
		size_t child = place * 2;
		if (child > as->count)
			break;
		if (child < as->count && as->heap[child + 1]->at_ms < as->heap[child]->at_ms)
			child++;
		if (as->heap[child]->at_ms >= a->at_ms)
			break;
		put(as, as->heap[child], place);
		place = child;
	}
	put(as, a, place);
}

void alarms_set(struct alarms *as, struct alarm *a, int64_t at_ms)
{
	if (a->place == 0) {
		assert(as->count < as->room);
		a->place = ++as->count;
		as->heap[a->place] = a;
	}
	a->at_ms = at_ms;
	rise(as, a);
	sink(as, a);
}

void alarms_unset(struct alarms *as, struct alarm *a)
{
	if (a->place == 0)
		return;
	struct alarm *last = as->heap[as->count--];
	size_t place = a->place;
	a->place = 0;
	if (last == a)
		return;
	put(as, last, place);
	rise(as, last);
	sink(as, last);
}

struct alarm *alarms_first(const struct alarms *as)
{
	return as->count > 0 ? as->heap[1] : NULL;
}
