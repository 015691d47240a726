#include "resolver/wire/base32.h"
#include "resolver/wire/zonetext.h"
#include "tests/validator/suites.h"
#include "validator/crypto.h"
#include "validator/denial.h"
#include "validator/nsec3.h"
#include <stdio.h>
#include <string.h>

enum claim { NAME, TYPE, CLOSER, CUT };

struct claimed {
	const char *why, *zone, *records;
	enum claim claim;
	const char *name;
	unsigned argument; /* TYPE: the type; CLOSER: labels of the encloser */
	enum proof proof;
};

/* The records, all validated, or with security as told. */
static enum proof prove_at(const struct claimed *c, enum security security, struct budget *budget)
{
	struct rrset *sets = NULL, *list[64];
	unsigned count = 0;
	struct name zone = name_of(c->zone), name = name_of(c->name);
	struct zonetext t = zonetext_of(c->records, strlen(c->records));
	struct arena *a = arena_new(1 << 20);
	enum proof p = PROOF_NONE;
	CU_ASSERT_FATAL(a != NULL);
	t.ttl = 300;
	t.origin = t.owner = zone;
	CU_ASSERT_EQUAL_FATAL(zonetext_all(&t, a, &sets, &count), ERR_OK);
	for (unsigned i = 0; i < count && i < 64; i++) {
		sets[i].security = (uint8_t)security;
		list[i] = &sets[i];
	}
	struct denial d = { &zone, list, count, budget };
	switch (c->claim) {
	case NAME:
		p = denial_of_name(&d, &name);
		break;
	case TYPE:
		p = denial_of_type(&d, &name, (uint16_t)c->argument);
		break;
	case CLOSER:
		p = denial_of_closer(&d, &name, c->argument);
		break;
	case CUT:
		p = denial_of_ds_at_cut(&d, &name);
		break;
	}
	arena_free(a);
	return p;
}

static void check(const struct claimed *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct budget budget;
		budget_init(&budget, 0);
		enum proof p = prove_at(&rows[i], SECURITY_SECURE, &budget);
		if (p != rows[i].proof)
			printf("%s: %u\n", rows[i].why, p);
		CU_ASSERT_EQUAL(p, rows[i].proof);
		CU_ASSERT_EQUAL(prove_at(&rows[i], SECURITY_UNCHECKED, &budget), PROOF_NONE);
		CU_ASSERT_EQUAL(prove_at(&rows[i], SECURITY_BOGUS, &budget), PROOF_NONE);
	}
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof((rows)[0]))

static void test_nsec_names(void)
{
	static const struct claimed rows[] = {
		{ "span and wildcard", "z", "a NSEC d A\n@ NSEC a SOA NS\n", NAME, "b.z", 0,
		  PROOF_FULL },
		{ "last record covers to the end", "z", "d NSEC @ A\n@ NSEC a SOA\n", NAME, "x.z",
		  0, PROOF_FULL },
		{ "wildcard not denied", "z", "b NSEC d A\n", NAME, "c.z", 0, PROOF_NONE },
		{ "wildcard exists", "z", "b NSEC d A\n* NSEC b A\n", NAME, "c.z", 0, PROOF_NONE },
		{ "name not in the span", "z", "a NSEC d A\n@ NSEC a SOA\n", NAME, "e.z", 0,
		  PROOF_NONE },
		{ "name is the owner", "z", "a NSEC d A\n@ NSEC a SOA\n", NAME, "a.z", 0,
		  PROOF_NONE },
		{ "name is the next owner", "z", "a NSEC d A\n@ NSEC a SOA\n", NAME, "d.z", 0,
		  PROOF_NONE },
		{ "empty non-terminal", "z", "a NSEC x.d A\n@ NSEC a SOA\n", NAME, "d.z", 0,
		  PROOF_NONE },
		{ "deep name, wildcard at the encloser", "z", "a NSEC d A\n@ NSEC a SOA\n", NAME,
		  "q.r.s.b.z", 0, PROOF_FULL },
		{ "encloser is a deeper name", "z", "a.b NSEC c.b A\n", NAME, "b.b.z", 0,
		  PROOF_NONE },
		{ "wildcard below that encloser denied", "z", "a.b NSEC c.b A\nb NSEC a.b A\n",
		  NAME, "b.b.z", 0, PROOF_FULL },
		{ "the apex itself", "z", "@ NSEC @ SOA\n", NAME, "z", 0, PROOF_NONE },
		{ "a name of another zone", "z", "a NSEC @ A\n@ NSEC a SOA\n", NAME, "b.y", 0,
		  PROOF_NONE },
		{ "E7: next owner outside the zone", "evil.z", "a.evil.z. NSEC zzz. A\n", NAME,
		  "victim.z", 0, PROOF_NONE },
		{ "E7: next owner outside, name inside", "evil.z",
		  "a.evil.z. NSEC zzz.z. A\nevil.z. NSEC a.evil.z. SOA\n", NAME, "b.evil.z", 0,
		  PROOF_NONE },
		{ "E9: parent's record of a cut, name below", "z",
		  "cut NSEC d NS RRSIG NSEC\n@ NSEC a SOA\n", NAME, "x.cut.z", 0, PROOF_NONE },
		{ "E12: below a DNAME", "z", "old NSEC p DNAME RRSIG NSEC\n@ NSEC a SOA\n", NAME,
		  "x.old.z", 0, PROOF_NONE },
		{ "E22: its own record says NXNAME", "z", "b NSEC \\000.b NXNAME RRSIG NSEC\n",
		  NAME, "b.z", 0, PROOF_FULL },
		{ "two NSEC at one owner", "z", "a NSEC d A\na NSEC e A\n@ NSEC a SOA\n", NAME,
		  "b.z", 0, PROOF_NONE },
		{ "unsorted span", "z", "d NSEC a A\n@ NSEC a SOA\n", NAME, "e.z", 0, PROOF_NONE },
	};
	CHECK(rows);
}

static void test_nsec_types(void)
{
	static const struct claimed rows[] = {
		{ "type absent", "z", "a NSEC d TXT\n", TYPE, "a.z", TYPE_A, PROOF_FULL },
		{ "type present", "z", "a NSEC d A\n", TYPE, "a.z", TYPE_A, PROOF_NONE },
		{ "E12: CNAME present", "z", "a NSEC d CNAME\n", TYPE, "a.z", TYPE_A, PROOF_NONE },
		{ "empty non-terminal", "z", "a NSEC x.d A\n", TYPE, "d.z", TYPE_A, PROOF_FULL },
		{ "DS at an empty non-terminal", "z", "a NSEC x.d A\n", TYPE, "d.z", TYPE_DS,
		  PROOF_FULL },
		{ "only covered", "z", "a NSEC d A\n", TYPE, "b.z", TYPE_A, PROOF_NONE },
		{ "wildcard without the type", "z", "b NSEC d A\n* NSEC b TXT\n", TYPE, "c.z",
		  TYPE_A, PROOF_FULL },
		{ "wildcard that is an empty non-terminal", "z",
		  "d.*.s NSEC t A\na NSEC d.*.s A\n", TYPE, "q.s.z", TYPE_A, PROOF_FULL },
		{ "that wildcard not shown", "z", "d.*.s NSEC t A\n", TYPE, "q.s.z", TYPE_A,
		  PROOF_NONE },
		{ "wildcard with the type", "z", "b NSEC d A\n* NSEC b A\n", TYPE, "c.z", TYPE_A,
		  PROOF_NONE },
		{ "wildcard with a CNAME", "z", "b NSEC d A\n* NSEC b CNAME\n", TYPE, "c.z", TYPE_A,
		  PROOF_NONE },
		{ "wildcard of a farther encloser", "z", "b.s NSEC d.s A\n* NSEC b TXT\n", TYPE,
		  "c.s.z", TYPE_A, PROOF_NONE },
		{ "wildcard record alone", "z", "* NSEC b TXT\n", TYPE, "c.z", TYPE_A, PROOF_NONE },
		{ "E9: cut, any type but DS", "z", "cut NSEC d NS\n", TYPE, "cut.z", TYPE_A,
		  PROOF_NONE },
		{ "E9: cut, SOA", "z", "cut NSEC d NS\n", TYPE, "cut.z", TYPE_SOA, PROOF_NONE },
		{ "E9: cut, DNSKEY", "z", "cut NSEC d NS\n", TYPE, "cut.z", TYPE_DNSKEY,
		  PROOF_NONE },
		{ "cut, DS", "z", "cut NSEC d NS\n", TYPE, "cut.z", TYPE_DS, PROOF_FULL },
		{ "cut with DS, DS", "z", "cut NSEC d NS DS\n", TYPE, "cut.z", TYPE_DS,
		  PROOF_NONE },
		{ "E9: apex record of the child, DS", "z", "@ NSEC d NS SOA\n", TYPE, "z", TYPE_DS,
		  PROOF_NONE },
		{ "root apex, DS", ".", "@ NSEC d NS SOA\n", TYPE, ".", TYPE_DS, PROOF_FULL },
		{ "apex, other type", "z", "@ NSEC d NS SOA\n", TYPE, "z", TYPE_A, PROOF_FULL },
		{ "no DNAME below itself", "z", "old NSEC p DNAME\n", TYPE, "old.z", TYPE_A,
		  PROOF_FULL },
		{ "RFC 9824: no such name, as NODATA", "z", "b NSEC \\000.b NXNAME RRSIG NSEC\n",
		  TYPE, "b.z", TYPE_A, PROOF_FULL },
	};
	CHECK(rows);
}

static void test_nsec_closer_names_and_cuts(void)
{
	static const struct claimed rows[] = {
		{ "E10: next closer covered", "z", "a NSEC d A\n", CLOSER, "x.b.z", 1, PROOF_FULL },
		{ "E10: next closer exists", "z", "a NSEC d A\n", CLOSER, "x.a.z", 1, PROOF_NONE },
		{ "E10: next closer is an empty non-terminal", "z", "a NSEC q.b A\n", CLOSER,
		  "x.b.z", 1, PROOF_NONE },
		{ "E10: proof of another zone", "z.y", "a.y. NSEC zz.y. A\n", CLOSER, "x.z.y", 2,
		  PROOF_NONE },
		{ "encloser above the zone", "z.y", "a NSEC d A\n", CLOSER, "b.z.y", 1,
		  PROOF_NONE },
		{ "encloser is the name", "z", "a NSEC d A\n", CLOSER, "b.z", 2, PROOF_NONE },
		{ "delegation without DS", "z", "cut NSEC d NS\n", CUT, "cut.z", 0, PROOF_FULL },
		{ "delegation with DS", "z", "cut NSEC d NS DS\n", CUT, "cut.z", 0, PROOF_NONE },
		{ "no delegation", "z", "cut NSEC d A\n", CUT, "cut.z", 0, PROOF_NONE },
		{ "the child's own apex", "z", "cut NSEC d.cut NS SOA\n", CUT, "cut.z", 0,
		  PROOF_NONE },
		{ "covered only", "z", "a NSEC d NS\n", CUT, "cut.z", 0, PROOF_NONE },
		{ "E10: wildcard used for a cut", "z", "a NSEC d A\n* NSEC a NS\n", CUT, "cut.z", 0,
		  PROOF_NONE },
		{ "the zone itself", "z", "@ NSEC d NS\n", CUT, "z", 0, PROOF_NONE },
	};
	CHECK(rows);
}

/* RFC 4035 appendix A, the NSEC records. */
#define N_APEX "@ NSEC a NS SOA MX RRSIG NSEC DNSKEY\n"
#define N_B "b NSEC ns1 NS RRSIG NSEC\n"
#define N_A "a NSEC ai NS DS RRSIG NSEC\n"
#define N_NS1 "ns1 NSEC ns2 A RRSIG NSEC\n"
#define N_WILD "*.w NSEC x.w MX RRSIG NSEC\n"
#define N_XYW "x.y.w NSEC xx MX RRSIG NSEC\n"

static void test_nsec_responses_of_rfc4035_appendix_b(void)
{
	static const struct claimed rows[] = {
		{ "B.2 name error", "example", N_B N_APEX, NAME, "ml.example", 0, PROOF_FULL },
		{ "B.2 without the wildcard", "example", N_B, NAME, "ml.example", 0, PROOF_NONE },
		{ "B.3 no data", "example", N_NS1, TYPE, "ns1.example", TYPE_MX, PROOF_FULL },
		{ "B.3 the other way round", "example", N_NS1, TYPE, "ns1.example", TYPE_A,
		  PROOF_NONE },
		{ "B.4 referral to a signed zone", "example", N_A, CUT, "a.example", 0,
		  PROOF_NONE },
		{ "B.5 referral to an unsigned zone", "example", N_B, CUT, "b.example", 0,
		  PROOF_FULL },
		{ "B.6 wildcard expansion", "example", N_XYW, CLOSER, "a.z.w.example", 2,
		  PROOF_FULL },
		{ "B.6 with the wildcard's record", "example", N_WILD, CLOSER, "a.z.w.example", 2,
		  PROOF_NONE },
		{ "B.7 wildcard no data", "example", N_XYW N_WILD, TYPE, "a.z.w.example", TYPE_AAAA,
		  PROOF_FULL },
		{ "B.7 of the wildcard's type", "example", N_XYW N_WILD, TYPE, "a.z.w.example",
		  TYPE_MX, PROOF_NONE },
		{ "B.8 DS of the apex from the child", "example", N_APEX, TYPE, "example", TYPE_DS,
		  PROOF_NONE },
	};
	CHECK(rows);
}

/* RFC 5155 appendix A: hashes with salt aabbccdd, 12 iterations, opt-out set. */
#define H_APEX                                                                                     \
	"0p9mhaveqvm6t7vbl5lop2u3t2rp3tom NSEC3 1 1 12 aabbccdd "                                  \
	"2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA NSEC3PARAM RRSIG\n"
#define H_NS1                                                                                      \
	"2t7b4g4vsa5smi47k61mv5bv1a22bojr NSEC3 1 1 12 aabbccdd "                                  \
	"2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG\n"
#define H_XYW                                                                                      \
	"2vptu5timamqttgl4luu9kg21e0aor3s NSEC3 1 1 12 aabbccdd "                                  \
	"35mthgpgcu1qg68fab165klnsnk3dpvl MX RRSIG\n"
#define H_A                                                                                        \
	"35mthgpgcu1qg68fab165klnsnk3dpvl NSEC3 1 1 12 aabbccdd "                                  \
	"b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG\n"
#define H_XW                                                                                       \
	"b4um86eghhds6nea196smvmlo4ors995 NSEC3 1 1 12 aabbccdd "                                  \
	"gjeqe526plbf1g8mklp59enfd789njgi MX RRSIG\n"
#define H_YW                                                                                       \
	"ji6neoaepv8b5o6k4ev33abha8ht9fgc NSEC3 1 1 12 aabbccdd "                                  \
	"k8udemvp1j2f7eg6jebps17vp3n8i58h\n"
#define H_W                                                                                        \
	"k8udemvp1j2f7eg6jebps17vp3n8i58h NSEC3 1 1 12 aabbccdd "                                  \
	"kohar7mbb8dc2ce8a9qvl8hon4k53uhi\n"
#define H_NS2                                                                                      \
	"q04jkcevqvmu85r014c7dkba38o0ji5r NSEC3 1 1 12 aabbccdd "                                  \
	"r53bq7cc2uvmubfu5ocmm6pers9tk9en A RRSIG\n"
#define H_WILD                                                                                     \
	"r53bq7cc2uvmubfu5ocmm6pers9tk9en NSEC3 1 1 12 aabbccdd "                                  \
	"t644ebqk9bibcna874givr6joj62mlhv MX RRSIG\n"

static void test_nsec3_responses_of_rfc5155_appendix_b(void)
{
	/* The zone is opt-out, so what is covered is proven for secure names only. */
	static const struct claimed rows[] = {
		{ "B.1 name error", "example", H_APEX H_XW H_A, NAME, "a.c.x.w.example", 0,
		  PROOF_OPT_OUT },
		{ "B.1 without the wildcard", "example", H_APEX H_XW, NAME, "a.c.x.w.example", 0,
		  PROOF_NONE },
		{ "B.1 without the encloser", "example", H_APEX H_A, NAME, "a.c.x.w.example", 0,
		  PROOF_NONE },
		{ "B.2 no data", "example", H_NS1, TYPE, "ns1.example", TYPE_MX, PROOF_FULL },
		{ "B.2 the other way round", "example", H_NS1, TYPE, "ns1.example", TYPE_A,
		  PROOF_NONE },
		{ "B.2.1 empty non-terminal", "example", H_YW, TYPE, "y.w.example", TYPE_A,
		  PROOF_FULL },
		{ "B.3 referral to an opt-out cut", "example", H_A H_APEX, CUT, "c.example", 0,
		  PROOF_OPT_OUT },
		{ "B.3 as denial of DS", "example", H_A H_APEX, TYPE, "c.example", TYPE_DS,
		  PROOF_OPT_OUT },
		{ "a cut with DS is not insecure", "example", H_A H_APEX, CUT, "a.example", 0,
		  PROOF_NONE },
		{ "B.4 wildcard expansion", "example", H_NS2, CLOSER, "a.z.w.example", 2,
		  PROOF_OPT_OUT },
		{ "B.4 with the wrong span", "example", H_NS1, CLOSER, "a.z.w.example", 2,
		  PROOF_NONE },
		{ "B.5 wildcard no data", "example", H_W H_NS2 H_WILD, TYPE, "a.z.w.example",
		  TYPE_AAAA, PROOF_OPT_OUT },
		{ "B.6 DS of the apex from the child", "example", H_APEX, TYPE, "example", TYPE_DS,
		  PROOF_NONE },
	};
	CHECK(rows);
}

static void test_the_span_of_the_next_closer_name_says_opt_out_rfc5155_section_9_2(void)
{
	/* The apex's span has the next closer name c.x.w, that of a has the wildcard *.x.w. */
#define PLAIN_APEX                                                                                 \
	"0p9mhaveqvm6t7vbl5lop2u3t2rp3tom NSEC3 1 0 12 aabbccdd "                                  \
	"2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA NSEC3PARAM RRSIG\n"
#define PLAIN_A                                                                                    \
	"35mthgpgcu1qg68fab165klnsnk3dpvl NSEC3 1 0 12 aabbccdd "                                  \
	"b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG\n"
	static const struct claimed rows[] = {
		{ "neither", "example", PLAIN_APEX H_XW PLAIN_A, NAME, "a.c.x.w.example", 0,
		  PROOF_FULL },
		{ "the next closer name's", "example", H_APEX H_XW PLAIN_A, NAME,
		  "a.c.x.w.example", 0, PROOF_OPT_OUT },
		{ "the wildcard's", "example", PLAIN_APEX H_XW H_A, NAME, "a.c.x.w.example", 0,
		  PROOF_FULL },
	};
	CHECK(rows);
}

static void test_nsec3_records_that_are_not_of_the_zone_are_not_looked_at(void)
{
	static const struct claimed rows[] = {
		{ "E8: two labels below", "example",
		  "2t7b4g4vsa5smi47k61mv5bv1a22bojr.x NSEC3 1 0 12 "
		  "aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A\n",
		  TYPE, "ns1.example", TYPE_MX, PROOF_NONE },
		{ "E8: the hash label is the zone", "2t7b4g4vsa5smi47k61mv5bv1a22bojr.example",
		  "@ NSEC3 1 0 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A\n", TYPE,
		  "ns1.example", TYPE_MX, PROOF_NONE },
		{ "unknown flags", "example",
		  "2t7b4g4vsa5smi47k61mv5bv1a22bojr NSEC3 1 2 12 "
		  "aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A\n",
		  TYPE, "ns1.example", TYPE_MX, PROOF_NONE },
		{ "unknown hash", "example",
		  "2t7b4g4vsa5smi47k61mv5bv1a22bojr NSEC3 2 0 12 "
		  "aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A\n",
		  TYPE, "ns1.example", TYPE_MX, PROOF_NONE },
		{ "another salt", "example",
		  "2t7b4g4vsa5smi47k61mv5bv1a22bojr NSEC3 1 0 12 "
		  "aabbccde 2vptu5timamqttgl4luu9kg21e0aor3s A\n",
		  TYPE, "ns1.example", TYPE_MX, PROOF_NONE },
		{ "not base32", "example",
		  "2t7b4g4vsa5smi47k61mv5bv1a22bojw NSEC3 1 0 12 "
		  "aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A\n",
		  TYPE, "ns1.example", TYPE_MX, PROOF_NONE },
		{ "mixed with another chain", "example",
		  "35mthgpgcu1qg68fab165klnsnk3dpvl NSEC3 1 0 1 "
		  "- 2vptu5timamqttgl4luu9kg21e0aor3s A\n" H_NS1,
		  TYPE, "ns1.example", TYPE_MX, PROOF_NONE },
	};
	CHECK(rows);
}

/* A chain of one record for the apex, that covers everything else. */
static enum proof prove_alone(unsigned iterations, unsigned salt_len, unsigned labels,
			      struct budget *budget)
{
	uint8_t salt[255] = { 0 }, hash[20];
	char text[1400], name[NAME_TEXT_MAX] = "", hex[511] = "-";
	struct name zone = name_of("z");
	struct claimed c = { "", "z", text, NAME, name, 0, PROOF_NONE };
	CU_ASSERT_FATAL(crypto_nsec3(zone.wire, zone.len, salt, salt_len,
				     iterations > 500 ? 0 : iterations, hash));
	for (unsigned i = 0; i < salt_len; i++)
		memcpy(hex + 2 * i, "00", 3);
	char label[40];
	struct text out = text_of(label, sizeof(label));
	base32_text(&out, hash, sizeof(hash));
	snprintf(text, sizeof(text), "%s NSEC3 1 0 %u %s %s SOA NS\n", label, iterations, hex,
		 label);
	for (unsigned i = 1; i < labels; i++)
		strcat(name, "a.");
	strcat(name, "z");
	return prove_at(&c, SECURITY_SECURE, budget);
}

static void test_nsec3_work_is_bounded_and_priced_d2(void)
{
	static const struct {
		unsigned iterations, salt, labels;
		enum proof proof;
	} rows[] = {
		{ 0, 0, 3, PROOF_FULL },         { 0, 255, 125, PROOF_FULL },
		{ 50, 0, 3, PROOF_FULL },        { 50, 0, 125, PROOF_FULL },
		{ 50, 35, 125, PROOF_FULL },     { 50, 36, 3, PROOF_ITERATIONS },
		{ 25, 64, 3, PROOF_FULL },       { 51, 0, 3, PROOF_ITERATIONS },
		{ 10, 255, 3, PROOF_FULL },      { 11, 255, 3, PROOF_ITERATIONS },
		{ 150, 0, 3, PROOF_ITERATIONS }, { 65535, 255, 125, PROOF_ITERATIONS },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct budget budget;
		budget_init(&budget, 0);
		enum proof p =
		    prove_alone(rows[i].iterations, rows[i].salt, rows[i].labels, &budget);
		if (p != rows[i].proof)
			printf("%u %u %u: %u\n", rows[i].iterations, rows[i].salt, rows[i].labels,
			       p);
		CU_ASSERT_EQUAL(p, rows[i].proof);
	}
}

static void test_nsec3_stops_when_the_budget_is_used_up(void)
{
	struct budget budget;
	budget_init(&budget, 0);
	budget.hashes = 2;
	CU_ASSERT_EQUAL(prove_alone(0, 0, 3, &budget), PROOF_COSTLY);
	CU_ASSERT_EQUAL(budget.hashes, 0);
	budget.hashes = 3; /* apex, next closer, wildcard */
	CU_ASSERT_EQUAL(prove_alone(0, 0, 125, &budget), PROOF_FULL);
	budget_init(&budget, 0);
	budget.iterations = 9;
	CU_ASSERT_EQUAL(prove_alone(9, 0, 3, &budget), PROOF_FULL);
	CU_ASSERT_EQUAL(prove_alone(10, 0, 3, &budget), PROOF_ITERATIONS);
}

static void test_more_records_than_a_proof_needs_are_not_looked_at_d3(void)
{
	char text[4096] = "";
	for (unsigned i = 0; i < LIMIT_PROOF_SETS; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "q%u NSEC q%u\\001 A\n",
			 i, i);
	strcat(text, "a NSEC d A\n@ NSEC a SOA\n");
	struct claimed c = { "", "z", text, NAME, "b.z", 0, PROOF_NONE };
	struct budget budget;
	budget_init(&budget, 0);
	CU_ASSERT_EQUAL(prove_at(&c, SECURITY_SECURE, &budget), PROOF_NONE);
}

static void test_nxname_is_found_at_the_name_only_rfc9824(void)
{
	static const char text[] = "b.z. 300 NSEC \\000.b.z. NXNAME RRSIG NSEC\n";
	struct rrset *sets = NULL, *list[1];
	unsigned count = 0;
	struct zonetext t = zonetext_of(text, strlen(text));
	struct name b = name_of("b.z"), c = name_of("c.z");
	struct arena *a = arena_new(1 << 16);
	CU_ASSERT_FATAL(a != NULL);
	CU_ASSERT_EQUAL_FATAL(zonetext_all(&t, a, &sets, &count), ERR_OK);
	list[0] = &sets[0];
	CU_ASSERT(denial_says_nxname(list, 1, &b));
	CU_ASSERT_FALSE(denial_says_nxname(list, 1, &c));
	arena_free(a);
}

static const struct unit_test tests[] = {
	UNIT(test_nsec_names),
	UNIT(test_nsec_types),
	UNIT(test_nsec_closer_names_and_cuts),
	UNIT(test_nsec_responses_of_rfc4035_appendix_b),
	UNIT(test_nsec3_responses_of_rfc5155_appendix_b),
	UNIT(test_the_span_of_the_next_closer_name_says_opt_out_rfc5155_section_9_2),
	UNIT(test_nsec3_records_that_are_not_of_the_zone_are_not_looked_at),
	UNIT(test_nsec3_work_is_bounded_and_priced_d2),
	UNIT(test_nsec3_stops_when_the_budget_is_used_up),
	UNIT(test_more_records_than_a_proof_needs_are_not_looked_at_d3),
	UNIT(test_nxname_is_found_at_the_name_only_rfc9824),
};
const struct unit_suite suite_denial = { "denial", tests, sizeof(tests) / sizeof(tests[0]) };
