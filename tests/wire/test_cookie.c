#include "resolver/wire/cookie.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void unhex(const char *hex, uint8_t *out)
{
	for (; hex[0] != '\0'; hex += 2) {
		char octet[3] = { hex[0], hex[1], '\0' };
		*out++ = (uint8_t)strtoul(octet, NULL, 16);
	}
}

static struct cookie cookie_of(const char *client, const char *server)
{
	struct cookie c = { .server_len = (uint8_t)(strlen(server) / 2) };
	unhex(client, c.client);
	unhex(server, c.server);
	return c;
}

static struct address from(const char *text)
{
	struct address a = { 0 };
	CU_ASSERT_EQUAL(address_parse(text, &a), ERR_OK);
	return a;
}

/* RFC 9018 appendix A.1 to A.4; `sent` is what the client had, `made` what it gets. */
static void test_cookies_are_those_of_rfc9018_appendix_A(void)
{
	static const struct {
		const char *address, *current, *previous, *client, *sent, *made;
		int64_t now;
		enum cookie_state state;
	} cases[] = {
		{ "198.51.100.100", "e5e973e5a6b2a43f48e7dc849e37bfcf", "", "2464c4abcf10c957", "",
		  "010000005cf79f111f8130c3eee29480", 1559731985, COOKIE_NONE },
		{ "198.51.100.100", "e5e973e5a6b2a43f48e7dc849e37bfcf", "", "2464c4abcf10c957",
		  "010000005cf79f111f8130c3eee29480", "010000005cf7a871d4a564a1442aca77",
		  1559734385, COOKIE_RENEW },
		{ "203.0.113.203", "e5e973e5a6b2a43f48e7dc849e37bfcf", "", "fc93fc62807ddb86",
		  "01abcdef5cf78f71a314227b6679ebf5", "010000005cf7a9acf73a7810aca2381e",
		  1559734700, COOKIE_BAD }, /* too old: 6715 s */
		{ "203.0.113.203", "e5e973e5a6b2a43f48e7dc849e37bfcf", "", "fc93fc62807ddb86",
		  "01abcdef5cf78f71a314227b6679ebf5", "", 0x5cf78f71 + 1801, COOKIE_RENEW },
		{ "2001:db8:220:1:59de:d0f4:8769:82b8", "445536bcd2513298075a5d379663c962",
		  "dd3bdf9344b678b185a6f5cb60fca715", "22681ab97d52c298",
		  "010000005cf7c57926556bd0934c72f8", "010000005cf7c609a6bb79d16625507a",
		  1559741961, COOKIE_RENEW },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cookie_secrets s = { .has_previous = cases[i].previous[0] != '\0' };
		struct cookie c = cookie_of(cases[i].client, cases[i].sent);
		struct cookie want = cookie_of(cases[i].client, cases[i].made);
		struct address a = from(cases[i].address);
		unhex(cases[i].current, s.current);
		unhex(cases[i].previous, s.previous);
		CU_ASSERT_EQUAL(cookie_check(&c, &a, &s, cases[i].now), cases[i].state);
		if (want.server_len == 0)
			continue;
		cookie_make(&c, &a, &s, cases[i].now);
		CU_ASSERT_EQUAL(c.server_len, COOKIE_SERVER_MADE);
		CU_ASSERT_EQUAL(memcmp(c.server, want.server, COOKIE_SERVER_MADE), 0);
	}
}

static void test_age_decides_threat_T9(void)
{
	static const struct {
		int64_t age;
		enum cookie_state state;
	} cases[] = {
		{ 0, COOKIE_GOOD },        { 1800, COOKIE_GOOD },
		{ 1801, COOKIE_RENEW },    { 3600, COOKIE_RENEW },
		{ 3601, COOKIE_BAD },      { -1, COOKIE_RENEW },
		{ -300, COOKIE_RENEW },    { -301, COOKIE_BAD },
		{ INT32_MAX, COOKIE_BAD }, { INT64_C(1) << 31, COOKIE_BAD },
	};
	static const int64_t made_at[] = { 1559731985,
					   INT64_C(0xfffffff0) }; /* the second one wraps */
	struct cookie_secrets s = { .current = "0123456789abcde" };
	struct address a = from("192.0.2.1@1234");
	for (size_t k = 0; k < COUNT(made_at); k++) {
		for (size_t i = 0; i < COUNT(cases); i++) {
			struct cookie c = { .client = "client!" };
			cookie_make(&c, &a, &s, made_at[k]);
			CU_ASSERT_EQUAL(cookie_check(&c, &a, &s, made_at[k] + cases[i].age),
					cases[i].state);
		}
	}
}

static void test_a_cookie_is_good_only_as_it_was_made(void)
{
	struct cookie_secrets s = { .current = "0123456789abcde" }, other = { .current = "x" };
	struct address a = from("192.0.2.1@1234"), same = from("192.0.2.1@99"),
		       b = from("192.0.2.2");
	struct cookie c = { .client = "client!" };
	cookie_make(&c, &a, &s, 1000);
	CU_ASSERT_EQUAL(cookie_check(&c, &same, &s, 1000), COOKIE_GOOD); /* ports change */
	CU_ASSERT_EQUAL(cookie_check(&c, &b, &s, 1000), COOKIE_BAD);
	CU_ASSERT_EQUAL(cookie_check(&c, &a, &other, 1000), COOKIE_BAD);
	for (size_t bit = 0; bit < 8 * COOKIE_SERVER_MADE; bit++) {
		struct cookie forged = c;
		forged.server[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(cookie_check(&forged, &a, &s, 1000), COOKIE_BAD);
	}
	for (size_t bit = 0; bit < 8 * COOKIE_CLIENT; bit++) {
		struct cookie forged = c;
		forged.client[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(cookie_check(&forged, &a, &s, 1000), COOKIE_BAD);
	}
	for (uint8_t len = 0; len <= COOKIE_SERVER_MAX; len++) {
		c.server_len = len;
		CU_ASSERT_EQUAL(cookie_check(&c, &a, &s, 1000), len == 0    ? COOKIE_NONE
								: len == 16 ? COOKIE_GOOD
									    : COOKIE_BAD);
	}
}

static void test_the_previous_secret_is_good_while_it_is_kept(void)
{
	struct cookie_secrets old = { .current = "old secret" };
	struct cookie_secrets rolled = { .current = "new secret", .previous = "old secret" };
	struct address a = from("2001:db8::1");
	struct cookie c = { .client = "client!" };
	cookie_make(&c, &a, &old, 1000);
	CU_ASSERT_EQUAL(cookie_check(&c, &a, &rolled, 1000), COOKIE_BAD);
	rolled.has_previous = true;
	CU_ASSERT_EQUAL(cookie_check(&c, &a, &rolled, 1000), COOKIE_RENEW);
}

static const struct unit_test tests[] = {
	UNIT(test_cookies_are_those_of_rfc9018_appendix_A),
	UNIT(test_age_decides_threat_T9),
	UNIT(test_a_cookie_is_good_only_as_it_was_made),
	UNIT(test_the_previous_secret_is_good_while_it_is_kept),
};
extern const struct unit_suite suite_cookie;
const struct unit_suite suite_cookie = { "cookie", tests, COUNT(tests) };
