/*
 * waiting.h - clients whose replies are not ready yet, by number.
 *
 * A number holds a place and how often that place was used, so that a late one finds nothing.  Counts
 * what each client host waits for (its /56 for IPv6) by a keyed hash in fixed memory: two hosts that share
 * a counter share a limit.  Sends nothing.
 */
#ifndef SERVER_WAITING_H
#define SERVER_WAITING_H

#include "resolver/base/list.h"
#include "resolver/net/udp.h"
#include "resolver/wire/query.h"

struct waiting_client {
	uint64_t number;
	struct list same_connection; /* stream clients of one connection */
	struct query query;          /* its borrowed parts are gone */
	struct udp *udp;             /* NULL: a stream */
	struct udp_peer peer;
	uint64_t connection;
	int64_t since_ms;
	uint32_t host;               /* its counter */
	bool cookie_ok;
};

struct waiting;

/* Owned.  most: clients that wait at a time.  NULL: no memory. */
struct waiting *waiting_new(unsigned most, const struct siphash_key *key);
void waiting_free(struct waiting *w); /* takes NULL */

/* How many replies the client's host waits for now. */
unsigned waiting_of_host(const struct waiting *w, const struct address *client);

/* The number the next waiting_add() will give; 0: no place. */
uint64_t waiting_next_number(const struct waiting *w);
/* NULL: no place or no memory.  The caller fills what is not number, host and since. */
struct waiting_client *waiting_add(struct waiting *w, const struct address *client, int64_t now_ms);
struct waiting_client *waiting_find(struct waiting *w, uint64_t number);
void waiting_remove(struct waiting *w, struct waiting_client *c);

/* c->connection is filled in: it can be found by it from now on. */
void waiting_join_connection(struct waiting *w, struct waiting_client *c);
/* Any one client of a stream connection, NULL when there is none (any more). */
struct waiting_client *waiting_of_connection(struct waiting *w, uint64_t connection);
unsigned waiting_count(const struct waiting *w);
/* The counter of a waiting client's host. */
unsigned waiting_share(const struct waiting *w, const struct waiting_client *c);

#endif
