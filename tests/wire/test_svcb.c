#include "tests/unit.h"

#include "resolver/wire/rdata.h"
#include "resolver/wire/svcb.h"

#include <stdio.h>
#include <string.h>

#define WIRE(s) s, sizeof(s) - 1
#define FOO_COM "\3foo\7example\3com\0"
#define FOO_ORG "\3foo\7example\3org\0"

static enum err scan(const char *text, uint8_t *out, size_t room, size_t *len)
{
	struct name origin = name_root();
	struct writer w = writer_of(out, room);
	enum err e = rdata_scan(TYPE_SVCB, text, &origin, &w);
	*len = writer_length(&w);
	return e;
}

/* What comes in from a vector goes out in our way of writing it, and comes in again. */
static void test_rfc9460_appendix_d_good_vectors(void)
{
	static const struct {
		const char *text, *ours, *wire;
		size_t len;
	} cases[] = {
		{ "0 foo.example.com.", "0 foo.example.com.", WIRE("\0\0" FOO_COM) },
		{ "1 .", "1 .", WIRE("\0\1\0") },
		{ "16 foo.example.com. port=53", "16 foo.example.com. port=53",
		  WIRE("\0\20" FOO_COM "\0\3\0\2\0\65") },
		{ "1 foo.example.com. key667=hello", "1 foo.example.com. key667=\"hello\"",
		  WIRE("\0\1" FOO_COM "\x02\x9b\0\5hello") },
		{ "1 foo.example.com. key667=\"hello\\210qoo\"",
		  "1 foo.example.com. key667=\"hello\\210qoo\"",
		  WIRE("\0\1" FOO_COM "\x02\x9b\0\11hello\xd2qoo") },
		{ "1 foo.example.com. ipv6hint=\"2001:db8::1,2001:db8::53:1\"",
		  "1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1",
		  WIRE("\0\1" FOO_COM "\0\6\0\40\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
		       "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\x53\0\1") },
		{ "1 example.com. ipv6hint=\"2001:db8:122:344::192.0.2.33\"",
		  "1 example.com. ipv6hint=2001:db8:122:344::c000:221",
		  WIRE("\0\1\7example\3com\0\0\6\0\20\x20\1\x0d\xb8\1\x22\3\x44\0\0\0\0\300\0\2\41") },
		{ "16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1",
		  "16 foo.example.org. mandatory=alpn,ipv4hint alpn=\"h2,h3-19\" ipv4hint=192.0.2.1",
		  WIRE("\0\20" FOO_ORG "\0\0\0\4\0\1\0\4\0\1\0\11\2h2\5h3-19\0\4\0\4\300\0\2\1") },
		{ "16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"",
		  "16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"",
		  WIRE("\0\20" FOO_ORG "\0\1\0\14\10f\\oo,bar\2h2") },
		{ "16 foo.example.org. alpn=f\\\\\\092oo\\092,bar,h2",
		  "16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"",
		  WIRE("\0\20" FOO_ORG "\0\1\0\14\10f\\oo,bar\2h2") },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t wire[256];
		char text[512];
		size_t len;
		CU_ASSERT_EQUAL(scan(cases[i].text, wire, sizeof(wire), &len), ERR_OK);
		CU_ASSERT(len == cases[i].len && memcmp(wire, cases[i].wire, len) == 0);
		struct rdata r = { (uint16_t)len, wire };
		CU_ASSERT(rdata_text(TYPE_SVCB, &r, text, sizeof(text)));
		CU_ASSERT_STRING_EQUAL(text, cases[i].ours);
		CU_ASSERT_EQUAL(scan(text, wire, sizeof(wire), &len), ERR_OK);
		CU_ASSERT(len == cases[i].len && memcmp(wire, cases[i].wire, len) == 0);
	}
}

static void test_rfc9460_appendix_d3_failures(void)
{
	static const char *const cases[] = {
		"1 foo.example.com. key123=abc key123=def",
		"1 foo.example.com. mandatory",
		"1 foo.example.com. alpn",
		"1 foo.example.com. port",
		"1 foo.example.com. ipv4hint",
		"1 foo.example.com. ipv6hint",
		"1 foo.example.com. no-default-alpn=abc",
		"1 foo.example.com. mandatory=key123",
		"1 foo.example.com. mandatory=mandatory",
		"1 foo.example.com. mandatory=key123,key123 key123=abc",
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t wire[256];
		size_t len;
		enum err e = scan(cases[i], wire, sizeof(wire), &len);
		if (e != ERR_FORMAT)
			printf("\n    %s", cases[i]);
		CU_ASSERT_EQUAL(e, ERR_FORMAT);
	}
}

static void test_text_that_is_no_parameter(void)
{
	static const char *const cases[] = {
		"1 . foo=bar",     "1 . key01=a",       "1 . key65536=a",   "1 . key=a",
		"1 . \"port=53\"", "1 . port=\"53",     "1 . port=65536",   "1 . port=5 3",
		"1 . port=-1",     "1 . ipv4hint=::1",  "1 . ipv4hint=1.2.3.4,", "1 . ech=A",
		"1 . ech=AAAA",    "1 . alpn=a,,b",     "1 . alpn=,a",      "1 . alpn=a\\\\",
		"1 . ohttp=x",     "1 . mandatory=,",   "1 . =x",           "1 . ipv6hint=1.2.3.4",
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t wire[256];
		size_t len;
		enum err e = scan(cases[i], wire, sizeof(wire), &len);
		if (e == ERR_OK && i != 10) /* a comma at the end is nothing more */
			printf("\n    %s", cases[i]);
		CU_ASSERT(e != ERR_OK || i == 10);
	}
}

/* RFC 9460 section 2.2. */
static void test_wire_is_checked_for_structure_and_known_values_threat_H4(void)
{
	static const struct {
		const char *why, *wire;
		size_t len;
		bool valid;
	} cases[] = {
		{ "no parameters", WIRE(""), true },
		{ "half a header", WIRE("\0\3\0"), false },
		{ "value cut", WIRE("\0\3\0\2\0"), false },
		{ "octet behind", WIRE("\0\3\0\2\0\65x"), false },
		{ "descending", WIRE("\0\3\0\2\0\65\0\1\0\3\2h2"), false },
		{ "twice the same", WIRE("\0\3\0\2\0\65\0\3\0\2\0\65"), false },
		{ "ascending", WIRE("\0\1\0\3\2h2\0\3\0\2\0\65"), true },
		{ "unknown key, any value", WIRE("\1\0\0\0\2\0\0\3abc"), true },
		{ "key 65535", WIRE("\377\377\0\1x"), true },
		{ "mandatory empty", WIRE("\0\0\0\0"), false },
		{ "mandatory odd", WIRE("\0\0\0\3\0\3\0\0\3\0\2\0\65"), false },
		{ "mandatory itself", WIRE("\0\0\0\2\0\0"), false },
		{ "mandatory twice", WIRE("\0\0\0\4\0\3\0\3\0\3\0\2\0\65"), false },
		{ "mandatory unsorted", WIRE("\0\0\0\4\0\3\0\1\0\1\0\3\2h2\0\3\0\2\0\65"), false },
		{ "mandatory absent", WIRE("\0\0\0\2\0\4\0\3\0\2\0\65"), false },
		{ "mandatory present", WIRE("\0\0\0\2\0\3\0\3\0\2\0\65"), true },
		{ "mandatory over a gap", WIRE("\0\0\0\4\0\1\0\3\0\1\0\3\2h2\0\2\0\0\0\3\0\2\0\65"), true },
		{ "alpn empty", WIRE("\0\1\0\0"), false },
		{ "alpn with empty string", WIRE("\0\1\0\4\2h2\0"), false },
		{ "alpn string cut", WIRE("\0\1\0\3\3h2"), false },
		{ "no-default-alpn with value", WIRE("\0\2\0\1x"), false },
		{ "port of one octet", WIRE("\0\3\0\1\0"), false },
		{ "port of three octets", WIRE("\0\3\0\3\0\0\0"), false },
		{ "ipv4hint empty", WIRE("\0\4\0\0"), false },
		{ "ipv4hint of five", WIRE("\0\4\0\5abcde"), false },
		{ "ech empty", WIRE("\0\5\0\0"), false },
		{ "ech length too big", WIRE("\0\5\0\3\0\2x"), false },
		{ "ech length too small", WIRE("\0\5\0\4\0\1xy"), false },
		{ "ech", WIRE("\0\5\0\4\0\2xy"), true },
		{ "ipv6hint of four", WIRE("\0\6\0\4abcd"), false },
		{ "ohttp with value", WIRE("\0\10\0\1x"), false },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool valid = svcb_is_valid((const uint8_t *)cases[i].wire, cases[i].len);
		if (valid != cases[i].valid)
			printf("\n    %s", cases[i].why);
		CU_ASSERT_EQUAL(valid, cases[i].valid);
	}
}

static const struct unit_test tests[] = {
	UNIT(test_rfc9460_appendix_d_good_vectors),
	UNIT(test_rfc9460_appendix_d3_failures),
	UNIT(test_text_that_is_no_parameter),
	UNIT(test_wire_is_checked_for_structure_and_known_values_threat_H4),
};

const struct unit_suite suite_svcb = { "svcb", tests, sizeof(tests) / sizeof(tests[0]) };
