/*
 * purse.h - the one budget of a client question, held by every task it caused.
 *
 * Freed with its last holder.  Only ever going down: nothing refills a purse.
 */
#ifndef CORE_PURSE_H
#define CORE_PURSE_H

#include "resolver/core/tasks.h"
#include "resolver/wire/trace.h"

struct purse {
	struct budget budget;
	bool prefetch;    /* nobody asked: its packets are counted apart */
	struct trace *trace; /* held; NULL: none */
	unsigned holders;
};

/* Filled as policy says and held once by the caller.  NULL: no memory. */
struct purse *purse_new(struct now now, const struct tasks_policy *policy);
struct purse *purse_hold(struct purse *p);
void purse_drop(struct purse *p); /* takes NULL */

/* Something of it is used up, so whatever failed may have failed for that. */
bool purse_is_out(const struct purse *p, struct now now);

#endif
