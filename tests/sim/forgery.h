/*
 * forgery.h - replies by script: what a liar says, adds to an honest answer, or sends from off the
 * path.
 *
 * Records are text with %q for the name asked, %p for its parent, %n for the number of a
 * repetition; they are read when they are needed.
 */
#ifndef SIM_FORGERY_H
#define SIM_FORGERY_H

#include "resolver/base/address.h"
#include "tests/sim/manner.h"
#include "tests/sign/sign.h"

enum forgery_kind {
	FORGERY_REPLY, /* instead of the honest answer */
	FORGERY_ADD,   /* records beside the honest answer */
	FORGERY_SPOOF, /* from somebody who sees no questions but guesses that one was sent */
};

/* Which questions are meant. */
struct pattern {
	bool any, below; /* below: the name is strictly below */
	struct name name;
	uint16_t type; /* 0: all */
};

struct world_zone;

/* A signature by the key of a zone, which need not be the one of the record. */
struct forged_signature {
	struct forged_signature *next;
	const struct world_zone *zone;
	struct sign_how how;
};

struct forged_line {
	struct forged_line *next;
	unsigned repeat;
	struct forged_signature *signatures;
	const char *text;
};

struct forgery {
	struct forgery *next;
	enum forgery_kind kind;
	bool anywhere; /* from: all servers */
	struct address from;
	struct pattern pattern;
	bool udp, tcp;
	unsigned first, used; /* only so many packets; 0: all */
	unsigned copies;      /* SPOOF: sent for each question */
	uint32_t delay_ms, every_ms;
	enum manner_kind manner; /* SPOOF: what is wrong with it */
	bool set_rcode, set_flags, set_ttl;
	uint16_t rcode, flags;
	uint32_t ttl; /* any 32 bits, RFC 2181 section 8 or not */
	struct forged_line *lines[SECTIONS];
};

bool pattern_matches(const struct pattern *p, const struct question *q);

/* It is meant for this packet; counts. */
bool forgery_applies(struct forgery *f, const struct address *from, bool stream,
		     const struct question *q);

/* False: a record cannot be read; *bad is its text. */
bool forgery_apply(const struct forgery *f, struct response *r, const char **bad);

#endif
