#include "resolver/server/nta_book.h"

#include "resolver/server/clock.h"
#include "resolver/server/control.h"
#include "resolver/server/control_frame.h"
#include "resolver/server/job.h"
#include "resolver/server/json.h"
#include "resolver/wire/reader.h"
#include "resolver/wire/writer.h"
#include "validator/ntas.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 1000, REQUEST_OCTETS = NAME_TEXT_MAX + 32 };

struct nta_book {
	struct supervisor *supervisor;
	struct ntas ntas;
	ev_timer look; /* once a second while there are any: none ends later than it should */
	size_t len;
	uint8_t octets[CHANNEL_OCTETS]; /* CHANNEL_NTAS, as last made */
	uint8_t request[REQUEST_OCTETS]; /* of the chore under way */
};

/* The boot clock will do: the book does not outlive the daemon. */
static struct now read_now(void)
{
	return (struct now){ .mono_ms = clock_boot_ms(), .wall_s = clock_wall_s() };
}

/* False: they do not fit in one message. */
static bool write_set(struct nta_book *b)
{
	struct writer w = writer_of(b->octets, sizeof(b->octets));
	for (unsigned i = 0; i < b->ntas.count; i++)
		write_plain_name(&w, &b->ntas.names[i]);
	b->len = w.err == ERR_OK ? writer_length(&w) : b->len;
	return w.err == ERR_OK;
}

static void publish(struct nta_book *b)
{
	child_tell_workers(b->supervisor, CHANNEL_NTAS, b->octets, b->len);
	if (b->ntas.count > 0)
		ev_timer_again(b->supervisor->loop, &b->look);
	else
		ev_timer_stop(b->supervisor->loop, &b->look);
}

static enum err add(struct nta_book *b, const struct name *name, uint32_t seconds)
{
	enum err e = ntas_add(&b->ntas, name, seconds, read_now());
	if (e != ERR_OK || write_set(b))
		return e;
	(void)ntas_remove(&b->ntas, name);
	return ERR_LIMIT;
}

static void add_configured(struct nta_book *b)
{
	const struct config_validation *c = &b->supervisor->config->validation;
	b->ntas.check_s = c->negative_anchor_check_s;
	for (size_t i = 0; i < c->negative_anchors.count; i++) {
		enum err e = add(b, &c->negative_anchors.items[i], c->negative_anchor_s);
		if (e == ERR_OK)
			ntas_find(&b->ntas, &c->negative_anchors.items[i])->unflushed = true;
		else
			log_error(&b->supervisor->log, "a negative trust anchor is left out: %s", err_text(e));
	}
}

/* "flush NAME --tree", as an operator would say it. */
static void forget_below(struct nta_book *b, const struct name *name)
{
	char text[NAME_TEXT_MAX];
	static const char flush[] = "flush", tree[] = "--tree";
	struct writer w = writer_of(b->request, sizeof(b->request));
	name_text(name, text);
	write_u8(&w, CONTROL_VERSION);
	write_octets(&w, flush, sizeof(flush));
	write_octets(&w, text, strlen(text) + 1);
	write_octets(&w, tree, sizeof(tree));
	if (w.err == ERR_OK)
		job_begin(control_chore(b->supervisor->control), b->request, writer_length(&w));
}

/* RFC 7646 section 2: one is asked about a second. */
static void check_one(struct nta_book *b, struct now now)
{
	struct name name;
	uint8_t octets[NAME_OCTETS];
	struct writer w = writer_of(octets, sizeof(octets));
	if (!ntas_next_check(&b->ntas, now, &name))
		return;
	write_plain_name(&w, &name);
	if (w.err == ERR_OK)
		child_tell_one_worker(b->supervisor, CHANNEL_NTA_CHECK, octets, writer_length(&w));
}

void nta_book_over(struct nta_book *b, const uint8_t *octets, size_t len)
{
	struct reader r = reader_of(octets, len);
	struct name name;
	char text[NAME_TEXT_MAX];
	read_plain_name_to(&r, &name);
	struct nta *nta = reader_finish(&r) == ERR_OK ? ntas_find(&b->ntas, &name) : NULL;
	if (nta == NULL)
		return;
	name_text(&name, text);
	log_notice(&b->supervisor->log, "%s validates again without its negative trust anchor", text);
	nta->until_ms = 0; /* the next look takes it out */
}

/* One that came with the configuration: what was secure below it, or bogus, was so without it. */
static bool flush_one(struct nta_book *b)
{
	for (unsigned i = 0; i < b->ntas.count; i++) {
		if (!b->ntas.ends[i].unflushed)
			continue;
		b->ntas.ends[i].unflushed = false;
		forget_below(b, &b->ntas.names[i]);
		return true;
	}
	return false;
}

static void end_one(struct nta_book *b, const struct name *name)
{
	char text[NAME_TEXT_MAX];
	name_text(name, text);
	(void)write_set(b);
	publish(b);
	log_notice(&b->supervisor->log, "the negative trust anchor %s has ended", text);
	forget_below(b, name);
}

/* One at a time: what is cached below it is forgotten before the next one. */
static void on_look(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct nta_book *b = timer->data;
	struct now now = read_now();
	struct name ended;
	(void)loop;
	(void)events;
	if (control_chore(b->supervisor->control)->active || flush_one(b))
		return;
	if (ntas_next_end(&b->ntas, now, &ended))
		end_one(b, &ended);
	else
		check_one(b, now);
}

struct nta_book *nta_book_new(struct supervisor *s)
{
	struct nta_book *b = calloc(1, sizeof(*b));
	if (b == NULL)
		return NULL;
	b->supervisor = s;
	ev_timer_init(&b->look, on_look, 0, LOOK_MS / 1000.0);
	b->look.data = b;
	add_configured(b);
	publish(b);
	return b;
}

void nta_book_free(struct nta_book *b)
{
	if (b == NULL)
		return;
	ev_timer_stop(b->supervisor->loop, &b->look);
	ntas_clear(&b->ntas);
	free(b);
}

static bool is_among(const struct config_names *names, const struct name *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (name_equal(&names->items[i], name))
			return true;
	}
	return false;
}

void nta_book_on_config(struct nta_book *b, const struct config *old)
{
	for (unsigned i = 0; i < b->ntas.count; i++) {
		if (is_among(&old->validation.negative_anchors, &b->ntas.names[i]))
			b->ntas.ends[i].until_ms = 0; /* the next look takes it out */
	}
	add_configured(b);
	publish(b);
}

enum err nta_book_add(struct nta_book *b, const struct name *name, uint32_t seconds, const char **why)
{
	if (seconds == 0)
		seconds = b->supervisor->config->validation.negative_anchor_s;
	enum err e = add(b, name, seconds);
	if (e == ERR_OK)
		publish(b);
	else
		*why = e == ERR_LIMIT ? "there are too many negative trust anchors" : err_text(e);
	return e;
}

enum err nta_book_remove(struct nta_book *b, const struct name *name, const char **why)
{
	if (!ntas_remove(&b->ntas, name)) {
		*why = "there is no such negative trust anchor";
		return ERR_NOTFOUND;
	}
	(void)write_set(b);
	publish(b);
	return ERR_OK;
}

const uint8_t *nta_book_octets(const struct nta_book *b, size_t *len)
{
	*len = b->len;
	return b->octets;
}

void nta_book_list(const struct nta_book *b, bool json, FILE *out)
{
	struct now now = read_now();
	fputs(json ? "{\"negative_anchors\":[" : "", out);
	for (unsigned i = 0; i < b->ntas.count; i++) {
		int64_t left = b->ntas.ends[i].until_ms - now.mono_ms;
		char text[NAME_TEXT_MAX];
		left = left > 0 ? left / 1000 : 0;
		name_text(&b->ntas.names[i], text);
		if (json) {
			fputs(i > 0 ? ",{\"name\":" : "{\"name\":", out);
			json_string(out, text);
			fprintf(out, ",\"left_s\":%" PRId64 "}", left);
		} else {
			fprintf(out, "%s, %" PRId64 " s left\n", text, left);
		}
	}
	fputs(json ? "]}\n" : "", out);
}
