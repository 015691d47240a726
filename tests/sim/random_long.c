#include "tests/sim/random_long.h"

#include "resolver/base/rng.h"
#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
	ZONES_MAX = 6, /* the root among them */
	QUESTIONS = 40,
	NAME_TEXT = 96,
};

struct plan {
	struct rng rng;
	FILE *out;
	char zones[ZONES_MAX][NAME_TEXT];
	bool is_signed[ZONES_MAX];
	unsigned count;
};

#define COUNT(array) ((unsigned)(sizeof(array) / sizeof((array)[0])))
#define PICK(p, words) (words)[rng_below(&(p)->rng, COUNT(words))]

static bool chance(struct plan *p, unsigned percent)
{
	return rng_below(&p->rng, 100) < percent;
}

/* Labels that are there in most zones, and some that are not. */
static const char *const labels[] = {
	"", "www.", "mail.", "text.", "ent.", "deep.ent.", "x.deep.ent.", "no.", "x.no.", "*.wild.",
	"wild.", "x.wild.", "x.y.wild.", "there.wild.", "x.there.wild.", "x.below.wild.", "below.wild.",
	"x.alias.", "y.x.alias.", "a.", "b.", "c.", "x.a.", "moved.", "www.moved.", "deep.ent.moved.",
	"ent.moved.", "x.wild.moved.", "no.moved.", "there.wild.moved.", "a.moved.", "moved.moved.",
	"cut.", "www.cut.", "deep.ent.cut.", "no.cut.", "ns.", "mid.", "sub.mid.", "www.sub.mid.",
};

/* Not the root. */
static const char *some_zone_before(struct plan *p, unsigned end)
{
	return p->zones[1 + rng_below(&p->rng, end - 1)];
}

static const char *some_zone(struct plan *p)
{
	return some_zone_before(p, p->count);
}

static void put_name(struct plan *p)
{
	const char *zone = chance(p, 10) ? "" : some_zone(p);
	const char *label = PICK(p, labels);
	if (zone[0] == '\0' && label[0] == '\0')
		fputc('.', p->out);
	else
		fprintf(p->out, "%s%s", label, zone);
}

/* ---- the world ---- */

/* Each below one that stands before it; "cut" and "sub.mid" are asked for by name. */
static void plan_zones(struct plan *p)
{
	static const char *const cuts[] = { "cut", "cut", "sub.mid", "sub.mid", "z" };
	p->count = 3 + rng_below(&p->rng, ZONES_MAX - 2);
	for (unsigned i = 1; i < p->count; i++) {
		char up[NAME_TEXT] = "";
		if (i >= 3)
			memcpy(up, some_zone_before(p, i), NAME_TEXT);
		snprintf(p->zones[i], NAME_TEXT, "%s%.0u.%.80s", PICK(p, cuts), i < 3 ? i : 0, up);
	}
}

static bool is_again(const struct plan *p, unsigned zone)
{
	for (unsigned i = 0; i < zone; i++) {
		if (strcmp(p->zones[i], p->zones[zone]) == 0)
			return true;
	}
	return false;
}

static void put_zone_line(struct plan *p, unsigned i)
{
	static const char *const denials[] = { "nsec", "nsec", "nsec3", "nsec3", "nsec3 opt-out" };
	fprintf(p->out, "  zone %s at ns%s 192.0.2.%u", i == 0 ? "." : p->zones[i], i == 0 ? ".root." : "", i + 1);
	p->is_signed[i] = i == 0 ? chance(p, 80) : chance(p, 60);
	if (p->is_signed[i])
		fprintf(p->out, " signed %s", PICK(p, denials));
	fprintf(p->out, " ttl %u cut-ttl %u minimum %u\n", 60 + rng_below(&p->rng, 7200),
		60 + rng_below(&p->rng, 7200), 60 + rng_below(&p->rng, 7200));
}

static void put_alias(struct plan *p, const char *owner, const char *type)
{
	fprintf(p->out, "    %s %s ", owner, type);
	put_name(p);
	fputc('\n', p->out);
}

static void put_records(struct plan *p, unsigned i)
{
	/* clang-format off */
	static const char *const records[] = {
		"www A 203.0.113.1", "www AAAA 2001:db8:ffff::1", "mail A 203.0.113.2", "@ MX 10 mail", "text TXT \"t\"",
		"deep.ent A 203.0.113.3", "deep.ent TXT \"d\"", "*.wild A 203.0.113.4", "*.wild TXT \"w\"",
		"there.wild AAAA 2001:db8:ffff::2", "deep.below.wild A 203.0.113.5", "a A 203.0.113.6",
	};
	/* clang-format on */
	for (unsigned k = 0; k < COUNT(records); k++) {
		if (chance(p, 70))
			fprintf(p->out, "    %s\n", records[k]);
	}
	if (chance(p, 50))
		put_alias(p, "*.alias", "CNAME");
	if (chance(p, 60))
		put_alias(p, "b", "CNAME");
	if (chance(p, 60))
		put_alias(p, "c", "CNAME");
	if (i > 0 && chance(p, 50))
		fprintf(p->out, "    moved DNAME %s%s\n", chance(p, 30) ? PICK(p, labels) : "", some_zone(p));
}

static void put_world(struct plan *p)
{
	fprintf(p->out, "world\n");
	for (unsigned i = 0; i < p->count; i++) {
		if (is_again(p, i))
			continue;
		put_zone_line(p, i);
		put_records(p, i);
	}
	fprintf(p->out, "  server 192.0.2.90 recursive\n");
}

/* ---- the play ---- */

static void put_play(struct plan *p)
{
	static const char *const types[] = { "A", "A", "A", "AAAA", "TXT", "NS", "SOA", "DS", "MX", "DNSKEY" };
	static const char *const flags[] = { "", "", "", " +do", " +do", " +cd", " +do +cd", " +noedns" };
	fprintf(p->out, "play\n");
	for (unsigned i = 0; i < QUESTIONS; i++) {
		fprintf(p->out, "  ask ");
		put_name(p);
		fprintf(p->out, " %s%s\n  expect truth\n", PICK(p, types), PICK(p, flags));
		if (chance(p, 10))
			fprintf(p->out, "  after %us\n", rng_below(&p->rng, 4000));
	}
}

char *random_long(uint64_t seed)
{
	static const char *const minimise[] = { "relaxed", "off", "strict" };
	struct plan p = { 0 };
	char *text = NULL;
	size_t len = 0;
	rng_init_number(&p.rng, seed);
	p.out = open_memstream(&text, &len);
	assert(p.out != NULL);
	plan_zones(&p);
	put_world(&p);
	fprintf(p.out, "resolver\n  minimise %s\n  validate %s\n", PICK(&p, minimise), chance(&p, 80) ? "on" : "off");
	if (chance(&p, 25))
		fprintf(p.out, "  prefetch on\n");
	if (chance(&p, 20))
		fprintf(p.out, "  forward %s 192.0.2.90\n", chance(&p, 50) ? "." : some_zone(&p));
	put_play(&p);
	fclose(p.out);
	assert(text != NULL);
	return text;
}
