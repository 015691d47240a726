/* RFC 5011 sections 2.1 and 2.2, threats F3: who may revoke what, for how long, and what falls with it. */
#include "tests/validator/anchor_suites.h"
#include "tests/validator/rollover.h"

static void test_revocation_signed_by_the_key_itself_is_immediate_and_for_ever(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	rollover_trust(&r, new, TYPE_DNSKEY);
	rollover_revoke(old, true);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, new), KEYS(old, new)), RFC5011_BELIEVED);
	ASSERT_STATE(&r, old, "Revoked");
	rollover_revoke(old, false);
	rollover_days(&r, 100, KEYS(old, new), KEYS(new));
	ASSERT_STATE(&r, old, "Revoked");
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, new), KEYS(old)), RFC5011_REFUSED);
	rollover_days(&r, 29, KEYS(new), KEYS(new));
	ASSERT_STATE(&r, old, "Revoked");
	rollover_days(&r, 2, KEYS(new), KEYS(new));
	ASSERT_STATE(&r, old, "Removed");
	rollover_days(&r, 100, KEYS(old, new), KEYS(new));
	ASSERT_STATE(&r, old, "Removed");
	rollover_trust(&r, old, TYPE_DS);
	rollover_trust(&r, old, TYPE_DNSKEY);
	ASSERT_STATE(&r, old, "Removed");
	CU_ASSERT_FALSE(rollover_trusts(&r, old));
	CU_ASSERT_EQUAL(r.state.count, 2);
	rollover_clear(&r);
}

static void test_revoke_bit_without_own_signature_changes_nothing(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	rollover_trust(&r, new, TYPE_DNSKEY);
	rollover_revoke(old, true);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, new), KEYS(new)), RFC5011_BELIEVED);
	ASSERT_STATE(&r, old, "Valid");
	CU_ASSERT_EQUAL(r.report.count, 0);
	r.break_signatures = true;
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, new), KEYS(old)), RFC5011_REFUSED);
	ASSERT_STATE(&r, old, "Valid");
	rollover_clear(&r);
}

static void test_revocation_by_another_key_of_the_same_zone_does_not_count(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	struct sign_key *stranger = rollover_key(&r, 13, 257);
	rollover_revoke(old, true);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, stranger), KEYS(stranger)), RFC5011_REFUSED);
	ASSERT_STATE(&r, old, "Valid");
	rollover_clear(&r);
}

/* RFC 5011 section 2.1: such a key validates its own revocation and nothing else. */
static void test_revoked_key_brings_no_new_keys(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	rollover_revoke(old, true);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, new), KEYS(old)), RFC5011_REFUSED);
	ASSERT_STATE(&r, old, "Revoked");
	ASSERT_STATE(&r, new, "none");
	rollover_clear(&r);
}

static void test_key_there_twice_as_revoked_and_not_is_revoked(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	struct rrset *set = rollover_set(&r, KEYS(old, new), NOBODY);
	rollover_revoke(old, true);
	CU_ASSERT_EQUAL(sign_add(r.arena, set, sign_key_rdata(old)->octets, sign_key_rdata(old)->len),
	                ERR_OK);
	struct sign_how how = { .inception = ROLLOVER_START - 1, .expiration = ROLLOVER_START + DAY };
	CU_ASSERT_EQUAL(sign_rrset(r.arena, set, old, &r.zone, &how), ERR_OK);
	rollover_revoke(old, false);
	CU_ASSERT_EQUAL(sign_rrset(r.arena, set, old, &r.zone, &how), ERR_OK);
	struct budget budget;
	struct sighting seen;
	budget_init(&budget, 0);
	struct verifier by = { .keys = r.keys, .budget = &budget, .now = r.now, .skew_s = SKEW_S };
	CU_ASSERT_EQUAL(sighting_of(&by, set, &r.state, r.arena, &seen), ERR_OK);
	CU_ASSERT_FALSE(seen.believed);
	CU_ASSERT_EQUAL(rfc5011_step(&r.state, &seen, r.now, SKEW_S, &r.report), ERR_OK);
	ASSERT_STATE(&r, old, "Revoked");
	ASSERT_STATE(&r, new, "none");
	rollover_clear(&r);
}

static void test_pending_key_that_revokes_itself_is_remembered(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	(void)rollover_see(&r, KEYS(old, new), KEYS(old));
	rollover_revoke(new, true);
	rollover_days(&r, 1, KEYS(old, new), KEYS(new));
	ASSERT_STATE(&r, new, "AddPend"); /* the RRset was not believed */
	rollover_days(&r, 1, KEYS(old, new), KEYS(old, new));
	ASSERT_STATE(&r, new, "Revoked");
	rollover_revoke(new, false);
	rollover_days(&r, 60, KEYS(old, new), KEYS(old));
	ASSERT_STATE(&r, new, "Revoked");
	rollover_clear(&r);
}

/* What a stolen key brings in and revokes again is remembered only while there is room. */
static void test_stolen_key_cannot_fill_the_list_with_revoked_ones(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	struct sign_key *other = rollover_key(&r, 13, 257);
	struct sign_key *list[LIMIT_ANCHORS_PENDING + 3] = { old, other };
	rollover_trust(&r, other, TYPE_DNSKEY);
	for (unsigned round = 0; round < LIMIT_ANCHORS / LIMIT_ANCHORS_PENDING; round++) {
		for (unsigned i = 0; i < LIMIT_ANCHORS_PENDING; i++)
			list[2 + i] = rollover_key(&r, 13, 257);
		rollover_days(&r, 1, list, KEYS(old));
		for (unsigned i = 0; i < LIMIT_ANCHORS_PENDING; i++)
			rollover_revoke(list[2 + i], true);
		list[1] = old; /* it signs, and so do all the others */
		rollover_days(&r, 1, list, list);
		list[1] = other;
	}
	CU_ASSERT_TRUE(r.state.count > LIMIT_ANCHORS / 2);
	struct sign_key *last = list[2];
	ASSERT_STATE(&r, last, "Revoked");
	rollover_revoke(old, true);
	rollover_days(&r, 40, KEYS(old, other, new), KEYS(old, other));
	ASSERT_STATE(&r, old, "Revoked");
	ASSERT_STATE(&r, new, "Valid");
	rollover_clear(&r);
}

static void test_unproven_revocation_of_a_pending_key_restarts_its_timer(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	(void)rollover_see(&r, KEYS(old, new), KEYS(old));
	rollover_revoke(new, true);
	rollover_days(&r, 1, KEYS(old, new), KEYS(old));
	ASSERT_STATE(&r, new, "Start");
	rollover_clear(&r);
}

static void test_stranger_that_revokes_itself_is_not_remembered(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	rollover_revoke(new, true);
	CU_ASSERT_EQUAL(rollover_see(&r, KEYS(old, new), KEYS(old, new)), RFC5011_BELIEVED);
	ASSERT_STATE(&r, new, "none");
	rollover_clear(&r);
}

/* Threats F3: the key is what counts; two of one tag do not answer for each other. */
static void test_stranger_of_the_tag_of_a_revoked_key_revokes_nobody(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	rollover_revoke(old, true);
	struct rrset *set = rollover_set(&r, KEYS(old, new), NOBODY);
	struct sign_how how = { .inception = ROLLOVER_START - 1, .expiration = ROLLOVER_START + DAY,
		                .set_tag = true, .tag = sign_key_tag(old) };
	CU_ASSERT_EQUAL(sign_rrset(r.arena, set, new, &r.zone, &how), ERR_OK);
	struct budget budget;
	struct sighting seen;
	budget_init(&budget, 0);
	struct verifier by = { .keys = r.keys, .budget = &budget, .now = r.now, .skew_s = SKEW_S };
	CU_ASSERT_EQUAL(sighting_of(&by, set, &r.state, r.arena, &seen), ERR_OK);
	CU_ASSERT_EQUAL(rfc5011_step(&r.state, &seen, r.now, SKEW_S, &r.report), ERR_OK);
	ASSERT_STATE(&r, old, "Valid");
	rollover_clear(&r);
}

static void test_revoked_tag_is_that_of_the_key_with_the_bit(void)
{
	struct rollover r;
	rollover_init(&r);
	for (unsigned i = 0; i < 20; i++) {
		struct sign_key *k = rollover_key(&r, 15, 257);
		rollover_trust(&r, k, TYPE_DNSKEY);
		uint16_t tag = sign_key_tag(k);
		rollover_revoke(k, true);
		CU_ASSERT_EQUAL(rollover_find(&r, k)->tag, tag);
		CU_ASSERT_EQUAL(anchor_key_revoked_tag(rollover_find(&r, k)), sign_key_tag(k));
	}
	rollover_clear(&r);
}

/* RFC 5011 section 2.1: "permanent", also where a file says otherwise that somebody put in our place. */
static void test_revoked_key_stays_revoked_when_another_state_takes_over(void)
{
	struct rollover r, other;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	rollover_trust(&r, new, TYPE_DNSKEY);
	rollover_revoke(old, true);
	(void)rollover_see(&r, KEYS(old, new), KEYS(old, new));
	rollover_revoke(old, false);
	for (unsigned i = 0; i < 2; i++) {
		rollover_init(&other);
		rollover_trust(&other, old, i == 0 ? TYPE_DS : TYPE_DNSKEY);
		rollover_trust(&other, new, TYPE_DS);
		CU_ASSERT_EQUAL(anchor_state_remember(&other.state, &r.state), ERR_OK);
		CU_ASSERT_EQUAL(other.state.count, 2);
		CU_ASSERT_EQUAL(other.state.floor_s, r.state.floor_s);
		ASSERT_STATE(&other, old, "Revoked");
		ASSERT_STATE(&other, new, "Valid");
		rollover_clear(&other);
	}
	rollover_init(&other);
	CU_ASSERT_EQUAL(anchor_state_remember(&other.state, &r.state), ERR_OK);
	CU_ASSERT_EQUAL(other.state.zone_count, 0); /* a zone that is gone is not anchored again */
	rollover_clear(&other);
	rollover_clear(&r);
}

/* RFC 5011 section 2.2: what only keys vouched for that were revoked meanwhile begins anew. */
static void test_timer_starts_anew_when_all_that_vouched_are_revoked(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	struct sign_key *other = rollover_key(&r, 13, 257);
	rollover_trust(&r, other, TYPE_DNSKEY);
	rollover_days(&r, 20, KEYS(old, other, new), KEYS(old));
	rollover_revoke(old, true);
	rollover_days(&r, 1, KEYS(old, other, new), KEYS(old, other));
	ASSERT_STATE(&r, old, "Revoked");
	ASSERT_STATE(&r, new, "AddPend");
	CU_ASSERT_EQUAL(rollover_find(&r, new)->first_s, r.now.wall_s);
	CU_ASSERT_EQUAL(rollover_find(&r, new)->sightings, 1);
	rollover_days(&r, 29, KEYS(old, other, new), KEYS(other));
	ASSERT_STATE(&r, new, "AddPend");
	rollover_days(&r, 1, KEYS(other, new), KEYS(other));
	ASSERT_STATE(&r, new, "Valid");
	rollover_clear(&r);
}

static void test_timer_goes_on_when_one_of_those_that_vouched_is_left(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	struct sign_key *other = rollover_key(&r, 13, 257);
	rollover_trust(&r, other, TYPE_DNSKEY);
	rollover_days(&r, 20, KEYS(old, other, new), KEYS(old, other));
	rollover_revoke(old, true);
	rollover_days(&r, 11, KEYS(old, other, new), KEYS(old, other));
	ASSERT_STATE(&r, new, "Valid");
	rollover_clear(&r);
}

static void test_revocation_in_an_rrset_that_is_not_believed_stops_what_it_vouched_for(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	struct sign_key *other = rollover_key(&r, 13, 257);
	rollover_trust(&r, other, TYPE_DNSKEY);
	rollover_days(&r, 20, KEYS(old, other, new), KEYS(old));
	rollover_revoke(old, true);
	rollover_days(&r, 1, KEYS(old, other, new), KEYS(old));
	ASSERT_STATE(&r, new, "Start");
	rollover_days(&r, 1, KEYS(old, other, new), KEYS(other));
	ASSERT_STATE(&r, new, "AddPend");
	CU_ASSERT_EQUAL(rollover_find(&r, new)->hold_s, r.now.wall_s + 30 * DAY);
	rollover_clear(&r);
}

/* "prior to the timer expiring" */
static void test_revocation_after_the_hold_down_takes_nothing_back(void)
{
	struct rollover r;
	struct sign_key *old, *new;
	rollover_start(&r, &old, &new);
	struct sign_key *other = rollover_key(&r, 13, 257);
	rollover_trust(&r, other, TYPE_DNSKEY);
	rollover_days(&r, 1, KEYS(old, other, new), KEYS(old));
	r.now.wall_s += 29 * DAY;
	rollover_revoke(old, true);
	rollover_days(&r, 1, KEYS(old, other, new), KEYS(old, other));
	ASSERT_STATE(&r, new, "Valid");
	rollover_clear(&r);
}

static const struct unit_test tests[] = {
	UNIT(test_revocation_signed_by_the_key_itself_is_immediate_and_for_ever),
	UNIT(test_revoke_bit_without_own_signature_changes_nothing),
	UNIT(test_revocation_by_another_key_of_the_same_zone_does_not_count),
	UNIT(test_revoked_key_brings_no_new_keys),
	UNIT(test_key_there_twice_as_revoked_and_not_is_revoked),
	UNIT(test_pending_key_that_revokes_itself_is_remembered),
	UNIT(test_stolen_key_cannot_fill_the_list_with_revoked_ones),
	UNIT(test_unproven_revocation_of_a_pending_key_restarts_its_timer),
	UNIT(test_stranger_that_revokes_itself_is_not_remembered),
	UNIT(test_stranger_of_the_tag_of_a_revoked_key_revokes_nobody),
	UNIT(test_revoked_tag_is_that_of_the_key_with_the_bit),
	UNIT(test_revoked_key_stays_revoked_when_another_state_takes_over),
	UNIT(test_timer_starts_anew_when_all_that_vouched_are_revoked),
	UNIT(test_timer_goes_on_when_one_of_those_that_vouched_is_left),
	UNIT(test_revocation_in_an_rrset_that_is_not_believed_stops_what_it_vouched_for),
	UNIT(test_revocation_after_the_hold_down_takes_nothing_back),
};
const struct unit_suite suite_revocation = { "revocation", tests, sizeof(tests) / sizeof(tests[0]) };
