/*
 * ttl.h - the TTL policy: what TTL a client sees, and how long an entry is used.
 *
 * The one place where age meets TTL.  Three modes (the attack: Trufflehunter, IMC 2020):
 *
 *   off      the shown TTL counts down; an entry is used for its whole lifetime T.
 *   private  every answer shows a TTL drawn fresh and evenly from the whole seconds of [lo, hi], where
 *            lo = max(1, ceil(a T)), hi = max(1, floor(b T)), lo <= hi; an entry is used while age + hi <= T.
 *   strict   private, and networks.h delays answers that would betray a hit; what came by a walk waits for
 *            the same tick of the same alarm (core/hold.h).  No denial is made of other names' spans (RFC
 *            8198), and no EDE says that a failure was remembered.
 *
 * Why private tells nothing.  The shown TTL is f(T, chance, wall clock): T is the authority's own
 * number (anybody may ask there), chance is fresh for every answer, and age does not occur.  So two
 * answers to the same question, one from a miss and one from an entry of any age, have the same
 * distribution, and the mutual information of shown TTLs and age is 0 for any number of samples.
 * No client keeps data longer than the authority allowed, because hi <= T - age whenever it is used.
 *
 * For the property to hold everywhere, T must never depend on when an entry was stored:
 *   small T      hi is at least 1, so T = 1 shows 1 and is used in its first second only; T = 0 is not kept.
 *   negative     T = min(SOA TTL, SOA minimum, cap): the authority's numbers.
 *   chains       each link shows a draw from its own T and is used under its own rule; what makes up one link
 *                (RRset and signatures, SOA and proofs, DNAME and its CNAME) shows one draw, in a finished
 *                reply, too: draws that differ would say that it was kept.
 *   RRSIG        a signature's end is a moment, not a lifetime: it does not shorten T (then T would say
 *                when it was stored) but cuts the draw: shown = min(draw, end - now), a function of now.
 *                So does what the SOA of a denial is kept with for synthesis: the TTL that was signed.
 *   synthesised  T = the least T of the records it is made of; each of them must be usable, so
 *                hi(T) <= hi(T of each) <= what is left of each.
 *   local        T as configured, age 0.
 *   stale        a constant, in all modes; EDE 3 says that it is stale, as RFC 8767 wants.
 * Behind a forwarder T is what the forwarder's cache had left: that tells about the forwarder, not about us.
 */
#ifndef CACHE_TTL_H
#define CACHE_TTL_H

#include "resolver/base/rng.h"
#include <stdbool.h>
#include <stdint.h>

enum ttl_mode { TTL_OFF, TTL_PRIVATE, TTL_STRICT };

/* a and b as thousandths; low <= high <= 1000. */
struct ttl_policy {
	enum ttl_mode mode;
	uint16_t low_permille, high_permille;
};

enum { TTL_LOW_PERMILLE = 125, TTL_HIGH_PERMILLE = 250 }; /* the defaults: [T/8, T/4] */

#define TTL_NO_BOUND UINT32_MAX

/* The least and the greatest TTL that may be shown for a lifetime; both 0 for lifetime 0. */
uint32_t ttl_low(const struct ttl_policy *p, uint32_t lifetime_s);
uint32_t ttl_high(const struct ttl_policy *p, uint32_t lifetime_s);

/* An entry is used while its age is below this. */
uint32_t ttl_usable_s(const struct ttl_policy *p, uint32_t lifetime_s);

/*
 * The TTL for one RRset of one answer.  bound_s: seconds until a signature ends, TTL_NO_BOUND for none.
 * All records of the RRset and its signatures show the same draw (RFC 2181 section 5.2).
 */
uint32_t ttl_shown(const struct ttl_policy *p, struct rng *rng, uint32_t lifetime_s,
                   uint32_t age_s, uint32_t bound_s);

#endif
