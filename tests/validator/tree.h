/*
 * tree.h - the zones of most tests: ".", "tld"; below it "safe.tld" with DS, "open.tld" without.
 *
 * "tld" and "safe.tld" deny as asked; "deep.open.tld" lies below the unsigned one.
 */
#ifndef TESTS_TREE_H
#define TESTS_TREE_H

#include "tests/validator/world.h"

/* SOA and NS of any of them, in text. */
extern const char tree_soa[];

struct tree {
	struct world w;
	struct sign_key *root, *tld, *safe; /* owned */
	struct zone *tld_zone, *safe_zone;
};

void plant(struct tree *t, enum zone_denial denial);
/* With plans of the caller's; the keys are there already. */
void plant_with(struct tree *t, const struct zone_plan *root, const struct zone_plan *tld,
                const struct zone_plan *safe);
/* World and keys, no zones. */
void plant_keys(struct tree *t);
void fell(struct tree *t);

#endif
