#include "tests/unit.h"
#include "tests/validator/suites.h"
#include "tests/validator/tree.h"
#include "tests/sign/chain.h"
#include "validator/crypto.h"
#include <stdio.h>
#include <string.h>

/* Changes the outcome of the question w->about; false: there is no answer at all. */
typedef bool lie(struct world *w, const struct question *q, struct outcome *o);

static bool concerns(const struct world *w, const struct question *q)
{
	struct name about = name_of(w->about);
	return name_equal(&q->name, &about) && (w->about_type == 0 || q->type == w->about_type);
}

static bool be_silent(struct world *w, const struct question *q, struct outcome *o)
{
	(void)o;
	return !concerns(w, q);
}

static bool strip_signatures(struct world *w, const struct question *q, struct outcome *o)
{
	if (!concerns(w, q))
		return true;
	if (o->set != NULL)
		o->set->sig_count = 0;
	if (o->soa != NULL)
		o->soa->sig_count = 0;
	for (unsigned i = 0; i < o->proof_count; i++)
		o->proofs[i]->sig_count = 0;
	return true;
}

static bool strip_proofs(struct world *w, const struct question *q, struct outcome *o)
{
	if (concerns(w, q))
		o->proof_count = 0;
	return true;
}

static bool strip_soa_signature(struct world *w, const struct question *q, struct outcome *o)
{
	if (concerns(w, q) && o->soa != NULL)
		o->soa->sig_count = 0;
	return true;
}

/* As a parent that says, unsigned, that there is no DS. */
static bool deny_unsigned(struct world *w, const struct question *q, struct outcome *o)
{
	if (!concerns(w, q))
		return true;
	o->kind = OUTCOME_NODATA;
	o->set = o->soa = NULL;
	o->proof_count = 0;
	return true;
}

static bool flip_data(struct world *w, const struct question *q, struct outcome *o)
{
	if (!concerns(w, q) || o->set == NULL)
		return true;
	struct rdata *r = &o->set->rdata[0];
	uint8_t *copy = arena_copy(w->arena, r->octets, r->len);
	copy[r->len - 1] ^= 1;
	r->octets = copy;
	return true;
}

static bool move_elsewhere(struct world *w, const struct question *q, struct outcome *o)
{
	if (concerns(w, q) && o->set != NULL)
		o->set->owner = name_of("elsewhere.tld");
	return true;
}

static bool pad_proofs(struct world *w, const struct question *q, struct outcome *o)
{
	if (!concerns(w, q) || o->proof_count == 0)
		return true;
	struct rrset **many = arena_array(w->arena, 300, sizeof(struct rrset *));
	for (unsigned i = 0; i < 300; i++)
		many[i] = o->proofs[i % o->proof_count];
	o->proofs = many;
	o->proof_count = 300;
	return true;
}

/* The denial of another name of the same zone. */
static bool borrow_denial(struct world *w, const struct question *q, struct outcome *o)
{
	if (!concerns(w, q))
		return true;
	struct rrset *ds;
	struct question other = { name_of("www.tld"), TYPE_AAAA, CLASS_IN };
	return zone_answer(&w->zones[1], &other, w->arena, o, &ds) == ZONE_OUTCOME;
}

/* The parent's own record of the cut, to deny what the child has. */
static bool deny_by_parent(struct world *w, const struct question *q, struct outcome *o)
{
	if (!concerns(w, q))
		return true;
	struct rrset *ds;
	struct question absent = { w->zones[1].apex, TYPE_AAAA, CLASS_IN };
	if (zone_answer(&w->zones[1], &absent, w->arena, o, &ds) != ZONE_OUTCOME)
		return false;
	o->proofs[0] = w->extra;
	o->proof_count = 1;
	return true;
}

/* The child says, signed by itself, that it has no keys. */
static bool deny_own_keys(struct world *w, const struct question *q, struct outcome *o)
{
	struct rrset *ds;
	struct question other = { q->name, TYPE_AAAA, CLASS_IN };
	return !concerns(w, q) ||
	       zone_answer(&w->zones[2], &other, w->arena, o, &ds) == ZONE_OUTCOME;
}

/* A zone above signs what lies in the zone that answers. */
static bool sign_from_above(struct world *w, const struct question *q, struct outcome *o)
{
	if (!concerns(w, q) || o->set == NULL)
		return true;
	o->set->sig_count = 0;
	return zone_sign_set(&w->zones[1], w->arena, o->set) == ERR_OK;
}

/* The servers of a cut that the parent knows no more answer from the parent's zone. */
static bool answer_from_a_former_cut(struct world *w, const struct question *q, struct outcome *o)
{
	if (concerns(w, q))
		o->zone = q->name;
	return true;
}

/* Before each signature stands another, of a zone far above, that nobody made. */
static bool lead_with_another_signer(struct world *w, const struct question *q, struct outcome *o)
{
	struct zone_plan *plan = &w->zones[1].plan;
	if (!concerns(w, q))
		return true;
	for (unsigned i = 0; i < o->proof_count; i++) {
		struct rrset *s = o->proofs[i];
		s->sig_count = 0;
		plan->how.signer = name_root();
		plan->how.break_signature = true;
		if (zone_sign_set(&w->zones[1], w->arena, s) != ERR_OK)
			return false;
		plan->how.signer.len = 0;
		plan->how.break_signature = false;
		if (zone_sign_set(&w->zones[1], w->arena, s) != ERR_OK)
			return false;
	}
	return true;
}

struct lie_row {
	const char *why;
	lie *lie;
	const char *about;
	uint16_t about_type; /* 0: every type */
	const char *name;
	uint16_t type;
	enum security security;
	uint16_t ede;
};

static const struct lie_row lies[] = {
	{ "E1: no RRSIG on the answer", strip_signatures, "www.safe.tld", 0, "www.safe.tld", TYPE_A,
	  SECURITY_BOGUS, EDE_RRSIGS_MISSING },
	{ "E1: DS gone, unsigned denial", deny_unsigned, "safe.tld", TYPE_DS, "www.safe.tld",
	  TYPE_A, SECURITY_BOGUS, EDE_RRSIGS_MISSING },
	{ "E1: DS without RRSIG", strip_signatures, "safe.tld", TYPE_DS, "www.safe.tld", TYPE_A,
	  SECURITY_BOGUS, EDE_RRSIGS_MISSING },
	{ "E1: DNSKEY denied, unsigned", deny_unsigned, "safe.tld", TYPE_DNSKEY, "www.safe.tld",
	  TYPE_A, SECURITY_BOGUS, EDE_DNSKEY_MISSING },
	{ "E1: DNSKEY without RRSIG", strip_signatures, "safe.tld", TYPE_DNSKEY, "www.safe.tld",
	  TYPE_A, SECURITY_BOGUS, EDE_RRSIGS_MISSING },
	{ "DNSKEY denied by the zone itself", deny_own_keys, "safe.tld", TYPE_DNSKEY,
	  "www.safe.tld", TYPE_A, SECURITY_BOGUS, EDE_DNSKEY_MISSING },
	{ "E1: DNSKEY not to be had", be_silent, "safe.tld", TYPE_DNSKEY, "www.safe.tld", TYPE_A,
	  SECURITY_INDETERMINATE, EDE_DNSKEY_MISSING },
	{ "DS not to be had", be_silent, "safe.tld", TYPE_DS, "www.safe.tld", TYPE_A,
	  SECURITY_INDETERMINATE, EDE_INDETERMINATE },
	{ "DS of an unsigned zone not to be had", be_silent, "open.tld", TYPE_DS, "www.open.tld",
	  TYPE_A, SECURITY_INDETERMINATE, EDE_INDETERMINATE },
	{ "E1: denial of DS of an unsigned zone stripped", strip_proofs, "open.tld", TYPE_DS,
	  "www.open.tld", TYPE_A, SECURITY_BOGUS, EDE_NSEC_MISSING },
	{ "wrong data", flip_data, "www.tld", 0, "www.tld", TYPE_A, SECURITY_BOGUS, EDE_BOGUS },
	{ "wrong DS", flip_data, "safe.tld", TYPE_DS, "www.safe.tld", TYPE_A, SECURITY_BOGUS,
	  EDE_BOGUS },
	{ "wrong DNSKEY", flip_data, "safe.tld", TYPE_DNSKEY, "www.safe.tld", TYPE_A,
	  SECURITY_BOGUS, EDE_DNSKEY_MISSING },
	{ "F7: wrong root DNSKEY", flip_data, ".", TYPE_DNSKEY, "www.tld", TYPE_A, SECURITY_BOGUS,
	  EDE_DNSKEY_MISSING },
	{ "set of another owner", move_elsewhere, "www.tld", 0, "www.tld", TYPE_A, SECURITY_BOGUS,
	  EDE_INVALID_DATA },
	{ "NODATA without proof", strip_proofs, "www.tld", 0, "www.tld", TYPE_AAAA, SECURITY_BOGUS,
	  EDE_NSEC_MISSING },
	{ "NODATA unsigned", strip_signatures, "www.tld", 0, "www.tld", TYPE_AAAA, SECURITY_BOGUS,
	  EDE_RRSIGS_MISSING },
	{ "NODATA with an unsigned SOA", strip_soa_signature, "www.tld", 0, "www.tld", TYPE_AAAA,
	  SECURITY_BOGUS, EDE_RRSIGS_MISSING },
	{ "NODATA where there is data", deny_unsigned, "www.tld", TYPE_A, "www.tld", TYPE_A,
	  SECURITY_BOGUS, EDE_RRSIGS_MISSING },
	{ "NODATA with another name's proof", borrow_denial, "new.tld", 0, "new.tld", TYPE_A,
	  SECURITY_BOGUS, EDE_NSEC_MISSING },
	{ "NXDOMAIN without proof", strip_proofs, "nope.tld", 0, "nope.tld", TYPE_A, SECURITY_BOGUS,
	  EDE_NSEC_MISSING },
	{ "E10: wildcard without proof", strip_proofs, "x.wild.tld", 0, "x.wild.tld", TYPE_A,
	  SECURITY_BOGUS, EDE_NSEC_MISSING },
	{ "E10: CNAME wildcard without proof", strip_proofs, "x.wildc.tld", 0, "x.wildc.tld",
	  TYPE_A, SECURITY_BOGUS, EDE_NSEC_MISSING },
	{ "D3: 300 proofs", pad_proofs, "nope.tld", 0, "nope.tld", TYPE_A, SECURITY_BOGUS,
	  EDE_BOGUS },
	{ "unsigned CNAME", strip_signatures, "alias.tld", 0, "alias.tld", TYPE_A, SECURITY_BOGUS,
	  EDE_RRSIGS_MISSING },
	{ "unsigned DNAME", strip_signatures, "x.old.tld", 0, "x.old.tld", TYPE_A, SECURITY_BOGUS,
	  EDE_RRSIGS_MISSING },
	{ "E9: the parent signs for a secure child", sign_from_above, "www.safe.tld", 0,
	  "www.safe.tld", TYPE_A, SECURITY_BOGUS, EDE_BOGUS },
	{ "the parent signs for an insecure child", sign_from_above, "www.open.tld", 0,
	  "www.open.tld", TYPE_A, SECURITY_INSECURE, EDE_NONE },
	{ "E18: unsigned CNAME for a DS on the way", strip_signatures, "alias.tld", TYPE_DS,
	  "alias.tld", TYPE_DS, SECURITY_BOGUS, EDE_RRSIGS_MISSING },
};

static void expect_lie(struct tree *t, const struct lie_row *row)
{
	t->w.lie = row->lie;
	t->w.about = row->about;
	t->w.about_type = row->about_type;
	world_forget(&t->w);
	const struct judged *j = world_ask(&t->w, row->name, row->type);
	if (j->verdict.security != row->security || j->verdict.reason.ede != row->ede)
		printf("%s: %s %s\n", row->why, security_text(j->verdict.security),
		       j->verdict.reason.text != NULL ? j->verdict.reason.text : "");
	CU_ASSERT_EQUAL(j->verdict.security, row->security);
	CU_ASSERT_EQUAL(j->verdict.reason.ede, row->ede);
	CU_ASSERT(j->outcome.security == j->verdict.security || j->outcome.kind == OUTCOME_FAILURE);
	if (j->outcome.set != NULL)
		CU_ASSERT_NOT_EQUAL(j->outcome.set->security, SECURITY_SECURE);
	t->w.lie = NULL;
}

static void test_lies_are_told_apart_and_named(void)
{
	static const enum zone_denial denials[] = { ZONE_NSEC, ZONE_NSEC3 };
	for (size_t d = 0; d < 2; d++) {
		struct tree t = { 0 };
		plant(&t, denials[d]);
		for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
			expect_lie(&t, &lies[i]);
		fell(&t);
	}
}

static void test_a_cut_that_is_none_any_more_takes_nothing_from_its_parent(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC3);
	t.w.lie = answer_from_a_former_cut;
	t.w.about = "new.tld";
	CU_ASSERT_EQUAL(world_ask(&t.w, "new.tld", TYPE_A)->verdict.security, SECURITY_SECURE);
	world_forget(&t.w);
	t.w.about = "nope.tld";
	CU_ASSERT_EQUAL(world_ask(&t.w, "nope.tld", TYPE_A)->verdict.security, SECURITY_SECURE);
	fell(&t);
}

static void test_the_signature_that_held_comes_first_e7(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC);
	t.w.lie = lead_with_another_signer;
	t.w.about = "nope.tld";
	const struct judged *j = world_ask(&t.w, "nope.tld", TYPE_A);
	CU_ASSERT_EQUAL(j->verdict.security, SECURITY_SECURE);
	CU_ASSERT_FATAL(j->outcome.proof_count > 0);
	for (unsigned i = 0; i < j->outcome.proof_count; i++) {
		struct rrsig sig;
		CU_ASSERT_EQUAL_FATAL(rdata_rrsig(&j->outcome.proofs[i]->sigs[0], &sig), ERR_OK);
		CU_ASSERT(name_equal(&sig.signer, &t.tld_zone->apex));
	}
	fell(&t);
}

static void test_parents_record_of_a_cut_denies_nothing_of_the_child_e9(void)
{
	static const uint16_t types[] = { TYPE_A, TYPE_NS, TYPE_SOA, TYPE_TXT };
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC);
	for (unsigned i = 0; i < t.tld_zone->chain_count; i++) {
		struct name cut = name_of("safe.tld");
		if (name_equal(&t.tld_zone->chain[i]->owner, &cut))
			t.w.extra = t.tld_zone->chain[i];
	}
	CU_ASSERT_PTR_NOT_NULL_FATAL(t.w.extra);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct lie_row row = {
			"E9",       deny_by_parent, "safe.tld",     types[i],
			"safe.tld", types[i],       SECURITY_BOGUS, EDE_NSEC_MISSING
		};
		expect_lie(&t, &row);
	}
	fell(&t);
}

static void test_a_bogus_answer_costs_no_more_than_the_budget_allows(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC);
	t.w.lie = pad_proofs;
	t.w.about = "nope.tld";
	(void)world_ask(&t.w, "www.tld", TYPE_A); /* so that keys are known */
	uint32_t before = t.w.budget.verifies;
	(void)world_ask(&t.w, "nope.tld", TYPE_A);
	CU_ASSERT(before - t.w.budget.verifies <= LIMIT_PROOF_SETS);
	fell(&t);
}

static void test_nothing_is_verified_twice(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC);
	(void)world_ask(&t.w, "nope.tld", TYPE_A);
	uint32_t first = LIMIT_VERIFIES - t.w.budget.verifies;
	/* DNSKEY ., DS tld, DNSKEY tld, SOA tld, and the two NSEC: the least there is. */
	CU_ASSERT_EQUAL(first, 6);
	world_forget(&t.w);
	CU_ASSERT_EQUAL(world_ask(&t.w, "nope.tld", TYPE_A)->verdict.security, SECURITY_SECURE);
	CU_ASSERT_EQUAL(t.w.budget.verifies, LIMIT_VERIFIES);
	fell(&t);
}

static void test_an_exhausted_budget_fails_and_is_no_judgement(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC3);
	for (uint32_t n = 0; n < 6; n++) {
		world_forget(&t.w);
		keys_free(t.w.keys);
		t.w.keys = keys_new(&(struct siphash_key){ 1, n });
		CU_ASSERT_PTR_NOT_NULL_FATAL(t.w.keys);
		t.w.budget.verifies = n;
		const struct judged *j = world_ask(&t.w, "nope.tld", TYPE_A);
		CU_ASSERT_EQUAL(j->verdict.security, SECURITY_INDETERMINATE);
		CU_ASSERT_EQUAL(j->verdict.reason.ede, EDE_INDETERMINATE);
	}
	world_forget(&t.w);
	t.w.budget.hashes = 1;
	CU_ASSERT_EQUAL(world_ask(&t.w, "nope.tld", TYPE_A)->verdict.security, SECURITY_BOGUS);
	fell(&t);
}

static const struct unit_test tests[] = {
	UNIT(test_lies_are_told_apart_and_named),
	UNIT(test_a_cut_that_is_none_any_more_takes_nothing_from_its_parent),
	UNIT(test_the_signature_that_held_comes_first_e7),
	UNIT(test_parents_record_of_a_cut_denies_nothing_of_the_child_e9),
	UNIT(test_a_bogus_answer_costs_no_more_than_the_budget_allows),
	UNIT(test_nothing_is_verified_twice),
	UNIT(test_an_exhausted_budget_fails_and_is_no_judgement),
};
const struct unit_suite suite_lies = { "lies", tests, sizeof(tests) / sizeof(tests[0]) };
