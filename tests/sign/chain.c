#include "tests/sign/chain.h"

#include "resolver/wire/base32.h"
#include "resolver/wire/bitmap.h"
#include "resolver/wire/writer.h"
#include "validator/crypto.h"
#include <stdlib.h>
#include <string.h>

enum { CHAIN_TTL = 300, HASH = 20, TYPES_MAX = 64 };

struct types {
	uint16_t list[TYPES_MAX];
	unsigned count;
};

static int compare_types(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

/* RFC 4035 section 2.3: at a delegation only NS and DS count. */
static struct types types_at(const struct zone *z, const struct zone_node *n)
{
	struct types t = { .count = 0 };
	for (unsigned i = 0; i < z->set_count && t.count < TYPES_MAX - 2; i++) {
		uint16_t type = z->sets[i]->type;
		if (name_equal(&z->sets[i]->owner, &n->name) &&
		    (!n->delegation || type == TYPE_NS || type == TYPE_DS))
			t.list[t.count++] = type;
	}
	return t;
}

static void write_types(struct writer *w, struct types *t)
{
	qsort(t->list, t->count, sizeof(t->list[0]), compare_types);
	for (unsigned i = 0; i < t->count;) {
		uint8_t window = (uint8_t)(t->list[i] >> 8), bits[BITMAP_WINDOW_OCTETS] = { 0 },
			len = 0;
		for (; i < t->count && t->list[i] >> 8 == window; i++) {
			uint8_t low = (uint8_t)t->list[i];
			bits[low / 8] |= (uint8_t)(0x80 >> low % 8);
			len = low / 8 + 1;
		}
		write_u8(w, window);
		write_u8(w, len);
		write_octets(w, bits, len);
	}
}

static struct rrset *new_record(struct arena *a, const struct name *owner, uint16_t type,
				const struct writer *w)
{
	struct rrset *set = sign_new_set(a, owner, type, CHAIN_TTL);
	if (set == NULL || w->err != ERR_OK ||
	    sign_add(a, set, w->start, writer_length(w)) != ERR_OK)
		return NULL;
	set->rank = RANK_AUTHORITY;
	return set;
}

static struct rrset *new_nsec(struct arena *a, const struct name *owner, const struct name *next,
			      struct types *t)
{
	uint8_t octets[NAME_OCTETS + BITMAP_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	t->list[t->count++] = TYPE_RRSIG;
	t->list[t->count++] = TYPE_NSEC;
	write_plain_name(&w, next);
	write_types(&w, t);
	return new_record(a, owner, TYPE_NSEC, &w);
}

static enum err make_nsec(struct zone *z)
{
	const struct zone_node *last = NULL;
	for (unsigned i = 0; i <= z->node_count; i++) {
		const struct zone_node *n = i < z->node_count ? &z->nodes[i] : NULL;
		if (n != NULL && (n->hidden || types_at(z, n).count == 0))
			continue;
		if (last != NULL) {
			struct types t = types_at(z, last);
			struct rrset *set =
			    new_nsec(z->arena, &last->name, n != NULL ? &n->name : &z->apex, &t);
			if (set == NULL)
				return ERR_NOMEM;
			z->chain[z->chain_count++] = set;
		}
		last = n;
	}
	return ERR_OK;
}

static bool hash_of(const struct zone *z, const struct name *name, uint8_t out[HASH])
{
	struct name lower = *name;
	name_lower(&lower);
	return crypto_nsec3(lower.wire, lower.len, z->plan.salt, z->plan.salt_len,
			    z->plan.iterations, out);
}

static int compare_hashes(const void *a, const void *b)
{
	const struct zone_node *const *x = a, *const *y = b;
	return memcmp((*x)->hash, (*y)->hash, HASH);
}

static struct rrset *new_nsec3(struct zone *z, const struct zone_node *n, const uint8_t next[HASH])
{
	char label[40];
	uint8_t octets[64 + 255 + BITMAP_MAX];
	struct name owner;
	struct text text = text_of(label, sizeof(label));
	base32_text(&text, n->hash, HASH);
	if (name_prepend((const uint8_t *)label, strlen(label), &z->apex, &owner) != ERR_OK)
		return NULL;
	struct types t = types_at(z, n);
	if (t.count > 0 && (!n->delegation || zone_find(z, &n->name, TYPE_DS) != NULL))
		t.list[t.count++] = TYPE_RRSIG;
	struct writer w = writer_of(octets, sizeof(octets));
	write_u8(&w, 1);
	write_u8(&w, z->plan.opt_out);
	write_u16(&w, z->plan.iterations);
	write_u8(&w, z->plan.salt_len);
	write_octets(&w, z->plan.salt, z->plan.salt_len);
	write_u8(&w, HASH);
	write_octets(&w, next, HASH);
	write_types(&w, &t);
	return new_record(z->arena, &owner, TYPE_NSEC3, &w);
}

static enum err make_nsec3(struct zone *z)
{
	struct zone_node **order = arena_array(z->arena, z->node_count, sizeof(struct zone_node *));
	unsigned count = 0;
	if (order == NULL)
		return ERR_NOMEM;
	for (unsigned i = 0; i < z->node_count; i++) {
		struct zone_node *n = &z->nodes[i];
		if (n->hidden ||
		    (z->plan.opt_out && n->delegation && zone_find(z, &n->name, TYPE_DS) == NULL))
			continue;
		if (!hash_of(z, &n->name, n->hash))
			return ERR_FORMAT;
		order[count++] = n;
	}
	qsort(order, count, sizeof(struct zone_node *), compare_hashes);
	for (unsigned i = 0; i < count; i++) {
		z->chain[i] = new_nsec3(z, order[i], order[(i + 1) % count]->hash);
		if (z->chain[i] == NULL)
			return ERR_NOMEM;
	}
	z->chain_count = count;
	return ERR_OK;
}

enum err chain_make(struct zone *z)
{
	z->chain = arena_array(z->arena, z->node_count + 1, sizeof(struct rrset *));
	if (z->chain == NULL)
		return ERR_NOMEM;
	switch (z->plan.denial) {
	case ZONE_NSEC:
		return make_nsec(z);
	case ZONE_NSEC3:
		return make_nsec3(z);
	case ZONE_UNSIGNED:
	case ZONE_COMPACT:
		break;
	}
	return ERR_OK;
}

/* Where the chain has, or would have, the name: the last record not after it, around the end. */
static struct rrset *find_nsec(const struct zone *z, const struct name *name)
{
	struct rrset *found = z->chain_count > 0 ? z->chain[z->chain_count - 1] : NULL;
	for (unsigned i = 0; i < z->chain_count; i++)
		if (name_compare(&z->chain[i]->owner, name) <= 0)
			found = z->chain[i];
	return found;
}

static struct rrset *find_nsec3(const struct zone *z, const struct name *name, bool *exact)
{
	char label[40];
	uint8_t hash[HASH];
	struct text text = text_of(label, sizeof(label));
	struct rrset *found = z->chain_count > 0 ? z->chain[z->chain_count - 1] : NULL;
	*exact = false;
	if (!hash_of(z, name, hash))
		return NULL;
	base32_text(&text, hash, HASH);
	for (unsigned i = 0; i < z->chain_count; i++) {
		/* base32hex keeps the order of what it stands for. */
		int c = memcmp(z->chain[i]->owner.wire + 1, label, strlen(label));
		if (c <= 0)
			found = z->chain[i];
		if (c == 0)
			*exact = true;
	}
	return found;
}

struct rrset *chain_match(const struct zone *z, const struct name *name)
{
	bool exact;
	struct rrset *set;
	if (z->plan.denial == ZONE_NSEC) {
		set = find_nsec(z, name);
		return set != NULL && name_equal(&set->owner, name) ? set : NULL;
	}
	set = find_nsec3(z, name, &exact);
	return exact ? set : NULL;
}

struct rrset *chain_cover(const struct zone *z, const struct name *name)
{
	bool exact;
	return z->plan.denial == ZONE_NSEC ? find_nsec(z, name) : find_nsec3(z, name, &exact);
}

struct rrset *chain_compact(const struct zone *z, struct arena *a, const struct name *name)
{
	static const uint8_t zero[1] = { 0 };
	const struct zone_node *n = zone_node_of(z, name);
	struct types t = { .count = 0 };
	struct name next;
	if (n != NULL)
		t = types_at(z, n);
	else
		t.list[t.count++] = TYPE_NXNAME;
	if (name_prepend(zero, sizeof(zero), name, &next) != ERR_OK)
		next = z->apex;
	struct rrset *set = new_nsec(a, name, &next, &t);
	return set != NULL && zone_sign_set(z, a, set) == ERR_OK ? set : NULL;
}
