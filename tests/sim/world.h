/*
 * world.h - an Internet on a page: zones with their records, hosts with their manners.
 *
 * A zone is text until somebody asks it; adding or removing a record makes it anew, so a world may
 * change while it is played.  Delegations, glue and DS follow from which zone is served where.
 * Sends nothing (net.h) and answers nothing (authority.h).
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "resolver/base/address.h"
#include "tests/sign/zone.h"
#include "tests/sim/forgery.h"
#include "tests/sim/manner.h"
#include "tests/sim/signing.h"

/* A record of a zone as it was written. */
struct zone_line {
	struct zone_line *next;
	const char *text;
};

/* A server of a zone: its name, and addresses if the world knows them. */
struct zone_server {
	struct zone_server *next;
	struct name name;
	struct address *addresses;
	unsigned count;
};

struct world_zone {
	struct world_zone *next;
	struct name apex;
	unsigned labels;
	uint32_t ttl, minimum;
	uint32_t cut_ttl; /* of the delegation in the parent */
	struct zone_line *lines;
	struct zone_server *servers;
	bool undelegated; /* the parent says nothing of it */
	struct signing signing;
	bool made;
	struct zone zone; /* when made */
};

enum reach {
	REACH_OK,
	REACH_DEAD,        /* packets vanish */
	REACH_UNREACHABLE, /* the network says so */
	REACH_REJECTS,     /* the host says that nobody listens */
};

struct host {
	struct host *next;
	struct address address;
	enum reach reach;
	bool has_delay;
	uint32_t delay_ms, jitter_ms; /* one way; jitter is added by chance */
	unsigned loss, duplicate;     /* percent */
	struct manner *manners;
	uint16_t udp_size;         /* the largest datagram it sends */
	struct world_zone **zones; /* it serves */
	unsigned zone_count;
	unsigned depth; /* for MANNER_DEEPER: labels referred to last */
};

struct world {
	struct arena *arena;
	struct world_zone *zones;
	struct host *hosts;
	struct forgery *forgeries;
	uint32_t delay_ms, jitter_ms; /* of hosts that say nothing else */
	unsigned loss;
	bool ipv4_dead, ipv6_dead; /* packets of the family vanish */
};

void world_init(struct world *w);
void world_clear(struct world *w);

const char *world_keep_text(struct world *w, const char *text);

/* New, or the one that is there. */
struct world_zone *world_zone(struct world *w, const struct name *apex);
/* NULL: there is none of this apex. */
struct world_zone *world_find_zone(const struct world *w, const struct name *apex);
/* The deepest zone that holds the name; strictly above it for DS. */
struct world_zone *world_zone_of(const struct world *w, const struct name *name, bool above);
void world_add_line(struct world *w, struct world_zone *z, const char *text);
/* Takes away records of an owner; type 0: all.  False: there was none. */
bool world_remove_lines(struct world *w, struct world_zone *z, const struct name *owner,
			uint16_t type);
void world_add_server(struct world *w, struct world_zone *z, const struct name *name,
		      const struct address *addresses, unsigned count);

/* Made if need be.  NULL: its text does not parse. */
const struct zone *world_zone_data(struct world *w, struct world_zone *z);
/* After a change every zone is made anew when it is asked next. */
void world_changed(struct world *w);
/* Every zone parses; else *bad is one that does not. */
bool world_check(struct world *w, const struct world_zone **bad);

struct host *world_host(struct world *w,
			const struct address *a); /* new, or the one that is there */
struct host *world_find_host(const struct world *w, const struct address *a); /* NULL: none */
void world_serve(struct world *w, struct host *h, struct world_zone *z);
/* The deepest zone of the host that holds the name, NULL: none. */
struct world_zone *world_served(const struct host *h, const struct name *name, bool above);

#endif
