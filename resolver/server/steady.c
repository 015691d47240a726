/*
 * steady.c - the clock that libev's timers wait by.
 *
 * A preloaded library may fake the time of day and with it every other clock, or stop them.  Answers are to
 * follow it (clock.h), waiting is not: a timer set by a clock that stands still or goes back would never
 * ring.  So the program has its own clock_gettime(2), which libev finds first: with a library preloaded the
 * monotonic clock comes from the kernel itself, everything else from whoever would have been asked.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef int reader(clockid_t id, struct timespec *t);

static int read_from_kernel(clockid_t id, struct timespec *t)
{
	return (int)syscall(SYS_clock_gettime, id, t);
}

static reader *find_next(void)
{
	union {
		void *object;
		reader *function;
	} found = { .object = dlsym(RTLD_NEXT, "clock_gettime") };
	return found.object != NULL ? found.function : read_from_kernel;
}

int clock_gettime(clockid_t id, struct timespec *t)
{
	/* The same for the life of the process, and asked for too often to be found anew. */
	static reader *next, *monotonic;
	if (next == NULL) {
		reader *found = find_next();
		monotonic = getenv("LD_PRELOAD") != NULL ? read_from_kernel : found;
		next = found;
	}
	return id == CLOCK_MONOTONIC ? monotonic(id, t) : next(id, t);
}
