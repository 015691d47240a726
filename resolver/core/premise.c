#include "resolver/core/premise.h"

#include "resolver/core/child.h"
#include "validator/anchors.h"

/* A cut that the parent's servers told of, below the anchor in force; island anchors begin anew. */
static bool is_worth_judging(const struct tasks *ts, const struct task *t)
{
	if (!child_asks_for_keys(&t->question) || t->cd || t->premised || t->alone ||
	    t->apart != NULL || t->waiter_count > 0 || t->cut->kind != CUT_DELEGATION)
		return false;
	if (ts->setup.anchors == NULL)
		return false;
	const struct rrset *anchor = anchors_closest(ts->setup.anchors, &t->asking.name);
	return anchor != NULL && name_is_below(&t->cut->zone, &anchor->owner);
}

bool premise_begin(struct tasks *ts, struct task *t)
{
	t->premise = NULL;
	if (!is_worth_judging(ts, t))
		return false;
	struct question place = { t->cut->zone, TYPE_SOA, CLASS_IN };
	struct outcome *o = arena_alloc(t->arena, sizeof(*o));
	if (o == NULL)
		return false;
	*o = (struct outcome){ .kind = OUTCOME_NODATA, .zone = t->cut->zone,
		               .target = name_root() };
	t->validate = validate_new(t->arena, &ts->validate_env, &place, o, &t->purse->budget);
	if (t->validate == NULL)
		return false;
	t->premised = true;
	t->premise = o;
	t->phase = TASK_VALIDATING;
	return true;
}

/* A client that has joined meanwhile wants to hear it from the zone. */
struct outcome *premise_result(const struct task *t, const struct verdict *verdict)
{
	if (verdict->security != SECURITY_INSECURE || t->waiter_count > 0)
		return NULL;
	t->premise->reason = verdict->reason;
	return t->premise;
}
