/*
 * cachefull - how well a full store keeps what is asked for: its hit ratio beside that of an ideal LRU.
 *
 *	cachefull DIRECTORY [names] [questions] [attack]
 *
 * Zipf demand (exponent 1) over twice as many names as the store has room for; every miss is put, every
 * 200 questions are a turn, the sweep works as in the daemon.  It is measured against two LRUs: one that holds as
 * many entries as the store did on average, and one that holds as many as the whole map would at that size, with
 * not an octet lost to pages and none kept free.
 *
 * attack (threats C9): the store has room for all names; then somebody puts as many more, of one zone and each as
 * large as may be, one for every question, and nobody asks for them again.  Printed is the hit ratio of the others
 * without and with it.  DIRECTORY is made, used for a store, and wiped.
 */
#include "tools/pair.h"

#include "resolver/base/limits.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TURN = 200, OCTETS_EACH = 110, BOOT_MS = 1000, HUGE_RECORDS = 8, HUGE_OCTETS = 200 };

struct lru {
	unsigned *next, *prev; /* of names; names: the head, most recent behind it */
	bool *there;
	unsigned names, count, hits;
};

struct bench {
	struct pair pair;
	struct rng rng;
	unsigned names, questions;
	double *cumulative; /* of the Zipf weights */
	unsigned *asked;    /* the questions, for the LRU afterwards */
	double held, used;  /* entries and octets, summed over turns */
	unsigned turns;
	bool attacked;
	unsigned attacks;
};

static void die(const char *what, enum err e)
{
	fprintf(stderr, "cachefull: %s: %s\n", what, err_text(e));
	exit(EXIT_FAILURE);
}

static unsigned draw(struct bench *b)
{
	double x = (double)rng_u32(&b->rng) / 4294967296.0 * b->cumulative[b->names - 1];
	unsigned low = 0, high = b->names - 1;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (b->cumulative[middle] > x)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static bool ask(struct bench *b, unsigned i)
{
	char text[60];
	static const uint8_t address[4] = { 192, 0, 2, 1 };
	struct cached found;
	snprintf(text, sizeof(text), "www.site%010u.com.", i * 2654435761u);
	struct question q = { .name = name_of(text), .type = TYPE_A, .class = CLASS_IN };
	enum err e = cache_find(b->pair.cache, b->pair.now, &q, b->pair.arena, &found);
	arena_reset(b->pair.arena);
	if (e == ERR_OK && !found.stale)
		return true;
	struct rdata data = { 4, address };
	struct rrset set = { .owner = q.name, .type = TYPE_A, .class = CLASS_IN, .ttl = 86400,
		             .count = 1, .rdata = &data, .rank = RANK_ANSWER };
	struct outcome o = { .kind = OUTCOME_ANSWER, .security = SECURITY_INSECURE,
		             .reason = NO_REASON, .zone = name_suffix(&q.name, 2), .set = &set,
		             .ttl = 86400 };
	cache_put(b->pair.cache, b->pair.now, &q, &o, 20);
	return false;
}

/* One more name of the attacker's zone, with records that fill an entry. */
static void attack(struct bench *b)
{
	char text[60];
	static uint8_t octets[HUGE_RECORDS][HUGE_OCTETS];
	struct rdata data[HUGE_RECORDS];
	for (unsigned i = 0; i < HUGE_RECORDS; i++) {
		memset(octets[i], (int)i, HUGE_OCTETS);
		octets[i][0] = HUGE_OCTETS - 1; /* a TXT record of one string */
		data[i] = (struct rdata){ HUGE_OCTETS, octets[i] };
	}
	snprintf(text, sizeof(text), "n%u.evil.com.", b->attacks++ * 2654435761u);
	struct question q = { .name = name_of(text), .type = TYPE_TXT, .class = CLASS_IN };
	struct rrset set = { .owner = q.name, .type = TYPE_TXT, .class = CLASS_IN, .ttl = 86400,
		             .count = HUGE_RECORDS, .rdata = data, .rank = RANK_ANSWER };
	struct outcome o = { .kind = OUTCOME_ANSWER, .security = SECURITY_INSECURE,
		             .reason = NO_REASON, .zone = name_suffix(&q.name, 2), .set = &set,
		             .ttl = 86400 };
	cache_put(b->pair.cache, b->pair.now, &q, &o, 20);
}

static void end_turn(struct bench *b, bool count)
{
	b->pair.now.mono_ms += 20;
	(void)pair_turn(&b->pair);
	(void)keep_sweep(b->pair.keep, b->pair.now, 1024);
	if (!count)
		return;
	b->held += (double)keep_count(b->pair.keep).size.entries;
	b->used += (double)keep_count(b->pair.keep).size.used;
	b->turns++;
}

/* Hits among the second half of the questions. */
static unsigned run(struct bench *b)
{
	unsigned hits = 0;
	for (unsigned i = 0; i < b->questions; i++) {
		b->asked[i] = draw(b);
		bool hit = ask(b, b->asked[i]);
		hits += hit && i >= b->questions / 2;
		if (b->attacked)
			attack(b);
		if (i % TURN == TURN - 1)
			end_turn(b, i >= b->questions / 2);
	}
	return hits;
}

static void lru_unlink(struct lru *l, unsigned i)
{
	l->next[l->prev[i]] = l->next[i];
	l->prev[l->next[i]] = l->prev[i];
}

static bool lru_ask(struct lru *l, unsigned i, unsigned room)
{
	bool hit = l->there[i];
	if (hit) {
		lru_unlink(l, i);
	} else if (l->count == room) {
		unsigned oldest = l->prev[l->names];
		lru_unlink(l, oldest);
		l->there[oldest] = false;
	} else {
		l->count++;
	}
	l->there[i] = true;
	l->prev[i] = l->names;
	l->next[i] = l->next[l->names];
	l->prev[l->next[i]] = i;
	l->next[l->names] = i;
	return hit;
}

static unsigned run_lru(const struct bench *b, unsigned room)
{
	unsigned hits = 0;
	struct lru l = { .names = b->names };
	l.next = calloc(b->names + 1, sizeof(*l.next));
	l.prev = calloc(b->names + 1, sizeof(*l.prev));
	l.there = calloc(b->names, sizeof(*l.there));
	if (l.next == NULL || l.prev == NULL || l.there == NULL)
		die("LRU", ERR_NOMEM);
	l.next[b->names] = l.prev[b->names] = b->names;
	for (unsigned i = 0; i < b->questions; i++) {
		bool hit = lru_ask(&l, b->asked[i], room);
		hits += hit && i >= b->questions / 2;
	}
	free(l.next);
	free(l.prev);
	free(l.there);
	return hits;
}

static void open_bench(struct bench *b, const char *dir, unsigned room)
{
	const struct keep_setup setup = { .policy = cache_policy_default(), .dir = dir,
		                          .map = (size_t)room * OCTETS_EACH * 100 / 80,
		                          .boot_ms = BOOT_MS, .wall_s = 1790000000 };
	rng_init_number(&b->rng, 1);
	enum err e = pair_open(&b->pair, &setup, (size_t)b->names * 4, &b->rng);
	if (e != ERR_OK)
		die(dir, e);
	b->cumulative = calloc(b->names, sizeof(*b->cumulative));
	b->asked = calloc(b->questions, sizeof(*b->asked));
	if (b->cumulative == NULL || b->asked == NULL)
		die("start", ERR_NOMEM);
	double sum = 0;
	for (unsigned i = 0; i < b->names; i++)
		b->cumulative[i] = sum += 1.0 / (i + 1);
}

static void close_bench(struct bench *b, const char *dir)
{
	pair_close(&b->pair);
	free(b->cumulative);
	free(b->asked);
	(void)!store_wipe(dir);
}

static void say_store(const struct bench *b)
{
	struct keep_counts n = keep_count(b->pair.keep);
	printf("held %.0f of %u names, %.1f octets each, level %u, swept %llu, refused full %llu, aborted %llu\n",
	       b->held / b->turns, b->names, b->used / b->held, n.level, (unsigned long long)n.swept,
	       (unsigned long long)n.refused_full, (unsigned long long)n.aborted);
}

static void compare_with_lru(struct bench b, const char *dir)
{
	open_bench(&b, dir, b.names / 2);
	unsigned hits = run(&b), half = b.questions / 2;
	unsigned room = (unsigned)(b.held / b.turns);
	unsigned most = (unsigned)((double)keep_count(b.pair.keep).size.map / (b.used / b.held));
	say_store(&b);
	unsigned same = run_lru(&b, room), whole = run_lru(&b, most < b.names ? most : b.names);
	printf("hit ratio %.4f; LRU of as many entries %.4f: %.3f of it; LRU of all octets of the map, %u entries, %.4f: "
	       "%.3f of it\n",
	       (double)hits / half, (double)same / half, (double)hits / same, most, (double)whole / half,
	       (double)hits / whole);
	close_bench(&b, dir);
}

static void compare_with_attack(struct bench b, const char *dir)
{
	unsigned half = b.questions / 2, hits[2];
	for (unsigned i = 0; i < 2; i++) {
		struct bench one = b;
		one.attacked = i == 1;
		open_bench(&one, dir, one.names * 2);
		hits[i] = run(&one);
		say_store(&one);
		close_bench(&one, dir);
	}
	printf("hit ratio %.4f, under attack %.4f: %.3f of it\n", (double)hits[0] / half, (double)hits[1] / half,
	       (double)hits[1] / hits[0]);
}

int main(int argc, char **argv)
{
	struct bench b = { .names = 200000, .questions = 2000000 };
	if (argc < 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: cachefull DIRECTORY [names] [questions] [attack]\n");
		return EXIT_FAILURE;
	}
	if (argc > 2)
		b.names = (unsigned)strtoul(argv[2], NULL, 10);
	if (argc > 3)
		b.questions = (unsigned)strtoul(argv[3], NULL, 10);
	if (argc > 4 && strcmp(argv[4], "attack") == 0)
		compare_with_attack(b, argv[1]);
	else
		compare_with_lru(b, argv[1]);
	return EXIT_SUCCESS;
}
