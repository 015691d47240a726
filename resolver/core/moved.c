#include "resolver/core/moved.h"

#include "resolver/core/lookup.h"
#include "resolver/core/outage.h"
#include "resolver/core/refresh.h"

/* Others are configured, and nobody is above the root. */
static bool has_parent(const struct cut *c)
{
	return c != NULL && c->kind == CUT_DELEGATION && !name_is_root(&c->zone);
}

const struct cut *moved_start(struct tasks *ts, struct now now, struct task *t)
{
	if (t->left == NULL) {
		const struct cut *c = lookup_start(ts, now, &t->asking, t->no_route, t->arena);
		if (!t->above || !has_parent(c))
			return c;
		t->left = c;
	}
	/* DS is asked above its name. */
	struct question above = { .name = t->left->zone, .type = TYPE_DS, .class = CLASS_IN };
	return lookup_start(ts, now, &above, t->no_route, t->arena);
}

/* Another question has found out meanwhile. */
static bool is_known(struct tasks *ts, struct now now, const struct task *t)
{
	if (t->left != NULL || purse_is_out(t->purse, now))
		return false;
	const struct cut *c = lookup_start(ts, now, &t->asking, t->no_route, t->arena);
	return c != NULL && cut_adds(c, t->cut);
}

bool moved_again(struct tasks *ts, struct now now, struct task *t, const struct name *zone,
                 struct reason reason)
{
	bool began_here = name_equal(zone, &t->cut->zone);
	if (!outage_explains(reason) || (began_here && !has_parent(t->cut)))
		return false;
	if (began_here && is_known(ts, now, t))
		return true;
	/* Also when it has just spoken: it need not be asked for a while. */
	if (!outage_parent_is_due(ts, now, zone) || !began_here)
		return false;
	if (purse_is_out(t->purse, now)) {
		refresh_cut(ts, now, zone);
		return false;
	}
	t->left = t->cut;
	t->left_reason = reason;
	return true;
}

static bool is_about_left(const struct task *t, const struct name *zone)
{
	return t->left != NULL && name_is_within(&t->left->zone, zone);
}

const struct name *moved_zone(const struct task *t, const struct name *zone)
{
	return is_about_left(t, zone) ? &t->left->zone : zone;
}

struct reason moved_reason(const struct task *t, const struct name *zone, struct reason reason)
{
	return is_about_left(t, zone) && t->left_reason.text != NULL ? t->left_reason : reason;
}
