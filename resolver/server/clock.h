/*
 * clock.h - the one place where the system's time is read, through libc, once per loop turn.
 *
 * The life clock is the boot clock (it counts suspended time) plus an offset that the keeper keeps
 * beside the store, so that it goes on across restarts and reboots.  It never goes back.
 */
#ifndef SERVER_CLOCK_H
#define SERVER_CLOCK_H

#include "resolver/base/now.h"

struct clock {
	int64_t offset_ms; /* life clock minus boot clock */
	int64_t last_ms;   /* highest life clock seen */
};

/* Boot clock, ms. */
int64_t clock_boot_ms(void);
int64_t clock_wall_s(void);

/* 16 octets that are different after each boot; zeros when the system does not tell. */
void clock_boot_id(uint8_t out[16]);

struct now clock_read(struct clock *c);

#endif
