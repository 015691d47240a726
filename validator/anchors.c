#include "validator/anchors.h"

#include "validator/ds.h"
#include <stdlib.h>
#include <string.h>

/*
 * Between calls: sets are DS RRsets of different owners, each with at least one record; all of it
 * lives in arena.
 */
struct anchors {
	struct arena *arena;
	struct rrset *sets;
	size_t count;
};

static struct rrset *set_of(struct anchors *a, const struct name *owner, size_t room)
{
	for (size_t i = 0; i < a->count; i++)
		if (name_equal(&a->sets[i].owner, owner))
			return &a->sets[i];
	struct rrset *s = &a->sets[a->count];
	*s = (struct rrset){ .owner = *owner,
			     .type = TYPE_DS,
			     .class = CLASS_IN,
			     .rank = RANK_LOCAL,
			     .security = SECURITY_SECURE };
	s->rdata = arena_array(a->arena, room, sizeof(*s->rdata));
	if (s->rdata == NULL)
		return NULL;
	a->count++;
	return s;
}

static bool has_record(const struct rrset *s, const struct rdata *r)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->rdata[i].len == r->len && memcmp(s->rdata[i].octets, r->octets, r->len) == 0)
			return true;
	return false;
}

static enum err add(struct anchors *a, const struct rrset *from, const struct rdata *r, size_t room)
{
	struct rdata ds;
	struct dnskey key;
	if (from->type == TYPE_DNSKEY) {
		enum err e = dnskey_parse(r, &key);
		if (e != ERR_OK || !dnskey_may_sign(&key))
			return e;
		e = ds_of(&from->owner, r, DIGEST_SHA256, a->arena, &ds);
		if (e != ERR_OK)
			return e;
	} else {
		ds.len = r->len;
		ds.octets = arena_copy(a->arena, r->octets, r->len);
		if (ds.octets == NULL)
			return ERR_NOMEM;
	}
	struct rrset *s = set_of(a, &from->owner, room);
	if (s == NULL)
		return ERR_NOMEM;
	if (!has_record(s, &ds))
		s->rdata[s->count++] = ds;
	return ERR_OK;
}

static enum err fill(struct anchors *a, const struct rrset *sets, size_t count)
{
	size_t records = 0;
	for (size_t i = 0; i < count; i++) {
		if (sets[i].type != TYPE_DS && sets[i].type != TYPE_DNSKEY)
			return ERR_FORMAT;
		records += sets[i].count;
	}
	if (records > LIMIT_ANCHORS)
		return ERR_LIMIT;
	a->sets = arena_array(a->arena, count + 1, sizeof(*a->sets));
	if (a->sets == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < count; i++) {
		for (unsigned j = 0; j < sets[i].count; j++) {
			enum err e = add(a, &sets[i], &sets[i].rdata[j], records);
			if (e != ERR_OK)
				return e;
		}
	}
	return ERR_OK;
}

enum err anchors_new(const struct rrset *sets, size_t count, struct anchors **out)
{
	enum err e = ERR_NOMEM;
	struct anchors *a = calloc(1, sizeof(*a));
	if (a == NULL)
		return e;
	a->arena = arena_new(LIMIT_ANCHOR_BYTES);
	if (a->arena == NULL)
		goto fail;
	e = fill(a, sets, count);
	if (e != ERR_OK)
		goto fail;
	*out = a;
	return ERR_OK;
fail:
	anchors_free(a);
	return e;
}

void anchors_free(struct anchors *a)
{
	if (a == NULL)
		return;
	arena_free(a->arena);
	free(a);
}

/* DS of the root's KSKs as IANA publishes them (RFC 9718): tag, algorithm 8, SHA-256. */
static const uint8_t root_ds[][36] = {
	{ 0x4f, 0x66, 8, 2, /* KSK-2017, 20326 */
	  0xe0, 0x6d, 0x44, 0xb8, 0x0b, 0x8f, 0x1d, 0x39, 0xa9, 0x5c, 0x0b,
	  0x0d, 0x7c, 0x65, 0xd0, 0x84, 0x58, 0xe8, 0x80, 0x40, 0x9b, 0xbc,
	  0x68, 0x34, 0x57, 0x10, 0x42, 0x37, 0xc7, 0xf8, 0xec, 0x8d },
	{ 0x97, 0x28, 8, 2, /* KSK-2024, 38696 */
	  0x68, 0x3d, 0x2d, 0x0a, 0xcb, 0x8c, 0x9b, 0x71, 0x2a, 0x19, 0x48,
	  0xb2, 0x7f, 0x74, 0x12, 0x19, 0x29, 0x8d, 0x0a, 0x45, 0x0d, 0x61,
	  0x2c, 0x48, 0x3a, 0xf4, 0x44, 0xa4, 0xc0, 0xfb, 0x2b, 0x16 },
};

enum { ROOT_KEYS = sizeof(root_ds) / sizeof(root_ds[0]) };

struct rrset *anchors_built_in(struct arena *a)
{
	struct rrset *s = arena_alloc(a, sizeof(*s));
	if (s == NULL)
		return NULL;
	s->owner = name_root();
	s->type = TYPE_DS;
	s->class = CLASS_IN;
	s->rank = RANK_LOCAL;
	s->security = SECURITY_SECURE;
	s->rdata = arena_array(a, ROOT_KEYS, sizeof(*s->rdata));
	if (s->rdata == NULL)
		return NULL;
	for (; s->count < ROOT_KEYS; s->count++)
		s->rdata[s->count] = (struct rdata){ sizeof(root_ds[0]), root_ds[s->count] };
	return s;
}

const struct rrset *anchors_closest(const struct anchors *a, const struct name *name)
{
	const struct rrset *best = NULL;
	for (size_t i = 0; i < a->count; i++) {
		const struct rrset *s = &a->sets[i];
		if (name_is_within(name, &s->owner) &&
		    (best == NULL || name_labels(&s->owner) > name_labels(&best->owner)))
			best = s;
	}
	return best;
}

const struct rrset *anchors_all(const struct anchors *a, size_t *count)
{
	*count = a->count;
	return a->sets;
}
