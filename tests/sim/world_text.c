#include "tests/sim/world_text.h"

#include "resolver/wire/query.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SERVER_ADDRESSES = 32 };

/* One line: root, a TLD, a zone to ask about, one beside it, and the attacker's. */
static const char standard[] = "zone . at a.root. 192.0.2.1\n"
			       "zone example. at ns 192.0.2.2\n"
			       "zone good.example. at ns 192.0.2.3\n"
			       "  www A 203.0.113.1\n"
			       "  www AAAA 2001:db8::80\n"
			       "  alias CNAME www\n"
			       "  text TXT \"a text\"\n"
			       "  @ MX 10 mail\n"
			       "  mail A 203.0.113.2\n"
			       "  *.wild A 203.0.113.3\n"
			       "  leaf.empty A 203.0.113.4\n"
			       "  tree DNAME good.other.example.\n"
			       "zone other.example. at ns 192.0.2.4\n"
			       "  www A 203.0.113.10\n"
			       "  a.good A 203.0.113.11\n"
			       "zone evil.example. at ns 192.0.2.66\n"
			       "  www A 203.0.113.66\n";

/* ---- zones ---- */

static bool is_address(const char *word, struct address *out)
{
	return word != NULL && address_parse(word, out) == ERR_OK;
}

static void read_at(struct world *w, struct script *s, struct world_zone *z)
{
	struct address all[SERVER_ADDRESSES], a;
	unsigned count = 0;
	struct name name = script_name(s, &z->apex);
	while (count < SERVER_ADDRESSES && is_address(script_peek(s), &a)) {
		all[count++] = a;
		s->at++;
	}
	if (!s->failed)
		world_add_server(w, z, &name, all, count);
}

static void read_zone_words(struct world *w, struct script *s, struct world_zone *z)
{
	while (script_peek(s) != NULL && !s->failed) {
		if (script_take(s, "at"))
			read_at(w, s, z);
		else if (script_take(s, "ttl"))
			z->ttl = (uint32_t)script_number(s);
		else if (script_take(s, "minimum"))
			z->minimum = (uint32_t)script_number(s);
		else if (script_take(s, "cut-ttl"))
			z->cut_ttl = (uint32_t)script_number(s);
		else if (script_take(s, "undelegated"))
			z->undelegated = true;
		else if (script_take(s, "delegated"))
			z->undelegated = false;
		else if (script_take(s, "signed"))
			signing_read(s, &z->signing);
		else if (script_take(s, "ds"))
			signing_read_ds(s, &z->signing);
		else
			script_end(s);
	}
	world_changed(w);
}

static void read_zone(struct world *w, struct script *s)
{
	unsigned indent = s->indent;
	struct name apex = script_name(s, NULL);
	struct world_zone *z = world_zone(w, &apex);
	read_zone_words(w, s, z);
	while (script_line(s)) {
		if (s->indent <= indent) {
			script_hold(s);
			return;
		}
		world_add_line(w, z, script_rest(s));
	}
}

/* ---- hosts ---- */

static void add_manner(struct world *w, struct script *s, struct host *h, enum manner_kind kind)
{
	struct manner *m = arena_alloc(w->arena, sizeof(*m));
	assert(m != NULL);
	*m = (struct manner){ .kind = kind, .udp = true, .tcp = true };
	for (;;) {
		if (script_take(s, "over"))
			*(script_take(s, "udp") ? &m->tcp : &m->udp) = false;
		else if (script_take(s, "first"))
			m->first = (unsigned)script_number(s);
		else if (script_take(s, "type"))
			m->type = script_type(s);
		else if (script_take(s, "capitals"))
			m->capitals = true;
		else
			break;
		if (!m->udp)
			(void)script_take(s, "tcp");
	}
	struct manner **end = &h->manners;
	while (*end != NULL)
		end = &(*end)->next;
	*end = m;
}

static bool read_link_word(const struct world *w, struct script *s, struct host *h)
{
	bool delay = script_take(s, "delay");
	if (delay || script_take(s, "jitter")) {
		if (!h->has_delay) {
			h->delay_ms = w->delay_ms;
			h->jitter_ms = w->jitter_ms;
		}
		h->has_delay = true;
		*(delay ? &h->delay_ms : &h->jitter_ms) = (uint32_t)script_ms(s);
	} else if (script_take(s, "loss")) {
		h->loss = script_percent(s);
	} else if (script_take(s, "duplicate")) {
		h->duplicate = script_percent(s);
	} else if (script_take(s, "udp-size")) {
		h->udp_size = (uint16_t)script_number(s);
	} else {
		return false;
	}
	return true;
}

static bool read_reach_word(struct script *s, struct host *h)
{
	static const struct {
		const char *word;
		enum reach reach;
	} reaches[] = { { "alive", REACH_OK },
			{ "dead", REACH_DEAD },
			{ "unreachable", REACH_UNREACHABLE },
			{ "rejects", REACH_REJECTS } };
	for (size_t i = 0; i < sizeof(reaches) / sizeof(reaches[0]); i++) {
		if (script_take(s, reaches[i].word)) {
			h->reach = reaches[i].reach;
			return true;
		}
	}
	return false;
}

static void read_host_word(struct world *w, struct script *s, struct host *h)
{
	enum manner_kind kind;
	if (read_link_word(w, s, h) || read_reach_word(s, h))
		return;
	if (script_take(s, "honest")) {
		h->manners = NULL;
	} else if (script_take(s, "serves")) {
		struct name apex = script_name(s, NULL);
		world_serve(w, h, world_zone(w, &apex));
	} else if (manner_parse(script_peek(s), &kind)) {
		s->at++;
		add_manner(w, s, h, kind);
	} else {
		script_end(s);
	}
}

static void read_server(struct world *w, struct script *s)
{
	struct address a;
	unsigned first = s->at, last;
	while (is_address(script_peek(s), &a))
		s->at++;
	last = s->at;
	if (first == last)
		(void)script_address(s);
	for (unsigned i = first; i < last; i++) {
		s->at = last;
		(void)is_address(s->words[i], &a);
		struct host *h = world_host(w, &a);
		while (script_peek(s) != NULL && !s->failed)
			read_host_word(w, s, h);
	}
}

static void read_network(struct world *w, struct script *s)
{
	while (script_peek(s) != NULL && !s->failed) {
		if (script_take(s, "delay"))
			w->delay_ms = (uint32_t)script_ms(s);
		else if (script_take(s, "jitter"))
			w->jitter_ms = (uint32_t)script_ms(s);
		else if (script_take(s, "loss"))
			w->loss = script_percent(s);
		else if (script_take(s, "ipv4"))
			w->ipv4_dead = !script_take(s, "alive") && script_take(s, "dead");
		else if (script_take(s, "ipv6"))
			w->ipv6_dead = !script_take(s, "alive") && script_take(s, "dead");
		else
			script_end(s);
	}
}

/* ---- forgeries ---- */

uint16_t world_text_rcode(struct script *s)
{
	static const struct {
		const char *word;
		uint16_t rcode;
	} rcodes[] = { { "NOERROR", 0 },  { "FORMERR", 1 },   { "SERVFAIL", 2 }, { "NXDOMAIN", 3 },
		       { "NOTIMP", 4 },   { "REFUSED", 5 },   { "YXDOMAIN", 6 }, { "NOTAUTH", 9 },
		       { "BADVERS", 16 }, { "BADCOOKIE", 23 } };
	const char *word = script_word(s, "an rcode");
	for (size_t i = 0; i < sizeof(rcodes) / sizeof(rcodes[0]); i++)
		if (strcmp(rcodes[i].word, word) == 0)
			return rcodes[i].rcode;
	script_fail(s, "\"%s\" is not an rcode", word);
	return 0;
}

uint16_t world_text_flag(struct script *s)
{
	static const struct {
		const char *word;
		uint16_t flag;
	} flags[] = { { "qr", FLAG_QR }, { "aa", FLAG_AA }, { "tc", FLAG_TC }, { "rd", FLAG_RD },
		      { "ra", FLAG_RA }, { "z", FLAG_Z },   { "ad", FLAG_AD }, { "cd", FLAG_CD } };
	const char *word = script_word(s, "a flag");
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(flags[i].word, word) == 0)
			return flags[i].flag;
	if (strcmp(word, "none") != 0)
		script_fail(s, "\"%s\" is not a flag", word);
	return 0;
}

bool world_text_section(struct script *s, enum section *out)
{
	static const char *const words[SECTIONS] = { "answer", "authority", "additional" };
	for (unsigned i = 0; i < SECTIONS; i++) {
		if (script_take(s, words[i])) {
			*out = (enum section)i;
			return true;
		}
	}
	return false;
}

static void read_pattern(struct script *s, struct pattern *p)
{
	const char *word = script_peek(s);
	uint16_t type;
	if (script_take(s, "*")) {
		p->any = true;
	} else {
		p->below = word != NULL && strncmp(word, "*.", 2) == 0;
		p->name = script_name(s, NULL);
		if (p->below)
			p->name = name_parent(&p->name);
	}
	if (script_peek(s) != NULL && type_parse(script_peek(s), &type) == ERR_OK) {
		p->type = type;
		s->at++;
	}
}

static void read_forgery_words(struct script *s, struct forgery *f)
{
	while (script_peek(s) != NULL && !s->failed) {
		enum manner_kind kind;
		if (script_take(s, "over"))
			*(script_take(s, "udp") || !script_take(s, "tcp") ? &f->tcp : &f->udp) =
			    false;
		else if (script_take(s, "first"))
			f->first = (unsigned)script_number(s);
		else if (f->kind == FORGERY_SPOOF && script_take(s, "copies"))
			f->copies = (unsigned)script_number(s);
		else if (f->kind == FORGERY_SPOOF && script_take(s, "after"))
			f->delay_ms = (uint32_t)script_ms(s);
		else if (f->kind == FORGERY_SPOOF && script_take(s, "every"))
			f->every_ms = (uint32_t)script_ms(s);
		else if (f->kind == FORGERY_SPOOF && manner_parse(script_peek(s), &kind)) {
			f->manner = kind;
			s->at++;
		} else {
			script_end(s);
		}
	}
}

/* signed ZONE [HOW...] */
static void read_forged_signature(struct world *w, struct script *s, struct forged_line *l)
{
	struct forged_signature *sig = arena_alloc(w->arena, sizeof(*sig)), **end = &l->signatures;
	struct name zone = script_name(s, NULL);
	assert(sig != NULL);
	sig->zone = world_zone(w, &zone);
	sig->how = signing_honest();
	while (signing_read_how(s, &sig->how))
		;
	if (sig->zone->signing.key_count == 0)
		script_fail(s, "this zone has no key to sign with");
	while (*end != NULL)
		end = &(*end)->next;
	*end = sig;
}

static void add_line(struct world *w, struct script *s, struct forgery *f, enum section section)
{
	struct forged_line *l = arena_alloc(w->arena, sizeof(*l)), **end = &f->lines[section];
	assert(l != NULL);
	l->repeat = script_take(s, "repeat") ? (unsigned)script_number(s) : 1;
	while (script_take(s, "signed"))
		read_forged_signature(w, s, l);
	l->text = world_keep_text(w, script_rest(s));
	while (*end != NULL)
		end = &(*end)->next;
	*end = l;
}

static void read_forgery_line(struct world *w, struct script *s, struct forgery *f)
{
	enum section section;
	if (world_text_section(s, &section)) {
		add_line(w, s, f, section);
	} else if (script_take(s, "rcode")) {
		f->rcode = world_text_rcode(s);
		f->set_rcode = true;
	} else if (script_take(s, "flags")) {
		f->set_flags = true;
		while (script_peek(s) != NULL && !s->failed)
			f->flags |= world_text_flag(s);
	} else if (script_take(s, "ttl")) {
		f->ttl = (uint32_t)script_number(s);
		f->set_ttl = true;
	}
	script_end(s);
}

static void read_forgery(struct world *w, struct script *s, enum forgery_kind kind)
{
	unsigned indent = s->indent;
	struct forgery *f = arena_alloc(w->arena, sizeof(*f)), **end = &w->forgeries;
	assert(f != NULL);
	*f = (struct forgery){ .kind = kind,
			       .udp = true,
			       .tcp = kind != FORGERY_SPOOF,
			       .copies = 1,
			       .delay_ms = 1,
			       .manner = MANNER_RIGHT };
	if (!script_take(s, "from"))
		script_fail(s, "\"from\" is missing");
	f->anywhere = script_take(s, "anyone");
	if (!f->anywhere)
		f->from = script_address(s);
	if (!script_take(s, "to"))
		script_fail(s, "\"to\" is missing");
	read_pattern(s, &f->pattern);
	read_forgery_words(s, f);
	while (*end != NULL)
		end = &(*end)->next;
	*end = f;
	while (script_line(s)) {
		if (s->indent <= indent) {
			script_hold(s);
			return;
		}
		read_forgery_line(w, s, f);
	}
}

/* ---- the block ---- */

static void read_standard(struct world *w, struct script *s)
{
	struct script inner;
	script_init(&inner, "the standard world", standard);
	while (script_line(&inner) && world_text_read(w, &inner))
		;
	if (inner.failed)
		script_fail(s, "%s", inner.what);
}

bool world_text_read(struct world *w, struct script *s)
{
	if (script_take(s, "zone"))
		read_zone(w, s);
	else if (script_take(s, "server"))
		read_server(w, s);
	else if (script_take(s, "network"))
		read_network(w, s);
	else if (script_take(s, "reply"))
		read_forgery(w, s, FORGERY_REPLY);
	else if (script_take(s, "add"))
		read_forgery(w, s, FORGERY_ADD);
	else if (script_take(s, "spoof"))
		read_forgery(w, s, FORGERY_SPOOF);
	else if (script_take(s, "standard"))
		read_standard(w, s);
	else
		return false;
	return true;
}
