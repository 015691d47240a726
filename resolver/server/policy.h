/*
 * policy.h - the configuration as the pure rooms understand it.
 *
 * Made once in each worker from its config: policies, stub and forward cuts, root hints, local data,
 * trust anchors.  Reads the hints file if one is named; knows no other file.
 */
#ifndef SERVER_POLICY_H
#define SERVER_POLICY_H

#include "resolver/core/local.h"
#include "resolver/core/tasks.h"
#include "resolver/server/config.h"
#include "resolver/server/log.h"
#include "validator/anchor_state.h"
#include "validator/anchors.h"

struct policy {
	struct arena *arena;             /* owned; what the pointers below point into */
	struct tasks_policy tasks;
	struct iterate_policy iterate;
	struct validate_policy validate;
	struct cache_policy cache;
	struct local *local;             /* owned */
	struct anchors *anchors;         /* owned; in force: first those of the configuration or built in */
	struct name *ntas;               /* owned: what validate.ntas borrows */
};

/* The part the keeper needs. */
struct cache_policy policy_cache(const struct config_cache *c);

/* What is wrong is logged; a part that cannot be had (hints file) falls back to what is built in. */
MUST_CHECK enum err policy_new(const struct config *config, struct log *log, struct policy **out);
/*
 * The trusted keys of s become the anchors in force, and a later time floor that one.  The caller frees the
 * set that was in anchors before, when no judgement looks at it any more.
 */
MUST_CHECK enum err policy_set_anchors(struct policy *p, const struct anchor_state *s);
/*
 * Names in wire form, one after the other, become the negative anchors in force.  The caller frees the
 * array that was in ntas before, when no judgement looks at it any more.
 */
MUST_CHECK enum err policy_read_ntas(struct policy *p, const uint8_t *octets, size_t len);
void policy_free(struct policy *p); /* takes NULL */

#endif
