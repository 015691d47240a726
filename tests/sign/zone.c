#include "tests/sign/zone.h"

#include "resolver/wire/hex.h"
#include "resolver/wire/base32.h"
#include "resolver/wire/bitmap.h"
#include "resolver/wire/zonetext.h"
#include "tests/sign/chain.h"
#include "validator/ds.h"
#include "validator/dnskey.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_TTL = 3600 };

struct rrset *zone_find(const struct zone *z, const struct name *owner, uint16_t type)
{
	for (unsigned i = 0; i < z->set_count; i++)
		if (z->sets[i]->type == type && name_equal(&z->sets[i]->owner, owner))
			return z->sets[i];
	return NULL;
}

static int compare_nodes(const void *a, const void *b)
{
	const struct zone_node *x = a, *y = b;
	return name_compare(&x->name, &y->name);
}

/* Each owner and each of its ancestors in the zone, once. */
static enum err make_nodes(struct zone *z)
{
	unsigned room = 0, count = 0, kept = 0;
	for (unsigned i = 0; i < z->set_count; i++)
		room += name_labels(&z->sets[i]->owner) + 1;
	z->nodes = arena_array(z->arena, room + 1, sizeof(*z->nodes));
	if (z->nodes == NULL)
		return ERR_NOMEM;
	for (unsigned i = 0; i < z->set_count; i++) {
		const struct name *owner = &z->sets[i]->owner;
		for (unsigned l = name_labels(&z->apex); l <= name_labels(owner); l++)
			z->nodes[count++].name = name_suffix(owner, l);
	}
	qsort(z->nodes, count, sizeof(*z->nodes), compare_nodes);
	for (unsigned i = 0; i < count; i++)
		if (kept == 0 || !name_equal(&z->nodes[kept - 1].name, &z->nodes[i].name))
			z->nodes[kept++] = z->nodes[i];
	z->node_count = kept;
	return ERR_OK;
}

/* What lies below a delegation or a DNAME is not this zone's to speak of. */
static void look_at_nodes(struct zone *z)
{
	for (unsigned i = 0; i < z->node_count; i++) {
		struct zone_node *n = &z->nodes[i];
		n->delegation =
		    zone_find(z, &n->name, TYPE_NS) != NULL && !name_equal(&n->name, &z->apex);
		for (unsigned l = name_labels(&z->apex); l < name_labels(&n->name); l++) {
			struct name above = name_suffix(&n->name, l);
			if ((l > name_labels(&z->apex) && zone_find(z, &above, TYPE_NS) != NULL) ||
			    zone_find(z, &above, TYPE_DNAME) != NULL)
				n->hidden = true;
		}
	}
}

const struct zone_node *zone_node_of(const struct zone *z, const struct name *name)
{
	struct zone_node key = { .name = *name };
	return bsearch(&key, z->nodes, z->node_count, sizeof(*z->nodes), compare_nodes);
}

enum err zone_add_set(struct zone *z, struct rrset *set)
{
	struct rrset **more = arena_array(z->arena, z->set_count + 1, sizeof(struct rrset *));
	if (more == NULL)
		return ERR_NOMEM;
	for (unsigned i = 0; i < z->set_count; i++)
		more[i] = z->sets[i];
	more[z->set_count++] = set;
	z->sets = more;
	return ERR_OK;
}

static enum err add_keys(struct zone *z)
{
	struct rrset *there = zone_find(z, &z->apex, TYPE_DNSKEY);
	struct rrset *set = there;
	if (set == NULL)
		set = sign_new_set(z->arena, &z->apex, TYPE_DNSKEY, DEFAULT_TTL);
	if (set == NULL)
		return ERR_NOMEM;
	for (unsigned i = 0; i < z->plan.key_count; i++) {
		const struct rdata *r = sign_key_rdata(z->plan.keys[i]);
		enum err e = sign_add(z->arena, set, r->octets, r->len);
		if (e != ERR_OK)
			return e;
	}
	return there != NULL ? ERR_OK : zone_add_set(z, set);
}

static bool has_plain_key(const struct zone_plan *p)
{
	for (unsigned i = 0; i < p->key_count; i++)
		if ((sign_key_flags(p->keys[i]) & DNSKEY_SEP) == 0)
			return true;
	return false;
}

enum err zone_sign_set(const struct zone *z, struct arena *a, struct rrset *set)
{
	bool split = has_plain_key(&z->plan);
	for (unsigned i = 0; i < z->plan.key_count; i++) {
		const struct sign_key *k = z->plan.keys[i];
		bool sep = (sign_key_flags(k) & DNSKEY_SEP) != 0;
		if (split && set->type != TYPE_DNSKEY && sep)
			continue;
		enum err e = sign_rrset(a, set, k, &z->apex, &z->plan.how);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

static bool is_ours(const struct zone *z, const struct rrset *set)
{
	const struct zone_node *n = zone_node_of(z, &set->owner);
	return n != NULL && !n->hidden && (!n->delegation || set->type == TYPE_DS);
}

static enum err sign_all(struct zone *z)
{
	for (unsigned i = 0; i < z->set_count; i++) {
		if (!is_ours(z, z->sets[i]))
			continue;
		enum err e = zone_sign_set(z, z->arena, z->sets[i]);
		if (e != ERR_OK)
			return e;
	}
	for (unsigned i = 0; i < z->chain_count; i++) {
		enum err e = zone_sign_set(z, z->arena, z->chain[i]);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

static enum err read_text(struct zone *z, const char *text)
{
	struct rrset *sets;
	struct zonetext t = zonetext_of(text, strlen(text));
	t.origin = t.owner = z->apex;
	t.ttl = DEFAULT_TTL;
	enum err e = zonetext_all(&t, z->arena, &sets, &z->set_count);
	if (e != ERR_OK)
		return e;
	z->sets = arena_array(z->arena, z->set_count + 1, sizeof(struct rrset *));
	if (z->sets == NULL)
		return ERR_NOMEM;
	for (unsigned i = 0; i < z->set_count; i++) {
		z->sets[i] = &sets[i];
		z->sets[i]->rank = RANK_ANSWER;
	}
	return ERR_OK;
}

enum err zone_make(struct arena *a, const struct name *apex, const char *text,
		   const struct zone_plan *plan, struct zone *out)
{
	*out = (struct zone){ .arena = a, .apex = *apex, .plan = *plan };
	enum err e = read_text(out, text);
	if (e == ERR_OK && plan->denial != ZONE_UNSIGNED)
		e = add_keys(out);
	if (e == ERR_OK)
		e = make_nodes(out);
	if (e != ERR_OK || plan->denial == ZONE_UNSIGNED) {
		if (e == ERR_OK)
			look_at_nodes(out);
		return e;
	}
	look_at_nodes(out);
	e = chain_make(out);
	return e == ERR_OK ? sign_all(out) : e;
}

enum err zone_ds_text(const struct name *child, const struct sign_key *key, uint8_t digest_type,
		      char *out, size_t size)
{
	char name[NAME_TEXT_MAX], hex[2 * CRYPTO_DIGEST_MAX + 1];
	struct rdata r;
	struct ds ds;
	struct arena *a = arena_new(4096);
	if (a == NULL)
		return ERR_NOMEM;
	enum err e = ds_of(child, sign_key_rdata(key), digest_type, a, &r);
	if (e == ERR_OK)
		e = ds_parse(&r, &ds);
	if (e == ERR_OK) {
		struct text t = text_of(hex, sizeof(hex));
		hex_text(&t, ds.digest, ds.digest_len);
		name_text(child, name);
		int n = snprintf(out, size, "%s IN DS %u %u %u %s\n", name, ds.tag, ds.algorithm,
				 ds.digest_type, hex);
		e = n < 0 || (size_t)n >= size ? ERR_SPACE : ERR_OK;
	}
	arena_free(a);
	return e;
}
