#include "resolver/iterate/targets.h"

#include "resolver/iterate/referral.h"

enum { FIRST_NAMES = 1, MORE_NAMES = 2 }; /* looked up at the same time */

static bool is_forbidden(const struct iterate_policy *p, const struct address *a)
{
	if (p->refuse_loopback && address_is_never_server(a))
		return true;
	if (p->refuse_private && address_is_private(a))
		return true;
	for (unsigned i = 0; i < p->never_count; i++)
		if (prefix_contains(&p->never[i], a))
			return true;
	return false;
}

static bool is_family_on(const struct iterate_policy *p, uint8_t family)
{
	return family == FAMILY_IPV6 ? p->ipv6 : p->ipv4;
}

/* Addresses that the operator wrote down are the operator's business. */
static bool is_configured(const struct cut *c)
{
	return c->kind != CUT_DELEGATION;
}

static bool add(struct iterate *it, const struct address *from)
{
	const struct iterate_policy *p = it->env->policy;
	struct address a = *from;
	if (!is_family_on(p, a.family))
		return false;
	if (a.port == 0)
		a.port = p->port;
	if (!is_configured(it->cut) && is_forbidden(p, &a))
		return false;
	for (unsigned i = 0; i < it->target_count; i++)
		if (address_equal(&it->targets[i].address, &a))
			return true;
	if (it->target_count == TARGETS_MAX)
		return false;
	it->targets[it->target_count++] = (struct target){ .address = a, .no_tcp = p->no_tcp };
	return true;
}

/* An address of this server could only be found by asking this server, or by this very walk. */
static bool needs_itself(const struct iterate *it, const struct name *ns)
{
	if (name_is_root(ns) || name_is_within(ns, &it->cut->zone))
		return true;
	return name_equal(ns, &it->question.name) &&
	       (it->question.type == TYPE_A || it->question.type == TYPE_AAAA);
}

static void use_glue(struct iterate *it, struct ns *n, const struct cut_server *s)
{
	unsigned count = s->address_count;
	if (!is_configured(it->cut) && count > LIMIT_NS_ADDRESSES)
		count = LIMIT_NS_ADDRESSES;
	bool any = false, other = false;
	for (unsigned i = 0; i < count; i++) {
		any |= add(it, &s->addresses[i]);
		other |= !is_family_on(it->env->policy, s->addresses[i].family);
	}
	/* Glue of a family that is switched off: the name may have an address of the other one. */
	bool may_ask = other && !needs_itself(it, &s->name);
	n->state = any ? NS_USED : may_ask ? NS_UNASKED : NS_USELESS;
	it->ns_used += any;
}

void targets_enter(struct iterate *it)
{
	const struct cut *c = it->cut;
	it->target_count = it->ns_used = it->ns_asked = 0;
	it->ns_count = c->server_count < LIMIT_NS_KEPT ? c->server_count : LIMIT_NS_KEPT;
	for (unsigned i = 0; i < it->ns_count; i++) {
		struct ns *n = &it->ns[i];
		*n = (struct ns){ .state = NS_UNASKED };
		if (c->servers[i].address_count > 0) {
			if (it->ns_used < LIMIT_NS_USED)
				use_glue(it, n, &c->servers[i]);
			else
				n->state = NS_USELESS;
		} else if (needs_itself(it, &c->servers[i].name)) {
			n->state = NS_USELESS;
		}
	}
}

bool targets_fetching(const struct iterate *it)
{
	for (unsigned i = 0; i < it->ns_count; i++)
		if (it->ns[i].state == NS_ASKED && it->ns[i].waiting > 0)
			return true;
	return false;
}

static bool take_due(struct iterate *it, struct question *out)
{
	for (unsigned i = 0; i < it->ns_count; i++) {
		struct ns *n = &it->ns[i];
		if (n->state != NS_ASKED || (!n->wants_a && !n->wants_aaaa))
			continue;
		name_copy(&out->name, &it->cut->servers[i].name);
		out->class = CLASS_IN;
		out->type = n->wants_a ? TYPE_A : TYPE_AAAA;
		if (n->wants_a)
			n->wants_a = false;
		else
			n->wants_aaaa = false;
		n->waiting++;
		return true;
	}
	return false;
}

/* One of the names not asked yet, each as likely; NULL: none. */
static struct ns *draw_name(struct iterate *it)
{
	struct ns *drawn = NULL;
	uint32_t seen = 0;
	for (unsigned i = 0; i < it->ns_count; i++)
		if (it->ns[i].state == NS_UNASKED && rng_below(it->env->rng, ++seen) == 0)
			drawn = &it->ns[i];
	return drawn;
}

/* RFC 9520 and threats C1: few names at a time, all of them charged to the client's question. */
static bool start_name(struct iterate *it)
{
	struct ns *n = it->ns_used + it->ns_asked < LIMIT_NS_USED ? draw_name(it) : NULL;
	if (n == NULL)
		return false;
	if (it->budget->dead_fetches == 0 || !spend(&it->budget->address_fetches)) {
		it->blame |= BLAME_FETCHES;
		return false;
	}
	n->state = NS_ASKED;
	n->wants_a = it->env->policy->ipv4;
	n->wants_aaaa = it->env->policy->ipv6;
	it->ns_asked++;
	return n->wants_a || n->wants_aaaa;
}

bool targets_next_fetch(struct iterate *it, struct question *out)
{
	if (take_due(it, out))
		return true;
	if (targets_fetching(it))
		return false;
	unsigned names = it->ns_asked == 0 ? FIRST_NAMES : MORE_NAMES;
	while (names > 0 && start_name(it))
		names--;
	return take_due(it, out);
}

static void take_addresses(struct iterate *it, struct ns *n, const struct rrset *set)
{
	struct address found[LIMIT_NS_ADDRESSES];
	unsigned count = referral_addresses(set, found, LIMIT_NS_ADDRESSES);
	for (unsigned i = 0; i < count && n->found < LIMIT_NS_ADDRESSES; i++)
		n->found = (uint8_t)(n->found + add(it, &found[i]));
}

bool targets_on_fetched(struct iterate *it, const struct question *q, const struct outcome *o)
{
	for (unsigned i = 0; i < it->ns_count; i++) {
		struct ns *n = &it->ns[i];
		if (n->state != NS_ASKED || n->waiting == 0 ||
		    !name_equal(&it->cut->servers[i].name, &q->name))
			continue;
		n->waiting--;
		if (o->kind == OUTCOME_ANSWER && o->set != NULL && o->set->type == q->type)
			take_addresses(it, n, o->set);
		if (n->waiting > 0 || n->wants_a || n->wants_aaaa)
			return true;
		n->state = n->found > 0 ? NS_USED : NS_USELESS;
		it->ns_used += n->found > 0;
		it->ns_asked -= n->found > 0;
		if (n->found == 0)
			(void)spend(&it->budget->dead_fetches);
		return true;
	}
	return false;
}
