/*
 * starve - plays worlds while memory runs out: starve [-v] [--every N] [--worlds N] [FILE...]
 *
 * Each world is played in plenty.  Then it is played again and again, and in the n-th of those plays the n-th
 * allocation inside the resolver fails: once alone, once with all that follow until that call returns (threats
 * H10).  Nothing may crash or hang, nor leak (the sanitizer says so at the end); every client still gets its one
 * answer or is dropped; and an answer is SERVFAIL, or stale, or what the same question got in plenty, or in a play
 * where nothing was remembered.
 *
 * --every N: only each N-th n, --worlds N: only so many worlds, spread over all of them.  Without anything: what
 * is fit for make check.  With "--every 1 --worlds 0": all n of all worlds.  The n-th allocation is found by
 * wrappers put around malloc(3) and the arena at link time; what the simulator itself allocates does not count.
 */
#include "tests/sim/play.h"

#include "resolver/core/tasks.h"
#include <glob.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES = 1 << 20, WHY_BYTES = 4096, CHECK_EVERY = 97, CHECK_WORLDS = 60, MOST = 20000 };

/* ---- memory ---- */

enum shortage { PLENTY, ONE_FAILS, CALL_FAILS };

/* What the wrappers share; they have no other argument. */
static struct {
	unsigned inside;   /* depth of calls into the resolver */
	unsigned asked;    /* allocations inside since the play began */
	unsigned nth;
	enum shortage kind;
	bool failing;      /* CALL_FAILS: until the call into the resolver returns */
	bool forgetful;    /* nothing is put into the caches */
} memory;

static bool fails(void)
{
	if (memory.inside == 0)
		return false;
	if (++memory.asked == memory.nth && memory.kind != PLENTY)
		memory.failing = memory.kind == CALL_FAILS;
	else if (!memory.failing)
		return false;
	return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

/* WRAPPED_ARENA(name, parameters, arguments): fails in its turn. */
#define WRAPPED_ARENA(name, parameters, arguments)                                                \
	void *__real_##name parameters;                                                           \
	void *__wrap_##name parameters;                                                           \
	void *__wrap_##name parameters                                                            \
	{                                                                                         \
		return fails() ? NULL : __real_##name arguments;                                  \
	}

WRAPPED_ARENA(arena_alloc, (struct arena * a, size_t size), (a, size))
WRAPPED_ARENA(arena_array, (struct arena * a, size_t count, size_t size), (a, count, size))
WRAPPED_ARENA(arena_copy, (struct arena * a, const void *bytes, size_t size), (a, bytes, size))

/* FORGETFUL(name, parameters, arguments): does nothing while nothing is to be remembered. */
#define FORGETFUL(name, parameters, arguments)                                                    \
	void __real_##name parameters;                                                            \
	void __wrap_##name parameters;                                                            \
	void __wrap_##name parameters                                                             \
	{                                                                                         \
		if (!memory.forgetful)                                                            \
			__real_##name arguments;                                                  \
	}

FORGETFUL(cache_put,
          (struct cache * c, struct now now, const struct question *q, const struct outcome *o,
           uint32_t resolve_ms),
          (c, now, q, o, resolve_ms))
FORGETFUL(cache_put_cut, (struct cache * c, struct now now, const struct cut *cut), (c, now, cut))
FORGETFUL(answers_put,
          (struct answers * as, struct now now, const struct query *q, const uint8_t *reply, size_t len,
           const struct answers_part *parts, unsigned count, const struct networks_entry *entry),
          (as, now, q, reply, len, parts, count, entry))

static void leave(void)
{
	if (--memory.inside == 0)
		memory.failing = false;
}

/* A door into the resolver: what is allocated behind it counts. */
#define DOOR(type, name, parameters, arguments)                                                   \
	type __real_##name parameters;                                                            \
	type __wrap_##name parameters;                                                            \
	type __wrap_##name parameters                                                             \
	{                                                                                         \
		memory.inside++;                                                                  \
		type result = __real_##name arguments;                                            \
		leave();                                                                          \
		return result;                                                                    \
	}
#define DOOR_VOID(name, parameters, arguments)                                                    \
	void __real_##name parameters;                                                            \
	void __wrap_##name parameters;                                                            \
	void __wrap_##name parameters                                                             \
	{                                                                                         \
		memory.inside++;                                                                  \
		__real_##name arguments;                                                          \
		leave();                                                                          \
	}

DOOR(struct tasks *, tasks_new, (const struct tasks_setup *setup), (setup))
DOOR(struct cache *, cache_new,
     (const struct cache_policy *policy, size_t octets, struct store *store,
      const struct siphash_key *key),
     (policy, octets, store, key))
DOOR(struct answers *, answers_new,
     (const struct ttl_policy *ttl, size_t octets, const struct siphash_key *key),
     (ttl, octets, key))
DOOR(struct servers *, servers_new, (size_t count, const struct siphash_key *key), (count, key))
DOOR(struct local *, local_new, (const struct local_setup *setup), (setup))
DOOR(enum asked, tasks_ask,
     (struct tasks * ts, struct now now, const struct ask *ask, uint64_t client,
      struct writer *reply),
     (ts, now, ask, client, reply))
DOOR(bool, tasks_next, (struct tasks * ts, struct now now, struct deed *out), (ts, now, out))
DOOR_VOID(tasks_reply,
          (struct tasks * ts, struct now now, const struct ask *ask, struct writer *reply),
          (ts, now, ask, reply))
DOOR_VOID(tasks_on_reply,
          (struct tasks * ts, struct now now, uint64_t exchange, const uint8_t *octets, size_t len),
          (ts, now, exchange, octets, len))
DOOR_VOID(tasks_on_timeout, (struct tasks * ts, struct now now, uint64_t exchange),
          (ts, now, exchange))
DOOR_VOID(tasks_on_error,
          (struct tasks * ts, struct now now, uint64_t exchange, enum exchange_error e),
          (ts, now, exchange, e))
DOOR_VOID(tasks_on_alarm, (struct tasks * ts, struct now now), (ts, now))

/* ---- what clients got ---- */

enum { CLIENTS = 4096 };

struct got {
	struct question question;
	bool answered, authentic, cut, unchecked, stale;
	uint8_t rcode;
	uint16_t records;
};

struct run {
	struct got clients[CLIENTS];
	size_t count;
};

static bool is_stale(const struct client *c)
{
	struct message m;
	struct arena *a = arena_new(FILE_BYTES);
	bool stale = false;
	if (a == NULL || message_parse(c->reply, c->reply_len, a, &m) != ERR_OK)
		m.edns.error_count = 0;
	for (unsigned i = 0; i < m.edns.error_count; i++)
		stale |= m.edns.errors[i].ede == EDE_STALE || m.edns.errors[i].ede == EDE_STALE_NXDOMAIN;
	arena_free(a);
	return stale;
}

static void look(void *owner, const struct sim *s)
{
	struct run *r = owner;
	for (r->count = 0; r->count < s->client_count && r->count < CLIENTS; r->count++) {
		const struct client *c = &s->clients[r->count];
		struct got *g = &r->clients[r->count];
		*g = (struct got){ .question = c->parsed.question,
		                   .answered = c->answers == 1 && c->reply_len >= HEADER_OCTETS };
		if (!g->answered)
			continue;
		g->cut = c->reply[2] & FLAG_TC >> 8;
		g->rcode = c->reply[3] & 0xf;
		g->authentic = c->reply[3] & FLAG_AD;
		g->unchecked = c->reply[3] & FLAG_CD;
		g->stale = is_stale(c);
		g->records = (uint16_t)(c->reply[6] << 8 | c->reply[7]);
	}
}

static bool is_same(const struct got *a, const struct got *b)
{
	return a->answered && question_equal(&a->question, &b->question) && a->rcode == b->rcode &&
	       (a->records > 0) == (b->records > 0) && a->authentic == b->authentic;
}

static bool is_among(const struct run *r, const struct got *scarce)
{
	bool unanswered = false;
	for (size_t i = 0; i < r->count; i++) {
		if (is_same(&r->clients[i], scarce))
			return true;
		unanswered |= !r->clients[i].answered && question_equal(&r->clients[i].question, &scarce->question);
	}
	return unanswered; /* it was dropped: then there is nothing to compare with */
}

/* What the world gives who remembers all, and who remembers nothing: it may change, and its servers may lie. */
struct fair {
	struct run plenty, forgetful;
};

/* Want of memory may take an answer away; it may not make up one. */
static bool is_fair(const struct fair *fair, const struct got *scarce)
{
	if (!scarce->answered || scarce->cut || scarce->rcode == RCODE_SERVFAIL || scarce->rcode == RCODE_REFUSED)
		return true;
	if (scarce->stale)
		return true; /* RFC 8767: it was right once, and want of memory is one more reason why it was not renewed */
	if (scarce->unchecked)
		return true; /* RFC 4035 section 3.2.2: whoever sets CD judges for himself */
	return is_among(&fair->plenty, scarce) || is_among(&fair->forgetful, scarce);
}

/* ---- playing ---- */

struct score {
	unsigned every, worlds;
	unsigned passed, failed;
	bool verbose;
};

static enum play_result play(const char *path, const char *text, enum shortage kind, unsigned nth,
                             struct run *run, char *why)
{
	memory.asked = 0;
	memory.failing = false;
	memory.nth = nth;
	memory.kind = kind;
	run->count = 0;
	enum play_result result = play_unjudged(path, text, 1, look, run, why, WHY_BYTES);
	memory.kind = PLENTY;
	return result;
}

static void blame(struct score *score, const char *path, enum shortage kind, unsigned nth,
                  const char *what)
{
	score->failed++;
	printf("%s: allocation %u%s: %s\n", path, nth, kind == CALL_FAILS ? " and on" : "", what);
}

static void compare(struct score *score, const char *path, enum shortage kind, unsigned nth,
                    const struct fair *fair, const struct run *scarce)
{
	char what[128];
	for (size_t i = 0; i < scarce->count && i < fair->plenty.count; i++) {
		const struct got *a = &fair->plenty.clients[i], *b = &scarce->clients[i];
		if (is_fair(fair, b))
			continue;
		snprintf(what, sizeof(what), "client %zu got rcode %u, %u records%s; was %u, %u%s", i + 1,
		         b->rcode, b->records, b->authentic ? ", AD" : "", a->rcode, a->records,
		         a->authentic ? ", AD" : "");
		blame(score, path, kind, nth, what);
		return;
	}
	score->passed++;
}

/* A world that could not begin for want of memory has said so. */
static bool began(const char *why)
{
	return strstr(why, "no memory") == NULL && strstr(why, "cannot be read") == NULL;
}

static void starve(struct score *score, const char *path, const char *text, enum shortage kind,
                   unsigned nth, const struct fair *fair)
{
	static struct run scarce;
	char why[WHY_BYTES] = "";
	enum play_result result = play(path, text, kind, nth, &scarce, why);
	if (result != PLAY_PASSED && began(why))
		blame(score, path, kind, nth, why);
	else
		compare(score, path, kind, nth, fair, &scarce);
}

static void starve_world(struct score *score, const char *path, const char *text)
{
	static struct fair fair;
	char why[WHY_BYTES] = "";
	memory.forgetful = true;
	(void)play(path, text, PLENTY, 0, &fair.forgetful, why);
	if (score->verbose && why[0] != '\0')
		printf("%s, without remembering: %s\n", path, why);
	memory.forgetful = false;
	if (play(path, text, PLENTY, 0, &fair.plenty, why) != PLAY_PASSED)
		return; /* needs what it expects, and sim says whether it holds */
	unsigned most = memory.asked < MOST ? memory.asked : MOST;
	if (score->verbose)
		printf("%s: %u allocations\n", path, memory.asked);
	/* Not always the same ones, from world to world. */
	for (unsigned n = 1 + most % score->every; n <= most; n += score->every) {
		starve(score, path, text, ONE_FAILS, n, &fair);
		starve(score, path, text, CALL_FAILS, n, &fair);
	}
}

static void starve_file(struct score *score, const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = malloc(FILE_BYTES + 1);
	if (f != NULL && text != NULL) {
		text[fread(text, 1, FILE_BYTES, f)] = '\0';
		starve_world(score, path, text);
	} else {
		printf("%s: cannot be read\n", path);
		score->failed++;
	}
	if (f != NULL)
		fclose(f);
	free(text);
}

static void starve_some(struct score *score)
{
	char pattern[4096];
	const char *dir = getenv("srcdir");
	glob_t g;
	snprintf(pattern, sizeof(pattern), "%s/tests/sim/worlds/*/*.world",
	         dir == NULL ? "." : dir);
	if (glob(pattern, 0, NULL, &g) != 0)
		return;
	size_t step = score->worlds == 0 || g.gl_pathc < score->worlds ? 1 : g.gl_pathc / score->worlds;
	for (size_t i = 0; i < g.gl_pathc; i += step)
		starve_file(score, g.gl_pathv[i]);
	globfree(&g);
}

int main(int argc, char **argv)
{
	struct score score = { .every = CHECK_EVERY, .worlds = CHECK_WORLDS };
	int i = 1;
	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "-v") == 0)
			score.verbose = true;
		else if (strcmp(argv[i], "--every") == 0 && i + 1 < argc)
			score.every = (unsigned)strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--worlds") == 0 && i + 1 < argc)
			score.worlds = (unsigned)strtoul(argv[++i], NULL, 10);
		else
			score.every = 0;
	}
	if (score.every == 0) {
		fprintf(stderr, "usage: starve [-v] [--every N] [--worlds N] [FILE...]\n");
		return EXIT_FAILURE;
	}
	if (i == argc)
		starve_some(&score);
	for (; i < argc; i++)
		starve_file(&score, argv[i]);
	printf("%u passed, %u failed\n", score.passed, score.failed);
	return score.failed == 0 && score.passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
