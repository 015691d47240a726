/*
 * random_long.h - an honest world that is asked for a long time in any order, from a number, as text (FORMAT).
 *
 * Zones signed and not, with everything a name can be: records of some types, aliases, wildcards, DNAMEs, empty
 * non-terminals, cuts.  So that what one answer leaves in the cache (denials, aliases made by wildcards, names found
 * on the way by a shortened question) meets every other question.  What must hold is in the text: the truth.
 */
#ifndef SIM_RANDOM_LONG_H
#define SIM_RANDOM_LONG_H

#include <stdint.h>

/* Owned: free(). */
char *random_long(uint64_t seed);

#endif
