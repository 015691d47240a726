#include "resolver/server/worker_desk.h"

#include "resolver/server/errand.h"
#include "resolver/server/listing.h"

#include <stdlib.h>

static void list_run(const struct worker_desk *d, struct now now, const struct command *c,
                     const struct key *run, FILE *out)
{
	struct key at = *run;
	struct seen s;
	for (unsigned i = 0; run->len > 0 && i < LIMIT_NAME_TYPES && cache_hot_next(d->cache, now, &at, &s); i++) {
		if (!key_has_prefix(at.octets, at.len, run->octets, run->len) || !name_equal(&s.parts.name, &c->name))
			return;
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

static void serve(struct worker_desk *d, struct now now, const struct errand *e, const struct command *c)
{
	switch (c->kind) {
	case COMMAND_LOOKUP:
		lookup(d, now, e->number, c);
		return;
	case COMMAND_FLUSH:
		cache_flush(d->cache, &c->name, c->type, c->tree);
		answers_flush(d->answers);
		break;
	case COMMAND_NTA_ADD:
	case COMMAND_NTA_REMOVE:
		cache_flush(d->cache, &c->name, 0, true);
		answers_flush(d->answers);
		break;
	case COMMAND_LOG:
		d->log->level = c->level;
		break;
	case COMMAND_EXPLAIN:
		errand_failed(d->supervisor, e->number, "questions cannot be explained yet");
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
