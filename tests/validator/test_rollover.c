/* Whole rollovers in virtual time, threats F6, F8 and F9, and clocks that are wrong. */
#include "tests/validator/anchor_suites.h"
#include "tests/validator/rollover.h"
#include "validator/anchor_text.h"
#include "validator/key_tags.h"
#include <stdlib.h>
#include <string.h>

/* The root's way: pre-publish, change the signer, revoke, take out. */
static void test_year_of_a_rollover(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *k17 = rollover_key(&r, 8, 257), *k24 = rollover_key(&r, 8, 257);
	struct sign_key *zsk = rollover_key(&r, 8, 256);
	rollover_trust(&r, k17, TYPE_DS);
	rollover_days(&r, 60, KEYS(k17, zsk), KEYS(k17));
	ASSERT_STATE(&r, k17, "Valid");
	rollover_days(&r, 30, KEYS(k17, k24, zsk), KEYS(k17));
	ASSERT_STATE(&r, k24, "AddPend");
	rollover_days(&r, 1, KEYS(k17, k24, zsk), KEYS(k17));
	ASSERT_STATE(&r, k24, "Valid");
	rollover_days(&r, 99, KEYS(k17, k24, zsk), KEYS(k17));
	rollover_days(&r, 90, KEYS(k17, k24, zsk), KEYS(k24));
	ASSERT_STATE(&r, k17, "Valid");
	rollover_revoke(k17, true);
	rollover_days(&r, 1, KEYS(k17, k24, zsk), KEYS(k17, k24));
	ASSERT_STATE(&r, k17, "Revoked");
	rollover_days(&r, 69, KEYS(k17, k24, zsk), KEYS(k17, k24));
	ASSERT_STATE(&r, k17, "Revoked");
	rollover_days(&r, 29, KEYS(k24, zsk), KEYS(k24));
	ASSERT_STATE(&r, k17, "Revoked");
	rollover_days(&r, 1, KEYS(k24, zsk), KEYS(k24));
	ASSERT_STATE(&r, k17, "Removed");
	ASSERT_STATE(&r, k24, "Valid");
	CU_ASSERT_EQUAL(r.state.count, 2);
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, false), HEALTH_GREEN);
	rollover_clear(&r);
}

/* Every state survives the file, day for day. */
static void write_and_read(struct rollover *r)
{
	struct anchor_state again;
	struct anchor_text_error why;
	char *text = NULL;
	CU_ASSERT_EQUAL_FATAL(anchor_text_write(&r->state, &text), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(anchor_text_read(text, strlen(text), r->now, &again, &why), ERR_OK);
	free(text);
	anchor_state_clear(&r->state);
	r->state = again;
}

static void test_decade_with_a_restart_every_day(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *old = rollover_key(&r, 13, 257), *new = NULL;
	rollover_trust(&r, old, TYPE_DNSKEY);
	for (unsigned year = 0; year < 10; year++) {
		new = rollover_key(&r, 13, 257);
		for (unsigned day = 0; day < 40; day++) {
			rollover_days(&r, 1, KEYS(old, new), KEYS(old));
			write_and_read(&r);
		}
		ASSERT_STATE(&r, new, "Valid");
		rollover_revoke(old, true);
		rollover_days(&r, 1, KEYS(old, new), KEYS(old, new));
		write_and_read(&r);
		ASSERT_STATE(&r, old, "Revoked");
		rollover_days(&r, 31, KEYS(new), KEYS(new));
		write_and_read(&r);
		ASSERT_STATE(&r, old, "Removed");
		old = new;
	}
	CU_ASSERT_EQUAL(r.state.count, 11);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(new), KEYS(new)), RFC5011_BELIEVED);
	rollover_clear(&r);
}

static void test_health_is_told_in_words_that_begin_with_its_colour(void)
{
	static const struct {
		enum anchor_health h;
		const char *colour;
	} cases[] = {
		{ HEALTH_GREEN, "green" },  { HEALTH_UNKNOWN, "unknown" }, { HEALTH_REFUSED, "red" },
		{ HEALTH_NO_KEY, "red" },   { HEALTH_NO_USABLE, "red" },
	};
	struct anchor_state none = { 0 };
	struct name root = name_root();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = anchor_health_text(cases[i].h);
		CU_ASSERT_EQUAL(strncmp(text, cases[i].colour, strlen(cases[i].colour)), 0);
		CU_ASSERT_EQUAL(anchor_health_is_red(cases[i].h), cases[i].colour[0] == 'r');
	}
	CU_ASSERT_EQUAL(anchor_state_health(&none, &root, false), HEALTH_NO_KEY);
}

/* Threats F6. */
static void test_old_anchor_only_is_red_and_both_are_green(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *k17 = rollover_key(&r, 8, 257), *k24 = rollover_key(&r, 8, 257);
	rollover_trust(&r, k17, TYPE_DS);
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, false), HEALTH_UNKNOWN);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(k17, k24), KEYS(k24)), RFC5011_REFUSED);
	CU_ASSERT_EQUAL(fault_reason(r.report.fault).ede, EDE_DNSKEY_MISSING);
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, false), HEALTH_REFUSED);
	rollover_trust(&r, k24, TYPE_DS);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(k17, k24), KEYS(k24)), RFC5011_BELIEVED);
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, false), HEALTH_GREEN);
	rollover_clear(&r);
}

/* Threats F8: RSA and P-256 side by side, both sign, the one retires. */
static void test_algorithm_roll_from_8_to_13(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *rsa = rollover_key(&r, 8, 257), *ec = rollover_key(&r, 13, 257);
	struct sign_key *rsa_zsk = rollover_key(&r, 8, 256), *ec_zsk = rollover_key(&r, 13, 256);
	rollover_trust(&r, rsa, TYPE_DS);
	rollover_days(&r, 10, KEYS(rsa, rsa_zsk), KEYS(rsa));
	/* signatures of the new algorithm first, its keys are there from the same day */
	rollover_days(&r, 31, KEYS(rsa, ec, rsa_zsk, ec_zsk), KEYS(rsa, ec));
	ASSERT_STATE(&r, ec, "Valid");
	rollover_days(&r, 300, KEYS(rsa, ec, rsa_zsk, ec_zsk), KEYS(rsa, ec));
	/* one valid path is enough: RFC 6840 section 5.11 */
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(rsa, ec, rsa_zsk, ec_zsk), KEYS(ec)), RFC5011_BELIEVED);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(rsa, ec, rsa_zsk, ec_zsk), KEYS(rsa)), RFC5011_BELIEVED);
	rollover_revoke(rsa, true);
	rollover_days(&r, 40, KEYS(rsa, ec, ec_zsk), KEYS(rsa, ec));
	rollover_days(&r, 40, KEYS(ec, ec_zsk), KEYS(ec));
	ASSERT_STATE(&r, rsa, "Removed");
	ASSERT_STATE(&r, ec, "Valid");
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, false), HEALTH_GREEN);
	rollover_clear(&r);
}

static bool has_unmeetable(struct rollover *r)
{
	struct rrset *sets;
	size_t count;
	CU_ASSERT_EQUAL_FATAL(anchor_state_sets(&r->state, false, r->arena, &sets, &count), ERR_OK);
	for (size_t i = 0; i < count; i++)
		for (unsigned j = 0; j < sets[i].count; j++)
			if (sets[i].type == TYPE_DS && anchor_ds_is_unmeetable(&sets[i].rdata[j]))
				return true;
	return false;
}

static void test_key_of_an_unknown_algorithm_is_kept_and_kills_nothing(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *old = rollover_key(&r, 13, 257), *odd = rollover_key(&r, 15, 257);
	sign_key_set_algorithm(odd, 200);
	rollover_trust(&r, old, TYPE_DS);
	rollover_days(&r, 31, KEYS(old, odd), KEYS(old));
	ASSERT_STATE(&r, odd, "Valid");
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, false), HEALTH_GREEN);
	CU_ASSERT_FALSE(has_unmeetable(&r));
	rollover_revoke(old, true);
	rollover_days(&r, 1, KEYS(old, odd), KEYS(old));
	ASSERT_STATE(&r, odd, "Valid");
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, false), HEALTH_NO_USABLE);
	CU_ASSERT_TRUE(has_unmeetable(&r)); /* else the zone would be insecure now */
	rollover_clear(&r);
}

static void test_sha1_key_alone_needs_the_option(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *k = rollover_key(&r, 5, 257);
	rollover_trust(&r, k, TYPE_DNSKEY);
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, false), HEALTH_NO_USABLE);
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, true), HEALTH_UNKNOWN);
	rollover_clear(&r);
}

/* Threats F9. */
static void test_two_rolls_slept_through_need_a_new_anchor(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *first = rollover_key(&r, 13, 257), *third = rollover_key(&r, 13, 257);
	rollover_trust(&r, first, TYPE_DS);
	rollover_days(&r, 2, KEYS(first), KEYS(first));
	r.now.wall_s += 730 * DAY;
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(third), KEYS(third)), RFC5011_REFUSED);
	CU_ASSERT_EQUAL(r.report.fault, FAULT_NO_KEY);
	enum anchor_health h = anchor_state_health(&r.state, &r.zone, false);
	CU_ASSERT_EQUAL(h, HEALTH_REFUSED);
	CU_ASSERT_PTR_NOT_NULL(strstr(anchor_health_text(h), "import its new anchors"));
	rollover_trust(&r, third, TYPE_DS);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(third), KEYS(third)), RFC5011_BELIEVED);
	ASSERT_STATE(&r, third, "Valid");
	ASSERT_STATE(&r, first, "Missing");
	rollover_clear(&r);
}

static void test_one_roll_slept_through_within_the_overlap_is_caught_up(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *old = rollover_key(&r, 13, 257), *new = rollover_key(&r, 13, 257);
	rollover_trust(&r, old, TYPE_DS);
	rollover_days(&r, 1, KEYS(old, new), KEYS(old));
	r.now.wall_s += 200 * DAY;
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, new), KEYS(old)), RFC5011_BELIEVED);
	ASSERT_STATE(&r, new, "Valid");
	rollover_clear(&r);
}

/* Threats E19, I9: wrong clocks make RRsets refused, never keys older. */
static void test_clocks_that_are_wrong(void)
{
	static const struct {
		int64_t off_s;
		enum rfc5011_outcome outcome;
	} cases[] = {
		{ -10LL * 365 * DAY, RFC5011_CLOCK }, { -1 * DAY, RFC5011_CLOCK },
		{ -240 - 3600, RFC5011_BELIEVED },    { 240, RFC5011_BELIEVED },
		{ DAY, RFC5011_BELIEVED },            { 22 * DAY, RFC5011_REFUSED },
		{ 10LL * 365 * DAY, RFC5011_REFUSED },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rollover r;
		struct budget budget;
		struct sighting seen;
		rollover_init(&r);
		budget_init(&budget, 0);
		struct sign_key *old = rollover_key(&r, 13, 257), *new = rollover_key(&r, 13, 257);
		rollover_trust(&r, old, TYPE_DNSKEY);
		CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old), KEYS(old)), RFC5011_BELIEVED);
		struct rrset *set = rollover_set(&r, KEYS(old, new), KEYS(old));
		r.now.wall_s += cases[i].off_s;
		struct verifier by = { .keys = r.keys, .budget = &budget, .now = r.now,
			               .skew_s = SKEW_S };
		CU_ASSERT_EQUAL(sighting_of(&by, set, &r.state, r.arena, &seen), ERR_OK);
		CU_ASSERT_EQUAL(rfc5011_step(&r.state, &seen, r.now, SKEW_S, &r.report), ERR_OK);
		CU_ASSERT_EQUAL(r.report.outcome, cases[i].outcome);
		CU_ASSERT_FALSE(rollover_trusts(&r, new));
		r.now.wall_s = ROLLOVER_START + DAY; /* right again, no restart */
		CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, new), KEYS(old)), RFC5011_BELIEVED);
		ASSERT_STATE(&r, new, "AddPend");
		CU_ASSERT_TRUE(rollover_find(&r, new)->hold_s >= ROLLOVER_START + 30 * DAY - 3840);
		rollover_clear(&r);
	}
}

static void test_floor_rises_with_signatures_believed_and_only_then(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *old = rollover_key(&r, 13, 257), *stranger = rollover_key(&r, 13, 257);
	rollover_trust(&r, old, TYPE_DNSKEY);
	(void)rollover_see(&r, KEYS(stranger), KEYS(stranger));
	CU_ASSERT_EQUAL(r.state.floor_s, 0);
	(void)rollover_see(&r, KEYS(old), KEYS(old));
	CU_ASSERT_EQUAL(r.state.floor_s, ROLLOVER_START - 3600);
	CU_ASSERT_TRUE(anchor_state_clock_plausible(&r.state, r.now, 0));
	CU_ASSERT_FALSE(anchor_state_clock_plausible(&r.state, (struct now){ 0, 0 }, SKEW_S));
	rollover_clear(&r);
}

static void test_zones_do_not_touch_each_other(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *root = rollover_key(&r, 13, 257), *lab = rollover_key(&r, 13, 257);
	rollover_trust(&r, root, TYPE_DNSKEY);
	r.zone = name_of("Lab.Example.");
	rollover_trust(&r, lab, TYPE_DNSKEY);
	rollover_trust(&r, root, TYPE_DNSKEY); /* one key for two zones */
	CU_ASSERT_EQUAL(r.state.count, 3);
	CU_ASSERT_EQUAL(r.state.zone_count, 2);
	rollover_revoke(root, true);
	(void)rollover_see(&r, KEYS(lab, root), KEYS(lab, root));
	ASSERT_STATE(&r, root, "Revoked");
	write_and_read(&r);
	r.zone = name_root();
	ASSERT_STATE(&r, root, "Valid");
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, false), HEALTH_UNKNOWN);
	rollover_clear(&r);
}

/* The built-in floor under a file that remembers better. */
static void test_built_in_floor_does_not_raise_the_dead(void)
{
	struct rollover r;
	struct rrset *sets;
	struct anchors *anchors;
	size_t count;
	rollover_init(&r);
	struct rrset *built_in = anchors_built_in(r.arena);
	CU_ASSERT_EQUAL(anchor_state_trust(&r.state, built_in, 1, r.now), ERR_OK);
	CU_ASSERT_EQUAL(r.state.count, 2);
	CU_ASSERT_EQUAL(anchor_state_trust(&r.state, built_in, 1, r.now), ERR_OK);
	CU_ASSERT_EQUAL(r.state.count, 2);
	CU_ASSERT_EQUAL(anchor_state_sets(&r.state, false, r.arena, &sets, &count), ERR_OK);
	CU_ASSERT_EQUAL(anchors_new(sets, count, &anchors), ERR_OK);
	struct key_tags tags = key_tags_of(anchors, &r.zone);
	CU_ASSERT_TRUE(key_tags_has(&tags, 20326));
	CU_ASSERT_TRUE(key_tags_has(&tags, 38696));
	anchors_free(anchors);
	rollover_clear(&r);
}

static const struct unit_test tests[] = {
	UNIT(test_year_of_a_rollover),
	UNIT(test_decade_with_a_restart_every_day),
	UNIT(test_health_is_told_in_words_that_begin_with_its_colour),
	UNIT(test_old_anchor_only_is_red_and_both_are_green),
	UNIT(test_algorithm_roll_from_8_to_13),
	UNIT(test_key_of_an_unknown_algorithm_is_kept_and_kills_nothing),
	UNIT(test_sha1_key_alone_needs_the_option),
	UNIT(test_two_rolls_slept_through_need_a_new_anchor),
	UNIT(test_one_roll_slept_through_within_the_overlap_is_caught_up),
	UNIT(test_clocks_that_are_wrong),
	UNIT(test_floor_rises_with_signatures_believed_and_only_then),
	UNIT(test_zones_do_not_touch_each_other),
	UNIT(test_built_in_floor_does_not_raise_the_dead),
};
const struct unit_suite suite_rollover = { "rollover", tests, sizeof(tests) / sizeof(tests[0]) };
