#include "tests/sim/world.h"

#include "resolver/wire/zonetext.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WORLD_BYTES = 512 << 20,
	ZONE_TTL = 3600,
	ZONE_MINIMUM = 300,
	DELAY_MS = 10,
};

void world_init(struct world *w)
{
	*w = (struct world){ .delay_ms = DELAY_MS };
	w->arena = arena_new(WORLD_BYTES);
	assert(w->arena != NULL);
}

void world_clear(struct world *w)
{
	for (struct world_zone *z = w->zones; z != NULL; z = z->next)
		signing_clear(&z->signing);
	arena_free(w->arena);
	*w = (struct world){ 0 };
}

static void *keep(struct world *w, size_t size)
{
	void *p = arena_alloc(w->arena, size);
	assert(p != NULL);
	return p;
}

const char *world_keep_text(struct world *w, const char *text)
{
	char *copy = arena_copy(w->arena, text, strlen(text) + 1);
	assert(copy != NULL);
	return copy;
}

/* ---- zones ---- */

struct world_zone *world_find_zone(const struct world *w, const struct name *apex)
{
	struct world_zone *z = w->zones;
	while (z != NULL && !name_equal(&z->apex, apex))
		z = z->next;
	return z;
}

struct world_zone *world_zone(struct world *w, const struct name *apex)
{
	struct world_zone *z = world_find_zone(w, apex);
	if (z != NULL)
		return z;
	z = keep(w, sizeof(*z));
	z->apex = *apex;
	z->labels = name_labels(apex);
	z->ttl = ZONE_TTL;
	z->minimum = ZONE_MINIMUM;
	z->cut_ttl = ZONE_TTL;
	struct world_zone **end = &w->zones;
	while (*end != NULL)
		end = &(*end)->next;
	*end = z;
	world_changed(w);
	return z;
}

static bool holds(const struct world_zone *z, const struct name *name, bool above)
{
	return above && !name_is_root(name) ? name_is_below(name, &z->apex)
					    : name_is_within(name, &z->apex);
}

struct world_zone *world_zone_of(const struct world *w, const struct name *name, bool above)
{
	struct world_zone *best = NULL;
	for (struct world_zone *z = w->zones; z != NULL; z = z->next)
		if ((best == NULL || z->labels > best->labels) && holds(z, name, above))
			best = z;
	return best;
}

void world_add_line(struct world *w, struct world_zone *z, const char *text)
{
	struct zone_line *line = keep(w, sizeof(*line));
	line->text = world_keep_text(w, text);
	struct zone_line **end = &z->lines;
	while (*end != NULL)
		end = &(*end)->next;
	*end = line;
	world_changed(w);
}

/* Reads one line as a record of the zone. */
static bool read_line(const struct world_zone *z, const char *text, struct arena *a,
		      struct rrset *out)
{
	struct zonetext t = zonetext_of(text, strlen(text));
	t.origin = z->apex;
	return zonetext_next(&t, a, out) == ERR_OK;
}

bool world_remove_lines(struct world *w, struct world_zone *z, const struct name *owner,
			uint16_t type)
{
	bool removed = false;
	struct zone_line **at = &z->lines;
	while (*at != NULL) {
		struct rrset set;
		if (read_line(z, (*at)->text, w->arena, &set) && name_equal(&set.owner, owner) &&
		    (type == 0 || set.type == type)) {
			*at = (*at)->next;
			removed = true;
		} else {
			at = &(*at)->next;
		}
	}
	world_changed(w);
	return removed;
}

void world_add_server(struct world *w, struct world_zone *z, const struct name *name,
		      const struct address *addresses, unsigned count)
{
	struct zone_server *s = keep(w, sizeof(*s));
	s->name = *name;
	s->count = count;
	s->addresses =
	    count == 0 ? NULL : arena_copy(w->arena, addresses, count * sizeof(*addresses));
	assert(count == 0 || s->addresses != NULL);
	struct zone_server **end = &z->servers;
	while (*end != NULL)
		end = &(*end)->next;
	*end = s;
	for (unsigned i = 0; i < count; i++)
		world_serve(w, world_host(w, &addresses[i]), z);
	world_changed(w);
}

void world_changed(struct world *w)
{
	for (struct world_zone *z = w->zones; z != NULL; z = z->next)
		z->made = false;
}

/* ---- what a zone says, as text ---- */

/* The zone writes this record of its apex itself. */
static bool says(const struct world_zone *z, const char *type)
{
	for (const struct zone_line *l = z->lines; l != NULL; l = l->next) {
		char words[4][16] = { "", "", "", "" };
		int n =
		    sscanf(l->text, "%15s %15s %15s %15s", words[0], words[1], words[2], words[3]);
		for (int i = 1; i < n && strcmp(words[0], "@") == 0; i++)
			if (strcmp(words[i], type) == 0)
				return true;
	}
	return false;
}

static void put_addresses(FILE *f, const struct zone_server *s, uint32_t ttl)
{
	char name[NAME_TEXT_MAX], address[ADDRESS_TEXT_MAX];
	name_text(&s->name, name);
	for (unsigned i = 0; i < s->count; i++) {
		address_text(&s->addresses[i], address);
		fprintf(f, "%s %u %s %s\n", name, ttl,
			s->addresses[i].family == FAMILY_IPV4 ? "A" : "AAAA", address);
	}
}

static void put_apex(FILE *f, const struct world_zone *z)
{
	char name[NAME_TEXT_MAX];
	if (!says(z, "SOA"))
		fprintf(f, "@ %u SOA ns.sim. hostmaster.sim. 1 7200 3600 1209600 %u\n", z->ttl,
			z->minimum);
	if (says(z, "NS"))
		return;
	for (const struct zone_server *s = z->servers; s != NULL; s = s->next) {
		name_text(&s->name, name);
		fprintf(f, "@ %u NS %s\n", z->ttl, name);
	}
}

static void put_delegation(FILE *f, const struct world_zone *parent, const struct world_zone *child)
{
	char zone[NAME_TEXT_MAX], name[NAME_TEXT_MAX], ds[SIGNING_DS * (NAME_TEXT_MAX + 256)];
	name_text(&child->apex, zone);
	for (const struct zone_server *s = child->servers; s != NULL; s = s->next) {
		name_text(&s->name, name);
		fprintf(f, "%s %u NS %s\n", zone, child->cut_ttl, name);
		if (name_is_within(&s->name, &child->apex))
			put_addresses(f, s, child->cut_ttl);
	}
	signing_ds_text(&child->signing, &child->apex, ds, sizeof(ds));
	if (parent->signing.key_count > 0)
		fputs(ds, f);
}

/* Addresses of servers whose names lie in this zone, whatever they serve. */
static void put_server_addresses(FILE *f, const struct world *w, const struct world_zone *z)
{
	for (const struct world_zone *other = w->zones; other != NULL; other = other->next)
		for (const struct zone_server *s = other->servers; s != NULL; s = s->next)
			if (s->count > 0 && name_is_within(&s->name, &z->apex) &&
			    world_zone_of(w, &s->name, false) == z)
				put_addresses(f, s, z->ttl);
}

static void put_zone(FILE *f, const struct world *w, const struct world_zone *z)
{
	fprintf(f, "$TTL %u\n", z->ttl);
	put_apex(f, z);
	for (const struct zone_line *l = z->lines; l != NULL; l = l->next)
		fprintf(f, "%s\n", l->text);
	put_server_addresses(f, w, z);
	for (const struct world_zone *c = w->zones; c != NULL; c = c->next)
		if (c != z && !c->undelegated && c->labels > z->labels &&
		    world_zone_of(w, &c->apex, true) == z)
			put_delegation(f, z, c);
}

const struct zone *world_zone_data(struct world *w, struct world_zone *z)
{
	char *text = NULL;
	size_t len = 0;
	if (z->made)
		return &z->zone;
	FILE *f = open_memstream(&text, &len);
	assert(f != NULL);
	put_zone(f, w, z);
	fclose(f);
	struct zone_plan plan = signing_plan(&z->signing);
	z->made = zone_make(w->arena, &z->apex, text, &plan, &z->zone) == ERR_OK;
	free(text);
	return z->made ? &z->zone : NULL;
}

bool world_check(struct world *w, const struct world_zone **bad)
{
	for (struct world_zone *z = w->zones; z != NULL; z = z->next) {
		*bad = z;
		if (world_zone_data(w, z) == NULL)
			return false;
	}
	return true;
}

/* ---- hosts ---- */

struct host *world_find_host(const struct world *w, const struct address *a)
{
	struct host *h = w->hosts;
	while (h != NULL && !address_same_host(&h->address, a))
		h = h->next;
	return h;
}

struct host *world_host(struct world *w, const struct address *a)
{
	struct host *h = world_find_host(w, a);
	if (h != NULL)
		return h;
	h = keep(w, sizeof(*h));
	h->address = *a;
	h->address.port = 0;
	h->udp_size = LIMIT_UDP_SIZE;
	h->next = w->hosts;
	w->hosts = h;
	return h;
}

void world_serve(struct world *w, struct host *h, struct world_zone *z)
{
	for (unsigned i = 0; i < h->zone_count; i++)
		if (h->zones[i] == z)
			return;
	struct world_zone **more =
	    arena_array(w->arena, h->zone_count + 1, sizeof(struct world_zone *));
	assert(more != NULL);
	for (unsigned i = 0; i < h->zone_count; i++)
		more[i] = h->zones[i];
	more[h->zone_count++] = z;
	h->zones = more;
}

struct world_zone *world_served(const struct host *h, const struct name *name, bool above)
{
	struct world_zone *best = NULL, *at = NULL;
	for (unsigned i = 0; i < h->zone_count; i++) {
		struct world_zone *z = h->zones[i];
		if ((best == NULL || z->labels > best->labels) && holds(z, name, above))
			best = z;
		if ((at == NULL || z->labels > at->labels) && holds(z, name, false))
			at = z;
	}
	return best != NULL ? best
			    : at; /* a child's server asked for DS: RFC 4035 section 3.1.4.1 */
}
