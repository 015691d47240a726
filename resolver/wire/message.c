#include "resolver/wire/message.h"

#include "resolver/base/limits.h"
#include "resolver/wire/gather.h"
#include "resolver/wire/rdata.h"

#include <assert.h>

enum { RECORD_OCTETS_MIN = 11 }; /* root owner, type, class, TTL, RDLENGTH */

static_assert((int)SECTIONS == (int)GATHER_GROUPS, "a section is a group");

struct counts {
	uint16_t question, records[SECTIONS];
};

static struct counts read_header(struct reader *r, struct message *m)
{
	struct counts c;
	m->id = read_u16(r);
	m->flags = read_u16(r);
	c.question = read_u16(r);
	for (unsigned i = 0; i < SECTIONS; i++)
		c.records[i] = read_u16(r);
	m->rcode = m->flags & 0xf;
	return c;
}

/* Counts that the octets cannot hold are refused before anything is allocated for them. */
static enum err check_counts(const struct reader *r, const struct counts *c, unsigned *total)
{
	*total = 0;
	for (unsigned i = 0; i < SECTIONS; i++)
		*total += c->records[i];
	if (r->err != ERR_OK)
		return r->err;
	if (c->question > 1 || *total > reader_left(r) / RECORD_OCTETS_MIN)
		return ERR_FORMAT; /* RFC 9619 section 4 */
	return *total > LIMIT_MESSAGE_RECORDS ? ERR_LIMIT : ERR_OK;
}

static void read_question(struct reader *r, struct question *q)
{
	struct name name = read_name(r);
	name_copy(&q->name, &name);
	q->type = read_u16(r);
	q->class = read_u16(r);
}

/*
 * RFC 6891 section 6.1.1: once, in the additional section, at the root.  Of a query, that is (query.c); in a reply
 * boxes on the way add their own, and the first counts, as it does for the cookie (exchange.c).
 */
static enum err take_opt(struct message *m, enum section s, const struct name *owner,
			 const struct gather_record *record, struct reader rdata)
{
	if (s != SECTION_ADDITIONAL || !name_is_root(owner))
		return ERR_FORMAT;
	if (m->edns.present)
		return ERR_OK;
	enum err e = edns_parse(rdata, record->class, record->ttl, &m->edns);
	m->rcode |= (uint16_t)(m->edns.extended_rcode << 4);
	return e;
}

/* The NSID is all that an edns borrows: it must outlive the octets. */
static enum err keep_nsid(struct edns *e, struct arena *a)
{
	if (!e->has_nsid)
		return ERR_OK;
	e->nsid = arena_copy(a, e->nsid, e->nsid_len);
	return e->nsid == NULL ? ERR_NOMEM : ERR_OK;
}

static enum err store_rdata(uint16_t type, struct reader rdata, struct arena *a, struct rdata *out)
{
	uint8_t scratch[LIMIT_SET_BYTES];
	struct writer w = writer_of(scratch, sizeof(scratch));
	enum err e = rdata_read(type, rdata, &w);
	if (e == ERR_OK)
		e = w.err;
	if (e != ERR_OK)
		return e == ERR_SPACE ? ERR_LIMIT : e;
	out->len = (uint16_t)writer_length(&w);
	out->octets = arena_copy(a, scratch, out->len);
	return out->octets == NULL ? ERR_NOMEM : ERR_OK;
}

static enum err read_record(struct reader *r, enum section s, struct message *m, struct arena *a,
			    struct gather *g)
{
	struct gather_record record = { .group = (uint8_t)s };
	struct name owner = read_name(r);
	record.type = read_u16(r);
	record.class = read_u16(r);
	record.ttl = read_u32(r);
	uint16_t len = read_u16(r);
	struct reader rdata = read_slice(r, len);
	if (r->err != ERR_OK)
		return r->err;
	if (record.type == TYPE_OPT)
		return take_opt(m, s, &owner, &record, rdata);
	if (type_is_meta(record.type))
		return ERR_FORMAT; /* RFC 6895 section 3.1: never data */
	enum err e = store_rdata(record.type, rdata, a, &record.rdata);
	return e != ERR_OK ? e : gather_add(g, &owner, &record);
}

static enum err read_sections(struct reader *r, const struct counts *c, struct message *m,
			      struct arena *a, struct gather *g)
{
	for (unsigned s = 0; s < SECTIONS; s++) {
		for (unsigned i = 0; i < c->records[s]; i++) {
			enum err e = read_record(r, (enum section)s, m, a, g);
			if (e != ERR_OK)
				return e;
		}
	}
	m->tail = reader_left(r);
	return r->err;
}

enum err message_parse(const uint8_t *octets, size_t len, struct arena *a, struct message *out)
{
	struct reader r = reader_of(octets, len);
	unsigned total;
	out->edns = (struct edns){ .present = false };
	out->question_count = 0;
	struct counts c = read_header(&r, out);
	enum err e = check_counts(&r, &c, &total);
	if (e != ERR_OK)
		return e;
	out->question_count = c.question;
	if (c.question == 1)
		read_question(&r, &out->question);
	struct gather *g = gather_new(a, total, LIMIT_MESSAGE_SETS);
	if (g == NULL)
		return ERR_NOMEM;
	e = read_sections(&r, &c, out, a, g);
	struct gathered sets[SECTIONS];
	if (e == ERR_OK)
		e = gather_sets(g, sets);
	if (e == ERR_OK)
		e = keep_nsid(&out->edns, a);
	for (unsigned s = 0; e == ERR_OK && s < SECTIONS; s++) {
		out->section[s].sets = sets[s].sets;
		out->section[s].count = sets[s].count;
	}
	return e;
}

struct rrset *message_find(const struct message *m, enum section s, const struct name *owner,
			   uint16_t type)
{
	for (unsigned i = 0; i < m->section[s].count; i++) {
		struct rrset *set = &m->section[s].sets[i];
		if (set->type == type && name_equal(&set->owner, owner))
			return set;
	}
	return NULL;
}

static void write_record(struct writer *w, const struct rrset *s, uint16_t type, uint32_t ttl,
			 const struct rdata *rdata)
{
	write_name(w, &s->owner);
	write_u16(w, type);
	write_u16(w, s->class);
	write_u32(w, ttl);
	size_t length_at = write_hole(w);
	size_t from = writer_length(w);
	rdata_write(w, type, rdata);
	write_u16_at(w, length_at, (uint16_t)(writer_length(w) - from));
}

bool write_rrset(struct writer *w, const struct rrset *s, uint32_t ttl, bool sigs, unsigned first,
		 uint16_t *count)
{
	struct writer mark = *w;
	unsigned sig_count = sigs ? s->sig_count : 0;
	for (unsigned i = 0; i < s->count && w->err == ERR_OK; i++)
		write_record(w, s, s->type, ttl, &s->rdata[(first + i) % s->count]);
	for (unsigned i = 0; i < sig_count && w->err == ERR_OK; i++)
		write_record(w, s, TYPE_RRSIG, ttl, &s->sigs[i]);
	if (w->err != ERR_OK) {
		writer_rewind(w, &mark);
		return false;
	}
	*count = (uint16_t)(*count + s->count + sig_count);
	return true;
}
