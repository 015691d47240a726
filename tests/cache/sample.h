/*
 * sample.h - a cache without a store, a clock set by hand, and records from text, for the tests.
 */
#ifndef TESTS_CACHE_SAMPLE_H
#define TESTS_CACHE_SAMPLE_H

#include "cache/cache.h"
#include "resolver/base/limits.h"

/* Signatures of this length of life: after TTLs, before year 2030. */
#define SIG(type, labels, ttl, signer) \
	"RRSIG " type " 13 " labels " " ttl " 20300101000000 20200101000000 12345 " signer \
	" 3q2+796tvu/erb7v3q2+796tvu/erb7v3q2+796tvu/erb7v3q2+796tvu/erb7v3q2+796tvu/erb7v" \
	"3q2+7w==\n"

struct sample {
	struct cache *cache;
	struct cache_policy policy;
	struct siphash_key key;
	struct arena *arena;
	struct now now;
};

/* TTL mode off, so that ages are easy to count. */
void sample_open(struct sample *s);
void sample_open_with(struct sample *s, const struct cache_policy *policy, size_t octets);
void sample_close(struct sample *s);
void sample_pass(struct sample *s, uint32_t seconds);

struct question sample_question(const char *name, uint16_t type);
/* The first RRset of that zone text, of that rank and security. */
struct rrset *sample_set(struct sample *s, const char *text, uint8_t rank,
                         enum security security);
struct outcome sample_answer(struct sample *s, const char *text, enum security security);
struct outcome sample_negative(struct sample *s, enum outcome_kind kind, const char *soa,
                               enum security security);
struct outcome sample_failure(const char *zone, const char *text, uint32_t ttl);

void sample_put(struct sample *s, const char *name, uint16_t type, const struct outcome *o);
enum err sample_find(struct sample *s, const char *name, uint16_t type, struct cached *out);
/* What kind is found: an outcome_kind, -1 for a miss, +100 when stale. */
int sample_kind(struct sample *s, const char *name, uint16_t type);
enum { SAMPLE_MISS = -1, SAMPLE_STALE = 100 };

/* A cut with one server "ns" below the zone, with that IPv4 address. */
struct cut sample_cut(struct sample *s, const char *zone, const char *address, uint32_t ttl);

#endif
