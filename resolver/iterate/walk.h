/*
 * walk.h - the inside of a struct iterate, for the files of this room only.
 *
 * Between calls:
 *   cut is where we are, asked is what its servers are asked: the question or a shortened one;
 *   targets are the addresses of the cut's servers that may be asked, each once;
 *   an exchange that is OUT or LATE is counted in servers, and no other;
 *   state is LISTENING only while an exchange is OUT;
 *   state is ENDED once the outcome is set, until that is rejected.
 */
#ifndef ITERATE_WALK_H
#define ITERATE_WALK_H

#include "resolver/base/limits.h"
#include "resolver/iterate/exchange.h"
#include "resolver/iterate/iterate.h"

enum walk_state {
	AT_CUT,        /* may ask somebody */
	LISTENING,     /* somebody was asked and has time left to answer */
	NEEDS_ADDRESS, /* nobody whose address is known is left: names of servers are looked up */
	STUCK,         /* nobody is left at all */
	ENDED,         /* the outcome is there */
};

enum again { AGAIN_NO, AGAIN_UDP, AGAIN_TCP };

struct target {
	struct address address;
	enum edns_level edns;
	enum again again; /* ask this one once more, now */
	uint8_t sent[2];  /* by enum transport, for the question asked now */
	uint8_t bad_cookies;
	bool spent;      /* not to be asked this question again */
	bool lame;       /* does not serve this zone */
	bool cache;      /* lame, but it knew something */
	bool no_case;    /* did not keep the case of a name */
	bool lower;      /* asked in lower case: it failed with 0x20 */
	bool no_tcp;     /* TCP failed */
	bool odd;        /* a reply came that answers something else or cannot be read */
	bool suspicious; /* TCP is tried because of an odd reply, not because of TC */
};

enum ns_state {
	NS_USED,    /* its addresses are targets */
	NS_UNASKED, /* glueless */
	NS_ASKED,   /* its addresses are being looked up */
	NS_USELESS, /* no address, or it could only be found through itself */
};

struct ns {
	enum ns_state state;
	bool wants_a, wants_aaaa; /* FETCH is due */
	uint8_t waiting;          /* FETCHes under way */
	uint8_t found;            /* addresses */
};

enum { TARGETS_MAX = LIMIT_NS_USED * LIMIT_NS_ADDRESSES };

/* What went wrong at this cut, as bits: the reason of a failure is chosen from them. */
enum blame {
	BLAME_SILENCE = 1,
	BLAME_NETWORK = 2,
	BLAME_GARBLED = 4,
	BLAME_LAME = 8,
	BLAME_ERROR = 16,
	BLAME_SERVER_FULL = 32,
	BLAME_FETCHES = 64,
	BLAME_CUT = 128,
	BLAME_LARGE = 256,
};

struct lesson_node {
	struct lesson lesson;
	struct lesson_node *next;
};

struct iterate {
	struct arena *arena;
	const struct iterate_env *env;
	struct budget *budget;
	struct question question;
	enum walk_state state;

	const struct cut *cut;
	const struct cut *failed; /* asked already, in vain; NULL: none */
	uint64_t zone; /* as servers counts it */
	enum zone_scope zone_scope;
	struct question asked;
	enum minimise minimise;
	unsigned minimised;    /* shortened questions so far */
	unsigned known_labels; /* this many rightmost labels exist */

	struct ns ns[LIMIT_NS_KEPT]; /* by index in cut->servers */
	unsigned ns_count, ns_used, ns_asked;
	struct target targets[TARGETS_MAX];
	unsigned target_count;

	unsigned step_sends;    /* packets for the question asked now */
	unsigned step_silences; /* of them not answered in time */
	unsigned blame;
	uint8_t slow_family; /* left us waiting in this walk; FAMILY_NONE: none did */
	bool dname_checked;
	bool caches_count; /* nobody else is left */

	struct exchange exchanges[LIMIT_EXCHANGES_OUT];
	uint8_t packet[EXCHANGE_OCTETS_MAX];

	struct trace *trace; /* NULL: nobody wants to know */
	struct outcome outcome;
	unsigned source; /* the target that said it */
	struct lesson_node *lessons, *last_lesson;
};

/* walk.c: from cut to cut, from name to name, to the end. */
void walk_enter(struct iterate *it, const struct cut *cut);
void walk_longer_name(struct iterate *it); /* the labels asked exist */
/* No shortened questions any more.  afresh: those who failed on one may be asked again. */
void walk_full_name(struct iterate *it, bool afresh);
bool walk_is_shortened(const struct iterate *it);
void walk_close_exchange(struct iterate *it, struct exchange *x); /* the driver will be told */
void walk_end_exchange(struct iterate *it, struct exchange *x);   /* the driver knows */
void walk_fail(struct iterate *it, uint16_t ede, const char *text);
void walk_fail_memory(struct iterate *it);
void walk_finish(struct iterate *it, const struct outcome *o);
/* Whoever comes next does not begin at that cut any more. */
void walk_let_go(struct iterate *it, const struct cut *cut);
/* For the trace, if there is one. */
void walk_tell(const struct iterate *it, enum trace_kind kind, const struct exchange *x,
               struct now now, const char *what);
bool walk_learn(struct iterate *it, const struct lesson *l); /* false: no memory, and failed */

#endif
