#include "tests/sign/sign.h"

#include "resolver/base/octets.h"
#include "validator/crypto.h"
#include "validator/dnskey.h"
#include "validator/signed_data.h"
#include "resolver/wire/writer.h"
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>

enum { RDATA_MAX = 4 + 3 + 8 + 1024, SIGNATURE_MAX = 1024 };

struct sign_key {
	gnutls_privkey_t private;
	gnutls_sign_algorithm_t sign;
	size_t half; /* octets of r and of s; 0: not ECDSA */
	uint8_t octets[RDATA_MAX];
	struct rdata rdata;
};

struct recipe {
	gnutls_pk_algorithm_t pk;
	gnutls_ecc_curve_t curve;
	gnutls_sign_algorithm_t sign;
	size_t half;
};

static struct recipe recipe_of(uint8_t algorithm)
{
	switch (algorithm) {
	case ALGORITHM_RSASHA1:
	case ALGORITHM_RSASHA1_NSEC3:
		return (struct recipe){ GNUTLS_PK_RSA, 0, GNUTLS_SIGN_RSA_SHA1, 0 };
	case ALGORITHM_RSASHA256:
		return (struct recipe){ GNUTLS_PK_RSA, 0, GNUTLS_SIGN_RSA_SHA256, 0 };
	case ALGORITHM_RSASHA512:
		return (struct recipe){ GNUTLS_PK_RSA, 0, GNUTLS_SIGN_RSA_SHA512, 0 };
	case ALGORITHM_ECDSAP256:
		return (struct recipe){ GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP256R1,
					GNUTLS_SIGN_ECDSA_SHA256, 32 };
	case ALGORITHM_ECDSAP384:
		return (struct recipe){ GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP384R1,
					GNUTLS_SIGN_ECDSA_SHA384, 48 };
	case ALGORITHM_ED25519:
		return (struct recipe){ GNUTLS_PK_EDDSA_ED25519, GNUTLS_ECC_CURVE_ED25519,
					GNUTLS_SIGN_EDDSA_ED25519, 0 };
	case ALGORITHM_ED448:
		return (struct recipe){ GNUTLS_PK_EDDSA_ED448, GNUTLS_ECC_CURVE_ED448,
					GNUTLS_SIGN_EDDSA_ED448, 0 };
	default:
		return (struct recipe){ GNUTLS_PK_UNKNOWN, 0, GNUTLS_SIGN_UNKNOWN, 0 };
	}
}

/* A number in exactly len octets: GnuTLS pads and shortens as it likes. */
static void write_number(struct writer *w, const gnutls_datum_t *d, size_t len)
{
	size_t skip = d->size > len ? d->size - len : 0;
	for (size_t i = d->size - skip; i < len; i++)
		write_u8(w, 0);
	write_octets(w, d->data + skip, d->size - skip);
}

static bool write_rsa(struct writer *w, gnutls_pubkey_t public)
{
	gnutls_datum_t n, e;
	if (gnutls_pubkey_export_rsa_raw2(public, &n, &e, GNUTLS_EXPORT_FLAG_NO_LZ) != 0)
		return false;
	write_u8(w, (uint8_t)e.size);
	write_octets(w, e.data, e.size);
	write_octets(w, n.data, n.size);
	gnutls_free(n.data);
	gnutls_free(e.data);
	return true;
}

static bool write_curve(struct writer *w, gnutls_pubkey_t public, size_t half)
{
	gnutls_ecc_curve_t curve;
	gnutls_datum_t x = { NULL, 0 }, y = { NULL, 0 };
	if (gnutls_pubkey_export_ecc_raw2(public, &curve, &x, &y, 0) != 0)
		return false;
	write_number(w, &x, half != 0 ? half : x.size);
	if (half != 0)
		write_number(w, &y, half);
	gnutls_free(x.data);
	gnutls_free(y.data);
	return true;
}

static bool write_public(struct sign_key *k, uint16_t flags, uint8_t algorithm, bool rsa)
{
	gnutls_pubkey_t public;
	struct writer w = writer_of(k->octets, sizeof(k->octets));
	write_u16(&w, flags);
	write_u8(&w, 3);
	write_u8(&w, algorithm);
	if (gnutls_pubkey_init(&public) != 0)
		return false;
	bool ok = gnutls_pubkey_import_privkey(public, k->private, 0, 0) == 0 &&
		  (rsa ? write_rsa(&w, public) : write_curve(&w, public, k->half));
	gnutls_pubkey_deinit(public);
	k->rdata = (struct rdata){ (uint16_t)writer_length(&w), k->octets };
	return ok && w.err == ERR_OK;
}

struct sign_key *sign_key_new(uint8_t algorithm, uint16_t flags, unsigned bits)
{
	struct recipe r = recipe_of(algorithm);
	bool rsa = r.pk == GNUTLS_PK_RSA;
	struct sign_key *k = calloc(1, sizeof(*k));
	if (k == NULL || r.pk == GNUTLS_PK_UNKNOWN)
		goto fail;
	k->sign = r.sign;
	k->half = r.half;
	bits = rsa ? (bits != 0 ? bits : 1024) : (unsigned)GNUTLS_CURVE_TO_BITS(r.curve);
	if (gnutls_privkey_init(&k->private) != 0 ||
	    gnutls_privkey_generate(k->private, r.pk, bits, 0) != 0 ||
	    !write_public(k, flags, algorithm, rsa))
		goto fail;
	return k;
fail:
	sign_key_free(k);
	return NULL;
}

void sign_key_free(struct sign_key *k)
{
	if (k == NULL)
		return;
	if (k->private != NULL)
		gnutls_privkey_deinit(k->private);
	free(k);
}

void sign_key_set_flags(struct sign_key *k, uint16_t flags)
{
	octets_put_be16(k->octets, flags);
}

void sign_key_set_algorithm(struct sign_key *k, uint8_t algorithm)
{
	k->octets[3] = algorithm;
}

const struct rdata *sign_key_rdata(const struct sign_key *k)
{
	return &k->rdata;
}

uint16_t sign_key_tag(const struct sign_key *k)
{
	return dnskey_tag(&k->rdata);
}

uint16_t sign_key_flags(const struct sign_key *k)
{
	return octets_be16(k->octets);
}

struct rrset *sign_new_set(struct arena *a, const struct name *owner, uint16_t type, uint32_t ttl)
{
	struct rrset *s = arena_alloc(a, sizeof(*s));
	if (s == NULL)
		return NULL;
	*s = (struct rrset){
		.owner = *owner, .type = type, .class = CLASS_IN, .ttl = ttl, .rank = RANK_ANSWER
	};
	return s;
}

static enum err append(struct arena *a, struct rdata **list, uint16_t *count, const void *octets,
		       size_t len)
{
	struct rdata *more = arena_array(a, *count + 1u, sizeof(*more));
	uint8_t *copy = arena_copy(a, octets, len);
	if (more == NULL || (copy == NULL && len > 0))
		return ERR_NOMEM;
	for (unsigned i = 0; i < *count; i++)
		more[i] = (*list)[i];
	more[*count] = (struct rdata){ (uint16_t)len, copy };
	*list = more;
	(*count)++;
	return ERR_OK;
}

enum err sign_add(struct arena *a, struct rrset *set, const void *octets, size_t len)
{
	return append(a, &set->rdata, &set->count, octets, len);
}

/* The head of the RRSIG, as it will be told and as it is signed. */
static struct rrsig head_of(const struct rrset *set, const struct sign_key *k,
			    const struct name *zone, const struct sign_how *how)
{
	struct rrsig sig = { 0 };
	unsigned labels = name_labels(&set->owner) - name_is_wildcard(&set->owner);
	sig.covered = how->covered != 0 ? how->covered : set->type;
	sig.algorithm = k->octets[3];
	sig.labels = how->set_labels ? how->labels : (uint8_t)labels;
	sig.original_ttl = how->original_ttl != 0 ? how->original_ttl : set->ttl;
	sig.expiration = how->expiration;
	sig.inception = how->inception;
	sig.tag = how->set_tag ? how->tag : sign_key_tag(k);
	sig.signer = how->signer.len > 0 ? how->signer : *zone;
	return sig;
}

static bool write_signature(struct writer *w, const struct sign_key *k, const uint8_t *octets,
			    size_t len)
{
	uint8_t *copy = malloc(len + 1);
	if (copy == NULL)
		return false;
	memcpy(copy, octets, len);
	gnutls_datum_t data = { copy, (unsigned)len }, sig, r, s;
	bool ok = gnutls_privkey_sign_data2(k->private, k->sign, 0, &data, &sig) == 0;
	free(copy);
	if (!ok)
		return false;
	if (k->half == 0) {
		write_octets(w, sig.data, sig.size);
	} else if (gnutls_decode_rs_value(&sig, &r, &s) == 0) {
		write_number(w, &r, k->half);
		write_number(w, &s, k->half);
		gnutls_free(r.data);
		gnutls_free(s.data);
	} else {
		ok = false;
	}
	gnutls_free(sig.data);
	return ok;
}

static bool write_rrsig(struct writer *w, const struct rrsig *sig, const struct sign_key *k,
			const struct rrset *set)
{
	struct signed_data data;
	if (signed_data_init(&data, set, 0) != ERR_OK)
		return false;
	size_t len = signed_data_for(&data, sig);
	write_u16(w, sig->covered);
	write_u8(w, sig->algorithm);
	write_u8(w, sig->labels);
	write_u32(w, sig->original_ttl);
	write_u32(w, sig->expiration);
	write_u32(w, sig->inception);
	write_u16(w, sig->tag);
	write_plain_name(w, &sig->signer);
	bool ok = len > 0 && write_signature(w, k, data.octets, len);
	signed_data_clear(&data);
	return ok && w->err == ERR_OK;
}

enum err sign_rrset(struct arena *a, struct rrset *set, const struct sign_key *k,
		    const struct name *zone, const struct sign_how *how)
{
	uint8_t octets[18 + NAME_OCTETS + SIGNATURE_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct rrsig sig = head_of(set, k, zone, how);
	if (!write_rrsig(&w, &sig, k, set))
		return ERR_FORMAT;
	if (how->break_signature)
		w.at[-9] ^= 1;
	return append(a, &set->sigs, &set->sig_count, octets, writer_length(&w));
}
