#include "tests/unit.h"
#include "tests/wire/rdata_samples.h"

#include "resolver/wire/base32.h"
#include "resolver/wire/base64.h"
#include "resolver/wire/date.h"
#include "resolver/wire/hex.h"
#include "resolver/wire/rdata.h"
#include "resolver/wire/shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scanned {
	enum err err;
	size_t len;
	uint8_t octets[1024];
};

/* Scans an exact copy on the heap, so that one character too far is seen. */
static struct scanned scan(uint16_t type, const char *text)
{
	struct scanned s = { .err = ERR_NOMEM };
	struct name origin = name_of("origin.test.");
	struct writer w = writer_of(s.octets, sizeof(s.octets));
	char *copy = strdup(text);
	if (copy != NULL)
		s.err = rdata_scan(type, copy, &origin, &w);
	free(copy);
	s.len = writer_length(&w);
	return s;
}

static bool gives(uint16_t type, const char *text, const void *wire, size_t len)
{
	struct scanned s = scan(type, text);
	return s.err == ERR_OK && s.len == len && memcmp(s.octets, wire, len) == 0;
}

static bool prints(uint16_t type, const void *wire, size_t len, const char *text)
{
	char out[2048];
	struct rdata r = { (uint16_t)len, wire };
	bool whole = rdata_text(type, &r, out, sizeof(out));
	if (!whole || strcmp(out, text) != 0)
		printf("\n    %s\n    %s", out, text);
	return whole && strcmp(out, text) == 0;
}

static void test_every_type_prints_as_its_rfc_says(void)
{
	for (size_t i = 0; i < rdata_sample_count; i++) {
		const struct rdata_sample *s = &rdata_samples[i];
		CU_ASSERT(prints(s->type, s->wire, s->len, s->text));
	}
}

static void test_every_type_comes_back_from_its_text(void)
{
	for (size_t i = 0; i < rdata_sample_count; i++) {
		const struct rdata_sample *s = &rdata_samples[i];
		bool good = gives(s->type, s->text, s->wire, s->len);
		if (!good)
			printf("\n    %s", s->text);
		CU_ASSERT(good);
	}
}

static void test_every_type_may_be_written_as_rfc3597_section_5_has_it(void)
{
	for (size_t i = 0; i < rdata_sample_count; i++) {
		const struct rdata_sample *s = &rdata_samples[i];
		char text[512];
		int n = snprintf(text, sizeof(text), "\\# %zu ", s->len);
		for (size_t k = 0; k < s->len; k++)
			n += snprintf(text + n, sizeof(text) - (size_t)n, "%02x%s", (uint8_t)s->wire[k],
			              k % 7 == 0 ? " " : "");
		CU_ASSERT(gives(s->type, text, s->wire, s->len));
	}
}

static void test_rfc3597_section_5_examples(void)
{
	CU_ASSERT(gives(62347, "\\# 0", "", 0));
	CU_ASSERT(gives(731, "\\# 6 abcd ef 01 23 45", "\xab\xcd\xef\1\x23\x45", 6));
	CU_ASSERT(gives(TYPE_A, "\\# 4 0A000001", "\12\0\0\1", 4));
	CU_ASSERT(prints(62347, "", 0, "\\# 0"));
	CU_ASSERT_EQUAL(scan(731, "\\# 5 abcdef012345").err, ERR_FORMAT);
	CU_ASSERT_EQUAL(scan(731, "\\# 7 abcdef012345").err, ERR_FORMAT);
	CU_ASSERT_EQUAL(scan(731, "\\# 1 a").err, ERR_FORMAT);
	CU_ASSERT_EQUAL(scan(731, "\\# 65536 00").err, ERR_FORMAT);
	CU_ASSERT_EQUAL(scan(731, "\\#").err, ERR_FORMAT);
	CU_ASSERT_EQUAL(scan(731, "abcd").err, ERR_UNSUPPORTED);
	CU_ASSERT_EQUAL(scan(TYPE_A, "\\# 3 0A0000").err, ERR_FORMAT);
	CU_ASSERT_EQUAL(scan(TYPE_NS, "\\# 2 C00C").err, ERR_FORMAT); /* no message to point into */
}

/* RFC 3597 section 4 and 5: what we do not know comes and goes unchanged, by wire and by text. */
static void test_every_type_without_a_shape_is_carried_unchanged(void)
{
	static const uint8_t wire[] = { 0xc0, 0x00, 0x41, 0xff, 0x00 };
	for (uint32_t type = 0; type <= UINT16_MAX; type++) {
		uint8_t out[16];
		struct writer w = writer_of(out, sizeof(out));
		struct rdata r = { sizeof(wire), wire };
		if (shape_of((uint16_t)type) != NULL)
			continue;
		CU_ASSERT_EQUAL(rdata_read((uint16_t)type, reader_of(wire, sizeof(wire)), &w), ERR_OK);
		rdata_write(&w, (uint16_t)type, &r);
		rdata_write_canonical(&w, (uint16_t)type, &r);
		CU_ASSERT_EQUAL(writer_length(&w), 3 * sizeof(wire));
		for (size_t at = 0; at < sizeof(wire) * 3; at += sizeof(wire))
			CU_ASSERT_EQUAL(memcmp(out + at, wire, sizeof(wire)), 0);
		CU_ASSERT(prints((uint16_t)type, wire, sizeof(wire), "\\# 5 C00041FF00"));
		CU_ASSERT(gives((uint16_t)type, "\\# 5 c00041ff 00", wire, sizeof(wire)));
	}
}

static void test_names_are_relative_to_the_origin(void)
{
	CU_ASSERT(gives(TYPE_NS, "www", "\3www\6origin\4test", 17));
	CU_ASSERT(gives(TYPE_NS, "@", "\6origin\4test", 13));
	CU_ASSERT(gives(TYPE_NS, ".", "", 1));
	CU_ASSERT(gives(TYPE_NS, "a\\.", "\2a.\6origin\4test", 16));
	CU_ASSERT(gives(TYPE_NS, "a\\\\.", "\2a\\", 4));
	CU_ASSERT(gives(TYPE_SVCB, "1 .", "\0\1\0", 3));
}

static void test_what_is_refused(void)
{
	static const struct {
		uint16_t type;
		const char *text;
	} cases[] = {
		{ TYPE_A, "" },
		{ TYPE_A, "1.2.3" },
		{ TYPE_A, "1.2.3.4 5" },
		{ TYPE_A, "1.2.3.4@53" },
		{ TYPE_A, "::1" },
		{ TYPE_A, "\"1.2.3.4\"" },
		{ TYPE_AAAA, "1.2.3.4" },
		{ TYPE_NS, "" },
		{ TYPE_NS, "a..b." },
		{ TYPE_NS, "\"ns.\"" },
		{ TYPE_MX, "ns. 10" },
		{ TYPE_MX, "65536 ns." },
		{ TYPE_MX, "-1 ns." },
		{ TYPE_TXT, "" },
		{ TYPE_TXT, "\"open" },
		{ TYPE_TXT, "\"a\"b" },
		{ TYPE_TXT, "\\256" },
		{ TYPE_TXT, "\\25" },
		{ TYPE_TXT, "a\\" },
		{ TYPE_SOA, "a. b. 1 2 3 4 4294967296" },
		{ TYPE_SOA, "a. b. 1 2 3 4" },
		{ TYPE_DS, "1 8 2" },
		{ TYPE_DS, "1 8 2 abc" },
		{ TYPE_DS, "1 8 2 xy" },
		{ TYPE_DNSKEY, "257 3 8 AwEAAQ=" },
		{ TYPE_DNSKEY, "257 3 8 AwEAAQ===" },
		{ TYPE_DNSKEY, "257 3 8 AwE=AQ" },
		{ TYPE_DNSKEY, "257 3 8 A" },
		{ TYPE_RRSIG, "A 8 0 1 20300230000000 20200101000000 1 . AQ==" },
		{ TYPE_RRSIG, "A 8 0 1 21070101000000 20200101000000 1 . AQ==" },
		{ TYPE_RRSIG, "A 8 0 1 19691231235959 20200101000000 1 . AQ==" },
		{ TYPE_RRSIG, "A 8 0 1 2030010100000 20200101000000 1 . AQ==" },
		{ TYPE_RRSIG, "FOO 8 0 1 20300101000000 20200101000000 1 . AQ==" },
		{ TYPE_NSEC, "a." },
		{ TYPE_NSEC, "a. A FOO" },
		{ TYPE_NSEC3, "1 0 0 - -" },
		{ TYPE_NSEC3, "1 0 0 - w" },
		{ TYPE_NSEC3, "1 0 0 a 2t7b4g4v" },
		{ TYPE_EUI48, "00-00-5e-00-53" },
		{ TYPE_EUI48, "00:00:5e:00:53:2a" },
		{ TYPE_L64, "10 2001:db8:1140:1000" },
		{ TYPE_IPSECKEY, "10 4 2 x AQID" },
		{ TYPE_IPSECKEY, "10 0 2 a. AQID" },
		{ TYPE_AMTRELAY, "10 2 0 ." },
		{ TYPE_CAA, "0 \"\" \"x\"" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scanned s = scan(cases[i].type, cases[i].text);
		if (s.err == ERR_OK || s.len != 0)
			printf("\n    accepted: %s", cases[i].text);
		CU_ASSERT_NOT_EQUAL(s.err, ERR_OK);
		CU_ASSERT_EQUAL(s.len, 0);
	}
}

static void test_a_string_holds_255_octets_and_no_more(void)
{
	char text[300];
	memset(text, 'a', sizeof(text));
	text[255] = '\0';
	CU_ASSERT_EQUAL(scan(TYPE_TXT, text).len, 256);
	text[255] = 'a';
	text[256] = '\0';
	CU_ASSERT_NOT_EQUAL(scan(TYPE_TXT, text).err, ERR_OK);
}

static void test_text_that_does_not_fit_is_cut_and_said_so(void)
{
	for (size_t i = 0; i < rdata_sample_count; i++) {
		const struct rdata_sample *s = &rdata_samples[i];
		struct rdata r = { (uint16_t)s->len, (const uint8_t *)s->wire };
		for (size_t size = 0; size <= strlen(s->text); size++) {
			char *out = malloc(size + 1);
			CU_ASSERT_FALSE(rdata_text(s->type, &r, out, size));
			CU_ASSERT(size == 0 || strlen(out) < size);
			free(out);
		}
	}
}

static void test_octets_of_the_wrong_shape_print_as_unknown(void)
{
	CU_ASSERT(prints(TYPE_A, "abc", 3, "\\# 3 616263"));
	CU_ASSERT(prints(TYPE_NS, "\300\14", 2, "\\# 2 C00C"));
	CU_ASSERT(prints(TYPE_NSEC, "\0\0\1\0", 4, "\\# 4 00000100"));
	CU_ASSERT(prints(TYPE_CAA, "\0\1-x", 4, "\\# 4 00012D78"));
	CU_ASSERT(prints(TYPE_SVCB, "\0\1\0\0\3\0\1x", 8, "\\# 8 0001000003000178"));
}

static void test_dates_and_seconds_are_the_same(void)
{
	static const struct {
		int64_t seconds;
		struct date date;
	} cases[] = {
		{ 0, { 1970, 1, 1, 0, 0, 0 } },
		{ 951782399, { 2000, 2, 28, 23, 59, 59 } },
		{ 951782400, { 2000, 2, 29, 0, 0, 0 } },
		{ 2147483648, { 2038, 1, 19, 3, 14, 8 } },
		{ 4107542400, { 2100, 3, 1, 0, 0, 0 } },
		{ 4294967295, { 2106, 2, 7, 6, 28, 15 } },
		{ -1, { 1969, 12, 31, 23, 59, 59 } },
		{ -62167219200, { 0, 1, 1, 0, 0, 0 } },
		{ 253402300799, { 9999, 12, 31, 23, 59, 59 } },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct date d = date_of(cases[i].seconds);
		int64_t back = 0;
		CU_ASSERT_EQUAL(d.year, cases[i].date.year);
		CU_ASSERT_EQUAL(d.month, cases[i].date.month);
		CU_ASSERT_EQUAL(d.day, cases[i].date.day);
		CU_ASSERT_EQUAL(d.second, cases[i].date.second);
		CU_ASSERT_EQUAL(date_seconds(&cases[i].date, &back), ERR_OK);
		CU_ASSERT_EQUAL(back, cases[i].seconds);
	}
}

static void test_every_day_of_four_centuries_follows_the_day_before(void)
{
	int64_t expected = -11676096000; /* 1600-01-01 */
	for (int64_t year = 1600; year < 2001; year++) {
		for (unsigned month = 1; month <= 12; month++) {
			for (unsigned day = 1; day <= 31; day++) {
				struct date d = { year, month, day, 12, 30, 1 };
				int64_t seconds;
				if (date_seconds(&d, &seconds) != ERR_OK)
					continue;
				struct date back = date_of(seconds);
				CU_ASSERT(back.year == year && back.month == month && back.day == day);
				CU_ASSERT_EQUAL(seconds, expected + 45001);
				expected += 86400;
			}
		}
	}
}

static void test_days_that_are_none(void)
{
	static const struct date bad[] = {
		{ 2026, 0, 1, 0, 0, 0 },  { 2026, 13, 1, 0, 0, 0 },  { 2026, 2, 29, 0, 0, 0 },
		{ 1900, 2, 29, 0, 0, 0 }, { 2026, 1, 0, 0, 0, 0 },   { 2026, 4, 31, 0, 0, 0 },
		{ 2026, 1, 1, 24, 0, 0 }, { 2026, 1, 1, 0, 60, 0 },  { 2026, 1, 1, 0, 0, 60 },
		{ -1, 1, 1, 0, 0, 0 },    { 10000, 1, 1, 0, 0, 0 },
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int64_t seconds;
		CU_ASSERT_EQUAL(date_seconds(&bad[i], &seconds), ERR_FORMAT);
	}
}

/* RFC 4648 section 10; base32hex without its padding. */
static void test_rfc4648_section_10(void)
{
	static const struct {
		const char *octets, *hex, *base32, *base64;
	} cases[] = {
		{ "", "", "", "" },
		{ "f", "66", "co", "Zg==" },
		{ "fo", "666F", "cpng", "Zm8=" },
		{ "foo", "666F6F", "cpnmu", "Zm9v" },
		{ "foob", "666F6F62", "cpnmuog", "Zm9vYg==" },
		{ "fooba", "666F6F6261", "cpnmuoj1", "Zm9vYmE=" },
		{ "foobar", "666F6F626172", "cpnmuoj1e8", "Zm9vYmFy" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint8_t *octets = (const uint8_t *)cases[i].octets;
		size_t len = strlen(cases[i].octets);
		char out[3][32];
		struct text text[3];
		for (size_t k = 0; k < 3; k++)
			text[k] = text_of(out[k], sizeof(out[k]));
		hex_text(&text[0], octets, len);
		base32_text(&text[1], octets, len);
		base64_text(&text[2], octets, len);
		CU_ASSERT_STRING_EQUAL(out[0], cases[i].hex);
		CU_ASSERT_STRING_EQUAL(out[1], cases[i].base32);
		CU_ASSERT_STRING_EQUAL(out[2], cases[i].base64);

		uint8_t back[32];
		struct writer w = writer_of(back, sizeof(back));
		struct tokens none = tokens_of("", 0), t = tokens_of(out[2], strlen(out[2]));
		struct token digits = { out[1], strlen(out[1]), false };
		base32_scan_token(&none, &digits, &w);
		base64_scan(&t, &w);
		CU_ASSERT_EQUAL(none.err, ERR_OK);
		CU_ASSERT_EQUAL(tokens_finish(&t), ERR_OK);
		CU_ASSERT_EQUAL(writer_length(&w), 2 * len);
		CU_ASSERT(memcmp(back, octets, len) == 0 && memcmp(back + len, octets, len) == 0);
	}
}

static const struct unit_test tests[] = {
	UNIT(test_every_type_prints_as_its_rfc_says),
	UNIT(test_every_type_comes_back_from_its_text),
	UNIT(test_every_type_may_be_written_as_rfc3597_section_5_has_it),
	UNIT(test_rfc3597_section_5_examples),
	UNIT(test_every_type_without_a_shape_is_carried_unchanged),
	UNIT(test_names_are_relative_to_the_origin),
	UNIT(test_what_is_refused),
	UNIT(test_a_string_holds_255_octets_and_no_more),
	UNIT(test_text_that_does_not_fit_is_cut_and_said_so),
	UNIT(test_octets_of_the_wrong_shape_print_as_unknown),
	UNIT(test_dates_and_seconds_are_the_same),
	UNIT(test_every_day_of_four_centuries_follows_the_day_before),
	UNIT(test_days_that_are_none),
	UNIT(test_rfc4648_section_10),
};

const struct unit_suite suite_rdata_text = { "rdata_text", tests,
	                                     sizeof(tests) / sizeof(tests[0]) };
