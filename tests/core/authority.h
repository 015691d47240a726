/*
 * authority.h - what a well-behaved authoritative server of one zone says.
 */
#ifndef TESTS_CORE_AUTHORITY_H
#define TESTS_CORE_AUTHORITY_H

#include "tests/core/world.h"

/* Length of the reply in out; 0: it says nothing. */
size_t authority_answer(struct world *w, const struct site *site, const struct deed *d,
                        uint8_t *out, size_t size);

#endif
