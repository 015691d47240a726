#include "validator/rrsig.h"

#include "validator/dnskey.h"
#include "resolver/wire/writer.h"
#include "validator/signed_data.h"
#include <string.h>

struct reason fault_reason(enum fault f)
{
	switch (f) {
	case FAULT_NONE:
		return NO_REASON;
	case FAULT_UNSIGNED:
		return (struct reason){ EDE_RRSIGS_MISSING, "SGNO no RRSIG in a signed zone" };
	case FAULT_MALFORMED:
		return (struct reason){ EDE_BOGUS, "SGMF malformed RRSIG" };
	case FAULT_ALGORITHM:
		return (struct reason){ EDE_RRSIGS_MISSING, "SGAL no RRSIG of a usable algorithm" };
	case FAULT_TYPE:
		return (struct reason){ EDE_BOGUS, "SGTY the RRSIG covers another type" };
	case FAULT_SIGNER:
		return (struct reason){ EDE_BOGUS, "SGSN the signer is not the zone of the data" };
	case FAULT_LABELS:
		return (struct reason){ EDE_BOGUS, "SGLB the RRSIG has an impossible label count" };
	case FAULT_NO_KEY:
		return (struct reason){ EDE_DNSKEY_MISSING, "SGKY no DNSKEY for the RRSIG" };
	case FAULT_NOT_ZONE_KEY:
		return (struct reason){ EDE_NO_ZONE_KEY_BIT, "SGZB its key may not sign" };
	case FAULT_EXPIRES_BEFORE:
		return (struct reason){ EDE_SIGNATURE_EXPIRED_BEFORE_VALID,
					"SGEB the RRSIG expires before it begins" };
	case FAULT_NOT_YET:
		return (struct reason){ EDE_SIGNATURE_NOT_YET_VALID, "SGNY RRSIG not yet valid" };
	case FAULT_EXPIRED:
		return (struct reason){ EDE_SIGNATURE_EXPIRED, "SGEX RRSIG expired" };
	case FAULT_WRONG:
		return (struct reason){ EDE_BOGUS, "SGWR the signature does not fit the data" };
	case FAULT_COSTLY:
		return (struct reason){ EDE_BOGUS, "SGCO too many signatures to try" };
	case FAULT_EXHAUSTED:
		return (struct reason){ EDE_INDETERMINATE,
					"SGXH all signatures of the question are spent" };
	case FAULT_MEMORY:
		return (struct reason){ EDE_OTHER, "SGME out of memory while verifying" };
	}
	return NO_REASON;
}

enum security fault_security(enum fault f)
{
	return f == FAULT_EXHAUSTED || f == FAULT_MEMORY ? SECURITY_INDETERMINATE : SECURITY_BOGUS;
}

/* No further signature is tried after these. */
static bool ends_all(enum fault f)
{
	return f == FAULT_NONE || f == FAULT_COSTLY || f == FAULT_EXHAUSTED;
}

/*
 * No wildcard makes these (threats E10).  One that has an NSEC makes it for whoever asks for it: RFC 4592
 * section 4.7; it is no proof of anything.
 */
static bool never_expanded(uint16_t type)
{
	return type == TYPE_NSEC3 || type == TYPE_SOA || type == TYPE_DNSKEY || type == TYPE_DS ||
	       type == TYPE_DNAME || type == TYPE_NS;
}

/* Where, in the zone, a type may be: the apex, below it, or one label below it. */
static bool in_place(const struct rrset *set, const struct name *zone)
{
	switch (set->type) {
	case TYPE_DNSKEY:
	case TYPE_SOA:
		return name_equal(&set->owner, zone);
	case TYPE_DS:
		return name_is_below(&set->owner, zone) || name_is_root(zone);
	case TYPE_NSEC3:
		return name_is_below(&set->owner, zone) &&
		       name_labels(&set->owner) == name_labels(zone) + 1;
	default:
		return name_is_within(&set->owner, zone);
	}
}

/* RFC 4034 section 3.1.5: the dates are serial numbers, so compare modulo 2^32. */
static enum fault check_dates(const struct rrsig *sig, const struct verifier *by)
{
	uint32_t t = (uint32_t)by->now.wall_s;
	if ((int32_t)(sig->expiration - sig->inception) < 0)
		return FAULT_EXPIRES_BEFORE;
	if (by->undated)
		return FAULT_NONE;
	/* Tolerance comes after the difference: before it, it would wrap the farthest dates. */
	int64_t left = (int32_t)(sig->expiration - t), gone = (int32_t)(t - sig->inception);
	if (left + by->skew_s < 0)
		return FAULT_EXPIRED;
	if (gone + by->skew_s < 0)
		return FAULT_NOT_YET;
	return FAULT_NONE;
}

/* RFC 4035 section 5.3.1, all of it but the key, in its order where order matters. */
static enum fault check(const struct rrsig *sig, const struct rrset *set, const struct name *zone,
			const struct verifier *by)
{
	if (sig->covered != set->type || set->type == TYPE_RRSIG || type_is_meta(set->type))
		return FAULT_TYPE;
	if (!name_equal(&sig->signer, zone) || !in_place(set, zone))
		return FAULT_SIGNER;
	unsigned own = name_labels(&set->owner) - name_is_wildcard(&set->owner);
	if (sig->labels > own || sig->labels < name_labels(zone))
		return FAULT_LABELS;
	if (sig->labels != own && never_expanded(set->type))
		return FAULT_LABELS;
	if (!crypto_allowed(sig->algorithm, by->allow_sha1))
		return FAULT_ALGORITHM;
	return check_dates(sig, by);
}

enum { PROOF_TAIL = 9 };

/* Lengths last, so that no two triples of data, signature and key give the same octets. */
static bool identify(uint8_t *data, size_t len, const struct rrsig *sig, const struct dnskey *key,
		     struct proof_id *out)
{
	uint8_t digest[CRYPTO_DIGEST_MAX];
	size_t total = len + sig->signature_len + key->material_len + PROOF_TAIL;
	struct writer w = writer_of(data + len, total - len);
	write_octets(&w, sig->signature, sig->signature_len);
	write_octets(&w, key->material, key->material_len);
	write_u32(&w, (uint32_t)len);
	write_u32(&w, (uint32_t)sig->signature_len);
	write_u8(&w, key->algorithm);
	if (w.err != ERR_OK || !crypto_digest(DIGEST_SHA256, data, total, digest))
		return false;
	memcpy(out->octets, digest, sizeof(out->octets));
	return true;
}

/* One set being verified: what is common to its signatures. */
struct attempt {
	const struct verifier *by;
	const struct rrset *dnskeys;
	bool revoked; /* keys with the REVOKE bit, and no others */
	struct signed_data data;
	unsigned tries; /* of LIMIT_SET_VERIFIES */
};

/* The one place where a signature costs something.  Bad keys count as failures: threats D4. */
static enum fault try_key(struct attempt *a, size_t len, const struct rrsig *sig,
			  const struct dnskey *key)
{
	struct budget *b = a->by->budget;
	struct proof_id id;
	bool known = identify(a->data.octets, len, sig, key, &id);
	if (known && keys_has_proof(a->by->keys, &id))
		return FAULT_NONE;
	if (b->verify_failures == 0 || a->tries++ >= LIMIT_SET_VERIFIES)
		return FAULT_COSTLY;
	if (!spend(&b->verifies))
		return FAULT_EXHAUSTED;
	const struct crypto_key *k =
	    keys_get(a->by->keys, key->algorithm, key->material, key->material_len);
	if (k == NULL ||
	    !crypto_verify(k, a->data.octets, len, sig->signature, sig->signature_len)) {
		(void)spend(&b->verify_failures);
		return FAULT_WRONG;
	}
	if (known)
		keys_keep_proof(a->by->keys, &id);
	return FAULT_NONE;
}

/* RFC 4035 section 5.3.1: any key of that tag and algorithm may be the one; two are tried. */
static enum fault try_keys(struct attempt *a, const struct rrsig *sig)
{
	enum fault worst = FAULT_NO_KEY;
	unsigned same_tag = 0;
	size_t len = 0;
	for (unsigned i = 0; i < a->dnskeys->count && same_tag < LIMIT_SAME_TAG_KEYS; i++) {
		struct dnskey key;
		if (dnskey_parse(&a->dnskeys->rdata[i], &key) != ERR_OK || key.tag != sig->tag ||
		    key.algorithm != sig->algorithm)
			continue;
		enum fault f = FAULT_NOT_ZONE_KEY;
		if (a->revoked ? dnskey_is_revoked(&key) : dnskey_may_sign(&key)) {
			same_tag++;
			if (len == 0)
				len = signed_data_for(&a->data, sig);
			f = len == 0 ? FAULT_MALFORMED : try_key(a, len, sig, &key);
		}
		if (ends_all(f))
			return f;
		worst = f > worst ? f : worst;
	}
	return worst;
}

static void describe(const struct rrsig *sig, const struct rrset *set, const struct verifier *by,
		     struct signature *out)
{
	int32_t left = (int32_t)(sig->expiration - (uint32_t)by->now.wall_s);
	unsigned own = name_labels(&set->owner) - name_is_wildcard(&set->owner);
	out->labels = sig->labels;
	out->wildcard = sig->labels < own;
	out->original_ttl = sig->original_ttl;
	out->inception = sig->inception;
	out->left_s = by->undated ? UINT32_MAX : left > 0 ? (uint32_t)left : 1;
}

/* Room behind the signed data for the largest signature, key and tail of any of set's RRSIGs. */
static size_t spare_room(const struct rrset *set, const struct rrset *dnskeys)
{
	size_t sig = 0, key = 0;
	for (unsigned i = 0; i < set->sig_count; i++)
		sig = set->sigs[i].len > sig ? set->sigs[i].len : sig;
	for (unsigned i = 0; i < dnskeys->count; i++)
		key = dnskeys->rdata[i].len > key ? dnskeys->rdata[i].len : key;
	return sig + key + PROOF_TAIL;
}

static enum fault try_signatures(struct attempt *a, const struct rrset *set,
				 const struct name *signer, struct signature *out)
{
	enum fault worst = FAULT_UNSIGNED;
	unsigned tried = 0;
	for (unsigned i = 0; i < set->sig_count && tried < LIMIT_RRSIGS_TRIED; i++) {
		struct rrsig sig;
		enum fault f = FAULT_MALFORMED;
		if (rdata_rrsig(&set->sigs[i], &sig) == ERR_OK)
			f = check(&sig, set, signer, a->by);
		if (f == FAULT_NONE) {
			f = try_keys(a, &sig);
			tried += f != FAULT_NO_KEY; /* looking for a key costs nothing */
		}
		if (a->by->trace != NULL && f != FAULT_MALFORMED)
			trace_signature(a->by->trace, set, &sig, fault_reason(f));
		if (f == FAULT_NONE) {
			describe(&sig, set, a->by, out);
			out->place = (uint16_t)i;
		}
		if (ends_all(f))
			return f;
		worst = f > worst ? f : worst;
	}
	return worst;
}

static enum fault verify(struct attempt *a, const struct rrset *set, const struct name *signer,
			 struct signature *out)
{
	if (set->sig_count == 0)
		return FAULT_UNSIGNED;
	enum err e = signed_data_init(&a->data, set, spare_room(set, a->dnskeys));
	if (e != ERR_OK)
		return e == ERR_NOMEM ? FAULT_MEMORY : FAULT_MALFORMED;
	enum fault f = try_signatures(a, set, signer, out);
	signed_data_clear(&a->data);
	return f;
}

enum fault rrsig_verify(const struct verifier *by, const struct rrset *set,
			const struct name *signer, const struct rrset *dnskeys,
			struct signature *out)
{
	struct attempt a = { .by = by, .dnskeys = dnskeys };
	return verify(&a, set, signer, out);
}

enum fault rrsig_verify_revoked(const struct verifier *by, const struct rrset *set,
				const struct name *signer, const struct rrset *dnskeys,
				struct signature *out)
{
	struct attempt a = { .by = by, .dnskeys = dnskeys, .revoked = true };
	return verify(&a, set, signer, out);
}
