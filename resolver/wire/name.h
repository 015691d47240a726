/*
 * name.h - a domain name by value, uncompressed, in wire form, case preserved.
 *
 * Always valid: labels of 1..63 octets, at most 255 octets, ending in the root label.
 * Comparisons ignore ASCII case (RFC 4343).  Knows no compression (reader.h, writer.h).
 */
#ifndef WIRE_NAME_H
#define WIRE_NAME_H

#include "resolver/base/err.h"
#include "resolver/base/siphash.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NAME_OCTETS = 255, LABEL_OCTETS = 63, NAME_LABELS = 127, NAME_TEXT_MAX = 1025 };

struct name {
	uint8_t len; /* octets used, the root label included: 1 for the root */
	uint8_t wire[NAME_OCTETS];
};

struct name name_root(void);
bool name_is_root(const struct name *n);
/* Copies the octets used; assigning the struct copies all 256. */
void name_copy(struct name *to, const struct name *from);

/* Presentation format, RFC 1035 section 5.1 (\. and \DDD); a missing final dot is added. */
MUST_CHECK enum err name_from_text(const char *text, struct name *out);
/* Shorthand for names known at compile time; asserts that text is valid. */
struct name name_of(const char *text);
/* Always ends in a dot; NUL-terminated. */
void name_text(const struct name *n, char out[NAME_TEXT_MAX]);

/* Exactly one uncompressed name in octets[0..len); ERR_FORMAT for anything else. */
MUST_CHECK enum err name_from_wire(const uint8_t *octets, size_t len, struct name *out);

bool name_equal(const struct name *a, const struct name *b);
bool name_equal_exact(const struct name *a, const struct name *b); /* case too: 0x20 */
/* Canonical order of RFC 4034 section 6.1: <0, 0, >0. */
int name_compare(const struct name *a, const struct name *b);
/* n is at or below top. */
bool name_is_within(const struct name *n, const struct name *top);
/* n is strictly below top. */
bool name_is_below(const struct name *n, const struct name *top);

unsigned name_labels(const struct name *n); /* the root label not counted */
/* The rightmost count labels of n (all of them when it has fewer). */
struct name name_suffix(const struct name *n, unsigned count);
struct name name_parent(const struct name *n); /* n is not the root: asserted */
/* How many rightmost labels a and b share. */
unsigned name_common_labels(const struct name *a, const struct name *b);
/* First octet of label i, counted from the left from 0: its length octet. NULL: no such label. */
const uint8_t *name_label(const struct name *n, unsigned i);

bool name_is_wildcard(const struct name *n); /* leftmost label is "*" */
/* label.parent; ERR_FORMAT when it does not fit. */
MUST_CHECK enum err name_prepend(const uint8_t *label, size_t len, const struct name *parent,
                                 struct name *out);
/* "*.parent" */
MUST_CHECK enum err name_wildcard(const struct name *parent, struct name *out);
/* n with the suffix from (n is below it) replaced by to: RFC 6672 section 2.2.  ERR_FORMAT: too long. */
MUST_CHECK enum err name_replace_suffix(const struct name *n, const struct name *from,
                                        const struct name *to, struct name *out);

void name_lower(struct name *n);
uint64_t name_hash(const struct siphash_key *key, const struct name *n); /* case-insensitive */

/*
 * The sort key: labels from the right, lower case, each ended by an octet 0, octets 0 and 1
 * inside a label escaped (0 -> 1 1, 1 -> 1 2), so memcmp order is canonical order and a subtree
 * is one run of keys.  Returns the length, at most NAME_KEY_MAX; the root gives 0.
 */
enum { NAME_KEY_MAX = 2 * NAME_OCTETS };
size_t name_key(const struct name *n, uint8_t out[NAME_KEY_MAX]);
MUST_CHECK enum err name_from_key(const uint8_t *key, size_t len, struct name *out);

#endif
