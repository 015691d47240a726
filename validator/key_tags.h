/*
 * key_tags.h - the tags of a zone's trust anchors, and how they are told: RFC 8145 section 5, as a
 * question; the EDNS option of section 4 says the same.
 *
 * Sorted, each once.  Built from the anchors in force.  Sends nothing.
 */
#ifndef VALIDATOR_KEY_TAGS_H
#define VALIDATOR_KEY_TAGS_H

#include "resolver/wire/question.h"
#include "validator/anchors.h"

enum { KEY_TAGS_MAX = 64 };

struct key_tags {
	unsigned count;
	uint16_t tags[KEY_TAGS_MAX];
};

void key_tags_add(struct key_tags *t, uint16_t tag); /* beyond KEY_TAGS_MAX: left out */
bool key_tags_has(const struct key_tags *t, uint16_t tag);
/* The anchors of exactly that zone. */
struct key_tags key_tags_of(const struct anchors *a, const struct name *zone);

/*
 * RFC 8145 section 5.1: NULL for "_ta-4f66-9728." below zone; more labels when one is full.
 * ERR_NOTFOUND: no tags; ERR_SPACE: no room for all of them in a name.
 */
MUST_CHECK enum err key_tags_question(const struct key_tags *t, const struct name *zone,
                                      struct question *out);

#endif
