#include "resolver/core/purse.h"

#include <stdlib.h>

struct purse *purse_new(struct now now, const struct tasks_policy *policy)
{
	struct purse *p = malloc(sizeof(*p));
	if (p == NULL)
		return NULL;
	*p = (struct purse){ .budget = policy->budget, .holders = 1 };
	p->budget.deadline_ms = now.mono_ms + policy->question_ms;
	return p;
}

struct purse *purse_hold(struct purse *p)
{
	p->holders++;
	return p;
}

void purse_drop(struct purse *p)
{
	if (p == NULL || --p->holders > 0)
		return;
	trace_drop(p->trace);
	free(p);
}

bool purse_is_out(const struct purse *p, struct now now)
{
	const struct budget *b = &p->budget;
	return b->sends == 0 || b->octets == 0 || b->timeouts == 0 || b->referrals == 0 ||
	       b->aliases == 0 || b->address_fetches == 0 || b->dead_fetches == 0 ||
	       b->verifies == 0 || b->verify_failures == 0 || b->hashes == 0 ||
	       now.mono_ms >= b->deadline_ms;
}
