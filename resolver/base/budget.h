/*
 * budget.h - what one client question may cost, everything it causes included.
 *
 * One object per client question, shared by its task and all child tasks (addresses, DS,
 * DNSKEY), and only ever going down (threats C7): a budget that one code path forgets or
 * resets is none.  Every charge is one call of spend().
 */
#ifndef BASE_BUDGET_H
#define BASE_BUDGET_H

#include "resolver/base/limits.h"
#include <stdbool.h>
#include <stdint.h>

struct budget {
	uint32_t sends;           /* packets and TCP connects upstream */
	uint32_t octets;          /* received from upstream */
	uint32_t timeouts;        /* exchanges nobody answered */
	uint32_t referrals;
	uint32_t aliases;         /* CNAME and DNAME steps */
	uint32_t address_fetches; /* names of servers looked up */
	uint32_t dead_fetches;    /* of them, those that gave no address */
	uint32_t verifies;        /* signatures tried */
	uint32_t verify_failures; /* of them, those that did not verify */
	uint32_t hashes;          /* names hashed for NSEC3 */
	uint32_t iterations;      /* of each of them at most, salt counted; never goes down */
	int64_t deadline_ms;      /* life clock; after it the question has failed */
};

void budget_init(struct budget *b, int64_t now_mono_ms);

/* Takes n or, when less is left, everything and returns false. */
static inline bool spend_many(uint32_t *left, uint32_t n)
{
	if (*left < n) {
		*left = 0;
		return false;
	}
	*left -= n;
	return true;
}

static inline bool spend(uint32_t *left)
{
	return spend_many(left, 1);
}

#endif
