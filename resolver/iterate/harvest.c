#include "resolver/iterate/harvest.h"

#include "resolver/iterate/referral.h"

static bool is_forwarded(const struct iterate *it)
{
	return it->cut->kind == CUT_FORWARD;
}

static uint8_t rank_beside(const struct iterate *it)
{
	return is_forwarded(it) ? RANK_FORWARDED : RANK_AUTHORITY;
}

static uint8_t rank_answer(const struct iterate *it, const struct reply *r)
{
	return is_forwarded(it) ? RANK_FORWARDED : r->authoritative ? RANK_ANSWER : RANK_AUTHORITY;
}

static struct outcome outcome_from(const struct iterate *it, enum outcome_kind kind)
{
	struct outcome o = { .kind = kind, .reason = NO_REASON };
	name_copy(&o.zone, &it->cut->zone);
	return o;
}

static bool is_proof(const struct iterate *it, const struct rrset *s)
{
	return s->class == CLASS_IN && (s->type == TYPE_NSEC || s->type == TYPE_NSEC3) &&
	       name_is_within(&s->owner, &it->cut->zone);
}

/* At most LIMIT_PROOF_SETS: CVE-2026-11605.  False: no memory, the walk has failed. */
static bool add_proofs(struct iterate *it, const struct message *m, struct outcome *o)
{
	unsigned count = m->section[SECTION_AUTHORITY].count;
	struct rrset *sets = m->section[SECTION_AUTHORITY].sets;
	for (unsigned i = 0; i < count && o->proof_count < LIMIT_PROOF_SETS; i++) {
		if (!is_proof(it, &sets[i]))
			continue;
		if (o->proofs == NULL)
			o->proofs =
			    arena_array(it->arena, LIMIT_PROOF_SETS, sizeof(struct rrset *));
		if (o->proofs == NULL) {
			walk_fail_memory(it);
			return false;
		}
		sets[i].rank = rank_beside(it);
		o->proofs[o->proof_count++] = &sets[i];
	}
	return true;
}

/* RFC 2308 section 5: the lesser of the SOA's TTL and its minimum.  No SOA: for this time only. */
static void add_soa(struct iterate *it, struct outcome *o, struct rrset *soa)
{
	struct soa s;
	o->ttl = 0;
	if (soa == NULL || rdata_soa(&soa->rdata[0], &s) != ERR_OK)
		return;
	soa->rank = rank_beside(it);
	soa->ttl = s.minimum < soa->ttl ? s.minimum : soa->ttl;
	o->soa = soa;
	o->ttl = soa->ttl;
}

/* RFC 6672 section 2.2: the target is computed, never read. */
static void add_dname(struct outcome *o, const struct name *name)
{
	struct name to;
	if (rdata_target(TYPE_DNAME, &o->set->rdata[0], &to) != ERR_OK ||
	    name_replace_suffix(name, &o->set->owner, &to, &o->target) != ERR_OK) {
		o->too_long = true;
		o->target = name_root();
	}
}

static bool learn_outcome(struct iterate *it, const struct name *name, uint16_t type,
                          const struct outcome *o)
{
	struct lesson l = { .kind = LESSON_OUTCOME,
		            .question = { .type = type, .class = CLASS_IN } };
	name_copy(&l.question.name, name);
	l.outcome = arena_copy(it->arena, o, sizeof(*o));
	if (l.outcome == NULL) {
		walk_fail_memory(it);
		return false;
	}
	return walk_learn(it, &l);
}

/* What the answer section says about one name: data, an alias, or nothing. */
static bool find_element(struct iterate *it, const struct message *m, const struct name *name,
                         uint16_t rank, struct outcome *o)
{
	struct rrset *set = scrub_find_dname(m, name, &it->cut->zone);
	*o = outcome_from(it, OUTCOME_DNAME);
	if (set == NULL) {
		set = scrub_find(m, SECTION_ANSWER, name, it->question.type);
		o->kind = OUTCOME_ANSWER;
	}
	if (set == NULL) {
		set = scrub_find(m, SECTION_ANSWER, name, TYPE_CNAME);
		o->kind = OUTCOME_CNAME;
	}
	if (set == NULL)
		return false;
	set->rank = (uint8_t)rank;
	o->set = set;
	o->ttl = set->ttl;
	if (o->kind == OUTCOME_DNAME)
		add_dname(o, name);
	if (o->kind == OUTCOME_CNAME &&
	    (set->count != 1 || rdata_target(TYPE_CNAME, &set->rdata[0], &o->target) != ERR_OK))
		return false;
	return true;
}

static bool has_signed_proof(const struct outcome *o)
{
	for (unsigned i = 0; i < o->proof_count; i++) {
		if (o->proofs[i]->sig_count > 0)
			return true;
	}
	return false;
}

/*
 * The end of a chain that leads nowhere, if the zone's own SOA says so (RFC 6604 section 3) with proofs: some servers
 * deny of an alias what they know when they are asked for it, so at the price of a packet they are asked.  It is where
 * the name leads that was sent: a shortened one (RFC 9156 section 2.3) leads elsewhere.
 */
static void learn_end(struct iterate *it, const struct message *m, const struct name *name)
{
	struct question q = { .type = it->question.type, .class = CLASS_IN };
	if (!question_equal(&m->question, &it->question))
		return;
	name_copy(&q.name, name);
	struct rrset *soa = scrub_find_soa(m, &q, &it->cut->zone);
	if (soa == NULL || m->rcode == RCODE_YXDOMAIN)
		return;
	struct outcome o =
	    outcome_from(it, m->rcode == RCODE_NXDOMAIN ? OUTCOME_NXDOMAIN : OUTCOME_NODATA);
	add_soa(it, &o, soa);
	if (add_proofs(it, m, &o) && has_signed_proof(&o))
		(void)learn_outcome(it, name, q.type, &o);
}

/*
 * The rest of an alias chain, as far as it stays in the zone that was asked (threats B4, B11).  AA
 * speaks for the first name only (RFC 1035 section 4.1.1), so the rest ranks lower.
 */
static void learn_chain(struct iterate *it, const struct message *m, const struct outcome *first)
{
	struct name at = first->target;
	if (first->too_long)
		return;
	for (unsigned i = 0; i < LIMIT_ALIASES; i++) {
		struct outcome o;
		if (!name_is_within(&at, &it->cut->zone) || name_equal(&at, &it->question.name))
			return;
		if (!find_element(it, m, &at, rank_beside(it), &o)) {
			learn_end(it, m, &at);
			return;
		}
		if (!add_proofs(it, m, &o) || !learn_outcome(it, &at, it->question.type, &o))
			return;
		if (o.kind == OUTCOME_ANSWER || o.too_long)
			return;
		name_copy(&at, &o.target);
	}
}

/* RFC 8482 section 4: one RRset answers a client; the others are kept if they came. */
static void learn_any(struct iterate *it, const struct message *m, const struct reply *r)
{
	unsigned learned = 1;
	struct rrset *sets = m->section[SECTION_ANSWER].sets;
	for (unsigned i = 0; i < m->section[SECTION_ANSWER].count && learned < LIMIT_ANY_SETS;
	     i++) {
		struct rrset *s = &sets[i];
		if (s == r->set || s->class != CLASS_IN || s->type == TYPE_CNAME ||
		    s->type == TYPE_RRSIG || !name_equal(&s->owner, &it->question.name))
			continue;
		s->rank = rank_answer(it, r);
		struct outcome o = outcome_from(it, OUTCOME_ANSWER);
		o.set = s;
		o.ttl = s->ttl;
		if (!learn_outcome(it, &it->question.name, s->type, &o))
			return;
		learned++;
	}
}

static bool has_family(const struct cut_server *s, uint8_t family)
{
	for (unsigned i = 0; i < s->address_count; i++) {
		if (s->addresses[i].family == family)
			return true;
	}
	return false;
}

/* Addresses of a family that did not come stay as they were.  False: no memory. */
static bool keep_addresses(struct arena *a, struct cut_server *s, const struct cut_server *known)
{
	struct address *all = arena_array(a, LIMIT_NS_ADDRESSES, sizeof(*all));
	if (all == NULL)
		return false;
	unsigned count = 0;
	for (unsigned i = 0; i < s->address_count && count < LIMIT_NS_ADDRESSES; i++)
		all[count++] = s->addresses[i];
	for (unsigned i = 0; i < known->address_count && count < LIMIT_NS_ADDRESSES; i++) {
		if (!has_family(s, known->addresses[i].family))
			all[count++] = known->addresses[i];
	}
	s->addresses = all;
	s->address_count = count;
	return true;
}

/* Root servers keep of what we started with all that the response leaves out (it may be cut at 512 octets). */
static bool keep_known(struct arena *a, struct cut *c, const struct cut *known)
{
	for (unsigned i = 0; i < c->server_count; i++) {
		for (unsigned k = 0; k < known->server_count; k++) {
			if (name_equal(&c->servers[i].name, &known->servers[k].name) &&
			    !keep_addresses(a, &c->servers[i], &known->servers[k]))
				return false;
		}
	}
	return true;
}

static bool has_address(const struct cut *c)
{
	for (unsigned i = 0; i < c->server_count; i++) {
		if (c->servers[i].address_count > 0)
			return true;
	}
	return false;
}

/* RFC 9609 section 4: the root's own NS, which has no parent to come from. */
static void learn_root(struct iterate *it, const struct message *m, const struct rrset *ns)
{
	if (it->cut->kind != CUT_HINTS && it->cut->kind != CUT_DELEGATION)
		return;
	struct cut *c = referral_cut(it->arena, m, ns, &it->cut->zone);
	if (c == NULL || !keep_known(it->arena, c, it->cut)) {
		walk_fail_memory(it);
		return;
	}
	if (has_address(c)) /* their names lie below themselves: nobody could be asked for an address */
		(void)walk_learn(it, &(struct lesson){ .kind = LESSON_CUT, .cut = c });
}

static void learn_beside(struct iterate *it, const struct message *m, const struct reply *r,
                         const struct outcome *o)
{
	if (r->kind == REPLY_CNAME || r->kind == REPLY_DNAME)
		learn_chain(it, m, o);
	else if (r->kind == REPLY_ANSWER && it->question.type == TYPE_ANY)
		learn_any(it, m, r);
	else if (r->kind == REPLY_ANSWER && it->question.type == TYPE_NS &&
	         name_is_root(&it->question.name))
		learn_root(it, m, r->set);
}

enum { BESIDE_SETS = 1 + 2 * LIMIT_NS_USED }; /* the zone's NS, and addresses: threats D8 */

static void add_beside(struct outcome *o, struct rrset *s)
{
	if (o->beside_count == BESIDE_SETS)
		return;
	s->rank = RANK_ADDITIONAL;
	o->beside[o->beside_count++] = s;
}

/* What the zone itself says beside an answer.  False: no memory, the walk has failed. */
static bool take_beside(struct iterate *it, const struct message *m, struct outcome *o)
{
	const struct name *zone = &it->cut->zone;
	if (!it->env->policy->beside || o->kind != OUTCOME_ANSWER)
		return true;
	o->beside = arena_array(it->arena, BESIDE_SETS, sizeof(struct rrset *));
	if (o->beside == NULL) {
		walk_fail_memory(it);
		return false;
	}
	for (unsigned i = 0; i < m->section[SECTION_AUTHORITY].count; i++) {
		struct rrset *s = &m->section[SECTION_AUTHORITY].sets[i];
		if (s->class == CLASS_IN && s->type == TYPE_NS && name_is_within(&s->owner, zone) &&
		    name_is_within(&it->question.name, &s->owner) && o->beside_count == 0)
			add_beside(o, s);
	}
	for (unsigned i = 0; i < m->section[SECTION_ADDITIONAL].count; i++) {
		struct rrset *s = &m->section[SECTION_ADDITIONAL].sets[i];
		if (s->class == CLASS_IN && (s->type == TYPE_A || s->type == TYPE_AAAA) &&
		    name_is_within(&s->owner, zone))
			add_beside(o, s);
	}
	return true;
}

void harvest_outcome(struct iterate *it, const struct message *m, const struct reply *r)
{
	struct outcome o;
	bool denied = r->kind == REPLY_NODATA || r->kind == REPLY_NXDOMAIN;
	if (denied) {
		o = outcome_from(it, r->kind == REPLY_NODATA ? OUTCOME_NODATA : OUTCOME_NXDOMAIN);
		add_soa(it, &o, r->soa);
	} else if (!find_element(it, m, &it->question.name, rank_answer(it, r), &o)) {
		walk_fail(it, EDE_INVALID_DATA, "IALI an alias without a target");
		return;
	}
	if (!add_proofs(it, m, &o) || !take_beside(it, m, &o))
		return;
	learn_beside(it, m, r, &o);
	if (it->failed != NULL && name_is_below(&it->failed->zone, &it->cut->zone))
		walk_let_go(it, it->failed); /* the parent answers itself: it delegates no more */
	if (it->state != ENDED)
		walk_finish(it, &o);
}

/* False: the referral says nothing about a DS, or no memory. */
static bool ds_from_referral(struct iterate *it, const struct message *m, const struct rrset *ns,
                             struct outcome *o)
{
	struct rrset *ds = scrub_find(m, SECTION_AUTHORITY, &ns->owner, TYPE_DS);
	if (ds != NULL) {
		ds->rank = RANK_AUTHORITY;
		*o = outcome_from(it, OUTCOME_ANSWER);
		o->set = ds;
		o->ttl = ds->ttl;
		return true;
	}
	*o = outcome_from(it, OUTCOME_NODATA);
	if (!add_proofs(it, m, o) || o->proof_count == 0)
		return false;
	o->ttl = o->proofs[0]->ttl;
	for (unsigned i = 1; i < o->proof_count; i++)
		o->ttl = o->proofs[i]->ttl < o->ttl ? o->proofs[i]->ttl : o->ttl;
	return true;
}

void harvest_ds_outcome(struct iterate *it, const struct message *m, const struct rrset *ns)
{
	struct outcome o;
	(void)ds_from_referral(it, m, ns, &o);
	if (it->state != ENDED)
		walk_finish(it, &o);
}

const struct cut *harvest_referral(struct iterate *it, const struct message *m,
                                   const struct rrset *ns)
{
	struct cut *c = referral_cut(it->arena, m, ns, &it->cut->zone);
	struct outcome o;
	if (c == NULL) {
		walk_fail_memory(it);
		return NULL;
	}
	if (!walk_learn(it, &(struct lesson){ .kind = LESSON_CUT, .cut = c }))
		return NULL;
	if (ds_from_referral(it, m, ns, &o))
		(void)learn_outcome(it, &ns->owner, TYPE_DS, &o);
	return it->state == ENDED ? NULL : c;
}
