#include "resolver/server/slot.h"

#include <unistd.h>

enum { BACK_OFF_MIN_MS = 10, BACK_OFF_MAX_MS = 5000, LONG_LIFE_MS = 1000 };

static void close_pair(int ends[2])
{
	for (int i = 0; i < 2; i++) {
		if (ends[i] >= 0)
			(void)close(ends[i]);
		ends[i] = -1;
	}
}

enum err slot_init(struct slot *s)
{
	*s = (struct slot){ .supervisor = { -1, -1 }, .keeper = { -1, -1 } };
	enum err e = channel_pair(s->supervisor);
	if (e == ERR_OK)
		e = channel_pair(s->keeper);
	if (e != ERR_OK)
		slot_clear(s);
	return e;
}

void slot_clear(struct slot *s)
{
	close_pair(s->supervisor);
	close_pair(s->keeper);
	s->state = SLOT_EMPTY;
}

void slot_died(struct slot *s, int64_t now_ms)
{
	bool young = now_ms - s->started_ms < LONG_LIFE_MS;
	if (!young || s->back_off_ms == 0)
		s->back_off_ms = BACK_OFF_MIN_MS;
	else if (s->back_off_ms < BACK_OFF_MAX_MS / 2)
		s->back_off_ms *= 2;
	else
		s->back_off_ms = BACK_OFF_MAX_MS;
	s->pid = 0;
	s->state = SLOT_RESTING;
}

const char *slot_state_text(enum slot_state s)
{
	switch (s) {
	case SLOT_EMPTY:
		return "empty";
	case SLOT_RESTING:
		return "resting";
	case SLOT_STARTING:
		return "starting";
	case SLOT_SERVING:
		return "serving";
	case SLOT_LEAVING:
		return "leaving";
	}
	return "?";
}
