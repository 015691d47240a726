#include "resolver/base/address.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct address of(const char *text)
{
	struct address a = { 0 };
	CU_ASSERT_EQUAL(address_parse(text, &a), ERR_OK);
	return a;
}

static void test_text_follows_rfc5952(void)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "::", "::" },
		{ "0:0:0:0:0:0:0:0", "::" },
		{ "::1", "::1" },
		{ "1::", "1::" },
		{ "2001:0DB8:0:0:0:0:2:1", "2001:db8::2:1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" }, /* section 4.2.2 */
		{ "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },       /* the longest run */
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" }, /* the first of equals */
		{ "1:2:3:4:5:6:0:0", "1:2:3:4:5:6::" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "::192.0.2.1", "::c000:201" },
		{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
		{ "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[ADDRESS_TEXT_MAX];
		struct address a = of(cases[i].in);
		address_text(&a, text);
		CU_ASSERT_STRING_EQUAL(text, cases[i].out);
		struct address again = of(text);
		CU_ASSERT_TRUE(address_equal(&a, &again));
		CU_ASSERT_EQUAL(a.port, 0);
	}
}

static void test_parse_takes_a_port_behind_an_at_sign(void)
{
	CU_ASSERT_EQUAL(of("192.0.2.1@5335").port, 5335);
	CU_ASSERT_EQUAL(of("2001:db8::1@53").port, 53);
	CU_ASSERT_EQUAL(of("::@65535").port, 65535);
}

static void test_parse_refuses_what_is_no_address(void)
{
	static const char *const cases[] = {
		"",
		".",
		":",
		":::",
		"1.2.3",
		"1.2.3.4.5",
		"1.2.3.256",
		"1.2.3.1000",
		"01.2.3.4",
		"1.2.3.04",
		"1..2.3",
		"1.2.3.4 ",
		" 1.2.3.4",
		"0x1.2.3.4",
		"1.2.3.4@",
		"1.2.3.4@0",
		"1.2.3.4@65536",
		"1.2.3.4@-1",
		"1.2.3.4@53x",
		"1.2.3.4#53",
		"1.2.3.4:53",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7:",
		":1:2:3:4:5:6:7",
		"1::2::3",
		"1:::2",
		"12345::",
		"g::",
		"::1.2.3",
		"1:2:3:4:5:6:7:1.2.3.4",
		"1.2.3.4::",
		"::1.2.3.4:1",
		"1:2:3:4::5:6:7:8",
		"fe80::1%eth0",
		"[::1]",
		"::1/128",
		"localhost",
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct address a = { .port = 7 };
		CU_ASSERT_EQUAL(address_parse(cases[i], &a), ERR_FORMAT);
		CU_ASSERT_EQUAL(a.port, 7); /* nothing written */
	}
}

static void test_port_counts_for_equality_but_not_for_the_host(void)
{
	struct address a = of("192.0.2.1@53"), b = of("192.0.2.1@54"), c = of("192.0.2.2@53");
	CU_ASSERT_FALSE(address_equal(&a, &b));
	CU_ASSERT_TRUE(address_same_host(&a, &b));
	CU_ASSERT_FALSE(address_same_host(&a, &c));
	struct address v4 = of("1.0.0.0"), v6 = of("100::");
	CU_ASSERT_FALSE(address_same_host(&v4, &v6)); /* same octets, other family */
}

enum use { PUBLIC, PRIVATE, NEVER };

static void test_addresses_know_whether_they_can_be_servers_threat_A14(void)
{
	static const struct {
		const char *text;
		enum use use;
	} cases[] = {
		{ "0.0.0.0", NEVER },
		{ "0.255.0.1", NEVER },
		{ "1.0.0.0", PUBLIC },
		{ "127.0.0.1", NEVER },
		{ "127.255.255.255", NEVER },
		{ "128.0.0.1", PUBLIC },
		{ "223.255.255.255", PUBLIC },
		{ "224.0.0.1", NEVER },
		{ "255.255.255.255", NEVER },
		{ "10.0.0.1", PRIVATE },
		{ "11.0.0.1", PUBLIC },
		{ "172.15.0.1", PUBLIC },
		{ "172.16.0.1", PRIVATE },
		{ "172.31.255.1", PRIVATE },
		{ "172.32.0.1", PUBLIC },
		{ "192.168.1.1", PRIVATE },
		{ "192.169.0.1", PUBLIC },
		{ "100.63.0.1", PUBLIC },
		{ "100.64.0.1", PRIVATE },
		{ "100.127.0.1", PRIVATE },
		{ "100.128.0.1", PUBLIC },
		{ "169.254.1.1", PRIVATE },
		{ "169.255.1.1", PUBLIC },
		{ "::", NEVER },
		{ "::1", NEVER },
		{ "::2", NEVER },
		{ "::127.0.0.1", NEVER },
		{ "::ffff:192.0.2.1", NEVER },
		{ "ff02::1", NEVER },
		{ "2001:db8::1", PUBLIC },
		{ "fc00::1", PRIVATE },
		{ "fdff::1", PRIVATE },
		{ "fe00::1", PUBLIC },
		{ "fe80::1", PRIVATE },
		{ "febf::1", PRIVATE },
		{ "fec0::1", PUBLIC },
		{ "64:ff9b::1", PUBLIC },
		{ "0:0:0:0:0:0:1:0", NEVER },
		{ "0:0:0:0:0:1::", PUBLIC },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct address a = of(cases[i].text);
		CU_ASSERT_EQUAL(address_is_never_server(&a), cases[i].use == NEVER);
		CU_ASSERT_EQUAL(address_is_private(&a), cases[i].use != PUBLIC);
	}
	struct address none = { .family = FAMILY_NONE };
	CU_ASSERT_TRUE(address_is_never_server(&none));
}

static void test_a_prefix_contains_its_network_and_no_more(void)
{
	static const struct {
		const char *prefix, *address;
		bool inside;
	} cases[] = {
		{ "10.0.0.0/8", "10.255.255.255", true },
		{ "10.0.0.0/8", "11.0.0.0", false },
		{ "192.0.2.128/25", "192.0.2.128", true },
		{ "192.0.2.128/25", "192.0.2.127", false },
		{ "192.0.2.1", "192.0.2.1@99", true },
		{ "192.0.2.1", "192.0.2.0", false },
		{ "0.0.0.0/0", "203.0.113.9", true },
		{ "0.0.0.0/0", "::1", false },
		{ "::/0", "203.0.113.9", false },
		{ "::/0", "ffff::", true },
		{ "2001:db8::/33", "2001:db8:7fff::", true },
		{ "2001:db8::/33", "2001:db8:8000::", false },
		{ "2001:db8::1/128", "2001:db8::1", true },
		{ "2001:db8::1/128", "2001:db8::2", false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct prefix p;
		struct address a = of(cases[i].address);
		CU_ASSERT_EQUAL_FATAL(prefix_parse(cases[i].prefix, &p), ERR_OK);
		CU_ASSERT_EQUAL(prefix_contains(&p, &a), cases[i].inside);
	}
}

static void test_prefix_parse_refuses_host_bits_and_nonsense(void)
{
	static const char *const cases[] = {
		"10.0.0.1/8",  "::1/64",       "10.0.0.0/33", "::/129", "10.0.0.0/",
		"10.0.0.0/08", "10.0.0.0/8/8", "10.0.0.0@53", "/8",     ""
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct prefix p;
		CU_ASSERT_EQUAL(prefix_parse(cases[i], &p), ERR_FORMAT);
	}
}

static void test_network_clears_host_bits_and_port(void)
{
	struct address a = of("203.0.113.77@1000"), n = address_network(&a, 24);
	char text[ADDRESS_TEXT_MAX];
	address_text(&n, text);
	CU_ASSERT_STRING_EQUAL(text, "203.0.113.0");
	CU_ASSERT_EQUAL(n.port, 0);
	a = of("2001:db8:1:2ff::1");
	n = address_network(&a, 56);
	address_text(&n, text);
	CU_ASSERT_STRING_EQUAL(text, "2001:db8:1:200::");
	n = address_network(&a, 0);
	address_text(&n, text);
	CU_ASSERT_STRING_EQUAL(text, "::");
}

static const struct unit_test tests[] = {
	UNIT(test_text_follows_rfc5952),
	UNIT(test_parse_takes_a_port_behind_an_at_sign),
	UNIT(test_parse_refuses_what_is_no_address),
	UNIT(test_port_counts_for_equality_but_not_for_the_host),
	UNIT(test_addresses_know_whether_they_can_be_servers_threat_A14),
	UNIT(test_a_prefix_contains_its_network_and_no_more),
	UNIT(test_prefix_parse_refuses_host_bits_and_nonsense),
	UNIT(test_network_clears_host_bits_and_port),
};
extern const struct unit_suite suite_address;
const struct unit_suite suite_address = { "address", tests, COUNT(tests) };
