/*
 * client.h - the questions of clients, from the datagram to the reply.
 *
 * Who may ask (ACL), how many replies one client host may wait for, cookies, and the OPT of replies;
 * what the answer is, core/ knows.  A question that waits is kept here under a number that is never
 * reused; the one that asked may be gone when its answer comes.  Belongs to one worker.
 */
#ifndef SERVER_CLIENT_H
#define SERVER_CLIENT_H

#include "resolver/core/tasks.h"
#include "resolver/net/tcp.h"
#include "resolver/net/udp.h"
#include "resolver/server/config.h"
#include "resolver/server/counters.h"
#include "resolver/server/log.h"
#include "resolver/wire/cookie.h"

struct clients;

struct clients_setup {
	const struct config *config;      /* borrowed, as everything here */
	struct tasks *tasks;
	struct tcp *tcp;
	struct rng *rng;
	struct counters *counters;
	struct log *log;
	const struct now *now;            /* the time of this loop turn, kept by the worker */
};

/* Owned.  NULL: no memory. */
struct clients *clients_new(const struct clients_setup *setup);
void clients_free(struct clients *cs); /* takes NULL */
void clients_set_tcp(struct clients *cs, struct tcp *tcp);

/* One datagram; the reply that is ready at once is written to reply (UDP_REPLY_OCTETS), its length returned. */
size_t client_receive_udp(struct clients *cs, struct udp *udp, const struct udp_peer *peer,
                          const uint8_t *octets, size_t len, uint8_t *reply);
void client_receive_tcp(struct clients *cs, uint64_t connection, const struct address *client,
                        const uint8_t *octets, size_t len);
void client_gone(struct clients *cs, uint64_t connection);
bool client_is_allowed(const struct clients *cs, const struct address *client);

/* DEED_ANSWER: fetches the reply from tasks and sends it. */
void client_reply(struct clients *cs, uint64_t number);

/* How many wait for a reply. */
unsigned clients_waiting(const struct clients *cs);

#endif
