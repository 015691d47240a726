#include "resolver/core/reply.h"

#include "resolver/base/octets.h"
#include "resolver/core/full.h"
#include "resolver/core/rebind.h"
#include "resolver/core/sentinel.h"
#include "resolver/wire/message.h"
#include "validator/denial.h"

enum {
	UDP_SIZE_MIN = 512, /* RFC 1035 section 2.3.4, RFC 6891 section 6.2.3 */
	PARTS_KEPT = 32,    /* RRsets of a reply that is kept finished */
};

/* ---- the frame: header, question, OPT ---- */

static size_t size_limit(const struct query *q, bool stream, uint16_t udp_size, size_t room)
{
	if (stream)
		return room < LIMIT_MESSAGE_BYTES ? room : LIMIT_MESSAGE_BYTES;
	size_t limit = q->edns.present ? q->edns.udp_size : 0;
	if (limit > udp_size)
		limit = udp_size;
	if (limit < UDP_SIZE_MIN)
		limit = UDP_SIZE_MIN;
	return limit < room ? limit : room;
}

static void write_header(struct writer *w, const struct query *q, uint16_t flags)
{
	write_u16(w, q->id);
	write_u16(w, (uint16_t)(FLAG_QR | (q->opcode & 0xf) << 11 |
	                        (q->flags & (FLAG_RD | FLAG_CD)) | flags));
	write_u16(w, q->has_question);
	write_u16(w, 0);
	write_u16(w, 0);
	write_u16(w, 0);
	if (!q->has_question)
		return;
	write_name(w, &q->question.name);
	write_u16(w, q->question.type);
	write_u16(w, q->question.class);
}

static void add_error(struct edns *opt, uint16_t ede, const char *text)
{
	if (ede == EDE_NONE || opt->error_count == EDNS_ERRORS)
		return;
	for (unsigned i = 0; i < opt->error_count; i++) {
		if (opt->errors[i].ede == ede)
			return;
	}
	opt->errors[opt->error_count++] = (struct reason){ ede, text };
}

static struct edns start_opt(const struct query *q, const struct edns *options, uint16_t udp_size)
{
	struct edns opt = options != NULL ? *options : (struct edns){ 0 };
	opt.present = q->edns.present;
	opt.udp_size = udp_size;
	opt.version = 0;
	opt.dnssec_ok = q->edns.dnssec_ok;
	opt.error_count = 0;
	return opt;
}

/* A reply under construction. */
struct draft {
	struct writer *w;
	uint8_t *end;        /* of what the client can take; w->end keeps room for the OPT below it */
	struct edns opt;
	uint16_t flags;
	uint16_t counts[SECTIONS];
	bool sigs;           /* RRSIG and proofs: the client said DO */
	bool one_order;      /* the order of some records was drawn for this reply alone */
	unsigned part_count; /* above PARTS_KEPT: too many to keep */
	struct answers_part parts[PARTS_KEPT];
};

/* What stands for a TTL: its number, and where it comes from. */
struct shown {
	uint32_t ttl;
	bool put;      /* it stands in the reply already, first in this part */
	uint16_t part;
	uint32_t lifetime_s, age_s, bound_s;
};

static void open_draft(struct draft *d, const struct query *q, bool stream)
{
	size_t limit = size_limit(q, stream, d->opt.udp_size, writer_left(d->w));
	d->w->end = d->end = d->w->at + limit;
	write_header(d->w, q, 0);
	struct edns least = d->opt; /* its errors make no room for themselves: fit_errors */
	least.error_count = 0;
	size_t reserve = edns_size(&least);
	size_t left = writer_left(d->w);
	d->w->end -= reserve < left ? reserve : left;
}

/* RFC 8914 section 3: rather than data the errors are left out, which is truncation too; before that, their words. */
static void fit_errors(struct draft *d)
{
	size_t room = (size_t)(d->end - d->w->at);
	struct edns *opt = &d->opt;
	for (unsigned i = opt->error_count; i > 0 && edns_size(opt) > room; i--)
		opt->errors[i - 1].text = NULL;
	for (; opt->error_count > 0 && edns_size(opt) > room; opt->error_count--)
		d->flags |= FLAG_TC;
}

/* Everything but the OPT. */
static void finish_sections(struct draft *d, const struct query *q, uint16_t rcode)
{
	struct writer *w = d->w;
	uint16_t flags = (uint16_t)(FLAG_QR | (q->opcode & 0xf) << 11 |
	                            (q->flags & (FLAG_RD | FLAG_CD)) | d->flags | (rcode & 0xf));
	write_u16_at(w, 2, flags);
	write_u16_at(w, 6, d->counts[SECTION_ANSWER]);
	write_u16_at(w, 8, d->counts[SECTION_AUTHORITY]);
	write_u16_at(w, 10, d->counts[SECTION_ADDITIONAL]);
}

static void write_opt(struct writer *w, const struct edns *opt, uint16_t additional)
{
	if (!opt->present)
		return;
	write_u16_at(w, 10, (uint16_t)(additional + 1));
	edns_write(w, opt);
}

static void close_draft(struct draft *d, uint16_t rcode)
{
	d->w->end = d->end;
	d->opt.extended_rcode = (uint8_t)(rcode >> 4);
	write_opt(d->w, &d->opt, d->counts[SECTION_ADDITIONAL]);
}

void reply_error(const struct query *query, uint16_t rcode, uint16_t flags, struct reason reason,
                 const struct edns *options, uint16_t udp_size, bool errors, struct writer *w)
{
	struct draft d = { .w = w, .opt = start_opt(query, options, udp_size), .flags = flags };
	if (errors)
		add_error(&d.opt, reason.ede, reason.text);
	open_draft(&d, query, false);
	finish_sections(&d, query, rcode);
	close_draft(&d, rcode);
}

/* ---- errors that are told beside the answer: RFC 8914 ---- */

/* That a failure is remembered tells that somebody asked, as its speed does; in mode strict neither is told. */
static void explain(struct edns *opt, const struct chain *c, enum ttl_mode mode)
{
	if (c->state == CHAIN_FAILED) {
		if (c->remembered && mode != TTL_STRICT)
			add_error(opt, EDE_CACHED_ERROR, "RMBR this failed a moment ago");
		add_error(opt, c->reason.ede, c->reason.text);
		return;
	}
	if (chain_is_stale(c)) {
		if (c->rcode == RCODE_NXDOMAIN)
			add_error(opt, EDE_STALE_NXDOMAIN, "STNX this has expired, and a new answer has not come yet");
		else
			add_error(opt, EDE_STALE, "STAL this has expired, and a new answer has not come yet");
	}
	for (unsigned i = 0; i < c->count; i++)
		add_error(opt, c->links[i].outcome->reason.ede, c->links[i].outcome->reason.text);
}

/* ---- sections ---- */

static struct shown show(struct tasks *ts, const struct chain_link *l)
{
	struct shown s = { .lifetime_s = l->lifetime_s, .age_s = l->age_s, .bound_s = l->bound_s };
	s.ttl = l->stale ? ts->setup.policy->stale_ttl_s
	                 : ttl_shown(&ts->setup.cache_policy->ttl, ts->setup.rng, l->lifetime_s,
	                             l->age_s, l->bound_s);
	return s;
}

static void note_part(struct draft *d, uint16_t records, uint16_t rotating,
                      struct shown *shown)
{
	if (!shown->put)
		shown->part = (uint16_t)d->part_count;
	shown->put = true;
	if (d->part_count < PARTS_KEPT)
		d->parts[d->part_count] = (struct answers_part){ records, shown->lifetime_s, shown->age_s,
			                                         shown->bound_s, shown->part, rotating };
	d->part_count++;
}

/* Addresses can be turned round in a finished reply, names in it not: they may be compressed. */
static bool can_rotate(const struct rrset *s)
{
	return s->type == TYPE_A || s->type == TYPE_AAAA;
}

/* False: it did not fit, and the client is told so (RFC 2181 section 9). */
static bool put(struct tasks *ts, struct draft *d, enum section section, const struct rrset *s,
                struct shown *shown)
{
	uint16_t before = d->counts[section];
	bool shuffled = ts->setup.policy->shuffle && s->count > 1;
	unsigned first = shuffled ? rng_below(ts->setup.rng, s->count) : 0;
	if (write_rrset(d->w, s, shown->ttl, d->sigs, first, &d->counts[section])) {
		note_part(d, (uint16_t)(d->counts[section] - before),
		          shuffled && can_rotate(s) ? s->count : 0, shown);
		d->one_order |= shuffled && !can_rotate(s);
		return true;
	}
	d->flags |= FLAG_TC;
	return false;
}

/* RFC 6672 section 3.1: the CNAME that a DNAME means for this name. */
static bool put_synthesised(struct tasks *ts, struct draft *d, const struct name *owner,
                            const struct outcome *o, struct shown *shown)
{
	struct rdata target = { o->target.len, o->target.wire };
	struct rrset s = { .owner = *owner, .type = TYPE_CNAME, .class = CLASS_IN, .count = 1,
		           .rdata = &target };
	return o->too_long || put(ts, d, SECTION_ANSWER, &s, shown);
}

static bool put_link(struct tasks *ts, struct draft *d, const struct name *name,
                     const struct chain_link *l, struct shown *shown)
{
	const struct outcome *o = l->outcome;
	switch (o->kind) {
	case OUTCOME_ANSWER:
	case OUTCOME_CNAME:
		return put(ts, d, SECTION_ANSWER, o->set, shown);
	case OUTCOME_DNAME:
		return put(ts, d, SECTION_ANSWER, o->set, shown) &&
		       put_synthesised(ts, d, name, o, shown);
	case OUTCOME_NODATA:
	case OUTCOME_NXDOMAIN:
	case OUTCOME_FAILURE:
		break;
	}
	return true;
}

static bool put_proofs(struct tasks *ts, struct draft *d, const struct outcome *o, struct shown *shown)
{
	bool negative = o->kind == OUTCOME_NODATA || o->kind == OUTCOME_NXDOMAIN;
	if (negative && o->soa != NULL && !put(ts, d, SECTION_AUTHORITY, o->soa, shown))
		return false;
	for (unsigned i = 0; d->sigs && i < o->proof_count; i++) {
		if (!put(ts, d, SECTION_AUTHORITY, o->proofs[i], shown))
			return false;
	}
	return true;
}

static void put_chain(struct tasks *ts, struct draft *d, const struct question *q,
                      const struct chain *c, unsigned count)
{
	struct shown shown[LIMIT_ALIASES + 1];
	for (unsigned i = 0; i < count; i++) {
		shown[i] = show(ts, &c->links[i]);
		if (!put_link(ts, d, chain_link_name(c, q, i), &c->links[i], &shown[i]))
			return;
	}
	for (unsigned i = 0; i < count; i++) {
		if (!put_proofs(ts, d, c->links[i].outcome, &shown[i]))
			return;
	}
}

/* RFC 8482 section 4.2: there is data of some type, but we do not say all. */
static void put_hinfo(struct tasks *ts, struct draft *d, const struct query *q,
                      struct shown *shown)
{
	static const uint8_t text[] = "\7RFC8482";
	struct rdata r = { sizeof(text), text }; /* the NUL is the empty second string */
	struct rrset s = { .owner = q->question.name, .type = TYPE_HINFO, .class = CLASS_IN,
		           .count = 1, .rdata = &r };
	(void)put(ts, d, SECTION_ANSWER, &s, shown);
}

static void put_any(struct tasks *ts, struct draft *d, const struct query *query,
                    const struct question *q, const struct chain *c)
{
	struct shown shown = show(ts, &c->links[0]);
	if (c->links[0].outcome->kind == OUTCOME_NODATA)
		put_hinfo(ts, d, query, &shown);
	else
		put_chain(ts, d, q, c, 1);
}

static void put_answer(struct tasks *ts, struct draft *d, const struct ask *ask,
                       const struct question *q, const struct chain *c)
{
	const struct query *query = ask->query;
	bool any = query->question.type == TYPE_ANY;
	if (any)
		put_any(ts, d, query, q, c);
	else
		put_chain(ts, d, q, c, c->count);
	bool hinfo = any && c->links[0].outcome->kind == OUTCOME_NODATA;
	bool asked = (query->flags & FLAG_AD) != 0 || d->sigs; /* RFC 6840 section 5.7 */
	bool judged = (query->flags & FLAG_CD) == 0; /* if so for others alone, AD would tell that they asked */
	if (asked && judged && !hinfo && chain_is_secure(c))
		d->flags |= FLAG_AD;
	if (c->links[0].local) /* RFC 6303 section 3; of aliases the first counts: RFC 1035 section 4.1.1 */
		d->flags |= FLAG_AA;
}

/* Sections a client can do without: never a reason for TC. */
static void put_extras(struct tasks *ts, struct now now, struct draft *d,
                       const struct question *q, const struct chain *c)
{
	struct full full;
	struct question last = *q;
	if (ts->setup.policy->minimal || (d->flags & FLAG_TC))
		return;
	last.name = *chain_link_name(c, q, c->count - 1);
	full_find(ts, now, &last, &c->links[c->count - 1], &full);
	uint16_t flags = d->flags;
	for (unsigned i = 0; i < full.count; i++) {
		struct shown shown = show(ts, &full.extras[i].link);
		(void)put(ts, d, full.extras[i].section, full.extras[i].set, &shown);
	}
	d->flags = flags;
}

/* ---- finished replies ---- */

/*
 * A reply is kept finished when it was made from the cache alone, so only what is asked for again
 * takes room there, and says nothing in its OPT that the next reader should not see.
 */
static bool may_be_kept(const struct tasks *ts, const struct draft *d, const struct chain *c)
{
	if (ts->setup.answers == NULL || c->state != CHAIN_COMPLETE || d->opt.error_count > 0 ||
	    (d->flags & FLAG_TC) || d->one_order || d->part_count == 0 || d->part_count > PARTS_KEPT)
		return false;
	for (unsigned i = 0; i < c->count; i++) {
		if (c->links[i].entry.id == 0 || c->links[i].stale)
			return false;
	}
	/* strict: each link may be a secret of its own */
	return c->count == 1 || ts->setup.cache_policy->ttl.mode != TTL_STRICT;
}

static void keep_finished(struct tasks *ts, struct now now, const struct query *q,
                          const struct draft *d, const struct chain *c)
{
	if (q->edns.compact_ok || !(q->flags & FLAG_RD) || !may_be_kept(ts, d, c))
		return; /* CO makes other replies, and few send it; RD=0 is not for everybody to see */
	struct networks_entry entry = c->links[c->count - 1].entry;
	for (unsigned i = 0; i < c->count; i++) {
		if (c->links[i].entry.resolve_ms > entry.resolve_ms)
			entry.resolve_ms = c->links[i].entry.resolve_ms;
	}
	answers_put(ts->setup.answers, now, q, d->w->start, writer_length(d->w), d->parts,
	            d->part_count, &entry);
}

bool reply_finished(struct tasks *ts, struct now now, const struct ask *ask, struct writer *w,
                    struct answers_found *found)
{
	const struct query *q = ask->query;
	struct edns opt = start_opt(q, ask->edns, ts->setup.policy->udp_size);
	size_t limit = size_limit(q, ask->stream, opt.udp_size, writer_left(w));
	size_t reserve = opt.present ? edns_size(&opt) : 0;
	if (q->edns.compact_ok || limit <= reserve || !answers_find(ts->setup.answers, now, q, limit - reserve,
	                                      ts->setup.rng, w, found))
		return false;
	w->end = w->start + limit;
	write_opt(w, &opt, octets_be16(w->start + 10));
	return true;
}

/* RFC 9824 section 5: a denial in compact form is NXDOMAIN for all who do not look at the NSEC. */
static bool is_compact_nxdomain(const struct query *q, const struct chain *c,
                                const struct question *asked)
{
	const struct outcome *o = c->count > 0 ? c->links[c->count - 1].outcome : NULL;
	if (c->state != CHAIN_COMPLETE || o->kind != OUTCOME_NODATA ||
	    o->security != SECURITY_SECURE || (q->edns.dnssec_ok && !q->edns.compact_ok))
		return false;
	return denial_says_nxname(o->proofs, o->proof_count,
	                          chain_link_name(c, asked, c->count - 1));
}

/* RFC 6604 section 3 for chains; for ANY only the first link is told. */
static uint16_t rcode_of(const struct ask *ask, const struct question *q, const struct chain *c)
{
	bool first_only = ask->query->question.type == TYPE_ANY && c->state == CHAIN_COMPLETE &&
		          c->count > 1;
	if (!first_only && is_compact_nxdomain(ask->query, c, q))
		return RCODE_NXDOMAIN;
	return first_only ? RCODE_NOERROR : c->rcode;
}

void reply_chain(struct tasks *ts, struct now now, const struct ask *ask,
                 const struct question *q, const struct chain *c, struct writer *w)
{
	const struct tasks_policy *p = ts->setup.policy;
	struct draft d = { .w = w, .opt = start_opt(ask->query, ask->edns, p->udp_size),
		           .flags = FLAG_RA, .sigs = ask->query->edns.dnssec_ok };
	bool refused = rebind_is_refused(ts, q, c);
	bool sentinel = sentinel_fails(ts, ask->query, c);
	uint16_t rcode = sentinel ? (uint16_t)RCODE_SERVFAIL : rcode_of(ask, q, c);
	if (p->errors)
		explain(&d.opt, c, ts->setup.cache_policy->ttl.mode);
	if (p->errors && refused)
		add_error(&d.opt, EDE_BLOCKED, "RBND a public name may not have a private address");
	if (p->errors && sentinel)
		add_error(&d.opt, EDE_OTHER, "SNTL the root key sentinel is answered with a failure");
	open_draft(&d, ask->query, ask->stream);
	if (c->state == CHAIN_COMPLETE && !refused && !sentinel) {
		put_answer(ts, &d, ask, q, c);
		put_extras(ts, now, &d, q, c);
	}
	ts->counts.servfail += rcode == RCODE_SERVFAIL;
	ts->counts.stale += c->state == CHAIN_COMPLETE && chain_is_stale(c);
	fit_errors(&d);
	finish_sections(&d, ask->query, rcode);
	keep_finished(ts, now, ask->query, &d, c);
	close_draft(&d, rcode);
}
