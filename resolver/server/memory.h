/*
 * memory.h - how much memory there is for us, and caches that fit in it (threats D11, I12).
 *
 * What lies on tmpfs is memory that nobody can take back: a store there counts as a cache in RAM does, and a
 * control group that is full ends one of its processes.  Knows no clock and writes nothing but oom_score_adj.
 */
#ifndef SERVER_MEMORY_H
#define SERVER_MEMORY_H

#include "resolver/server/config.h"
#include "resolver/server/log.h"
#include <stdbool.h>
#include <stdint.h>

/* The least of what the machine has and what the control groups allow that we are in, in octets. */
uint64_t memory_octets(void);
/* The same, with the files below that directory instead of / (for tests); machine: what it has. */
uint64_t memory_least(const char *root, uint64_t machine);

/* What caches may take of so much. */
uint64_t memory_share(uint64_t octets);

/* Does that directory take memory? */
bool memory_holds(const char *directory);

/*
 * All caches together - the store if it counts, and those of each worker - take at most their share of so
 * much memory: else each of them becomes smaller by the same part, and the log says so.  Likewise the
 * questions that workers resolve at a time.
 */
void memory_fit(struct config *config, unsigned workers, bool store_counts, uint64_t octets,
                struct log *log);

/* In a child: when memory is short it goes before the supervisor, who starts another. */
void memory_offer(void);

/* In a child: what a question gave back to the heap stays there for the next, up to some megabytes. */
void memory_hold(void);

#endif
