/*
 * servers.h - what we have learned about authorities, by address.
 *
 * Smoothed RTT, failures, EDNS and 0x20 behaviour, cookies, and how many exchanges are out to
 * a server and to a zone.  A server once down always gets another chance: its penalty fades and
 * it is probed (threats 1C, C15).  One per worker, bounded (LIMIT_SERVERS), never persistent by
 * itself; servers_save/_load exchange the RTTs with the store.
 */
#ifndef ITERATE_SERVERS_H
#define ITERATE_SERVERS_H

#include "resolver/base/address.h"
#include "resolver/base/now.h"
#include "resolver/base/rng.h"
#include "resolver/wire/edns.h"

struct servers;

/* Owned.  count: most addresses remembered. */
struct servers *servers_new(size_t count, const struct siphash_key *key);
void servers_free(struct servers *s);

#endif
