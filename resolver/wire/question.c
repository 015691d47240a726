#include "resolver/wire/question.h"

#include "resolver/base/octets.h"
#include "resolver/wire/lower.h"

bool question_equal(const struct question *a, const struct question *b)
{
	return a->type == b->type && a->class == b->class && name_equal(&a->name, &b->name);
}

uint64_t question_hash(const struct siphash_key *key, const struct question *q)
{
	uint8_t bytes[NAME_OCTETS + 4];
	lower_copy(bytes, q->name.wire, q->name.len);
	octets_put_be16(bytes + q->name.len, q->type);
	octets_put_be16(bytes + q->name.len + 2, q->class);
	return siphash(key, bytes, (size_t)q->name.len + 4);
}
