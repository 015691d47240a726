/*
 * now.h - time as an argument.
 *
 * Read from the system once per loop turn by server/ (or made up by a test) and passed by
 * value.  mono_ms is the life clock: it never goes back, counts suspended time, and goes on
 * across restarts of the daemon (server/ adds the kept offset), so it measures TTLs.
 * wall_s is the time of day, for signatures and RFC 5011; it may jump.
 */
#ifndef BASE_NOW_H
#define BASE_NOW_H

#include <stdint.h>

struct now {
	int64_t mono_ms;
	int64_t wall_s;
};

#endif
