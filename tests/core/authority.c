#include "tests/core/authority.h"

#include "resolver/wire/zonetext.h"

#include <string.h>

struct zone {
	struct name apex;
	struct rrset *sets;
	unsigned count;
};

struct answer {
	struct writer w;
	uint16_t flags, rcode;
	uint16_t counts[SECTIONS];
	const struct zone *zone;
	const struct query *query;
};

static bool load(struct world *w, const struct site *site, struct zone *z)
{
	struct zonetext text = zonetext_of(site->text, strlen(site->text));
	z->apex = name_of(site->zone);
	text.origin = z->apex;
	text.ttl = 300;
	return zonetext_all(&text, w->arena, &z->sets, &z->count) == ERR_OK;
}

static const struct rrset *find(const struct zone *z, const struct name *owner, uint16_t type)
{
	for (unsigned i = 0; i < z->count; i++) {
		if (z->sets[i].type == type && name_equal(&z->sets[i].owner, owner))
			return &z->sets[i];
	}
	return NULL;
}

static bool exists(const struct zone *z, const struct name *name)
{
	for (unsigned i = 0; i < z->count; i++) {
		if (name_is_within(&z->sets[i].owner, name))
			return true;
	}
	return false;
}

static void put(struct answer *a, enum section section, const struct rrset *s)
{
	if (s != NULL && !write_rrset(&a->w, s, s->ttl, true, 0, &a->counts[section]))
		a->flags |= FLAG_TC;
}

/* The NS set of the zone cut at or above the name, below the apex. */
static const struct rrset *cut_above(const struct zone *z, const struct question *q)
{
	const struct rrset *found = NULL;
	for (unsigned i = 0; i < z->count; i++) {
		const struct rrset *s = &z->sets[i];
		if (s->type != TYPE_NS || name_equal(&s->owner, &z->apex))
			continue;
		if (q->type == TYPE_DS && name_equal(&s->owner, &q->name))
			continue;
		if (name_is_within(&q->name, &s->owner))
			found = s;
	}
	return found;
}

static void refer(struct answer *a, const struct rrset *ns)
{
	put(a, SECTION_AUTHORITY, ns);
	for (unsigned i = 0; i < ns->count; i++) {
		struct name target;
		if (rdata_target(TYPE_NS, &ns->rdata[i], &target) == ERR_OK) {
			put(a, SECTION_ADDITIONAL, find(a->zone, &target, TYPE_A));
			put(a, SECTION_ADDITIONAL, find(a->zone, &target, TYPE_AAAA));
		}
	}
}

static const struct rrset *dname_above(const struct zone *z, const struct name *name)
{
	for (unsigned i = 0; i < z->count; i++) {
		if (z->sets[i].type == TYPE_DNAME && name_is_below(name, &z->sets[i].owner))
			return &z->sets[i];
	}
	return NULL;
}

static void answer(struct answer *a, const struct question *q)
{
	const struct zone *z = a->zone;
	const struct rrset *ns = cut_above(z, q);
	if (ns != NULL) {
		refer(a, ns);
		return;
	}
	a->flags |= FLAG_AA;
	const struct rrset *set = find(z, &q->name, q->type);
	if (set == NULL)
		set = find(z, &q->name, TYPE_CNAME);
	if (set == NULL)
		set = dname_above(z, &q->name);
	if (set != NULL) {
		put(a, SECTION_ANSWER, set);
		return;
	}
	put(a, SECTION_AUTHORITY, find(z, &z->apex, TYPE_SOA));
	for (unsigned i = 0; i < z->count; i++) {
		if (z->sets[i].type == TYPE_NSEC)
			put(a, SECTION_AUTHORITY, &z->sets[i]);
	}
	a->rcode = exists(z, &q->name) ? RCODE_NOERROR : RCODE_NXDOMAIN;
}

static size_t finish(struct answer *a, const struct query *q)
{
	uint16_t flags = (uint16_t)(FLAG_QR | a->flags | (q->flags & FLAG_RD) | a->rcode);
	write_u16_at(&a->w, 2, flags);
	for (unsigned i = 0; i < SECTIONS; i++)
		write_u16_at(&a->w, 6 + 2 * i, a->counts[i]);
	return writer_length(&a->w);
}

size_t authority_answer(struct world *w, const struct site *site, const struct deed *d,
                        uint8_t *out, size_t size)
{
	struct query q;
	struct zone z;
	if (query_parse(d->octets, d->len, &q) != QUERY_OK || !load(w, site, &z))
		return 0;
	bool udp = d->transport == TRANSPORT_UDP;
	struct answer a = { .w = writer_of(out, udp && size > 1232 ? 1232 : size), .zone = &z,
		            .query = &q };
	write_u16(&a.w, q.id);
	for (unsigned i = 0; i < 5; i++)
		write_u16(&a.w, i == 1);
	write_name(&a.w, &q.question.name);
	write_u16(&a.w, q.question.type);
	write_u16(&a.w, q.question.class);
	if (name_is_within(&q.question.name, &z.apex))
		answer(&a, &q.question);
	else
		a.rcode = RCODE_REFUSED;
	return finish(&a, &q);
}
