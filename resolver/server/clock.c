#include "resolver/server/clock.h"

#include <time.h>

static int64_t milliseconds(clockid_t id)
{
	struct timespec t = { 0 };
	if (clock_gettime(id, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_boot_ms(void)
{
	return milliseconds(CLOCK_BOOTTIME);
}

int64_t clock_wall_s(void)
{
	return milliseconds(CLOCK_REALTIME) / 1000;
}

struct now clock_read(struct clock *c)
{
	int64_t life = clock_boot_ms() + c->offset_ms;
	if (life > c->last_ms)
		c->last_ms = life;
	return (struct now){ .mono_ms = c->last_ms, .wall_s = clock_wall_s() };
}
