/*
 * manner.h - the ways in which servers do not do as they should.
 *
 * Each bends one honest response, or says that there will be none.  A host has a list of them; they
 * are applied in order.  Off-path attackers use the same list to be wrong in one place (forgery.h).
 */
#ifndef SIM_MANNER_H
#define SIM_MANNER_H

#include "tests/sim/response.h"

struct world;
struct host;

enum manner_kind {
	/* An rcode for everything. */
	MANNER_REFUSED,
	MANNER_SERVFAIL,
	MANNER_FORMERR,
	MANNER_NOTIMP,
	MANNER_NXDOMAIN,
	/* EDNS and cookies. */
	MANNER_NO_EDNS,
	MANNER_IGNORES_EDNS,
	MANNER_SILENT_EDNS,
	MANNER_NO_OPTIONS,
	MANNER_BADVERS,
	MANNER_COOKIES,
	MANNER_COOKIES_REQUIRED,
	MANNER_BADCOOKIE,
	MANNER_WRONG_COOKIE,
	/* Answers that lead nowhere. */
	MANNER_LAME,
	MANNER_UPWARD,
	MANNER_SIDEWAYS,
	MANNER_SELF,
	MANNER_DEEPER,
	MANNER_EMPTY,
	MANNER_NO_SOA,
	MANNER_NO_AA,
	MANNER_DENIES_EMPTY,
	MANNER_RECURSIVE,
	MANNER_NO_SIGNATURES,
	MANNER_NO_AUTHORITY,
	/* Size and transport. */
	MANNER_TRUNCATES,
	MANNER_TRUNCATES_ALWAYS,
	MANNER_OVERSIZE,
	MANNER_SILENT,
	MANNER_CLOSES,
	MANNER_NO_TCP,
	/* Octets that are not the answer. */
	MANNER_WRONG_ID,
	MANNER_WRONG_NAME,
	MANNER_WRONG_TYPE,
	MANNER_WRONG_CLASS,
	MANNER_WRONG_CASE,
	MANNER_LOWER_CASE,
	MANNER_WRONG_OPCODE,
	MANNER_NOT_REPLY,
	MANNER_NO_QUESTION,
	MANNER_TWO_QUESTIONS,
	MANNER_GARBAGE,
	MANNER_GARBLED,
	MANNER_TRAILING,
	MANNER_SHORT,
	MANNER_HEADER_ONLY,
	MANNER_MIXED,
	MANNER_RIGHT,
	MANNERS,
};

struct manner {
	struct manner *next;
	enum manner_kind kind;
	bool udp, tcp;  /* where it applies */
	unsigned first; /* only to so many packets, 0: all */
	unsigned used;
	uint16_t type; /* only questions for it, 0: all */
	bool capitals; /* only questions with a capital letter in the name */
};

/* Of everything a host says, this is. */
enum fate {
	FATE_REPLY,  /* the response */
	FATE_OCTETS, /* the response as octets, bent by manner_bend */
	FATE_SILENCE,
	FATE_RESET, /* the connection closes */
};

const char *manner_text(enum manner_kind k);
/* False: there is none of this name. */
bool manner_parse(const char *word, enum manner_kind *out);

/* It is meant for this packet; counts. */
bool manner_applies(struct manner *m, bool stream, const struct question *q);

/* before: what can be said without looking at the zone.  number: of the packet, for those that
 * vary. */
enum fate manner_apply(enum manner_kind k, struct world *w, struct host *h, const struct query *q,
		       bool stream, unsigned number, struct response *r);

/* For FATE_OCTETS: spoils what was written; returns the new length. */
size_t manner_bend(enum manner_kind k, unsigned number, uint8_t *octets, size_t len, size_t size);

#endif
