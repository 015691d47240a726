/*
 * purse.h - the one budget of a client question, held by every task it caused.
 *
 * Freed with its last holder.  Only ever going down: nothing refills a purse.
 */
#ifndef CORE_PURSE_H
#define CORE_PURSE_H

#include "resolver/base/budget.h"
#include "resolver/base/now.h"

struct purse {
	struct budget budget;
	unsigned holders;
};

/* Held once by the caller.  question_ms: until the deadline.  NULL: no memory. */
struct purse *purse_new(struct now now, uint32_t question_ms);
struct purse *purse_hold(struct purse *p);
void purse_drop(struct purse *p); /* takes NULL */

/* Something of it is used up, so whatever failed may have failed for that. */
bool purse_is_out(const struct purse *p, struct now now);

#endif
