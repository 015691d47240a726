/*
 * world.h - a small Internet for the conductor: zones in text on servers with addresses, virtual time.
 *
 * Servers answer as authorities do (referral, answer, alias, denial) after delay_ms, or never.
 * Validation is a double (double.h) until a test wants more.
 */
#ifndef TESTS_CORE_WORLD_H
#define TESTS_CORE_WORLD_H

#include "cache/answers.h"
#include "cache/networks.h"
#include "resolver/core/local.h"
#include "resolver/core/tasks.h"
#include "resolver/wire/message.h"
#include "validator/anchors.h"

struct site {
	const char *address;
	const char *zone;
	const char *text; /* records in presentation format, origin is the zone */
	bool silent;
	uint32_t delay_ms; /* 0: 10 */
};

enum { WORLD_CLIENTS = 256, WORLD_SENDS = 512, WORLD_REPLY = 65535 };

struct client {
	uint64_t number;
	enum asked asked;
	uint8_t packet[512];
	size_t packet_len;
	struct query query;
	struct ask ask;
	bool answered;
	int64_t answered_ms;
	size_t len;
	struct message reply;
};

struct sent {
	uint64_t exchange; /* 0: over */
	int64_t due_ms;
	bool timeout;      /* due is a time-out, else a reply */
	bool nudged;       /* its time-out was told */
	size_t len;
	uint8_t octets[4096];
};

struct world {
	struct now now;
	struct arena *arena;
	struct site *sites; /* own copy: tests change them on the way */
	unsigned site_count;
	struct rng rng;
	struct tasks_policy policy;
	struct iterate_policy iterate;
	struct validate_policy validate;
	struct cache_policy cache_policy;
	struct cut hints;
	bool keep_finished;
	struct answers *answers;
	struct networks *networks; /* as anchors */
	struct address client;     /* who asks from now on */
	struct trace *trace;       /* of what is asked from now on; NULL: none */
	bool fresh;                /* ask for it anew */
	struct anchors *anchors; /* set before world_start; freed with the world */
	struct cache *cache;
	struct servers *servers;
	struct local *local;
	struct tasks *tasks;
	unsigned sends, closes; /* deeds so far */
	struct sent sent[WORLD_SENDS];
	struct client clients[WORLD_CLIENTS];
	unsigned client_count;
	uint64_t probed;      /* number of the last probe that ended */
	unsigned probed_sigs; /* it brought an RRset with that many records and signatures */
	unsigned probed_count;
	enum security probed_security; /* SECURITY_BOGUS when nothing came */
	uint8_t reply[WORLD_REPLY];
};

/* The first site serves the root.  Change policy before world_start. */
struct world *world_new(const struct site *sites, unsigned count);
void world_start(struct world *w);
void world_free(struct world *w);

struct question world_question(const char *name, uint16_t type);
struct address world_address(const char *text);
struct site *world_site(struct world *w, const char *address);

enum { WORLD_DO = 1 << 16, WORLD_EDNS = 1 << 17, WORLD_STREAM = 1 << 18, WORLD_SNOOP = 1 << 19 };

/* flags: FLAG_* of the header and WORLD_*.  Does not let time pass. */
struct client *world_ask(struct world *w, const char *name, uint16_t type, uint32_t flags);
/* All deeds due now. */
void world_drain(struct world *w);
/* Lets that much time pass. */
void world_run(struct world *w, uint32_t ms);
/* Asks and runs until it is answered. */
struct client *world_resolve(struct world *w, const char *name, uint16_t type, uint32_t flags);
void world_sleep(struct world *w, uint32_t seconds);

/* The EDE codes of a reply as sent; EDE_NONE when there is no such one. */
uint16_t world_error(const struct client *c, unsigned i);
bool world_has_address(const struct client *c, const char *name, const char *address);

#endif
