#include "resolver/base/budget.h"

void budget_init(struct budget *b, int64_t now_mono_ms)
{
	*b = (struct budget){
		.sends = LIMIT_SENDS,
		.octets = LIMIT_RECEIVED,
		.timeouts = LIMIT_TIMEOUTS,
		.referrals = LIMIT_REFERRALS,
		.aliases = LIMIT_ALIASES,
		.address_fetches = LIMIT_ADDRESS_FETCHES,
		.dead_fetches = LIMIT_DEAD_FETCHES,
		.verifies = LIMIT_VERIFIES,
		.verify_failures = LIMIT_VERIFY_FAILURES,
		.hashes = LIMIT_NSEC3_HASHES,
		.iterations = LIMIT_NSEC3_ITERATIONS,
		.deadline_ms = now_mono_ms + LIMIT_QUESTION_MS,
	};
}
