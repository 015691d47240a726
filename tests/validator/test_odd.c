#include "tests/unit.h"
#include "tests/validator/suites.h"
#include "tests/validator/tree.h"
#include "validator/crypto.h"
#include <stdio.h>
#include <string.h>

/* Signatures by names that are no zones, by zones above, and keys where no zone is. */

static const struct sign_how honest = { .inception = WORLD_NOW - 3600,
					.expiration = WORLD_NOW + 86400 };

/* The A record at name, signed by key as signer says. */
static struct rrset *forge(struct world *w, const struct name *name, const struct sign_key *key,
			   const char *signer)
{
	struct name zone = name_of(signer);
	struct rrset *set = sign_new_set(w->arena, name, TYPE_A, 3600);
	CU_ASSERT_PTR_NOT_NULL_FATAL(set);
	CU_ASSERT_EQUAL_FATAL(sign_add(w->arena, set, "\xc0\0\2\1", 4), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(sign_rrset(w->arena, set, key, &zone, &honest), ERR_OK);
	return set;
}

static bool replace_a(struct world *w, const struct question *q, struct outcome *o)
{
	struct name about = name_of(w->about);
	if (q->type == TYPE_A && name_equal(&q->name, &about)) {
		o->kind = OUTCOME_ANSWER;
		o->set = w->extra;
	}
	return true;
}

static void expect(struct tree *t, const char *name, uint16_t type, enum security security,
		   const char *code)
{
	world_forget(&t->w);
	const struct judged *j = world_ask(&t->w, name, type);
	const char *text = j->verdict.reason.text != NULL ? j->verdict.reason.text : "";
	if (j->verdict.security != security || strncmp(text, code, strlen(code)) != 0)
		printf("%s: %s %s\n", name, security_text(j->verdict.security), text);
	CU_ASSERT_EQUAL(j->verdict.security, security);
	CU_ASSERT_EQUAL(strncmp(text, code, strlen(code)), 0);
}

static void forge_and_expect(struct tree *t, const char *name, const struct sign_key *key,
			     const char *signer, enum security security, const char *code)
{
	struct name owner = name_of(name);
	t->w.lie = replace_a;
	t->w.about = name;
	t->w.extra = forge(&t->w, &owner, key, signer);
	expect(t, name, TYPE_A, security, code);
	t->w.lie = NULL;
}

static void test_signers_that_are_no_zone_of_the_name(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC);
	forge_and_expect(&t, "a.ent.tld", t.tld, "ent.tld", SECURITY_BOGUS, "KMIS");
	forge_and_expect(&t, "www.tld", t.tld, "www.tld", SECURITY_BOGUS, "KMIS");
	/* Below the name, beside it: nobody's signature. */
	forge_and_expect(&t, "www.tld", t.tld, "x.www.tld", SECURITY_BOGUS, "SGNO");
	forge_and_expect(&t, "www.tld", t.tld, "safe.tld", SECURITY_BOGUS, "SGNO");
	/* Left-overs of the parent's signatures in an unsigned zone do no harm. */
	forge_and_expect(&t, "www.open.tld", t.safe, "tld", SECURITY_INSECURE, "");
	forge_and_expect(&t, "www.open.tld", t.safe, "open.tld", SECURITY_INSECURE, "");
	/* In a signed one they do not count. */
	forge_and_expect(&t, "www.safe.tld", t.safe, "tld", SECURITY_BOGUS, "SGKY");
	fell(&t);
}

static bool give_keys(struct world *w, const struct question *q, struct outcome *o)
{
	struct name about = name_of(w->about);
	if (q->type == TYPE_DNSKEY && name_equal(&q->name, &about)) {
		o->kind = OUTCOME_ANSWER;
		o->set = w->extra;
	}
	return true;
}

static void give_keys_and_expect(struct tree *t, const char *name, enum security security,
				 const char *code)
{
	struct name zone = name_of(name);
	struct rrset *set = sign_new_set(t->w.arena, &zone, TYPE_DNSKEY, 3600);
	const struct rdata *r = sign_key_rdata(t->safe);
	CU_ASSERT_PTR_NOT_NULL_FATAL(set);
	CU_ASSERT_EQUAL_FATAL(sign_add(t->w.arena, set, r->octets, r->len), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(sign_rrset(t->w.arena, set, t->safe, &zone, &honest), ERR_OK);
	t->w.lie = give_keys;
	t->w.about = name;
	t->w.extra = set;
	expect(t, name, TYPE_DNSKEY, security, code);
	t->w.lie = NULL;
}

static void test_keys_where_the_parent_has_no_zone(void)
{
	static const enum zone_denial denials[] = { ZONE_NSEC, ZONE_NSEC3 };
	for (size_t i = 0; i < 2; i++) {
		struct tree t = { 0 };
		plant(&t, denials[i]);
		give_keys_and_expect(&t, "www.tld", SECURITY_BOGUS, "NCUT");
		give_keys_and_expect(&t, "nope.tld", SECURITY_BOGUS, "NCUT");
		give_keys_and_expect(&t, "alias.tld", SECURITY_BOGUS, "NCUT");
		give_keys_and_expect(&t, "open.tld", SECURITY_INSECURE, "");
		fell(&t);
	}
}

static bool strip_all_below_safe(struct world *w, const struct question *q, struct outcome *o)
{
	struct name safe = name_of("safe.tld");
	(void)w;
	if (q->type != TYPE_DS && name_is_within(&q->name, &safe) && o->set != NULL)
		o->set->sig_count = 0;
	return true;
}

static void test_hashes_that_run_out_while_looking_for_a_cut(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC3);
	bool seen = false;
	/* Somewhere between "cannot even begin" and "enough" lies "not enough for the cut". */
	for (uint32_t n = 0; n < 12; n++) {
		world_forget(&t.w);
		t.w.budget.hashes = n;
		const struct judged *j = world_ask(&t.w, "www.open.tld", TYPE_A);
		const char *text = j->verdict.reason.text;
		CU_ASSERT(j->verdict.security == SECURITY_INSECURE ||
			  j->verdict.security == SECURITY_BOGUS);
		seen = seen || (text != NULL && strncmp(text, "DSCO", 4) == 0);
	}
	CU_ASSERT(seen);
	t.w.lie = strip_all_below_safe;
	expect(&t, "www.safe.tld", TYPE_A, SECURITY_BOGUS, "SGNO");
	expect(&t, "sub.safe.tld", TYPE_DNSKEY, SECURITY_INDETERMINATE, "");
	fell(&t);
}

static void test_other_classes_and_failures_are_passed_on(void)
{
	struct tree t = { 0 };
	struct question q = { name_of("www.tld"), TYPE_A, CLASS_CH };
	struct outcome o = { .kind = OUTCOME_NODATA };
	plant(&t, ZONE_NSEC);
	struct validate_env env = { &t.w.policy, t.w.anchors, t.w.keys, false };
	struct validate *v = validate_new(t.w.arena, &env, &q, &o, &t.w.budget);
	CU_ASSERT_PTR_NOT_NULL_FATAL(v);
	struct validate_want w = validate_next(v, t.w.now);
	CU_ASSERT(w.kind == VALIDATE_DONE && w.verdict.security == SECURITY_INSECURE);
	/* What comes late or unasked is dropped. */
	validate_on_fetched(v, t.w.now, &q, &o);
	CU_ASSERT_EQUAL(validate_next(v, t.w.now).verdict.security, SECURITY_INSECURE);
	fell(&t);
}

static bool show_rrsigs(struct world *w, const struct question *q, struct outcome *o)
{
	if (q->type != TYPE_RRSIG)
		return true;
	struct question data = { q->name, TYPE_A, CLASS_IN };
	struct rrset *ds;
	if (zone_answer(&w->zones[1], &data, w->arena, o, &ds) != ZONE_OUTCOME)
		return false;
	o->set->type = TYPE_RRSIG;
	o->set->rdata = o->set->sigs;
	o->set->count = o->set->sig_count;
	o->set->sig_count = 0;
	return true;
}

static void test_rrsigs_are_answered_but_never_secure(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC);
	t.w.lie = show_rrsigs;
	expect(&t, "www.tld", TYPE_RRSIG, SECURITY_INSECURE, "");
	fell(&t);
}

static void test_validate_survives_want_of_memory(void)
{
	struct tree t = { 0 };
	struct question q = { name_of("www.tld"), TYPE_A, CLASS_IN };
	struct outcome o = { .kind = OUTCOME_NODATA };
	plant(&t, ZONE_NSEC);
	struct validate_env env = { &t.w.policy, t.w.anchors, t.w.keys, false };
	arena_fail_after(t.w.arena, 1);
	CU_ASSERT_PTR_NULL(validate_new(t.w.arena, &env, &q, &o, &t.w.budget));
	fell(&t);
}

static const struct unit_test tests[] = {
	UNIT(test_signers_that_are_no_zone_of_the_name),
	UNIT(test_keys_where_the_parent_has_no_zone),
	UNIT(test_hashes_that_run_out_while_looking_for_a_cut),
	UNIT(test_other_classes_and_failures_are_passed_on),
	UNIT(test_rrsigs_are_answered_but_never_secure),
	UNIT(test_validate_survives_want_of_memory),
};
const struct unit_suite suite_odd = { "odd", tests, sizeof(tests) / sizeof(tests[0]) };
