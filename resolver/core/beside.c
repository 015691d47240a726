#include "resolver/core/beside.h"

#include "resolver/core/flight.h"

#include <stdlib.h>

void beside_clear(struct beside *b)
{
	for (unsigned i = 0; b->slots != NULL && i < BESIDE_SLOTS; i++)
		arena_free(b->slots[i].arena);
	free(b->slots);
	b->slots = NULL;
}

static struct beside_slot *slot_of(struct tasks *ts, const struct question *q)
{
	return &ts->beside.slots[question_hash(&ts->key, q) % BESIDE_SLOTS];
}

static bool fill(struct beside_slot *s, const struct outcome *o)
{
	s->sets = arena_array(s->arena, o->beside_count, sizeof(*s->sets));
	for (s->count = 0; s->sets != NULL && s->count < o->beside_count; s->count++) {
		s->sets[s->count] = rrset_copy(s->arena, o->beside[s->count]);
		if (s->sets[s->count] == NULL)
			return false;
	}
	return s->sets != NULL;
}

void beside_put(struct tasks *ts, struct now now, const struct question *q,
                const struct outcome *o)
{
	if (ts->beside.slots == NULL)
		ts->beside.slots = calloc(BESIDE_SLOTS, sizeof(struct beside_slot));
	if (ts->beside.slots == NULL)
		return;
	struct beside_slot *s = slot_of(ts, q);
	arena_free(s->arena);
	*s = (struct beside_slot){ .arena = arena_new(BESIDE_OCTETS), .question = *q,
		                   .stored_ms = now.mono_ms };
	if (s->arena != NULL && fill(s, o))
		return;
	arena_free(s->arena);
	*s = (struct beside_slot){ 0 };
}

const struct beside_slot *beside_find(struct tasks *ts, struct now now, const struct question *q,
                                      uint32_t *age_s)
{
	if (ts->beside.slots == NULL)
		return NULL;
	const struct beside_slot *s = slot_of(ts, q);
	if (s->arena == NULL || !question_equal(&s->question, q))
		return NULL;
	*age_s = (uint32_t)((now.mono_ms - s->stored_ms) / 1000);
	return s;
}
