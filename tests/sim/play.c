#include "tests/sim/play.h"

#include "tests/sim/world_text.h"
#include <string.h>

enum { SETTLE_MS = 60000 };

/* ---- asking ---- */

static void read_wish_word(struct script *s, struct wish *w)
{
	static const struct {
		const char *word;
		uint16_t flag;
	} flags[] = { { "+cd", FLAG_CD }, { "+ad", FLAG_AD }, { "+aa", FLAG_AA },
		      { "+tc", FLAG_TC }, { "+z", FLAG_Z },   { "+qr", FLAG_QR } };
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (script_take(s, flags[i].word)) {
			w->flags |= flags[i].flag;
			return;
		}
	}
	if (script_take(s, "+nord"))
		w->flags = (uint16_t)(w->flags & ~FLAG_RD);
	else if (script_take(s, "+do"))
		w->dnssec_ok = true;
	else if (script_take(s, "+noedns"))
		w->edns = false;
	else if (script_take(s, "+tcp"))
		w->stream = true;
	else if (script_take(s, "+size"))
		w->udp_size = (uint16_t)script_number(s);
	else if (script_take(s, "from"))
		w->from = script_address(s);
	else if (script_take(s, "+opcode"))
		w->opcode = (uint8_t)(script_number(s) & 0xf);
	else if (script_take(s, "+edns"))
		w->version = (uint8_t)script_number(s);
	else
		script_end(s);
}

/* [N times] NAME TYPE [CLASS] [+...] */
static unsigned read_wish(struct script *s, struct wish *w)
{
	unsigned times = 1;
	*w = (struct wish){ .question.class = CLASS_IN,
			    .flags = FLAG_RD,
			    .edns = true,
			    .udp_size = LIMIT_UDP_SIZE };
	if (s->at + 1 < s->count && strcmp(s->words[s->at + 1], "times") == 0) {
		times = (unsigned)script_number(s);
		s->at++;
	}
	w->question.name = script_name(s, NULL);
	w->question.type = script_type(s);
	if (script_peek(s) != NULL && class_parse(script_peek(s), &w->question.class) == ERR_OK)
		s->at++;
	while (script_peek(s) != NULL && !s->failed)
		read_wish_word(s, w);
	return times;
}

static void mark(struct sim *s)
{
	s->log_mark = s->log_count;
	s->client_mark = s->client_count;
}

/* What one client question may cost upstream. */
static void check_cost(struct sim *s)
{
	size_t questions = s->client_count - s->client_mark;
	size_t cost = 0;
	for (size_t i = s->log_mark; i < s->log_count; i++)
		cost += s->log[i].transport == TRANSPORT_TCP ? 2 : 1;
	if (cost > questions * LIMIT_SENDS + (s->resolver.policy.unprompted ? LIMIT_SENDS : 0))
		sim_wrong(s, "%zu packets upstream for %zu questions", cost, questions);
}

static void begin(struct sim *s, struct script *script, bool finish)
{
	struct wish wish;
	unsigned times = read_wish(script, &wish);
	if (script->failed)
		return;
	if (finish || s->pending == 0)
		mark(s);
	for (unsigned i = 0; i < times; i++)
		s->asked_last = client_ask(s, &wish);
	if (!finish)
		return;
	sim_run(s, s->clock.ms + SIM_QUESTION_MS, true);
	if (s->pending > 0)
		sim_wrong(s, "%zu questions have no answer after 10 s", s->pending);
	check_cost(s);
}

static void finish(struct sim *s)
{
	sim_run(s, s->clock.ms + SIM_QUESTION_MS, true);
	if (s->pending > 0)
		sim_wrong(s, "%zu questions have no answer after 10 s", s->pending);
	if (s->answered_last != 0)
		s->asked_last = s->answered_last;
}

/* The client that asked last goes away. */
static void leave(struct sim *s)
{
	struct client *c = &s->clients[s->asked_last - 1];
	if (c->answers > 0 || c->dropped)
		return;
	tasks_forget_client(s->resolver.tasks, s->asked_last);
	c->dropped = true;
	s->pending--;
	sim_drain(s);
}

/* ---- the world changes ---- */

static struct world_zone *read_known_zone(struct sim *s, struct script *script)
{
	struct name apex = script_name(script, NULL);
	struct world_zone *z = world_find_zone(&s->world, &apex);
	if (z == NULL)
		script_fail(script, "there is no such zone");
	return z;
}

static void change_record(struct sim *s, struct script *script, bool add)
{
	struct world_zone *z = read_known_zone(s, script);
	if (z == NULL)
		return;
	if (add) {
		world_add_line(&s->world, z, script_rest(script));
		return;
	}
	struct name owner = script_name(script, &z->apex);
	uint16_t type = script_peek(script) != NULL ? script_type(script) : 0;
	if (!world_remove_lines(&s->world, z, &owner, type))
		script_fail(script, "the zone has no such record");
	script_end(script);
}

static void be_honest(struct sim *s)
{
	s->world.forgeries = NULL;
	for (struct host *h = s->world.hosts; h != NULL; h = h->next)
		h->manners = NULL;
}

/* clock behind T, ahead T, right */
static void set_clock(struct sim *s, struct script *script)
{
	int64_t sign = script_take(script, "behind") ? -1 : script_take(script, "ahead") ? 1 : 0;
	if (sign == 0 && !script_take(script, "right"))
		script_fail(script, "a clock is behind, ahead or right");
	s->clock.wall_off_s = sign == 0 ? 0 : sign * (script_ms(script) / 1000);
	script_end(script);
}

/* ---- steps ---- */

static void expect(struct sim *s, struct script *script)
{
	if (s->unjudged)
		(void)script_rest(script);
	else
		expect_read(s, script);
}

static void step(struct sim *s, struct script *script)
{
	if (script_take(script, "ask"))
		begin(s, script, true);
	else if (script_take(script, "begin"))
		begin(s, script, false);
	else if (script_take(script, "finish"))
		finish(s);
	else if (script_take(script, "after"))
		sim_run(s, s->clock.ms + script_ms(script), false);
	else if (script_take(script, "expect"))
		expect(s, script);
	else if (script_take(script, "mark"))
		mark(s);
	else if (script_take(script, "leave"))
		leave(s);
	else if (script_take(script, "record"))
		change_record(s, script, true);
	else if (script_take(script, "remove"))
		change_record(s, script, false);
	else if (script_take(script, "clock"))
		set_clock(s, script);
	else if (script_take(script, "honest"))
		be_honest(s);
	else if (script_take(script, "resolver"))
		option_read(&s->resolver, script);
	else if (!world_text_read(&s->world, script))
		script_fail(script, "\"%s\" is no step", script_word(script, "a step"));
}

static void play(struct sim *s, struct script *script)
{
	const char *why = resolver_start(&s->resolver, &s->world, s->seed);
	const struct world_zone *bad;
	if (!world_check(&s->world, &bad)) {
		char name[NAME_TEXT_MAX];
		name_text(&bad->apex, name);
		script_fail(script, "zone %s has a record that cannot be read", name);
	} else if (why != NULL) {
		script_fail(script, "%s", why);
	}
	while (s->wrong[0] == '\0' && script_line(script)) {
		if (script->indent == 0) {
			script_fail(script, "steps are indented");
			break;
		}
		char line[SCRIPT_LINE];
		snprintf(line, sizeof(line), "%s", script->raw);
		unsigned number = script->line;
		trace_line(s, "%s:%u: %s", s->file, number, line);
		step(s, script);
		if (s->wrong[0] != '\0')
			snprintf(script->what, sizeof(script->what), "%s:%u: %.900s", s->file,
				 number, s->wrong);
	}
}

/* What holds at the end of every world, whatever it was about. */
static void check_end(struct sim *s)
{
	struct tasks_counts c;
	sim_run(s, s->clock.ms + SETTLE_MS, false);
	c = tasks_count(s->resolver.tasks);
	if (c.in_flight != 0)
		sim_wrong(s, "%u questions are still in flight at the end", c.in_flight);
	if (s->sends != s->closes)
		sim_wrong(s, "%lu exchanges were opened and %lu closed", (unsigned long)s->sends,
			  (unsigned long)s->closes);
	for (size_t i = 0; i < s->client_count; i++)
		if (s->clients[i].answers != 1 && !s->clients[i].dropped)
			sim_wrong(s, "client %zu got %u answers", i + 1, s->clients[i].answers);
}

/* The blocks before play. */
static bool read_blocks(struct sim *s, struct script *script)
{
	enum { NOWHERE, WORLD, RESOLVER } block = NOWHERE;
	while (script_line(script)) {
		if (script->indent == 0) {
			if (script_take(script, "play"))
				return true;
			block = script_take(script, "world")      ? WORLD
				: script_take(script, "resolver") ? RESOLVER
								  : NOWHERE;
			if (block == NOWHERE)
				script_fail(script, "a block is world, resolver or play");
		} else if (block == RESOLVER) {
			option_read(&s->resolver, script);
		} else if (block == NOWHERE || !world_text_read(&s->world, script)) {
			script_fail(script, "\"%s\" is no part of a world",
				    script_word(script, "a word"));
		}
	}
	script_fail(script, "there is no play");
	return false;
}

static void start(struct sim *s, struct script *script, const char *name, const char *text,
		  uint64_t seed)
{
	static const uint64_t other = 0x9e3779b97f4a7c15;
	sim_init(s, name, seed * other + 1);
	script_init(script, name, text);
}

/* From the blocks to the end. */
static enum play_result run(struct sim *s, struct script *script, char *why, size_t size)
{
	if (read_blocks(s, script))
		play(s, script);
	if (!script->failed && s->wrong[0] == '\0') {
		check_end(s);
		snprintf(script->what, sizeof(script->what), "%s: %.900s", s->file, s->wrong);
	}
	if (!script->failed && s->wrong[0] == '\0')
		return PLAY_PASSED;
	snprintf(why, size, "%s", script->what);
	return PLAY_FAILED;
}

enum play_result play_text(const char *name, const char *text, uint64_t seed, FILE *trace,
			   char *why, size_t size)
{
	struct script script;
	struct sim s;
	start(&s, &script, name, text, seed);
	s.trace = trace;
	enum play_result result = run(&s, &script, why, size);
	sim_clear(&s);
	return result;
}

enum play_result play_unjudged(const char *name, const char *text, uint64_t seed,
			       void (*look)(void *owner, const struct sim *s), void *owner,
			       char *why, size_t size)
{
	struct script script;
	struct sim s;
	start(&s, &script, name, text, seed);
	s.unjudged = true;
	enum play_result result = run(&s, &script, why, size);
	if (s.resolver.tasks != NULL)
		look(owner, &s);
	sim_clear(&s);
	return result;
}
