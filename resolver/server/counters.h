/*
 * counters.h - what happened, counted.
 *
 * Shared memory: one slot a worker's place, made by the supervisor before it forks; the owning worker
 * writes, the supervisor reads and sums.  No locks: each counter is one atomic word with one writer.
 */
#ifndef SERVER_COUNTERS_H
#define SERVER_COUNTERS_H

#include "resolver/base/err.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Every question that comes in goes one way out:
 *   queries_udp + queries_tcp == replies + dropped_* + waiting
 *   replies == cache_hit + recursed + refused_acl + malformed + identity
 */
/* X(name, words): what only grows. */
#define COUNTER_EVENTS(X)                                                                         \
	X(queries_udp, "questions received over UDP")                                             \
	X(queries_tcp, "questions received over TCP")                                             \
	X(replies, "replies given, whatever they say")                                            \
	X(answers_hit, "answered from finished answers")                                          \
	X(cache_hit, "answered at once, from the cache or local data")                            \
	X(recursed, "answered after asking others")                                               \
	X(refused_acl, "refused: not an allowed client")                                          \
	X(malformed, "answered FORMERR, NOTIMP, BADVERS")                                         \
	X(identity, "answered who we are")                                                        \
	X(dropped_short, "dropped: too short or a response")                                      \
	X(dropped_waiting, "dropped: client waits for too many replies")                          \
	X(dropped_full, "dropped: too many questions in flight")                                  \
	X(dropped_late, "dropped: reply came too late for a busy client")                         \
	X(dropped_gone, "dropped: client closed its connection")                                  \
	X(dropped_memory, "dropped: no memory for the client or its reply")                       \
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
	X(udp_cut_short, "datagrams longer than our buffer, dropped")                             \
	X(udp_unsent, "datagrams the system did not send")                                        \
	X(tcp_refused, "TCP connections refused: not an allowed client, or one too many")         \
	X(tcp_closed, "TCP connections closed by us: idle, slow, or no DNS")

/* X(name, words): what is so now. */
#define COUNTER_GAUGES(X)                                                                         \
	X(waiting, "clients that wait for a reply now")                                           \
	X(in_flight, "questions in flight now")                                                   \
	X(tcp_clients, "TCP connections now")                                                     \
	X(hot_octets, "octets of the hot cache")                                                  \
	X(hot_entries, "entries of the hot cache")

#define COUNTERS(X) COUNTER_EVENTS(X) COUNTER_GAUGES(X)

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

static inline void count_add(_Atomic uint64_t *c, uint64_t n)
{
	count_set(c, atomic_load_explicit(c, memory_order_relaxed) + n);
}

static inline void count(_Atomic uint64_t *c)
{
	count_add(c, 1);
}

/* The process that wrote them is gone. */
void counters_forget_gauges(struct counters *c);

enum { COUNTERS_TEXT_MAX = 8192 };

/* "name value\n" summed over the slots; with json an object. */
void counters_text(const struct counters *c, unsigned slots, bool json, char *out, size_t size);

#endif
