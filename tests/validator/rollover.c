#include "tests/validator/rollover.h"

#include "validator/ds.h"
#include <assert.h>

enum { ARENA_BYTES = 64 << 20 };

void rollover_init(struct rollover *r)
{
	static const struct siphash_key seed = { 3, 4 };
	*r = (struct rollover){ .zone = name_root(), .now = { 0, ROLLOVER_START }, .ttl = 172800,
		                .valid_s = 21 * DAY };
	r->arena = arena_new(ARENA_BYTES);
	r->keys = keys_new(&seed);
	assert(r->arena != NULL && r->keys != NULL);
}

void rollover_clear(struct rollover *r)
{
	for (unsigned i = 0; i < r->count; i++)
		sign_key_free(r->all[i]);
	anchor_state_clear(&r->state);
	keys_free(r->keys);
	arena_free(r->arena);
}

struct sign_key *rollover_key(struct rollover *r, uint8_t algorithm, uint16_t flags)
{
	struct sign_key *k = sign_key_new(algorithm, flags, 0);
	assert(k != NULL && r->count < ROLLOVER_KEYS);
	r->all[r->count++] = k;
	return k;
}

void rollover_revoke(struct sign_key *k, bool revoked)
{
	uint16_t flags = sign_key_flags(k) & (uint16_t)~DNSKEY_REVOKE;
	sign_key_set_flags(k, revoked ? flags | DNSKEY_REVOKE : flags);
}

void rollover_start(struct rollover *r, struct sign_key **old, struct sign_key **new)
{
	rollover_init(r);
	*old = rollover_key(r, 13, 257);
	*new = rollover_key(r, 13, 257);
	rollover_trust(r, *old, TYPE_DNSKEY);
}

void rollover_trust(struct rollover *r, const struct sign_key *k, uint16_t type)
{
	struct rdata ds = *sign_key_rdata(k);
	enum err e = ERR_OK;
	if (type == TYPE_DS)
		e = ds_of(&r->zone, sign_key_rdata(k), DIGEST_SHA256, r->arena, &ds);
	assert(e == ERR_OK);
	struct rrset *set = sign_new_set(r->arena, &r->zone, type, 3600);
	assert(set != NULL);
	e = sign_add(r->arena, set, ds.octets, ds.len);
	assert(e == ERR_OK);
	e = anchor_state_trust(&r->state, set, 1, r->now);
	assert(e == ERR_OK);
	(void)e;
}

struct rrset *rollover_set(struct rollover *r, struct sign_key *const keys[],
                           struct sign_key *const signers[])
{
	struct sign_how how = { .inception = (uint32_t)r->now.wall_s - 3600,
		                .expiration = (uint32_t)r->now.wall_s - 3600 + r->valid_s,
		                .break_signature = r->break_signatures };
	struct rrset *set = sign_new_set(r->arena, &r->zone, TYPE_DNSKEY, r->ttl);
	assert(set != NULL);
	for (; *keys != NULL; keys++) {
		enum err e = sign_add(r->arena, set, sign_key_rdata(*keys)->octets,
		                      sign_key_rdata(*keys)->len);
		assert(e == ERR_OK);
		(void)e;
	}
	for (; *signers != NULL; signers++) {
		enum err e = sign_rrset(r->arena, set, *signers, &r->zone, &how);
		assert(e == ERR_OK);
		(void)e;
	}
	return set;
}

enum rfc5011_outcome rollover_see(struct rollover *r, struct sign_key *const keys[],
                                  struct sign_key *const signers[])
{
	struct budget budget;
	struct sighting seen;
	struct rrset *set = rollover_set(r, keys, signers);
	budget_init(&budget, 0);
	struct verifier by = { .keys = r->keys, .budget = &budget, .now = r->now, .skew_s = SKEW_S };
	enum err e = sighting_of(&by, set, &r->state, r->arena, &seen);
	assert(e == ERR_OK);
	e = rfc5011_step(&r->state, &seen, r->now, SKEW_S, &r->report);
	assert(e == ERR_OK);
	(void)e;
	return r->report.outcome;
}

void rollover_days(struct rollover *r, unsigned days, struct sign_key *const keys[],
                   struct sign_key *const signers[])
{
	for (; days > 0; days--) {
		r->now.wall_s += DAY;
		(void)rollover_see(r, keys, signers);
	}
}

const struct anchor_key *rollover_find(const struct rollover *r, const struct sign_key *k)
{
	return anchor_state_find(&r->state, &r->zone, sign_key_rdata(k));
}

const char *rollover_state(const struct rollover *r, const struct sign_key *k)
{
	const struct anchor_key *known = rollover_find(r, k);
	return known == NULL ? "none" : key_state_text(known->state);
}

bool rollover_trusts(const struct rollover *r, const struct sign_key *k)
{
	const struct anchor_key *known = rollover_find(r, k);
	return known != NULL && anchor_key_trusted(known);
}
