#include "resolver/core/undated.h"

enum { CLOCK_FAILURE_S = 2 };

static bool is_behind(const struct tasks *ts, struct now now)
{
	return now.wall_s < ts->setup.policy->time_floor_s;
}

bool undated_name(const struct tasks *ts, struct now now, const struct name *name)
{
	const struct tasks_policy *p = ts->setup.policy;
	for (unsigned i = 0; is_behind(ts, now) && i < p->time_server_count; i++) {
		if (name_is_within(name, &p->time_servers[i]))
			return true;
	}
	return false;
}

static bool is_of_dates(uint16_t ede)
{
	return ede == EDE_SIGNATURE_EXPIRED || ede == EDE_SIGNATURE_NOT_YET_VALID;
}

uint32_t undated_failure_s(const struct tasks *ts, struct now now, uint16_t ede, uint32_t seconds)
{
	bool blame = is_behind(ts, now) && is_of_dates(ede) && seconds > CLOCK_FAILURE_S;
	return blame ? CLOCK_FAILURE_S : seconds;
}

static void mark(struct rrset *s)
{
	if (s != NULL)
		s->security = SECURITY_INSECURE;
}

void undated_mark(struct outcome *o)
{
	o->security = SECURITY_INSECURE;
	mark(o->set);
	mark(o->soa);
	for (unsigned i = 0; i < o->proof_count; i++)
		mark(o->proofs[i]);
}
