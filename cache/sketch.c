#include "cache/sketch.h"

enum { ADDED_MAX = 8 * SKETCH_COLUMNS }; /* then all counts are halved */

static uint32_t column(uint32_t hash, unsigned row)
{
	static const uint32_t odd[SKETCH_ROWS] = { 0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f };
	uint32_t x = hash * odd[row];
	return (x ^ x >> 15) & (SKETCH_COLUMNS - 1);
}

void sketch_add(struct sketch *s, uint32_t hash)
{
	unsigned least = sketch_count(s, hash);
	for (unsigned row = 0; row < SKETCH_ROWS; row++) {
		uint8_t *c = &s->counts[row][column(hash, row)];
		if (*c == least && *c < UINT8_MAX)
			++*c;
	}
	if (++s->added >= ADDED_MAX)
		sketch_halve(s);
}

unsigned sketch_count(const struct sketch *s, uint32_t hash)
{
	unsigned least = UINT8_MAX;
	for (unsigned row = 0; row < SKETCH_ROWS; row++) {
		unsigned c = s->counts[row][column(hash, row)];
		least = c < least ? c : least;
	}
	return least;
}

void sketch_halve(struct sketch *s)
{
	for (unsigned row = 0; row < SKETCH_ROWS; row++) {
		for (unsigned i = 0; i < SKETCH_COLUMNS; i++)
			s->counts[row][i] >>= 1;
	}
	s->added = 0;
}
