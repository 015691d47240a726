/*
 * resolver.h - the resolver under test: one struct tasks with everything it stands on.
 *
 * Holds its configuration as the words of a world file set it (option.c), starts it, and knows
 * nothing of packets and time.
 */
#ifndef SIM_RESOLVER_H
#define SIM_RESOLVER_H

#include "cache/answers.h"
#include "resolver/core/local.h"
#include "resolver/core/tasks.h"
#include "tests/sim/script.h"
#include "tests/sim/world.h"

enum { RESOLVER_ROUTES = 16, RESOLVER_RULES = 64, RESOLVER_NEVER = 32, RESOLVER_TIME = 8,
       RESOLVER_SPARED = 8 };

struct resolver {
	struct arena *arena;
	struct tasks_policy policy;
	struct iterate_policy iterate;
	struct validate_policy validate;
	struct cache_policy cache_policy;
	unsigned special; /* enum local_special */
	struct local_rule rules[RESOLVER_RULES];
	unsigned rule_count;
	const char *records; /* local data as text, NULL: none */
	struct cut hints;
	bool own_hints; /* else the world's root */
	struct cut routes[RESOLVER_ROUTES];
	unsigned route_count;
	struct prefix never[RESOLVER_NEVER];
	struct name time_servers[RESOLVER_TIME], spared[RESOLVER_SPARED];
	const char *anchors_text; /* NULL: the key of the world's root */
	size_t hot_octets;
	bool finished; /* with the layer of finished answers */
	bool snoop;    /* RD=0 may see the cache */

	struct rng rng;
	struct cache *cache;
	struct answers *answers;
	struct networks *networks; /* TTL mode strict */
	struct servers *servers;
	struct keys *keys;
	struct anchors *anchors;
	struct local *local;
	struct tasks *tasks; /* NULL: not started */
};

void resolver_init(struct resolver *r);
void resolver_clear(struct resolver *r);

/* NULL, or why it does not start. */
const char *resolver_start(struct resolver *r, struct world *w, uint64_t seed);

/* One line of a resolver block, or what follows "set resolver". */
void option_read(struct resolver *r, struct script *s);

#endif
