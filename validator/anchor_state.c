#include "validator/anchor_state.h"

#include "validator/ds.h"
#include <stdlib.h>
#include <string.h>

enum { DNSKEY_HEAD = 4, FLAGS_LOW = 1 };

const char *key_state_text(enum key_state s)
{
	switch (s) {
	case KEY_START:   return "Start";
	case KEY_ADDPEND: return "AddPend";
	case KEY_VALID:   return "Valid";
	case KEY_MISSING: return "Missing";
	case KEY_REVOKED: return "Revoked";
	case KEY_REMOVED: return "Removed";
	}
	return "?";
}

enum err key_state_parse(const char *text, size_t len, enum key_state *out)
{
	for (unsigned i = 0; i < KEY_STATES; i++) {
		const char *name = key_state_text((enum key_state)i);
		if (strlen(name) == len && memcmp(name, text, len) == 0) {
			*out = (enum key_state)i;
			return ERR_OK;
		}
	}
	return ERR_NOTFOUND;
}

void anchor_state_clear(struct anchor_state *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->keys[i].octets);
	free(s->keys);
	free(s->zones);
	*s = (struct anchor_state){ 0 };
}

struct anchor_zone *anchor_state_zone(const struct anchor_state *s, const struct name *zone)
{
	for (size_t i = 0; i < s->zone_count; i++)
		if (name_equal(&s->zones[i].name, zone))
			return &s->zones[i];
	return NULL;
}

static enum err add_zone(struct anchor_state *s, const struct name *zone)
{
	if (anchor_state_zone(s, zone) != NULL)
		return ERR_OK;
	if (s->zone_count >= LIMIT_ANCHORS)
		return ERR_LIMIT;
	struct anchor_zone *more = realloc(s->zones, (s->zone_count + 1) * sizeof(*more));
	if (more == NULL)
		return ERR_NOMEM;
	s->zones = more;
	s->zones[s->zone_count++] = (struct anchor_zone){ .name = *zone };
	return ERR_OK;
}

static struct rdata rdata_of(const struct anchor_key *k)
{
	return (struct rdata){ k->len, k->octets };
}

/* A copy of r, without the REVOKE bit if it is a DNSKEY. */
static uint8_t *copy_rdata(uint16_t type, const struct rdata *r)
{
	uint8_t *octets = malloc(r->len);
	if (octets == NULL)
		return NULL;
	memcpy(octets, r->octets, r->len);
	if (type == TYPE_DNSKEY)
		octets[FLAGS_LOW] &= (uint8_t)~DNSKEY_REVOKE;
	return octets;
}

/* Algorithm and material; flags do not matter. */
static bool same_key(const struct rdata *a, const struct rdata *b)
{
	return a->len == b->len && a->len > DNSKEY_HEAD &&
	       memcmp(a->octets + DNSKEY_HEAD - 1, b->octets + DNSKEY_HEAD - 1,
	              (size_t)a->len - DNSKEY_HEAD + 1) == 0;
}

static bool same_rdata(const struct rdata *a, const struct rdata *b)
{
	return a->len == b->len && memcmp(a->octets, b->octets, a->len) == 0;
}

/* No memory is a no: such a key stays known by its digest, and trusted. */
static bool digest_fits(const struct anchor_key *k, const struct rdata *dnskey)
{
	struct ds ds;
	struct rdata own = rdata_of(k);
	struct rdata plain = { dnskey->len, NULL };
	if (dnskey->len <= DNSKEY_HEAD || dnskey->len > LIMIT_ANCHOR_OCTETS ||
	    ds_parse(&own, &ds) != ERR_OK)
		return false;
	uint8_t *copy = copy_rdata(TYPE_DNSKEY, dnskey);
	plain.octets = copy;
	bool fits = copy != NULL && ds_matches(&ds, &k->zone, &plain);
	free(copy);
	return fits;
}

bool anchor_key_is(const struct anchor_key *k, const struct rdata *dnskey)
{
	struct rdata own = rdata_of(k);
	return k->type == TYPE_DNSKEY ? same_key(&own, dnskey) : digest_fits(k, dnskey);
}

bool anchor_key_trusted(const struct anchor_key *k)
{
	return k->state == KEY_VALID || k->state == KEY_MISSING;
}

/* RFC 4034 appendix B with one more bit in the flags: not always 128 more, for the sum is folded. */
uint16_t anchor_key_revoked_tag(const struct anchor_key *k)
{
	uint32_t sum = DNSKEY_REVOKE;
	if (k->type != TYPE_DNSKEY)
		return k->tag;
	for (size_t i = 0; i < k->len; i++)
		sum += (i & 1) != 0 ? k->octets[i] : (uint32_t)k->octets[i] << 8;
	sum += sum >> 16 & 0xffff;
	return (uint16_t)sum;
}

static bool right_length(const struct ds *ds)
{
	size_t known = crypto_digest_length(ds->digest_type);
	return ds->digest_len > 0 && (known == 0 || ds->digest_len == known);
}

/* Tag and algorithm from octets; false: not the RDATA of a key. */
static bool describe(struct anchor_key *k)
{
	struct rdata r = rdata_of(k);
	struct dnskey key;
	struct ds ds;
	if (k->type == TYPE_DNSKEY && dnskey_parse(&r, &key) == ERR_OK && key.material_len > 0) {
		k->tag = key.tag;
		k->algorithm = key.algorithm;
		return true;
	}
	if (k->type == TYPE_DS && ds_parse(&r, &ds) == ERR_OK && right_length(&ds)) {
		k->tag = ds.tag;
		k->algorithm = ds.algorithm;
		return true;
	}
	return false;
}

static bool has_same(const struct anchor_state *s, const struct anchor_key *k)
{
	struct rdata r = rdata_of(k);
	for (size_t i = 0; i < s->count; i++) {
		const struct anchor_key *other = &s->keys[i];
		struct rdata own = rdata_of(other);
		if (other->type == k->type && name_equal(&other->zone, &k->zone) &&
		    (k->type == TYPE_DNSKEY ? same_key(&own, &r) : same_rdata(&own, &r)))
			return true;
	}
	return false;
}

enum err anchor_state_add(struct anchor_state *s, const struct anchor_key *k,
                          const struct rdata *r)
{
	struct anchor_key key = *k;
	if (s->count >= LIMIT_ANCHORS || r->len > LIMIT_ANCHOR_OCTETS)
		return ERR_LIMIT;
	if (r->len < DNSKEY_HEAD)
		return ERR_FORMAT;
	struct anchor_key *more = realloc(s->keys, (s->count + 1) * sizeof(*more));
	if (more == NULL)
		return ERR_NOMEM;
	s->keys = more;
	key.len = r->len;
	key.octets = copy_rdata(k->type, r);
	if (key.octets == NULL)
		return ERR_NOMEM;
	enum err e = describe(&key) && !has_same(s, &key) ? add_zone(s, &k->zone) : ERR_FORMAT;
	if (e != ERR_OK) {
		free(key.octets);
		return e;
	}
	s->keys[s->count++] = key;
	return ERR_OK;
}

void anchor_state_drop(struct anchor_state *s, size_t i)
{
	free(s->keys[i].octets);
	s->count--;
	memmove(&s->keys[i], &s->keys[i + 1], (s->count - i) * sizeof(s->keys[i]));
}

enum err anchor_state_learn(struct anchor_state *s, size_t i, const struct rdata *r)
{
	struct anchor_key *k = &s->keys[i];
	struct anchor_key learned = *k;
	learned.type = TYPE_DNSKEY;
	learned.len = r->len;
	learned.octets = copy_rdata(TYPE_DNSKEY, r);
	if (learned.octets == NULL)
		return ERR_NOMEM;
	if (has_same(s, &learned)) {
		free(learned.octets);
		anchor_state_drop(s, i);
		return ERR_OK;
	}
	(void)describe(&learned); /* its digest fits: it is a key */
	free(k->octets);
	*k = learned;
	return ERR_OK;
}

enum err anchor_state_copy(const struct anchor_state *s, struct anchor_state *out)
{
	struct anchor_state copy = { .floor_s = s->floor_s };
	enum err e = ERR_OK;
	for (size_t i = 0; e == ERR_OK && i < s->zone_count; i++) {
		e = add_zone(&copy, &s->zones[i].name);
		if (e == ERR_OK)
			copy.zones[i] = s->zones[i];
	}
	for (size_t i = 0; e == ERR_OK && i < s->count; i++) {
		struct rdata r = rdata_of(&s->keys[i]);
		e = anchor_state_add(&copy, &s->keys[i], &r);
	}
	if (e == ERR_OK)
		*out = copy;
	else
		anchor_state_clear(&copy);
	return e;
}

struct anchor_key *anchor_state_find(const struct anchor_state *s, const struct name *zone,
                                     const struct rdata *dnskey)
{
	for (size_t i = 0; i < s->count; i++)
		if (name_equal(&s->keys[i].zone, zone) && anchor_key_is(&s->keys[i], dnskey))
			return &s->keys[i];
	return NULL;
}

/* The operator says so: only what was revoked is beyond him. */
static void trust_known(struct anchor_key *k, struct now now)
{
	if (k->state == KEY_START || k->state == KEY_ADDPEND) {
		k->state = KEY_VALID;
		k->since_s = now.wall_s;
		k->hold_s = 0;
		k->by_count = 0;
	}
}

static bool fits_record(const struct anchor_key *k, uint16_t type, const struct rdata *r)
{
	struct rdata own = rdata_of(k);
	struct ds ds;
	if (type == TYPE_DNSKEY)
		return anchor_key_is(k, r);
	if (k->type == TYPE_DS)
		return same_rdata(&own, r);
	return ds_parse(r, &ds) == ERR_OK && ds_matches(&ds, &k->zone, &own);
}

static enum err trust_record(struct anchor_state *s, const struct rrset *set,
                             const struct rdata *r, struct now now)
{
	for (size_t i = 0; i < s->count; i++) {
		if (!name_equal(&s->keys[i].zone, &set->owner) ||
		    !fits_record(&s->keys[i], set->type, r))
			continue;
		trust_known(&s->keys[i], now);
		if (set->type == TYPE_DNSKEY && s->keys[i].type == TYPE_DS)
			return anchor_state_learn(s, i, r);
		return ERR_OK;
	}
	struct anchor_key k = { .zone = set->owner, .state = KEY_VALID, .type = set->type,
		                .since_s = now.wall_s };
	name_lower(&k.zone);
	return anchor_state_add(s, &k, r);
}

static void drop_all(struct anchor_state *s, const struct anchor_key *k)
{
	struct rdata r = rdata_of(k);
	for (size_t i = s->count; i-- > 0;)
		if (name_equal(&s->keys[i].zone, &k->zone) && fits_record(&s->keys[i], k->type, &r))
			anchor_state_drop(s, i);
}

enum err anchor_state_remember(struct anchor_state *s, const struct anchor_state *old)
{
	enum err e = ERR_OK;
	if (s->floor_s < old->floor_s)
		s->floor_s = old->floor_s;
	for (size_t i = 0; e == ERR_OK && i < old->count; i++) {
		const struct anchor_key *k = &old->keys[i];
		struct rdata r = rdata_of(k);
		bool revoked = k->state == KEY_REVOKED || k->state == KEY_REMOVED;
		if (!revoked || anchor_state_zone(s, &k->zone) == NULL)
			continue;
		drop_all(s, k);
		e = anchor_state_add(s, k, &r);
	}
	return e;
}

static bool is_entry(const struct rrset *set, const struct rdata *r)
{
	struct dnskey key;
	return set->type == TYPE_DS ||
	       (dnskey_parse(r, &key) == ERR_OK && dnskey_may_sign(&key) &&
	        (key.flags & DNSKEY_SEP) != 0);
}

/* RFC 5011 is about SEP keys; a zone without any may be anchored by what it has. */
static bool has_entry(const struct rrset *sets, size_t count, const struct name *zone)
{
	for (size_t i = 0; i < count; i++) {
		if (!name_equal(&sets[i].owner, zone))
			continue;
		for (unsigned j = 0; j < sets[i].count; j++)
			if (is_entry(&sets[i], &sets[i].rdata[j]))
				return true;
	}
	return false;
}

static bool is_candidate(const struct rrset *sets, size_t count, const struct rrset *set,
                         const struct rdata *r)
{
	struct dnskey key;
	if (is_entry(set, r))
		return true;
	return dnskey_parse(r, &key) == ERR_OK && dnskey_may_sign(&key) &&
	       !has_entry(sets, count, &set->owner);
}

enum err anchor_state_trust(struct anchor_state *s, const struct rrset *sets, size_t count,
                            struct now now)
{
	for (size_t i = 0; i < count; i++) {
		const struct rrset *set = &sets[i];
		if (set->type != TYPE_DS && set->type != TYPE_DNSKEY)
			return ERR_FORMAT;
		for (unsigned j = 0; j < set->count; j++) {
			if (!is_candidate(sets, count, set, &set->rdata[j]))
				continue;
			enum err e = trust_record(s, set, &set->rdata[j], now);
			if (e != ERR_OK)
				return e;
		}
	}
	return ERR_OK;
}

bool anchor_state_clock_plausible(const struct anchor_state *s, struct now now, uint32_t skew_s)
{
	return now.wall_s + skew_s >= s->floor_s;
}

/* SHA-256 of nothing we could find: RSA/SHA-256 (8), so that everybody thinks it can be met. */
static const uint8_t unmeetable[DNSKEY_HEAD + CRYPTO_SHA256_OCTETS] = {
	0, 0, ALGORITHM_RSASHA256, DIGEST_SHA256
};

bool anchor_ds_is_unmeetable(const struct rdata *ds)
{
	return ds->len == sizeof(unmeetable) &&
	       memcmp(ds->octets, unmeetable, sizeof(unmeetable)) == 0;
}

static bool usable(const struct anchor_key *k, bool allow_sha1)
{
	struct rdata r = rdata_of(k);
	struct ds ds;
	return crypto_allowed(k->algorithm, allow_sha1) &&
	       (k->type == TYPE_DNSKEY ||
	        (ds_parse(&r, &ds) == ERR_OK && crypto_digest_allowed(ds.digest_type, allow_sha1)));
}

static bool zone_has(const struct anchor_state *s, const struct name *zone, bool only_usable,
                     bool allow_sha1)
{
	for (size_t i = 0; i < s->count; i++)
		if (name_equal(&s->keys[i].zone, zone) && anchor_key_trusted(&s->keys[i]) &&
		    (!only_usable || usable(&s->keys[i], allow_sha1)))
			return true;
	return false;
}

static struct rrset *start_set(struct rrset *sets, size_t *count, const struct name *zone,
                               uint16_t type)
{
	struct rrset *set = &sets[(*count)++];
	*set = (struct rrset){ .owner = *zone, .type = type, .class = CLASS_IN,
		               .rank = RANK_LOCAL, .security = SECURITY_SECURE };
	return set;
}

/* One set of each type at most, the valid keys before the missing ones. */
static enum err fill_set(const struct anchor_state *s, struct arena *a, struct rrset *set,
                         const struct rdata *last)
{
	set->rdata = arena_array(a, s->count + 1, sizeof(*set->rdata));
	if (set->rdata == NULL)
		return ERR_NOMEM;
	for (unsigned missing = 0; missing < 2; missing++) {
		for (size_t i = 0; i < s->count; i++) {
			const struct anchor_key *k = &s->keys[i];
			if (k->type != set->type || !name_equal(&k->zone, &set->owner) ||
			    k->state != (missing ? KEY_MISSING : KEY_VALID))
				continue;
			const void *copy = arena_copy(a, k->octets, k->len);
			if (copy == NULL)
				return ERR_NOMEM;
			set->rdata[set->count++] = (struct rdata){ k->len, copy };
		}
	}
	if (last != NULL)
		set->rdata[set->count++] = *last;
	return ERR_OK;
}

enum err anchor_state_sets(const struct anchor_state *s, bool allow_sha1, struct arena *a,
                           struct rrset **sets, size_t *count)
{
	static const struct rdata nobody = { sizeof(unmeetable), unmeetable };
	struct rrset *list = arena_array(a, 2 * s->zone_count + 1, sizeof(*list));
	size_t n = 0;
	if (list == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < s->zone_count; i++) {
		const struct name *zone = &s->zones[i].name;
		bool ok = zone_has(s, zone, true, allow_sha1);
		enum err e = fill_set(s, a, start_set(list, &n, zone, TYPE_DNSKEY), NULL);
		if (e == ERR_OK)
			e = fill_set(s, a, start_set(list, &n, zone, TYPE_DS), ok ? NULL : &nobody);
		if (e != ERR_OK)
			return e;
	}
	*sets = list;
	*count = n;
	return ERR_OK;
}

enum anchor_health anchor_state_health(const struct anchor_state *s, const struct name *zone,
                                       bool allow_sha1)
{
	const struct anchor_zone *z = anchor_state_zone(s, zone);
	if (z == NULL || !zone_has(s, zone, false, allow_sha1))
		return HEALTH_NO_KEY;
	if (!zone_has(s, zone, true, allow_sha1))
		return HEALTH_NO_USABLE;
	if (z->refused_s != 0)
		return HEALTH_REFUSED;
	return z->believed_s == 0 ? HEALTH_UNKNOWN : HEALTH_GREEN;
}

const char *anchor_health_text(enum anchor_health h)
{
	switch (h) {
	case HEALTH_GREEN:
		return "green: the last DNSKEY RRset was signed by a trusted key";
	case HEALTH_UNKNOWN:
		return "unknown: no DNSKEY RRset was seen yet";
	case HEALTH_REFUSED:
		return "red: no trusted key signed the last DNSKEY RRset; if the zone rolled its keys "
		       "while nobody looked, import its new anchors";
	case HEALTH_NO_KEY:
		return "red: no key is trusted, so nothing below validates until an anchor is given";
	case HEALTH_NO_USABLE:
		return "red: no trusted key has an algorithm that can be verified here";
	}
	return "?";
}

bool anchor_health_is_red(enum anchor_health h)
{
	return h != HEALTH_GREEN && h != HEALTH_UNKNOWN;
}
