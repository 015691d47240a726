/*
 * ttlcost.c - what the TTL policy costs: an hour of Zipf demand from thousands of stub caches, in virtual time.
 *
 * Every client has a cache of its own that honours the TTLs it is shown.  The resolver in the middle uses
 * entries and shows TTLs as cache/ttl.h says; popular entries that are nearly over are renewed, as core/refresh.c
 * does.  Printed for each [aT, bT]: questions of clients, questions upstream, hit ratio, against mode off.
 * Fails when the default costs more than it may.
 */
#include "cache/ttl.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SECONDS = 3600,
	WARM_SECONDS = 600, /* not counted: both caches begin empty */
	POPULAR_HITS = 1,   /* core/refresh.c */
	NEARLY_OVER = 10,
};

/* What mode private may cost: times the questions of clients and upstream, points of the hit ratio. */
static const double MOST_ASKED = 1.2, MOST_UPSTREAM = 1.3, MOST_POINTS = 1.0;

struct demand {
	unsigned clients, names;
	double per_client_s, zipf;
	bool prefetch;
	uint64_t seed;
	double *cumulative;
	uint32_t *lifetimes;
};

/* One name in the resolver; one entry of a client's cache. */
struct entry {
	uint32_t stored_s, hits;
	bool known;
};

struct held {
	uint64_t key; /* client and name; 0: free */
	uint32_t until_s;
};

struct cost {
	uint64_t wanted, asked, hits, upstream;
};

struct play {
	const struct demand *demand;
	const struct ttl_policy *policy;
	struct rng rng;
	struct entry *entries;
	struct held *held;
	size_t mask;
	struct cost cost;
};

static void *must(void *p)
{
	if (p == NULL) {
		perror("memory");
		exit(1);
	}
	return p;
}

/* TTLs as they are found: short ones of content networks, an hour, a day. */
static uint32_t draw_lifetime(struct rng *rng)
{
	static const struct {
		unsigned percent;
		uint32_t ttl;
	} mix[] = { { 10, 30 }, { 20, 60 }, { 30, 300 }, { 10, 900 }, { 20, 3600 }, { 10, 86400 } };
	unsigned at = rng_below(rng, 100), i = 0;
	while (at >= mix[i].percent)
		at -= mix[i++].percent;
	return mix[i].ttl;
}

static void prepare(struct demand *d)
{
	struct rng rng;
	double sum = 0;
	rng_init_number(&rng, d->seed);
	d->cumulative = must(calloc(d->names, sizeof(*d->cumulative)));
	d->lifetimes = must(calloc(d->names, sizeof(*d->lifetimes)));
	for (unsigned i = 0; i < d->names; i++) {
		sum += 1 / pow(i + 1, d->zipf);
		d->cumulative[i] = sum;
		d->lifetimes[i] = draw_lifetime(&rng);
	}
}

static unsigned draw_name(const struct demand *d, struct rng *rng)
{
	double at = rng_u32(rng) / 4294967296.0 * d->cumulative[d->names - 1];
	unsigned low = 0, high = d->names - 1;
	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (d->cumulative[middle] > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static struct held *find_held(const struct play *p, unsigned client, unsigned name)
{
	uint64_t key = ((uint64_t)client << 32 | name) + 1;
	size_t at = (size_t)(key * 0x9e3779b97f4a7c15u >> 20);
	while (p->held[at & p->mask].key != 0 && p->held[at & p->mask].key != key)
		at++;
	struct held *h = &p->held[at & p->mask];
	h->key = key;
	return h;
}

/* True: it knew the answer.  *ttl is what it shows, *prefetched: and it asks upstream, too. */
static bool ask_resolver(struct play *p, unsigned name, uint32_t now_s, uint32_t *ttl, bool *prefetched)
{
	struct entry *e = &p->entries[name];
	uint32_t lifetime = p->demand->lifetimes[name], usable = ttl_usable_s(p->policy, lifetime);
	bool hit = e->known && now_s - e->stored_s < usable;
	if (!hit)
		*e = (struct entry){ .known = true, .stored_s = now_s };
	uint32_t age = now_s - e->stored_s;
	*ttl = ttl_shown(p->policy, &p->rng, lifetime, age, TTL_NO_BOUND);
	*prefetched = p->demand->prefetch && hit && e->hits >= POPULAR_HITS &&
	              (usable - age) * NEARLY_OVER <= usable;
	e->hits += hit;
	if (*prefetched)
		*e = (struct entry){ .known = true, .stored_s = now_s, .hits = e->hits / 2 };
	return hit;
}

static void want(struct play *p, uint32_t now_s)
{
	unsigned client = rng_below(&p->rng, p->demand->clients);
	unsigned name = draw_name(p->demand, &p->rng);
	struct held *h = find_held(p, client, name);
	bool counted = now_s >= WARM_SECONDS, prefetched = false;
	uint32_t ttl;
	p->cost.wanted += counted;
	if (h->until_s > now_s)
		return;
	bool hit = ask_resolver(p, name, now_s, &ttl, &prefetched);
	h->until_s = now_s + ttl;
	p->cost.asked += counted;
	p->cost.hits += counted && hit;
	p->cost.upstream += (unsigned)counted * ((unsigned)!hit + (unsigned)prefetched);
}

static struct cost play(const struct demand *d, const struct ttl_policy *policy)
{
	struct play p = { .demand = d, .policy = policy };
	double per_s = d->clients * d->per_client_s;
	size_t room = 1024;
	while (room < 2 * per_s * (SECONDS + WARM_SECONDS))
		room *= 2;
	p.mask = room - 1;
	p.entries = must(calloc(d->names, sizeof(*p.entries)));
	p.held = must(calloc(room, sizeof(*p.held)));
	rng_init_number(&p.rng, d->seed + 1); /* the same wishes for all policies begin alike */
	double due = 0;
	for (uint32_t now_s = 0; now_s < SECONDS + WARM_SECONDS; now_s++) {
		for (due += per_s; due >= 1; due--)
			want(&p, now_s);
	}
	free(p.entries);
	free(p.held);
	return p.cost;
}

static void show(const char *label, const struct cost *c, const struct cost *off)
{
	double ratio = 100.0 * (double)c->hits / (double)c->asked;
	double before = 100.0 * (double)off->hits / (double)off->asked;
	printf("%-14s %10llu %8.3f %10llu %8.3f %8.2f %+8.2f\n", label, (unsigned long long)c->asked,
	       (double)c->asked / (double)off->asked, (unsigned long long)c->upstream,
	       (double)c->upstream / (double)off->upstream, ratio, ratio - before);
}

static bool is_dear(const struct cost *c, const struct cost *off)
{
	double lost = (double)off->hits / (double)off->asked - (double)c->hits / (double)c->asked;
	return (double)c->asked > MOST_ASKED * (double)off->asked ||
	       (double)c->upstream > MOST_UPSTREAM * (double)off->upstream ||
	       100 * lost > MOST_POINTS;
}

static bool is_default(const struct ttl_policy *p)
{
	return p->low_permille == TTL_LOW_PERMILLE && p->high_permille == TTL_HIGH_PERMILLE;
}

static void usage(FILE *out)
{
	fputs("usage: ttlcost [-c CLIENTS] [-n NAMES] [-r QUESTIONS-PER-CLIENT-AND-SECOND] [-z ZIPF] [-P] [-s SEED]\n"
	      "-P: without prefetch\n",
	      out);
}

int main(int argc, char **argv)
{
	static const struct ttl_policy policies[] = {
		{ TTL_PRIVATE, 62, 125 },  { TTL_PRIVATE, 125, 125 }, { TTL_PRIVATE, 125, 250 },
		{ TTL_PRIVATE, 250, 250 }, { TTL_PRIVATE, 125, 375 }, { TTL_PRIVATE, 250, 500 },
	};
	struct demand d = { .clients = 5000, .names = 100000, .per_client_s = 0.05, .zipf = 1.0,
		            .prefetch = true, .seed = 1 };
	int c;
	while ((c = getopt(argc, argv, "c:n:r:z:s:Ph")) != -1) {
		switch (c) {
		case 'c': d.clients = (unsigned)atoi(optarg); break;
		case 'n': d.names = (unsigned)atoi(optarg); break;
		case 'r': d.per_client_s = atof(optarg); break;
		case 'z': d.zipf = atof(optarg); break;
		case 's': d.seed = (uint64_t)atoll(optarg); break;
		case 'P': d.prefetch = false; break;
		case 'h': usage(stdout); return 0;
		default: usage(stderr); return 2;
		}
	}
	if (d.clients == 0 || d.names == 0 || d.per_client_s <= 0 || optind != argc) {
		usage(stderr);
		return 2;
	}
	prepare(&d);
	const struct ttl_policy countdown = { TTL_OFF, 0, 0 };
	struct cost off = play(&d, &countdown);
	printf("%-14s %10s %8s %10s %8s %8s %8s\n", "TTL shown", "asked", "x off", "upstream", "x off",
	       "hits %", "points");
	show("off", &off, &off);
	bool dear = false;
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		char label[40];
		struct cost cost = play(&d, &policies[i]);
		snprintf(label, sizeof(label), "[%.3fT,%.3fT]", policies[i].low_permille / 1000.0,
		         policies[i].high_permille / 1000.0);
		show(label, &cost, &off);
		dear |= is_default(&policies[i]) && is_dear(&cost, &off);
	}
	free(d.cumulative);
	free(d.lifetimes);
	if (dear)
		printf("the default costs more than it may\n");
	return dear;
}
