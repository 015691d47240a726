#include "resolver/base/limits.h"
#include "resolver/iterate/servers.h"
#include "tests/unit.h"
#include <string.h>

static const struct siphash_key key = { 1, 2 };

static struct now at(int64_t ms)
{
	return (struct now){ ms, 1800000000 };
}

static struct address host(uint32_t n)
{
	struct address a = { .family = FAMILY_IPV4, .port = 53 };
	memcpy(a.octets, &n, sizeof(n));
	return a;
}

static void test_servers_smooth_the_rtt(void)
{
	struct servers *s = servers_new(64, &key);
	struct address a = host(1);
	CU_ASSERT_FALSE(servers_find(s, at(0), &a, 0).measured);
	servers_on_reply(s, at(100), &a, 20);
	CU_ASSERT_EQUAL(servers_find(s, at(100), &a, 0).srtt_ms, 80);
	CU_ASSERT_EQUAL(servers_find(s, at(100), &a, 0).variance_ms, 40);
	for (int i = 0; i < 60; i++)
		servers_on_reply(s, at(200 + i), &a, 190 + i);
	CU_ASSERT_TRUE(servers_find(s, at(300), &a, 0).srtt_ms <= 17);
	CU_ASSERT_TRUE(servers_find(s, at(300), &a, 0).variance_ms <= 6);
	servers_free(s);
}

static void test_servers_are_down_after_three_outages_and_probed_again(void)
{
	struct servers *s = servers_new(64, &key);
	struct address a = host(1);
	int64_t t = 1000;
	for (int i = 0; i < 3; i++, t += 400)
		servers_on_silence(s, at(t + 376), &a, t, true);
	t = 1000 + 2 * 400 + 376;
	CU_ASSERT_EQUAL(servers_find(s, at(t), &a, 0).health, SERVER_DOWN);
	CU_ASSERT_EQUAL(servers_find(s, at(t + 1000), &a, 0).health, SERVER_PROBE);
	for (int i = 0; i < 20; i++) {
		t += 100000;
		servers_on_silence(s, at(t), &a, t, true);
	}
	CU_ASSERT_EQUAL(servers_find(s, at(t + 59999), &a, 0).health, SERVER_DOWN);
	CU_ASSERT_EQUAL(servers_find(s, at(t + 60000), &a, 0).health, SERVER_PROBE);
	servers_on_reply(s, at(t + 60010), &a, t + 60000);
	CU_ASSERT_EQUAL(servers_find(s, at(t + 60010), &a, 0).health, SERVER_UP);
	servers_free(s);
}

static void test_servers_count_one_outage_once(void)
{
	struct servers *s = servers_new(64, &key);
	struct address a = host(1);
	for (int i = 0; i < 50; i++)
		servers_on_silence(s, at(1376), &a, 1000, true);
	CU_ASSERT_EQUAL(servers_find(s, at(1376), &a, 0).failures, 1);
	servers_on_reply(s, at(1500), &a, 1400);
	servers_on_silence(s, at(1776), &a, 1400, true);
	CU_ASSERT_EQUAL(servers_find(s, at(1776), &a, 0).failures, 0);
	servers_free(s);
}

static void test_servers_cap_exchanges_per_zone_and_per_server(void)
{
	struct servers *s = servers_new(4096, &key);
	struct name z1 = name_of("example."), z2 = name_of("example.net.");
	uint64_t k1 = servers_zone(s, &z1), k2 = servers_zone(s, &z2);
	for (uint32_t i = 0; i < LIMIT_ZONE_OUT; i++) {
		struct address a = host(i);
		CU_ASSERT_EQUAL(servers_take(s, at(0), &a, k1, ZONE_CAPPED), TAKE_OK);
	}
	struct address a = host(7), b = host(100000);
	CU_ASSERT_EQUAL(servers_take(s, at(0), &a, k1, ZONE_CAPPED), TAKE_ZONE_FULL);
	CU_ASSERT_EQUAL(servers_take(s, at(0), &a, k2, ZONE_CAPPED), TAKE_OK);
	servers_release(s, &a, k1);
	CU_ASSERT_EQUAL(servers_take(s, at(0), &a, k1, ZONE_CAPPED), TAKE_OK);
	for (uint32_t i = 0; i < LIMIT_SERVER_OUT; i++) {
		CU_ASSERT_EQUAL(servers_take(s, at(0), &b, 1000 + i / 100, ZONE_CAPPED), TAKE_OK);
	}
	CU_ASSERT_EQUAL(servers_take(s, at(0), &b, 5, ZONE_CAPPED), TAKE_SERVER_FULL);
	CU_ASSERT_EQUAL(servers_find(s, at(0), &b, 0).out, LIMIT_SERVER_OUT);
	servers_free(s);
}

static void test_servers_zone_counts_survive_colliding_slots(void)
{
	struct servers *s = servers_new(64, &key);
	struct address a = host(1);
	/* The same home slot for all of them, at the end of the table so that runs wrap. */
	for (uint64_t round = 0; round < 3; round++) {
		for (uint64_t i = 0; i < 20; i++)
			CU_ASSERT_EQUAL(servers_take(s, at(0), &a, ((i + 1) << 32) | 0xffffffff, ZONE_CAPPED),
			                TAKE_OK);
		for (uint64_t i = 0; i < 20; i += 2)
			servers_release(s, &a, ((i + 1) << 32) | 0xffffffff);
		for (uint64_t i = 1; i < 20; i += 2)
			servers_release(s, &a, ((i + 1) << 32) | 0xffffffff);
	}
	CU_ASSERT_EQUAL(servers_find(s, at(0), &a, 0).out, 0);
	servers_free(s);
}

static void test_servers_forget_the_least_used_but_never_a_busy_one(void)
{
	struct servers *s = servers_new(8, &key);
	struct address busy = host(0);
	CU_ASSERT_EQUAL(servers_take(s, at(0), &busy, 1, ZONE_CAPPED), TAKE_OK);
	for (uint32_t i = 1; i < 1000; i++) {
		struct address a = host(i);
		servers_on_reply(s, at(i), &a, i - 1);
	}
	struct address last = host(999), early = host(1);
	CU_ASSERT_EQUAL(servers_find(s, at(1000), &busy, 0).out, 1);
	CU_ASSERT_TRUE(servers_find(s, at(1000), &last, 0).measured);
	CU_ASSERT_FALSE(servers_find(s, at(1000), &early, 0).measured);
	servers_release(s, &busy, 1);
	servers_free(s);
}

static void test_servers_a11_plain_needs_two_votes_expires_and_spares_who_spoke_edns(void)
{
	struct servers *s = servers_new(64, &key);
	struct address a = host(1), b = host(2);
	servers_on_plain(s, at(0), &a);
	CU_ASSERT_FALSE(servers_find(s, at(1), &a, 0).plain);
	servers_on_plain(s, at(1), &a);
	CU_ASSERT_TRUE(servers_find(s, at(2), &a, 0).plain);
	CU_ASSERT_FALSE(servers_find(s, at(1 + LIMIT_CAPABILITY_MS), &a, 0).plain);
	servers_on_edns(s, at(0), &b);
	for (int i = 0; i < 10; i++)
		servers_on_plain(s, at(i), &b);
	CU_ASSERT_FALSE(servers_find(s, at(10), &b, 0).plain);
	servers_free(s);
}

static void test_servers_a9_hate_case_when_they_said_so_twice_and_nothing_spoke_against_it(void)
{
	struct servers *s = servers_new(64, &key);
	struct address a = host(1);
	servers_on_hated_case(s, at(0), &a);
	servers_on_kept_case(s, at(10), &a);
	CU_ASSERT_TRUE(servers_find(s, at(10), &a, 0).keeps_case);
	servers_on_hated_case(s, at(20), &a);
	CU_ASSERT_FALSE(servers_find(s, at(20), &a, 0).loses_case);
	servers_on_hated_case(s, at(30), &a);
	CU_ASSERT_TRUE(servers_find(s, at(30), &a, 0).loses_case);
	CU_ASSERT_FALSE(servers_find(s, at(30 + LIMIT_CAPABILITY_MS), &a, 0).loses_case);
	CU_ASSERT_FALSE(servers_find(s, at(10 + LIMIT_CAPABILITY_MS), &a, 0).keeps_case);
	servers_free(s);
}

static void test_servers_family_rests_after_silence_and_returns_with_a_reply(void)
{
	struct servers *s = servers_new(64, &key);
	struct address six = { .family = FAMILY_IPV6, .octets = { 0x20, 1 }, .port = 53 };
	CU_ASSERT_TRUE(servers_family_works(s, at(0), FAMILY_IPV6));
	CU_ASSERT_EQUAL(servers_take(s, at(1000), &six, 1, ZONE_CAPPED), TAKE_OK);
	servers_on_silence(s, at(1250), &six, 1000, false);
	CU_ASSERT_FALSE(servers_family_works(s, at(1250), FAMILY_IPV6));
	CU_ASSERT_TRUE(servers_family_works(s, at(1250), FAMILY_IPV4));
	CU_ASSERT_TRUE(servers_family_works(s, at(11000), FAMILY_IPV6));
	servers_release(s, &six, 1);
	servers_on_reply(s, at(1300), &six, 1000);
	CU_ASSERT_TRUE(servers_family_works(s, at(1300), FAMILY_IPV6));
	servers_free(s);
}

static void test_servers_remember_lame_ones_per_zone_for_a_while(void)
{
	struct servers *s = servers_new(64, &key);
	struct address a = host(1);
	servers_on_lame(s, at(0), &a, 77);
	CU_ASSERT_TRUE(servers_find(s, at(10), &a, 77).lame);
	CU_ASSERT_FALSE(servers_find(s, at(10), &a, 78).lame);
	CU_ASSERT_FALSE(servers_find(s, at(LIMIT_LAME_MS), &a, 77).lame);
	servers_free(s);
}

static void test_servers_save_and_load_rtts_and_survive_torn_octets(void)
{
	struct servers *s = servers_new(64, &key), *t = servers_new(64, &key);
	struct address a = host(1), b = host(2);
	uint8_t octets[256];
	servers_on_reply(s, at(100), &a, 60);
	servers_on_reply(s, at(100), &b, 0);
	size_t len = servers_save(s, octets, sizeof(octets));
	servers_load(t, at(0), octets, len - 1);
	servers_load(t, at(0), octets, len);
	CU_ASSERT_EQUAL(servers_find(t, at(0), &a, 0).srtt_ms, 40);
	CU_ASSERT_EQUAL(servers_find(t, at(0), &b, 0).srtt_ms, 100);
	memset(octets, 0xff, sizeof(octets));
	servers_load(t, at(0), octets, sizeof(octets));
	servers_free(s);
	servers_free(t);
}

static const struct unit_test tests[] = {
	UNIT(test_servers_smooth_the_rtt),
	UNIT(test_servers_are_down_after_three_outages_and_probed_again),
	UNIT(test_servers_count_one_outage_once),
	UNIT(test_servers_cap_exchanges_per_zone_and_per_server),
	UNIT(test_servers_zone_counts_survive_colliding_slots),
	UNIT(test_servers_forget_the_least_used_but_never_a_busy_one),
	UNIT(test_servers_a11_plain_needs_two_votes_expires_and_spares_who_spoke_edns),
	UNIT(test_servers_a9_hate_case_when_they_said_so_twice_and_nothing_spoke_against_it),
	UNIT(test_servers_family_rests_after_silence_and_returns_with_a_reply),
	UNIT(test_servers_remember_lame_ones_per_zone_for_a_while),
	UNIT(test_servers_save_and_load_rtts_and_survive_torn_octets),
};
const struct unit_suite suite_servers = { "servers", tests, sizeof(tests) / sizeof(tests[0]) };
