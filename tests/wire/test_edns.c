#include "resolver/base/limits.h"
#include "resolver/base/rng.h"
#include "resolver/wire/edns.h"
#include "tests/unit.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static enum err parse(const void *options, size_t len, struct edns *e)
{
	return edns_parse(reader_of(options, len), 1232, 0, e);
}

/* One option of that code with len octets of value 1. */
static size_t option(uint8_t *out, uint16_t code, size_t len)
{
	struct writer w = writer_of(out, 4 + len);
	write_u16(&w, code);
	write_u16(&w, (uint16_t)len);
	memset(w.at, 1, len);
	return 4 + len;
}

static void test_fixed_fields_are_taken_apart(void)
{
	struct edns e;
	CU_ASSERT_EQUAL(edns_parse(reader_of(NULL, 0), 4096, 0x0100c000, &e), ERR_OK);
	CU_ASSERT_TRUE(e.present && e.dnssec_ok && e.compact_ok);
	CU_ASSERT_EQUAL(e.udp_size, 4096);
	CU_ASSERT_EQUAL(e.extended_rcode, 1);
	CU_ASSERT_EQUAL(edns_parse(reader_of(NULL, 0), 100, 0x00050000, &e), ERR_OK);
	CU_ASSERT_EQUAL(e.udp_size, 512); /* RFC 6891 section 6.2.3 */
	CU_ASSERT_EQUAL(e.version, 5);
	CU_ASSERT_FALSE(e.dnssec_ok || e.compact_ok);
}

static void test_cookies_have_8_or_16_to_40_octets_rfc7873(void)
{
	for (size_t len = 0; len <= 45; len++) {
		uint8_t rdata[64];
		struct edns e;
		CU_ASSERT_EQUAL(parse(rdata, option(rdata, EDNS_COOKIE, len), &e), ERR_OK);
		bool good = len == 8 || (len >= 16 && len <= 40);
		CU_ASSERT_EQUAL(e.has_cookie, good);
		CU_ASSERT_EQUAL(e.bad_cookie_length, !good);
		if (good)
			CU_ASSERT_EQUAL(e.cookie.server_len, len - 8);
	}
}

static void test_only_the_first_cookie_counts(void)
{
	uint8_t rdata[64];
	struct edns e;
	size_t len = option(rdata, EDNS_COOKIE, 8);
	len += option(rdata + len, EDNS_COOKIE, 24);
	CU_ASSERT_EQUAL(parse(rdata, len, &e), ERR_OK);
	CU_ASSERT_TRUE(e.has_cookie && e.cookie.server_len == 0 && !e.bad_cookie_length);
}

static void test_client_subnets_are_checked_rfc7871(void)
{
	static const struct {
		const char *value;
		size_t len;
		bool bad;
	} cases[] = {
		{ "\0\1\30\0\300\0\2", 7, false },            /* 192.0.2.0/24 */
		{ "\0\1\0\0", 4, false },                     /* 0.0.0.0/0 */
		{ "\0\2\70\0\40\1\15\270\0\0\0", 11, false }, /* 2001:db8::/56 */
		{ "\0\0\0\0", 4, false },                     /* nothing at all */
		{ "\0\1\30\30\300\0\2", 7, true },            /* scope in a query */
		{ "\0\1\30\0\300\0", 6, true },               /* too few octets */
		{ "\0\1\30\0\300\0\2\0", 8, true },           /* too many */
		{ "\0\1\31\0\300\0\2\100", 8, true },         /* a bit behind /25 */
		{ "\0\1\31\0\300\0\2\200", 8, false },
		{ "\0\1\41\0\300\0\2\0\0", 9, true },                           /* /33 */
		{ "\0\2\201\0\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\200", 21, true }, /* /129 */
		{ "\0\3\0\0", 4, true },                                        /* unknown family */
		{ "\0\0\1\0\200", 5, true },
		{ "\0\1\30", 3, true },
		{ "", 0, true },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t rdata[64];
		struct edns e;
		size_t len = option(rdata, EDNS_CLIENT_SUBNET, cases[i].len);
		memcpy(rdata + 4, cases[i].value, cases[i].len);
		CU_ASSERT_EQUAL(parse(rdata, len, &e), ERR_OK);
		CU_ASSERT_TRUE(e.has_subnet);
		CU_ASSERT_EQUAL(e.bad_subnet, cases[i].bad);
	}
}

static void test_thirty_two_options_are_enough_threat_D7(void)
{
	static uint8_t rdata[4 * 16000];
	struct edns e;
	for (size_t i = 0; i < sizeof(rdata); i += 4)
		(void)option(rdata + i, 65001, 0);
	CU_ASSERT_EQUAL(parse(rdata, 4 * (size_t)LIMIT_EDNS_OPTIONS, &e), ERR_OK);
	CU_ASSERT_EQUAL(parse(rdata, 4 * (size_t)LIMIT_EDNS_OPTIONS + 4, &e), ERR_LIMIT);
	CU_ASSERT_EQUAL(parse(rdata, sizeof(rdata), &e), ERR_LIMIT);
}

static void test_options_that_leave_the_record_are_malformed(void)
{
	uint8_t rdata[64];
	struct edns e;
	size_t len = option(rdata, 65001, 10);
	for (size_t cut = 1; cut < len; cut++)
		CU_ASSERT_EQUAL(parse(rdata, cut, &e), ERR_FORMAT);
	CU_ASSERT_EQUAL(parse(rdata, len, &e), ERR_OK);
	/* Nobody knows how version 1 writes them. */
	CU_ASSERT_EQUAL(edns_parse(reader_of(rdata, 3), 1232, 0x00010000, &e), ERR_OK);
	CU_ASSERT_EQUAL(e.version, 1);
}

static struct edns rich(void)
{
	static const uint8_t nsid[] = "burrow";
	return (struct edns){
		.present = true,
		.udp_size = 1232,
		.dnssec_ok = true,
		.extended_rcode = 1,
		.has_cookie = true,
		.cookie = { .client = "12345678", .server = "abcdefgh12345678", .server_len = 16 },
		.has_nsid = true,
		.nsid = nsid,
		.nsid_len = 6,
		.has_keepalive = true,
		.keepalive = 100,
		.error_count = 2,
		.errors = { { EDE_BOGUS, "ABCD why" }, { EDE_STALE, NULL } },
	};
}

static enum err reread(const uint8_t *out, size_t len, struct edns *e)
{
	struct reader r = reader_of(out, len);
	(void)read_u8(&r);
	(void)read_u16(&r);
	uint16_t class = read_u16(&r);
	uint32_t ttl = read_u32(&r);
	uint16_t length = read_u16(&r);
	struct reader rdata = read_slice(&r, length);
	if (reader_finish(&r) != ERR_OK)
		return ERR_CORRUPT;
	return edns_parse(rdata, class, ttl, e);
}

static void test_what_is_written_is_read_back_and_was_foretold(void)
{
	uint8_t out[600];
	struct edns e = rich(), back;
	struct writer w = writer_of(out, sizeof(out));
	edns_write(&w, &e);
	CU_ASSERT_EQUAL(writer_length(&w), edns_size(&e));
	CU_ASSERT_EQUAL_FATAL(reread(out, writer_length(&w), &back), ERR_OK);
	CU_ASSERT_TRUE(back.dnssec_ok && !back.compact_ok && back.has_cookie && back.has_keepalive);
	CU_ASSERT_EQUAL(back.extended_rcode, 1);
	CU_ASSERT_EQUAL(back.keepalive, 100);
	CU_ASSERT_EQUAL(memcmp(back.cookie.client, e.cookie.client, 8), 0);
	CU_ASSERT_EQUAL(memcmp(back.cookie.server, e.cookie.server, 16), 0);
	CU_ASSERT_TRUE(back.nsid_len == 6 && memcmp(back.nsid, "burrow", 6) == 0);
	CU_ASSERT_EQUAL(back.error_count, 2);
	CU_ASSERT_EQUAL(back.errors[0].ede, EDE_BOGUS);
	CU_ASSERT_EQUAL(back.errors[1].ede, EDE_STALE);
	e.present = false;
	CU_ASSERT_EQUAL(edns_size(&e), 0);
}

static void test_each_option_goes_out_whole_or_not_at_all_threat_H5(void)
{
	for (size_t room = 0; room < 120; room++) {
		uint8_t out[120];
		struct edns e = rich(), back;
		e.pad_to = 64;
		struct writer w = writer_of(out, room);
		edns_write(&w, &e);
		CU_ASSERT_EQUAL(w.err, room < 11 ? ERR_SPACE : ERR_OK);
		if (w.err == ERR_OK)
			CU_ASSERT_EQUAL(reread(out, writer_length(&w), &back), ERR_OK);
	}
}

static void test_padding_fills_to_the_next_multiple_rfc8467(void)
{
	for (size_t before = 0; before < 300; before++) {
		uint8_t out[1000];
		struct edns e = { .present = true, .udp_size = 1232, .pad_to = 128 };
		struct writer w = writer_of(out, sizeof(out));
		w.at += before;
		edns_write(&w, &e);
		CU_ASSERT_EQUAL(writer_length(&w) % 128, 0);
		CU_ASSERT_TRUE(writer_length(&w) - before < 11 + 4 + 128);
	}
	uint8_t out[100];
	struct edns e = { .present = true, .pad_to = 468 };
	struct writer w = writer_of(out, sizeof(out));
	edns_write(&w, &e);
	CU_ASSERT_EQUAL(writer_length(&w), sizeof(out)); /* as far as it may grow */
}

static void test_random_options_are_survived(void)
{
	struct rng r;
	rng_init_number(&r, 31);
	for (int i = 0; i < 50000; i++) {
		uint8_t rdata[80];
		struct edns e;
		size_t len = rng_below(&r, sizeof(rdata) + 1);
		rng_fill(&r, rdata, len);
		for (size_t k = 0; k < len; k++)
			rdata[k] = rdata[k] < 200 ? rdata[k] % 20 : rdata[k];
		enum err err = parse(rdata, len, &e);
		CU_ASSERT_TRUE(err == ERR_OK || err == ERR_FORMAT);
	}
}

static const struct unit_test tests[] = {
	UNIT(test_fixed_fields_are_taken_apart),
	UNIT(test_cookies_have_8_or_16_to_40_octets_rfc7873),
	UNIT(test_only_the_first_cookie_counts),
	UNIT(test_client_subnets_are_checked_rfc7871),
	UNIT(test_thirty_two_options_are_enough_threat_D7),
	UNIT(test_options_that_leave_the_record_are_malformed),
	UNIT(test_what_is_written_is_read_back_and_was_foretold),
	UNIT(test_each_option_goes_out_whole_or_not_at_all_threat_H5),
	UNIT(test_padding_fills_to_the_next_multiple_rfc8467),
	UNIT(test_random_options_are_survived),
};
extern const struct unit_suite suite_edns;
const struct unit_suite suite_edns = { "edns", tests, COUNT(tests) };
