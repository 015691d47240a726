#include "cache/networks.h"

#include <stdlib.h>
#include <string.h>

enum { WAYS = 4 };

struct note {
	uint64_t id;      /* version of the entry; 0: empty */
	uint32_t use;
	uint8_t count;    /* hashes used, at most k */
	bool was_popular; /* in the version before */
	uint16_t hashes[NETWORKS_MAX];
};

struct networks {
	struct siphash_key key;
	unsigned k;
	uint32_t turn;  /* which way of a full bucket goes next */
	size_t mask;    /* buckets - 1 */
	struct note notes[];
};

struct networks *networks_new(size_t entries, unsigned k, const struct siphash_key *key)
{
	size_t buckets = 1;
	while (buckets < entries / WAYS && buckets < SIZE_MAX / 4 / (WAYS * sizeof(struct note)))
		buckets *= 2;
	struct networks *n = calloc(1, sizeof(*n) + buckets * WAYS * sizeof(n->notes[0]));
	if (n == NULL)
		return NULL;
	n->key = *key;
	n->k = k < 1 ? 1 : k > NETWORKS_MAX ? NETWORKS_MAX : k;
	n->mask = buckets - 1;
	return n;
}

void networks_free(struct networks *n)
{
	free(n);
}

/* Of network and entry together, so that one network leaves no trail through the table. */
static uint16_t network_hash(const struct networks *n, uint64_t id, const struct address *client)
{
	unsigned bits = client->family == FAMILY_IPV4 ? NETWORKS_BITS_IPV4 : NETWORKS_BITS_IPV6;
	struct address net = address_network(client, bits);
	uint8_t octets[sizeof(id) + 1 + sizeof(net.octets)];
	memcpy(octets, &id, sizeof(id));
	octets[sizeof(id)] = net.family;
	memcpy(octets + sizeof(id) + 1, net.octets, sizeof(net.octets));
	return (uint16_t)siphash(&n->key, octets, sizeof(octets));
}

/* The entry's note, made for this version when there is none. */
static struct note *note_of(struct networks *n, const struct networks_entry *entry)
{
	uint32_t use = entry->use;
	uint64_t id = entry->id == 0 ? 1 : entry->id; /* 0 is an empty note */
	struct note *bucket = &n->notes[(use & n->mask) * WAYS], *free_way = NULL;
	for (unsigned i = 0; i < WAYS; i++) {
		if (bucket[i].id != 0 && bucket[i].use == use) {
			if (bucket[i].id != id)
				bucket[i] = (struct note){ .id = id, .use = use,
					                   .was_popular = bucket[i].count >= n->k };
			return &bucket[i];
		}
		if (bucket[i].id == 0)
			free_way = &bucket[i];
	}
	struct note *note = free_way != NULL ? free_way : &bucket[n->turn++ % WAYS];
	*note = (struct note){ .id = id, .use = use };
	return note;
}

static bool is_noted(const struct note *note, uint16_t hash)
{
	for (unsigned i = 0; i < note->count; i++) {
		if (note->hashes[i] == hash)
			return true;
	}
	return false;
}

static void add(const struct networks *n, struct note *note, uint16_t hash)
{
	if (note->count < n->k && !is_noted(note, hash))
		note->hashes[note->count++] = hash;
}

bool networks_ask(struct networks *n, const struct networks_entry *entry, const struct address *client)
{
	struct note *note = note_of(n, entry);
	uint16_t hash = network_hash(n, entry->id, client);
	if (!note->was_popular && note->count < n->k && !is_noted(note, hash))
		return false;
	add(n, note, hash);
	return true;
}

void networks_told(struct networks *n, const struct networks_entry *entry, const struct address *client)
{
	add(n, note_of(n, entry), network_hash(n, entry->id, client));
}
