#include "resolver/server/clock.h"

#include <stdio.h>
#include <string.h>
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

void clock_boot_id(uint8_t out[16])
{
	memset(out, 0, 16);
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (f == NULL)
		return;
	for (unsigned digit = 0; digit < 32;) {
		int c = fgetc(f);
		if (c == EOF)
			break;
		if (c == '-')
			continue;
		uint8_t value = (uint8_t)(c >= 'a' ? c - 'a' + 10 : c - '0');
		out[digit / 2] = (uint8_t)(out[digit / 2] << 4 | (value & 0xf));
		digit++;
	}
	(void)fclose(f);
}

struct now clock_read(struct clock *c)
{
	int64_t life = clock_boot_ms() + c->offset_ms;
	/* Only a faked clock goes back; time then goes on from where it was. */
	if (life < c->last_ms)
		c->offset_ms += c->last_ms - life;
	else
		c->last_ms = life;
	return (struct now){ .mono_ms = c->last_ms, .wall_s = clock_wall_s() };
}
