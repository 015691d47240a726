/*
 * exchange.h - one packet out and how its answer is told from everything else.
 *
 * Builds the question (id, 0x20, cookie) and compares what comes back with it, on the raw octets,
 * before anything is parsed or allocated (threats A1, A4, A9, A10, A12).  Knows no zones.
 */
#ifndef ITERATE_EXCHANGE_H
#define ITERATE_EXCHANGE_H

#include "resolver/iterate/iterate.h"

enum { EXCHANGE_OCTETS_MAX = 384 }; /* header, question, OPT with the longest cookie */

/* What is tried with a server that stumbles over EDNS, in this order. */
enum edns_level {
	EDNS_FULL, /* OPT with a cookie */
	EDNS_BARE, /* OPT without options */
	EDNS_OFF,
};

enum exchange_state {
	EXCHANGE_FREE,
	EXCHANGE_OUT,     /* may be answered in time */
	EXCHANGE_LATE,    /* another server was asked meanwhile; its answer is still good */
	EXCHANGE_CLOSING, /* of no use any more; the driver does not know yet */
};

struct exchange {
	enum exchange_state state;
	struct address to;
	enum transport transport;
	enum edns_level edns;
	unsigned target;    /* which of the walk's targets */
	uint16_t id, flags; /* flags: RD and CD as sent */
	uint16_t udp_size;  /* the largest answer we asked for */
	bool any_rd;        /* RD may come back as it likes */
	bool cased;         /* the case of the name is random and must come back */
	bool has_cookie;    /* the client part was sent */
	bool wants_cookie;  /* the server is known to send cookies: it must come back */
	bool patient;       /* timeout_ms is all the time the server usually needs */
	uint8_t cookie[COOKIE_CLIENT];
	struct question asked;     /* as sent, case included */
	int64_t sent_ms;
	uint32_t timeout_ms;
};

/*
 * Writes the packet for x, whose fields say what to send, to out; sets id, cookie and udp_size.
 * Returns the length; 0 cannot happen with EXCHANGE_OCTETS_MAX octets.
 */
size_t exchange_write(struct exchange *x, const struct iterate_env *env, const struct server *known,
                      uint8_t out[EXCHANGE_OCTETS_MAX]);

enum match {
	MATCH_YES,
	MATCH_CASE, /* all but the case of the name */
	MATCH_NEAR, /* something from the right place that is not the answer to this */
};

/* The server's part, borrowed from the reply; len 0: none that fits came along. */
struct match_cookie {
	const uint8_t *server;
	size_t len;
};

enum match exchange_match(const struct exchange *x, const uint8_t *octets, size_t len,
                          struct match_cookie *cookie);

#endif
