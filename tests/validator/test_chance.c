/* Years of rollovers made by chance, beside a second, plainer reading of RFC 5011 sections 2 and 4. */
#include "resolver/base/rng.h"
#include "tests/validator/anchor_suites.h"
#include "tests/validator/rollover.h"

#include <string.h>

enum { POOL = 6, STEPS = 60, LIVES = 30 };

/* One DNSKEY RRset: which keys are in it, which of them with the REVOKE bit, who signed. */
struct publication {
	bool there[POOL], revoked[POOL], signs[POOL];
};

struct reading {
	const char *state; /* the RFC's name */
	int64_t hold_s, last_s;
	unsigned by; /* bits of the keys that signed when it was new */
};

static bool is(const struct reading *m, const char *state)
{
	return strcmp(m->state, state) == 0;
}

static bool is_trusted(const struct reading *m)
{
	return is(m, "Valid") || is(m, "Missing");
}

/* Bits of the trusted keys whose signatures count. */
static unsigned believe(const struct reading m[POOL], const struct publication *p)
{
	unsigned by = 0;
	for (unsigned i = 0; i < POOL; i++)
		if (p->there[i] && !p->revoked[i] && p->signs[i] && is_trusted(&m[i]))
			by |= 1u << i;
	return by;
}

static void read_key(struct reading *k, bool there, unsigned by, int64_t now_s, int64_t ttl)
{
	if (is(k, "AddPend") && there && now_s >= k->hold_s)
		k->state = "Valid";
	else if (is(k, "AddPend") && !there)
		k->state = "Start";
	else if (is(k, "Valid") && !there)
		k->state = "Missing";
	else if (is(k, "Missing") && there)
		k->state = "Valid";
	else if (is(k, "Revoked") && !there && now_s - k->last_s >= 30 * DAY)
		k->state = "Removed";
	else if (is(k, "Start") && there)
		*k = (struct reading){ "AddPend", now_s + (ttl > 30 * DAY ? ttl : 30 * DAY), 0, by };
	if (there)
		k->last_s = now_s;
}

static void read_rrset(struct reading m[POOL], const struct publication *p, int64_t now_s, int64_t ttl)
{
	unsigned by = believe(m, p), left = 0;
	for (unsigned i = 0; i < POOL; i++) {
		bool says_so = p->there[i] && p->revoked[i] && p->signs[i];
		if (says_so && is_trusted(&m[i]))
			m[i] = (struct reading){ .state = "Revoked", .last_s = now_s };
		left |= is_trusted(&m[i]) ? 1u << i : 0;
	}
	for (unsigned i = 0; i < POOL; i++)
		if (is(&m[i], "AddPend") && now_s < m[i].hold_s && (m[i].by & left) == 0)
			m[i].state = "Start";
	for (unsigned i = 0; by != 0 && i < POOL; i++) {
		bool unproven = p->there[i] && p->revoked[i] && is_trusted(&m[i]);
		if (!unproven)
			read_key(&m[i], p->there[i], by, now_s, ttl);
	}
}

/* What the zone does next; only keys that were once trusted are ever published as revoked. */
static void publish(struct publication *p, const struct reading m[POOL], struct rng *rng)
{
	unsigned i = rng_below(rng, POOL);
	switch (rng_below(rng, 6)) {
	case 0:
	case 1:
		p->there[i] = true;
		break;
	case 2:
		p->there[i] = p->revoked[i] = false;
		break;
	case 3:
		p->revoked[i] = p->there[i] && !is(&m[i], "Start") && !is(&m[i], "AddPend");
		break;
	case 4:
		p->revoked[i] = false;
		break;
	default:
		break;
	}
	for (unsigned k = 0; k < POOL; k++)
		p->signs[k] = p->there[k] && rng_below(rng, 10) < (p->revoked[k] ? 8 : is_trusted(&m[k]) ? 6 : 2);
}

static void see(struct rollover *r, struct sign_key *const pool[POOL], const struct publication *p)
{
	struct sign_key *keys[POOL + 1] = { NULL }, *signers[POOL + 1] = { NULL };
	unsigned keys_count = 0, signers_count = 0;
	for (unsigned i = 0; i < POOL; i++) {
		rollover_revoke(pool[i], p->revoked[i]);
		if (p->there[i])
			keys[keys_count++] = pool[i];
		if (p->signs[i])
			signers[signers_count++] = pool[i];
	}
	if (keys_count > 0)
		(void)rollover_see(r, keys, signers);
}

static bool agree(const struct rollover *r, const struct sign_key *k, const struct reading *m)
{
	const char *state = rollover_state(r, k);
	return strcmp(state, m->state) == 0 || (is(m, "Start") && strcmp(state, "none") == 0);
}

static void live(uint64_t seed)
{
	static const int64_t pauses[] = { 3600, DAY, 3 * DAY, 7 * DAY, 10 * DAY, 15 * DAY, 30 * DAY };
	static const uint32_t ttls[] = { 60, 3600, 172800, 40 * DAY };
	struct rollover r;
	struct rng rng;
	struct sign_key *pool[POOL];
	struct publication p = { .there = { true } };
	struct reading m[POOL];
	rollover_init(&r);
	rng_init_number(&rng, seed);
	for (unsigned i = 0; i < POOL; i++) {
		pool[i] = rollover_key(&r, 13, 257);
		m[i] = (struct reading){ .state = i == 0 ? "Valid" : "Start" };
	}
	rollover_trust(&r, pool[0], seed % 2 != 0 ? TYPE_DS : TYPE_DNSKEY);
	for (unsigned step = 0; step < STEPS; step++) {
		r.now.wall_s += pauses[rng_below(&rng, sizeof(pauses) / sizeof(pauses[0]))];
		r.ttl = ttls[rng_below(&rng, sizeof(ttls) / sizeof(ttls[0]))];
		publish(&p, m, &rng);
		see(&r, pool, &p);
		read_rrset(m, &p, r.now.wall_s, r.ttl);
		for (unsigned i = 0; i < POOL; i++)
			CU_ASSERT_TRUE(agree(&r, pool[i], &m[i]));
	}
	rollover_clear(&r);
}

static void test_years_by_chance_are_as_a_second_reading_of_rfc5011_has_them(void)
{
	for (uint64_t seed = 1; seed <= LIVES; seed++)
		live(seed);
}

static const struct unit_test tests[] = {
	UNIT(test_years_by_chance_are_as_a_second_reading_of_rfc5011_has_them),
};
const struct unit_suite suite_chance = { "chance", tests, sizeof(tests) / sizeof(tests[0]) };
