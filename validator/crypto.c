#include "validator/crypto.h"

#include "resolver/base/limits.h"
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

struct crypto_key {
	uint8_t algorithm;
	size_t signature_len; /* what a signature must measure */
	gnutls_sign_algorithm_t sign;
	gnutls_pubkey_t pubkey;
};

bool crypto_can(uint8_t algorithm)
{
	switch (algorithm) {
	case ALGORITHM_RSASHA1:
	case ALGORITHM_RSASHA1_NSEC3:
	case ALGORITHM_RSASHA256:
	case ALGORITHM_RSASHA512:
	case ALGORITHM_ECDSAP256:
	case ALGORITHM_ECDSAP384:
	case ALGORITHM_ED25519:
	case ALGORITHM_ED448:
		return true;
	default:
		return false;
	}
}

/* RFC 9905 section 2: validators are to treat SHA-1 signatures as unsupported. */
bool crypto_allowed(uint8_t algorithm, bool allow_sha1)
{
	if (algorithm == ALGORITHM_RSASHA1 || algorithm == ALGORITHM_RSASHA1_NSEC3)
		return allow_sha1;
	return crypto_can(algorithm);
}

bool crypto_can_digest(uint8_t digest)
{
	return crypto_digest_length(digest) != 0;
}

bool crypto_digest_allowed(uint8_t digest, bool allow_sha1)
{
	if (digest == DIGEST_SHA1)
		return allow_sha1;
	return crypto_can_digest(digest);
}

static gnutls_digest_algorithm_t digest_of(uint8_t digest)
{
	switch (digest) {
	case DIGEST_SHA1:
		return GNUTLS_DIG_SHA1;
	case DIGEST_SHA256:
		return GNUTLS_DIG_SHA256;
	case DIGEST_SHA384:
		return GNUTLS_DIG_SHA384;
	default:
		return GNUTLS_DIG_NULL;
	}
}

size_t crypto_digest_length(uint8_t digest)
{
	gnutls_digest_algorithm_t d = digest_of(digest);
	return d == GNUTLS_DIG_NULL ? 0 : gnutls_hash_get_len(d);
}

bool crypto_digest(uint8_t digest, const void *data, size_t len, uint8_t out[CRYPTO_DIGEST_MAX])
{
	gnutls_digest_algorithm_t d = digest_of(digest);
	return d != GNUTLS_DIG_NULL && gnutls_hash_fast(d, data, len, out) == 0;
}

bool crypto_nsec3(const uint8_t *name, size_t name_len, const uint8_t *salt, size_t salt_len,
		  unsigned iterations, uint8_t out[CRYPTO_SHA1_OCTETS])
{
	uint8_t buffer[255 + 255];
	if (name_len > 255 || salt_len > 255)
		return false;
	memcpy(buffer, name, name_len);
	if (salt_len > 0)
		memcpy(buffer + name_len, salt, salt_len);
	if (gnutls_hash_fast(GNUTLS_DIG_SHA1, buffer, name_len + salt_len, out) != 0)
		return false;
	if (salt_len > 0)
		memcpy(buffer + CRYPTO_SHA1_OCTETS, salt, salt_len);
	for (unsigned i = 0; i < iterations; i++) {
		memcpy(buffer, out, CRYPTO_SHA1_OCTETS);
		if (gnutls_hash_fast(GNUTLS_DIG_SHA1, buffer, CRYPTO_SHA1_OCTETS + salt_len, out) !=
		    0)
			return false;
	}
	return true;
}

static gnutls_datum_t datum(const uint8_t *octets, size_t len)
{
	/* GnuTLS has no const datum; it does not write through these. */
	union {
		const uint8_t *in;
		unsigned char *out;
	} p = { octets };
	return (gnutls_datum_t){ p.out, (unsigned)len };
}

/*
 * Only keys that cost little to use and that cannot be written in two ways: no leading zeros, an
 * odd modulus of bounded size, an odd exponent from 3 to 2^32 + 1 (threats D4).
 */
static bool rsa_shape(gnutls_datum_t n, gnutls_datum_t e)
{
	if (e.size == 0 || e.size > 5 || e.data[0] == 0 || n.size == 0 || n.data[0] == 0)
		return false;
	uint64_t exponent = 0;
	for (unsigned i = 0; i < e.size; i++)
		exponent = exponent << 8 | e.data[i];
	if (exponent < 3 || exponent % 2 == 0 || exponent > (UINT64_C(1) << 32) + 1)
		return false;
	unsigned bits = n.size * 8;
	for (uint8_t top = n.data[0]; (top & 0x80) == 0; top = (uint8_t)(top << 1))
		bits--;
	return bits >= LIMIT_RSA_BITS_MIN && bits <= LIMIT_RSA_BITS_MAX &&
	       n.data[n.size - 1] % 2 == 1;
}

/* RFC 3110 section 2: exponent length in one octet, or a zero and two; exponent; modulus. */
static enum err import_rsa(struct crypto_key *k, const uint8_t *material, size_t len)
{
	if (len < 3)
		return ERR_FORMAT;
	size_t e_len = material[0], at = 1;
	if (e_len == 0) {
		e_len = (size_t)material[1] << 8 | material[2];
		at = 3;
	}
	if (len - at <= e_len)
		return ERR_FORMAT;
	gnutls_datum_t e = datum(material + at, e_len);
	gnutls_datum_t n = datum(material + at + e_len, len - at - e_len);
	if (!rsa_shape(n, e))
		return ERR_FORMAT;
	k->signature_len = n.size;
	return gnutls_pubkey_import_rsa_raw(k->pubkey, &n, &e) == 0 ? ERR_OK : ERR_FORMAT;
}

/* RFC 6605 section 4: x | y without the leading 4. */
static enum err import_ecdsa(struct crypto_key *k, gnutls_ecc_curve_t curve, size_t half,
			     const uint8_t *material, size_t len)
{
	if (len != 2 * half)
		return ERR_FORMAT;
	gnutls_datum_t x = datum(material, half);
	gnutls_datum_t y = datum(material + half, half);
	k->signature_len = 2 * half;
	return gnutls_pubkey_import_ecc_raw(k->pubkey, curve, &x, &y) == 0 ? ERR_OK : ERR_FORMAT;
}

/* RFC 8080 section 3. */
static enum err import_eddsa(struct crypto_key *k, gnutls_ecc_curve_t curve, size_t key_len,
			     const uint8_t *material, size_t len)
{
	if (len != key_len)
		return ERR_FORMAT;
	gnutls_datum_t x = datum(material, len);
	k->signature_len = 2 * key_len;
	return gnutls_pubkey_import_ecc_raw(k->pubkey, curve, &x, NULL) == 0 ? ERR_OK : ERR_FORMAT;
}

static enum err import(struct crypto_key *k, const uint8_t *material, size_t len)
{
	switch (k->algorithm) {
	case ALGORITHM_RSASHA1:
	case ALGORITHM_RSASHA1_NSEC3:
		k->sign = GNUTLS_SIGN_RSA_SHA1;
		return import_rsa(k, material, len);
	case ALGORITHM_RSASHA256:
		k->sign = GNUTLS_SIGN_RSA_SHA256;
		return import_rsa(k, material, len);
	case ALGORITHM_RSASHA512:
		k->sign = GNUTLS_SIGN_RSA_SHA512;
		return import_rsa(k, material, len);
	case ALGORITHM_ECDSAP256:
		k->sign = GNUTLS_SIGN_ECDSA_SHA256;
		return import_ecdsa(k, GNUTLS_ECC_CURVE_SECP256R1, 32, material, len);
	case ALGORITHM_ECDSAP384:
		k->sign = GNUTLS_SIGN_ECDSA_SHA384;
		return import_ecdsa(k, GNUTLS_ECC_CURVE_SECP384R1, 48, material, len);
	case ALGORITHM_ED25519:
		k->sign = GNUTLS_SIGN_EDDSA_ED25519;
		return import_eddsa(k, GNUTLS_ECC_CURVE_ED25519, 32, material, len);
	case ALGORITHM_ED448:
		k->sign = GNUTLS_SIGN_EDDSA_ED448;
		return import_eddsa(k, GNUTLS_ECC_CURVE_ED448, 57, material, len);
	default:
		return ERR_UNSUPPORTED;
	}
}

enum err crypto_key_new(uint8_t algorithm, const uint8_t *material, size_t len,
			struct crypto_key **out)
{
	if (!crypto_can(algorithm))
		return ERR_UNSUPPORTED;
	enum err e = ERR_NOMEM;
	struct crypto_key *k = calloc(1, sizeof(*k));
	if (k == NULL || gnutls_pubkey_init(&k->pubkey) != 0)
		goto fail;
	k->algorithm = algorithm;
	e = import(k, material, len);
	if (e != ERR_OK)
		goto fail;
	*out = k;
	return ERR_OK;
fail:
	crypto_key_free(k);
	return e;
}

void crypto_key_free(struct crypto_key *k)
{
	if (k == NULL)
		return;
	if (k->pubkey != NULL)
		gnutls_pubkey_deinit(k->pubkey);
	free(k);
}

/* One INTEGER of DER: minimal, and positive. */
static uint8_t *der_integer(uint8_t *out, const uint8_t *octets, size_t len)
{
	while (len > 1 && octets[0] == 0) {
		octets++;
		len--;
	}
	bool pad = (octets[0] & 0x80) != 0;
	*out++ = 0x02;
	*out++ = (uint8_t)(len + pad);
	if (pad)
		*out++ = 0;
	memcpy(out, octets, len);
	return out + len;
}

enum { DER_MAX = 2 + 2 * (3 + 48) }; /* SEQUENCE of two P-384 INTEGERs: under 128 octets */

/* RFC 6605 section 4 signatures are r | s of equal halves; GnuTLS wants Ecdsa-Sig-Value. */
static size_t der_of(const uint8_t *signature, size_t half, uint8_t out[DER_MAX])
{
	uint8_t *at = der_integer(out + 2, signature, half);
	at = der_integer(at, signature + half, half);
	out[0] = 0x30;
	out[1] = (uint8_t)(at - out - 2);
	return (size_t)(at - out);
}

bool crypto_verify(const struct crypto_key *k, const uint8_t *data, size_t len,
		   const uint8_t *signature, size_t signature_len)
{
	if (signature_len != k->signature_len)
		return false;
	uint8_t der[DER_MAX];
	gnutls_datum_t d = datum(data, len);
	gnutls_datum_t s = datum(signature, signature_len);
	if (k->algorithm == ALGORITHM_ECDSAP256 || k->algorithm == ALGORITHM_ECDSAP384)
		s = datum(der, der_of(signature, signature_len / 2, der));
	/* SHA-1 is policy's to refuse (crypto_allowed), not GnuTLS's. */
	return gnutls_pubkey_verify_data2(
		   k->pubkey, k->sign,
		   GNUTLS_VERIFY_ALLOW_BROKEN | GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1, &d, &s) >= 0;
}
