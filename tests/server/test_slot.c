#include "resolver/server/clock.h"
#include "resolver/server/slot.h"
#include "tests/server/daemon_suites.h"

#include <string.h>

static void test_i11_back_off_doubles_while_a_process_dies_young(void)
{
	struct slot s = { 0 };
	static const uint32_t expected[] = { 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5000, 5000 };
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		s.pid = 7;
		s.started_ms = (int64_t)i * 1000;
		slot_died(&s, s.started_ms + 500);
		CU_ASSERT_EQUAL(s.back_off_ms, expected[i]);
		CU_ASSERT_EQUAL(s.state, SLOT_RESTING);
		CU_ASSERT_EQUAL(s.pid, 0);
	}
	s.started_ms = 0;
	slot_died(&s, 1000); /* a killing each second is no loop */
	CU_ASSERT_EQUAL(s.back_off_ms, 10);
}

static void test_a_slot_has_two_channels_that_work_both_ways(void)
{
	struct slot s;
	uint8_t buffer[CHANNEL_OCTETS];
	enum channel_kind kind;
	size_t len;
	CU_ASSERT_EQUAL_FATAL(slot_init(&s), ERR_OK);
	CU_ASSERT_EQUAL(channel_send(s.supervisor[0], CHANNEL_DRAIN, NULL, 0), ERR_OK);
	CU_ASSERT_EQUAL(channel_send(s.keeper[1], CHANNEL_TURN, "abc", 3), ERR_OK);
	CU_ASSERT_EQUAL(channel_receive(s.supervisor[1], buffer, &kind, &len), ERR_OK);
	CU_ASSERT_EQUAL(kind, CHANNEL_DRAIN);
	CU_ASSERT_EQUAL(len, 0);
	CU_ASSERT_EQUAL(channel_receive(s.keeper[0], buffer, &kind, &len), ERR_OK);
	CU_ASSERT_EQUAL(len, 3);
	slot_clear(&s);
	slot_clear(&s);
	CU_ASSERT_EQUAL(s.keeper[0], -1);
}

static const struct unit_test slot_tests[] = {
	UNIT(test_i11_back_off_doubles_while_a_process_dies_young),
	UNIT(test_a_slot_has_two_channels_that_work_both_ways),
};
const struct unit_suite suite_slot = { "slot", slot_tests, sizeof(slot_tests) / sizeof(slot_tests[0]) };

static void test_the_life_clock_adds_its_offset_and_never_goes_back(void)
{
	struct clock c = { .offset_ms = 5000 };
	int64_t boot = clock_boot_ms();
	struct now first = clock_read(&c);
	CU_ASSERT_TRUE(first.mono_ms >= boot + 5000 && first.mono_ms < boot + 15000);
	c.last_ms += 60000; /* as if the clock had gone back a minute meanwhile */
	struct now second = clock_read(&c);
	CU_ASSERT_EQUAL(second.mono_ms, first.mono_ms + 60000);
	struct now third = clock_read(&c);
	CU_ASSERT_TRUE(third.mono_ms - second.mono_ms < 10000);
	CU_ASSERT_TRUE(c.offset_ms >= 60000); /* time goes on at once, not in a minute */
}

static void test_a_boot_has_one_id(void)
{
	uint8_t a[16], b[16];
	clock_boot_id(a);
	clock_boot_id(b);
	CU_ASSERT_EQUAL(memcmp(a, b, sizeof(a)), 0);
}

static const struct unit_test clock_tests[] = {
	UNIT(test_the_life_clock_adds_its_offset_and_never_goes_back),
	UNIT(test_a_boot_has_one_id),
};
const struct unit_suite suite_clock = { "clock", clock_tests, sizeof(clock_tests) / sizeof(clock_tests[0]) };
