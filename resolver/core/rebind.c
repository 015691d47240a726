#include "resolver/core/rebind.h"

#include "resolver/core/lookup.h"
#include "resolver/wire/reader.h"
#include "resolver/wire/svcb.h"

#include <string.h>

static struct address address_of(uint8_t family, const uint8_t *octets)
{
	struct address a = { .family = family };
	memcpy(a.octets, octets, address_octets(&a));
	return a;
}

/* 64:ff9b::/96 (RFC 6052 section 2.1) and ::ffff:0:0/96 carry an IPv4 address in their end. */
static bool holds_ipv4(const struct address *a)
{
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	return memcmp(a->octets, nat64, 12) == 0 || memcmp(a->octets, mapped, 12) == 0;
}

static bool any_private(uint8_t family, const uint8_t *octets, size_t len)
{
	size_t each = family == FAMILY_IPV4 ? 4 : 16;
	for (; len >= each; octets += each, len -= each) {
		struct address a = address_of(family, octets);
		if (address_is_private(&a))
			return true;
		if (family == FAMILY_IPV6 && holds_ipv4(&a) && any_private(FAMILY_IPV4, octets + 12, 4))
			return true;
	}
	return false;
}

static bool hints_private(const struct rdata *r)
{
	struct reader in = reader_of(r->octets, r->len);
	(void)read_u16(&in);
	(void)read_plain_name(&in);
	while (in.err == ERR_OK && reader_left(&in) > 0) {
		uint16_t key = read_u16(&in);
		uint16_t len = read_u16(&in);
		const uint8_t *value = read_octets(&in, len);
		if (value == NULL)
			continue;
		if (key == SVCB_IPV4HINT && any_private(FAMILY_IPV4, value, len))
			return true;
		if (key == SVCB_IPV6HINT && any_private(FAMILY_IPV6, value, len))
			return true;
	}
	return false;
}

static bool record_private(uint16_t type, const struct rdata *r)
{
	if (type == TYPE_A)
		return any_private(FAMILY_IPV4, r->octets, r->len);
	if (type == TYPE_AAAA)
		return any_private(FAMILY_IPV6, r->octets, r->len);
	return (type == TYPE_SVCB || type == TYPE_HTTPS) && hints_private(r);
}

static bool is_allowed(const struct tasks *ts, const struct question *q, const struct chain *c)
{
	if (c->links[c->count - 1].local)
		return true;
	const struct tasks_policy *p = ts->setup.policy;
	struct question last = { .name = *chain_link_name(c, q, c->count - 1), .type = q->type };
	for (unsigned i = 0; i < p->rebind_allow_count; i++) {
		if (name_is_within(&last.name, &p->rebind_allow[i]))
			return true;
	}
	const struct cut *route = lookup_route(ts, &last);
	return route != NULL && !name_is_root(&route->zone);
}

bool rebind_is_refused(const struct tasks *ts, const struct question *q, const struct chain *c)
{
	if (!ts->setup.policy->rebind_refuse || c->state != CHAIN_COMPLETE || c->count == 0)
		return false;
	const struct outcome *o = c->links[c->count - 1].outcome;
	if (o->kind != OUTCOME_ANSWER)
		return false;
	for (unsigned i = 0; i < o->set->count; i++) {
		if (record_private(o->set->type, &o->set->rdata[i]))
			return !is_allowed(ts, q, c);
	}
	return false;
}
