#include "resolver/server/waiting.h"

#include <stdlib.h>

enum { HOSTS = 1 << 16, CONNECTIONS = 1 << 10, PLACE_BITS = 20 };

struct place {
	uint64_t uses;
	struct waiting_client *client; /* NULL: free */
	uint32_t next_free;
};

struct waiting {
	struct siphash_key key;
	unsigned most, made, count;
	uint32_t first_free; /* place + 1; 0: none */
	struct place *places;
	struct list connections[CONNECTIONS]; /* stream clients by connection */
	uint16_t hosts[HOSTS];
};

struct waiting *waiting_new(unsigned most, const struct siphash_key *key)
{
	struct waiting *w = most < 1u << PLACE_BITS ? calloc(1, sizeof(*w)) : NULL;
	if (w == NULL)
		return NULL;
	w->places = calloc(most, sizeof(*w->places));
	if (w->places == NULL) {
		free(w);
		return NULL;
	}
	w->most = most;
	w->key = *key;
	for (unsigned i = 0; i < CONNECTIONS; i++)
		list_init(&w->connections[i]);
	return w;
}

void waiting_free(struct waiting *w)
{
	if (w == NULL)
		return;
	for (unsigned i = 0; i < w->made; i++)
		free(w->places[i].client);
	free(w->places);
	free(w);
}

static uint32_t host_of(const struct waiting *w, const struct address *client)
{
	struct address network = address_network(client, client->family == FAMILY_IPV4 ? 32 : 56);
	return (uint32_t)siphash(&w->key, network.octets, sizeof(network.octets)) % HOSTS;
}

unsigned waiting_of_host(const struct waiting *w, const struct address *client)
{
	return w->count == 0 ? 0 : w->hosts[host_of(w, client)]; /* hits are hashed for nothing else */
}

unsigned waiting_share(const struct waiting *w, const struct waiting_client *c)
{
	return w->hosts[c->host];
}

static bool next_place(const struct waiting *w, uint32_t *place)
{
	*place = w->first_free != 0 ? w->first_free - 1 : w->made;
	return *place < w->most;
}

uint64_t waiting_next_number(const struct waiting *w)
{
	uint32_t place;
	if (!next_place(w, &place))
		return 0;
	return (w->places[place].uses + 1) << PLACE_BITS | place;
}

struct waiting_client *waiting_add(struct waiting *w, const struct address *client, int64_t now_ms)
{
	struct waiting_client *c = malloc(sizeof(*c)); /* large; the caller fills it */
	uint32_t place;
	if (c == NULL || !next_place(w, &place)) {
		free(c);
		return NULL;
	}
	if (place == w->made)
		w->made++;
	else
		w->first_free = w->places[place].next_free;
	c->number = ++w->places[place].uses << PLACE_BITS | place;
	c->host = host_of(w, client);
	c->since_ms = now_ms;
	list_init(&c->same_connection);
	w->places[place].client = c;
	w->hosts[c->host]++;
	w->count++;
	return c;
}

struct waiting_client *waiting_find(struct waiting *w, uint64_t number)
{
	uint64_t place = number & ((1u << PLACE_BITS) - 1);
	if (place >= w->made)
		return NULL;
	struct waiting_client *c = w->places[place].client;
	return c != NULL && c->number == number ? c : NULL;
}

void waiting_remove(struct waiting *w, struct waiting_client *c)
{
	uint32_t place = (uint32_t)(c->number & ((1u << PLACE_BITS) - 1));
	list_remove(&c->same_connection);
	w->hosts[c->host]--;
	w->count--;
	w->places[place].client = NULL;
	w->places[place].next_free = w->first_free;
	w->first_free = place + 1;
	free(c);
}

void waiting_join_connection(struct waiting *w, struct waiting_client *c)
{
	list_append(&w->connections[c->connection % CONNECTIONS], &c->same_connection);
}

struct waiting_client *waiting_of_connection(struct waiting *w, uint64_t connection)
{
	struct list *head = &w->connections[connection % CONNECTIONS];
	for (struct list *l = head->next; l != head; l = l->next) {
		struct waiting_client *c = LIST_ITEM(l, struct waiting_client, same_connection);
		if (c->connection == connection)
			return c;
	}
	return NULL;
}

unsigned waiting_count(const struct waiting *w)
{
	return w->count;
}
