/*
 * rdata_samples.h - one well-formed RDATA of every type we know, in both forms.
 *
 * Where names lie inside, and from which length on a shorter RDATA is well-formed too, is
 * written down by hand here, so that the table of shape.c is not tested against itself.
 */
#ifndef TESTS_WIRE_RDATA_SAMPLES_H
#define TESTS_WIRE_RDATA_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

struct rdata_sample {
	uint16_t type;
	const char *text; /* as rdata_text prints it */
	const char *wire;
	size_t len;
	size_t open;      /* cut to this length or longer it may be well-formed; 0: never */
	struct {
		uint8_t at, len; /* of a name; len 0: there is none */
	} names[2];
};

extern const struct rdata_sample rdata_samples[];
extern const size_t rdata_sample_count;

#endif
