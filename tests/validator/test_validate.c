#include "tests/unit.h"
#include "tests/validator/suites.h"
#include "tests/validator/tree.h"
#include <stdio.h>
#include <string.h>

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
			expect_rows(&t, &honest[i],
				    1); /* who signs online has no wildcards to prove */
	ROWS(&t, rows);
	fell(&t);
}

static const struct unit_test tests[] = {
	UNIT(test_honest_zones_with_nsec_are_judged_as_they_are),
	UNIT(test_honest_zones_with_nsec3_are_judged_as_they_are),
	UNIT(test_compact_denial_is_accepted_as_signed_rfc9824),
};
const struct unit_suite suite_validate = { "validate", tests, sizeof(tests) / sizeof(tests[0]) };
