/*
 * cachesize - how many octets an entry takes in the store, and how fast entries go in and come out.
 *
 *	cachesize DIRECTORY [entries] [random|sorted|churn] [plain|signed]
 *
 * DIRECTORY is made, used for a store, and wiped.  churn: random, then as many again while the sweep
 * makes room.  Everything goes the way it goes in the daemon: a worker's cache, turn messages, the keeper.
 */
#include "tools/pair.h"

#include "resolver/base/limits.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TURN_ENTRIES = 200, SIGNATURE_OCTETS = 64, LOOKUPS = 1000000, BOOT_MS = 1000 };

struct bench {
	struct pair pair;
	struct rng rng;
	unsigned entries;
	bool sorted, churn, is_signed;
};

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what, enum err e)
{
	fprintf(stderr, "cachesize: %s: %s\n", what, err_text(e));
	exit(EXIT_FAILURE);
}

/* Of the length of usual names: "www." and 14 letters below a TLD.  Sorted by number only when asked. */
static struct name name_number(const struct bench *b, unsigned i)
{
	static const char *const tlds[] = { "com", "net", "org", "de", "nl", "info" };
	char text[80];
	uint32_t mixed = b->sorted ? i : i * 2654435761u;
	snprintf(text, sizeof(text), "www.%s%010u.%s.", b->sorted ? "a" : "site", mixed,
	         b->sorted ? "com" : tlds[mixed % 6]);
	return name_of(text);
}

static void put(struct bench *b, unsigned i)
{
	uint8_t address[4], sig[18 + NAME_OCTETS + SIGNATURE_OCTETS] = { 0, 1, 13, 3, 0, 1, 0x51, 0x80 };
	struct question q = { .name = name_number(b, i), .type = TYPE_A, .class = CLASS_IN };
	struct name zone = name_suffix(&q.name, 2);
	rng_fill(&b->rng, address, sizeof(address));
	memcpy(sig + 18, zone.wire, zone.len);
	rng_fill(&b->rng, sig + 18 + zone.len, SIGNATURE_OCTETS);
	struct rdata data = { 4, address };
	struct rdata signature = { (uint16_t)(18 + zone.len + SIGNATURE_OCTETS), sig };
	struct rrset set = { .owner = q.name, .type = TYPE_A, .class = CLASS_IN, .ttl = 86400,
		             .count = 1, .rdata = &data, .rank = RANK_ANSWER,
		             .sig_count = b->is_signed, .sigs = &signature };
	enum security security = b->is_signed ? SECURITY_SECURE : SECURITY_INSECURE;
	set.security = (uint8_t)security;
	struct outcome o = { .kind = OUTCOME_ANSWER, .security = security, .reason = NO_REASON,
		             .zone = zone, .set = &set, .ttl = 86400 };
	cache_put(b->pair.cache, b->pair.now, &q, &o, 20);
}

static void end_turn(struct bench *b)
{
	(void)pair_turn(&b->pair);
	for (unsigned i = 0; b->churn && i < 20 && keep_sweep(b->pair.keep, b->pair.now, 1024); i++)
		continue;
}

static void report(struct bench *b, const char *what, double started, unsigned done)
{
	struct store_size size;
	enum err e = store_measure(keep_store(b->pair.keep), &size);
	if (e != ERR_OK)
		die("measure", e);
	store_turn_end(keep_store(b->pair.keep));
	printf("%s: %zu entries, %.1f octets each, %.2f us CPU an entry\n", what, size.entries,
	       (double)size.used / (double)size.entries, (seconds() - started) * 1e6 / done);
}

static void fill(struct bench *b)
{
	double started = seconds();
	for (unsigned i = 0; i < b->entries; i++) {
		put(b, i);
		if (i % TURN_ENTRIES == TURN_ENTRIES - 1)
			end_turn(b);
	}
	end_turn(b);
	report(b, "filled", started, b->entries);
	if (!b->churn)
		return;
	started = seconds();
	for (unsigned i = b->entries; i < 2 * b->entries; i++) {
		put(b, i);
		if (i % TURN_ENTRIES == TURN_ENTRIES - 1)
			end_turn(b);
	}
	report(b, "turned over", started, b->entries);
}

static void look(struct bench *b)
{
	struct cached found;
	unsigned hits = 0;
	double started = seconds();
	for (unsigned i = 0; i < LOOKUPS; i++) {
		struct question q = { .name = name_number(b, rng_below(&b->rng, b->entries)),
			              .type = TYPE_A, .class = CLASS_IN };
		hits += cache_find(b->pair.cache, b->pair.now, &q, b->pair.arena, &found) == ERR_OK;
		arena_reset(b->pair.arena);
		if (i % 64 == 0)
			store_turn_end(b->pair.store);
	}
	printf("found: %u of %u, %.2f us CPU each\n", hits, LOOKUPS,
	       (seconds() - started) * 1e6 / LOOKUPS);
}

static void open_bench(struct bench *b, const char *dir)
{
	const struct keep_setup setup = { .policy = cache_policy_default(), .dir = dir,
		                          .map = (size_t)b->entries * (b->churn ? 190 : 400) + (8 << 20),
		                          .boot_ms = BOOT_MS, .wall_s = 1790000000 };
	rng_init_number(&b->rng, 1);
	enum err e = pair_open(&b->pair, &setup, 16 << 20, &b->rng);
	if (e != ERR_OK)
		die(dir, e);
}

int main(int argc, char **argv)
{
	struct bench b = { .entries = 500000 };
	if (argc < 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: cachesize DIRECTORY [entries] [random|sorted|churn] [plain|signed]\n");
		return EXIT_FAILURE;
	}
	if (argc > 2)
		b.entries = (unsigned)strtoul(argv[2], NULL, 10);
	b.sorted = argc > 3 && strcmp(argv[3], "sorted") == 0;
	b.churn = argc > 3 && strcmp(argv[3], "churn") == 0;
	b.is_signed = argc > 4 && strcmp(argv[4], "signed") == 0;
	open_bench(&b, argv[1]);
	fill(&b);
	look(&b);
	pair_close(&b.pair);
	(void)!store_wipe(argv[1]);
	return EXIT_SUCCESS;
}
