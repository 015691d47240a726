/* RFC 9718 section 2: the document as published, and what is not it. */
#include "tests/validator/anchor_suites.h"
#include "validator/root_anchors.h"
#include "resolver/base/limits.h"
#include "validator/moment.h"
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TrustAnchor id=\"1\" source=\"http://x/\">\n" \
	"<Zone>.</Zone>\n"
#define OPEN "<KeyDigest id=\"K1\" validFrom=\"2017-02-02T00:00:00+00:00\">\n"
#define KSK_2017 "<KeyTag>20326</KeyTag>\n<Algorithm>8</Algorithm>\n<DigestType>2</DigestType>\n" \
	"<Digest>E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D</Digest>\n"
#define PUBLIC_2017 \
	"<PublicKey>AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3+/4RgWOq7HrxRixHlFlExOLA" \
	"Jr5emLvN7SWXgnLh4+B5xQlNVz8Og8kvArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF0jL" \
	"HwVN8efS3rCj/EWgvIWgb9tarpVUDK/b58Da+sqqls3eNbuv7pr+eoZG+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuO" \
	"LYA4/ilBmSVIzuDWfdRUfhHdY6+cn8HFRm+2hM8AnXGXws9555KrUB5qihylGa8subX2Nn6UwNR1AkUTV74bU=" \
	"</PublicKey>\n<Flags>257</Flags>\n"
#define KSK_2010 \
	"<KeyDigest id=\"Kjqmt7v\" validFrom=\"2010-07-15T00:00:00+00:00\" " \
	"validUntil=\"2019-01-11T00:00:00+00:00\">\n<KeyTag>19036</KeyTag>\n<Algorithm>8</Algorithm>\n" \
	"<DigestType>2</DigestType>\n" \
	"<Digest>49AAC11D7B6F6446702E54A1607371607A1A41855200FD2CE1CDDE32F24E8FB5</Digest>\n</KeyDigest>\n"
#define TAIL "</TrustAnchor>\n"

static struct now when(const char *text)
{
	struct now now = { 0, 0 };
	CU_ASSERT_EQUAL(moment_parse(text, strlen(text), &now.wall_s), ERR_OK);
	return now;
}

static enum err read_at(const char *text, const char *time, struct arena *a,
                        struct root_anchors *out, struct root_anchors_error *why)
{
	char *exact = malloc(strlen(text) + 1); /* no NUL within reach of the parser */
	CU_ASSERT_PTR_NOT_NULL_FATAL(exact);
	memcpy(exact, text, strlen(text));
	enum err e = root_anchors_read(exact, strlen(text), when(time), a, out, why);
	free(exact);
	return e;
}

static void test_published_document(void)
{
	static const char text[] =
		HEAD "<!-- see https://www.iana.org/ -->\n" KSK_2010 OPEN KSK_2017 PUBLIC_2017
		"</KeyDigest>\n<KeyDigest id='Kmyv6jo' validFrom='2024-07-18T00:00:00+00:00'>\n"
		"<KeyTag> 38696 </KeyTag><Algorithm>8</Algorithm><DigestType>2</DigestType>"
		"<Digest>683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16</Digest>"
		"</KeyDigest>\n" TAIL;
	struct arena *a = arena_new(1 << 20);
	struct root_anchors r;
	struct root_anchors_error why;
	CU_ASSERT_EQUAL_FATAL(read_at(text, "2026-11-01", a, &r, &why), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(r.count, 3);
	CU_ASSERT_EQUAL(r.list[0].use, ROOT_ANCHOR_LATE);
	CU_ASSERT_EQUAL(r.list[1].use, ROOT_ANCHOR_GOOD);
	CU_ASSERT_EQUAL(r.list[1].dnskey.len, 264);
	CU_ASSERT_EQUAL(r.list[2].use, ROOT_ANCHOR_GOOD);
	CU_ASSERT_TRUE(name_is_root(&r.zone));
	struct rrset *set = root_anchors_set(&r, a);
	CU_ASSERT_PTR_NOT_NULL_FATAL(set);
	CU_ASSERT_EQUAL(set->count, 2);
	CU_ASSERT_EQUAL(set->rdata[0].octets[0] << 8 | set->rdata[0].octets[1], 20326);
	CU_ASSERT_EQUAL_FATAL(read_at(text, "2018-01-01", a, &r, &why), ERR_OK);
	CU_ASSERT_EQUAL(r.list[0].use, ROOT_ANCHOR_GOOD);
	CU_ASSERT_EQUAL(r.list[2].use, ROOT_ANCHOR_EARLY);
	CU_ASSERT_EQUAL_FATAL(read_at(text, "2019-01-10T23:59:59Z", a, &r, &why), ERR_OK);
	CU_ASSERT_EQUAL(r.list[0].use, ROOT_ANCHOR_GOOD);
	CU_ASSERT_EQUAL_FATAL(read_at(text, "2019-01-11T00:00:00Z", a, &r, &why), ERR_OK);
	CU_ASSERT_EQUAL(r.list[0].use, ROOT_ANCHOR_LATE);
	arena_free(a);
}

static void test_keys_that_do_not_fit_their_digest_are_not_used(void)
{
	static const struct {
		const char *text;
		enum root_anchor_use use;
	} cases[] = {
		{ HEAD OPEN "<KeyTag>20326</KeyTag><Algorithm>8</Algorithm><DigestType>2</DigestType>"
		  "<Digest>683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16</Digest>"
		  PUBLIC_2017 "</KeyDigest>" TAIL, ROOT_ANCHOR_MISMATCH },
		{ HEAD OPEN "<KeyTag>20327</KeyTag><Algorithm>8</Algorithm><DigestType>2</DigestType>"
		  "<Digest>E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D</Digest>"
		  PUBLIC_2017 "</KeyDigest>" TAIL, ROOT_ANCHOR_MISMATCH },
		{ HEAD OPEN "<KeyTag>1</KeyTag><Algorithm>8</Algorithm><DigestType>2</DigestType>"
		  "<Digest>E06D</Digest></KeyDigest>" TAIL, ROOT_ANCHOR_MISMATCH },
		{ HEAD OPEN "<KeyTag>1</KeyTag><Algorithm>8</Algorithm><DigestType>3</DigestType>"
		  "<Digest>E06D</Digest></KeyDigest>" TAIL, ROOT_ANCHOR_UNKNOWN },
	};
	struct arena *a = arena_new(1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct root_anchors r;
		struct root_anchors_error why;
		CU_ASSERT_EQUAL_FATAL(read_at(cases[i].text, "2026-11-01", a, &r, &why), ERR_OK);
		CU_ASSERT_EQUAL(r.list[0].use, cases[i].use);
		CU_ASSERT_EQUAL(root_anchors_set(&r, a)->count, 0);
		CU_ASSERT_TRUE(strlen(root_anchor_use_text(r.list[0].use)) > 4);
	}
	arena_free(a);
}

static void test_other_documents_are_refused_with_their_line(void)
{
	static const struct {
		const char *text;
		unsigned line;
	} cases[] = {
		{ "", 1 }, { "<html>\n", 1 }, { "<?xml version", 1 }, { HEAD, 4 }, { HEAD TAIL, 5 },
		{ "<!DOCTYPE x [<!ENTITY e \"x\">]>\n" HEAD OPEN KSK_2017 "</KeyDigest>" TAIL, 1 },
		{ "<TrustAnchor id=\"1\">\n</TrustAnchor>\n", 2 },
		{ "<TrustAnchor id=\"1\" id=\"2\">\n<Zone>.</Zone>", 1 },
		{ "<TrustAnchor id=\"1\"source=\"2\">\n<Zone>.</Zone>", 1 },
		{ "<TrustAnchor evil=\"1\">\n<Zone>.</Zone>", 1 },
		{ "<TrustAnchor>\n<Zone>..</Zone>\n" OPEN KSK_2017 "</KeyDigest>" TAIL, 2 },
		{ HEAD "<KeyDigest id=\"1\">\n" KSK_2017 "</KeyDigest>" TAIL, 4 },
		{ HEAD "<KeyDigest id=\"1\" validFrom=\"soon\">" KSK_2017 "</KeyDigest>" TAIL, 4 },
		{ HEAD OPEN "<KeyTag>65536</KeyTag>\n<Algorithm>8</Algorithm><DigestType>2</DigestType>"
		  "<Digest>00</Digest></KeyDigest>" TAIL, 6 },
		{ HEAD OPEN "<KeyTag>1</KeyTag><Algorithm>8</Algorithm><DigestType>2</DigestType>"
		  "<Digest>0</Digest></KeyDigest>" TAIL, 5 },
		{ HEAD OPEN "<Algorithm>8</Algorithm>" TAIL, 5 },
		{ HEAD OPEN KSK_2017 "<PublicKey>AwEA</PublicKey></KeyDigest>" TAIL, 9 },
		{ HEAD OPEN KSK_2017 "<Extra>1</Extra></KeyDigest>" TAIL, 9 },
		{ HEAD OPEN KSK_2017 "</KeyDigest>", 9 },
		{ HEAD OPEN KSK_2017 "</KeyDigest>" TAIL "<x/>", 10 },
		{ HEAD "<!-- never closed", 4 },
		{ HEAD OPEN "<KeyTag>&#50;0326</KeyTag>", 5 },
	};
	struct arena *a = arena_new(4 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct root_anchors r = { .count = 0 };
		struct root_anchors_error why;
		CU_ASSERT_EQUAL(read_at(cases[i].text, "2026-11-01", a, &r, &why), ERR_FORMAT);
		CU_ASSERT_PTR_NOT_NULL(why.what);
		CU_ASSERT_TRUE(why.line >= cases[i].line && why.line <= cases[i].line + 3);
		CU_ASSERT_EQUAL(r.count, 0);
	}
	arena_free(a);
}

static void test_every_truncation_is_refused(void)
{
	static const char text[] = HEAD KSK_2010 OPEN KSK_2017 PUBLIC_2017 "</KeyDigest>\n</TrustAnchor>";
	struct arena *a = arena_new(8 << 20);
	for (size_t len = 0; len < sizeof(text) - 1; len++) {
		struct root_anchors r;
		struct root_anchors_error why;
		char *exact = malloc(len + 1);
		CU_ASSERT_PTR_NOT_NULL_FATAL(exact);
		memcpy(exact, text, len);
		arena_reset(a);
		CU_ASSERT_EQUAL(root_anchors_read(exact, len, when("2026-11-01"), a, &r, &why),
		                ERR_FORMAT);
		free(exact);
	}
	arena_free(a);
}

static void test_too_many_digests_are_refused(void)
{
	enum { SIZE = 128 << 10 };
	char *text = malloc(SIZE);
	struct arena *a = arena_new(1 << 20);
	struct root_anchors r;
	struct root_anchors_error why;
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	int at = snprintf(text, SIZE, "%s", HEAD);
	for (unsigned i = 0; i <= LIMIT_ROOT_ANCHORS; i++)
		at += snprintf(text + at, (size_t)(SIZE - at), "%s", KSK_2010);
	(void)snprintf(text + at, (size_t)(SIZE - at), "%s", TAIL);
	CU_ASSERT_EQUAL(read_at(text, "2026-11-01", a, &r, &why), ERR_LIMIT);
	CU_ASSERT_EQUAL(root_anchors_read(text, LIMIT_ROOT_ANCHORS_BYTES + 1, when("2026-11-01"), a,
	                                  &r, &why), ERR_LIMIT);
	arena_fail_after(a, 1);
	CU_ASSERT_EQUAL(read_at(text, "2026-11-01", a, &r, &why), ERR_NOMEM);
	arena_free(a);
	free(text);
}

static const struct unit_test tests[] = {
	UNIT(test_published_document),
	UNIT(test_keys_that_do_not_fit_their_digest_are_not_used),
	UNIT(test_other_documents_are_refused_with_their_line),
	UNIT(test_every_truncation_is_refused),
	UNIT(test_too_many_digests_are_refused),
};
const struct unit_suite suite_root_anchors = { "root_anchors", tests,
	                                       sizeof(tests) / sizeof(tests[0]) };
