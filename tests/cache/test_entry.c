#include "cache/entry.h"
#include "cache/hashed.h"
#include "cache/key.h"
#include "tests/cache/sample.h"
#include "tests/cache/suites.h"
#include <string.h>

struct packed {
	struct key key;
	uint8_t octets[4096];
	size_t len;
};

static const struct entry head = {
	.rank = RANK_SECURE, .security = SECURITY_SECURE, .stored_s = 1000, .lifetime_s = 86400,
	.bound_s = TTL_NO_BOUND, .resolve_ms = 20,
};

static void pack(struct sample *s, const char *name, uint16_t type, const struct outcome *o,
                 struct packed *out)
{
	struct name owner = name_of(name);
	struct writer w = writer_of(out->octets, sizeof(out->octets));
	CU_ASSERT_FATAL(key_typed(&out->key, KEY_DATA, &owner, type));
	CU_ASSERT_EQUAL_FATAL(entry_pack_outcome(&w, &head, &owner, o), ERR_OK);
	out->len = writer_length(&w);
	entry_seal(&s->key, out->key.octets, out->key.len, out->octets, out->len);
}

static void test_an_address_is_small(void)
{
	struct sample s;
	struct packed p;
	sample_open(&s);
	struct outcome a = sample_answer(&s, "www.example. 86400 IN A 192.0.2.1\n", SECURITY_INSECURE);
	pack(&s, "www.example.", TYPE_A, &a, &p);
	CU_ASSERT(p.len <= 24);
	struct outcome b = sample_answer(&s, "www.example. 86400 IN A 192.0.2.1\n"
	                                     "www.example. 300 IN " SIG("A", "2", "300", "example."),
	                                 SECURITY_SECURE);
	pack(&s, "www.example.", TYPE_A, &b, &p);
	CU_ASSERT(p.len <= 24 + 16 + 2 + 64);
	sample_close(&s);
}

static void test_resolve_time_is_kept_within_an_eighth_and_never_less(void)
{
	struct sample s;
	struct packed p;
	struct entry h = head, e;
	sample_open(&s);
	struct outcome a = sample_answer(&s, "www.example. 86400 IN A 192.0.2.1\n", SECURITY_INSECURE);
	struct name owner = name_of("www.example.");
	for (uint32_t ms = 0; ms < 20000; ms += 1 + ms / 50) {
		struct writer w = writer_of(p.octets, sizeof(p.octets));
		h.resolve_ms = ms;
		CU_ASSERT_EQUAL_FATAL(entry_pack_outcome(&w, &h, &owner, &a), ERR_OK);
		CU_ASSERT_EQUAL_FATAL(entry_read(p.octets, writer_length(&w), &e), ERR_OK);
		CU_ASSERT(e.resolve_ms >= ms && e.resolve_ms <= ms + ms / 8 + 1);
	}
	sample_close(&s);
}

static void test_every_flipped_bit_is_noticed_and_nothing_is_read_beyond(void)
{
	struct sample s;
	struct packed p;
	struct entry e;
	struct outcome out;
	sample_open(&s);
	struct outcome nx = sample_negative(&s, OUTCOME_NXDOMAIN,
	                                    "example. 900 IN SOA ns.example. root.example. 1 7200 900 1209600 300\n"
	                                    "example. 900 IN " SIG("SOA", "1", "900", "example."),
	                                    SECURITY_SECURE);
	struct rrset *proof = sample_set(&s, "m.example. 300 IN NSEC o.example. A RRSIG NSEC\n"
	                                     "m.example. 300 IN " SIG("NSEC", "2", "300", "example."),
	                                 RANK_AUTHORITY, SECURITY_SECURE);
	nx.proofs = &proof;
	nx.proof_count = 1;
	nx.reason = (struct reason){ EDE_NTA, "TEST why" };
	pack(&s, "n.example.", TYPE_A, &nx, &p);
	struct name owner = name_of("n.example.");
	struct arena *a = arena_new(64 << 10);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	for (size_t bit = 0; bit < p.len * 8; bit++) {
		/* in memory of its own size, so that the sanitizer sees a step too far */
		uint8_t *copy = arena_copy(s.arena, p.octets, p.len);
		CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		CU_ASSERT_FALSE(entry_intact(&s.key, p.key.octets, p.key.len, copy, p.len));
		if (entry_read(copy, p.len, &e) == ERR_OK)
			(void)!entry_outcome(&e, &owner, TYPE_A, 1, a, &out);
		arena_reset(a);
	}
	CU_ASSERT(entry_intact(&s.key, p.key.octets, p.key.len, p.octets, p.len));
	CU_ASSERT_FALSE(entry_intact(&s.key, p.key.octets, p.key.len - 1u, p.octets, p.len));
	for (size_t len = 0; len < p.len; len++) {
		CU_ASSERT_FALSE(entry_intact(&s.key, p.key.octets, p.key.len, p.octets, len));
		if (entry_read(p.octets, len, &e) == ERR_OK)
			CU_ASSERT_NOT_EQUAL(entry_outcome(&e, &owner, TYPE_A, 1, a, &out), ERR_OK);
		arena_reset(a);
	}
	CU_ASSERT_EQUAL_FATAL(entry_read(p.octets, p.len, &e), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(entry_outcome(&e, &owner, TYPE_A, 1, a, &out), ERR_OK);
	CU_ASSERT_EQUAL(out.reason.ede, EDE_NTA);
	CU_ASSERT_STRING_EQUAL(out.reason.text, "TEST why");
	arena_free(a);
	sample_close(&s);
}

static void test_an_entry_of_another_version_is_none(void)
{
	struct sample s;
	struct packed p;
	struct entry e;
	sample_open(&s);
	struct outcome a = sample_answer(&s, "www.example. 86400 IN A 192.0.2.1\n", SECURITY_INSECURE);
	pack(&s, "www.example.", TYPE_A, &a, &p);
	p.octets[0] = (uint8_t)(p.octets[0] + 0x10);
	CU_ASSERT_EQUAL(entry_read(p.octets, p.len, &e), ERR_VERSION);
	sample_close(&s);
}

static void test_a_signature_by_somebody_below_or_beside_is_left_out(void)
{
	struct sample s;
	struct packed p;
	struct entry e;
	struct outcome out;
	sample_open(&s);
	struct outcome a = sample_answer(&s, "www.example. 300 IN A 192.0.2.1\n"
	                                     "www.example. 300 IN " SIG("A", "2", "300", "other.")
	                                     "www.example. 300 IN " SIG("A", "2", "300", "x.www.example.")
	                                     "www.example. 300 IN " SIG("A", "2", "300", "example."),
	                                 SECURITY_SECURE);
	CU_ASSERT_EQUAL_FATAL(a.set->sig_count, 3);
	pack(&s, "www.example.", TYPE_A, &a, &p);
	CU_ASSERT_EQUAL_FATAL(entry_read(p.octets, p.len, &e), ERR_OK);
	struct name owner = name_of("www.example.");
	CU_ASSERT_EQUAL_FATAL(entry_outcome(&e, &owner, TYPE_A, 1, s.arena, &out), ERR_OK);
	CU_ASSERT_EQUAL(out.set->sig_count, 1);
	sample_close(&s);
}

static void test_hashed_owners_go_both_ways(void)
{
	struct name zone = name_of("example."), back;
	struct name owner = name_of("0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM.example."); /* RFC 5155 appendix A */
	uint8_t hash[HASHED_OCTETS];
	size_t len;
	CU_ASSERT_EQUAL_FATAL(hashed_read(&owner, &zone, hash, &len), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(len, 20);
	CU_ASSERT_EQUAL_FATAL(hashed_owner(hash, len, &zone, &back), ERR_OK);
	CU_ASSERT(name_equal(&owner, &back));
	static const char *const wrong[] = { "example.", "zz.example.", "00.0p.example.", "0p.test.", "0.example." };
	for (unsigned i = 0; i < 5; i++) {
		owner = name_of(wrong[i]);
		CU_ASSERT_EQUAL(hashed_read(&owner, &zone, hash, &len), ERR_FORMAT);
	}
}

static const struct unit_test tests[] = {
	UNIT(test_an_address_is_small),
	UNIT(test_resolve_time_is_kept_within_an_eighth_and_never_less),
	UNIT(test_every_flipped_bit_is_noticed_and_nothing_is_read_beyond),
	UNIT(test_an_entry_of_another_version_is_none),
	UNIT(test_a_signature_by_somebody_below_or_beside_is_left_out),
	UNIT(test_hashed_owners_go_both_ways),
};

const struct unit_suite suite_entry = { "entry", tests, sizeof(tests) / sizeof(tests[0]) };
