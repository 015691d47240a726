/*
 * stub_crypto.c - cryptography that costs nothing and that a fuzzer can satisfy.
 *
 * Stands in for validator/crypto.c: a signature is right when its first octet is odd, a digest is
 * a small sum spread out.  Shapes of keys are not looked at.
 */
#include "validator/crypto.h"

#include <stdlib.h>
#include <string.h>

struct crypto_key {
	uint8_t algorithm;
};

bool crypto_can(uint8_t algorithm)
{
	return algorithm >= ALGORITHM_RSASHA256 && algorithm <= ALGORITHM_ED448;
}

bool crypto_allowed(uint8_t algorithm, bool allow_sha1)
{
	return crypto_can(algorithm) || (allow_sha1 && algorithm == ALGORITHM_RSASHA1);
}

bool crypto_can_digest(uint8_t digest)
{
	return crypto_digest_length(digest) != 0;
}

bool crypto_digest_allowed(uint8_t digest, bool allow_sha1)
{
	return crypto_can_digest(digest) && (digest != DIGEST_SHA1 || allow_sha1);
}

size_t crypto_digest_length(uint8_t digest)
{
	return digest == DIGEST_SHA1 ? 4 : digest == DIGEST_SHA256 ? CRYPTO_SHA256_OCTETS : 0;
}

bool crypto_digest(uint8_t digest, const void *data, size_t len, uint8_t out[CRYPTO_DIGEST_MAX])
{
	const uint8_t *octets = data;
	uint8_t sum = 0;
	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum * 31 + octets[i]);
	memset(out, 0, CRYPTO_DIGEST_MAX);
	out[0] = sum;
	return crypto_can_digest(digest);
}

/* Close to the order of names, so that spans over few hashes mean something. */
bool crypto_nsec3(const uint8_t *name, size_t name_len, const uint8_t *salt, size_t salt_len,
		  unsigned iterations, uint8_t out[CRYPTO_SHA1_OCTETS])
{
	(void)salt;
	memset(out, 0, CRYPTO_SHA1_OCTETS);
	for (size_t i = 0; i < name_len; i++)
		out[i % 2] = (uint8_t)(out[i % 2] + name[i]);
	out[2] = (uint8_t)(salt_len + iterations);
	return true;
}

enum err crypto_key_new(uint8_t algorithm, const uint8_t *material, size_t len,
			struct crypto_key **out)
{
	if (!crypto_can(algorithm))
		return ERR_UNSUPPORTED;
	if (len == 0 || material[0] == 0)
		return ERR_FORMAT;
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return ERR_NOMEM;
	(*out)->algorithm = algorithm;
	return ERR_OK;
}

void crypto_key_free(struct crypto_key *k)
{
	free(k);
}

bool crypto_verify(const struct crypto_key *k, const uint8_t *data, size_t len,
		   const uint8_t *signature, size_t signature_len)
{
	return k->algorithm != 0 && data != NULL && len > 0 && signature_len > 0 &&
	       (signature[0] & 1) != 0;
}
