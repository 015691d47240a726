/*
 * random_signed.h - a signed world with one thing wrong in it, and what must come of it, from a number.
 *
 * A line of zones below the root, each with its denial and algorithms, one mutation in one of them (threats E1 to
 * E18), one question about the lowest.  What is expected (rcode, AD, EDE, packets) follows from that description
 * by the RFCs' rules alone: no code of the validator takes part.
 */
#ifndef SIM_RANDOM_SIGNED_H
#define SIM_RANDOM_SIGNED_H

#include <stdint.h>

/* Owned: free().  Text as in FORMAT. */
char *random_signed(uint64_t seed);

#endif
