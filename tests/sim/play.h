/*
 * play.h - a world file from beginning to end.
 */
#ifndef SIM_PLAY_H
#define SIM_PLAY_H

#include "tests/sim/script.h"
#include "tests/sim/sim.h"

enum play_result { PLAY_PASSED, PLAY_FAILED };

/* name: for messages.  why: set for FAILED, "file:line: reason". */
enum play_result play_text(const char *name, const char *text, uint64_t seed, FILE *trace,
			   char *why, size_t size);

/*
 * The same, not judged by what the world expects but by what holds for every world.  look is called when it
 * is over, before everything is cleared; not for a world that could not begin.
 */
enum play_result play_unjudged(const char *name, const char *text, uint64_t seed,
			       void (*look)(void *owner, const struct sim *s), void *owner,
			       char *why, size_t size);

/* expect.c: what follows "expect"; failures go to sim_wrong with file and line. */
void expect_read(struct sim *s, struct script *script);

#endif
