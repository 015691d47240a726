#include "resolver/wire/zonetext.h"
#include "tests/validator/suites.h"
#include "validator/ds.h"
#include "validator/keys.h"
#include "validator/nsec3.h"
#include <stdio.h>
#include <string.h>

/* Records of an RFC's example, and the moment at which its signatures hold. */
struct example {
	const char *zone, *text;
	int64_t when;
};

static const struct rrset *find(const struct rrset *sets, unsigned count, uint16_t type)
{
	for (unsigned i = 0; i < count; i++)
		if (sets[i].type == type)
			return &sets[i];
	return NULL;
}

static struct rrset *read_all(struct arena *a, const char *text, unsigned *count)
{
	struct rrset *sets = NULL;
	struct zonetext t = zonetext_of(text, strlen(text));
	t.ttl = 3600;
	CU_ASSERT_EQUAL_FATAL(zonetext_all(&t, a, &sets, count), ERR_OK);
	return sets;
}

/* The example holds one DNSKEY, perhaps its DS, and one signed RRset. */
static enum fault verify_example(const struct example *e, uint16_t type, int64_t when)
{
	static const struct siphash_key seed = { 3, 4 };
	unsigned count;
	struct budget budget;
	struct signature sig;
	struct arena *a = arena_new(1 << 20);
	struct keys *keys = keys_new(&seed);
	CU_ASSERT_FATAL(a != NULL && keys != NULL);
	const struct rrset *sets = read_all(a, e->text, &count);
	const struct rrset *set = find(sets, count, type), *dnskey = find(sets, count, TYPE_DNSKEY);
	const struct rrset *ds = find(sets, count, TYPE_DS);
	struct name zone = name_of(e->zone);
	CU_ASSERT_FATAL(set != NULL && dnskey != NULL);
	if (ds != NULL) {
		struct ds d;
		CU_ASSERT_EQUAL_FATAL(ds_parse(&ds->rdata[0], &d), ERR_OK);
		CU_ASSERT(ds_matches(&d, &zone, &dnskey->rdata[0]));
	}
	budget_init(&budget, 0);
	struct verifier by = { .keys = keys, .budget = &budget, .now = { 0, when }, .allow_sha1 = true };
	enum fault f = rrsig_verify(&by, set, &zone, dnskey, &sig);
	keys_free(keys);
	arena_free(a);
	return f;
}

static const struct example rfc6605_p256 = {
	"example.net",
	"example.net. DNSKEY 257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edb"
	" krSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==\n"
	"example.net. DS 55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1"
	" e2770ce6d6e37df61d17\n"
	"www.example.net. 3600 A 192.0.2.1\n"
	"www.example.net. 3600 RRSIG A 13 3 3600 20100909100439 20100812100439 55648 example.net."
	" qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXA"
	" yGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==\n",
	1283000000
};

static const struct example rfc6605_p384 = {
	"example.net",
	"example.net. DNSKEY 257 3 14 xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1"
	" w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8"
	" /uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40\n"
	"example.net. DS 10771 14 4 72d7b62976ce06438e9c0bf319013cf801f09ecc84b8"
	" d7e9495f27e305c6a9b0563a9b5f4d288405c3008a94 6df983d6\n"
	"www.example.net. 3600 A 192.0.2.1\n"
	"www.example.net. 3600 RRSIG A 14 3 3600 20100909102025 20100812102025 10771 example.net."
	" /L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP"
	" 95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuz"
	" WTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm\n",
	1283000000
};

static const struct example rfc8080_ed25519 = {
	"example.com",
	"example.com. DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=\n"
	"example.com. DS 3613 15 2 3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79"
	" a304b\n"
	"example.com. 3600 MX 10 mail.example.com.\n"
	"example.com. 3600 RRSIG MX 15 2 3600 1440021600 1438207200 3613 example.com."
	" oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3f"
	" x8A4M3e23mRZ9VrbpMngwcrqNAg==\n",
	1440000000
};

static const struct example rfc8080_ed25519_second = {
	"example.com",
	"example.com. DNSKEY 257 3 15 zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=\n"
	"example.com. DS 35217 15 2 401781b934e392de492ec77ae2e15d70f6575a1c0bc59c5275c04ebe80c"
	" 6614c\n"
	"example.com. 3600 MX 10 mail.example.com.\n"
	"example.com. 3600 RRSIG MX 15 2 3600 1440021600 1438207200 35217 example.com."
	" zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQ"
	" oSm5poJ7gD7AQR0O7KuI5k2pcBg==\n",
	1440000000
};

static const struct example rfc8080_ed448 = {
	"example.com",
	"example.com. DNSKEY 257 3 16 3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx1"
	" FYYUcJKm1MDpJtIA\n"
	"example.com. DS 9713 16 2 6ccf18d5bc5d7fc2fceb1d59d17321402f2aa8d368048db93dd811f5cb2"
	" b19c7\n"
	"example.com. 3600 MX 10 mail.example.com.\n"
	"example.com. 3600 RRSIG MX 16 2 3600 1440021600 1438207200 9713 example.com."
	" 3cPAHkmlnxcDHMyg7vFC34l0blBhuG1qpwLmjInI8w1CMB29FkEAIJUA0am"
	" xWndkmnBZ6SKiwZSAxGILn/NBtOXft0+Gj7FSvOKxE/07+4RQvE581N3Aj/J"
	" tIyaiYVdnYtyMWbSNyGEY2213WKsJlwEA\n",
	1440000000
};

static const struct example rfc5702_sha512 = {
	"example.net",
	"example.net. DNSKEY 256 3 10 AwEAAdHoNTOW+et86KuJOWRDp1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6p"
	" nWnjJQujX/AyhqFDxj13tOnD9u/1kTg7cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8g"
	" pMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL\n"
	"www.example.net. 3600 A 192.0.2.91\n"
	"www.example.net. 3600 RRSIG A 10 3 3600 20300101000000 20000101000000 3740 example.net."
	" tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDtsuJRaeUw1ep94PzEWzr0"
	" iGYgZBWm/zpq+9fOuagYJRfDqfReKBzMweOLDiNa8iP5g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk0fthPgxd"
	" DLw=\n",
	1500000000
};

/* A modulus of 512 bits: below what we take. */
static const struct example rfc5702_sha256 = {
	"example.net",
	"example.net. DNSKEY 256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36Bponcw"
	" tkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=\n"
	"www.example.net. 3600 A 192.0.2.91\n"
	"www.example.net. 3600 RRSIG A 8 3 3600 20300101000000 20000101000000 9033 example.net."
	" kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwlMgNEacFYK/"
	"lPtPiVYP4bwg==\n",
	1500000000
};

static void test_signatures_of_rfc6605_section_6_hold(void)
{
	CU_ASSERT_EQUAL(verify_example(&rfc6605_p256, TYPE_A, rfc6605_p256.when), FAULT_NONE);
	CU_ASSERT_EQUAL(verify_example(&rfc6605_p384, TYPE_A, rfc6605_p384.when), FAULT_NONE);
	CU_ASSERT_EQUAL(verify_example(&rfc6605_p384, TYPE_A, 1900000000), FAULT_EXPIRED);
}

static void test_signatures_of_rfc8080_section_6_hold(void)
{
	CU_ASSERT_EQUAL(verify_example(&rfc8080_ed25519, TYPE_MX, rfc8080_ed25519.when),
			FAULT_NONE);
	CU_ASSERT_EQUAL(verify_example(&rfc8080_ed25519_second, TYPE_MX, rfc8080_ed25519.when),
			FAULT_NONE);
	CU_ASSERT_EQUAL(verify_example(&rfc8080_ed448, TYPE_MX, rfc8080_ed448.when), FAULT_NONE);
}

static void test_signatures_of_rfc5702_section_6_hold_where_the_key_is_long_enough(void)
{
	CU_ASSERT_EQUAL(verify_example(&rfc5702_sha512, TYPE_A, rfc5702_sha512.when), FAULT_NONE);
	CU_ASSERT_EQUAL(verify_example(&rfc5702_sha256, TYPE_A, rfc5702_sha256.when), FAULT_WRONG);
}

static const char rfc4034_key[] =
    "dskey.example.com. 86400 IN DNSKEY 256 3 5 AQOeiiR0GOMYkDshWoSKz9Xz fwJr1AYtsmx3TGkJaNXVbfi/"
    " 2pHm822aJ5iI9BMzNXxeYCmZ DRD99WYwYqUSdjMmmAphXdvx egXd/M5+X7OrzKBaMbCVdFLU"
    " Uh6DhweJBjEVv5f2wwjM9Xzc nOf+EPbtG9DMBmADjFDc2w/r ljwvFw==\n";

static void test_tag_and_digests_of_rfc4034_section_5_4_and_rfc4509_section_2_3(void)
{
	static const char *const digests[] = {
		"dskey.example.com. DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118\n",
		"dskey.example.com. DS 60485 5 2 D4B7D520E7BB5F0F67674A0C CEB1E3E0614B93C4F9E99B83"
		" 83F6A1E4469DA50A\n",
	};
	unsigned count;
	struct name owner = name_of("DSkey.EXAMPLE.com");
	struct arena *a = arena_new(1 << 16);
	CU_ASSERT_FATAL(a != NULL);
	const struct rrset *key = read_all(a, rfc4034_key, &count);
	CU_ASSERT_EQUAL(dnskey_tag(&key->rdata[0]), 60485);
	for (size_t i = 0; i < 2; i++) {
		const struct rrset *ds = read_all(a, digests[i], &count);
		struct rdata made;
		CU_ASSERT_EQUAL_FATAL(ds_of(&owner, &key->rdata[0], (uint8_t)(i + 1), a, &made),
				      ERR_OK);
		CU_ASSERT_EQUAL_FATAL(made.len, ds->rdata[0].len);
		CU_ASSERT_EQUAL(memcmp(made.octets, ds->rdata[0].octets, made.len), 0);
	}
	arena_free(a);
}

static void test_hashes_of_rfc5155_appendix_a(void)
{
	static const struct {
		const char *name, *hash;
	} rows[] = {
		{ "example", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom" },
		{ "a.example", "35mthgpgcu1qg68fab165klnsnk3dpvl" },
		{ "ai.example", "gjeqe526plbf1g8mklp59enfd789njgi" },
		{ "ns1.example", "2t7b4g4vsa5smi47k61mv5bv1a22bojr" },
		{ "ns2.example", "q04jkcevqvmu85r014c7dkba38o0ji5r" },
		{ "W.example", "k8udemvp1j2f7eg6jebps17vp3n8i58h" },
		{ "*.w.example", "r53bq7cc2uvmubfu5ocmm6pers9tk9en" },
		{ "x.w.example", "b4um86eghhds6nea196smvmlo4ors995" },
		{ "y.w.example", "ji6neoaepv8b5o6k4ev33abha8ht9fgc" },
		{ "x.y.w.example", "2vptu5timamqttgl4luu9kg21e0aor3s" },
		{ "xx.example", "t644ebqk9bibcna874givr6joj62mlhv" },
	};
	static const uint8_t salt[] = { 0xaa, 0xbb, 0xcc, 0xdd };
	struct nsec3_parameters p = { 12, sizeof(salt), salt };
	struct name zone = name_of("example");
	struct budget budget;
	budget_init(&budget, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned count;
		char text[256];
		uint8_t hash[NSEC3_HASH];
		struct nsec3 n;
		struct name name = name_of(rows[i].name);
		struct arena *a = arena_new(1 << 16);
		CU_ASSERT_FATAL(a != NULL);
		snprintf(text, sizeof(text), "%s.example. NSEC3 1 0 12 aabbccdd %s A\n",
			 rows[i].hash, rows[i].hash);
		const struct rrset *set = read_all(a, text, &count);
		CU_ASSERT_EQUAL(nsec3_parse(set, &zone, &n), ERR_OK);
		CU_ASSERT_EQUAL(nsec3_hash(&p, &name, &budget, hash), PROOF_FULL);
		CU_ASSERT_EQUAL(memcmp(hash, n.owner, NSEC3_HASH), 0);
		arena_free(a);
	}
	CU_ASSERT_EQUAL(budget.hashes, LIMIT_NSEC3_HASHES - sizeof(rows) / sizeof(rows[0]));
}

static const struct unit_test tests[] = {
	UNIT(test_signatures_of_rfc6605_section_6_hold),
	UNIT(test_signatures_of_rfc8080_section_6_hold),
	UNIT(test_signatures_of_rfc5702_section_6_hold_where_the_key_is_long_enough),
	UNIT(test_tag_and_digests_of_rfc4034_section_5_4_and_rfc4509_section_2_3),
	UNIT(test_hashes_of_rfc5155_appendix_a),
};
const struct unit_suite suite_vectors = { "vectors", tests, sizeof(tests) / sizeof(tests[0]) };
