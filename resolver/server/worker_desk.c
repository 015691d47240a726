#include "resolver/server/worker_desk.h"

#include "resolver/server/errand.h"
#include "resolver/server/explain.h"
#include "resolver/server/listing.h"

#include <stdlib.h>

static void list_run(const struct worker_desk *d, struct now now, const struct command *c,
                     const struct key *run, FILE *out)
{
	const struct hot_item *at = NULL;
	struct seen s;
	while (run->len > 0 && cache_hot_next(d->cache, now, run, &at, &s)) {
		if (listing_wants(c, &s))
			listing_line(out, "hot", &s, now, c->json);
	}
}

static void lookup(const struct worker_desk *d, struct now now, uint64_t number, const struct command *c)
{
	char *text = NULL;
	size_t len = 0;
	struct key run;
	FILE *out = open_memstream(&text, &len);
	for (unsigned i = 0; out != NULL && listing_run(c, i, &run); i++)
		list_run(d, now, c, &run, out);
	if (out != NULL && fclose(out) == 0) {
		errand_tell(d->supervisor, number, text, len);
		errand_done(d->supervisor, number, NULL, 0);
	} else {
		errand_failed(d->supervisor, number, "the worker is out of memory");
	}
	free(text);
}

/* ---- explaining ---- */

/* Numbers of this desk: beyond those of clients (waiting.h), with the place in the lowest bits. */
static const uint64_t desk_bit = (uint64_t)1 << 63;

static struct ask ask_of(const struct explanation *x, struct query *query, struct edns *edns)
{
	*edns = (struct edns){ .present = true, .udp_size = LIMIT_UDP_SIZE_MAX };
	*query = (struct query){ .flags = FLAG_RD | FLAG_AD, .has_question = true,
		                 .question = x->question, .edns = *edns };
	return (struct ask){
		.query = query,
		.client = { .family = FAMILY_IPV4, .octets = { 127, 0, 0, 1 } },
		.stream = true,
		.may_snoop = true,
		.cookie_ok = true,
		.edns = edns,
		.fresh = x->fresh,
		.trace = x->trace,
	};
}

static void drop(struct explanation *x)
{
	trace_drop(x->trace);
	*x = (struct explanation){ .errand = 0 };
}

static bool write_explanation(const struct explanation *x, const struct message *m, char **text, size_t *len)
{
	FILE *out = open_memstream(text, len);
	if (out == NULL)
		return false;
	if (x->json)
		explain_json(out, x->trace, m);
	else
		explain_plain(out, x->trace, m);
	return fclose(out) == 0;
}

static void tell_explanation(struct worker_desk *d, struct explanation *x, size_t reply_len)
{
	char *text = NULL;
	size_t len = 0;
	struct message m;
	struct arena *a = arena_new(LIMIT_TASK_BYTES);
	if (a != NULL && message_parse(d->reply, reply_len, a, &m) == ERR_OK &&
	    write_explanation(x, &m, &text, &len)) {
		errand_tell(d->supervisor, x->errand, text, len);
		errand_done(d->supervisor, x->errand, NULL, 0);
	} else {
		errand_failed(d->supervisor, x->errand, "the worker is out of memory");
	}
	free(text);
	arena_free(a);
	drop(x);
}

static void ask(struct worker_desk *d, struct now now, struct explanation *x)
{
	struct query query;
	struct edns edns;
	struct ask a = ask_of(x, &query, &edns);
	struct writer w = writer_of(d->reply, sizeof(d->reply));
	unsigned place = (unsigned)(x - d->explanations);
	d->last_client += LIMIT_EXPLANATIONS;
	switch (tasks_ask(d->tasks, now, &a, desk_bit | d->last_client | place, &w)) {
	case ASKED_ANSWERED:
		tell_explanation(d, x, writer_length(&w));
		return;
	case ASKED_PENDING:
		return;
	case ASKED_DROPPED:
		errand_failed(d->supervisor, x->errand, "too many questions are under way");
		drop(x);
		return;
	}
}

static void explain(struct worker_desk *d, struct now now, uint64_t errand, const struct command *c)
{
	unsigned place = 0;
	while (place < LIMIT_EXPLANATIONS && d->explanations[place].errand != 0)
		place++;
	struct trace *trace = place < LIMIT_EXPLANATIONS ? trace_new(now.mono_ms) : NULL;
	if (trace == NULL) {
		errand_failed(d->supervisor, errand, "too many questions are being explained");
		return;
	}
	struct explanation *x = &d->explanations[place];
	*x = (struct explanation){
		.errand = errand,
		.json = c->json,
		.fresh = c->fresh,
		.question = { .name = c->name, .type = c->type, .class = CLASS_IN },
		.trace = trace,
	};
	ask(d, now, x);
}

bool worker_desk_reply(struct worker_desk *d, struct now now, uint64_t client)
{
	if ((client & desk_bit) == 0)
		return false;
	struct explanation *x = &d->explanations[client % LIMIT_EXPLANATIONS];
	struct query query;
	struct edns edns;
	struct ask a = ask_of(x, &query, &edns);
	struct writer w = writer_of(d->reply, sizeof(d->reply));
	tasks_reply(d->tasks, now, &a, &w);
	tell_explanation(d, x, writer_length(&w));
	return true;
}

void worker_desk_clear(struct worker_desk *d)
{
	for (unsigned i = 0; i < LIMIT_EXPLANATIONS; i++)
		drop(&d->explanations[i]);
}

/* ---- forgetting, and the rest ---- */

static void forget(struct worker_desk *d, const struct name *name, uint16_t type, bool tree)
{
	cache_flush(d->cache, name, type, tree);
	if (d->answers != NULL)
		answers_flush(d->answers);
}

static void serve(struct worker_desk *d, struct now now, const struct errand *e, const struct command *c)
{
	switch (c->kind) {
	case COMMAND_LOOKUP:
		lookup(d, now, e->number, c);
		return;
	case COMMAND_FLUSH:
		forget(d, &c->name, c->type, c->tree);
		break;
	case COMMAND_NTA_ADD:
	case COMMAND_NTA_REMOVE:
		forget(d, &c->name, 0, true);
		break;
	case COMMAND_LOG:
		d->log->level = c->level;
		break;
	case COMMAND_EXPLAIN:
		explain(d, now, e->number, c);
		return;
	case COMMAND_STATUS:
	case COMMAND_STATS:
	case COMMAND_DUMP:
	case COMMAND_SNAPSHOT:
	case COMMAND_RELOAD:
	case COMMAND_NTA_LIST:
	case COMMAND_ANCHORS:
	case COMMAND_STOP:
		break; /* nothing to do here */
	}
	errand_done(d->supervisor, e->number, NULL, 0);
}

void worker_desk_ask(struct worker_desk *d, struct now now, const uint8_t *octets, size_t len)
{
	struct errand e;
	struct command c;
	char why[COMMAND_WHY_MAX];
	if (errand_read(octets, len, &e) != ERR_OK)
		return;
	if (command_parse(e.request, e.request_len, &c, why) == ERR_OK)
		serve(d, now, &e, &c);
	else
		errand_failed(d->supervisor, e.number, why);
}
