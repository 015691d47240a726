#include "resolver/server/keeper_desk.h"

#include "resolver/server/errand.h"
#include "resolver/server/listing.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	DUMP_ENTRIES = 1000, /* looked at for one part of a dump */
	DUMP_OCTETS = 40 << 10,
};

/* Tells what was written to out, which was made for text and len, and closes it.  False: no memory. */
static bool tell(const struct keeper_desk *d, uint64_t number, FILE *out, char **text, size_t *len)
{
	bool good = fclose(out) == 0;
	if (good)
		errand_tell(d->supervisor, number, *text, *len);
	free(*text);
	return good;
}

/* ---- looking ---- */

static void describe(const struct keep *k, bool json, FILE *out)
{
	struct keep_counts n = keep_count(k);
	const char *form =
		json ? "{\"entries\":%zu,\"octets\":%zu,\"map_octets\":%zu,\"pressure\":%u,"
		       "\"kept\":%" PRIu64 ",\"refused_rank\":%" PRIu64 ",\"refused_full\":%" PRIu64
		       ",\"refused_form\":%" PRIu64 ",\"swept\":%" PRIu64 "}"
		     : "store        %zu entries, %zu of %zu octets, pressure %u\n"
		       "             since the keeper's start: %" PRIu64 " kept, not kept for rank %" PRIu64
		       ", room %" PRIu64 ", form %" PRIu64 "; %" PRIu64 " swept\n";
	fprintf(out, form, n.size.entries, n.size.used, n.size.map, n.level, n.entries_in, n.refused_rank,
	        n.refused_full, n.refused_form, n.swept);
}

static void list_run(struct keeper_desk *d, struct now now, const struct command *c,
                     const struct key *run, FILE *out)
{
	struct key at = *run;
	struct seen s;
	for (unsigned i = 0; run->len > 0 && i < LIMIT_NAME_TYPES && keep_next(d->keep, now, &at, &s); i++) {
		if (!key_has_prefix(at.octets, at.len, run->octets, run->len) || !name_equal(&s.parts.name, &c->name))
			return;
		if (listing_wants(c, &s))
			listing_line(out, "store", &s, now, c->json);
	}
}

static void lookup(struct keeper_desk *d, struct now now, const struct command *c, FILE *out)
{
	struct key run;
	for (unsigned i = 0; listing_run(c, i, &run); i++)
		list_run(d, now, c, &run, out);
	store_turn_end(keep_store(d->keep));
}

/* True: *at is where to go on. */
static bool dump(struct keeper_desk *d, struct now now, const struct command *c, struct key *at, FILE *out)
{
	struct seen s;
	bool more = true;
	for (unsigned i = 0; i < DUMP_ENTRIES && ftell(out) < DUMP_OCTETS; i++) {
		more = keep_next(d->keep, now, at, &s);
		if (!more)
			break;
		listing_line(out, "store", &s, now, c->json);
	}
	store_turn_end(keep_store(d->keep));
	return more;
}

static void look(struct keeper_desk *d, struct now now, const struct errand *e, const struct command *c)
{
	char *text = NULL;
	size_t len = 0;
	struct key at = { .len = 0 };
	FILE *out = open_memstream(&text, &len);
	if (out == NULL) {
		errand_failed(d->supervisor, e->number, "the keeper is out of memory");
		return;
	}
	if (e->place_len <= KEY_OCTETS) {
		at.len = (uint16_t)e->place_len;
		for (size_t i = 0; i < e->place_len; i++)
			at.octets[i] = e->place[i];
	}
	bool more = false;
	if (c->kind == COMMAND_STATUS)
		describe(d->keep, c->json, out);
	else if (c->kind == COMMAND_LOOKUP)
		lookup(d, now, c, out);
	else
		more = dump(d, now, c, &at, out);
	if (tell(d, e->number, out, &text, &len))
		errand_done(d->supervisor, e->number, at.octets, more ? at.len : 0);
	else
		errand_failed(d->supervisor, e->number, "the keeper is out of memory");
}

/* ---- doing ---- */

static void queue_flush(struct keeper_desk *d, const struct errand *e, const struct command *c)
{
	if (d->count == KEEPER_DESK_FLUSHES) {
		errand_failed(d->supervisor, e->number, "too many flushes at once");
		return;
	}
	d->flushes[(d->first + d->count++) % KEEPER_DESK_FLUSHES] = (struct keeper_flush){
		.number = e->number,
		.name = c->name,
		.type = c->type,
		.tree = c->tree || c->kind != COMMAND_FLUSH, /* of a negative anchor: all that it was about */
	};
}

static void snapshot(struct keeper_desk *d, struct now now, uint64_t number)
{
	enum err e = keep_snapshot(d->keep, now);
	if (e == ERR_OK) {
		errand_done(d->supervisor, number, NULL, 0);
		return;
	}
	char why[COMMAND_WHY_MAX];
	snprintf(why, sizeof(why), "no snapshot: %s",
	         e == ERR_NOTFOUND ? "no cache directory is configured" : err_text(e));
	errand_failed(d->supervisor, number, why);
}

static void serve(struct keeper_desk *d, struct now now, const struct errand *e, const struct command *c)
{
	switch (c->kind) {
	case COMMAND_STATUS:
	case COMMAND_LOOKUP:
	case COMMAND_DUMP:
		look(d, now, e, c);
		return;
	case COMMAND_FLUSH:
	case COMMAND_NTA_ADD:
	case COMMAND_NTA_REMOVE:
		queue_flush(d, e, c);
		return;
	case COMMAND_SNAPSHOT:
		snapshot(d, now, e->number);
		return;
	case COMMAND_LOG:
		d->log->level = c->level;
		break;
	case COMMAND_STATS:
	case COMMAND_RELOAD:
	case COMMAND_NTA_LIST:
	case COMMAND_ANCHORS:
	case COMMAND_EXPLAIN:
	case COMMAND_STOP:
		break; /* nothing to do here */
	}
	errand_done(d->supervisor, e->number, NULL, 0);
}

/* Without a store there is nothing to forget, and nothing to see. */
static bool needs_store(enum command_kind kind)
{
	return kind == COMMAND_STATUS || kind == COMMAND_DUMP || kind == COMMAND_SNAPSHOT;
}

void keeper_desk_ask(struct keeper_desk *d, struct now now, const uint8_t *octets, size_t len)
{
	struct errand e;
	struct command c;
	char why[COMMAND_WHY_MAX];
	if (errand_read(octets, len, &e) != ERR_OK)
		return;
	if (command_parse(e.request, e.request_len, &c, why) != ERR_OK)
		errand_failed(d->supervisor, e.number, why);
	else if (d->keep != NULL || c.kind == COMMAND_LOG)
		serve(d, now, &e, &c);
	else if (needs_store(c.kind))
		errand_failed(d->supervisor, e.number, "there is no store: the cache lives in memory only");
	else
		errand_done(d->supervisor, e.number, NULL, 0);
}

bool keeper_desk_work(struct keeper_desk *d, unsigned entries)
{
	if (d->count == 0 || d->keep == NULL)
		return false;
	const struct keeper_flush *f = &d->flushes[d->first];
	if (!d->flushing)
		keep_flush_start(d->keep, &f->name, f->type, f->tree);
	enum err e = keep_flush_step(d->keep, entries, &d->flushing);
	if (d->flushing)
		return true;
	if (e == ERR_OK)
		errand_done(d->supervisor, f->number, NULL, 0);
	else
		errand_failed(d->supervisor, f->number, "the store could not be changed: see its size and the disk");
	d->first = (d->first + 1) % KEEPER_DESK_FLUSHES;
	d->count--;
	return d->count > 0;
}
