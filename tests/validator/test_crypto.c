#include "resolver/base/limits.h"
#include "tests/sign/sign.h"
#include "tests/validator/suites.h"
#include "validator/crypto.h"
#include "validator/dnskey.h"
#include "validator/keys.h"
#include <stdio.h>
#include <string.h>

static void test_can_and_allowed_are_two_questions_rfc9905(void)
{
	static const struct {
		uint8_t algorithm;
		bool can, allowed;
	} rows[] = {
		{ 0, false, false },   { 1, false, false },   { 3, false, false },
		{ 5, true, false },    { 6, false, false },   { 7, true, false },
		{ 8, true, true },     { 10, true, true },    { 12, false, false },
		{ 13, true, true },    { 14, true, true },    { 15, true, true },
		{ 16, true, true },    { 17, false, false },  { 23, false, false },
		{ 253, false, false }, { 254, false, false }, { 255, false, false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT_EQUAL(crypto_can(rows[i].algorithm), rows[i].can);
		CU_ASSERT_EQUAL(crypto_allowed(rows[i].algorithm, false), rows[i].allowed);
		CU_ASSERT_EQUAL(crypto_allowed(rows[i].algorithm, true), rows[i].can);
	}
	CU_ASSERT(crypto_can_digest(DIGEST_SHA1) && !crypto_digest_allowed(DIGEST_SHA1, false));
	CU_ASSERT(crypto_digest_allowed(DIGEST_SHA1, true));
	CU_ASSERT(crypto_digest_allowed(DIGEST_SHA256, false));
	CU_ASSERT(crypto_digest_allowed(DIGEST_SHA384, false));
	CU_ASSERT_FALSE(crypto_can_digest(3) || crypto_can_digest(5) || crypto_can_digest(0));
}

/* An RSA key field: exponent, then a modulus of bits with its last octet given. */
static size_t rsa(uint8_t *out, const char *exponent, size_t exponent_len, unsigned bits,
		  uint8_t last)
{
	size_t n = 1, modulus = (bits + 7) / 8;
	out[0] = (uint8_t)exponent_len;
	memcpy(out + n, exponent, exponent_len);
	n += exponent_len;
	memset(out + n, 0x5a, modulus);
	if (modulus > 0) {
		unsigned top = (bits - 1) % 8;
		out[n] = (uint8_t)(1u << top | 1u);
		out[n + modulus - 1] = last;
	}
	return n + modulus;
}

static void test_rsa_keys_of_costly_or_ambiguous_shape_are_not_touched_d4(void)
{
	static const struct {
		const char *why, *exponent;
		size_t exponent_len;
		unsigned bits;
		uint8_t last;
		enum err err;
	} rows[] = {
		{ "common", "\1\0\1", 3, 2048, 0x55, ERR_OK },
		{ "smallest", "\3", 1, 1024, 0x55, ERR_OK },
		{ "largest", "\1\0\0\0\1", 5, 4096, 0x55, ERR_OK },
		{ "modulus one bit short", "\1\0\1", 3, 1023, 0x55, ERR_FORMAT },
		{ "modulus one bit long", "\1\0\1", 3, 4097, 0x55, ERR_FORMAT },
		{ "even modulus", "\1\0\1", 3, 2048, 0x54, ERR_FORMAT },
		{ "no modulus", "\1\0\1", 3, 0, 0, ERR_FORMAT },
		{ "e is 1", "\1", 1, 2048, 0x55, ERR_FORMAT },
		{ "e is even", "\1\0\2", 3, 2048, 0x55, ERR_FORMAT },
		{ "e is 0", "\0", 1, 2048, 0x55, ERR_FORMAT },
		{ "e with a leading zero", "\0\1\0\1", 4, 2048, 0x55, ERR_FORMAT },
		{ "e over 2^32 + 1", "\1\0\0\0\3", 5, 2048, 0x55, ERR_FORMAT },
		{ "e of 6 octets", "\1\0\0\0\0\1", 6, 2048, 0x55, ERR_FORMAT },
		{ "e empty, as a long length", "", 0, 2048, 0x55, ERR_FORMAT },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t field[1024];
		struct crypto_key *k = NULL;
		size_t len =
		    rsa(field, rows[i].exponent, rows[i].exponent_len, rows[i].bits, rows[i].last);
		enum err e = crypto_key_new(ALGORITHM_RSASHA256, field, len, &k);
		if (e != rows[i].err)
			printf("%s: %s\n", rows[i].why, err_text(e));
		CU_ASSERT_EQUAL(e, rows[i].err);
		crypto_key_free(k);
	}
}

static void test_rsa_modulus_with_a_leading_zero_is_refused(void)
{
	uint8_t field[300];
	struct crypto_key *k = NULL;
	size_t len = rsa(field, "\1\0\1", 3, 2048, 0x55);
	memmove(field + 5, field + 4, len - 4);
	field[4] = 0;
	CU_ASSERT_EQUAL(crypto_key_new(ALGORITHM_RSASHA256, field, len + 1, &k), ERR_FORMAT);
}

static void test_keys_of_every_length_are_refused_or_taken_without_harm(void)
{
	static const uint8_t algorithms[] = { 5, 7, 8, 10, 13, 14, 15, 16, 3, 12 };
	uint8_t field[600];
	memset(field, 1, sizeof(field));
	for (size_t i = 0; i < sizeof(algorithms); i++) {
		for (size_t len = 0; len < sizeof(field); len += len < 120 ? 1 : 37) {
			struct crypto_key *k = NULL;
			if (crypto_key_new(algorithms[i], field, len, &k) == ERR_OK)
				CU_ASSERT_FALSE(crypto_verify(k, field, 10, field, 64));
			crypto_key_free(k);
		}
	}
}

/* Signs an RRset and hands out what was signed. */
static void check_algorithm(uint8_t algorithm)
{
	struct dnskey parsed;
	struct crypto_key *key = NULL;
	struct name zone = name_of("example");
	struct rrsig sig;
	struct sign_how how = { .inception = 1, .expiration = 2 };
	struct arena *a = arena_new(1 << 16);
	struct sign_key *k = sign_key_new(algorithm, 256, 0);
	CU_ASSERT_FATAL(a != NULL && k != NULL);
	struct rrset *set = sign_new_set(a, &zone, TYPE_A, 60);
	CU_ASSERT_EQUAL_FATAL(sign_add(a, set, "\1\2\3\4", 4), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(sign_rrset(a, set, k, &zone, &how), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(rdata_rrsig(&set->sigs[0], &sig), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(dnskey_parse(sign_key_rdata(k), &parsed), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(crypto_key_new(algorithm, parsed.material, parsed.material_len, &key),
			      ERR_OK);
	uint8_t octets[1024] = { 0 };
	memcpy(octets, sig.signature, sig.signature_len);
	/* Nothing that is not the signature passes: other data, zeros, other lengths. */
	CU_ASSERT_FALSE(crypto_verify(key, octets, 3, octets, sig.signature_len));
	CU_ASSERT_FALSE(crypto_verify(key, octets, 3, octets, sig.signature_len + 1));
	CU_ASSERT_FALSE(crypto_verify(key, octets, 3, octets, sig.signature_len - 1));
	CU_ASSERT_FALSE(crypto_verify(key, octets, 3, octets, 0));
	memset(octets, 0, sizeof(octets));
	CU_ASSERT_FALSE(crypto_verify(key, octets, 3, octets, sig.signature_len));
	memset(octets, 0xff, sizeof(octets));
	CU_ASSERT_FALSE(crypto_verify(key, octets, 3, octets, sig.signature_len));
	crypto_key_free(key);
	sign_key_free(k);
	arena_free(a);
}

static void test_edge_signatures_never_verify(void)
{
	static const uint8_t algorithms[] = { 5, 7, 8, 10, 13, 14, 15, 16 };
	for (size_t i = 0; i < sizeof(algorithms); i++)
		check_algorithm(algorithms[i]);
}

static void test_keys_remembers_by_material_and_not_by_tag(void)
{
	static const struct siphash_key seed = { 5, 6 };
	struct keys *keys = keys_new(&seed);
	struct sign_key *one = sign_key_new(13, 256, 0), *two = sign_key_new(13, 256, 0);
	struct dnskey a, b;
	CU_ASSERT_FATAL(keys != NULL && one != NULL && two != NULL);
	CU_ASSERT_EQUAL_FATAL(dnskey_parse(sign_key_rdata(one), &a), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(dnskey_parse(sign_key_rdata(two), &b), ERR_OK);
	const struct crypto_key *first = keys_get(keys, 13, a.material, a.material_len);
	CU_ASSERT_PTR_NOT_NULL(first);
	CU_ASSERT_PTR_EQUAL(keys_get(keys, 13, a.material, a.material_len), first);
	CU_ASSERT_PTR_NULL(keys_get(keys, 14, a.material, a.material_len));
	CU_ASSERT_PTR_NOT_EQUAL(keys_get(keys, 13, b.material, b.material_len), first);
	CU_ASSERT_PTR_NULL(keys_get(keys, 13, b.material, b.material_len - 1));
	sign_key_free(one);
	sign_key_free(two);
	keys_free(keys);
}

static struct proof_id proof_number(unsigned n)
{
	return (struct proof_id){ { 1, (uint8_t)(n >> 8), (uint8_t)n } };
}

/* Two that fall on the same place do not drive each other out: of 512 in 8192 places 16 would be gone. */
static void test_proofs_are_remembered_until_two_newer_ones_take_their_places(void)
{
	static const struct siphash_key seed = { 7, 8 };
	enum { PROOFS = 512 };
	struct keys *keys = keys_new(&seed);
	unsigned remembered = 0;
	CU_ASSERT_FATAL(keys != NULL);
	for (unsigned n = 0; n < PROOFS; n++) {
		struct proof_id id = proof_number(n);
		CU_ASSERT_FALSE(keys_has_proof(keys, &id));
		keys_keep_proof(keys, &id);
		CU_ASSERT(keys_has_proof(keys, &id));
	}
	for (unsigned n = 0; n < PROOFS; n++) {
		struct proof_id id = proof_number(n);
		remembered += keys_has_proof(keys, &id);
	}
	CU_ASSERT(remembered >= PROOFS - 4);
	keys_free(keys);
}

static const struct unit_test tests[] = {
	UNIT(test_can_and_allowed_are_two_questions_rfc9905),
	UNIT(test_rsa_keys_of_costly_or_ambiguous_shape_are_not_touched_d4),
	UNIT(test_rsa_modulus_with_a_leading_zero_is_refused),
	UNIT(test_keys_of_every_length_are_refused_or_taken_without_harm),
	UNIT(test_edge_signatures_never_verify),
	UNIT(test_keys_remembers_by_material_and_not_by_tag),
	UNIT(test_proofs_are_remembered_until_two_newer_ones_take_their_places),
};
const struct unit_suite suite_crypto = { "crypto", tests, sizeof(tests) / sizeof(tests[0]) };
