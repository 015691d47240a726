/*
 * sketch.h - how often each entry was of use lately, about, in fixed memory.
 *
 * Count-min with four rows of small counters: never less than the truth, seldom more.  Halved from time
 * to time, so that what was popular yesterday makes way.
 */
#ifndef CACHE_SKETCH_H
#define CACHE_SKETCH_H

#include <stdint.h>

enum { SKETCH_ROWS = 4, SKETCH_COLUMNS = 1 << 18 }; /* 1 MiB: 5 % errors at half a million entries */

struct sketch {
	uint8_t counts[SKETCH_ROWS][SKETCH_COLUMNS];
	uint32_t added;
};

/* hash: networks_entry.use, keyed, so nobody outside aims at a counter. */
void sketch_add(struct sketch *s, uint32_t hash);
unsigned sketch_count(const struct sketch *s, uint32_t hash); /* at most 255 */
void sketch_halve(struct sketch *s);

#endif
