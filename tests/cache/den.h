/*
 * den.h - a keeper, and a worker over its store, in a directory of their own.
 */
#ifndef TESTS_CACHE_DEN_H
#define TESTS_CACHE_DEN_H

#include "cache/keep.h"
#include "tests/cache/sample.h"

struct den {
	char top[64], live[80], snapshots[80];
	struct keep_setup setup;
	struct keep *keep;
	struct keep_report report;
	struct rng rng;
	struct store *store; /* the worker's */
	struct sample worker;
};

void den_open(struct den *d, size_t map);
/* With that one address in the store. */
void den_open_knowing(struct den *d, const char *name, uint32_t ttl);
void den_close(struct den *d);
void den_path(char *out, size_t size, const char *dir, const char *name);
void den_start_worker(struct den *d);
void den_stop_worker(struct den *d);
void den_start_keeper(struct den *d);
void den_stop_keeper(struct den *d);
/* Both, in the order in which it can be done. */
void den_start(struct den *d);
void den_stop(struct den *d);

/* The worker's turn ends: its message goes to the keeper. */
enum err den_turn(struct den *d);
/* As if the worker had died: only the store remembers. */
void den_forget_hot(struct den *d);
void den_put_address(struct den *d, const char *name, uint32_t ttl);
/* n0.example. to so many in the store, with a turn after each so many. */
void den_fill(struct den *d, unsigned count, unsigned each);

#endif
