#include "tests/unit.h"

#include "resolver/base/limits.h"
#include "resolver/wire/zonetext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA = 4 << 20 };

/* Reads all of text one record after the other; what comes out, as text again. */
static void expect_records(const char *text, const char *expected)
{
	struct arena *a = arena_new(ARENA);
	struct zonetext z = zonetext_of(text, strlen(text));
	char out[4096];
	size_t len = 0;
	struct rrset set;
	enum err e;
	out[0] = '\0';
	while ((e = zonetext_next(&z, a, &set)) == ERR_OK) {
		CU_ASSERT_EQUAL(set.count, 1);
		CU_ASSERT(rrset_text(&set, out + len, sizeof(out) - len));
		len += strlen(out + len);
	}
	CU_ASSERT_EQUAL(e, ERR_NOTFOUND);
	CU_ASSERT_STRING_EQUAL(out, expected);
	arena_free(a);
}

static void test_origin_ttl_and_what_may_be_left_out(void)
{
	expect_records("$ORIGIN example.\n"
	               "$TTL 60\n"
	               "@ SOA ns mail 1 2 3 4 5\n"
	               "  NS ns\n"
	               "ns 300 IN A 192.0.2.1\n"
	               "   IN 301 A 192.0.2.2\n"
	               "   302 AAAA ::1\n"
	               "$ORIGIN sub\n"
	               "www CNAME @\n"
	               "x.org. ch txt hello\n",
	               "example. 60 IN SOA ns.example. mail.example. 1 2 3 4 5\n"
	               "example. 60 IN NS ns.example.\n"
	               "ns.example. 300 IN A 192.0.2.1\n"
	               "ns.example. 301 IN A 192.0.2.2\n"
	               "ns.example. 302 IN AAAA ::1\n"
	               "www.sub.example. 60 IN CNAME sub.example.\n"
	               "x.org. 60 CH TXT \"hello\"\n");
}

static void test_parentheses_comments_and_quotes(void)
{
	expect_records("; a comment ( with a \" in it\n"
	               "\n"
	               "   ; only blanks before\n"
	               "a. 1 SOA b. c. ( 1 ; serial )\n"
	               "\t2\n"
	               "3 4 ) ( 5 )\n"
	               "a. 1 TXT \"; not ( a comment\" ( \"two\"\n ) ; end",
	               "a. 1 IN SOA b. c. 1 2 3 4 5\n"
	               "a. 1 IN TXT \"; not ( a comment\" \"two\"\n");
}

static void test_escapes_guard_special_characters(void)
{
	expect_records("a\\;b.\\(c. 1 TXT a\\\"b\\;c \"d\\\"e\" f\\\\ ;gone\n",
	               "a\\;b.\\(c. 1 IN TXT \"a\\\"b;c\" \"d\\\"e\" \"f\\\\\"\n");
}

static void test_line_ends_of_dos_and_a_missing_last_one(void)
{
	expect_records("a. 1 A 1.2.3.4\r\nb. 1 A 1.2.3.5\r\n\r\nc. 1 A 1.2.3.6",
	               "a. 1 IN A 1.2.3.4\nb. 1 IN A 1.2.3.5\nc. 1 IN A 1.2.3.6\n");
}

static void test_without_ttl_an_hour(void)
{
	expect_records("a. A 1.2.3.4\n", "a. 3600 IN A 1.2.3.4\n");
}

static void test_unknown_types_and_classes(void)
{
	expect_records("a. 1 CLASS32 TYPE731 \\# 6 abcd ( ef 01\n23 45 )\n"
	               "a. 1 IN TYPE1 \\# 4 0a000001\n",
	               "a. 1 CLASS32 TYPE731 \\# 6 ABCDEF012345\na. 1 IN A 10.0.0.1\n");
}

static void test_faults_name_their_line_and_reading_goes_on(void)
{
	static const struct {
		const char *text, *what;
		unsigned line;
	} cases[] = {
		{ "\n\nfoo..bar. A 1.2.3.4\n", "malformed owner name", 3 },
		{ " A 1.2.3.4\n", "no owner name here or before", 1 },
		{ "a. 1\n", "no type", 1 },
		{ "a.\n", "no type", 1 },
		{ "a. 1 FOO x\n", "unknown type", 1 },
		{ "a. 1 2 A 1.2.3.4\n", "unknown type", 1 },
		{ "a. 2147483648 A 1.2.3.4\n", "TTL above 2147483647", 1 },
		{ "a. ANY A 1.2.3.4\n", "a class that is never data", 1 },
		{ "a. NONE A 1.2.3.4\n", "a class that is never data", 1 },
		{ "a. 1 IN ANY x\n", "a type that is never data", 1 },
		{ "a. OPT x\n", "a type that is never data", 1 },
		{ "a. A 1.2.3\n", "data not of the form its type asks for", 1 },
		{ "a. A 1.2.3.4 5\n", "data not of the form its type asks for", 1 },
		{ "a. LOC 1 N 1 E 1m\n", "data of this type can only be written as \\# length hex", 1 },
		{ "a. SOA ( b. c. \n 1 2 3 4 x )\n", "data not of the form its type asks for", 1 },
		{ "a. TXT (\n", "parenthesis not closed", 1 },
		{ "a. TXT )\n", "closing parenthesis without an opening one", 1 },
		{ "a. TXT \"b\n", "quote not closed on its line", 1 },
		{ "$INCLUDE x\n", "no such directive", 1 },
		{ "$TTL x\n", "$TTL needs one number of seconds", 1 },
		{ "$ORIGIN\n", "$ORIGIN needs one domain name", 1 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena *a = arena_new(ARENA);
		struct zonetext z = zonetext_of(cases[i].text, strlen(cases[i].text));
		struct rrset set;
		CU_ASSERT_EQUAL(zonetext_next(&z, a, &set), ERR_FORMAT);
		CU_ASSERT_STRING_EQUAL(z.what, cases[i].what);
		CU_ASSERT_EQUAL(z.line, cases[i].line);
		arena_free(a);
	}
	struct arena *a = arena_new(ARENA);
	static const char text[] = "a. A x\nb. A (\n1.2.3.4 )\nc. A 1.2.3.5\n";
	struct zonetext z = zonetext_of(text, strlen(text));
	struct rrset set;
	CU_ASSERT_EQUAL(zonetext_next(&z, a, &set), ERR_FORMAT);
	CU_ASSERT_EQUAL(zonetext_next(&z, a, &set), ERR_OK);
	CU_ASSERT_EQUAL(z.line, 2);
	CU_ASSERT_EQUAL(zonetext_next(&z, a, &set), ERR_OK);
	CU_ASSERT_EQUAL(z.line, 4);
	arena_free(a);
}

static void test_a_nul_in_the_text_is_refused(void)
{
	struct arena *a = arena_new(ARENA);
	struct zonetext z = zonetext_of("a. TXT b\0c\n", 11);
	struct rrset set;
	CU_ASSERT_EQUAL(zonetext_next(&z, a, &set), ERR_FORMAT);
	CU_ASSERT_STRING_EQUAL(z.what, "NUL in the text");
	arena_free(a);
}

static void test_a_record_beyond_the_limit_is_refused(void)
{
	size_t len = (size_t)LIMIT_ZONETEXT_LINE + 20;
	struct arena *a = arena_new(ARENA);
	char *text = malloc(len);
	memset(text, 'x', len);
	text[len - 1] = '\n';
	struct zonetext z = zonetext_of(text, len);
	struct rrset set;
	CU_ASSERT_EQUAL(zonetext_next(&z, a, &set), ERR_FORMAT);
	CU_ASSERT_STRING_EQUAL(z.what, "record too long");
	CU_ASSERT_EQUAL(zonetext_next(&z, a, &set), ERR_NOTFOUND);
	free(text);
	arena_free(a);
}

static void test_records_are_gathered_with_their_signatures(void)
{
	static const char text[] =
		"a. 300 NS n1.a.\n"
		"b. 300 A 1.2.3.4\n"
		"a. 200 NS n2.a.\n"
		"a. 300 RRSIG NS 13 1 300 20300101000000 20200101000000 7 a. AQID\n"
		"a. 300 NS N1.a.\n"
		"a. 300 NS n1.a.\n"
		"c. 300 RRSIG A 13 1 300 20300101000000 20200101000000 7 a. AQID\n";
	struct arena *a = arena_new(ARENA);
	struct zonetext z = zonetext_of(text, strlen(text));
	struct rrset *sets;
	unsigned count;
	char out[1024];
	CU_ASSERT_EQUAL_FATAL(zonetext_all(&z, a, &sets, &count), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(count, 3);
	CU_ASSERT_EQUAL(sets[0].count, 3);
	CU_ASSERT_EQUAL(sets[0].sig_count, 1);
	CU_ASSERT_EQUAL(sets[0].ttl, 200);
	CU_ASSERT_EQUAL(sets[0].rank, RANK_LOCAL);
	CU_ASSERT_EQUAL(sets[2].type, TYPE_RRSIG);
	CU_ASSERT(rrset_text(&sets[0], out, sizeof(out)));
	CU_ASSERT_STRING_EQUAL(
		out, "a. 200 IN NS n1.a.\na. 200 IN NS n2.a.\na. 200 IN NS N1.a.\n"
		     "a. 200 IN RRSIG NS 13 1 300 20300101000000 20200101000000 7 a. AQID\n");
	arena_free(a);
}

static void test_no_records_are_no_sets(void)
{
	struct arena *a = arena_new(ARENA);
	struct zonetext z = zonetext_of("; nothing\n", 10);
	struct rrset *sets;
	unsigned count = 7;
	CU_ASSERT_EQUAL(zonetext_all(&z, a, &sets, &count), ERR_OK);
	CU_ASSERT_EQUAL(count, 0);
	arena_free(a);
}

static void test_no_memory_at_any_allocation(void)
{
	static const char text[] = "a. A 1.2.3.4\nb. A 1.2.3.4\nb. TXT x\n";
	for (size_t n = 1; n < 100; n++) {
		struct arena *a = arena_new(ARENA);
		struct zonetext z = zonetext_of(text, strlen(text));
		struct rrset *sets;
		unsigned count;
		arena_fail_after(a, n);
		enum err e = zonetext_all(&z, a, &sets, &count);
		CU_ASSERT(e == ERR_NOMEM || (e == ERR_OK && n > 10));
		arena_free(a);
	}
}

static void test_text_of_a_set_that_does_not_fit_is_cut(void)
{
	struct arena *a = arena_new(ARENA);
	struct zonetext z = zonetext_of("a. 1 NS b.\n", 11);
	struct rrset set;
	static const char whole[] = "a. 1 IN NS b.\n";
	CU_ASSERT_EQUAL_FATAL(zonetext_next(&z, a, &set), ERR_OK);
	for (size_t size = 0; size <= sizeof(whole); size++) {
		char *out = malloc(size + 1);
		bool fits = rrset_text(&set, out, size);
		CU_ASSERT_EQUAL(fits, size == sizeof(whole));
		CU_ASSERT(size == 0 || strncmp(out, whole, strlen(out)) == 0);
		free(out);
	}
	arena_free(a);
}

static const struct unit_test tests[] = {
	UNIT(test_origin_ttl_and_what_may_be_left_out),
	UNIT(test_parentheses_comments_and_quotes),
	UNIT(test_escapes_guard_special_characters),
	UNIT(test_line_ends_of_dos_and_a_missing_last_one),
	UNIT(test_without_ttl_an_hour),
	UNIT(test_unknown_types_and_classes),
	UNIT(test_faults_name_their_line_and_reading_goes_on),
	UNIT(test_a_nul_in_the_text_is_refused),
	UNIT(test_a_record_beyond_the_limit_is_refused),
	UNIT(test_records_are_gathered_with_their_signatures),
	UNIT(test_no_records_are_no_sets),
	UNIT(test_no_memory_at_any_allocation),
	UNIT(test_text_of_a_set_that_does_not_fit_is_cut),
};

const struct unit_suite suite_zonetext = { "zonetext", tests, sizeof(tests) / sizeof(tests[0]) };
