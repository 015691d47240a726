#include "cache/key.h"

#include <string.h>

static bool append(struct key *k, const uint8_t *octets, size_t len)
{
	if (len > (size_t)KEY_OCTETS - 1 - k->len)
		return false; /* one octet stays free: for the least key behind this one */
	memcpy(k->octets + k->len, octets, len);
	k->len = (uint16_t)(k->len + len);
	return true;
}

bool key_named(struct key *k, enum key_kind kind, const struct name *name)
{
	uint8_t sort[NAME_KEY_MAX];
	size_t len = name_key(name, sort);
	k->octets[0] = (uint8_t)kind;
	k->len = 1;
	return append(k, sort, len);
}

bool key_run(struct key *k, enum key_kind kind, const struct name *name)
{
	static const uint8_t zero = 0;
	return key_named(k, kind, name) && append(k, &zero, 1);
}

bool key_typed(struct key *k, enum key_kind kind, const struct name *name, uint16_t type)
{
	uint8_t tail[2] = { (uint8_t)(type >> 8), (uint8_t)type };
	return key_run(k, kind, name) && append(k, tail, sizeof(tail));
}

void key_retyped(struct key *k, const struct key *from, uint16_t type)
{
	k->len = from->len;
	memcpy(k->octets, from->octets, from->len);
	k->octets[k->len - 2] = (uint8_t)(type >> 8);
	k->octets[k->len - 1] = (uint8_t)type;
}

void key_untyped(struct key *k, const struct key *from, enum key_kind kind)
{
	k->len = (uint16_t)(from->len - 1u - KEY_TYPE_OCTETS);
	memcpy(k->octets, from->octets, k->len);
	k->octets[0] = (uint8_t)kind;
}

bool key_nsec(struct key *k, const struct name *zone, const struct name *owner)
{
	uint8_t sort[NAME_KEY_MAX];
	if (!name_is_within(owner, zone) || !key_run(k, KEY_NSEC, zone))
		return false;
	size_t len = name_key(owner, sort);
	size_t above = k->len - 2u; /* the zone's part of it */
	return append(k, sort + above, len - above);
}

bool key_nsec3(struct key *k, const struct name *zone, const uint8_t *hash, size_t len)
{
	return len > 0 && len <= KEY_HASH_OCTETS && key_run(k, KEY_NSEC3, zone) &&
	       append(k, hash, len);
}

unsigned key_labels(const struct key *k)
{
	unsigned labels = 0;
	size_t end = key_kind_is_typed(k->octets[0]) ? k->len - 1u - KEY_TYPE_OCTETS : k->len;
	for (size_t i = 1; i < end; i++)
		labels += k->octets[i] == 0;
	return labels;
}

int key_compare(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
	if (order != 0)
		return order;
	return a_len < b_len ? -1 : a_len > b_len;
}

bool key_has_prefix(const uint8_t *k, size_t len, const uint8_t *prefix, size_t prefix_len)
{
	return len >= prefix_len && memcmp(k, prefix, prefix_len) == 0;
}

bool key_meet(struct key *at, const uint8_t *floor, size_t floor_len)
{
	size_t shared = 0, boundary = 1;
	size_t most = at->len < floor_len ? at->len : floor_len;
	for (; shared < most && at->octets[shared] == floor[shared]; shared++) {
		if (shared > 0 && at->octets[shared] == 0)
			boundary = shared + 1;
	}
	at->len = (uint16_t)boundary;
	return boundary == floor_len;
}

bool key_up(struct key *at)
{
	if (at->len <= 1)
		return false;
	size_t len = at->len - 1u; /* the 0 that ends the deepest label */
	while (len > 1 && at->octets[len - 1] != 0)
		len--;
	at->len = (uint16_t)len;
	return true;
}

/* The first octet 0 that ends no label: labels are never empty. */
static size_t run_end(const uint8_t *octets, size_t len)
{
	for (size_t i = 1; i < len; i++) {
		if (octets[i] == 0 && (i == 1 || octets[i - 1] == 0))
			return i;
	}
	return len;
}

static enum err parse_denial(const uint8_t *octets, size_t len, struct key_parts *out)
{
	uint8_t sort[KEY_OCTETS];
	size_t end = run_end(octets, len);
	if (end == len)
		return ERR_FORMAT;
	size_t tail = len - end - 1;
	enum err e = name_from_key(octets + 1, end - 1, &out->name);
	if (e != ERR_OK)
		return e;
	if (out->kind == KEY_NSEC3) {
		if (tail == 0 || tail > KEY_HASH_OCTETS)
			return ERR_FORMAT;
		memcpy(out->hash, octets + end + 1, tail);
		out->hash_len = (uint8_t)tail;
		return ERR_OK;
	}
	memcpy(sort, octets + 1, end - 1);
	memcpy(sort + end - 1, octets + end + 1, tail);
	return name_from_key(sort, end - 1 + tail, &out->owner);
}

enum err key_parse(const uint8_t *octets, size_t len, struct key_parts *out)
{
	if (len == 0 || len > KEY_OCTETS)
		return ERR_FORMAT;
	*out = (struct key_parts){ .kind = (enum key_kind)octets[0] };
	switch (out->kind) {
	case KEY_META:
		break;
	case KEY_DATA:
	case KEY_FAILURE:
		if (len < 4 || octets[len - 3] != 0)
			return ERR_FORMAT;
		out->type = (uint16_t)(octets[len - 2] << 8 | octets[len - 1]);
		return name_from_key(octets + 1, len - 4, &out->name);
	case KEY_NXDOMAIN:
	case KEY_DNAME:
	case KEY_CUT:
		return name_from_key(octets + 1, len - 1, &out->name);
	case KEY_NSEC:
	case KEY_NSEC3:
		return parse_denial(octets, len, out);
	}
	return ERR_FORMAT;
}
