#include "resolver/wire/name.h"

#include "resolver/wire/lower.h"

#include <assert.h>
#include <string.h>

struct name name_root(void)
{
	struct name n;
	n.len = 1;
	n.wire[0] = 0;
	return n;
}

bool name_is_root(const struct name *n)
{
	return n->len == 1;
}

void name_copy(struct name *to, const struct name *from)
{
	to->len = from->len;
	memmove(to->wire, from->wire, from->len);
}

enum err name_from_wire(const uint8_t *octets, size_t len, struct name *out)
{
	size_t at = 0;
	if (len == 0 || len > NAME_OCTETS)
		return ERR_FORMAT;
	while (octets[at] != 0) {
		if (octets[at] > LABEL_OCTETS || at + 1 + octets[at] >= len)
			return ERR_FORMAT;
		at += 1 + (size_t)octets[at];
	}
	if (at + 1 != len)
		return ERR_FORMAT;
	out->len = (uint8_t)len;
	memcpy(out->wire, octets, len);
	return ERR_OK;
}

bool name_equal(const struct name *a, const struct name *b)
{
	return a->len == b->len && lower_equal(a->wire, b->wire, a->len);
}

bool name_equal_exact(const struct name *a, const struct name *b)
{
	return a->len == b->len && memcmp(a->wire, b->wire, a->len) == 0;
}

/* Where each label begins, from the left; the root label is not one of them. */
static unsigned label_starts(const struct name *n, uint8_t starts[NAME_LABELS])
{
	unsigned count = 0;
	for (size_t at = 0; n->wire[at] != 0; at += 1 + (size_t)n->wire[at])
		starts[count++] = (uint8_t)at;
	return count;
}

static int compare_labels(const uint8_t *a, const uint8_t *b)
{
	size_t shorter = a[0] < b[0] ? a[0] : b[0];
	for (size_t i = 1; i <= shorter; i++) {
		int diff = lower_octet(a[i]) - lower_octet(b[i]);
		if (diff != 0)
			return diff;
	}
	return a[0] - b[0];
}

int name_compare(const struct name *a, const struct name *b)
{
	uint8_t in_a[NAME_LABELS], in_b[NAME_LABELS];
	unsigned i = label_starts(a, in_a), j = label_starts(b, in_b);
	while (i > 0 && j > 0) {
		int diff = compare_labels(a->wire + in_a[--i], b->wire + in_b[--j]);
		if (diff != 0)
			return diff;
	}
	return (int)i - (int)j;
}

/* Where the suffix of len octets begins, or false when no label begins there. */
static bool suffix_start(const struct name *n, size_t len, size_t *start)
{
	size_t at = 0;
	if (len > n->len)
		return false;
	while (n->len - at > len)
		at += 1 + (size_t)n->wire[at];
	*start = at;
	return n->len - at == len;
}

bool name_is_within(const struct name *n, const struct name *top)
{
	size_t start;
	return suffix_start(n, top->len, &start) &&
	       lower_equal(n->wire + start, top->wire, top->len);
}

bool name_is_below(const struct name *n, const struct name *top)
{
	return n->len > top->len && name_is_within(n, top);
}

unsigned name_labels(const struct name *n)
{
	unsigned count = 0;
	for (size_t at = 0; n->wire[at] != 0; at += 1 + (size_t)n->wire[at])
		count++;
	return count;
}

static struct name tail_from(const struct name *n, size_t start)
{
	struct name tail;
	tail.len = (uint8_t)(n->len - start);
	memcpy(tail.wire, n->wire + start, tail.len);
	return tail;
}

struct name name_suffix(const struct name *n, unsigned count)
{
	size_t at = 0;
	for (unsigned have = name_labels(n); have > count; have--)
		at += 1 + (size_t)n->wire[at];
	return tail_from(n, at);
}

struct name name_parent(const struct name *n)
{
	assert(n->len > 1); /* callers stop at the root */
	return tail_from(n, 1 + (size_t)n->wire[0]);
}

unsigned name_common_labels(const struct name *a, const struct name *b)
{
	uint8_t in_a[NAME_LABELS], in_b[NAME_LABELS];
	unsigned i = label_starts(a, in_a), j = label_starts(b, in_b), common = 0;
	while (i > 0 && j > 0) {
		if (compare_labels(a->wire + in_a[--i], b->wire + in_b[--j]) != 0)
			break;
		common++;
	}
	return common;
}

const uint8_t *name_label(const struct name *n, unsigned i)
{
	size_t at = 0;
	for (; n->wire[at] != 0; at += 1 + (size_t)n->wire[at]) {
		if (i-- == 0)
			return n->wire + at;
	}
	return NULL;
}

bool name_is_wildcard(const struct name *n)
{
	return n->wire[0] == 1 && n->wire[1] == '*';
}

enum err name_prepend(const uint8_t *label, size_t len, const struct name *parent, struct name *out)
{
	if (len == 0 || len > LABEL_OCTETS || 1 + len + parent->len > NAME_OCTETS)
		return ERR_FORMAT;
	struct name n; /* label or parent may lie in out */
	n.len = (uint8_t)(1 + len + parent->len);
	n.wire[0] = (uint8_t)len;
	memcpy(n.wire + 1, label, len);
	memcpy(n.wire + 1 + len, parent->wire, parent->len);
	name_copy(out, &n);
	return ERR_OK;
}

enum err name_wildcard(const struct name *parent, struct name *out)
{
	return name_prepend((const uint8_t *)"*", 1, parent, out);
}

enum err name_replace_suffix(const struct name *n, const struct name *from, const struct name *to,
			     struct name *out)
{
	size_t kept;
	if (!suffix_start(n, from->len, &kept) || kept + to->len > NAME_OCTETS)
		return ERR_FORMAT;
	struct name made;
	made.len = (uint8_t)(kept + to->len);
	memcpy(made.wire, n->wire, kept);
	memcpy(made.wire + kept, to->wire, to->len);
	name_copy(out, &made);
	return ERR_OK;
}

void name_lower(struct name *n)
{
	lower_copy(n->wire, n->wire, n->len);
}

uint64_t name_hash(const struct siphash_key *key, const struct name *n)
{
	uint8_t lowered[NAME_OCTETS];
	lower_copy(lowered, n->wire, n->len);
	return siphash(key, lowered, n->len);
}

static bool has_octet_below_two(const uint8_t *octets, size_t count)
{
	const uint64_t ones = UINT64_MAX / 255;
	uint64_t all_above = 0x80 * ones; /* high bits stay where it was set, or the sum with 0x7e carries into it */
	size_t i = 0;
	for (; i + 8 <= count; i += 8) {
		uint64_t w = lower_load(octets + i);
		all_above &= ((w & 0x7f * ones) + 0x7e * ones) | w;
	}
	for (; i < count; i++) {
		if (octets[i] < 2)
			return true;
	}
	return all_above != 0x80 * ones;
}

static size_t escape(const uint8_t *label, size_t count, uint8_t *out)
{
	size_t len = 0;
	for (size_t i = 0; i < count; i++) {
		uint8_t c = lower_octet(label[i]);
		if (c <= 1)
			out[len++] = 1;
		out[len++] = c <= 1 ? (uint8_t)(c + 1) : c;
	}
	return len;
}

size_t name_key(const struct name *n, uint8_t out[NAME_KEY_MAX])
{
	uint8_t starts[NAME_LABELS];
	size_t len = 0;
	for (unsigned i = label_starts(n, starts); i > 0; i--) {
		const uint8_t *label = n->wire + starts[i - 1] + 1;
		size_t count = label[-1];
		if (has_octet_below_two(label, count)) {
			len += escape(label, count, out + len);
		} else {
			lower_copy(out + len, label, count);
			len += count;
		}
		out[len++] = 0;
	}
	return len;
}

/* One label of a key, unescaped; *at moves behind its end mark. */
static enum err label_from_key(const uint8_t *key, size_t len, size_t *at,
			       uint8_t label[LABEL_OCTETS], size_t *label_len)
{
	size_t n = 0;
	for (; *at < len && key[*at] != 0; (*at)++) {
		uint8_t c = key[*at];
		if (c == 1) {
			if (++*at == len || key[*at] < 1 || key[*at] > 2)
				return ERR_FORMAT;
			c = (uint8_t)(key[*at] - 1);
		}
		if (n == LABEL_OCTETS)
			return ERR_FORMAT;
		label[n++] = c;
	}
	if (*at == len)
		return ERR_SHORT; /* no end mark */
	++*at;
	*label_len = n;
	return ERR_OK;
}

enum err name_from_key(const uint8_t *key, size_t len, struct name *out)
{
	struct name n = name_root();
	for (size_t at = 0; at < len;) {
		uint8_t label[LABEL_OCTETS];
		size_t label_len;
		enum err e = label_from_key(key, len, &at, label, &label_len);
		if (e == ERR_OK)
			e = name_prepend(label, label_len, &n, &n);
		if (e != ERR_OK)
			return e;
	}
	name_copy(out, &n);
	return ERR_OK;
}
