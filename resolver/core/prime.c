#include "resolver/core/prime.h"

#include "resolver/core/refresh.h"

enum { PRIME_AGAIN_MS = 60000 }; /* when it brought nothing: the hints serve meanwhile */

void prime_start(struct tasks *ts, struct now now, const struct task *why)
{
	struct question q = { .name = name_root(), .type = TYPE_NS, .class = CLASS_IN };
	if (!ts->setup.policy->prime || now.mono_ms < ts->prime_after_ms)
		return;
	if (question_equal(&why->question, &q))
		return; /* this is it */
	if (refresh_start(ts, now, &q))
		ts->prime_after_ms = now.mono_ms + PRIME_AGAIN_MS;
}
