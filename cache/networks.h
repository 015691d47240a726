/*
 * networks.h - which client networks asked for an entry, for strict snoop resistance.
 *
 * An entry that fewer than k different networks have asked for is answered to a network that has not
 * asked for it only after as long as resolving it took, so that a hit by somebody else looks
 * like a miss.  What k networks asked for is no secret any more, and stays none for its next version.
 *
 * Fixed memory; per entry some 16-bit keyed hashes, no addresses.  What is forgotten for want of room
 * counts as never asked: that costs time and never tells anything.
 */
#ifndef CACHE_NETWORKS_H
#define CACHE_NETWORKS_H

#include "resolver/base/address.h"
#include "resolver/base/siphash.h"

enum { NETWORKS_MAX = 8, NETWORKS_BITS_IPV4 = 24, NETWORKS_BITS_IPV6 = 56 };

struct networks;

/* Which entry was found, for whoever notes something about it elsewhere. */
struct networks_entry {
	uint64_t id;         /* of this version of the entry */
	uint32_t use;        /* of the entry in all its versions: also for cache_note_use */
	uint32_t resolve_ms; /* how long resolving it took */
};

/* Owned.  entries: how many are remembered; k: 1..NETWORKS_MAX. */
struct networks *networks_new(size_t entries, unsigned k, const struct siphash_key *key);
void networks_free(struct networks *n); /* takes NULL */

/*
 * client asks for the entry.  True: answer at once; its network is noted.  False: wait until resolve_ms have
 * passed since it asked, and then networks_told(): until then it knows nothing, so a second question, asked
 * meanwhile, waits as it would for one that is being resolved.
 */
bool networks_ask(struct networks *n, const struct networks_entry *entry, const struct address *client);
/* Its network has waited for it: it may know now. */
void networks_told(struct networks *n, const struct networks_entry *entry, const struct address *client);

#endif
