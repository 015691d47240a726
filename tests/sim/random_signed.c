#include "tests/sim/random_signed.h"

#include "resolver/base/rng.h"
#include "resolver/wire/reason.h"
#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
	ZONES_MAX = 5, /* the root among them */
	NAME_TEXT = 96,
	PACKETS_ZONE = 6, /* a referral, DS, DNSKEY, a minimised name, and a retry of two of them */
	PACKETS_MORE = 8,
};

/* ---- the description ---- */

/* What a zone says of names that are not there. */
enum denial { NSEC, NSEC3, NSEC3_FIFTY, NSEC3_MORE, OPT_OUT, COMPACT, DENIALS };

static const char *const denial_words[DENIALS] = {
	"nsec", "nsec3", "nsec3 iterations 50", "nsec3 iterations 51", "nsec3 opt-out", "compact",
};

/* As far as one thing goes.  Ordered: the worst of a chain counts. */
struct fate {
	enum { SECURE, INSECURE, BOGUS } status;
	uint16_t ede;  /* EDE_NONE: not looked at */
};

#define SECURE_FATE  { SECURE, EDE_NONE }

/* How a zone is signed: of equal rights, so each is as likely as it stands here often. */
static const struct keys {
	const char *words;
	struct fate fate;
} keys[] = {
	{ "", SECURE_FATE },
	{ "", SECURE_FATE },
	{ "", SECURE_FATE },
	{ " algorithm 15", SECURE_FATE },
	{ " algorithm 15", SECURE_FATE },
	{ " algorithm 14", SECURE_FATE },
	{ " algorithm 16", SECURE_FATE },
	{ " algorithm 8", SECURE_FATE },
	{ " algorithm 10", SECURE_FATE },
	{ " algorithm 13 and 15", SECURE_FATE },
	{ " algorithm 7 and 13 ds 2 ds 2 second", SECURE_FATE },
	{ " algorithm 5", { INSECURE, EDE_UNSUPPORTED_ALGORITHM } },
	{ " algorithm 7", { INSECURE, EDE_UNSUPPORTED_ALGORITHM } },
	{ " claims 250", { INSECURE, EDE_UNSUPPORTED_ALGORITHM } },
	{ " claims 12", { INSECURE, EDE_UNSUPPORTED_ALGORITHM } },
};

enum mutation_kind {
	AT_ZONE,   /* words in the line of the zone */
	AT_SERVER, /* a manner of its server */
	AT_NAME,   /* a scripted answer for the question */
};

/* What it does to a zone whose keys are well. */
static const struct mutation {
	enum mutation_kind kind;
	const char *words;
	struct fate fate;
} mutations[] = {
	{ AT_ZONE, "", SECURE_FATE },
	{ AT_ZONE, "broken", { BOGUS, EDE_BOGUS } },
	{ AT_ZONE, "expired", { BOGUS, EDE_SIGNATURE_EXPIRED } },
	{ AT_ZONE, "future", { BOGUS, EDE_SIGNATURE_NOT_YET_VALID } },
	{ AT_ZONE, "reversed", { BOGUS, EDE_SIGNATURE_EXPIRED_BEFORE_VALID } },
	{ AT_ZONE, "key-flags 1", { BOGUS, EDE_DNSKEY_MISSING } },
	{ AT_ZONE, "key-flags 385", { BOGUS, EDE_DNSKEY_MISSING } },
	{ AT_ZONE, "ds 2 wrong", { BOGUS, EDE_DNSKEY_MISSING } },
	{ AT_ZONE, "ds 2 wrong ds 2", SECURE_FATE },
	{ AT_ZONE, "ds 2 ds 2 claims 250", SECURE_FATE },
	{ AT_ZONE, "ds 2 wrong ds 2 claims 250", { BOGUS, EDE_DNSKEY_MISSING } },
	{ AT_ZONE, "ds 2 claims 250", { INSECURE, EDE_UNSUPPORTED_ALGORITHM } },
	{ AT_ZONE, "ds 1", { INSECURE, EDE_UNSUPPORTED_DIGEST } },
	{ AT_ZONE, "ds 1 ds 2 wrong", { BOGUS, EDE_DNSKEY_MISSING } },
	{ AT_ZONE, "ds 4", SECURE_FATE },
	{ AT_ZONE, "ds 4 wrong ds 2", SECURE_FATE },
	{ AT_ZONE, "ds 5", { INSECURE, EDE_UNSUPPORTED_DIGEST } },
	{ AT_ZONE, "ds none", { INSECURE, EDE_NONE } },
	{ AT_SERVER, "no-signatures", { BOGUS, EDE_RRSIGS_MISSING } },
	{ AT_NAME, "", { BOGUS, EDE_RRSIGS_MISSING } },
	{ AT_NAME, "signed %z", SECURE_FATE },
	{ AT_NAME, "signed %z broken", { BOGUS, EDE_BOGUS } },
	{ AT_NAME, "signed %z expired", { BOGUS, EDE_SIGNATURE_EXPIRED } },
	{ AT_NAME, "signed %z future", { BOGUS, EDE_SIGNATURE_NOT_YET_VALID } },
	{ AT_NAME, "signed %z reversed", { BOGUS, EDE_SIGNATURE_EXPIRED_BEFORE_VALID } },
	{ AT_NAME, "signed %z labels 0", { BOGUS, EDE_BOGUS } },
	{ AT_NAME, "signed %z labels 9", { BOGUS, EDE_BOGUS } },
	{ AT_NAME, "signed %z covers TXT", { BOGUS, EDE_RRSIGS_MISSING } }, /* it is no RRSIG of an A */
	{ AT_NAME, "signed %z tag 1", { BOGUS, EDE_DNSKEY_MISSING } },
	{ AT_NAME, "signed %p", { BOGUS, EDE_BOGUS } },
	{ AT_NAME, "signed %p broken signed %z", SECURE_FATE },
	{ AT_NAME, "signed %z expired signed %z", SECURE_FATE },
};

/* What is asked in the lowest zone. */
static const struct asked {
	const char *label, *type;
	const char *rcode;
	bool wildcard, absent, alias_up;
} questions[] = {
	{ "www", "A", "NOERROR", false, false, false },
	{ "www", "TXT", "NOERROR", false, false, false },
	{ "no", "A", "NXDOMAIN", false, true, false },
	{ "a.b.no", "A", "NXDOMAIN", false, true, false },
	{ "ent", "A", "NOERROR", false, false, false },
	{ "x.ent", "A", "NXDOMAIN", false, true, false },
	{ "x.wild", "A", "NOERROR", true, true, false },
	{ "x.y.wild", "A", "NOERROR", true, true, false },
	{ "x.wild", "TXT", "NOERROR", true, true, false },
	{ "alias", "A", "NOERROR", false, false, false },
	{ "alias", "TXT", "NOERROR", false, false, false },
	{ "up", "A", "NOERROR", false, false, true },
	{ "www", "DS", "NOERROR", false, false, false },
	{ "@", "DNSKEY", "NOERROR", false, false, false },
	{ "@", "SOA", "NOERROR", false, false, false },
	{ "@", "MX", "NOERROR", false, false, false },
};

struct plan_zone {
	char name[NAME_TEXT];
	bool is_signed, shares; /* shares: its parent's server */
	enum denial denial;
	const struct keys *keys;
};

struct plan {
	struct rng rng;
	FILE *out;
	struct plan_zone zones[ZONES_MAX]; /* the root, and each below the one before */
	unsigned count;
	unsigned mutated;
	const struct mutation *mutation;
	const struct asked *asked;
};

#define COUNT(array) ((unsigned)(sizeof(array) / sizeof((array)[0])))

static bool chance(struct plan *p, unsigned percent)
{
	return rng_below(&p->rng, 100) < percent;
}

static const struct plan_zone *lowest(const struct plan *p)
{
	return &p->zones[p->count - 1];
}

static void plan_zones(struct plan *p)
{
	p->count = 2 + rng_below(&p->rng, ZONES_MAX - 1);
	snprintf(p->zones[0].name, NAME_TEXT, ".");
	for (unsigned i = 0; i < p->count; i++) {
		struct plan_zone *z = &p->zones[i];
		if (i > 0)
			snprintf(z->name, NAME_TEXT, "z%u%s.%.60s", i, chance(p, 15) ? ".mid" : "",
				 i == 1 ? "" : p->zones[i - 1].name);
		z->denial = rng_below(&p->rng, DENIALS);
		z->is_signed = i == 0 || chance(p, 92);
		z->shares = i > 1 && chance(p, 20);
		z->keys = i == 0 || chance(p, 40) ? &keys[0] : &keys[rng_below(&p->rng, COUNT(keys))];
	}
}

/* A mutation stands alone: keys that are odd by themselves would hide it. */
static void plan_mutation(struct plan *p)
{
	p->mutation = &mutations[rng_below(&p->rng, COUNT(mutations))];
	p->asked = &questions[rng_below(&p->rng, COUNT(questions))];
	p->mutated = 1 + rng_below(&p->rng, p->count - 1);
	if (p->mutation->kind == AT_NAME) {
		p->mutated = p->count - 1;
		p->asked = &questions[0];
		p->zones[p->mutated - 1].keys = &keys[0];
	}
	struct plan_zone *z = &p->zones[p->mutated];
	if (p->mutation->words[0] != '\0' || p->mutation->kind != AT_ZONE)
		z->keys = &keys[0];
	if (p->mutation->kind != AT_ZONE) {
		z->shares = false;
		p->zones[p->mutated + 1 < p->count ? p->mutated + 1 : 0].shares = false;
	}
	if (lowest(p)->denial == COMPACT && p->asked->wildcard)
		p->asked = &questions[0]; /* who signs online expands nothing */
}

/* ---- the oracle ---- */

/* RFC 4033 section 5, top down: the first zone that is not secure decides for all below. */
static struct fate fate_of_zone(const struct plan *p, unsigned zone)
{
	static const struct fate secure = SECURE_FATE;
	for (unsigned i = 1; i <= zone; i++) {
		const struct plan_zone *z = &p->zones[i];
		if (!z->is_signed)
			return (struct fate){ INSECURE, EDE_NONE };
		if (z->keys->fate.status != SECURE)
			return z->keys->fate;
		if (i == p->mutated && p->mutation->kind != AT_NAME &&
		    p->mutation->fate.status != SECURE)
			return p->mutation->fate;
	}
	return secure;
}

/* The denials a question needs, as far as its zone is secure. */
static struct fate fate_of_denial(const struct plan *p)
{
	static const struct fate secure = SECURE_FATE;
	const struct asked *q = p->asked;
	bool exact = strcmp(q->rcode, "NOERROR") == 0 && !q->absent;
	bool positive = exact && strcmp(q->type, "TXT") != 0 && strcmp(q->type, "MX") != 0 &&
			strcmp(q->type, "DS") != 0 && strcmp(q->label, "ent") != 0;
	if (positive)
		return secure;
	if (lowest(p)->denial == NSEC3_MORE) /* RFC 9276 section 3.2 */
		return (struct fate){ INSECURE, EDE_UNSUPPORTED_NSEC3_ITERATIONS };
	if (lowest(p)->denial == OPT_OUT && q->absent) /* RFC 5155 section 9.2 */
		return (struct fate){ INSECURE, EDE_NONE };
	return secure;
}

static struct fate worse(struct fate a, struct fate b)
{
	return b.status > a.status ? b : a;
}

/*
 * An answer without a signature may come from an unsigned zone below, and where NSEC3 hashes too often nothing
 * shows that there is none: RFC 9276 section 3.2 leaves such a zone no more than insecure.
 */
static struct fate fate_of_forgery(const struct plan *p)
{
	static const struct fate insecure = { INSECURE, EDE_UNSUPPORTED_NSEC3_ITERATIONS };
	struct fate f = p->mutation->fate;
	return f.ede == EDE_RRSIGS_MISSING && lowest(p)->denial == NSEC3_MORE ? insecure : f;
}

static struct fate fate_of(const struct plan *p)
{
	struct fate f = fate_of_zone(p, p->count - 1);
	if (f.status == SECURE && p->mutation->kind == AT_NAME)
		f = fate_of_forgery(p);
	if (f.status == SECURE)
		f = fate_of_denial(p);
	if (p->asked->alias_up)
		f = worse(f, fate_of_zone(p, p->count - 2));
	return f;
}

/* ---- the text ---- */

static void put_zone(const struct plan *p, unsigned i)
{
	const struct plan_zone *z = &p->zones[i];
	unsigned server = i;
	while (p->zones[server].shares)
		server--;
	fprintf(p->out, "  zone %s at ns%u%s 192.0.2.%u", z->name, i, i == 0 ? ".root." : "",
		server + 1);
	if (z->is_signed)
		fprintf(p->out, " signed %s%s", denial_words[z->denial], z->keys->words);
	if (z->is_signed && i == p->mutated && p->mutation->kind == AT_ZONE)
		fprintf(p->out, " %s", p->mutation->words);
	fprintf(p->out, "\n    www A 203.0.113.%u\n    leaf.ent A 203.0.113.10\n", i);
	fprintf(p->out, "    *.wild A 203.0.113.11\n    alias CNAME www\n");
	if (i > 1)
		fprintf(p->out, "    up CNAME www.%s\n", p->zones[i - 1].name);
	else
		fprintf(p->out, "    up CNAME www.\n");
}

/* %z is the zone, %p the one above. */
static void put_how(const struct plan *p, const char *words)
{
	for (const char *w = words; *w != '\0'; w++) {
		if (*w != '%') {
			fputc(*w, p->out);
			continue;
		}
		w++;
		fputs(p->zones[p->mutated - (*w == 'p')].name, p->out);
	}
}

static void put_mutation(const struct plan *p)
{
	const struct plan_zone *z = &p->zones[p->mutated];
	if (p->mutation->kind == AT_SERVER)
		fprintf(p->out, "  server 192.0.2.%u %s\n", p->mutated + 1, p->mutation->words);
	if (p->mutation->kind != AT_NAME)
		return;
	fprintf(p->out, "  reply from 192.0.2.%u to www.%s A\n    answer ", p->mutated + 1, z->name);
	if (z->is_signed && p->zones[p->mutated - 1].is_signed)
		put_how(p, p->mutation->words);
	fprintf(p->out, " www.%s 300 A 203.0.113.66\n", z->name);
}

static void put_question(const struct plan *p, const char *more)
{
	bool apex = strcmp(p->asked->label, "@") == 0;
	fprintf(p->out, "  ask %s%s%s %s +ad%s\n", apex ? "" : p->asked->label, apex ? "" : ".",
		lowest(p)->name, p->asked->type, more);
}

/* RFC 9824 section 3.3: the NXNAME of a compact denial says NXDOMAIN when it can be believed. */
static const char *rcode_of(const struct plan *p, struct fate f)
{
	if (f.status == BOGUS)
		return "SERVFAIL";
	return lowest(p)->is_signed && lowest(p)->denial == COMPACT && f.status != SECURE
		       ? "NOERROR"
		       : p->asked->rcode;
}

static void put_expected(const struct plan *p, struct fate f)
{
	fprintf(p->out, "  expect %s\n", rcode_of(p, f));
	if (f.ede != EDE_NONE)
		fprintf(p->out, "  expect ede %u\n", f.ede);
	fprintf(p->out, "  expect %sflags ad\n", f.status == SECURE ? "" : "no ");
	if (f.status == BOGUS)
		fprintf(p->out, "  expect answer empty\n");
}

/* Asked, asked again, and asked with CD: RFC 4035 section 3.2.2. */
static void put_play(const struct plan *p)
{
	struct fate f = fate_of(p);
	bool plain = lowest(p)->denial != COMPACT || strcmp(p->asked->rcode, "NOERROR") == 0;
	fprintf(p->out, "play\n");
	put_question(p, "");
	put_expected(p, f);
	fprintf(p->out, "  expect packets <= %u\n", PACKETS_ZONE * p->count + PACKETS_MORE);
	put_question(p, "");
	put_expected(p, f);
	fprintf(p->out, "  expect packets = 0\n");
	if (!plain)
		return;
	put_question(p, " +cd");
	fprintf(p->out, "  expect %s\n", p->asked->rcode);
	if (f.status != SECURE)
		fprintf(p->out, "  expect no flags ad\n");
}

char *random_signed(uint64_t seed)
{
	struct plan p = { 0 };
	char *text = NULL;
	size_t len = 0;
	rng_init_number(&p.rng, seed);
	p.out = open_memstream(&text, &len);
	assert(p.out != NULL);
	plan_zones(&p);
	plan_mutation(&p);
	fprintf(p.out, "world\n");
	for (unsigned i = 0; i < p.count; i++)
		put_zone(&p, i);
	put_mutation(&p);
	fprintf(p.out, "resolver\n  validate on\n");
	if (chance(&p, 50))
		fprintf(p.out, "  aggressive off\n");
	if (chance(&p, 30))
		fprintf(p.out, "  minimise off\n");
	put_play(&p);
	fclose(p.out);
	assert(text != NULL);
	return text;
}
