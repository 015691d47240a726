/*
 * world.h - a small Internet for one walk: canned replies, manners, virtual time.
 *
 * Servers are addresses with a manner (how they behave); what they say comes from a table of canned
 * replies.  Drives one struct iterate to its end and remembers every packet.
 */
#ifndef TESTS_ITERATE_WORLD_H
#define TESTS_ITERATE_WORLD_H

#include "resolver/iterate/iterate.h"
#include "resolver/wire/message.h"

enum manner {
	NORMAL,
	SILENT,
	REFUSES,
	SERVFAILS,
	FORMERRS,
	NOTIMPS,
	HATES_EDNS,
	UNREACHABLE,
	RESETS_TCP,
	TRUNCATES,
	TRUNCATES_ALWAYS,
	BADCOOKIES,
	BADVERSES,
	EMPTY,
	LAME_UP,
	LAME_SIDEWAYS,
	LAME_SELF,
	GARBLED,
	GARBLED_INSIDE,
	WRONG_ID,
	LOWER_CASE,
	LOWER_CASE_NO_TCP,
	COOKIES,
	MANNERS,
};

struct host {
	const char *address;
	enum manner manner;
	uint32_t delay_ms;
};

/* First match wins.  NULL or 0 matches everything; a name "*.x." everything below x. */
struct canned {
	const char *at, *name;
	uint16_t type;
	const char *flags; /* "aa", "tc", "ra", "nxdomain", "yxdomain", "refused", "no-edns" */
	const char *answer, *authority, *additional; /* zone text */
};

enum { LOG_MAX = 256, LESSONS_MAX = 512 };

struct packet {
	struct address to;
	enum transport transport;
	struct question question; /* case as sent */
	uint16_t flags, id;
	struct edns edns;
	int64_t at_ms;
	uint32_t timeout_ms;
};

struct world {
	struct arena *arena;
	struct rng rng;
	struct siphash_key key;
	struct iterate_policy policy;
	struct iterate_env env;
	struct budget budget;
	struct now now;
	const struct host *hosts; /* ends with a NULL address */
	const struct canned *canned;
	size_t canned_count;
	const char *names; /* zone text: addresses for FETCH */
	struct iterate *it;
	/* A packet is offered to this first; true: it was delivered or swallowed, the host stays
	 * silent. */
	bool (*spoof)(struct world *w, unsigned slot, const struct packet *p);
	void *spoof_data;

	struct packet log[LOG_MAX];
	unsigned sent, udp, tcp, fetched, rejected, lessons;
	struct lesson lesson[LESSONS_MAX];
	int64_t took_ms;
};

void world_init(struct world *w, uint64_t seed);
void world_clear(struct world *w);

/* The cut of a zone: "ns1.example. 192.0.2.1 2001:db8::1; ns2.example. ;". */
struct cut *world_cut(struct world *w, enum cut_kind kind, const char *zone, const char *servers);

/* Resets arena-free state (log, budget) and walks. */
struct outcome *world_walk(struct world *w, const char *name, uint16_t type, struct cut *start);

/* Writes a reply as the canned table would, for spoofers; returns its length. */
size_t world_canned(struct world *w, const struct canned *c, const struct packet *p,
                    uint8_t out[65535]);
const struct canned *world_find(const struct world *w, const struct packet *p);

unsigned world_asked(const struct world *w, const char *name, uint16_t type); /* packets with it */
unsigned world_sent_to(const struct world *w, const char *address);
const struct lesson *world_lesson(const struct world *w, const char *name, uint16_t type);
const struct cut *world_learned_cut(const struct world *w, const char *zone);
/* An RRset of this owner is in the outcome or in any lesson. */
bool world_mentions(const struct world *w, const char *owner);

#endif
