#include "cache/entry.h"

#include "cache/packed.h"
#include "cache/ttl.h"
#include "resolver/base/limits.h"
#include <string.h>

/*
 * version and what (4 bits each), checksum (4 octets), stored (4), lifetime (number),
 * rank and security (4 bits each), flags, resolve time, [bound (number)], [streak], body.
 */
enum { CHECKSUM_AT = 1, STORED_AT = 5 };

enum { AHEAD_S = 2 }; /* workers read the clock once per loop turn, each its own */

enum head_flag {
	HAS_BOUND = 1,
	HAS_REASON = 2,
	HAS_SOA = 4,
	HAS_PROOFS = 8,
};

/* Three bits of mantissa, the exponent above: up to an eighth more than it was, never less. */
static uint8_t pack_ms(uint32_t ms)
{
	unsigned exponent = 0;
	while (ms > 15) {
		ms = (ms >> 1) + (ms & 1);
		exponent++;
	}
	return (uint8_t)(ms < 8 ? ms : (exponent + 1) << 3 | (ms - 8));
}

static uint32_t packed_ms(uint8_t code)
{
	unsigned exponent = code >> 3, mantissa = code & 7u;
	if (exponent == 0)
		return mantissa;
	if (exponent > 28)
		return UINT32_MAX;
	return (8 + mantissa) << (exponent - 1);
}

uint32_t entry_time_ms(uint32_t ms)
{
	return packed_ms(pack_ms(ms));
}

static enum entry_what what_of(enum outcome_kind k)
{
	switch (k) {
	case OUTCOME_ANSWER:   return ENTRY_ANSWER;
	case OUTCOME_CNAME:    return ENTRY_CNAME;
	case OUTCOME_DNAME:    return ENTRY_DNAME;
	case OUTCOME_NODATA:   return ENTRY_NODATA;
	case OUTCOME_NXDOMAIN: return ENTRY_NXDOMAIN;
	case OUTCOME_FAILURE:  return ENTRY_FAILURE;
	}
	return ENTRY_FAILURE;
}

static void pack_head(struct writer *w, const struct entry *head, enum entry_what what,
                      unsigned flags)
{
	if (head->bound_s != TTL_NO_BOUND)
		flags |= HAS_BOUND;
	write_u8(w, (uint8_t)(ENTRY_VERSION << 4 | what));
	write_u32(w, 0); /* entry_seal */
	write_u32(w, head->stored_s);
	pack_number(w, head->lifetime_s);
	write_u8(w, (uint8_t)(head->rank << 4 | head->security));
	write_u8(w, (uint8_t)flags);
	write_u8(w, pack_ms(head->resolve_ms));
	if (flags & HAS_BOUND)
		pack_number(w, head->bound_s);
	if (what == ENTRY_FAILURE)
		write_u8(w, head->streak);
}

enum err entry_read(const uint8_t *value, size_t len, struct entry *out)
{
	struct reader r = reader_of(value, len);
	struct entry e = { .bound_s = TTL_NO_BOUND };
	uint8_t first = read_u8(&r);
	e.checksum = read_u32(&r);
	e.stored_s = read_u32(&r);
	e.lifetime_s = packed_number(&r);
	uint8_t trust = read_u8(&r);
	e.flags = read_u8(&r);
	e.resolve_ms = packed_ms(read_u8(&r));
	if (e.flags & HAS_BOUND)
		e.bound_s = packed_number(&r);
	e.what = (enum entry_what)(first & 0xf);
	if (e.what == ENTRY_FAILURE)
		e.streak = read_u8(&r);
	if (r.err != ERR_OK)
		return r.err;
	if (first >> 4 != ENTRY_VERSION)
		return ERR_VERSION;
	e.rank = trust >> 4;
	e.security = trust & 0xf;
	if (e.what < ENTRY_ANSWER || e.what > ENTRY_DENIAL || e.rank > RANK_LOCAL ||
	    e.security > SECURITY_BOGUS)
		return ERR_FORMAT;
	e.body = r;
	*out = e;
	return ERR_OK;
}

/* The key's hash becomes part of the MAC key for the value, so neither can be exchanged alone. */
static uint32_t checksum(const struct siphash_key *mac, const uint8_t *key, size_t key_len,
                         const uint8_t *value, size_t len)
{
	struct siphash_key bound = *mac;
	bound.k0 ^= siphash(mac, key, key_len);
	bound.k1 ^= value[0];
	return (uint32_t)siphash(&bound, value + STORED_AT, len - STORED_AT);
}

bool entry_intact(const struct siphash_key *mac, const uint8_t *key, size_t key_len,
                  const uint8_t *value, size_t len)
{
	if (len <= STORED_AT)
		return false;
	struct reader r = reader_of(value + CHECKSUM_AT, STORED_AT - CHECKSUM_AT);
	return read_u32(&r) == checksum(mac, key, key_len, value, len);
}

void entry_seal(const struct siphash_key *mac, const uint8_t *key, size_t key_len, uint8_t *value,
                size_t len)
{
	struct writer w = writer_of(value + CHECKSUM_AT, STORED_AT - CHECKSUM_AT);
	write_u32(&w, checksum(mac, key, key_len, value, len));
}

uint32_t entry_age(const struct entry *e, uint32_t now_s)
{
	if (now_s >= e->stored_s)
		return now_s - e->stored_s;
	return e->stored_s - now_s <= AHEAD_S ? 0 : UINT32_MAX;
}

uint32_t entry_ends_s(const struct entry *e)
{
	return e->lifetime_s < e->bound_s ? e->lifetime_s : e->bound_s;
}

/* Only signed denials prove anything to anybody. */
static unsigned count_proofs(const struct outcome *o)
{
	unsigned count = 0;
	for (unsigned i = 0; i < o->proof_count; i++)
		count += o->proofs[i]->sig_count > 0;
	return count;
}

static void pack_proofs(struct writer *w, const struct name *owner, const struct outcome *o)
{
	write_u8(w, (uint8_t)count_proofs(o));
	for (unsigned i = 0; i < o->proof_count; i++) {
		const struct rrset *set = o->proofs[i];
		if (set->sig_count == 0)
			continue;
		write_u16(w, set->type);
		pack_name(w, &set->owner, owner);
		pack_rrset(w, set);
	}
}

static bool packable_set(const struct rrset *set)
{
	return set != NULL && set->class == CLASS_IN && set->count > 0 &&
	       set->count <= LIMIT_SET_RECORDS;
}

static bool packable(const struct outcome *o)
{
	switch (o->kind) {
	case OUTCOME_ANSWER:
	case OUTCOME_CNAME:
	case OUTCOME_DNAME:
		if (!packable_set(o->set))
			return false;
		break;
	case OUTCOME_NODATA:
	case OUTCOME_NXDOMAIN:
		if (o->soa != NULL && !packable_set(o->soa))
			return false;
		break;
	case OUTCOME_FAILURE:
		return true;
	}
	for (unsigned i = 0; i < o->proof_count; i++) {
		const struct rrset *set = o->proofs[i];
		if (!packable_set(set) || (set->type != TYPE_NSEC && set->type != TYPE_NSEC3))
			return false;
	}
	return count_proofs(o) <= LIMIT_PROOF_SETS;
}

static void pack_reason(struct writer *w, const struct reason *why)
{
	size_t len = why->text == NULL ? 0 : strlen(why->text);
	if (len > UINT8_MAX)
		len = UINT8_MAX;
	write_u16(w, why->ede);
	write_u8(w, (uint8_t)len);
	write_octets(w, why->text, len);
}

enum err entry_pack_outcome(struct writer *w, const struct entry *head, const struct name *owner,
                            const struct outcome *o)
{
	bool failure = o->kind == OUTCOME_FAILURE;
	bool zone_fits = name_is_within(owner, &o->zone);
	if (!packable(o) || (!zone_fits && !failure))
		return ERR_UNSUPPORTED;
	bool reason = o->reason.ede != EDE_NONE || o->reason.text != NULL;
	bool proofs = !failure && count_proofs(o) > 0;
	const struct rrset *soa = o->kind == OUTCOME_NODATA || o->kind == OUTCOME_NXDOMAIN
	                                  ? o->soa : NULL;
	pack_head(w, head, what_of(o->kind),
	          (reason ? HAS_REASON : 0) | (soa ? HAS_SOA : 0) | (proofs ? HAS_PROOFS : 0));
	write_u8(w, (uint8_t)(zone_fits ? name_labels(&o->zone) : 0));
	if (reason)
		pack_reason(w, &o->reason);
	if (o->kind == OUTCOME_ANSWER || o->kind == OUTCOME_CNAME || o->kind == OUTCOME_DNAME)
		pack_rrset(w, o->set);
	if (soa != NULL) {
		pack_name(w, &soa->owner, owner);
		pack_rrset(w, soa);
	}
	if (proofs)
		pack_proofs(w, owner, o);
	return w->err;
}

/* One RRset out of an entry, with what the entry says about all of them. */
static enum err unpack_set(struct reader *r, const struct entry *e, const struct name *owner,
                           uint16_t type, uint32_t ttl, struct arena *a, struct rrset **out)
{
	struct rrset *set = arena_alloc(a, sizeof(*set));
	if (set == NULL)
		return ERR_NOMEM;
	set->owner = *owner;
	set->type = type;
	set->class = CLASS_IN;
	set->ttl = ttl;
	set->rank = e->rank;
	set->security = e->security;
	enum err err = packed_rrset(r, a, set);
	if (err == ERR_OK)
		*out = set;
	return err;
}

static enum err unpack_proofs(struct reader *r, const struct entry *e, const struct name *owner,
                              uint32_t ttl, struct arena *a, struct outcome *o)
{
	unsigned count = read_u8(r);
	if (r->err != ERR_OK || count == 0 || count > LIMIT_PROOF_SETS)
		return ERR_FORMAT;
	o->proofs = arena_array(a, count, sizeof(struct rrset *));
	if (o->proofs == NULL)
		return ERR_NOMEM;
	for (; o->proof_count < count; o->proof_count++) {
		uint16_t type = read_u16(r);
		struct name at = packed_name(r, owner);
		if (r->err != ERR_OK || (type != TYPE_NSEC && type != TYPE_NSEC3))
			return ERR_FORMAT;
		enum err err = unpack_set(r, e, &at, type, ttl, a, &o->proofs[o->proof_count]);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

static enum err unpack_reason(struct reader *r, struct arena *a, struct reason *out)
{
	uint16_t ede = read_u16(r);
	size_t len = read_u8(r);
	const uint8_t *octets = read_octets(r, len);
	if (r->err != ERR_OK)
		return r->err;
	*out = (struct reason){ .ede = ede };
	if (len == 0)
		return ERR_OK;
	char *text = arena_alloc(a, len + 1); /* zeroed: ends in NUL */
	if (text == NULL)
		return ERR_NOMEM;
	memcpy(text, octets, len);
	out->text = text;
	return ERR_OK;
}

/* The records of an outcome; the head's kind says which there must be. */
static enum err unpack_records(struct reader *r, const struct entry *e, const struct name *owner,
                               uint16_t type, uint32_t ttl, struct arena *a, struct outcome *o)
{
	switch (e->what) {
	case ENTRY_ANSWER:
		o->kind = OUTCOME_ANSWER;
		return unpack_set(r, e, owner, type, ttl, a, &o->set);
	case ENTRY_CNAME:
		o->kind = OUTCOME_CNAME;
		return unpack_set(r, e, owner, TYPE_CNAME, ttl, a, &o->set);
	case ENTRY_DNAME:
		o->kind = OUTCOME_DNAME;
		return unpack_set(r, e, owner, TYPE_DNAME, ttl, a, &o->set);
	case ENTRY_NODATA:
	case ENTRY_NXDOMAIN:
		o->kind = e->what == ENTRY_NODATA ? OUTCOME_NODATA : OUTCOME_NXDOMAIN;
		if (e->flags & HAS_SOA) {
			struct name at = packed_name(r, owner);
			return unpack_set(r, e, &at, TYPE_SOA, ttl, a, &o->soa);
		}
		return ERR_OK;
	case ENTRY_FAILURE:
		o->kind = OUTCOME_FAILURE;
		return ERR_OK;
	case ENTRY_CUT:
	case ENTRY_DENIAL:
		break;
	}
	return ERR_FORMAT;
}

/* A reader over a copy of the body in a, so that RDATA can point into it. */
static enum err copy_body(const struct entry *e, struct arena *a, struct reader *out)
{
	size_t len = reader_left(&e->body);
	const uint8_t *copy = arena_copy(a, e->body.at, len);
	if (copy == NULL)
		return ERR_NOMEM;
	*out = reader_of(copy, len);
	return ERR_OK;
}

enum err entry_outcome(const struct entry *e, const struct name *owner, uint16_t type,
                       uint32_t ttl, struct arena *a, struct outcome *out)
{
	struct reader r;
	struct outcome o = { .security = e->security, .reason = NO_REASON, .ttl = ttl };
	enum err err = copy_body(e, a, &r);
	if (err != ERR_OK)
		return err;
	unsigned labels = read_u8(&r);
	if (r.err != ERR_OK || labels > name_labels(owner))
		return ERR_FORMAT;
	o.zone = name_suffix(owner, labels);
	if (e->flags & HAS_REASON)
		err = unpack_reason(&r, a, &o.reason);
	if (err == ERR_OK)
		err = unpack_records(&r, e, owner, type, ttl, a, &o);
	if (err == ERR_OK && (e->flags & HAS_PROOFS))
		err = unpack_proofs(&r, e, owner, ttl, a, &o);
	if (err == ERR_OK)
		err = reader_finish(&r);
	if (err == ERR_OK)
		*out = o;
	return err;
}

enum err entry_pack_denial(struct writer *w, const struct entry *head, const struct name *zone,
                           const struct rrset *set)
{
	if (!packable_set(set) || (set->type != TYPE_NSEC && set->type != TYPE_NSEC3) ||
	    !name_is_within(&set->owner, zone))
		return ERR_UNSUPPORTED;
	pack_head(w, head, ENTRY_DENIAL, 0);
	pack_rrset(w, set);
	return w->err;
}

enum err entry_denial(const struct entry *e, const struct name *owner, uint16_t type, uint32_t ttl,
                      struct arena *a, struct rrset *out)
{
	struct reader r;
	struct rrset *set;
	if (e->what != ENTRY_DENIAL)
		return ERR_FORMAT;
	enum err err = copy_body(e, a, &r);
	if (err == ERR_OK)
		err = unpack_set(&r, e, owner, type, ttl, a, &set);
	if (err == ERR_OK)
		err = reader_finish(&r);
	if (err == ERR_OK)
		*out = *set;
	return err;
}

enum { FORWARD_FIRST = 0x80, HAS_PORT = 0x80 };

static void pack_address(struct writer *w, const struct address *at)
{
	write_u8(w, (uint8_t)(at->family | (at->port != 0 ? HAS_PORT : 0)));
	write_octets(w, at->octets, address_octets(at));
	if (at->port != 0)
		write_u16(w, at->port);
}

enum err entry_pack_cut(struct writer *w, const struct entry *head, const struct cut *cut)
{
	if (cut->server_count > LIMIT_NS_KEPT)
		return ERR_UNSUPPORTED;
	pack_head(w, head, ENTRY_CUT, 0);
	write_u8(w, (uint8_t)(cut->kind | (cut->forward_first ? FORWARD_FIRST : 0)));
	write_u8(w, (uint8_t)cut->server_count);
	for (unsigned i = 0; i < cut->server_count; i++) {
		const struct cut_server *s = &cut->servers[i];
		if (s->address_count > UINT8_MAX)
			return ERR_UNSUPPORTED;
		pack_name(w, &s->name, &cut->zone);
		write_u8(w, (uint8_t)s->address_count);
		for (unsigned j = 0; j < s->address_count; j++)
			pack_address(w, &s->addresses[j]);
	}
	return w->err;
}

static struct address unpack_address(struct reader *r)
{
	struct address at = { 0 };
	uint8_t family = read_u8(r);
	at.family = family & (uint8_t)~HAS_PORT;
	if (r->err == ERR_OK && at.family != FAMILY_IPV4 && at.family != FAMILY_IPV6)
		r->err = ERR_FORMAT;
	if (r->err != ERR_OK)
		return (struct address){ 0 };
	const uint8_t *octets = read_octets(r, address_octets(&at));
	if (octets != NULL)
		memcpy(at.octets, octets, address_octets(&at));
	if (family & HAS_PORT)
		at.port = read_u16(r);
	return at;
}

static enum err unpack_server(struct reader *r, const struct name *zone, struct arena *a,
                              struct cut_server *s)
{
	s->name = packed_name(r, zone);
	unsigned count = read_u8(r);
	if (r->err != ERR_OK || count == 0)
		return r->err;
	if (reader_left(r) < (size_t)count * 5)
		return ERR_FORMAT;
	s->addresses = arena_array(a, count, sizeof(*s->addresses));
	if (s->addresses == NULL)
		return ERR_NOMEM;
	for (; s->address_count < count; s->address_count++)
		s->addresses[s->address_count] = unpack_address(r);
	return r->err;
}

enum err entry_cut(const struct entry *e, const struct name *zone, uint32_t ttl, struct arena *a,
                   struct cut *out)
{
	struct reader r = e->body;
	struct cut cut = { .zone = *zone, .ttl = ttl };
	if (e->what != ENTRY_CUT)
		return ERR_FORMAT;
	uint8_t kind = read_u8(&r);
	unsigned count = read_u8(&r);
	cut.kind = (enum cut_kind)(kind & ~FORWARD_FIRST);
	cut.forward_first = (kind & FORWARD_FIRST) != 0;
	if (r.err != ERR_OK || cut.kind > CUT_FORWARD || count == 0 || count > LIMIT_NS_KEPT)
		return ERR_FORMAT;
	cut.servers = arena_array(a, count, sizeof(*cut.servers));
	if (cut.servers == NULL)
		return ERR_NOMEM;
	for (; cut.server_count < count; cut.server_count++) {
		enum err err = unpack_server(&r, zone, a, &cut.servers[cut.server_count]);
		if (err != ERR_OK)
			return err;
	}
	enum err err = reader_finish(&r);
	if (err == ERR_OK)
		*out = cut;
	return err;
}
