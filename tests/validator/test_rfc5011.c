/* RFC 5011 sections 2 and 4, threats F2, F3 and F4. */
#include "tests/validator/anchor_suites.h"
#include "tests/validator/rollover.h"

/* The RFC's table, letter by letter; - stays. */
static void test_table_is_that_of_rfc5011_section_4_2(void)
{
	/* events: NOTHING NEW_KEY KEY_PRESENT KEY_REMOVED ADD_TIME REMOVE_TIME REVOKE_BIT */
	static const char *const table[KEY_STATES] = {
		"SASSSSR", /* Start; the revoke bit: section 2.1 */
		"AAASVAR", /* AddPend */
		"VVVMVVR", /* Valid */
		"MMVMMMR", /* Missing */
		"RRRRRXR", /* Revoked */
		"XXXXXXX", /* Removed */
	};
	static const char letters[KEY_STATES] = { 'S', 'A', 'V', 'M', 'R', 'X' };
	for (unsigned s = 0; s < KEY_STATES; s++)
		for (unsigned e = RFC5011_NOTHING; e <= RFC5011_REVOKE_BIT; e++)
			CU_ASSERT_EQUAL(letters[rfc5011_next((enum key_state)s, (enum rfc5011_event)e)],
			                table[s][e]);
}

static void test_query_interval_of_section_2_3(void)
{
	CU_ASSERT_EQUAL(rfc5011_query_interval(172800, 21 * DAY), 86400);
	CU_ASSERT_EQUAL(rfc5011_query_interval(172800, DAY), 43200);
	CU_ASSERT_EQUAL(rfc5011_query_interval(60 * DAY, 60 * DAY), 15 * DAY);
	CU_ASSERT_EQUAL(rfc5011_query_interval(60, 21 * DAY), 3600);
	CU_ASSERT_EQUAL(rfc5011_query_interval(UINT32_MAX, 1), 3600);
	CU_ASSERT_EQUAL(rfc5011_retry_interval(172800, 21 * DAY), 17280);
	CU_ASSERT_EQUAL(rfc5011_retry_interval(30 * DAY, 30 * DAY), DAY);
	CU_ASSERT_EQUAL(rfc5011_retry_interval(3600, 21 * DAY), 3600);
	CU_ASSERT_EQUAL(rfc5011_retry_interval(172800, 36000), 3600);
}

static void test_next_question_is_asked_in_time(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *old = rollover_key(&r, 13, 257);
	rollover_trust(&r, old, TYPE_DS);
	const struct anchor_zone *z = anchor_state_zone(&r.state, &r.zone);
	CU_ASSERT_EQUAL(z->next_s, 0);
	rfc5011_on_failure(&r.state, &r.zone, r.now);
	CU_ASSERT_EQUAL(z->next_s, ROLLOVER_START + 3600);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old), KEYS(old)), RFC5011_BELIEVED);
	z = anchor_state_zone(&r.state, &r.zone);
	CU_ASSERT_EQUAL(z->next_s, ROLLOVER_START + 86400);
	CU_ASSERT_EQUAL(z->retry_s, 17280);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old), NOBODY), RFC5011_REFUSED);
	z = anchor_state_zone(&r.state, &r.zone);
	CU_ASSERT_EQUAL(z->next_s, ROLLOVER_START + 17280);
	rollover_clear(&r);
}

static void test_new_key_waits_thirty_days_to_the_second(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	(void)rollover_see(&r, KEYS(old, new), KEYS(old));
	ASSERT_STATE(&r, new, "AddPend");
	CU_ASSERT_EQUAL(rollover_find(&r, new)->hold_s, ROLLOVER_START + 30 * DAY);
	r.now.wall_s = ROLLOVER_START + 30 * DAY - 1;
	(void)rollover_see(&r, KEYS(old, new), KEYS(old));
	ASSERT_STATE(&r, new, "AddPend");
	r.now.wall_s++;
	(void)rollover_see(&r, KEYS(old, new), KEYS(old));
	ASSERT_STATE(&r, new, "Valid");
	ASSERT_STATE(&r, old, "Valid");
	rollover_clear(&r);
}

static void test_key_seen_once_never_becomes_valid_by_waiting(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	(void)rollover_see(&r, KEYS(old, new), KEYS(old));
	r.now.wall_s += 400 * DAY;
	(void)rollover_see(&r, KEYS(old, new), NOBODY);
	ASSERT_STATE(&r, new, "AddPend");
	rfc5011_on_failure(&r.state, &r.zone, r.now);
	ASSERT_STATE(&r, new, "AddPend");
	CU_ASSERT_EQUAL(rollover_find(&r, new)->sightings, 1);
	rollover_clear(&r);
}

static void test_key_seen_twice_with_the_hold_down_between_becomes_valid(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	(void)rollover_see(&r, KEYS(old, new), KEYS(old));
	r.now.wall_s += 31 * DAY;
	(void)rollover_see(&r, KEYS(old, new), KEYS(old));
	ASSERT_STATE(&r, new, "Valid");
	rollover_clear(&r);
}

static void test_hold_down_is_the_original_ttl_when_that_is_longer(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	r.ttl = 40 * DAY;
	rollover_days(&r, 1, KEYS(old, new), KEYS(old));
	rollover_days(&r, 39, KEYS(old, new), KEYS(old));
	ASSERT_STATE(&r, new, "AddPend");
	rollover_days(&r, 1, KEYS(old, new), KEYS(old));
	ASSERT_STATE(&r, new, "Valid");
	rollover_clear(&r);
}

static void test_timer_starts_anew_when_a_pending_key_goes_away(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	rollover_days(&r, 29, KEYS(old, new), KEYS(old));
	rollover_days(&r, 1, KEYS(old), KEYS(old));
	ASSERT_STATE(&r, new, "Start");
	CU_ASSERT_FALSE(rollover_trusts(&r, new));
	rollover_days(&r, 1, KEYS(old, new), KEYS(old));
	ASSERT_STATE(&r, new, "AddPend");
	CU_ASSERT_EQUAL(rollover_find(&r, new)->sightings, 1);
	rollover_days(&r, 29, KEYS(old, new), KEYS(old));
	ASSERT_STATE(&r, new, "AddPend");
	rollover_days(&r, 1, KEYS(old, new), KEYS(old));
	ASSERT_STATE(&r, new, "Valid");
	rollover_clear(&r);
}

static void test_key_that_went_away_is_forgotten_after_a_month(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	rollover_days(&r, 5, KEYS(old, new), KEYS(old));
	rollover_days(&r, 30, KEYS(old), KEYS(old));
	ASSERT_STATE(&r, new, "Start");
	rollover_days(&r, 2, KEYS(old), KEYS(old));
	ASSERT_STATE(&r, new, "none");
	rollover_clear(&r);
}

static void test_rrset_signed_by_nobody_trusted_teaches_nothing(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, new), KEYS(new)), RFC5011_REFUSED);
	ASSERT_STATE(&r, new, "none");
	ASSERT_STATE(&r, old, "Valid");
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(new), KEYS(new)), RFC5011_REFUSED);
	CU_ASSERT_EQUAL(r.report.fault, FAULT_NO_KEY);
	ASSERT_STATE(&r, old, "Valid");
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, new), NOBODY), RFC5011_REFUSED);
	CU_ASSERT_EQUAL(r.report.fault, FAULT_UNSIGNED);
	r.break_signatures = true;
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, new), KEYS(old)), RFC5011_REFUSED);
	CU_ASSERT_EQUAL(r.report.fault, FAULT_WRONG);
	ASSERT_STATE(&r, new, "none");
	rollover_clear(&r);
}

static void test_pending_key_does_not_vouch_for_itself_or_others(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	struct sign_key *third = rollover_key(&r, 13, 257);
	(void)rollover_see(&r, KEYS(old, new), KEYS(old));
	r.now.wall_s += 31 * DAY;
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(new, third), KEYS(new, third)), RFC5011_REFUSED);
	ASSERT_STATE(&r, new, "AddPend");
	ASSERT_STATE(&r, third, "none");
	CU_ASSERT_EQUAL(rollover_find(&r, new)->sightings, 1);
	rollover_clear(&r);
}

static void test_refused_rrset_between_does_not_stop_the_timer(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	rollover_days(&r, 1, KEYS(old, new), KEYS(old));
	rollover_days(&r, 29, KEYS(old), NOBODY);
	rollover_days(&r, 1, KEYS(old, new), KEYS(old));
	ASSERT_STATE(&r, new, "Valid");
	rollover_clear(&r);
}

static void test_only_sep_keys_become_anchors(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	struct sign_key *zsk = rollover_key(&r, 13, 256), *odd = rollover_key(&r, 13, 1);
	rollover_days(&r, 40, KEYS(old, zsk, odd), KEYS(old, zsk));
	ASSERT_STATE(&r, zsk, "none");
	ASSERT_STATE(&r, odd, "none");
	rollover_clear(&r);
}

static void test_trusted_key_that_is_away_is_missing_and_still_trusted(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	rollover_trust(&r, new, TYPE_DNSKEY);
	rollover_days(&r, 3000, KEYS(old), KEYS(old));
	ASSERT_STATE(&r, new, "Missing");
	CU_ASSERT_TRUE(rollover_trusts(&r, new));
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(new), KEYS(new)), RFC5011_BELIEVED);
	ASSERT_STATE(&r, new, "Valid");
	ASSERT_STATE(&r, old, "Missing");
	rollover_clear(&r);
}

static void test_digest_anchor_learns_its_key_and_keeps_its_state(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *old = rollover_key(&r, 13, 257), *away = rollover_key(&r, 8, 257);
	rollover_trust(&r, old, TYPE_DS);
	rollover_trust(&r, away, TYPE_DS);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old), KEYS(old)), RFC5011_BELIEVED);
	CU_ASSERT_EQUAL(rollover_find(&r, old)->type, TYPE_DNSKEY);
	CU_ASSERT_EQUAL(rollover_find(&r, old)->tag, sign_key_tag(old));
	ASSERT_STATE(&r, old, "Valid");
	ASSERT_STATE(&r, away, "Missing");
	CU_ASSERT_EQUAL(rollover_find(&r, away)->type, TYPE_DS);
	rollover_revoke(away, true);
	rollover_days(&r, 1, KEYS(old, away), KEYS(old, away));
	ASSERT_STATE(&r, away, "Revoked");
	CU_ASSERT_EQUAL(r.state.count, 2);
	rollover_clear(&r);
}

static void test_stolen_key_cannot_fill_the_list(void)
{
	struct rollover r;
	rollover_init(&r);
	struct sign_key *old = rollover_key(&r, 13, 257);
	struct sign_key *list[LIMIT_ANCHORS_PENDING + 4] = { old };
	rollover_trust(&r, old, TYPE_DNSKEY);
	for (unsigned i = 1; i < LIMIT_ANCHORS_PENDING + 3; i++)
		list[i] = rollover_key(&r, 15, 257);
	CU_ASSERT_EQUAL(rollover_see(&r, list, KEYS(old)), RFC5011_BELIEVED);
	CU_ASSERT_TRUE(r.report.full);
	CU_ASSERT_EQUAL(r.state.count, LIMIT_ANCHORS_PENDING + 1);
	rollover_clear(&r);
}

static void test_all_keys_revoked_is_red_and_never_insecure(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	struct rrset *sets;
	size_t count;
	rollover_revoke(old, true);
	(void)rollover_see(&r, KEYS(old), KEYS(old));
	ASSERT_STATE(&r, old, "Revoked");
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, false), HEALTH_NO_KEY);
	CU_ASSERT_EQUAL(anchor_state_sets(&r.state, false, r.arena, &sets, &count), ERR_OK);
	unsigned records = 0;
	for (size_t i = 0; i < count; i++) {
		for (unsigned j = 0; j < sets[i].count; j++, records++)
			CU_ASSERT_TRUE(sets[i].type == TYPE_DS &&
			               anchor_ds_is_unmeetable(&sets[i].rdata[j]));
	}
	CU_ASSERT_EQUAL(records, 1);
	rollover_trust(&r, new, TYPE_DS);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(new), KEYS(new)), RFC5011_BELIEVED);
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, false), HEALTH_GREEN);
	rollover_clear(&r);
}

static void test_last_key_missing_stays_trusted_for_years(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	rollover_days(&r, 800, KEYS(new), KEYS(new));
	ASSERT_STATE(&r, old, "Valid");
	CU_ASSERT_TRUE(anchor_health_is_red(anchor_state_health(&r.state, &r.zone, false)));
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, new), KEYS(old)), RFC5011_BELIEVED);
	CU_ASSERT_EQUAL(anchor_state_health(&r.state, &r.zone, false), HEALTH_GREEN);
	rollover_clear(&r);
}

/* RFC 4035 section 5.3.1 lets any signature do; the tried ones are those of keys we trust. */
static void test_anchored_key_may_sign_last_of_many(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	struct sign_key *a = rollover_key(&r, 13, 256), *b = rollover_key(&r, 15, 257),
	                *c = rollover_key(&r, 15, 256), *d = rollover_key(&r, 14, 256);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, a, b, c, d, new), KEYS(a, b, c, d, new, old)),
	                RFC5011_BELIEVED);
	rollover_clear(&r);
}

static void test_out_of_memory_leaves_the_state_alone(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	struct budget budget;
	struct sighting seen;
	rollover_start(&r, &old, &new);
	budget_init(&budget, 0);
	struct verifier by = { .keys = r.keys, .budget = &budget, .now = r.now, .skew_s = SKEW_S };
	struct rrset *set = rollover_set(&r, KEYS(old, new), KEYS(old));
	arena_fail_after(r.arena, 1);
	CU_ASSERT_EQUAL(sighting_of(&by, set, &r.state, r.arena, &seen), ERR_NOMEM);
	for (unsigned i = 1; i < 4; i++) {
		struct rrset *sets;
		size_t count;
		arena_fail_after(r.arena, i);
		CU_ASSERT_EQUAL(anchor_state_sets(&r.state, false, r.arena, &sets, &count), ERR_NOMEM);
	}
	arena_fail_after(r.arena, 0);
	set->type = TYPE_DS;
	CU_ASSERT_EQUAL(sighting_of(&by, set, &r.state, r.arena, &seen), ERR_FORMAT);
	rollover_clear(&r);
}

static const struct unit_test tests[] = {
	UNIT(test_table_is_that_of_rfc5011_section_4_2),
	UNIT(test_query_interval_of_section_2_3),
	UNIT(test_next_question_is_asked_in_time),
	UNIT(test_new_key_waits_thirty_days_to_the_second),
	UNIT(test_key_seen_once_never_becomes_valid_by_waiting),
	UNIT(test_key_seen_twice_with_the_hold_down_between_becomes_valid),
	UNIT(test_hold_down_is_the_original_ttl_when_that_is_longer),
	UNIT(test_timer_starts_anew_when_a_pending_key_goes_away),
	UNIT(test_key_that_went_away_is_forgotten_after_a_month),
	UNIT(test_rrset_signed_by_nobody_trusted_teaches_nothing),
	UNIT(test_pending_key_does_not_vouch_for_itself_or_others),
	UNIT(test_refused_rrset_between_does_not_stop_the_timer),
	UNIT(test_only_sep_keys_become_anchors),
	UNIT(test_trusted_key_that_is_away_is_missing_and_still_trusted),
	UNIT(test_digest_anchor_learns_its_key_and_keeps_its_state),
	UNIT(test_stolen_key_cannot_fill_the_list),
	UNIT(test_all_keys_revoked_is_red_and_never_insecure),
	UNIT(test_last_key_missing_stays_trusted_for_years),
	UNIT(test_anchored_key_may_sign_last_of_many),
	UNIT(test_out_of_memory_leaves_the_state_alone),
};
const struct unit_suite suite_rfc5011 = { "rfc5011", tests, sizeof(tests) / sizeof(tests[0]) };
