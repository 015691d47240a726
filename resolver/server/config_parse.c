/* YAML events -> struct config, along the table; the first error ends it. */
#include "resolver/server/config_check.h"
#include "resolver/server/config_table.h"
#include "resolver/server/config_value.h"
#include "resolver/base/limits.h"
#include <stdarg.h>
#include <string.h>
#include <yaml.h>

struct parse {
	yaml_parser_t yaml;
	yaml_event_t event; /* the current one, while has_event */
	bool has_event;
	const char *text;
	size_t len;
	struct arena *arena;
	struct config_mark (*marks)[CONFIG_KEYS_MAX]; /* a row a group: where its keys stood */
	struct config_error *why;
};

static struct config_mark mark_of(const yaml_mark_t *m)
{
	return (struct config_mark){ (unsigned)m->line + 1, (unsigned)m->column + 1 };
}

__attribute__((format(printf, 3, 4))) static enum err
fail_at(struct parse *p, struct config_mark at, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)vsnprintf(p->why->what, sizeof(p->why->what), format, args);
	va_end(args);
	p->why->at = at;
	return ERR_FORMAT;
}

static struct config_mark here(const struct parse *p)
{
	return mark_of(&p->event.start_mark);
}

/* The YAML reader (bad UTF-8, control characters) gives an offset, not a mark. */
static struct config_mark mark_of_offset(const struct parse *p, size_t offset)
{
	struct config_mark at = { 1, 1 };
	for (size_t i = 0; i < offset && i < p->len; i++) {
		unsigned char c = (unsigned char)p->text[i];
		if (c == '\n')
			at = (struct config_mark){ at.line + 1, 1 };
		else if ((c & 0xc0) != 0x80) /* columns count characters, not octets */
			at.column++;
	}
	return at;
}

static enum err fail_yaml(struct parse *p)
{
	const char *problem = p->yaml.problem != NULL ? p->yaml.problem : "cannot be read";
	if (p->yaml.error == YAML_MEMORY_ERROR)
		return ERR_NOMEM;
	struct config_mark at = p->yaml.error == YAML_READER_ERROR
				    ? mark_of_offset(p, p->yaml.problem_offset)
				    : mark_of(&p->yaml.problem_mark);
	return fail_at(p, at, "not YAML: %s", problem);
}

/* Anchors, aliases and tags would let a small file mean a large or a surprising one. */
static enum err refuse_indirection(struct parse *p)
{
	const yaml_event_t *e = &p->event;
	bool odd = e->type == YAML_ALIAS_EVENT;
	if (e->type == YAML_SCALAR_EVENT)
		odd = e->data.scalar.anchor != NULL || e->data.scalar.tag != NULL;
	else if (e->type == YAML_SEQUENCE_START_EVENT)
		odd = e->data.sequence_start.anchor != NULL || e->data.sequence_start.tag != NULL;
	else if (e->type == YAML_MAPPING_START_EVENT)
		odd = e->data.mapping_start.anchor != NULL || e->data.mapping_start.tag != NULL;
	return odd ? fail_at(p, here(p), "YAML anchors, aliases and tags are not used here")
		   : ERR_OK;
}

static enum err next(struct parse *p)
{
	if (p->has_event)
		yaml_event_delete(&p->event);
	p->has_event = yaml_parser_parse(&p->yaml, &p->event) != 0;
	return p->has_event ? refuse_indirection(p) : fail_yaml(p);
}

static bool at_event(const struct parse *p, yaml_event_type_t type)
{
	return p->event.type == type;
}

/* "key:", "key: ~" and "key: null" leave open what was meant. */
static bool at_nothing(const struct parse *p)
{
	if (!at_event(p, YAML_SCALAR_EVENT) ||
	    p->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	const char *text = (const char *)p->event.data.scalar.value;
	return text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

static enum err wrong_kind(struct parse *p, const struct config_key *k)
{
	char allowed[CONFIG_ALLOWED_MAX];
	const char *found = "something else";
	config_key_allowed(k, allowed);
	if (at_nothing(p))
		found = "nothing";
	else if (at_event(p, YAML_SCALAR_EVENT))
		found = "a single value";
	else if (at_event(p, YAML_SEQUENCE_START_EVENT))
		found = "a list";
	else if (at_event(p, YAML_MAPPING_START_EVENT))
		found = "a map";
	return fail_at(p, here(p), "%s: %s stands here: expected %s", k->name, found, allowed);
}

static enum err read_scalar(struct parse *p, const struct config_key *k, void *field)
{
	if (!at_event(p, YAML_SCALAR_EVENT) || at_nothing(p))
		return wrong_kind(p, k);
	p->why->at = here(p);
	return config_value_read(k, (const char *)p->event.data.scalar.value,
				 p->event.data.scalar.length, p->arena, field, p->why->what);
}

static enum err too_many(struct parse *p, const struct config_key *k)
{
	return fail_at(p, here(p), "%s: more than %llu of them", k->name,
		       (unsigned long long)k->max);
}

static enum err read_list(struct parse *p, const struct config_key *k, void *field)
{
	struct config_mark start = here(p);
	if (!at_event(p, YAML_SEQUENCE_START_EVENT))
		return wrong_kind(p, k);
	memset(field, 0, sizeof(struct config_names)); /* all lists are alike: count, items */
	for (;;) {
		enum err e = next(p);
		if (e != ERR_OK)
			return e;
		if (at_event(p, YAML_SEQUENCE_END_EVENT))
			break;
		if (config_value_count(field) >= k->max)
			return too_many(p, k);
		e = read_scalar(p, k, field);
		if (e != ERR_OK)
			return e;
	}
	if (config_value_count(field) < k->min)
		return fail_at(p, start, "%s: the list is empty: at least %llu must be in it",
			       k->name, (unsigned long long)k->min);
	return ERR_OK;
}

/* The line of the record inside the scalar, where the scalar's own lines are the file's. */
static enum err read_record_text(struct parse *p, const struct config_key *k, struct zonetext *z,
				 struct config_records *field)
{
	if (!at_event(p, YAML_SCALAR_EVENT) || at_nothing(p))
		return wrong_kind(p, k);
	enum err e =
	    config_value_records(k, (const char *)p->event.data.scalar.value,
				 p->event.data.scalar.length, p->arena, z, field, p->why->what);
	p->why->at = here(p);
	if (p->event.data.scalar.style == YAML_LITERAL_SCALAR_STYLE)
		p->why->at = (struct config_mark){ p->why->at.line + z->line, 1 };
	return e;
}

static enum err read_records(struct parse *p, const struct config_key *k,
			     struct config_records *field)
{
	struct zonetext z = zonetext_of("", 0);
	*field = (struct config_records){ 0 };
	if (!at_event(p, YAML_SEQUENCE_START_EVENT))
		return read_record_text(p, k, &z, field);
	for (uint64_t count = 0;; count++) {
		enum err e = next(p);
		if (e != ERR_OK || at_event(p, YAML_SEQUENCE_END_EVENT))
			return e;
		if (count >= k->max)
			return too_many(p, k);
		e = read_record_text(p, k, &z, field);
		if (e != ERR_OK)
			return e;
	}
}

static enum err read_maps(struct parse *p, const struct config_key *k, void *field);

static enum err read_value(struct parse *p, const struct config_key *k, void *base)
{
	void *field = (char *)base + k->offset;
	if (k->kind == CONFIG_MAPS)
		return read_maps(p, k, field);
	if (k->kind == CONFIG_RECORDS)
		return read_records(p, k, field);
	if (config_kind_is_list(k->kind))
		return read_list(p, k, field);
	return read_scalar(p, k, field);
}

static enum err unknown_key(struct parse *p, const struct config_key *keys, const char *name,
			    size_t len)
{
	char quoted[CONFIG_QUOTED_MAX];
	config_value_quote(name, len, quoted);
	const struct config_key *home = config_key_home(config_table, name);
	const struct config_key *near = config_key_nearest(keys, name);
	if (home != NULL)
		return fail_at(p, here(p), "unknown key %s here (it belongs under '%s')", quoted,
			       home->name);
	if (near != NULL)
		return fail_at(p, here(p), "unknown key %s (did you mean '%s'?)", quoted,
			       near->name);
	return fail_at(p, here(p), "unknown key %s", quoted);
}

/* The key at the current event, noted in seen; NULL: it cannot stand here, and why is said. */
static const struct config_key *read_key(struct parse *p, const struct config_key *keys,
					 struct config_mark *seen)
{
	if (!at_event(p, YAML_SCALAR_EVENT)) {
		(void)fail_at(p, here(p), "a key must be a single word");
		return NULL;
	}
	const char *name = (const char *)p->event.data.scalar.value;
	size_t len = p->event.data.scalar.length;
	const struct config_key *k = strlen(name) == len ? config_key_find(keys, name) : NULL;
	if (k == NULL) {
		(void)unknown_key(p, keys, name, len);
		return NULL;
	}
	struct config_mark *mark = &seen[k - keys];
	if (mark->line != 0) {
		(void)fail_at(p, here(p), "duplicate key '%s': it is there already, in line %u",
			      k->name, mark->line);
		return NULL;
	}
	*mark = here(p);
	return k;
}

/* The current event starts a map of values (no groups). */
static enum err read_map(struct parse *p, const struct config_key *keys, void *base,
			 struct config_mark *seen)
{
	for (;;) {
		enum err e = next(p);
		if (e != ERR_OK || at_event(p, YAML_MAPPING_END_EVENT))
			return e;
		const struct config_key *k = read_key(p, keys, seen);
		if (k == NULL)
			return ERR_FORMAT;
		e = next(p);
		if (e == ERR_OK)
			e = read_value(p, k, base);
		if (e != ERR_OK)
			return e;
	}
}

static enum err check_required(struct parse *p, const struct config_key *keys,
			       const struct config_mark *seen, struct config_mark at)
{
	for (const struct config_key *k = keys; k->name != NULL; k++) {
		if (k->required && seen[k - keys].line == 0)
			return fail_at(p, at, "'%s' is missing: %s", k->name, k->words);
	}
	return ERR_OK;
}

static enum err read_element(struct parse *p, const struct config_key *k, void *field,
			     const void *model)
{
	struct config_mark seen[CONFIG_KEYS_MAX] = { 0 };
	struct config_mark at = here(p);
	if (!at_event(p, YAML_MAPPING_START_EVENT))
		return wrong_kind(p, k);
	void *element = config_value_append(p->arena, field, k->size);
	if (element == NULL)
		return ERR_NOMEM;
	memcpy(element, model, k->size);
	memcpy(element, &at, sizeof(at)); /* every element begins with its mark */
	enum err e = read_map(p, k->keys, element, seen);
	return e == ERR_OK ? check_required(p, k->keys, seen, at) : e;
}

static enum err set_initial(const struct config_key *keys, void *base, struct arena *a,
			    struct config_error *why);

static enum err read_maps(struct parse *p, const struct config_key *k, void *field)
{
	if (!at_event(p, YAML_SEQUENCE_START_EVENT))
		return wrong_kind(p, k);
	memset(field, 0, sizeof(struct config_zones));
	void *model = arena_alloc(p->arena, k->size);
	if (model == NULL)
		return ERR_NOMEM;
	enum err e = set_initial(k->keys, model, p->arena, p->why);
	while (e == ERR_OK) {
		e = next(p);
		if (e != ERR_OK || at_event(p, YAML_SEQUENCE_END_EVENT))
			return e;
		if (config_value_count(field) >= k->max)
			return too_many(p, k);
		e = read_element(p, k, field, model);
	}
	return e;
}

static enum err read_section(struct parse *p, const struct config_key *k, struct config *c)
{
	if (k->kind != CONFIG_GROUP)
		return read_value(p, k, c);
	if (at_nothing(p))
		return ERR_OK; /* a group with all its keys commented out */
	if (!at_event(p, YAML_MAPPING_START_EVENT))
		return wrong_kind(p, k);
	return read_map(p, k->keys, c, p->marks[k - config_table]);
}

static enum err read_top(struct parse *p, struct config *c)
{
	struct config_mark seen[CONFIG_GROUPS_MAX] = { 0 };
	if (at_nothing(p))
		return ERR_OK;
	if (!at_event(p, YAML_MAPPING_START_EVENT))
		return fail_at(p, here(p), "the file must be a map of groups, such as 'server:'");
	for (;;) {
		enum err e = next(p);
		if (e != ERR_OK || at_event(p, YAML_MAPPING_END_EVENT))
			return e;
		const struct config_key *k = read_key(p, config_table, seen);
		if (k == NULL)
			return ERR_FORMAT;
		e = next(p);
		if (e == ERR_OK)
			e = read_section(p, k, c);
		if (e != ERR_OK)
			return e;
	}
}

static enum err parse_start(struct parse *p, const char *text, size_t len, struct arena *a,
			    struct config_error *why)
{
	*p = (struct parse){ .text = text, .len = len, .arena = a, .why = why };
	if (!yaml_parser_initialize(&p->yaml))
		return ERR_NOMEM;
	yaml_parser_set_encoding(&p->yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&p->yaml, (const unsigned char *)text, len);
	return next(p); /* stream start */
}

static void parse_end(struct parse *p)
{
	if (p->has_event)
		yaml_event_delete(&p->event);
	yaml_parser_delete(&p->yaml);
}

static enum err set_initial_list(const struct config_key *k, void *base, const char *text,
				 struct arena *a, struct config_error *why)
{
	struct parse p;
	enum err e = parse_start(&p, text, strlen(text), a, why);
	if (e == ERR_OK)
		e = next(&p); /* document start */
	if (e == ERR_OK)
		e = next(&p);
	if (e == ERR_OK)
		e = read_value(&p, k, base);
	parse_end(&p);
	return e;
}

/*
 * A default is read like any value, so that it cannot be of the wrong kind.  Only lists with
 * something in them need YAML; a new parser for each of a hundred keys would be most of the work.
 */
static enum err set_one_initial(const struct config_key *k, void *base, struct arena *a,
				struct config_error *why)
{
	char number[CONFIG_NUMBER_MAX], plain[CONFIG_INITIAL_MAX];
	const char *text = config_key_initial(k, number);
	if (strcmp(text, "[]") == 0)
		return ERR_OK; /* memory is zeroed: an empty list */
	if (text[0] == '[')
		return set_initial_list(k, base, text, a, why);
	size_t quote = text[0] == '"', len = strlen(text) - 2 * quote;
	if (len >= sizeof(plain))
		return ERR_SPACE;
	memcpy(plain, text + quote, len);
	plain[len] = '\0';
	return config_value_read(k, plain, len, a, (char *)base + k->offset, why->what);
}

static enum err set_initial(const struct config_key *keys, void *base, struct arena *a,
			    struct config_error *why)
{
	enum err e = ERR_OK;
	for (const struct config_key *k = keys; k->name != NULL && e == ERR_OK; k++) {
		if (k->kind == CONFIG_GROUP)
			e = set_initial(k->keys, base, a, why);
		else if (!k->required)
			e = set_one_initial(k, base, a, why);
	}
	return e;
}

static enum err read_document(struct parse *p, struct config *c)
{
	enum err e = next(p);
	if (e != ERR_OK || at_event(p, YAML_STREAM_END_EVENT))
		return e; /* an empty file: all defaults */
	e = next(p);
	if (e == ERR_OK)
		e = read_top(p, c);
	if (e == ERR_OK)
		e = next(p); /* document end */
	if (e == ERR_OK)
		e = next(p);
	if (e == ERR_OK && !at_event(p, YAML_STREAM_END_EVENT))
		e = fail_at(p, here(p), "a second document begins here");
	return e;
}

/* Where the field stood; line 0 when the file did not mention it. */
static struct config_mark mark_of_field(const struct parse *p, size_t offset)
{
	for (const struct config_key *g = config_table; g->name != NULL; g++) {
		for (const struct config_key *k = g->keys;
		     g->kind == CONFIG_GROUP && k->name != NULL; k++) {
			if (k->offset == offset)
				return p->marks[g - config_table][k - g->keys];
		}
	}
	return (struct config_mark){ 0, 0 };
}

static enum err check(struct parse *p, const struct config *c)
{
	struct config_culprits who;
	p->why->at = (struct config_mark){ 0, 0 };
	enum err e = config_check(c, &who, p->why);
	for (size_t i = 0; e == ERR_FORMAT && i < CONFIG_CULPRITS; i++) {
		if (who.field[i] == NULL)
			continue;
		size_t offset = (size_t)((const char *)who.field[i] - (const char *)c);
		struct config_mark at = mark_of_field(p, offset);
		if (at.line > p->why->at.line) /* the later one is what spoiled it */
			p->why->at = at;
	}
	return e;
}

static enum err fill(struct config *c, const char *text, size_t len, struct config_error *why)
{
	struct config_mark marks[CONFIG_GROUPS_MAX][CONFIG_KEYS_MAX] = { 0 };
	struct parse p;
	enum err e = set_initial(config_table, c, c->arena, why);
	if (e != ERR_OK)
		return e;
	e = parse_start(&p, text, len, c->arena, why);
	p.marks = marks;
	if (e == ERR_OK)
		e = read_document(&p, c);
	if (e == ERR_OK)
		e = check(&p, c);
	parse_end(&p);
	return e;
}

enum err config_parse(const char *text, size_t len, struct config **out, struct config_error *why)
{
	*why = (struct config_error){ 0 };
	enum err e = len > LIMIT_CONFIG_BYTES ? ERR_LIMIT : ERR_NOMEM;
	struct arena *a = e == ERR_LIMIT ? NULL : arena_new(LIMIT_CONFIG_MEMORY);
	struct config *c = a == NULL ? NULL : arena_alloc(a, sizeof(*c));
	if (c != NULL) {
		c->arena = a;
		e = fill(c, text, len, why);
	}
	if (e == ERR_OK) {
		*out = c;
		return ERR_OK;
	}
	if (e != ERR_FORMAT)
		(void)snprintf(why->what, sizeof(why->what), "%s", err_text(e));
	arena_free(a);
	return e;
}

void config_free(struct config *c)
{
	if (c != NULL)
		arena_free(c->arena);
}
