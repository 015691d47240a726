#include "tests/unit.h"
#include "tests/validator/suites.h"
#include "tests/validator/world.h"
#include "validator/crypto.h"
#include "validator/dnskey.h"
#include <stdio.h>
#include <string.h>

/* The zones of most tests: ".", signed; "tld." signed as asked; "safe.tld." with, "open.tld." without DS. */
struct tree {
	struct world w;
	struct sign_key *root, *tld, *safe;
	struct zone *tld_zone, *safe_zone;
};

static const char soa[] = "@ SOA ns.invalid. mail.invalid. 1 3600 600 86400 300\n@ NS ns.invalid.\n";

static void text_of_tld(const struct tree *t, char *out, size_t size)
{
	char ds[512];
	struct name safe = name_of("safe.tld");
	CU_ASSERT_EQUAL_FATAL(zone_ds_text(&safe, t->safe, DIGEST_SHA256, ds, sizeof(ds)), ERR_OK);
	snprintf(out, size, "%s%s"
	         "www A 192.0.2.1\n"
	         "*.wild A 192.0.2.2\n"
	         "*.wildc CNAME www.tld.\n"
	         "a.ent A 192.0.2.3\n"
	         "alias CNAME www.tld.\n"
	         "old DNAME new.tld.\n"
	         "new A 192.0.2.4\n"
	         "safe NS ns.invalid.\n"
	         "open NS ns.invalid.\n", soa, ds);
}

static void plant_with(struct tree *t, const struct zone_plan *root, const struct zone_plan *tld,
                       const struct zone_plan *safe)
{
	char text[4096], ds[512];
	struct name tld_name = name_of("tld");
	CU_ASSERT_EQUAL_FATAL(zone_ds_text(&tld_name, t->tld, DIGEST_SHA256, ds, sizeof(ds)), ERR_OK);
	snprintf(text, sizeof(text), "%stld NS ns.invalid.\n%s", soa, ds);
	world_add(&t->w, ".", text, root);
	text_of_tld(t, text, sizeof(text));
	t->tld_zone = world_add(&t->w, "tld", text, tld);
	snprintf(text, sizeof(text), "%swww A 192.0.2.5\n*.any TXT \"x\"\nsub NS ns.invalid.\n", soa);
	t->safe_zone = world_add(&t->w, "safe.tld", text, safe);
	snprintf(text, sizeof(text), "%swww A 192.0.2.6\n", soa);
	struct zone_plan none = world_plan(ZONE_UNSIGNED, NULL);
	world_add(&t->w, "deep.open.tld", text, &none);
	strcat(text, "deep NS ns.invalid.\n");
	world_add(&t->w, "open.tld", text, &none);
	world_trust_key(&t->w, ".", t->root);
}

static void plant(struct tree *t, enum zone_denial denial)
{
	world_init(&t->w);
	t->root = sign_key_new(ALGORITHM_ECDSAP256, 257, 0);
	t->tld = sign_key_new(ALGORITHM_ECDSAP256, 257, 0);
	t->safe = sign_key_new(ALGORITHM_ED25519, 257, 0);
	CU_ASSERT_FATAL(t->root != NULL && t->tld != NULL && t->safe != NULL);
	struct zone_plan root = world_plan(ZONE_NSEC, t->root);
	struct zone_plan tld = world_plan(denial, t->tld);
	struct zone_plan safe = world_plan(denial, t->safe);
	plant_with(t, &root, &tld, &safe);
}

static void fell(struct tree *t)
{
	world_clear(&t->w);
	sign_key_free(t->root);
	sign_key_free(t->tld);
	sign_key_free(t->safe);
}

struct row {
	const char *name;
	uint16_t type;
	enum outcome_kind kind;
	enum security security;
};

static void expect_rows(struct tree *t, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct judged *j = world_ask(&t->w, rows[i].name, rows[i].type);
		if (j->outcome.kind != rows[i].kind || j->verdict.security != rows[i].security)
			printf("%s %u: %s %s %s\n", rows[i].name, rows[i].type,
			       outcome_kind_text(j->outcome.kind),
			       security_text(j->verdict.security),
			       j->verdict.reason.text != NULL ? j->verdict.reason.text : "");
		CU_ASSERT_EQUAL(j->outcome.kind, rows[i].kind);
		CU_ASSERT_EQUAL(j->verdict.security, rows[i].security);
		world_forget(&t->w);
	}
}

#define ROWS(t, rows) expect_rows(t, rows, sizeof(rows) / sizeof((rows)[0]))

static const struct row honest[] = {
	{ ".", TYPE_SOA, OUTCOME_ANSWER, SECURITY_SECURE },
	{ ".", TYPE_DNSKEY, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "tld", TYPE_DS, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "tld", TYPE_DNSKEY, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "tld", TYPE_NS, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "www.tld", TYPE_A, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "WwW.tLd", TYPE_A, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "www.tld", TYPE_AAAA, OUTCOME_NODATA, SECURITY_SECURE },
	{ "www.tld", TYPE_DS, OUTCOME_NODATA, SECURITY_SECURE },
	{ "tld", TYPE_AAAA, OUTCOME_NODATA, SECURITY_SECURE },
	{ "ent.tld", TYPE_A, OUTCOME_NODATA, SECURITY_SECURE },
	{ "ent.tld", TYPE_DS, OUTCOME_NODATA, SECURITY_SECURE },
	{ "x.wild.tld", TYPE_A, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "x.y.z.wild.tld", TYPE_A, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "x.wild.tld", TYPE_AAAA, OUTCOME_NODATA, SECURITY_SECURE },
	{ "x.wildc.tld", TYPE_A, OUTCOME_CNAME, SECURITY_SECURE },
	{ "*.wild.tld", TYPE_A, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "*.wild.tld", TYPE_AAAA, OUTCOME_NODATA, SECURITY_SECURE },
	{ "alias.tld", TYPE_A, OUTCOME_CNAME, SECURITY_SECURE },
	{ "alias.tld", TYPE_DS, OUTCOME_CNAME, SECURITY_SECURE },
	{ "x.old.tld", TYPE_A, OUTCOME_DNAME, SECURITY_SECURE },
	{ "www.safe.tld", TYPE_A, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "safe.tld", TYPE_DS, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "safe.tld", TYPE_DNSKEY, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "q.any.safe.tld", TYPE_TXT, OUTCOME_ANSWER, SECURITY_SECURE },
	{ "open.tld", TYPE_DNSKEY, OUTCOME_NODATA, SECURITY_INSECURE },
	{ "www.open.tld", TYPE_A, OUTCOME_ANSWER, SECURITY_INSECURE },
	{ "www.open.tld", TYPE_AAAA, OUTCOME_NODATA, SECURITY_INSECURE },
	{ "nope.open.tld", TYPE_A, OUTCOME_NXDOMAIN, SECURITY_INSECURE },
	{ "www.deep.open.tld", TYPE_A, OUTCOME_ANSWER, SECURITY_INSECURE },
	{ "deep.open.tld", TYPE_DS, OUTCOME_NODATA, SECURITY_INSECURE },
};

static const struct row honest_denials[] = {
	{ "nope.tld", TYPE_A, OUTCOME_NXDOMAIN, SECURITY_SECURE },
	{ "a.b.c.nope.tld", TYPE_A, OUTCOME_NXDOMAIN, SECURITY_SECURE },
	{ "zzz.tld", TYPE_DS, OUTCOME_NXDOMAIN, SECURITY_SECURE },
	{ "b.ent.tld", TYPE_A, OUTCOME_NXDOMAIN, SECURITY_SECURE },
	{ "open.tld", TYPE_DS, OUTCOME_NODATA, SECURITY_SECURE },
	{ "nope.safe.tld", TYPE_A, OUTCOME_NXDOMAIN, SECURITY_SECURE },
};

static void test_honest_zones_with_nsec_are_judged_as_they_are(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC);
	ROWS(&t, honest);
	ROWS(&t, honest_denials);
	fell(&t);
}

static void test_honest_zones_with_nsec3_are_judged_as_they_are(void)
{
	struct tree t = { 0 };
	plant(&t, ZONE_NSEC3);
	ROWS(&t, honest);
	ROWS(&t, honest_denials);
	fell(&t);
}

static void test_compact_denial_is_accepted_as_signed_rfc9824(void)
{
	static const struct row rows[] = {
		{ "nope.tld", TYPE_A, OUTCOME_NODATA, SECURITY_SECURE },
		{ "open.tld", TYPE_DS, OUTCOME_NODATA, SECURITY_SECURE },
		{ "nope.safe.tld", TYPE_A, OUTCOME_NODATA, SECURITY_SECURE },
	};
	struct tree t = { 0 };
	plant(&t, ZONE_COMPACT);
	for (size_t i = 0; i < sizeof(honest) / sizeof(honest[0]); i++)
		if (strstr(honest[i].name, "wild") == NULL && strstr(honest[i].name, "any") == NULL)
			expect_rows(&t, &honest[i], 1); /* who signs online has no wildcards to prove */
	ROWS(&t, rows);
	fell(&t);
}

static const struct unit_test tests[] = {
	UNIT(test_honest_zones_with_nsec_are_judged_as_they_are),
	UNIT(test_honest_zones_with_nsec3_are_judged_as_they_are),
	UNIT(test_compact_denial_is_accepted_as_signed_rfc9824),
};
const struct unit_suite suite_validate = { "validate", tests, sizeof(tests) / sizeof(tests[0]) };
