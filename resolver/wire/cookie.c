#include "resolver/wire/cookie.h"

#include "resolver/base/limits.h"
#include "resolver/base/octets.h"

#include <string.h>

/* RFC 9018 section 4: version, reserved, timestamp, hash. */
enum { VERSION = 1, TIME_AT = 4, HASH_AT = 8, HASH_OCTETS = 8 };

static void hash(const struct cookie *c, const struct address *client,
		 const uint8_t secret[COOKIE_SECRET], uint8_t out[HASH_OCTETS])
{
	uint8_t input[COOKIE_CLIENT + HASH_AT + sizeof(client->octets)];
	size_t len = address_octets(client);
	struct siphash_key key = siphash_key_of(secret);
	memcpy(input, c->client, COOKIE_CLIENT);
	memcpy(input + COOKIE_CLIENT, c->server, HASH_AT);
	memcpy(input + COOKIE_CLIENT + HASH_AT, client->octets, len);
	octets_put_le64(out, siphash(&key, input, COOKIE_CLIENT + HASH_AT + len));
}

void cookie_make(struct cookie *c, const struct address *client,
		 const struct cookie_secrets *secrets, int64_t wall_s)
{
	memset(c->server, 0, TIME_AT);
	c->server[0] = VERSION;
	octets_put_be32(c->server + TIME_AT, (uint32_t)wall_s);
	hash(c, client, secrets->current, c->server + HASH_AT);
	c->server_len = COOKIE_SERVER_MADE;
}

/* In constant time: how many octets were right is nobody's business. */
static bool is_made_with(const struct cookie *c, const struct address *client,
			 const uint8_t secret[COOKIE_SECRET])
{
	uint8_t right[HASH_OCTETS], diff = 0;
	hash(c, client, secret, right);
	for (unsigned i = 0; i < HASH_OCTETS; i++)
		diff |= right[i] ^ c->server[HASH_AT + i];
	return diff == 0;
}

enum cookie_state cookie_check(const struct cookie *c, const struct address *client,
			       const struct cookie_secrets *secrets, int64_t wall_s)
{
	if (c->server_len == 0)
		return COOKIE_NONE;
	if (c->server_len != COOKIE_SERVER_MADE || c->server[0] != VERSION)
		return COOKIE_BAD;
	/* RFC 9018 section 4.3: serial numbers, so compare modulo 2^32. */
	int32_t age = (int32_t)((uint32_t)wall_s - octets_be32(c->server + TIME_AT));
	if (age > LIMIT_COOKIE_AGE_S || age < -LIMIT_COOKIE_FUTURE_S)
		return COOKIE_BAD;
	if (is_made_with(c, client, secrets->current))
		return age > LIMIT_COOKIE_RENEW_S || age < 0 ? COOKIE_RENEW : COOKIE_GOOD;
	if (secrets->has_previous && is_made_with(c, client, secrets->previous))
		return COOKIE_RENEW;
	return COOKIE_BAD;
}
