#include "resolver/iterate/referral.h"

#include "resolver/iterate/scrub.h"
#include "resolver/base/limits.h"
#include <string.h>

unsigned referral_addresses(const struct rrset *set, struct address *out, unsigned max)
{
	unsigned n = 0;
	uint8_t family = set->type == TYPE_A ? FAMILY_IPV4 : FAMILY_IPV6;
	size_t len = set->type == TYPE_A ? 4 : 16;
	for (unsigned i = 0; i < set->count && n < max; i++) {
		if (set->rdata[i].len != len)
			continue;
		out[n] = (struct address){ .family = family };
		memcpy(out[n++].octets, set->rdata[i].octets, len);
	}
	return n;
}

/* Both families get half of the room, or what the other leaves. */
static unsigned find_glue(const struct message *m, const struct name *ns, uint32_t *ttl,
                          struct address out[LIMIT_NS_ADDRESSES])
{
	const struct rrset *v4 = scrub_find(m, SECTION_ADDITIONAL, ns, TYPE_A);
	const struct rrset *v6 = scrub_find(m, SECTION_ADDITIONAL, ns, TYPE_AAAA);
	unsigned n = 0, half = LIMIT_NS_ADDRESSES / 2;
	if (v4 != NULL) {
		unsigned six = v6 == NULL ? 0 : v6->count < half ? v6->count : half;
		n = referral_addresses(v4, out, LIMIT_NS_ADDRESSES - six);
		*ttl = v4->ttl < *ttl ? v4->ttl : *ttl;
	}
	if (v6 != NULL) {
		n += referral_addresses(v6, out + n, LIMIT_NS_ADDRESSES - n);
		*ttl = v6->ttl < *ttl ? v6->ttl : *ttl;
	}
	return n;
}

static bool add_server(struct arena *a, struct cut *c, const struct message *m,
                       const struct rdata *rdata, const struct name *parent)
{
	struct address glue[LIMIT_NS_ADDRESSES];
	struct cut_server *s = &c->servers[c->server_count];
	if (rdata_target(TYPE_NS, rdata, &s->name) != ERR_OK)
		return true; /* no name of a server: as if it were not there */
	c->server_count++;
	if (!name_is_within(&s->name, parent))
		return true;
	s->address_count = find_glue(m, &s->name, &c->ttl, glue);
	if (s->address_count == 0)
		return true;
	s->addresses = arena_copy(a, glue, s->address_count * sizeof(*glue));
	return s->addresses != NULL;
}

struct cut *referral_cut(struct arena *a, const struct message *m, const struct rrset *ns,
                         const struct name *parent)
{
	unsigned kept = ns->count < LIMIT_NS_KEPT ? ns->count : LIMIT_NS_KEPT;
	struct cut *c = arena_alloc(a, sizeof(*c));
	if (c == NULL)
		return NULL;
	c->kind = CUT_DELEGATION;
	name_copy(&c->zone, &ns->owner);
	c->ttl = ns->ttl;
	c->servers = arena_array(a, kept, sizeof(*c->servers));
	if (c->servers == NULL)
		return NULL;
	for (unsigned i = 0; i < kept; i++)
		if (!add_server(a, c, m, &ns->rdata[i], parent))
			return NULL;
	return c;
}
