/*
 * zone.h - a zone, signed as asked, and what an honest authority would answer from it.
 *
 * Answers are outcomes, or a referral: no messages, no network.  A test that wants a lying
 * authority changes what comes back.  Everything lives in the arena; keys are borrowed.
 */
#ifndef TESTS_ZONE_H
#define TESTS_ZONE_H

#include "resolver/wire/outcome.h"
#include "tests/sign/sign.h"

enum zone_denial { ZONE_UNSIGNED, ZONE_NSEC, ZONE_NSEC3, ZONE_COMPACT };

enum { ZONE_KEYS = 4 };

struct zone_plan {
	enum zone_denial denial;
	const struct sign_key *keys[ZONE_KEYS]; /* with SEP: sign only DNSKEY, if there are others */
	unsigned key_count;
	struct sign_how how;                    /* for every signature */
	uint16_t iterations;                    /* NSEC3 */
	const uint8_t *salt;
	uint8_t salt_len;
	bool opt_out;
};

struct zone_node; /* a name of the zone, in zone.c */

struct zone {
	struct arena *arena;
	struct name apex;
	struct zone_plan plan;
	struct rrset **sets;
	unsigned set_count;
	struct zone_node *nodes; /* in canonical order */
	unsigned node_count;
	struct rrset **chain;    /* NSEC by name, or NSEC3 by hash */
	unsigned chain_count;
};

/* text: records of the zone with its SOA, names relative to apex; the DNSKEYs of plan are added. */
MUST_CHECK enum err zone_make(struct arena *a, const struct name *apex, const char *text,
                              const struct zone_plan *plan, struct zone *out);

/* The DS of a child's key (digest type 1, 2 or 4), for the text of the parent. */
MUST_CHECK enum err zone_ds_text(const struct name *child, const struct sign_key *key,
                                 uint8_t digest_type, char *out, size_t size);

enum zone_reply { ZONE_OUTCOME, ZONE_REFERRAL, ZONE_NO_MEMORY };

/*
 * The outcome, copied: may be changed.  For ZONE_REFERRAL out->set is the NS RRset of the cut, and
 * *ds (borrowed) its DS, or NULL and the proofs say why.
 */
enum zone_reply zone_answer(const struct zone *z, const struct question *q, struct arena *a,
                            struct outcome *out, struct rrset **ds);

#endif
