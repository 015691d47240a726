#include "resolver/wire/writer.h"
#include "tests/unit.h"
#include "tests/validator/suites.h"
#include "tests/validator/tree.h"
#include "validator/crypto.h"
#include "validator/dnskey.h"
#include "validator/rrsig.h"
#include <string.h>

/*
 * KeyTrap, CVE-2023-50387: many keys of one tag and many signatures by that tag.  The tag is a sum
 * over pairs of octets, so pairs of the modulus may change places.
 */
struct trap {
	struct arena *arena;
	struct keys *keys;
	struct name zone;
	struct rrset *dnskeys, *set;
	uint16_t tag;
};

static void add_rrsig(struct trap *t, uint8_t algorithm, uint8_t filler, size_t len)
{
	uint8_t octets[1024];
	struct writer w = writer_of(octets, sizeof(octets));
	write_u16(&w, TYPE_A);
	write_u8(&w, algorithm);
	write_u8(&w, (uint8_t)name_labels(&t->zone));
	write_u32(&w, 3600);
	write_u32(&w, WORLD_NOW + 1000);
	write_u32(&w, WORLD_NOW - 1000);
	write_u16(&w, t->tag);
	write_plain_name(&w, &t->zone);
	for (size_t i = 0; i < len; i++)
		write_u8(&w, filler);
	struct rdata *more = arena_array(t->arena, t->set->sig_count + 1u, sizeof(*more));
	for (unsigned i = 0; i < t->set->sig_count; i++)
		more[i] = t->set->sigs[i];
	more[t->set->sig_count].octets = arena_copy(t->arena, octets, writer_length(&w));
	more[t->set->sig_count++].len = (uint16_t)writer_length(&w);
	t->set->sigs = more;
}

static void set_trap(struct trap *t, uint8_t algorithm, unsigned keys, unsigned signatures)
{
	static const struct siphash_key seed = { 11, 12 };
	struct sign_key *k = sign_key_new(algorithm, 256, 0);
	t->arena = arena_new(8 << 20);
	t->keys = keys_new(&seed);
	t->zone = name_of("trap");
	CU_ASSERT_FATAL(k != NULL && t->arena != NULL && t->keys != NULL);
	t->dnskeys = sign_new_set(t->arena, &t->zone, TYPE_DNSKEY, 3600);
	t->set = sign_new_set(t->arena, &t->zone, TYPE_A, 3600);
	CU_ASSERT_EQUAL_FATAL(sign_add(t->arena, t->set, "\1\2\3\4", 4), ERR_OK);
	t->tag = sign_key_tag(k);
	const struct rdata *r = sign_key_rdata(k);
	for (unsigned i = 0; i < keys; i++) {
		uint8_t octets[1024], pair[2];
		size_t at = 16 + 2 * (i % 10), other = 36 + 2 * (i / 10);
		memcpy(octets, r->octets, r->len);
		memcpy(pair, octets + at, 2);
		memcpy(octets + at, octets + other % (r->len - 2u), 2);
		memcpy(octets + other % (r->len - 2u), pair, 2);
		CU_ASSERT_EQUAL_FATAL(sign_add(t->arena, t->dnskeys, octets, r->len), ERR_OK);
		CU_ASSERT_EQUAL(dnskey_tag(&t->dnskeys->rdata[i]), t->tag);
	}
	for (unsigned i = 0; i < signatures; i++)
		add_rrsig(t, algorithm, (uint8_t)(i + 1), r->len < 40 ? 64 : 128);
	sign_key_free(k);
}

static void clear_trap(struct trap *t)
{
	keys_free(t->keys);
	arena_free(t->arena);
}

static enum fault spring(struct trap *t, struct budget *budget)
{
	struct signature sig;
	struct verifier by = { .keys = t->keys, .budget = budget, .now = { 0, WORLD_NOW } };
	return rrsig_verify(&by, t->set, &t->zone, t->dnskeys, &sig);
}

static void test_keytrap_costs_a_few_signatures_d1(void)
{
	static const uint8_t algorithms[] = { 8, 13 };
	for (size_t i = 0; i < sizeof(algorithms); i++) {
		struct trap t;
		struct budget budget;
		budget_init(&budget, 0);
		set_trap(&t, algorithms[i], 100, 100);
		CU_ASSERT_EQUAL(spring(&t, &budget), FAULT_COSTLY);
		CU_ASSERT(LIMIT_VERIFIES - budget.verifies <= LIMIT_VERIFY_FAILURES);
		CU_ASSERT_EQUAL(budget.verify_failures, 0);
		/* The question has no more to spend, wherever it goes. */
		uint32_t left = budget.verifies;
		CU_ASSERT_EQUAL(spring(&t, &budget), FAULT_COSTLY);
		CU_ASSERT_EQUAL(budget.verifies, left);
		clear_trap(&t);
	}
}

static void test_two_keys_of_a_tag_are_tried_and_no_third(void)
{
	struct trap t;
	struct budget budget;
	budget_init(&budget, 0);
	set_trap(&t, 8, 10, 1);
	CU_ASSERT_EQUAL(spring(&t, &budget), FAULT_WRONG);
	CU_ASSERT_EQUAL(LIMIT_VERIFIES - budget.verifies, LIMIT_SAME_TAG_KEYS);
	clear_trap(&t);
}

static void test_four_signatures_of_a_set_are_tried_and_no_fifth(void)
{
	struct trap t;
	struct budget budget;
	budget_init(&budget, 0);
	budget.verify_failures = 100;
	set_trap(&t, 8, 1, 9);
	CU_ASSERT_EQUAL(spring(&t, &budget), FAULT_WRONG);
	CU_ASSERT_EQUAL(LIMIT_VERIFIES - budget.verifies, LIMIT_RRSIGS_TRIED);
	clear_trap(&t);
}

static void test_a_key_of_bad_shape_counts_as_a_failure_d4(void)
{
	struct trap t;
	struct budget budget;
	budget_init(&budget, 0);
	set_trap(&t, 8, 1, 1);
	uint8_t octets[1024];
	struct rdata *r = &t.dnskeys->rdata[0];
	memcpy(octets, r->octets, r->len);
	octets[5] ^=
	    0x80; /* another exponent, an even modulus: whatever, and the tag that goes with it */
	octets[r->len - 1] &= 0xfe;
	r->octets = octets;
	t.tag = dnskey_tag(r);
	t.set->sig_count = 0;
	add_rrsig(&t, 8, 1, 128);
	CU_ASSERT_EQUAL(spring(&t, &budget), FAULT_WRONG);
	CU_ASSERT_EQUAL(budget.verify_failures, LIMIT_VERIFY_FAILURES - 1);
	clear_trap(&t);
}

static void test_no_signature_no_cost(void)
{
	struct trap t;
	struct budget budget;
	budget_init(&budget, 0);
	set_trap(&t, 13, 1, 0);
	CU_ASSERT_EQUAL(spring(&t, &budget), FAULT_UNSIGNED);
	add_rrsig(&t, 99, 1, 64);
	CU_ASSERT_EQUAL(spring(&t, &budget), FAULT_ALGORITHM);
	t.set->sigs[0].len = 17;
	CU_ASSERT_EQUAL(spring(&t, &budget), FAULT_MALFORMED);
	CU_ASSERT_EQUAL(budget.verifies, LIMIT_VERIFIES);
	clear_trap(&t);
}

static void test_meta_types_and_signatures_are_never_signed_data_e14(void)
{
	static const uint16_t types[] = {
		TYPE_RRSIG, TYPE_ANY, TYPE_OPT, TYPE_TSIG, TYPE_NXNAME, 0
	};
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct trap t;
		struct budget budget;
		budget_init(&budget, 0);
		set_trap(&t, 13, 1, 1);
		t.set->type = types[i];
		uint8_t octets[1024];
		memcpy(octets, t.set->sigs[0].octets, t.set->sigs[0].len);
		octets[0] = (uint8_t)(types[i] >> 8);
		octets[1] = (uint8_t)types[i];
		t.set->sigs[0].octets = octets;
		/* The four octets are no RRSIG. */
		CU_ASSERT_EQUAL(spring(&t, &budget),
				types[i] == TYPE_RRSIG ? FAULT_MALFORMED : FAULT_TYPE);
		CU_ASSERT_EQUAL(budget.verifies, LIMIT_VERIFIES);
		clear_trap(&t);
	}
}

static const struct unit_test tests[] = {
	UNIT(test_keytrap_costs_a_few_signatures_d1),
	UNIT(test_two_keys_of_a_tag_are_tried_and_no_third),
	UNIT(test_four_signatures_of_a_set_are_tried_and_no_fifth),
	UNIT(test_a_key_of_bad_shape_counts_as_a_failure_d4),
	UNIT(test_no_signature_no_cost),
	UNIT(test_meta_types_and_signatures_are_never_signed_data_e14),
};
const struct unit_suite suite_limits = { "limits", tests, sizeof(tests) / sizeof(tests[0]) };
