/*
 * question.h - what is asked: a name, a type, a class.
 */
#ifndef WIRE_QUESTION_H
#define WIRE_QUESTION_H

#include "resolver/wire/name.h"
#include "resolver/wire/type.h"

struct question {
	struct name name;
	uint16_t type, class;
};

bool question_equal(const struct question *a, const struct question *b);
uint64_t question_hash(const struct siphash_key *key, const struct question *q);

#endif
