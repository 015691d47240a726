#include "cache/rules.h"

static bool seen_by_clients(const struct entry *e)
{
	return e->what != ENTRY_FAILURE && e->what != ENTRY_CUT;
}

uint32_t rules_left(const struct entry *e, const struct ttl_policy *ttl, uint32_t now_s)
{
	uint32_t age = entry_age(e, now_s);
	uint32_t until = seen_by_clients(e) ? ttl_usable_s(ttl, e->lifetime_s) : e->lifetime_s;
	if (until > e->bound_s)
		until = e->bound_s;
	return age < until ? until - age : 0;
}

enum usable rules_usable(const struct entry *e, const struct ttl_policy *ttl, uint32_t stale_window_s,
                         uint32_t now_s)
{
	if (rules_left(e, ttl, now_s) > 0)
		return USABLE_FRESH;
	if (!seen_by_clients(e) || e->what == ENTRY_DENIAL || stale_window_s == 0)
		return USABLE_NOT;
	uint64_t end = (uint64_t)entry_ends_s(e) + stale_window_s;
	return entry_age(e, now_s) < end ? USABLE_STALE : USABLE_NOT;
}

static bool checked(const struct entry *e)
{
	return e->security == SECURITY_SECURE || e->security == SECURITY_INSECURE;
}

bool rules_may_replace(const struct entry *old, const struct entry *new,
                       const struct ttl_policy *ttl, uint32_t now_s)
{
	if (rules_left(old, ttl, now_s) == 0)
		return true;
	if (new->rank != old->rank)
		return new->rank > old->rank;
	if (old->security == SECURITY_SECURE && new->security != SECURITY_SECURE)
		return false;
	if (checked(old) && !checked(new))
		return false;
	return new->stored_s >= old->stored_s;
}

bool rules_beside_alias(uint16_t type)
{
	return type == TYPE_DS || type == TYPE_DNSKEY || type == TYPE_NSEC || type == TYPE_NSEC3 ||
	       type == TYPE_RRSIG || type == TYPE_KEY;
}

static void add(struct rivals *r, bool made, bool run)
{
	r->at[r->count].run = run;
	if (made)
		r->count++;
}

void rules_rivals(enum entry_what what, const struct name *name, uint16_t type, struct rivals *out)
{
	out->count = 0;
	switch (what) {
	case ENTRY_ANSWER:
	case ENTRY_NODATA:
		if (type != TYPE_CNAME && !rules_beside_alias(type))
			add(out, key_typed(&out->at[out->count].key, KEY_DATA, name, TYPE_CNAME), false);
		add(out, key_named(&out->at[out->count].key, KEY_NXDOMAIN, name), false);
		return;
	case ENTRY_CNAME:
		add(out, key_run(&out->at[out->count].key, KEY_DATA, name), true);
		add(out, key_named(&out->at[out->count].key, KEY_NXDOMAIN, name), false);
		return;
	case ENTRY_NXDOMAIN:
		add(out, key_run(&out->at[out->count].key, KEY_DATA, name), true);
		return;
	case ENTRY_DNAME:
	case ENTRY_FAILURE:
	case ENTRY_CUT:
	case ENTRY_DENIAL:
		return;
	}
}

bool rules_is_rival(enum entry_what what, const uint8_t *key, size_t len)
{
	uint16_t type = (uint16_t)(key[len - 2] << 8 | key[len - 1]);
	if (what == ENTRY_CNAME)
		return type != TYPE_CNAME && !rules_beside_alias(type);
	return true;
}
