#include "tools/stock.h"

#include "resolver/base/limits.h"
#include <stdio.h>
#include <string.h>

enum { SIGNATURE_OCTETS = 64, KINDS = 6, RESOLVE_MS = 20 };

static uint32_t mix(unsigned i)
{
	return i * 2654435761u; /* odd: no two numbers give the same */
}

struct question stock_question(unsigned i)
{
	static const char *const tlds[] = { "alpha", "beta", "gamma" };
	char text[64];
	snprintf(text, sizeof(text), "www.site%010u.%s.", mix(i), tlds[mix(i) % 3]);
	return (struct question){ .name = name_of(text), .type = TYPE_A, .class = CLASS_IN };
}

static bool is_signed(unsigned i)
{
	return i % 3 == 0;
}

static bool is_nodata(unsigned i)
{
	return i % KINDS == KINDS - 1;
}

static enum security security_of(unsigned i)
{
	return is_signed(i) ? SECURITY_SECURE : SECURITY_INSECURE;
}

static void write_address(unsigned i, uint8_t out[4])
{
	uint32_t a = mix(i) ^ 0x0a000000;
	for (unsigned k = 0; k < 4; k++)
		out[k] = (uint8_t)(a >> (24 - 8 * k));
}

/* RRSIG of A, algorithm 13: as long as one, and valid for as long as the entry. */
static uint16_t write_signature(const struct name *zone, unsigned i, struct now now, uint8_t *out)
{
	uint32_t end = (uint32_t)now.wall_s + 2 * STOCK_TTL, begin = (uint32_t)now.wall_s - STOCK_TTL;
	const uint8_t fixed[18] = { 0, 1, 13, 3, 0, 1, 0x51, 0x80,
		                    (uint8_t)(end >> 24), (uint8_t)(end >> 16), (uint8_t)(end >> 8), (uint8_t)end,
		                    (uint8_t)(begin >> 24), (uint8_t)(begin >> 16), (uint8_t)(begin >> 8),
		                    (uint8_t)begin, 0x30, 0x39 };
	memcpy(out, fixed, sizeof(fixed));
	memcpy(out + sizeof(fixed), zone->wire, zone->len);
	for (unsigned k = 0; k < SIGNATURE_OCTETS; k++)
		out[sizeof(fixed) + zone->len + k] = (uint8_t)(mix(i + k) >> 16);
	return (uint16_t)(sizeof(fixed) + zone->len + SIGNATURE_OCTETS);
}

static void put_address(struct cache *c, struct now now, unsigned i)
{
	uint8_t address[4], sig[18 + NAME_OCTETS + SIGNATURE_OCTETS];
	struct question q = stock_question(i);
	struct name zone = name_suffix(&q.name, 2);
	struct rdata data = { 4, address };
	write_address(i, address);
	struct rdata signature = { write_signature(&zone, i, now, sig), sig };
	struct rrset set = { .owner = q.name, .type = TYPE_A, .class = CLASS_IN, .ttl = STOCK_TTL, .count = 1,
		             .rdata = &data, .rank = RANK_ANSWER, .sig_count = is_signed(i),
		             .sigs = &signature, .security = (uint8_t)security_of(i) };
	struct outcome o = { .kind = OUTCOME_ANSWER, .security = security_of(i), .reason = NO_REASON,
		             .zone = zone, .set = &set, .ttl = STOCK_TTL };
	cache_put(c, now, &q, &o, RESOLVE_MS);
}

static void put_nodata(struct cache *c, struct now now, unsigned i)
{
	static const uint8_t soa_data[] = { 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 14, 16 };
	struct question q = stock_question(i);
	struct rdata data = { sizeof(soa_data), soa_data };
	struct rrset soa = { .owner = name_suffix(&q.name, 2), .type = TYPE_SOA, .class = CLASS_IN, .ttl = STOCK_TTL,
		             .count = 1, .rdata = &data, .rank = RANK_AUTHORITY,
		             .security = (uint8_t)security_of(i) };
	struct outcome o = { .kind = OUTCOME_NODATA, .security = security_of(i), .reason = NO_REASON,
		             .zone = soa.owner, .soa = &soa, .ttl = LIMIT_NEGATIVE_TTL };
	cache_put(c, now, &q, &o, RESOLVE_MS);
}

void stock_put(struct cache *c, struct now now, unsigned i)
{
	if (is_nodata(i))
		put_nodata(c, now, i);
	else
		put_address(c, now, i);
}

bool stock_is_right(const struct cached *found, unsigned i)
{
	uint8_t address[4];
	const struct outcome *o = &found->outcome;
	if (found->failing || found->lifetime_s > STOCK_TTL || found->left_s > STOCK_TTL ||
	    o->security != security_of(i))
		return false;
	if (is_nodata(i))
		return o->kind == OUTCOME_NODATA;
	write_address(i, address);
	return o->kind == OUTCOME_ANSWER && o->set->count == 1 && o->set->type == TYPE_A && o->set->rdata[0].len == 4 &&
	       memcmp(o->set->rdata[0].octets, address, 4) == 0 && o->set->sig_count == is_signed(i);
}
