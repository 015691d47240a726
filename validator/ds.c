#include "validator/ds.h"

#include "resolver/wire/reader.h"
#include <stdlib.h>
#include <string.h>

enum { DS_HEAD = 4 };

enum err ds_parse(const struct rdata *r, struct ds *out)
{
	struct reader in = reader_of(r->octets, r->len);
	struct ds d = { 0 };
	d.tag = read_u16(&in);
	d.algorithm = read_u8(&in);
	d.digest_type = read_u8(&in);
	d.digest_len = reader_left(&in);
	d.digest = read_octets(&in, d.digest_len);
	if (in.err != ERR_OK)
		return in.err;
	*out = d;
	return ERR_OK;
}

/* RFC 4034 section 5.1.4: over the canonical owner name and the RDATA of the DNSKEY. */
static bool digest_key(const struct name *owner, const struct rdata *dnskey, uint8_t digest_type,
		       uint8_t out[CRYPTO_DIGEST_MAX])
{
	struct name lower = *owner;
	name_lower(&lower);
	uint8_t *data = malloc((size_t)lower.len + dnskey->len);
	if (data == NULL)
		return false;
	memcpy(data, lower.wire, lower.len);
	memcpy(data + lower.len, dnskey->octets, dnskey->len);
	bool ok = crypto_digest(digest_type, data, (size_t)lower.len + dnskey->len, out);
	free(data);
	return ok;
}

enum err ds_of(const struct name *owner, const struct rdata *dnskey, uint8_t digest_type,
	       struct arena *a, struct rdata *out)
{
	struct dnskey k;
	uint8_t digest[CRYPTO_DIGEST_MAX];
	size_t digest_len = crypto_digest_length(digest_type);
	enum err e = dnskey_parse(dnskey, &k);
	if (e != ERR_OK)
		return e;
	if (digest_len == 0)
		return ERR_UNSUPPORTED;
	uint8_t *octets = arena_alloc(a, DS_HEAD + digest_len);
	if (octets == NULL || !digest_key(owner, dnskey, digest_type, digest))
		return ERR_NOMEM;
	octets[0] = (uint8_t)(k.tag >> 8);
	octets[1] = (uint8_t)k.tag;
	octets[2] = k.algorithm;
	octets[3] = digest_type;
	memcpy(octets + DS_HEAD, digest, digest_len);
	*out = (struct rdata){ (uint16_t)(DS_HEAD + digest_len), octets };
	return ERR_OK;
}

bool ds_matches(const struct ds *ds, const struct name *owner, const struct rdata *dnskey)
{
	struct dnskey k;
	uint8_t digest[CRYPTO_DIGEST_MAX];
	return dnskey_parse(dnskey, &k) == ERR_OK && k.tag == ds->tag &&
	       k.algorithm == ds->algorithm && dnskey_may_sign(&k) &&
	       ds->digest_len == crypto_digest_length(ds->digest_type) &&
	       digest_key(owner, dnskey, ds->digest_type, digest) &&
	       memcmp(digest, ds->digest, ds->digest_len) == 0;
}

static bool usable(const struct ds *ds, bool allow_sha1)
{
	return crypto_allowed(ds->algorithm, allow_sha1) &&
	       crypto_digest_allowed(ds->digest_type, allow_sha1);
}

enum ds_support ds_support(const struct rrset *set, bool allow_sha1)
{
	enum ds_support support = DS_NO_ALGORITHM;
	for (unsigned i = 0; i < set->count; i++) {
		struct ds ds;
		if (ds_parse(&set->rdata[i], &ds) != ERR_OK ||
		    !crypto_allowed(ds.algorithm, allow_sha1))
			continue;
		if (usable(&ds, allow_sha1))
			return DS_SUPPORTED;
		support = DS_NO_DIGEST;
	}
	return support;
}

/* RFC 4509 section 3. */
static bool has_better_than_sha1(const struct rrset *set, bool allow_sha1)
{
	for (unsigned i = 0; i < set->count; i++) {
		struct ds ds;
		if (ds_parse(&set->rdata[i], &ds) == ERR_OK && ds.digest_type != DIGEST_SHA1 &&
		    usable(&ds, allow_sha1))
			return true;
	}
	return false;
}

/* The RRset must be signed by the very key the DS names, not by another of the same tag. */
static enum fault try_ds(const struct verifier *by, const struct ds *ds,
			 const struct rrset *dnskeys, struct signature *out)
{
	for (unsigned i = 0; i < dnskeys->count; i++) {
		if (!ds_matches(ds, &dnskeys->owner, &dnskeys->rdata[i]))
			continue;
		trace_ds(by->trace, &dnskeys->owner, ds->tag, ds->algorithm, ds->digest_type,
			 "names a DNSKEY that is there");
		struct rrset only = *dnskeys;
		only.count = 1;
		only.rdata = &dnskeys->rdata[i];
		return rrsig_verify(by, dnskeys, &dnskeys->owner, &only, out);
	}
	trace_ds(by->trace, &dnskeys->owner, ds->tag, ds->algorithm, ds->digest_type,
		 "names no DNSKEY that is there");
	return FAULT_NO_KEY;
}

enum fault ds_vouches(const struct verifier *by, const struct rrset *set,
		      const struct rrset *dnskeys, struct signature *out)
{
	bool skip_sha1 = has_better_than_sha1(set, by->allow_sha1);
	enum fault worst = FAULT_NO_KEY;
	unsigned tried = 0;
	for (unsigned i = 0; i < set->count && tried < LIMIT_DS_TRIED; i++) {
		struct ds ds;
		if (ds_parse(&set->rdata[i], &ds) != ERR_OK || !usable(&ds, by->allow_sha1) ||
		    (skip_sha1 && ds.digest_type == DIGEST_SHA1))
			continue;
		tried++;
		enum fault f = try_ds(by, &ds, dnskeys, out);
		if (f == FAULT_NONE || f == FAULT_COSTLY || f == FAULT_EXHAUSTED)
			return f;
		worst = f > worst ? f : worst;
	}
	return worst;
}
