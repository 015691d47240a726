/*
 * random.h - a world and its play from a number, as text (FORMAT).
 *
 * Delegation trees of depth 2 to 5, several servers a zone, honest ones among dead, lying and lossy
 * ones, glueless chains, alias webs across zones, both families.  Each zone has at least one usable
 * server.  What must hold is in the text: the truth, or SERVFAIL where luck decides; nothing forged
 * kept.
 */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdint.h>

/* Owned: free(). */
char *random_world(uint64_t seed);

#endif
