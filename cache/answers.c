#include "cache/answers.h"

#include "cache/doorkeeper.h"
#include "cache/sieve.h"
#include "resolver/base/limits.h"
#include "resolver/wire/lower.h"
#include <stdlib.h>
#include <string.h>

enum {
	POPULAR_HITS = 1, /* asked at least twice before: then it is worth renewing */
	KEY_HEAD = 3, /* bits, type */
	KEY_MAX = KEY_HEAD + NAME_OCTETS,
	ANSWER_EXPECTED = 192, /* octets of a usual one: for the number of chains */
	ANSWER_SHARE = 64,     /* one may take this part of the whole */
	MALLOC_OVERHEAD = 16,
	PARTS_MAX = 64,
	RECORDS_MAX = 512,
	ROTATING_MAX = 64,
	ADDRESS_MAX = 16, /* octets of an AAAA */
	USES_MAX = 256,
	NEAR_OCTETS = 4 << 20, /* so much, chains and all, finds room in the processor's cache: nothing to expect */
	AHEAD = 4,             /* queries between fetching a chain and its first item */
};

enum key_bit { BIT_RD = 1, BIT_CD = 2, BIT_AD = 4, BIT_DO = 8, BIT_EDNS = 16 };

struct part {
	uint32_t lifetime_s, stored_s;
	uint32_t bound_end_s; /* life clock; TTL_NO_BOUND */
	uint16_t records, rotating, like;
};

/* Memory behind it: parts, offsets of TTLs in the reply (2 octets each), key, reply. */
struct answer {
	struct sieve_item sieve; /* first */
	uint32_t generation;
	uint32_t ends_s, due_s;  /* life clock */
	uint32_t hits;
	bool due_told;
	uint16_t key_len, reply_len, part_count, record_count;
	struct networks_entry entry;
	struct part parts[];
};

struct answers {
	struct sieve sieve;
	struct siphash_key key;
	struct ttl_policy ttl;
	struct doorkeeper door;
	uint64_t expected[AHEAD]; /* hashes, a ring */
	unsigned expecting;
	uint32_t generation;
	struct answers_counts counts;
	uint32_t uses[USES_MAX];
	unsigned use_count;
};

static uint16_t *offsets_of(struct answer *an)
{
	return (uint16_t *)(void *)(an->parts + an->part_count);
}

static uint8_t *key_of(struct answer *an)
{
	return (uint8_t *)(offsets_of(an) + an->record_count);
}

static uint8_t *reply_of(struct answer *an)
{
	return key_of(an) + an->key_len;
}

struct answers *answers_new(const struct ttl_policy *ttl, size_t octets,
                            const struct siphash_key *key)
{
	struct answers *as = calloc(1, sizeof(*as));
	if (as == NULL || sieve_init(&as->sieve, octets, ANSWER_EXPECTED) != ERR_OK) {
		free(as);
		return NULL;
	}
	as->key = *key;
	as->ttl = *ttl;
	return as;
}

static void drop(struct answers *as, struct answer *an)
{
	sieve_remove(&as->sieve, &an->sieve);
	free(an);
}

void answers_free(struct answers *as)
{
	if (as == NULL)
		return;
	struct list *at = as->sieve.order.next;
	while (at != &as->sieve.order) {
		struct list *next = at->next;
		free(LIST_ITEM(at, struct answer, sieve.order));
		at = next;
	}
	sieve_clear(&as->sieve);
	free(as);
}

/* The bits do not count: with a name and a type they are few. */
static uint64_t hash_key(const struct answers *as, const uint8_t *key, size_t len)
{
	return siphash(&as->key, key + 1, len - 1);
}

static size_t make_key(const struct query *q, uint8_t key[KEY_MAX])
{
	const struct name *n = &q->question.name;
	unsigned bits = 0;
	bits |= q->flags & FLAG_RD ? BIT_RD : 0;
	bits |= q->flags & FLAG_CD ? BIT_CD : 0;
	bits |= q->flags & FLAG_AD ? BIT_AD : 0;
	bits |= q->edns.present ? BIT_EDNS : 0;
	bits |= q->edns.present && q->edns.dnssec_ok ? BIT_DO : 0;
	key[0] = (uint8_t)bits;
	key[1] = (uint8_t)(q->question.type >> 8);
	key[2] = (uint8_t)q->question.type;
	lower_copy(key + KEY_HEAD, n->wire, n->len);
	return KEY_HEAD + (size_t)n->len;
}

static struct answer *lookup(const struct answers *as, uint64_t hash, const uint8_t *key, size_t len)
{
	struct sieve_item *item = sieve_first(&as->sieve, hash);
	for (; item != NULL; item = sieve_another(item)) {
		struct answer *an = (struct answer *)(void *)item;
		if (an->key_len == len && memcmp(key_of(an), key, len) == 0)
			return an;
	}
	return NULL;
}

/*
 * The order of records is drawn for each reply (a constant one would tell that a reply was kept, so that
 * somebody had asked): by turning the addresses round, which are all as long.  at: of the TTLs.
 */
static void rotate(struct rng *rng, uint8_t *reply, const uint16_t *at, unsigned count)
{
	uint8_t all[ROTATING_MAX][ADDRESS_MAX];
	size_t len = reply[at[0] + 5];
	uint32_t first = rng_below(rng, count);
	for (unsigned i = 0; i < count; i++)
		memcpy(all[i], reply + at[i] + 6, len);
	for (unsigned i = 0; i < count; i++)
		memcpy(reply + at[i] + 6, all[(first + i) % count], len);
}

/* Behind each TTL: the length, then an address of that many octets. */
static bool may_rotate(const uint8_t *reply, const uint16_t *at, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		uint8_t type = reply[at[i] - 3], len = reply[at[i] + 5];
		if (reply[at[i] - 4] != 0 || reply[at[i] + 4] != 0 || len != reply[at[0] + 5] ||
		    !((type == TYPE_A && len == 4) || (type == TYPE_AAAA && len == ADDRESS_MAX)))
			return false;
	}
	return count <= ROTATING_MAX;
}

static uint32_t draw(const struct answers *as, const struct part *p, uint32_t now_s, struct rng *rng)
{
	uint32_t bound = p->bound_end_s == TTL_NO_BOUND ? TTL_NO_BOUND : p->bound_end_s - now_s;
	return ttl_shown(&as->ttl, rng, p->lifetime_s, now_s - p->stored_s, bound);
}

static void patch_ttls(const struct answers *as, struct answer *an, uint32_t now_s, struct rng *rng,
                       uint8_t *reply)
{
	uint32_t drawn[PARTS_MAX];
	const uint16_t *at = offsets_of(an);
	for (unsigned i = 0; i < an->part_count; i++) {
		const struct part *p = &an->parts[i];
		uint32_t ttl = drawn[i] = p->like < i ? drawn[p->like] : draw(as, p, now_s, rng);
		uint8_t octets[4] = { (uint8_t)(ttl >> 24), (uint8_t)(ttl >> 16),
			              (uint8_t)(ttl >> 8), (uint8_t)ttl };
		if (p->rotating > 1)
			rotate(rng, reply, at, p->rotating);
		for (unsigned j = 0; j < p->records; j++)
			memcpy(reply + *at++, octets, sizeof(octets));
	}
}

/* Its use is worth a word to the keeper at 1, 2, 4, 8 ... hits. */
static void count_hit(struct answers *as, struct answer *an)
{
	as->counts.hits++;
	an->sieve.visited = true;
	an->hits++;
	if ((an->hits & (an->hits - 1)) == 0 && as->use_count < USES_MAX)
		as->uses[as->use_count++] = an->entry.use;
}

bool answers_find(struct answers *as, struct now now, const struct query *q, size_t limit,
                  struct rng *rng, struct writer *reply, struct answers_found *out)
{
	uint8_t key[KEY_MAX];
	uint32_t now_s = (uint32_t)(now.mono_ms / 1000);
	size_t len = make_key(q, key);
	struct answer *an = lookup(as, hash_key(as, key, len), key, len);
	if (an == NULL || an->generation != as->generation || now_s >= an->ends_s ||
	    an->reply_len > limit || an->reply_len > writer_left(reply) || reply->err != ERR_OK ||
	    q->question.class != CLASS_IN) {
		as->counts.misses++;
		return false;
	}
	uint8_t *at = reply->at;
	memcpy(at, reply_of(an), an->reply_len);
	at[0] = (uint8_t)(q->id >> 8);
	at[1] = (uint8_t)q->id;
	memcpy(at + HEADER_OCTETS, q->question.name.wire, q->question.name.len);
	patch_ttls(as, an, now_s, rng, at);
	reply->at += an->reply_len;
	count_hit(as, an);
	out->entry = an->entry;
	out->hits = an->hits;
	out->due = !an->due_told && now_s >= an->due_s && an->hits >= POPULAR_HITS;
	an->due_told = an->due_told || out->due;
	return true;
}

static void skip_name(struct reader *r)
{
	for (;;) {
		uint8_t len = read_u8(r);
		if (r->err != ERR_OK || len == 0)
			return;
		if (len >= 0xc0) {
			(void)read_u8(r);
			return;
		}
		(void)read_octets(r, len);
	}
}

void answers_expect(struct answers *as, const uint8_t *octets, size_t len)
{
	uint8_t key[KEY_MAX];
	struct reader r = reader_of(octets, len);
	if (as->sieve.octets < NEAR_OCTETS)
		return;
	(void)read_octets(&r, HEADER_OCTETS);
	skip_name(&r);
	size_t end = reader_offset(&r);
	uint16_t type = read_u16(&r);
	if (r.err != ERR_OK || end > HEADER_OCTETS + (size_t)NAME_OCTETS)
		return;
	size_t name_len = end - HEADER_OCTETS;
	key[1] = (uint8_t)(type >> 8);
	key[2] = (uint8_t)type;
	lower_copy(key + KEY_HEAD, octets + HEADER_OCTETS, name_len);
	uint64_t *slot = &as->expected[as->expecting++ % AHEAD];
	sieve_fetch_item(&as->sieve, *slot, ANSWER_EXPECTED);
	*slot = hash_key(as, key, KEY_HEAD + name_len);
	sieve_fetch_chain(&as->sieve, *slot);
}

/* Where the TTLs of all records lie; false: not a reply that can be kept. */
static bool find_ttls(const uint8_t *reply, size_t len, uint16_t offsets[RECORDS_MAX],
                      unsigned *count)
{
	struct reader r = reader_of(reply, len);
	(void)read_u16(&r);
	uint16_t flags = read_u16(&r);
	uint16_t questions = read_u16(&r);
	unsigned records = 0;
	for (unsigned i = 0; i < 3; i++)
		records += read_u16(&r);
	skip_name(&r);
	(void)read_octets(&r, 4);
	if (r.err != ERR_OK || (flags & FLAG_TC) != 0 || questions != 1 || records == 0 ||
	    records > RECORDS_MAX)
		return false;
	for (unsigned i = 0; i < records; i++) {
		skip_name(&r);
		uint16_t type = read_u16(&r);
		(void)read_u16(&r);
		offsets[i] = (uint16_t)reader_offset(&r);
		(void)read_u32(&r);
		size_t rdata = read_u16(&r);
		(void)read_octets(&r, rdata);
		if (r.err != ERR_OK || type == TYPE_OPT)
			return false;
	}
	*count = records;
	return reader_finish(&r) == ERR_OK;
}

/* False: one of them asks for what cannot be done. */
static bool check_rotating(struct answer *an)
{
	const uint16_t *at = offsets_of(an);
	for (unsigned i = 0; i < an->part_count; i++) {
		const struct part *p = &an->parts[i];
		if (p->rotating > p->records || !may_rotate(reply_of(an), at, p->rotating))
			return false;
		at += p->records;
	}
	return true;
}

/* Fills parts, and when the reply ends: as soon as one of them does. */
static bool set_parts(const struct answers *as, struct answer *an, uint32_t now_s,
                      const struct answers_part *parts)
{
	uint32_t left = UINT32_MAX;
	unsigned records = 0;
	for (unsigned i = 0; i < an->part_count; i++) {
		const struct answers_part *p = &parts[i];
		uint32_t usable = ttl_usable_s(&as->ttl, p->lifetime_s);
		if (p->age_s >= usable || p->bound_s == 0 || p->age_s > now_s)
			return false;
		uint32_t until = usable - p->age_s;
		until = p->bound_s < until ? p->bound_s : until;
		left = until < left ? until : left;
		an->parts[i] = (struct part){
			.lifetime_s = p->lifetime_s,
			.stored_s = now_s - p->age_s,
			.bound_end_s = p->bound_s >= TTL_NO_BOUND - now_s ? TTL_NO_BOUND
			                                                  : now_s + p->bound_s,
			.records = p->records,
			.rotating = p->rotating,
			.like = p->like,
		};
		records += p->records;
	}
	an->ends_s = left > UINT32_MAX - now_s ? UINT32_MAX : now_s + left;
	an->due_s = an->ends_s - left / 10;
	return records == an->record_count && check_rotating(an);
}

static struct answer *make(const struct answers *as, const uint8_t *key, size_t key_len,
                           const uint8_t *reply, size_t len, unsigned parts, unsigned records)
{
	size_t size = sizeof(struct answer) + parts * sizeof(struct part) +
	              records * sizeof(uint16_t) + key_len + len;
	size_t charged = (size + MALLOC_OVERHEAD + 15) & ~(size_t)15;
	struct answer *an = charged > as->sieve.ceiling / ANSWER_SHARE ? NULL : calloc(1, size);
	if (an == NULL)
		return NULL;
	an->generation = as->generation;
	an->key_len = (uint16_t)key_len;
	an->reply_len = (uint16_t)len;
	an->part_count = (uint16_t)parts;
	an->record_count = (uint16_t)records;
	an->sieve.size = (uint32_t)charged;
	memcpy(key_of(an), key, key_len);
	memcpy(reply_of(an), reply, len);
	return an;
}

/* Who is new must not drive out others when there is no room, unless it was here before. */
static bool is_welcome(struct answers *as, uint64_t hash)
{
	return !sieve_is_full(&as->sieve, ANSWER_EXPECTED) ||
	       doorkeeper_knows(&as->door, (uint32_t)(hash >> 32));
}

/* old: what it replaces, or NULL. */
static void admit(struct answers *as, struct answer *an, struct answer *old)
{
	bool known = old != NULL;
	if (known) {
		an->hits = old->hits / 2; /* popular before: likely to be again */
		drop(as, old);
	}
	while (sieve_is_full(&as->sieve, an->sieve.size)) {
		struct sieve_item *victim = sieve_victim(&as->sieve);
		if (victim == NULL)
			break;
		drop(as, (struct answer *)(void *)victim);
		as->counts.evicted++;
	}
	sieve_add(&as->sieve, &an->sieve);
	an->sieve.visited = known;
	as->counts.puts++;
}

void answers_put(struct answers *as, struct now now, const struct query *q, const uint8_t *reply,
                 size_t len, const struct answers_part *parts, unsigned count,
                 const struct networks_entry *entry)
{
	uint8_t key[KEY_MAX];
	uint16_t offsets[RECORDS_MAX];
	unsigned records;
	if (len < HEADER_OCTETS + (size_t)q->question.name.len + 4 || len > LIMIT_MESSAGE_BYTES ||
	    q->question.class != CLASS_IN || count == 0 || count > PARTS_MAX)
		return;
	size_t key_len = make_key(q, key);
	uint64_t hash = hash_key(as, key, key_len);
	struct answer *old = lookup(as, hash, key, key_len);
	if ((old == NULL && !is_welcome(as, hash)) || !find_ttls(reply, len, offsets, &records))
		return;
	struct answer *an = make(as, key, key_len, reply, len, count, records);
	if (an == NULL)
		return;
	an->entry = *entry;
	an->sieve.hash = hash;
	memcpy(offsets_of(an), offsets, records * sizeof(offsets[0]));
	if (set_parts(as, an, (uint32_t)(now.mono_ms / 1000), parts))
		admit(as, an, old);
	else
		free(an);
}

void answers_flush(struct answers *as)
{
	as->generation++; /* the old ones are misses now, and the first to be evicted */
}

bool answers_take_use(struct answers *as, uint32_t *use)
{
	if (as->use_count == 0)
		return false;
	*use = as->uses[--as->use_count];
	return true;
}

struct answers_counts answers_count(const struct answers *as)
{
	struct answers_counts n = as->counts;
	n.octets = as->sieve.octets;
	n.entries = as->sieve.count;
	return n;
}
