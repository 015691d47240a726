/*
 * rollover.h - one zone's keys over the years, and a resolver that watches them.
 *
 * A day is a step of virtual time; a publication names the keys that are in the DNSKEY RRset and
 * those that sign it.
 */
#ifndef TESTS_ROLLOVER_H
#define TESTS_ROLLOVER_H

#include "tests/sign/sign.h"
#include "validator/rfc5011.h"

enum { ROLLOVER_START = 1700000000, DAY = 86400, ROLLOVER_KEYS = LIMIT_ANCHORS + LIMIT_ANCHORS_PENDING + 4, SKEW_S = 300 };

struct rollover {
	struct name zone;
	struct arena *arena;
	struct keys *keys;
	struct anchor_state state;
	struct now now;
	uint32_t ttl;            /* of the DNSKEY RRset */
	uint32_t valid_s;        /* of its signatures, from now - one hour */
	bool break_signatures;
	struct rfc5011_report report; /* of the last step */
	struct sign_key *all[ROLLOVER_KEYS];
	unsigned count;
};

void rollover_init(struct rollover *r);
/* The same with two keys of algorithm 13; the old one is trusted. */
void rollover_start(struct rollover *r, struct sign_key **old, struct sign_key **new);
void rollover_clear(struct rollover *r);
/* A KSK, revoked if it says so by its flags; owned by r. */
struct sign_key *rollover_key(struct rollover *r, uint8_t algorithm, uint16_t flags);
/* The same key with the REVOKE bit on or off. */
void rollover_revoke(struct sign_key *k, bool revoked);
/* Trusts k from now on, by its DNSKEY or by its SHA-256 DS. */
void rollover_trust(struct rollover *r, const struct sign_key *k, uint16_t type);

/* The published RRset; keys and signers end with NULL. */
struct rrset *rollover_set(struct rollover *r, struct sign_key *const keys[],
                           struct sign_key *const signers[]);
/* It is seen now. */
enum rfc5011_outcome rollover_see(struct rollover *r, struct sign_key *const keys[],
                                  struct sign_key *const signers[]);
/* Time passes: as rollover_see, once a day, for days, from tomorrow on. */
void rollover_days(struct rollover *r, unsigned days, struct sign_key *const keys[],
                   struct sign_key *const signers[]);

const struct anchor_key *rollover_find(const struct rollover *r, const struct sign_key *k);
/* Its state's text; "none" when it is not known. */
const char *rollover_state(const struct rollover *r, const struct sign_key *k);
bool rollover_trusts(const struct rollover *r, const struct sign_key *k);

#define KEYS(...) ((struct sign_key *const[]){ __VA_ARGS__, NULL })
#define NOBODY ((struct sign_key *const[]){ NULL })
#define ASSERT_STATE(r, k, text) CU_ASSERT_STRING_EQUAL(rollover_state((r), (k)), (text))

#endif
