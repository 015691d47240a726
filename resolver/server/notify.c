#include "warren_build.h"
#include "resolver/server/notify.h"

#ifdef HAVE_SYSTEMD
#include <inttypes.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#endif

static void tell(struct log *l, const char *state)
{
#ifdef HAVE_SYSTEMD
	if (sd_notify(0, state) < 0)
		log_debug(l, "the service manager did not hear: %s", state);
#else
	(void)l;
	(void)state;
#endif
}

void notify_ready(struct log *l)
{
	tell(l, "READY=1");
}

void notify_reloading(struct log *l)
{
	char text[64] = "RELOADING=1";
#ifdef HAVE_SYSTEMD
	struct timespec t = { 0 };
	if (clock_gettime(CLOCK_MONOTONIC, &t) == 0) /* sd_notify(3) wants this clock */
		snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRIdMAX,
		         (intmax_t)t.tv_sec * 1000000 + t.tv_nsec / 1000);
#endif
	tell(l, text);
}

void notify_stopping(struct log *l)
{
	tell(l, "STOPPING=1");
}
