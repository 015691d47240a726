#include "tests/cache/den.h"
#include "tests/cache/suites.h"

static void test_the_life_clock_goes_on_and_never_gives_time_away(void)
{
	struct meta m = { .boot = "boot one", .offset_ms = 4000, .life_ms = 100000, .wall_s = 5000 };
	uint8_t same[META_BOOT_OCTETS] = "boot one", other[META_BOOT_OCTETS] = "boot two";
	CU_ASSERT_EQUAL(meta_offset(&m, same, 96000, 1, 700), 4000);
	CU_ASSERT_EQUAL(meta_offset(&m, same, 50, 5010, 700) + 50, 110000);
	CU_ASSERT_EQUAL(meta_offset(&m, other, 50, 5010, 700) + 50, 110000);
	CU_ASSERT_EQUAL(meta_offset(&m, other, 50, 4000, 700) + 50, 100000 + 700 * 1000);
	/* seconds are counted in 32 bits: a clock of another century must not make old things new */
	int64_t far = meta_offset(&m, other, 50, 5000 + (1ll << 32), 700);
	CU_ASSERT(far > 37 * 86400000ll && far < 1000 * 86400000ll);
}

static void boots_again(struct den *d, int64_t wall_s)
{
	CU_ASSERT_EQUAL(keep_snapshot(d->keep, d->worker.now), ERR_OK);
	den_stop(d);
	d->setup.boot[0]++;
	d->setup.boot_ms = 77;
	d->setup.wall_s = wall_s;
	den_start_keeper(d);
	CU_ASSERT(d->report.restored);
	d->worker.now = (struct now){ .mono_ms = 77 + d->report.offset_ms, .wall_s = wall_s };
	den_start_worker(d);
}

static void pass(struct den *d, int64_t boot_s, int64_t wall_s)
{
	d->worker.now.mono_ms += boot_s * 1000;
	d->worker.now.wall_s += wall_s;
}

/* In seconds, before and after the keeper has looked at the clocks. */
static uint32_t age_seen(struct den *d, const char *name)
{
	struct cached found;
	d->worker.now.mono_ms += keep_catch_up(d->keep, d->worker.now);
	CU_ASSERT_EQUAL(keep_catch_up(d->keep, d->worker.now), 0);
	den_forget_hot(d);
	return sample_find(&d->worker, name, TYPE_A, &found) == ERR_OK ? found.age_s : UINT32_MAX;
}

static void test_i9_a_clock_that_was_behind_at_boot_makes_nothing_live_longer(void)
{
	struct den d;
	den_open_knowing(&d, "www.example.", 36000);
	int64_t wall_s = d.worker.now.wall_s;
	/* three hours without power; the clock goes on from where it was, and is put right ten minutes later */
	boots_again(&d, wall_s + 1);
	CU_ASSERT_EQUAL(age_seen(&d, "www.example."), 1);
	pass(&d, 600, 600);
	CU_ASSERT_EQUAL(age_seen(&d, "www.example."), 601);
	pass(&d, 1, 3 * 3600 + 1);
	CU_ASSERT_EQUAL(age_seen(&d, "www.example."), 3 * 3600 + 602);
	/* a keeper that comes after this one knows it, too */
	CU_ASSERT_EQUAL(keep_tick(d.keep, d.worker.now), ERR_OK);
	den_stop(&d);
	d.setup.boot_ms += 601 * 1000 + 5000;
	d.setup.wall_s = d.worker.now.wall_s + 5;
	den_start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_OK);
	CU_ASSERT_EQUAL(d.setup.boot_ms + d.report.offset_ms, d.worker.now.mono_ms + 5000);
	den_start_worker(&d);
	den_close(&d);
}

static void test_i9_a_clock_put_right_while_no_keeper_looked_is_noticed(void)
{
	struct den d;
	den_open_knowing(&d, "www.example.", 36000);
	int64_t wall_s = d.worker.now.wall_s;
	boots_again(&d, wall_s + 1);
	den_stop(&d);
	d.setup.boot_ms += 60 * 1000;
	d.setup.wall_s += 60 + 7200;
	den_start_keeper(&d);
	CU_ASSERT_EQUAL(d.report.store, ERR_OK);
	d.worker.now = (struct now){ .mono_ms = d.setup.boot_ms + d.report.offset_ms, .wall_s = d.setup.wall_s };
	den_start_worker(&d);
	CU_ASSERT_EQUAL(age_seen(&d, "www.example."), 7261);
	den_close(&d);
}

static void test_i9_a_clock_without_a_time_makes_everything_old(void)
{
	struct den d;
	struct cached found;
	den_open(&d, 4 << 20);
	int64_t wall_s = d.worker.now.wall_s;
	den_stop(&d);
	d.worker.policy.ttl_max = 7 * 86400;
	d.worker.policy.stale_window_s = 3 * 86400;
	den_start(&d);
	den_put_address(&d, "www.example.", 3600);
	den_put_address(&d, "long.example.", 7 * 86400);
	CU_ASSERT_EQUAL(den_turn(&d), ERR_OK);
	boots_again(&d, 100);
	CU_ASSERT_EQUAL(sample_find(&d.worker, "long.example.", TYPE_A, &found), ERR_OK);
	CU_ASSERT(found.stale);
	/* it was off for a day, as is known an hour later: no longer than thought */
	pass(&d, 3600, 3600);
	pass(&d, 0, wall_s + 86400 + 3600 - d.worker.now.wall_s);
	CU_ASSERT_EQUAL(keep_catch_up(d.keep, d.worker.now), 0);
	/* or for eleven */
	pass(&d, 0, 10 * 86400);
	CU_ASSERT_EQUAL(age_seen(&d, "long.example."), UINT32_MAX);
	den_close(&d);
}

static void test_i9_clocks_that_tell_nothing_of_what_was_kept(void)
{
	struct den d;
	den_open_knowing(&d, "www.example.", 36000);
	/* what this boot learned is timed by the boot clock: a time of day that is put right is none of its business */
	pass(&d, 10, 50 * 365 * 86400ll);
	CU_ASSERT_EQUAL(age_seen(&d, "www.example."), 10);
	int64_t wall_s = d.worker.now.wall_s;
	boots_again(&d, wall_s + 50);
	CU_ASSERT_EQUAL(age_seen(&d, "www.example."), 60);
	/* back, and slowly to and fro */
	pass(&d, 10, -3600);
	CU_ASSERT_EQUAL(age_seen(&d, "www.example."), 70);
	pass(&d, 10, 3601 + 20);
	CU_ASSERT_EQUAL(age_seen(&d, "www.example."), 80);
	den_close(&d);
}

static const struct unit_test tests[] = {
	UNIT(test_the_life_clock_goes_on_and_never_gives_time_away),
	UNIT(test_i9_a_clock_that_was_behind_at_boot_makes_nothing_live_longer),
	UNIT(test_i9_a_clock_put_right_while_no_keeper_looked_is_noticed),
	UNIT(test_i9_a_clock_without_a_time_makes_everything_old),
	UNIT(test_i9_clocks_that_tell_nothing_of_what_was_kept),
};

const struct unit_suite suite_meta = { "meta", tests, sizeof(tests) / sizeof(tests[0]) };
