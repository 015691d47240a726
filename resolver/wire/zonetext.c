#include "resolver/wire/zonetext.h"

#include "resolver/base/limits.h"
#include "resolver/wire/gather.h"
#include "resolver/wire/rdata.h"
#include "resolver/wire/text.h"
#include "resolver/wire/token.h"

#include <string.h>

enum mode {
	PLAIN,
	QUOTE,   /* between "" */
	COMMENT, /* behind ; */
};

/* One record on one line: comments gone, parentheses and the line ends between them now blanks. */
struct line {
	char text[LIMIT_ZONETEXT_LINE];
	size_t len;
	enum mode mode;
	bool escaped;  /* the last character was a backslash */
	bool indented; /* begins with a blank: no owner stands here */
	unsigned depth;
	const char *what; /* first fault; NULL: none */
};

struct zonetext zonetext_of(const char *text, size_t len)
{
	struct zonetext z = {
		.at = text,
		.end = text + len,
		.next_line = 1,
		.origin = name_root(),
		.ttl = ZONETEXT_TTL,
	};
	return z;
}

static void complain(struct line *l, const char *what)
{
	if (l->what == NULL)
		l->what = what;
}

static void put(struct line *l, char c)
{
	if (l->len + 1 < sizeof(l->text)) /* the NUL */
		l->text[l->len++] = c;
	else
		complain(l, "record too long");
}

/* False: the record ends here. */
static bool feed_newline(struct line *l)
{
	bool open = l->mode == QUOTE;
	if (open)
		complain(l, "quote not closed on its line");
	l->mode = PLAIN;
	l->escaped = false;
	put(l, ' ');
	return l->depth > 0 && !open;
}

static void feed_plain(struct line *l, char c)
{
	switch (c) {
	case ';':
		l->mode = COMMENT;
		return;
	case '(':
		l->depth++;
		put(l, ' ');
		return;
	case ')':
		if (l->depth == 0)
			complain(l, "closing parenthesis without an opening one");
		else
			l->depth--;
		put(l, ' ');
		return;
	case '"':
		l->mode = QUOTE;
		put(l, c);
		return;
	default:
		put(l, c);
	}
}

/* False: the record ends here. */
static bool feed(struct line *l, char c)
{
	if (c == '\n')
		return feed_newline(l);
	if (l->mode == COMMENT)
		return true;
	if (c == '\0')
		complain(l, "NUL in the text");
	if (l->escaped || c == '\\') {
		l->escaped = !l->escaped;
		put(l, c);
	} else if (l->mode == QUOTE) {
		put(l, c);
		if (c == '"')
			l->mode = PLAIN;
	} else {
		feed_plain(l, c);
	}
	return true;
}

static void read_line(struct zonetext *z, struct line *l)
{
	l->len = 0;
	l->mode = PLAIN;
	l->escaped = false;
	l->indented = *z->at == ' ' || *z->at == '\t';
	l->depth = 0;
	l->what = NULL;
	z->line = z->next_line;
	bool more = true;
	while (more && z->at < z->end) {
		char c = *z->at++;
		z->next_line += c == '\n';
		more = feed(l, c);
	}
	if (more && l->mode == QUOTE)
		complain(l, "quote not closed");
	if (more && l->depth > 0)
		complain(l, "parenthesis not closed");
	l->text[l->len] = '\0';
}

static enum err refuse(struct zonetext *z, const char *what)
{
	z->what = what;
	return ERR_FORMAT;
}

/* "$a.example." is an owner: no directive has a dot. */
static bool is_directive(const struct tokens *t)
{
	struct tokens look = *t;
	struct token first = token_next(&look);
	return *t->at == '$' && memchr(first.at, '.', first.len) == NULL;
}

static enum err take_directive(struct zonetext *z, struct tokens *t)
{
	struct token directive = token_next(t);
	if (token_is(&directive, "$ORIGIN")) {
		struct name origin = token_name(t, &z->origin);
		if (tokens_finish(t) != ERR_OK)
			return refuse(z, "$ORIGIN needs one domain name");
		z->origin = origin;
		return ERR_OK;
	}
	if (token_is(&directive, "$TTL")) {
		uint32_t ttl = token_number(t, INT32_MAX);
		if (tokens_finish(t) != ERR_OK)
			return refuse(z, "$TTL needs one number of seconds");
		z->ttl = ttl;
		return ERR_OK;
	}
	return refuse(z, "no such directive");
}

static enum err take_owner(struct zonetext *z, const struct line *l, struct tokens *t)
{
	if (l->indented && z->owner.len == 0)
		return refuse(z, "no owner name here or before");
	if (l->indented)
		return ERR_OK;
	struct name owner = token_name(t, &z->origin);
	if (t->err != ERR_OK)
		return refuse(z, "malformed owner name");
	z->owner = owner;
	return ERR_OK;
}

static bool is_number(struct tokens t)
{
	(void)token_number(&t, UINT32_MAX);
	return t.err == ERR_OK;
}

/* RFC 1035 section 5.1: [TTL] [class] type, or [class] [TTL] type. */
static enum err take_head(struct zonetext *z, struct tokens *t, struct rrset *set)
{
	bool has_ttl = false, has_class = false;
	for (;;) {
		char text[TOKEN_TEXT_MAX];
		if (!tokens_left(t))
			return refuse(z, "no type");
		if (!has_ttl && is_number(*t)) {
			set->ttl = token_number(t, INT32_MAX);
			has_ttl = true;
			if (t->err != ERR_OK)
				return refuse(z, "TTL above 2147483647");
			continue;
		}
		struct token token = token_next(t);
		if (t->err != ERR_OK || !token_copy(&token, text))
			return refuse(z, "malformed type");
		if (!has_class && class_parse(text, &set->class) == ERR_OK) {
			if (set->class == CLASS_ANY || set->class == CLASS_NONE)
				return refuse(z, "a class that is never data");
			has_class = true;
			continue;
		}
		if (type_parse(text, &set->type) != ERR_OK)
			return refuse(z, "unknown type");
		if (type_is_meta(set->type))
			return refuse(z, "a type that is never data");
		return ERR_OK;
	}
}

static enum err take_rdata(struct zonetext *z, const char *text, struct arena *a, struct rrset *set)
{
	uint8_t octets[UINT16_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	enum err e = rdata_scan(set->type, text, &z->origin, &w);
	if (e == ERR_UNSUPPORTED)
		return refuse(z, "data of this type can only be written as \\# length hex");
	if (e != ERR_OK)
		return refuse(z, "data not of the form its type asks for");
	struct rdata *r = arena_alloc(a, sizeof(*r));
	if (r == NULL)
		return ERR_NOMEM;
	r->len = (uint16_t)writer_length(&w);
	r->octets = arena_copy(a, octets, writer_length(&w));
	if (r->octets == NULL)
		return ERR_NOMEM;
	set->rdata = r;
	set->count = 1;
	return ERR_OK;
}

static enum err take_record(struct zonetext *z, const struct line *l, struct tokens *t,
			    struct arena *a, struct rrset *out)
{
	struct rrset set = { .class = CLASS_IN, .ttl = z->ttl, .rank = RANK_LOCAL };
	enum err e = take_owner(z, l, t);
	if (e == ERR_OK)
		e = take_head(z, t, &set);
	if (e == ERR_OK)
		e = take_rdata(z, t->at, a, &set);
	if (e != ERR_OK)
		return e;
	set.owner = z->owner;
	*out = set;
	return ERR_OK;
}

enum err zonetext_next(struct zonetext *z, struct arena *a, struct rrset *out)
{
	while (z->at < z->end) {
		struct line l;
		read_line(z, &l);
		struct tokens t = tokens_of(l.text, l.len);
		if (l.what != NULL)
			return refuse(z, l.what);
		if (!tokens_left(&t))
			continue;
		if (l.indented || !is_directive(&t))
			return take_record(z, &l, &t, a, out);
		enum err e = take_directive(z, &t);
		if (e != ERR_OK)
			return e;
	}
	return ERR_NOTFOUND;
}

/* The records of a text before they are sorted into sets. */
struct found {
	struct found *next;
	struct rrset set;
};

static enum err find_all(struct zonetext *z, struct arena *a, struct found **out, unsigned *count)
{
	struct found **tail = out;
	*out = NULL;
	*count = 0;
	for (;;) {
		struct rrset set;
		enum err e = zonetext_next(z, a, &set);
		if (e == ERR_NOTFOUND)
			return ERR_OK;
		if (e != ERR_OK)
			return e;
		struct found *f = arena_alloc(a, sizeof(*f));
		if (f == NULL)
			return ERR_NOMEM;
		f->set = set;
		*tail = f;
		tail = &f->next;
		++*count;
	}
}

static enum err gather_all(struct gather *g, const struct found *all, struct gathered *out)
{
	struct gathered groups[GATHER_GROUPS];
	for (const struct found *f = all; f != NULL; f = f->next) {
		struct gather_record record = {
			.type = f->set.type,
			.class = f->set.class,
			.ttl = f->set.ttl,
			.rdata = f->set.rdata[0],
		};
		enum err e = gather_add(g, &f->set.owner, &record);
		if (e != ERR_OK)
			return e;
	}
	enum err e = gather_sets(g, groups);
	if (e == ERR_OK)
		*out = groups[0];
	return e;
}

enum err zonetext_all(struct zonetext *z, struct arena *a, struct rrset **sets, unsigned *count)
{
	struct found *all;
	struct gathered got = { NULL, 0 };
	unsigned records;
	enum err e = find_all(z, a, &all, &records);
	if (e == ERR_OK && records > 0) {
		struct gather *g = gather_new(a, records, records);
		e = g == NULL ? ERR_NOMEM : gather_all(g, all, &got);
	}
	if (e == ERR_LIMIT)
		z->what = "an RRset of too many records or octets";
	if (e != ERR_OK)
		return e;
	for (unsigned i = 0; i < got.count; i++)
		got.sets[i].rank = RANK_LOCAL;
	*sets = got.sets;
	*count = got.count;
	return ERR_OK;
}

static void text_record(struct text *t, const struct rrset *s, uint16_t type, const struct rdata *r)
{
	char class[TYPE_TEXT_MAX];
	class_text(s->class, class);
	text_name(t, &s->owner);
	text_char(t, ' ');
	text_number(t, s->ttl);
	text_char(t, ' ');
	text_put(t, class);
	text_char(t, ' ');
	text_type(t, type);
	text_char(t, ' ');
	if (t->err != ERR_OK)
		return;
	bool whole = rdata_text(type, r, t->at, (size_t)(t->end - t->at));
	t->at += strlen(t->at);
	if (!whole)
		t->err = ERR_SPACE;
	text_char(t, '\n');
}

bool rrset_text(const struct rrset *s, char *out, size_t size)
{
	struct text t = text_of(out, size);
	for (unsigned i = 0; i < s->count; i++)
		text_record(&t, s, s->type, &s->rdata[i]);
	for (unsigned i = 0; i < s->sig_count; i++)
		text_record(&t, s, TYPE_RRSIG, &s->sigs[i]);
	return t.err == ERR_OK;
}
