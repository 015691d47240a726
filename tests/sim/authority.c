#include "tests/sim/authority.h"

#include "tests/sign/chain.h"
#include <assert.h>

enum { ALIASES = LIMIT_ALIASES + 1 }; /* names of the longest chain */

static void add_if_there(struct response *r, enum section s, const struct zone *z,
			 const struct name *owner, uint16_t type)
{
	response_add(r, s, zone_find(z, owner, type));
}

/* Addresses of the servers an NS RRset names, as far as this zone has them. */
static void add_addresses(struct response *r, const struct zone *z, const struct rrset *ns)
{
	for (unsigned i = 0; i < ns->count; i++) {
		struct name target;
		if (rdata_target(TYPE_NS, &ns->rdata[i], &target) != ERR_OK)
			continue;
		if (!name_is_within(&target, &z->apex))
			continue;
		add_if_there(r, SECTION_ADDITIONAL, z, &target, TYPE_A);
		add_if_there(r, SECTION_ADDITIONAL, z, &target, TYPE_AAAA);
	}
}

static void add_proofs(struct response *r, const struct outcome *o)
{
	for (unsigned i = 0; r->sigs && i < o->proof_count; i++)
		response_add(r, SECTION_AUTHORITY, o->proofs[i]);
}

static void add_referral(struct response *r, const struct zone *z, const struct outcome *o,
			 const struct rrset *ds)
{
	response_add(r, SECTION_AUTHORITY, o->set);
	if (r->sigs)
		response_add(r, SECTION_AUTHORITY, ds);
	add_proofs(r, o);
	add_addresses(r, z, o->set);
	r->needed_glue = r->section[SECTION_ADDITIONAL].count;
}

/* RFC 2308 section 3: the SOA with the lesser of its TTL and its minimum. */
static void add_soa(struct response *r, const struct rrset *from)
{
	struct soa soa;
	struct rrset *copy = from == NULL ? NULL : rrset_copy(r->arena, from);
	if (copy == NULL || rdata_soa(&copy->rdata[0], &soa) != ERR_OK)
		return;
	if (soa.minimum < copy->ttl)
		copy->ttl = soa.minimum;
	response_add(r, SECTION_AUTHORITY, copy);
}

/* RFC 6672 section 3.1. */
static void add_synthesised(struct response *r, const struct name *owner, const struct outcome *o)
{
	struct rrset *cname = sign_new_set(r->arena, owner, TYPE_CNAME, o->set->ttl);
	if (cname != NULL && sign_add(r->arena, cname, o->target.wire, o->target.len) == ERR_OK)
		response_add(r, SECTION_ANSWER, cname);
}

/* Every RRset of a name: what nobody but a DNS administrator should ask for. */
static bool add_any(struct response *r, const struct zone *z, const struct name *name)
{
	bool any = false;
	for (unsigned i = 0; i < z->set_count; i++) {
		if (!name_equal(&z->sets[i]->owner, name))
			continue;
		response_add(r, SECTION_ANSWER, z->sets[i]);
		any = true;
	}
	return any;
}

/* The NS RRsets, SOA or proofs that go with one outcome.  True: an alias, *next is its target. */
static bool add_outcome(struct response *r, const struct zone *z, const struct question *q,
			const struct outcome *o, struct name *next)
{
	bool first = r->section[SECTION_ANSWER].count == 0;
	switch (o->kind) {
	case OUTCOME_ANSWER:
		response_add(r, SECTION_ANSWER, o->set);
		add_proofs(r, o);
		if (q->type == TYPE_NS)
			add_addresses(r, z, o->set);
		return false;
	case OUTCOME_DNAME:
		response_add(r, SECTION_ANSWER, o->set);
		add_proofs(r, o);
		if (o->too_long) {
			r->rcode = RCODE_YXDOMAIN;
			return false;
		}
		add_synthesised(r, &q->name, o);
		*next = o->target;
		return true;
	case OUTCOME_CNAME:
		response_add(r, SECTION_ANSWER, o->set);
		add_proofs(r, o);
		*next = o->target;
		return true;
	case OUTCOME_NXDOMAIN:
		r->rcode = RCODE_NXDOMAIN;
		/* fall through */
	case OUTCOME_NODATA:
		r->empty_node = first && o->kind == OUTCOME_NODATA;
		add_soa(r, o->soa);
		add_proofs(r, o);
		return false;
	case OUTCOME_FAILURE:
		break;
	}
	return false;
}

/* The node is there only for names below it. */
static bool is_empty_node(const struct zone *z, const struct name *name)
{
	for (unsigned i = 0; i < z->set_count; i++)
		if (name_equal(&z->sets[i]->owner, name))
			return false;
	return zone_node_of(z, name) != NULL;
}

/* One name in one zone.  True: go on at *next. */
static bool answer_in_zone(struct response *r, const struct zone *z, const struct question *q,
			   struct name *next)
{
	struct outcome o;
	struct rrset *ds;
	bool first = r->section[SECTION_ANSWER].count == 0;
	switch (zone_answer(z, q, r->arena, &o, &ds)) {
	case ZONE_REFERRAL:
		add_referral(r, z, &o, ds);
		return false;
	case ZONE_OUTCOME:
		if (first)
			r->flags |= FLAG_AA;
		if (q->type == TYPE_ANY && o.kind == OUTCOME_NODATA && add_any(r, z, &q->name))
			return false;
		if (!add_outcome(r, z, q, &o, next)) {
			r->empty_node = r->empty_node && is_empty_node(z, &q->name);
			return false;
		}
		return true;
	case ZONE_NO_MEMORY:
		break;
	}
	response_clear(r, 0, RCODE_SERVFAIL);
	return false;
}

void authority_answer(struct world *w, const struct host *h, const struct query *q,
		      struct response *r)
{
	struct question at = q->question;
	for (unsigned i = 0; i < ALIASES; i++) {
		struct name next;
		struct world_zone *wz = world_served(h, &at.name, at.type == TYPE_DS);
		const struct zone *z = wz == NULL ? NULL : world_zone_data(w, wz);
		if (wz == NULL && i == 0)
			response_clear(r, 0, RCODE_REFUSED);
		else if (wz != NULL && z == NULL)
			response_clear(r, 0, RCODE_SERVFAIL);
		if (z == NULL || !answer_in_zone(r, z, &at, &next))
			return;
		at.name = next;
	}
}

void authority_resolve(struct world *w, const struct query *q, struct response *r)
{
	struct question at = q->question;
	response_clear(r, FLAG_RA, RCODE_NOERROR);
	for (unsigned i = 0; i < ALIASES; i++) {
		struct name next;
		struct world_zone *wz = world_zone_of(w, &at.name, at.type == TYPE_DS);
		const struct zone *z = wz == NULL ? NULL : world_zone_data(w, wz);
		if (z == NULL) {
			response_clear(r, FLAG_RA, RCODE_SERVFAIL);
			return;
		}
		if (!answer_in_zone(r, z, &at, &next)) {
			r->flags = (uint16_t)(r->flags & ~FLAG_AA);
			return;
		}
		at.name = next;
	}
	response_clear(r, FLAG_RA, RCODE_SERVFAIL); /* aliases without end */
}
