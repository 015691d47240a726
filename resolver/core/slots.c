#include "resolver/core/slots.h"

#include <assert.h>

uint64_t slots_open(struct task *t, unsigned slot)
{
	if (t->sent == UINT16_MAX)
		return 0;
	slots_close(t, slot);
	t->out[slot] = t->number << TASK_EXCHANGE_BITS | ++t->sent;
	return t->out[slot];
}

void slots_close(struct task *t, unsigned slot)
{
	if (t->out[slot] == 0)
		return;
	assert(t->close_count < TASK_CLOSES);
	t->close[t->close_count++] = t->out[slot];
	t->out[slot] = 0;
}

void slots_close_all(struct task *t)
{
	for (unsigned i = 0; i < LIMIT_EXCHANGES_OUT; i++)
		slots_close(t, i);
}

unsigned slots_find(const struct task *t, uint64_t exchange)
{
	unsigned slot = 0;
	while (slot < LIMIT_EXCHANGES_OUT && t->out[slot] != exchange)
		slot++;
	return slot;
}
