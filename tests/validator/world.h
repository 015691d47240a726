/*
 * world.h - a tree of signed zones and a resolver that only validates.
 *
 * Every question is answered by an honest zone (tests/sign/zone.h), then the world's lie, if any,
 * changes the outcome, then validate judges it; what it FETCHes goes the same way and is judged
 * once.  Virtual time.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "tests/sign/zone.h"
#include "validator/anchors.h"
#include "validator/keys.h"
#include "validator/validate.h"

enum { WORLD_ZONES = 12, WORLD_ASKED = 256, WORLD_NOW = 1800000000 };

struct world;

struct judged {
	struct question question;
	struct outcome outcome;
	struct verdict verdict;
};

struct world {
	struct arena *arena;
	struct zone zones[WORLD_ZONES];
	unsigned zone_count;
	struct anchors *anchors;
	struct keys *keys;
	struct validate_policy policy;
	struct budget budget;
	struct now now;
	/* Changes an answer before it is judged; returns false to leave it out: a failure. */
	bool (*lie)(struct world *w, const struct question *q, struct outcome *o);
	const char *about;    /* for lie: the name it concerns */
	uint16_t about_type;  /* and the type; 0: every type */
	struct rrset *extra;  /* and a record to use */
	struct judged *asked[WORLD_ASKED];
	unsigned asked_count;
	unsigned fetches;
};

void world_init(struct world *w);
void world_clear(struct world *w);

struct zone_plan world_plan(enum zone_denial denial, const struct sign_key *key);
/* Asserts that it can be made. */
struct zone *world_add(struct world *w, const char *apex, const char *text,
                       const struct zone_plan *plan);
/* Anchors in presentation format. */
void world_trust(struct world *w, const char *text);
void world_trust_key(struct world *w, const char *zone, const struct sign_key *k);

/* Judged, from the memory of this world or anew. */
const struct judged *world_ask(struct world *w, const char *name, uint16_t type);
/* Forgets what was judged, fills the budget again. */
void world_forget(struct world *w);

#endif
