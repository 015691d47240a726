#include "validator/keys.h"

#include "resolver/base/limits.h"
#include <stdlib.h>
#include <string.h>

struct slot {
	struct crypto_key *key; /* NULL: empty */
	uint8_t *material;      /* owned */
	size_t len;
	uint8_t algorithm;
};

struct keys {
	struct siphash_key seed;
	struct slot slots[LIMIT_KEYS_KEPT];
	struct proof_id proofs[LIMIT_PROOFS_KEPT]; /* all zero: empty */
};

struct keys *keys_new(const struct siphash_key *seed)
{
	struct keys *k = calloc(1, sizeof(*k));
	if (k != NULL)
		k->seed = *seed;
	return k;
}

static void clear(struct slot *s)
{
	crypto_key_free(s->key);
	free(s->material);
	*s = (struct slot){ 0 };
}

void keys_free(struct keys *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < LIMIT_KEYS_KEPT; i++)
		clear(&k->slots[i]);
	free(k);
}

static bool fill(struct slot *s, uint8_t algorithm, const uint8_t *material, size_t len)
{
	struct crypto_key *key;
	if (crypto_key_new(algorithm, material, len, &key) != ERR_OK)
		return false;
	uint8_t *copy = malloc(len);
	if (copy == NULL) {
		crypto_key_free(key);
		return false;
	}
	memcpy(copy, material, len);
	clear(s);
	*s = (struct slot){ .key = key, .material = copy, .len = len, .algorithm = algorithm };
	return true;
}

const struct crypto_key *keys_get(struct keys *k, uint8_t algorithm, const uint8_t *material,
				  size_t len)
{
	struct slot *s = &k->slots[siphash(&k->seed, material, len) % LIMIT_KEYS_KEPT];
	if (s->key != NULL && s->algorithm == algorithm && s->len == len &&
	    memcmp(s->material, material, len) == 0)
		return s->key;
	return fill(s, algorithm, material, len) ? s->key : NULL;
}

/* The first of the two places that a proof may have. */
static size_t proof_places(const struct keys *k, const struct proof_id *id)
{
	return siphash(&k->seed, id->octets, sizeof(id->octets)) % (LIMIT_PROOFS_KEPT / 2) * 2;
}

bool keys_has_proof(const struct keys *k, const struct proof_id *id)
{
	const struct proof_id *places = &k->proofs[proof_places(k, id)];
	return memcmp(&places[0], id, sizeof(*id)) == 0 || memcmp(&places[1], id, sizeof(*id)) == 0;
}

void keys_keep_proof(struct keys *k, const struct proof_id *id)
{
	struct proof_id *places = &k->proofs[proof_places(k, id)];
	places[1] = places[0];
	places[0] = *id;
}
