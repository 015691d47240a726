#include "resolver/wire/gather.h"

#include "resolver/base/limits.h"
#include "resolver/base/octets.h"
#include "resolver/base/siphash.h"

#include <stddef.h>
#include <string.h>

/*
 * Spreads keys over buckets, keeps no secret: whoever aims at one bucket makes at most
 * LIMIT_MESSAGE_SETS comparisons of two numbers for each record.  Equality is always decided on
 * the bytes themselves.
 */
static const struct siphash_key spread = { 0x6777617272656e21u, 0x726162626974732eu };

enum { NOBODY = UINT32_MAX };

struct record {
	struct rdata rdata;
	uint64_t hash; /* of the RDATA */
	uint32_t next; /* of the same heap */
};

enum heap_kind {
	HEAP_SET,        /* records of one owner, type and class */
	HEAP_SIGNATURES, /* RRSIGs over such a set; type is the type covered */
	HEAP_TAKEN,      /* attached to a set, or moved into another heap */
};

/* What will become an RRset. */
struct heap {
	uint64_t hash;
	const struct name *owner; /* cut behind its last octet */
	enum heap_kind kind;
	uint16_t type, class;
	uint8_t group;
	uint32_t ttl, count, bytes;
	uint32_t first, last; /* records */
	uint32_t next;        /* heap of the same bucket */
	uint32_t sigs;        /* HEAP_SET: the heap of its signatures, or NOBODY */
};

/*
 * Between calls:
 *   a heap that is not HEAP_TAKEN is in the bucket of its hash, and no two of them have the
 *   same group, owner, class, type and kind;
 *   each record is in one heap, and no two of one heap have the same RDATA.
 */
struct gather {
	struct arena *arena;
	struct record *records;
	struct heap *heaps;
	uint32_t *buckets;
	uint32_t mask;
	uint32_t record_count, record_room, heap_count, heap_room;
};

struct gather *gather_new(struct arena *a, unsigned records, unsigned sets)
{
	if (sets > records)
		sets = records;
	uint32_t buckets = 8;
	while (buckets < sets && buckets < 1u << 20)
		buckets *= 2;
	struct gather *g = arena_alloc(a, sizeof(*g));
	if (g == NULL)
		return NULL;
	g->arena = a;
	g->records = arena_array(a, records, sizeof(*g->records));
	g->heaps = arena_array(a, sets, sizeof(*g->heaps));
	g->buckets = arena_array(a, buckets, sizeof(*g->buckets));
	if (g->records == NULL || g->heaps == NULL || g->buckets == NULL)
		return NULL;
	memset(g->buckets, 0xff, buckets * sizeof(*g->buckets)); /* NOBODY */
	g->mask = buckets - 1;
	g->record_room = records;
	g->heap_room = sets;
	return g;
}

static bool same_heap(const struct heap *a, const struct heap *b)
{
	return a->type == b->type && a->kind == b->kind && a->group == b->group &&
	       a->class == b->class && name_equal(a->owner, b->owner);
}

static uint64_t heap_hash(const struct heap *h)
{
	uint64_t rest = (uint64_t)h->type << 32 | (uint64_t)h->class << 16 |
			(uint64_t)h->group << 8 | (uint64_t)h->kind;
	return name_hash(&spread, h->owner) ^ rest * 0x9e3779b97f4a7c15u;
}

static struct heap *find_heap(const struct gather *g, const struct heap *like)
{
	for (uint32_t i = g->buckets[like->hash & g->mask]; i != NOBODY; i = g->heaps[i].next) {
		struct heap *h = &g->heaps[i];
		if (h->hash == like->hash && same_heap(h, like))
			return h;
	}
	return NULL;
}

static void enter_bucket(struct gather *g, struct heap *h)
{
	uint32_t *bucket = &g->buckets[h->hash & g->mask];
	h->next = *bucket;
	*bucket = (uint32_t)(h - g->heaps);
}

/* The heap like `like`, made if there is none.  like->owner lives on the caller's stack. */
static enum err heap_for(struct gather *g, struct heap *like, struct heap **out)
{
	struct heap *last = g->heap_count > 0 ? &g->heaps[g->heap_count - 1] : NULL;
	if (last != NULL && same_heap(last, like)) { /* records of one set stand together */
		*out = last;
		return ERR_OK;
	}
	like->hash = heap_hash(like);
	*out = find_heap(g, like);
	if (*out != NULL)
		return ERR_OK;
	if (g->heap_count == g->heap_room)
		return ERR_LIMIT;
	const struct name *owner =
	    arena_copy(g->arena, like->owner, offsetof(struct name, wire) + like->owner->len);
	if (owner == NULL)
		return ERR_NOMEM;
	struct heap *h = &g->heaps[g->heap_count++];
	*h = *like;
	h->owner = owner;
	h->ttl = UINT32_MAX;
	h->first = h->last = h->sigs = NOBODY;
	enter_bucket(g, h);
	*out = h;
	return ERR_OK;
}

static bool has_record(const struct gather *g, const struct heap *h, const struct record *like)
{
	for (uint32_t i = h->first; i != NOBODY; i = g->records[i].next) {
		const struct record *r = &g->records[i];
		if (r->hash == like->hash && r->rdata.len == like->rdata.len &&
		    memcmp(r->rdata.octets, like->rdata.octets, like->rdata.len) == 0)
			return true;
	}
	return false;
}

static void append(struct gather *g, struct heap *h, uint32_t record)
{
	if (h->last == NOBODY)
		h->first = record;
	else
		g->records[h->last].next = record;
	h->last = record;
	h->count++;
	h->bytes += g->records[record].rdata.len;
}

/* RFC 2181 section 8: a TTL with the highest bit set is to be taken as zero. */
static uint32_t sane_ttl(uint32_t ttl)
{
	return ttl > INT32_MAX ? 0 : ttl;
}

/* Keys made to last against quantum computers are long: threats E23. */
static size_t most_bytes(const struct heap *h)
{
	return h->kind == HEAP_SET && h->type == TYPE_DNSKEY ? LIMIT_KEY_SET_BYTES
	                                                     : LIMIT_SET_BYTES;
}

static enum err add_record(struct gather *g, struct heap *h, const struct gather_record *from)
{
	struct record r = {
		.rdata = from->rdata,
		.hash = siphash(&spread, from->rdata.octets, from->rdata.len),
		.next = NOBODY,
	};
	uint32_t ttl = sane_ttl(from->ttl);
	if (h->kind == HEAP_SIGNATURES && h->count >= LIMIT_RRSIGS_KEPT)
		return ERR_OK; /* KeyTrap: more would never be tried */
	if (ttl < h->ttl)
		h->ttl = ttl; /* RFC 2181 section 5.2; also that of a duplicate */
	if (has_record(g, h, &r))
		return ERR_OK;
	if (g->record_count == g->record_room || h->count >= LIMIT_SET_RECORDS ||
	    h->bytes + r.rdata.len > most_bytes(h))
		return ERR_LIMIT;
	g->records[g->record_count] = r;
	append(g, h, g->record_count++);
	return ERR_OK;
}

enum err gather_add(struct gather *g, const struct name *owner, const struct gather_record *record)
{
	struct heap like = {
		.owner = owner,
		.kind = HEAP_SET,
		.type = record->type,
		.class = record->class,
		.group = record->group,
	};
	if (record->type == TYPE_RRSIG) {
		if (record->rdata.len < 2)
			return ERR_FORMAT;
		like.kind = HEAP_SIGNATURES;
		like.type = octets_be16(record->rdata.octets);
	}
	struct heap *h;
	enum err e = heap_for(g, &like, &h);
	return e != ERR_OK ? e : add_record(g, h, record);
}

static void leave_bucket(struct gather *g, const struct heap *h)
{
	uint32_t *at = &g->buckets[h->hash & g->mask];
	while (*at != (uint32_t)(h - g->heaps))
		at = &g->heaps[*at].next;
	*at = h->next;
}

/* Signatures without their set: all of one owner become one RRset of type RRSIG. */
static enum err keep_orphans(struct gather *g, struct heap *orphans)
{
	leave_bucket(g, orphans);
	orphans->kind = HEAP_SET;
	orphans->type = TYPE_RRSIG;
	orphans->hash = heap_hash(orphans);
	struct heap *all = find_heap(g, orphans);
	if (all == NULL) {
		enter_bucket(g, orphans);
		return ERR_OK;
	}
	if (all->count + orphans->count > LIMIT_SET_RECORDS ||
	    all->bytes + orphans->bytes > LIMIT_SET_BYTES)
		return ERR_LIMIT;
	g->records[all->last].next = orphans->first;
	all->last = orphans->last;
	all->count += orphans->count;
	all->bytes += orphans->bytes;
	if (orphans->ttl < all->ttl)
		all->ttl = orphans->ttl;
	orphans->kind = HEAP_TAKEN;
	return ERR_OK;
}

static enum err attach(struct gather *g, struct heap *sigs)
{
	struct heap like = *sigs;
	like.kind = HEAP_SET;
	like.hash = heap_hash(&like);
	/* Signatures are not signed themselves: RFC 4035 section 2.2. */
	struct heap *set = like.type == TYPE_RRSIG ? NULL : find_heap(g, &like);
	if (set == NULL)
		return keep_orphans(g, sigs);
	set->sigs = (uint32_t)(sigs - g->heaps);
	if (sigs->ttl < set->ttl)
		set->ttl = sigs->ttl; /* RFC 4034 section 3: they should be the same */
	leave_bucket(g, sigs);
	sigs->kind = HEAP_TAKEN;
	return ERR_OK;
}

static struct rdata *list_records(struct gather *g, const struct heap *h)
{
	struct rdata *list = arena_array(g->arena, h->count, sizeof(*list));
	uint32_t n = 0;
	if (list == NULL)
		return NULL;
	for (uint32_t i = h->first; i != NOBODY; i = g->records[i].next)
		list[n++] = g->records[i].rdata;
	return list;
}

static enum err make_set(struct gather *g, const struct heap *h, struct rrset *out)
{
	name_copy(&out->owner, h->owner);
	out->type = h->type;
	out->class = h->class;
	out->ttl = h->ttl;
	out->count = (uint16_t)h->count;
	out->rdata = list_records(g, h);
	if (out->rdata == NULL)
		return ERR_NOMEM;
	if (h->sigs == NOBODY)
		return ERR_OK;
	out->sig_count = (uint16_t)g->heaps[h->sigs].count;
	out->sigs = list_records(g, &g->heaps[h->sigs]);
	return out->sigs == NULL ? ERR_NOMEM : ERR_OK;
}

static enum err make_group(struct gather *g, uint8_t group, struct gathered *out)
{
	unsigned count = 0;
	for (uint32_t i = 0; i < g->heap_count; i++)
		count += g->heaps[i].kind == HEAP_SET && g->heaps[i].group == group;
	*out = (struct gathered){ NULL, 0 };
	if (count == 0)
		return ERR_OK;
	out->sets = arena_array(g->arena, count, sizeof(*out->sets));
	if (out->sets == NULL)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < g->heap_count; i++) {
		const struct heap *h = &g->heaps[i];
		if (h->kind != HEAP_SET || h->group != group)
			continue;
		enum err e = make_set(g, h, &out->sets[out->count++]);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

enum err gather_sets(struct gather *g, struct gathered out[GATHER_GROUPS])
{
	enum err e = ERR_OK;
	for (uint32_t i = 0; e == ERR_OK && i < g->heap_count; i++) {
		if (g->heaps[i].kind == HEAP_SIGNATURES)
			e = attach(g, &g->heaps[i]);
	}
	for (uint8_t group = 0; e == ERR_OK && group < GATHER_GROUPS; group++)
		e = make_group(g, group, &out[group]);
	return e;
}
