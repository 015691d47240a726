#include "validator/rfc5011.h"

enum { RETRY_FIRST_S = RFC5011_QUERY_MIN_S };

/* How a key stands in an RRset. */
enum presence {
	PRESENCE_ABSENT,
	PRESENCE_THERE,
	PRESENCE_REVOKED,  /* with the REVOKE bit and its own signature */
	PRESENCE_UNPROVEN, /* with the REVOKE bit, but without: says nothing */
};

static enum key_state from_start(enum rfc5011_event e)
{
	if (e == RFC5011_REVOKE_BIT)
		return KEY_REVOKED;
	return e == RFC5011_NEW_KEY ? KEY_ADDPEND : KEY_START;
}

static enum key_state from_addpend(enum rfc5011_event e)
{
	if (e == RFC5011_REVOKE_BIT)
		return KEY_REVOKED;
	if (e == RFC5011_ADD_TIME)
		return KEY_VALID;
	return e == RFC5011_KEY_REMOVED ? KEY_START : KEY_ADDPEND;
}

static enum key_state from_valid(enum rfc5011_event e)
{
	if (e == RFC5011_REVOKE_BIT)
		return KEY_REVOKED;
	return e == RFC5011_KEY_REMOVED ? KEY_MISSING : KEY_VALID;
}

static enum key_state from_missing(enum rfc5011_event e)
{
	if (e == RFC5011_REVOKE_BIT)
		return KEY_REVOKED;
	return e == RFC5011_KEY_PRESENT ? KEY_VALID : KEY_MISSING;
}

/*
 * RFC 5011 section 4.2.
 * deviates: a key that pends, or did, and revokes itself is remembered as revoked, where the table
 * has no such way; section 2.1 says "permanent", and it would else be as good as new.
 */
enum key_state rfc5011_next(enum key_state from, enum rfc5011_event e)
{
	switch (from) {
	case KEY_START:   return from_start(e);
	case KEY_ADDPEND: return from_addpend(e);
	case KEY_VALID:   return from_valid(e);
	case KEY_MISSING: return from_missing(e);
	case KEY_REVOKED: return e == RFC5011_REMOVE_TIME ? KEY_REMOVED : KEY_REVOKED;
	case KEY_REMOVED: return KEY_REMOVED;
	}
	return from;
}

static enum rfc5011_event when_there(const struct anchor_key *k, struct now now)
{
	if (k->state == KEY_START)
		return RFC5011_NEW_KEY;
	if (k->state == KEY_ADDPEND && now.wall_s >= k->hold_s &&
	    k->sightings + 1 >= RFC5011_SIGHTINGS)
		return RFC5011_ADD_TIME;
	return RFC5011_KEY_PRESENT;
}

static enum rfc5011_event when_absent(const struct anchor_key *k, struct now now)
{
	if (k->state == KEY_REVOKED && now.wall_s - k->last_s >= RFC5011_REMOVE_S)
		return RFC5011_REMOVE_TIME;
	return RFC5011_KEY_REMOVED;
}

/*
 * A trusted key's own signature is enough to revoke it: whoever holds it may say so.  One that is not
 * trusted needs the RRset to be believed besides, as all else does.
 */
static enum rfc5011_event event_of(const struct anchor_key *k, enum presence p, bool believed,
                                   struct now now)
{
	if (p == PRESENCE_REVOKED && (believed || anchor_key_trusted(k)))
		return RFC5011_REVOKE_BIT;
	if (!believed)
		return RFC5011_NOTHING;
	switch (p) {
	case PRESENCE_ABSENT:
		return when_absent(k, now);
	case PRESENCE_THERE:
		return when_there(k, now);
	case PRESENCE_UNPROVEN:
		return k->state == KEY_ADDPEND ? RFC5011_KEY_REMOVED : RFC5011_NOTHING;
	case PRESENCE_REVOKED:
		return RFC5011_NOTHING;
	}
	return RFC5011_NOTHING;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t at_least_an_hour(uint32_t s)
{
	return s > RFC5011_QUERY_MIN_S ? s : RFC5011_QUERY_MIN_S;
}

uint32_t rfc5011_query_interval(uint32_t original_ttl, uint32_t expires_in_s)
{
	uint32_t half = smaller(original_ttl / 2, expires_in_s / 2);
	return at_least_an_hour(smaller(RFC5011_QUERY_MAX_S, half));
}

uint32_t rfc5011_retry_interval(uint32_t original_ttl, uint32_t expires_in_s)
{
	uint32_t tenth = smaller(original_ttl / 10, expires_in_s / 10);
	return at_least_an_hour(smaller(RFC5011_RETRY_MAX_S, tenth));
}

static enum presence presence_of(const struct anchor_key *k, const struct sighting *seen)
{
	enum presence p = PRESENCE_ABSENT;
	for (unsigned i = 0; i < seen->count; i++) {
		const struct seen_key *s = &seen->keys[i];
		if (!anchor_key_is(k, s->rdata))
			continue;
		if (dnskey_is_revoked(&s->key) && s->signs)
			return PRESENCE_REVOKED;
		if (dnskey_may_sign(&s->key))
			p = PRESENCE_THERE;
		else if (dnskey_is_revoked(&s->key) && p == PRESENCE_ABSENT)
			p = PRESENCE_UNPROVEN;
	}
	return p;
}

static void tell(struct rfc5011_report *r, const struct anchor_key *k, enum key_state from)
{
	if (r->count < RFC5011_CHANGES)
		r->changes[r->count] = (struct rfc5011_change){ k->tag, k->algorithm, from, k->state };
	r->count++;
}

/* RFC 5011 section 2.4.1: thirty days or the original TTL, whichever is longer. */
static int64_t hold_until(const struct sighting *seen, struct now now)
{
	int64_t ttl = seen->original_ttl;
	return now.wall_s + (ttl > RFC5011_HOLD_S ? ttl : RFC5011_HOLD_S);
}

static void note_vouchers(struct anchor_key *k, const struct sighting *seen)
{
	for (unsigned i = 0; i < seen->count && k->by_count < LIMIT_ANCHOR_VOUCHERS; i++)
		if (seen->keys[i].signs && dnskey_may_sign(&seen->keys[i].key))
			k->by[k->by_count++] = seen->keys[i].key.tag;
}

static bool never_trusted(const struct anchor_key *k, enum key_state to)
{
	if (to == KEY_REVOKED)
		return k->state == KEY_START || k->state == KEY_ADDPEND;
	return to == KEY_REMOVED && k->hold_s != 0;
}

/* What a state forgets and begins when a key enters it. */
static void enter(struct anchor_key *k, enum key_state to, const struct sighting *seen,
                  struct now now)
{
	k->hold_s = never_trusted(k, to) ? now.wall_s : 0;
	k->state = to;
	k->since_s = now.wall_s;
	k->by_count = 0;
	if (to == KEY_ADDPEND) {
		k->first_s = now.wall_s;
		k->sightings = 1;
		k->hold_s = hold_until(seen, now);
		note_vouchers(k, seen);
	}
	if (to == KEY_START) {
		k->first_s = 0;
		k->sightings = 0;
	}
}

static void count_sighting(struct anchor_key *k, enum presence p, struct now now)
{
	if (p == PRESENCE_ABSENT)
		return;
	k->last_s = now.wall_s;
	if (p != PRESENCE_THERE)
		return;
	if (k->first_s == 0)
		k->first_s = now.wall_s;
	if (k->sightings < UINT32_MAX)
		k->sightings++;
}

static void move_key(struct anchor_key *k, const struct sighting *seen, struct now now,
                     struct rfc5011_report *r)
{
	enum presence p = presence_of(k, seen);
	enum key_state from = k->state;
	enum key_state to = rfc5011_next(from, event_of(k, p, seen->believed, now));
	if (seen->believed || to != from)
		count_sighting(k, p, now);
	if (to == from)
		return;
	enter(k, to, seen, now);
	tell(r, k, from);
}

/* Keys known by digest get their material as soon as the key shows: a digest proves it. */
static enum err learn(struct anchor_state *s, const struct sighting *seen)
{
	for (unsigned i = 0; i < seen->count; i++) {
		for (size_t j = s->count; j-- > 0;) {
			if (s->keys[j].type != TYPE_DS || !name_equal(&s->keys[j].zone, seen->zone) ||
			    !anchor_key_is(&s->keys[j], seen->keys[i].rdata))
				continue;
			enum err e = anchor_state_learn(s, j, seen->keys[i].rdata);
			if (e != ERR_OK)
				return e;
		}
	}
	return ERR_OK;
}

static unsigned pending(const struct anchor_state *s, const struct name *zone)
{
	unsigned n = 0;
	for (size_t i = 0; i < s->count; i++)
		n += s->keys[i].state == KEY_ADDPEND && name_equal(&s->keys[i].zone, zone);
	return n;
}

static bool may_be_forgotten(const struct anchor_key *k)
{
	bool revoked = k->state == KEY_REVOKED || k->state == KEY_REMOVED;
	return k->state == KEY_START || (revoked && k->hold_s != 0);
}

/* Makes room: the oldest that never was trusted goes.  What was is never forgotten. */
static void forget_one(struct anchor_state *s)
{
	for (size_t i = 0; s->count >= LIMIT_ANCHORS && i < s->count; i++) {
		if (may_be_forgotten(&s->keys[i])) {
			anchor_state_drop(s, i);
			return;
		}
	}
}

static void forget_old(struct anchor_state *s, const struct name *zone, struct now now)
{
	for (size_t i = s->count; i-- > 0;)
		if (s->keys[i].state == KEY_START && name_equal(&s->keys[i].zone, zone) &&
		    now.wall_s - s->keys[i].since_s >= RFC5011_REMOVE_S)
			anchor_state_drop(s, i);
}

static enum err add_new(struct anchor_state *s, const struct sighting *seen,
                        const struct seen_key *new, struct now now, struct rfc5011_report *r)
{
	struct anchor_key k = { .zone = *seen->zone, .type = TYPE_DNSKEY, .last_s = now.wall_s };
	if (!dnskey_may_sign(&new->key) || (new->key.flags & DNSKEY_SEP) == 0 ||
	    anchor_state_find(s, seen->zone, new->rdata) != NULL)
		return ERR_OK;
	if (pending(s, seen->zone) >= LIMIT_ANCHORS_PENDING) {
		r->full = true;
		return ERR_OK;
	}
	forget_one(s);
	name_lower(&k.zone);
	enter(&k, rfc5011_next(KEY_START, RFC5011_NEW_KEY), seen, now);
	enum err e = anchor_state_add(s, &k, new->rdata);
	if (e == ERR_OK)
		tell(r, &s->keys[s->count - 1], KEY_START);
	r->full = r->full || e == ERR_LIMIT;
	return e == ERR_NOMEM ? e : ERR_OK; /* a key of no form, or too big, is not followed */
}

static void set_times(struct anchor_state *s, const struct sighting *seen, struct now now)
{
	struct anchor_zone *z = anchor_state_zone(s, seen->zone);
	if (z == NULL)
		return;
	if (!seen->believed) {
		z->refused_s = now.wall_s;
		rfc5011_on_failure(s, seen->zone, now);
		return;
	}
	z->believed_s = now.wall_s;
	z->refused_s = 0;
	z->next_s = now.wall_s + rfc5011_query_interval(seen->original_ttl, seen->left_s);
	z->retry_s = rfc5011_retry_interval(seen->original_ttl, seen->left_s);
	if (seen->inception_s > s->floor_s)
		s->floor_s = seen->inception_s;
}

void rfc5011_on_failure(struct anchor_state *s, const struct name *zone, struct now now)
{
	struct anchor_zone *z = anchor_state_zone(s, zone);
	if (z != NULL)
		z->next_s = now.wall_s + (z->retry_s != 0 ? z->retry_s : RETRY_FIRST_S);
}

static bool is_trusted_tag(const struct anchor_state *s, const struct name *zone, uint16_t tag)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->keys[i].tag == tag && anchor_key_trusted(&s->keys[i]) &&
		    name_equal(&s->keys[i].zone, zone))
			return true;
	return false;
}

static bool has_voucher(const struct anchor_state *s, const struct anchor_key *k)
{
	for (unsigned i = 0; i < k->by_count; i++)
		if (is_trusted_tag(s, &k->zone, k->by[i]))
			return true;
	return k->by_count == 0;
}

/* RFC 5011 section 2.2: all keys that vouched for it were revoked before its time was over. */
static void move_unvouched(const struct anchor_state *s, struct anchor_key *k,
                           const struct sighting *seen, struct now now, struct rfc5011_report *r)
{
	if (k->state != KEY_ADDPEND || now.wall_s >= k->hold_s || has_voucher(s, k))
		return;
	enter(k, KEY_START, seen, now);
	tell(r, k, KEY_ADDPEND);
}

/* Trusted keys first: what becomes of those that wait depends on them. */
static void move_keys(struct anchor_state *s, const struct sighting *seen, struct now now,
                      struct rfc5011_report *r)
{
	bool was_trusted[LIMIT_ANCHORS];
	for (size_t i = 0; i < s->count; i++) {
		was_trusted[i] = anchor_key_trusted(&s->keys[i]);
		if (was_trusted[i] && name_equal(&s->keys[i].zone, seen->zone))
			move_key(&s->keys[i], seen, now, r);
	}
	for (size_t i = 0; i < s->count; i++) {
		struct anchor_key *k = &s->keys[i];
		if (was_trusted[i] || !name_equal(&k->zone, seen->zone))
			continue;
		move_unvouched(s, k, seen, now, r);
		move_key(k, seen, now, r);
	}
}

static enum err apply(struct anchor_state *s, const struct sighting *seen, struct now now,
                      struct rfc5011_report *r)
{
	enum err e = learn(s, seen);
	if (e == ERR_OK)
		move_keys(s, seen, now, r);
	if (seen->believed) {
		forget_old(s, seen->zone, now);
		for (unsigned i = 0; e == ERR_OK && i < seen->count; i++)
			e = add_new(s, seen, &seen->keys[i], now, r);
	}
	if (e == ERR_OK)
		set_times(s, seen, now);
	return e;
}

enum err rfc5011_step(struct anchor_state *s, const struct sighting *seen, struct now now,
                      uint32_t skew_s, struct rfc5011_report *out)
{
	struct rfc5011_report r = { .fault = seen->fault };
	struct anchor_state next;
	r.outcome = seen->believed ? RFC5011_BELIEVED : RFC5011_REFUSED;
	if (!anchor_state_clock_plausible(s, now, skew_s)) {
		r.outcome = RFC5011_CLOCK;
		*out = r;
		return ERR_OK;
	}
	enum err e = anchor_state_copy(s, &next);
	if (e != ERR_OK)
		return e;
	e = apply(&next, seen, now, &r);
	if (e != ERR_OK) {
		anchor_state_clear(&next);
		return e;
	}
	anchor_state_clear(s);
	*s = next;
	*out = r;
	return ERR_OK;
}
