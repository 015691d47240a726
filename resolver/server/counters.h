/*
 * counters.h - what happened, counted.
 *
 * Shared memory: one slot a worker, made by the supervisor before it forks; the owning worker
 * writes, the supervisor reads and sums.  No locks: each counter is one atomic word with one writer.
 */
#ifndef SERVER_COUNTERS_H
#define SERVER_COUNTERS_H

#include "resolver/base/err.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(name, words) */
#define COUNTERS(X)                                                                               \
	X(queries_udp, "questions received over UDP")                                             \
	X(queries_tcp, "questions received over TCP")                                             \
	X(answers_hit, "answered from finished answers")                                          \
	X(cache_hit, "answered at once, from the cache or local data")                            \
	X(recursed, "answered after asking others")                                               \
	X(refused_acl, "refused: not an allowed client")                                          \
	X(malformed, "answered FORMERR, NOTIMP, BADVERS")                                         \
	X(dropped_short, "dropped: too short or a response")                                      \
	X(dropped_waiting, "dropped: client waits for too many replies")                          \
	X(dropped_full, "dropped: too many questions in flight")                                  \
	X(dropped_late, "dropped: reply came too late for a busy client")                         \
	X(servfail, "answered SERVFAIL")                                                          \
	X(nxdomain, "answered NXDOMAIN")                                                          \
	X(truncated, "answered with TC")                                                          \
	X(bad_cookie, "questions with a wrong server cookie")                                     \
	X(stale, "answered with stale data")                                                      \
	X(secure, "outcomes validated as secure")                                                 \
	X(bogus, "outcomes found bogus")                                                          \
	X(synthesised, "denials synthesised from cached proofs")                                  \
	X(prefetched, "entries refreshed before they ran out")                                    \
	X(upstream_sent, "packets and connects upstream")                                         \
	X(upstream_timeout, "exchanges nobody answered in time")                                  \
	X(near_miss, "upstream replies that did not match")                                       \
	X(verifies, "signatures verified")                                                        \
	X(turns_dropped, "messages to the keeper dropped: queue full")                            \
	X(in_flight, "questions in flight now")                                                   \
	X(tcp_clients, "TCP connections now")                                                     \
	X(hot_octets, "octets of the hot cache")                                                  \
	X(hot_entries, "entries of the hot cache")

struct counters {
#define COUNTER_FIELD(name, words) _Atomic uint64_t name;
	COUNTERS(COUNTER_FIELD)
#undef COUNTER_FIELD
} __attribute__((aligned(64)));

/* Owned by the process that called it; shared with its children. NULL: no memory. */
struct counters *counters_new(unsigned slots);
void counters_free(struct counters *c, unsigned slots);

static inline void count_set(_Atomic uint64_t *c, uint64_t v)
{
	atomic_store_explicit(c, v, memory_order_relaxed);
}

static inline void count(_Atomic uint64_t *c)
{
	count_set(c, atomic_load_explicit(c, memory_order_relaxed) + 1);
}

enum { COUNTERS_TEXT_MAX = 8192 };

/* "name value\n" summed over the slots; with json an object. */
void counters_text(const struct counters *c, unsigned slots, bool json, char *out, size_t size);

#endif
