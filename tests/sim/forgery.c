#include "tests/sim/forgery.h"

#include "resolver/wire/zonetext.h"
#include "tests/sim/world.h"
#include <stdio.h>
#include <string.h>

enum { RECORD_TEXT = 8192 };

bool pattern_matches(const struct pattern *p, const struct question *q)
{
	if (p->type != 0 && p->type != q->type)
		return false;
	if (p->any)
		return true;
	return p->below ? name_is_below(&q->name, &p->name) : name_equal(&q->name, &p->name);
}

bool forgery_applies(struct forgery *f, const struct address *from, bool stream,
		     const struct question *q)
{
	if (!(stream ? f->tcp : f->udp) || (!f->anywhere && !address_same_host(from, &f->from)) ||
	    !pattern_matches(&f->pattern, q))
		return false;
	f->used++;
	return f->first == 0 || f->used <= f->first;
}

/* Writes text with %q, %p and %n filled in. */
static bool fill(const char *text, const struct name *q, unsigned n, char out[RECORD_TEXT])
{
	char name[NAME_TEXT_MAX], parent[NAME_TEXT_MAX];
	struct name up = name_is_root(q) ? *q : name_parent(q);
	size_t len = 0;
	name_text(q, name);
	name_text(&up, parent);
	for (const char *p = text; *p != '\0'; p++) {
		char number[16], one[2] = { *p, '\0' };
		const char *add = one;
		snprintf(number, sizeof(number), "%u", n);
		if (*p == '%' && (p[1] == 'q' || p[1] == 'p' || p[1] == 'n')) {
			add = p[1] == 'q' ? name : p[1] == 'p' ? parent : number;
			p++;
		}
		if (len + strlen(add) + 1 >= RECORD_TEXT)
			return false;
		memcpy(out + len, add, strlen(add));
		len += strlen(add);
	}
	out[len] = '\0';
	return true;
}

static bool sign(struct arena *a, struct rrset *set, const struct forged_line *l)
{
	for (const struct forged_signature *s = l->signatures; s != NULL; s = s->next)
		if (sign_rrset(a, set, s->zone->signing.keys[0], &s->zone->apex, &s->how) != ERR_OK)
			return false;
	return true;
}

static bool add_line(const struct forgery *f, struct response *r, enum section s,
		     const struct forged_line *l)
{
	for (unsigned i = 0; i < l->repeat; i++) {
		char text[RECORD_TEXT];
		struct rrset *set = arena_alloc(r->arena, sizeof(*set));
		if (set == NULL || !fill(l->text, &r->question.name, i, text))
			return false;
		struct zonetext t = zonetext_of(text, strlen(text));
		if (zonetext_next(&t, r->arena, set) != ERR_OK)
			return false;
		if (f->set_ttl)
			set->ttl = f->ttl;
		if (!sign(r->arena, set, l))
			return false;
		response_add(r, s, set);
	}
	return true;
}

bool forgery_apply(const struct forgery *f, struct response *r, const char **bad)
{
	if (f->kind != FORGERY_ADD)
		response_clear(r, f->set_flags ? f->flags : FLAG_AA, f->set_rcode ? f->rcode : 0);
	if (f->kind == FORGERY_ADD && f->set_rcode)
		r->rcode = f->rcode;
	if (f->kind == FORGERY_ADD && f->set_flags)
		r->flags = (uint16_t)((r->flags & (FLAG_QR | FLAG_RD | FLAG_CD)) | f->flags);
	for (enum section s = SECTION_ANSWER; s < SECTIONS; s++) {
		for (const struct forged_line *l = f->lines[s]; l != NULL; l = l->next) {
			*bad = l->text;
			if (!add_line(f, r, s, l))
				return false;
		}
	}
	return true;
}
