#include "cache/denials.h"

#include "cache/hashed.h"
#include "cache/rules.h"
#include <string.h>

enum { STEPS_BACK = 4 }; /* over entries that have run out; further than that is a miss */

/* The key just before k in the order of keys, or near enough: false when there is none. */
static bool step_back(struct key *k)
{
	if (k->len == 0)
		return false;
	if (k->octets[k->len - 1] == 0) {
		k->len--;
		return true;
	}
	k->octets[k->len - 1]--;
	if (k->len < KEY_OCTETS)
		k->octets[k->len++] = 0xff;
	return true;
}

/* The greatest fresh one at or before k in the run, but behind past. */
static bool fresh_floor(const struct layers *l, const struct cache_policy *policy, uint32_t now_s,
                        const struct key *k, size_t run, const struct key *past,
                        bool (*floor)(const struct layers *, const struct key *, size_t,
                                      const struct key *, struct place *),
                        struct place *out)
{
	struct key at = *k;
	for (unsigned i = 0; i < STEPS_BACK; i++) {
		if (!floor(l, &at, run, past, out))
			return false;
		if (rules_left(&out->entry, &policy->ttl, now_s) > 0)
			return true;
		at = out->key;
		if (!step_back(&at))
			return false;
	}
	return false;
}

/* Of both layers, the one nearer to k. */
static bool nearest(const struct layers *l, const struct cache_policy *policy, uint32_t now_s,
                    const struct key *k, size_t run, struct place *out)
{
	struct place stored;
	bool hot = fresh_floor(l, policy, now_s, k, run, NULL, layers_hot_floor, out);
	if (hot && key_compare(out->key.octets, out->key.len, k->octets, k->len) == 0)
		return true;
	if (!fresh_floor(l, policy, now_s, k, run, hot ? &out->key : NULL, layers_stored_floor, &stored))
		return hot;
	*out = stored;
	return true;
}

/* The TTL that a synthesised answer starts from: what counts down is what is left (ttl.h). */
static uint32_t ttl_told(const struct cache_policy *policy, const struct entry *e, uint32_t now_s)
{
	return policy->ttl.mode == TTL_OFF ? rules_left(e, &policy->ttl, now_s) : e->lifetime_s;
}

static enum err tell(struct layers *l, struct place *p, const struct name *owner, uint16_t type,
                     uint32_t ttl, struct arena *a, struct rrset *out)
{
	enum err e = entry_denial(&p->entry, owner, type, ttl, a, out);
	if (e == ERR_OK)
		(void)layers_promote(l, p);
	return e == ERR_OK || e == ERR_NOMEM ? e : ERR_NOTFOUND;
}

enum err denials_find_nsec(struct layers *l, const struct cache_policy *policy, uint32_t now_s,
                           const struct name *zone, const struct name *name, struct arena *a,
                           struct rrset *out)
{
	struct key k, run;
	struct place p;
	struct key_parts parts;
	if (!key_run(&run, KEY_NSEC, zone) || !key_nsec(&k, zone, name) ||
	    !nearest(l, policy, now_s, &k, run.len, &p) ||
	    key_parse(p.key.octets, p.key.len, &parts) != ERR_OK)
		return ERR_NOTFOUND;
	return tell(l, &p, &parts.owner, TYPE_NSEC, ttl_told(policy, &p.entry, now_s), a, out);
}

enum err denials_find_nsec3(struct layers *l, const struct cache_policy *policy, uint32_t now_s,
                            const struct name *zone, const uint8_t *hash, size_t len,
                            struct arena *a, struct rrset *out)
{
	static const uint8_t last[HASHED_OCTETS] = { [0 ... HASHED_OCTETS - 1] = 0xff };
	struct key k, run, end;
	struct place p;
	struct name owner;
	if (!key_run(&run, KEY_NSEC3, zone) || !key_nsec3(&k, zone, hash, len) ||
	    !key_nsec3(&end, zone, last, sizeof(last)))
		return ERR_NOTFOUND;
	/* hashes go round: before the first comes the last */
	if (!nearest(l, policy, now_s, &k, run.len, &p) &&
	    !nearest(l, policy, now_s, &end, run.len, &p))
		return ERR_NOTFOUND;
	if (hashed_owner(p.key.octets + run.len, p.key.len - (size_t)run.len, zone, &owner) != ERR_OK)
		return ERR_NOTFOUND;
	return tell(l, &p, &owner, TYPE_NSEC3, ttl_told(policy, &p.entry, now_s), a, out);
}

/* Seconds until the first of the signatures that still hold ends (RFC 4034 section 3.1.5: serial numbers). */
static uint32_t signatures_end(const struct rrset *set, int64_t wall_s, uint32_t *ttl)
{
	uint32_t bound = TTL_NO_BOUND;
	struct rrsig sig;
	for (unsigned i = 0; i < set->sig_count; i++) {
		if (rdata_rrsig(&set->sigs[i], &sig) != ERR_OK)
			continue;
		uint32_t left = sig.expiration - (uint32_t)wall_s;
		if (left <= INT32_MAX && left < bound)
			bound = left;
		if (sig.original_ttl < *ttl)
			*ttl = sig.original_ttl;
	}
	return bound;
}

static bool denial_key(struct key *k, const struct name *zone, const struct rrset *set)
{
	uint8_t hash[HASHED_OCTETS];
	size_t len;
	if (set->type == TYPE_NSEC)
		return key_nsec(k, zone, &set->owner);
	return hashed_read(&set->owner, zone, hash, &len) == ERR_OK &&
	       key_nsec3(k, zone, hash, len);
}

void denials_put(struct layers *l, const struct cache_policy *policy, struct now now,
                 const struct name *zone, const struct rrset *set)
{
	struct key k;
	struct entry head = { .what = ENTRY_DENIAL, .rank = RANK_SECURE,
		              .security = SECURITY_SECURE, .lifetime_s = set->ttl };
	if (set->security != SECURITY_SECURE || set->sig_count == 0 ||
	    (set->type != TYPE_NSEC && set->type != TYPE_NSEC3) || !denial_key(&k, zone, set))
		return;
	head.stored_s = (uint32_t)(now.mono_ms / 1000);
	head.bound_s = signatures_end(set, now.wall_s, &head.lifetime_s);
	if (head.lifetime_s > policy->negative_ttl_max) /* RFC 9077: as negative answers live */
		head.lifetime_s = policy->negative_ttl_max;
	if (head.bound_s >= head.lifetime_s)
		head.bound_s = TTL_NO_BOUND;
	struct writer w = layers_pack(l);
	if (head.lifetime_s > 0 && head.bound_s > 0 &&
	    entry_pack_denial(&w, &head, zone, set) == ERR_OK)
		layers_keep(l, &k, &w);
}
