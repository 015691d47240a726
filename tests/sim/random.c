#include "tests/sim/random.h"

#include "resolver/base/rng.h"
#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ZONES_MAX = 9,   /* below the root */
	SERVERS_MAX = 4, /* of one zone */
	DEPTH_MAX = 5,
	GLUELESS_MAX = 2, /* servers of servers without glue */
	BAD_MAX = 4,      /* servers of no use in a world whose answers must be found */
	SILENT_MAX = 2,   /* of them, those that cost time */
	BAD_OF_ZONE = 3,  /* addresses: each may cost three packets of the twelve for one step */
	NAME_TEXT = 128,
};

struct random_zone {
	char name[NAME_TEXT];
	unsigned parent, depth, glueless, servers;
	bool is_signed;
};

struct random {
	struct rng rng;
	FILE *out;
	struct random_zone zones[ZONES_MAX + 1]; /* zones[0] is the root */
	unsigned zone_count;
	unsigned bad, silent;
	bool wild; /* luck decides: loss, more bad servers than a question can pay for */
	bool ipv4, ipv6;
	bool signs;        /* zones are signed, and judged */
	bool denies_empty; /* some servers do; then nobody asks for such names themselves */
	enum { RELAXED, OFF, STRICT } minimise;
};

static unsigned below(struct random *r, unsigned n)
{
	return rng_below(&r->rng, n);
}

static bool chance(struct random *r, unsigned percent)
{
	return below(r, 100) < percent;
}

static const char *pick(struct random *r, const char *const *words, size_t count)
{
	return words[below(r, (unsigned)count)];
}

#define PICK(r, words) pick(r, words, sizeof(words) / sizeof((words)[0]))

/* ---- zones ---- */

static void plan_zones(struct random *r)
{
	r->zone_count = 3 + below(r, ZONES_MAX - 2);
	snprintf(r->zones[0].name, NAME_TEXT, ".");
	for (unsigned i = 1; i < r->zone_count; i++) {
		struct random_zone *z = &r->zones[i];
		do
			z->parent = i == 1 ? 0 : below(r, i);
		while (r->zones[z->parent].depth >= DEPTH_MAX);
		const struct random_zone *up = &r->zones[z->parent];
		z->depth = up->depth + 1;
		const char *middle =
		    chance(r, 10) ? ".mid" : ""; /* an empty non-terminal above the cut */
		snprintf(z->name, NAME_TEXT, "z%u%s.%.100s", i, middle,
			 z->parent == 0 ? "" : up->name);
	}
}

static void put_addresses(struct random *r, unsigned zone, unsigned server)
{
	bool both = r->ipv4 && r->ipv6;
	bool four = r->ipv4 && (!both || chance(r, 90));
	if (four)
		fprintf(r->out, " 198.18.%u.%u", zone, server + 1);
	if (r->ipv6 && (!four || chance(r, 40)))
		fprintf(r->out, " 2001:db8:%u::%u", zone, server + 1);
}

/* A zone made before this one, to hold the name of a server of this one; 0: none. */
static unsigned pick_host(struct random *r, unsigned zone)
{
	unsigned host = zone < 2 ? 0 : 1 + below(r, zone - 1);
	return host != 0 && r->zones[host].glueless < GLUELESS_MAX ? host : 0;
}

static void put_zone_line(struct random *r, unsigned i)
{
	struct random_zone *z = &r->zones[i];
	z->servers = 1 + below(r, SERVERS_MAX);
	fprintf(r->out, "  zone %s", z->name);
	for (unsigned s = 0; s < z->servers; s++) {
		unsigned host = i == 0 || !chance(r, 25) ? 0 : pick_host(r, i);
		if (host != 0 && r->zones[host].glueless >= z->glueless)
			z->glueless = r->zones[host].glueless + 1;
		if (host != 0)
			fprintf(r->out, " at h%u-%u.%s", i, s, r->zones[host].name);
		else
			fprintf(r->out, " at ns%u%s", s, i == 0 ? ".root." : "");
		put_addresses(r, i, s);
	}
	static const char *const denials[] = { "nsec", "nsec3" };
	z->is_signed = r->signs && (i == 0 || (r->zones[z->parent].is_signed && chance(r, 70)));
	if (z->is_signed)
		fprintf(r->out, " signed %s", PICK(r, denials));
	unsigned ttl = chance(r, 20) ? below(r, 5) : 60 + below(r, 7200);
	fprintf(r->out, " ttl %u cut-ttl %u minimum %u\n", ttl, 60 + below(r, 7200), below(r, 600));
}

/* A name somewhere in the world, there or not. */
static void put_some_name(struct random *r, bool may_miss)
{
	static const char *const there[] = { "www", "www2", "deep.empty", "a", "b", "c", "x.wild" };
	static const char *const missing[] = { "nothing", "no.thing",    "x.y.wild",
					       "x.moved", "www.x.moved", "empty" };
	size_t count = sizeof(missing) / sizeof(missing[0]) - r->denies_empty;
	unsigned zone = 1 + below(r, r->zone_count - 1);
	const char *label = may_miss && chance(r, 30) ? pick(r, missing, count) : PICK(r, there);
	fprintf(r->out, "%s.%s", label, r->zones[zone].name);
}

static void put_records(struct random *r, unsigned i)
{
	if (i == 0)
		return;
	fprintf(r->out, "    www A 203.0.%u.1\n    www AAAA 2001:db8:ffff:%u::1\n", i, i);
	fprintf(r->out, "    www2 A 203.0.%u.2\n    www2 A 203.0.%u.3\n", i, i);
	fprintf(r->out, "    deep.empty A 203.0.%u.4\n    *.wild A 203.0.%u.5\n", i, i);
	static const char *const aliases[] = { "a", "b", "c" };
	for (unsigned k = 0; k < 3; k++) {
		if (chance(r, 50)) {
			fprintf(r->out, "    %s A 203.0.%u.%u\n", aliases[k], i, 6 + k);
			continue;
		}
		fprintf(r->out, "    %s CNAME ", aliases[k]);
		put_some_name(r, true);
		fputc('\n', r->out);
	}
	if (chance(r, 30))
		fprintf(r->out, "    moved DNAME %s\n",
			r->zones[1 + below(r, r->zone_count - 1)].name);
}

/* ---- servers ---- */

/* The last two cannot carry signatures. */
static const char *usable_manner(struct random *r)
{
	/* clang-format off */
	static const char *const manners[] = {
		"truncates", "lower-case", "no-options", "cookies", "cookies-required",
		"wrong-id over udp", "garbled over udp", "trailing over udp", "no-aa", "delay 150ms",
		"jitter 80ms", "duplicate 50%", "no-tcp", "closes", "silent first 1", "oversize",
		"udp-size 512", "no-edns", "ignores-edns",
	};
	/* clang-format on */
	size_t count = sizeof(manners) / sizeof(manners[0]);
	return pick(r, manners, r->signs ? count - 2 : count);
}

static const char *bad_manner(struct random *r, bool silent)
{
	static const char *const quiet[] = { "dead", "silent", "silent-to-edns" };
	/* clang-format off */
	static const char *const loud[] = {
		"unreachable", "rejects", "refused", "servfail", "lame", "upward", "sideways",
		"self-referral", "garbage", "garbled", "wrong-id", "wrong-name", "wrong-type", "short",
		"not-a-reply", "truncates-always", "wrong-class", "two-questions", "header-only",
		"truncates closes", "truncates no-tcp", "wrong-opcode",
		"formerr", "notimp", "badvers", /* asked without EDNS they may answer, unsigned */
		"badcookie",                    /* up to five packets at each address */
	};
	/* clang-format on */
	size_t count = sizeof(loud) / sizeof(loud[0]);
	if (!r->wild)
		count -= r->signs ? 4 : 1;
	return silent ? PICK(r, quiet) : pick(r, loud, count);
}

static void put_server(struct random *r, unsigned zone, unsigned server, const char *manner)
{
	fprintf(r->out, "  server");
	if (r->ipv4)
		fprintf(r->out, " 198.18.%u.%u", zone, server + 1);
	if (r->ipv6)
		fprintf(r->out, " 2001:db8:%u::%u", zone, server + 1);
	fprintf(r->out, " %s\n", manner);
}

/* One server of each zone stays usable. */
static void put_manners(struct random *r, unsigned zone)
{
	unsigned good = below(r, r->zones[zone].servers), bad = 0;
	unsigned addresses = r->ipv4 + r->ipv6;
	for (unsigned s = 0; s < r->zones[zone].servers; s++) {
		bool silent = chance(r, 30) && (r->wild || r->silent < SILENT_MAX);
		if (s != good && chance(r, 40) &&
		    (r->wild || (r->bad < BAD_MAX && bad + addresses <= BAD_OF_ZONE))) {
			bad += addresses;
			put_server(r, zone, s, bad_manner(r, silent));
			r->bad++;
			r->silent += silent;
		} else if (chance(r, 30)) {
			put_server(r, zone, s, usable_manner(r));
		}
	}
	if (r->denies_empty && chance(r, 30))
		put_server(r, zone, good, "denies-empty");
}

/* ---- lies ---- */

static bool is_within(const struct random *r, unsigned zone, unsigned above)
{
	while (zone != above && zone != 0)
		zone = r->zones[zone].parent;
	return zone == above;
}

/* A server of one zone speaks about another that is none of its business. */
static void put_lie(struct random *r)
{
	static const char *const sections[] = { "answer", "authority", "additional" };
	unsigned liar = 1 + below(r, r->zone_count - 1), victim = 1 + below(r, r->zone_count - 1);
	if (is_within(r, victim, liar))
		return;
	const char *v = r->zones[victim].name;
	unsigned server = 1 + below(r, r->zones[liar].servers);
	fprintf(r->out,
		r->ipv4 ? "  add from 198.18.%u.%u to *\n" : "  add from 2001:db8:%u::%u to *\n",
		liar, server);
	fprintf(r->out, "    %s %s 86400 NS ns.forged.\n", PICK(r, sections), v);
	fprintf(r->out, "    additional ns.forged. 86400 A 66.66.66.66\n");
	fprintf(r->out, "    %s www.%s 86400 A 66.66.66.67\n", PICK(r, sections), v);
	fprintf(r->out, "    %s www2.%s 86400 CNAME www.forged.\n", PICK(r, sections), v);
	fprintf(r->out, "    additional ns0.%s 86400 A 66.66.66.68\n", v);
}

static void put_spoof(struct random *r)
{
	static const char *const wrong[] = { "wrong-id",   "mixed",        "wrong-name",
					     "wrong-case", "wrong-cookie", "wrong-type" };
	const char *kind = PICK(r, wrong);
	/* A forger who hits everything but what is not checked at all would simply win. */
	if (strcmp(kind, "wrong-case") == 0 || strcmp(kind, "wrong-cookie") == 0)
		kind = "wrong-id";
	fprintf(r->out, "  spoof from anyone to * %s copies %u first %u\n", kind, 1 + below(r, 20),
		r->wild ? 1 + below(r, 3) : 1);
	fprintf(r->out, "    answer %%q 86400 A 66.66.66.69\n");
}

/* ---- the whole ---- */

static void put_resolver(struct random *r)
{
	static const char *const minimise[] = { "relaxed", "off", "strict" };
	static const char *const switches[] = { "case",    "race",    "cookies",   "prime",
						"minimal", "answers", "unprompted" };
	fprintf(r->out, "resolver\n  minimise %s\n", minimise[r->minimise]);
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (chance(r, 25))
			fprintf(r->out, "  %s off\n", switches[i]);
	if (chance(r, 20))
		fprintf(r->out, "  prefetch on\n");
	if (r->signs)
		fprintf(r->out, "  validate on\n");
	if (!r->ipv4)
		fprintf(r->out, "  ipv4 off\n");
	if (!r->ipv6)
		fprintf(r->out, "  ipv6 off\n");
}

static void put_play(struct random *r)
{
	static const char *const types[] = { "A", "A", "A", "AAAA", "TXT", "NS", "SOA", "DS" };
	static const char *const flags[] = { "", "", "", "", " +do", " +cd", " +tcp", " +noedns" };
	fprintf(r->out, "play\n");
	for (unsigned i = 1 + below(r, 4); i > 0; i--) {
		unsigned together = chance(r, 30) ? 1 + below(r, 4) : 0;
		for (unsigned k = 0; k <= together; k++) {
			fprintf(r->out, together > 0 ? "  begin " : "  ask ");
			put_some_name(r, true);
			fprintf(r->out, " %s%s\n", PICK(r, types), PICK(r, flags));
		}
		if (together > 0)
			fprintf(r->out, "  finish\n");
		fprintf(r->out, "  expect truth%s\n", r->wild ? " or SERVFAIL" : "");
		if (chance(r, 40))
			fprintf(r->out, "  after %us\n", below(r, 4000));
	}
	fprintf(r->out, "  expect no forged\n");
}

static void put_world(struct random *r)
{
	fprintf(r->out, "world\n");
	for (unsigned i = 0; i < r->zone_count; i++) {
		put_zone_line(r, i);
		put_records(r, i);
	}
	for (unsigned i = 0; i < r->zone_count; i++)
		put_manners(r, i);
	fprintf(r->out, "  network delay %ums jitter %ums\n", 1 + below(r, 60), below(r, 30));
	if (r->wild && chance(r, 50))
		fprintf(r->out, "  network loss %u%%\n", 1 + below(r, 25));
	for (unsigned i = below(r, 3); i > 0; i--)
		put_lie(r);
	if (chance(r, 20))
		put_spoof(r);
}

char *random_world(uint64_t seed)
{
	struct random r = { 0 };
	char *text = NULL;
	size_t len = 0;
	rng_init_number(&r.rng, seed);
	r.out = open_memstream(&text, &len);
	assert(r.out != NULL);
	r.wild = chance(&r, 40);
	r.ipv4 = !chance(&r, 10);
	r.ipv6 = !r.ipv4 || chance(&r, 50);
	r.minimise = below(&r, 3);
	r.signs = chance(&r, 10);
	r.denies_empty = !r.signs && r.minimise != STRICT && chance(&r, 20);
	plan_zones(&r);
	put_world(&r);
	put_resolver(&r);
	put_play(&r);
	fclose(r.out);
	assert(text != NULL);
	return text;
}
