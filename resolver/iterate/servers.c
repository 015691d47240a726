#include "resolver/iterate/servers.h"

#include "resolver/base/limits.h"
#include "resolver/wire/reader.h"
#include "resolver/wire/writer.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	WAYS = 8, /* servers in a bucket: the least used one makes room */
	LAME_WAYS = 4,
	LAME_BUCKETS = 1024,
	ZONE_SLOTS = 1 << 14, /* more than LIMIT_TASKS * LIMIT_EXCHANGES_OUT */
	DOWN_AFTER = 3,       /* failures in a row */
	DOWN_MS = 1000,       /* first penalty; doubles */
	DOWN_MAX_MS = 60000,
	PLAIN_VOTES = 2,        /* threats A11 */
	CASE_VOTES = 2,
	FAMILY_FRESH_MS = 1000, /* a reply this recent outweighs a silence or two */
	FAMILY_SILENCES = 3,
	FAMILY_REST_MS = 10000, /* between two tries of a silent family as the first choice */
	TCP_FAILURES = 3,
	SRTT_MAX_MS = 10000,
};

struct entry {
	struct address address; /* FAMILY_NONE: free */
	uint8_t cookie_len, plain_votes, case_votes;
	bool measured, speaks_edns;
	uint8_t tcp_failures;
	uint32_t srtt8, variance4; /* ms, times 8 and 4: RFC 6298 section 2 in integers */
	uint32_t failures, out;
	int64_t used_ms, reply_ms, failure_ms, down_until_ms, plain_until_ms, case_until_ms,
	    kept_until_ms, tcp_until_ms;
	uint8_t cookie[COOKIE_SERVER_MAX];
};

struct lame {
	uint64_t key;
	int64_t until_ms;
};

struct zone_count {
	uint64_t key;
	uint32_t out; /* 0: free */
};

struct family_health {
	bool replied;
	int64_t reply_ms, try_ms;
	uint32_t silences; /* since the last reply */
};

struct servers {
	struct siphash_key key;
	size_t buckets; /* a power of two */
	struct entry *entries;
	struct lame *lame;
	struct zone_count *zones;
	struct family_health ipv4, ipv6;
	uint32_t zone_out, server_out; /* most exchanges at a time */
};

static size_t buckets_for(size_t count)
{
	size_t n = 1;
	while (n * 2 * WAYS <= count)
		n *= 2;
	return n;
}

struct servers *servers_new(size_t count, const struct siphash_key *key)
{
	struct servers *s = calloc(1, sizeof(*s));
	if (s == NULL)
		return NULL;
	s->key = *key;
	servers_set_caps(s, LIMIT_ZONE_OUT, LIMIT_SERVER_OUT);
	s->buckets = buckets_for(count);
	s->entries = calloc(s->buckets * WAYS, sizeof(*s->entries));
	s->lame = calloc((size_t)LAME_BUCKETS * LAME_WAYS, sizeof(*s->lame));
	s->zones = calloc(ZONE_SLOTS, sizeof(*s->zones));
	if (s->entries == NULL || s->lame == NULL || s->zones == NULL) {
		servers_free(s);
		return NULL;
	}
	return s;
}

void servers_free(struct servers *s)
{
	if (s == NULL)
		return;
	free(s->entries);
	free(s->lame);
	free(s->zones);
	free(s);
}

static uint64_t hash_address(const struct servers *s, const struct address *a)
{
	uint8_t b[1 + 2 + 16] = { a->family, (uint8_t)(a->port >> 8), (uint8_t)a->port };
	size_t len = address_octets(a);
	memcpy(b + 3, a->octets, len);
	return siphash(&s->key, b, 3 + len);
}

static struct entry *bucket_of(const struct servers *s, uint64_t hash)
{
	return s->entries + (hash & (s->buckets - 1)) * WAYS;
}

static struct entry *find_hashed(const struct servers *s, const struct address *a, uint64_t hash)
{
	struct entry *b = bucket_of(s, hash);
	for (unsigned i = 0; i < WAYS; i++)
		if (b[i].address.family != FAMILY_NONE && address_equal(&b[i].address, a))
			return &b[i];
	return NULL;
}

static struct entry *find(const struct servers *s, const struct address *a)
{
	return find_hashed(s, a, hash_address(s, a));
}

/* The server's entry, made when missing; NULL when all its neighbours are busy. */
static struct entry *use(struct servers *s, struct now now, const struct address *a)
{
	uint64_t hash = hash_address(s, a);
	struct entry *e = find_hashed(s, a, hash);
	if (e == NULL) {
		struct entry *b = bucket_of(s, hash);
		for (unsigned i = 0; i < WAYS; i++) {
			if (b[i].address.family == FAMILY_NONE) {
				e = &b[i];
				break;
			}
			if (b[i].out == 0 && (e == NULL || b[i].used_ms < e->used_ms))
				e = &b[i];
		}
		if (e == NULL)
			return NULL;
		*e = (struct entry){ .address = *a };
		e->reply_ms = e->failure_ms = INT64_MIN;
	}
	e->used_ms = now.mono_ms;
	return e;
}

static enum server_health health_of(const struct entry *e, struct now now)
{
	if (e->failures < DOWN_AFTER)
		return SERVER_UP;
	return now.mono_ms < e->down_until_ms ? SERVER_DOWN : SERVER_PROBE;
}

/* Both are keyed hashes already: mixing them needs no key. */
static uint64_t lame_key(uint64_t address, uint64_t zone)
{
	return (address ^ zone) * 0x9e3779b97f4a7c15U >> 1 | 1;
}

static struct lame *lame_bucket(const struct servers *s, uint64_t key)
{
	return s->lame + (key >> 32 & (LAME_BUCKETS - 1)) * LAME_WAYS;
}

static bool is_lame(const struct servers *s, struct now now, uint64_t key)
{
	const struct lame *b = lame_bucket(s, key);
	for (unsigned i = 0; i < LAME_WAYS; i++)
		if (b[i].key == key)
			return now.mono_ms < b[i].until_ms;
	return false;
}

struct server servers_find(const struct servers *s, struct now now, const struct address *a,
                           uint64_t zone)
{
	uint64_t hash = hash_address(s, a);
	struct server v = { .health = SERVER_UP, .lame = is_lame(s, now, lame_key(hash, zone)) };
	const struct entry *e = find_hashed(s, a, hash);
	if (e == NULL)
		return v;
	v.health = health_of(e, now);
	v.measured = e->measured;
	v.srtt_ms = e->srtt8 / 8;
	v.variance_ms = e->variance4 / 4;
	v.failures = e->failures;
	v.out = e->out;
	v.plain = e->plain_votes >= PLAIN_VOTES && now.mono_ms < e->plain_until_ms;
	v.no_tcp = e->tcp_failures >= TCP_FAILURES && now.mono_ms < e->tcp_until_ms;
	v.loses_case = now.mono_ms < e->case_until_ms;
	v.keeps_case = now.mono_ms < e->kept_until_ms;
	v.cookie_len = e->cookie_len;
	memcpy(v.cookie, e->cookie, e->cookie_len);
	return v;
}

uint64_t servers_zone(const struct servers *s, const struct name *zone)
{
	return name_hash(&s->key, zone);
}

/* Linear probing; the slot of the zone, or the free one where it would go; NULL: table full. */
static struct zone_count *zone_slot(const struct servers *s, uint64_t key)
{
	for (size_t i = 0; i < ZONE_SLOTS; i++) {
		struct zone_count *z = &s->zones[(key + i) & (ZONE_SLOTS - 1)];
		if (z->out == 0 || z->key == key)
			return z;
	}
	return NULL;
}

/* Frees the slot and moves later ones of its run back, so that no search stops too early. */
static void zone_remove(struct servers *s, struct zone_count *gone)
{
	size_t hole = (size_t)(gone - s->zones);
	s->zones[hole].out = 0;
	for (size_t i = (hole + 1) & (ZONE_SLOTS - 1); s->zones[i].out > 0;
	     i = (i + 1) & (ZONE_SLOTS - 1)) {
		size_t home = s->zones[i].key & (ZONE_SLOTS - 1);
		if (((i - home) & (ZONE_SLOTS - 1)) < ((i - hole) & (ZONE_SLOTS - 1)))
			continue;
		s->zones[hole] = s->zones[i];
		s->zones[i].out = 0;
		hole = i;
	}
}

static struct family_health *family_of(struct servers *s, uint8_t family)
{
	return family == FAMILY_IPV6 ? &s->ipv6 : &s->ipv4;
}

void servers_set_caps(struct servers *s, uint32_t zone_out, uint32_t server_out)
{
	s->zone_out = zone_out;
	s->server_out = server_out;
}

enum take servers_take(struct servers *s, struct now now, const struct address *a, uint64_t zone,
                       enum zone_scope scope)
{
	struct zone_count *z = zone == 0 ? NULL : zone_slot(s, zone);
	if (zone != 0 && (z == NULL || (scope == ZONE_CAPPED && z->out >= s->zone_out)))
		return TAKE_ZONE_FULL;
	struct entry *e = use(s, now, a);
	if (e == NULL || (zone != 0 && e->out >= s->server_out))
		return TAKE_SERVER_FULL;
	family_of(s, a->family)->try_ms = now.mono_ms;
	e->out++;
	if (z != NULL) {
		z->key = zone;
		z->out++;
	}
	return TAKE_OK;
}

void servers_release(struct servers *s, const struct address *a, uint64_t zone)
{
	struct entry *e = find(s, a);
	assert(e != NULL && e->out > 0);
	e->out--;
	if (zone == 0)
		return;
	struct zone_count *z = zone_slot(s, zone);
	assert(z != NULL && z->out > 0);
	if (z->out == 1)
		zone_remove(s, z);
	else
		z->out--;
}

/* RFC 6298 section 2, with a first variance of half the RTT. */
static void measure(struct entry *e, uint32_t rtt_ms)
{
	if (rtt_ms > SRTT_MAX_MS)
		rtt_ms = SRTT_MAX_MS;
	if (!e->measured) {
		e->measured = true;
		e->srtt8 = rtt_ms * 8;
		e->variance4 = rtt_ms * 2;
		return;
	}
	uint32_t srtt = e->srtt8 / 8;
	uint32_t off = srtt > rtt_ms ? srtt - rtt_ms : rtt_ms - srtt;
	e->variance4 = e->variance4 - e->variance4 / 4 + off;
	e->srtt8 = e->srtt8 - e->srtt8 / 8 + rtt_ms;
}

void servers_on_reply(struct servers *s, struct now now, const struct address *a, int64_t sent_ms)
{
	struct family_health *f = family_of(s, a->family);
	f->replied = true;
	f->reply_ms = now.mono_ms;
	f->silences = 0;
	struct entry *e = use(s, now, a);
	if (e == NULL)
		return;
	int64_t rtt = now.mono_ms - sent_ms;
	measure(e, rtt < 0 ? 0 : rtt > SRTT_MAX_MS ? SRTT_MAX_MS : (uint32_t)rtt);
	e->failures = 0;
	e->reply_ms = now.mono_ms;
}

/*
 * One outage is one failure, however many exchanges were out in it; a lost packet of a server
 * that answered others meanwhile is none.
 */
static void count_failure(struct entry *e, struct now now, int64_t sent_ms)
{
	if (sent_ms < e->failure_ms || sent_ms < e->reply_ms)
		return;
	e->failure_ms = now.mono_ms;
	e->failures++;
	if (e->failures < DOWN_AFTER)
		return;
	unsigned doublings = e->failures - DOWN_AFTER;
	int64_t penalty = doublings > 6 ? DOWN_MAX_MS : (int64_t)DOWN_MS << doublings;
	e->down_until_ms = now.mono_ms + (penalty > DOWN_MAX_MS ? DOWN_MAX_MS : penalty);
}

static void count_silence(struct family_health *f, int64_t sent_ms)
{
	if (!f->replied || f->reply_ms < sent_ms)
		f->silences++;
}

void servers_on_silence(struct servers *s, struct now now, const struct address *a, int64_t sent_ms,
                        bool patient)
{
	count_silence(family_of(s, a->family), sent_ms);
	struct entry *e = patient ? use(s, now, a) : NULL;
	if (e != NULL)
		count_failure(e, now, sent_ms);
}

void servers_on_error(struct servers *s, struct now now, const struct address *a, int64_t sent_ms,
                      bool reached)
{
	if (!reached)
		count_silence(family_of(s, a->family), sent_ms);
	struct entry *e = use(s, now, a);
	if (e != NULL)
		count_failure(e, now, sent_ms);
}

void servers_on_tcp(struct servers *s, struct now now, const struct address *a, bool worked)
{
	struct entry *e = use(s, now, a);
	if (e == NULL)
		return;
	if (worked || now.mono_ms >= e->tcp_until_ms)
		e->tcp_failures = 0;
	if (!worked && e->tcp_failures < TCP_FAILURES)
		e->tcp_failures++;
	e->tcp_until_ms = now.mono_ms + DOWN_MAX_MS;
}

void servers_on_edns(struct servers *s, struct now now, const struct address *a)
{
	struct entry *e = use(s, now, a);
	if (e == NULL)
		return;
	e->speaks_edns = true;
	e->plain_votes = 0;
}

void servers_on_plain(struct servers *s, struct now now, const struct address *a)
{
	struct entry *e = use(s, now, a);
	if (e == NULL || e->speaks_edns)
		return;
	if (now.mono_ms >= e->plain_until_ms)
		e->plain_votes = 0;
	if (e->plain_votes < PLAIN_VOTES)
		e->plain_votes++;
	e->plain_until_ms = now.mono_ms + LIMIT_CAPABILITY_MS;
}

void servers_on_lost_case(struct servers *s, struct now now, const struct address *a)
{
	struct entry *e = use(s, now, a);
	if (e != NULL)
		e->case_until_ms = now.mono_ms + LIMIT_CAPABILITY_MS;
}

void servers_on_kept_case(struct servers *s, struct now now, const struct address *a)
{
	struct entry *e = use(s, now, a);
	if (e == NULL)
		return;
	e->kept_until_ms = now.mono_ms + LIMIT_CAPABILITY_MS;
	e->case_votes = 0;
}

void servers_on_hated_case(struct servers *s, struct now now, const struct address *a)
{
	struct entry *e = use(s, now, a);
	if (e != NULL && ++e->case_votes >= CASE_VOTES) {
		e->case_until_ms = now.mono_ms + LIMIT_CAPABILITY_MS;
		e->case_votes = 0;
	}
}

void servers_on_cookie(struct servers *s, struct now now, const struct address *a,
                       const uint8_t *cookie, size_t len)
{
	struct entry *e = use(s, now, a);
	if (e == NULL || len > COOKIE_SERVER_MAX)
		return;
	if (len > 0)
		memcpy(e->cookie, cookie, len);
	e->cookie_len = (uint8_t)len;
}

void servers_on_lame(struct servers *s, struct now now, const struct address *a, uint64_t zone)
{
	uint64_t key = lame_key(hash_address(s, a), zone);
	struct lame *b = lame_bucket(s, key);
	struct lame *oldest = b;
	for (unsigned i = 0; i < LAME_WAYS; i++) {
		if (b[i].key == key) {
			oldest = &b[i];
			break;
		}
		if (b[i].until_ms < oldest->until_ms)
			oldest = &b[i];
	}
	*oldest = (struct lame){ key, now.mono_ms + LIMIT_LAME_MS };
}

bool servers_family_works(const struct servers *s, struct now now, uint8_t family)
{
	const struct family_health *f = family == FAMILY_IPV6 ? &s->ipv6 : &s->ipv4;
	if (f->silences == 0)
		return true;
	if (f->silences < FAMILY_SILENCES && f->replied &&
	    now.mono_ms - f->reply_ms < FAMILY_FRESH_MS)
		return true;
	return now.mono_ms - f->try_ms >= FAMILY_REST_MS;
}

enum { SAVED_OCTETS = 1 + 16 + 2 + 4 + 4 };

size_t servers_save(const struct servers *s, uint8_t *out, size_t size)
{
	struct writer w = writer_of(out, size);
	for (size_t i = 0; i < s->buckets * WAYS && writer_left(&w) >= SAVED_OCTETS; i++) {
		const struct entry *e = &s->entries[i];
		if (e->address.family == FAMILY_NONE || !e->measured || e->failures > 0)
			continue;
		write_u8(&w, e->address.family);
		write_octets(&w, e->address.octets, sizeof(e->address.octets));
		write_u16(&w, e->address.port);
		write_u32(&w, e->srtt8);
		write_u32(&w, e->variance4);
	}
	return writer_length(&w);
}

void servers_load(struct servers *s, struct now now, const uint8_t *octets, size_t len)
{
	struct reader r = reader_of(octets, len);
	while (reader_left(&r) >= SAVED_OCTETS) {
		struct address a = { 0 };
		a.family = read_u8(&r);
		const uint8_t *host = read_octets(&r, sizeof(a.octets));
		a.port = read_u16(&r);
		uint32_t srtt8 = read_u32(&r);
		uint32_t variance4 = read_u32(&r);
		if (host == NULL || srtt8 > SRTT_MAX_MS * 8 || variance4 > SRTT_MAX_MS * 4 ||
		    (a.family != FAMILY_IPV4 && a.family != FAMILY_IPV6))
			return;
		memcpy(a.octets, host, sizeof(a.octets));
		struct entry *e = use(s, now, &a);
		if (e == NULL || e->measured)
			continue;
		e->measured = true;
		e->srtt8 = srtt8;
		e->variance4 = variance4;
	}
}
