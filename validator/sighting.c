#include "validator/sighting.h"

/* A revoked key that we know: does it revoke itself?  RFC 5011 section 2.1. */
static bool revokes_itself(const struct verifier *by, const struct rrset *set,
                           const struct rrset *only)
{
	struct signature sig;
	return rrsig_verify_revoked(by, set, &set->owner, only, &sig) == FAULT_NONE;
}

static struct rrset one_key(const struct rrset *set, const struct seen_key *k)
{
	struct rrset only = *set;
	struct rdata *r = &set->rdata[k->rdata - set->rdata];
	only.rdata = r;
	only.count = 1;
	return only;
}

static enum err parse_keys(const struct rrset *set, struct arena *a, struct sighting *out)
{
	out->keys = arena_array(a, set->count + 1u, sizeof(*out->keys));
	if (out->keys == NULL)
		return ERR_NOMEM;
	for (unsigned i = 0; i < set->count; i++) {
		struct seen_key *k = &out->keys[out->count];
		*k = (struct seen_key){ .rdata = &set->rdata[i] };
		out->count += dnskey_parse(k->rdata, &k->key) == ERR_OK && k->key.protocol == 3;
	}
	return ERR_OK;
}

static bool may_be_revoked(const struct anchor_key *known)
{
	return known != NULL && known->state != KEY_REVOKED && known->state != KEY_REMOVED;
}

static void look_for_revocations(const struct verifier *by, const struct rrset *set,
                                 const struct anchor_state *s, struct sighting *out)
{
	for (unsigned i = 0; i < out->count; i++) {
		struct seen_key *k = &out->keys[i];
		struct rrset only = one_key(set, k);
		if (dnskey_is_revoked(&k->key) &&
		    may_be_revoked(anchor_state_find(s, &set->owner, k->rdata)))
			k->signs = revokes_itself(by, set, &only);
	}
}

/* The same key, also there as revoked. */
static bool is_revoked_here(const struct sighting *s, const struct anchor_key *known)
{
	for (unsigned i = 0; i < s->count; i++)
		if (dnskey_is_revoked(&s->keys[i].key) && s->keys[i].signs &&
		    anchor_key_is(known, s->keys[i].rdata))
			return true;
	return false;
}

static void believe(struct sighting *out, const struct signature *sig, struct now now)
{
	if (out->believed && sig->left_s <= out->left_s)
		return;
	out->believed = true;
	out->fault = FAULT_NONE;
	out->original_ttl = sig->original_ttl;
	out->left_s = sig->left_s;
	out->inception_s = now.wall_s + (int32_t)(sig->inception - (uint32_t)now.wall_s);
}

static void look_for_trust(const struct verifier *by, const struct rrset *set,
                           const struct anchor_state *s, struct sighting *out)
{
	bool tried = false;
	out->fault = FAULT_NO_KEY;
	for (unsigned i = 0; i < out->count; i++) {
		struct seen_key *k = &out->keys[i];
		const struct anchor_key *known = anchor_state_find(s, &set->owner, k->rdata);
		if (known == NULL || !anchor_key_trusted(known) || !dnskey_may_sign(&k->key) ||
		    is_revoked_here(out, known))
			continue;
		struct rrset only = one_key(set, k);
		struct signature sig;
		enum fault f = rrsig_verify(by, set, &set->owner, &only, &sig);
		k->signs = f == FAULT_NONE;
		if (k->signs)
			believe(out, &sig, by->now);
		else if (!out->believed && (!tried || f > out->fault))
			out->fault = f;
		tried = true;
	}
}

enum err sighting_of(const struct verifier *by, const struct rrset *dnskeys,
                     const struct anchor_state *s, struct arena *a, struct sighting *out)
{
	struct sighting seen = { .zone = &dnskeys->owner };
	if (dnskeys->type != TYPE_DNSKEY)
		return ERR_FORMAT;
	enum err e = parse_keys(dnskeys, a, &seen);
	if (e != ERR_OK)
		return e;
	look_for_revocations(by, dnskeys, s, &seen);
	look_for_trust(by, dnskeys, s, &seen);
	*out = seen;
	return ERR_OK;
}
