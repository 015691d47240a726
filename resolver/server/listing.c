#include "resolver/server/listing.h"

#include "resolver/server/json.h"
#include "resolver/wire/rrset.h"

#include <inttypes.h>

static const char *what_text(enum entry_what w)
{
	switch (w) {
	case ENTRY_ANSWER:
		return "answer";
	case ENTRY_CNAME:
		return "alias";
	case ENTRY_DNAME:
		return "subtree alias";
	case ENTRY_NODATA:
		return "no such type";
	case ENTRY_NXDOMAIN:
		return "no such name";
	case ENTRY_FAILURE:
		return "failure";
	case ENTRY_CUT:
		return "zone cut";
	case ENTRY_DENIAL:
		return "denial";
	}
	return "?";
}

static const char *state_text(enum usable u)
{
	switch (u) {
	case USABLE_FRESH:
		return "fresh";
	case USABLE_STALE:
		return "stale";
	case USABLE_NOT:
		return "over";
	}
	return "?";
}

static void type_of(const struct seen *s, char out[TYPE_TEXT_MAX])
{
	switch (s->parts.kind) {
	case KEY_DATA:
	case KEY_FAILURE:
		type_text(s->parts.type, out);
		return;
	case KEY_DNAME:
		type_text(TYPE_DNAME, out);
		return;
	case KEY_CUT:
		type_text(TYPE_NS, out);
		return;
	case KEY_NSEC:
		type_text(TYPE_NSEC, out);
		return;
	case KEY_NSEC3:
		type_text(TYPE_NSEC3, out);
		return;
	case KEY_NXDOMAIN:
	case KEY_META:
		break;
	}
	snprintf(out, TYPE_TEXT_MAX, "-");
}

static const struct name *name_of_seen(const struct seen *s)
{
	return s->parts.kind == KEY_NSEC ? &s->parts.owner : &s->parts.name;
}

static bool has_rank(const struct seen *s)
{
	return s->parts.kind != KEY_FAILURE && s->parts.kind != KEY_CUT;
}

static void line_json(FILE *out, const char *where, const struct seen *s, uint32_t age, uint32_t left,
                      const char *type)
{
	fprintf(out, "{\"where\":\"%s\",\"name\":", where);
	json_name(out, name_of_seen(s));
	fprintf(out, ",\"type\":\"%s\",\"what\":\"%s\",", type, what_text(s->entry.what));
	if (has_rank(s))
		fprintf(out, "\"rank\":\"%s\",\"security\":\"%s\",", rank_text(s->entry.rank),
		        security_text(s->entry.security));
	fprintf(out, "\"state\":\"%s\",\"age_s\":%" PRIu32 ",\"left_s\":%" PRIu32
		",\"lifetime_s\":%" PRIu32 ",\"octets\":%zu}\n",
		state_text(s->usable), age, left, s->entry.lifetime_s, s->octets);
}

static void line_plain(FILE *out, const char *where, const struct seen *s, uint32_t age, uint32_t left,
                       const char *type)
{
	char name[NAME_TEXT_MAX];
	name_text(name_of_seen(s), name);
	fprintf(out, "%-5s %s %s: %s", where, name, type, what_text(s->entry.what));
	if (has_rank(s))
		fprintf(out, ", rank %s, %s", rank_text(s->entry.rank), security_text(s->entry.security));
	fprintf(out, ", %s, age %" PRIu32 " s, %" PRIu32 " s left, %zu octets\n", state_text(s->usable),
	        age, left, s->octets);
}

void listing_line(FILE *out, const char *where, const struct seen *s, struct now now, bool json)
{
	char type[TYPE_TEXT_MAX];
	uint32_t age = entry_age(&s->entry, (uint32_t)(now.mono_ms / 1000));
	uint32_t ends = entry_ends_s(&s->entry);
	uint32_t left = ends > age ? ends - age : 0;
	type_of(s, type);
	if (json)
		line_json(out, where, s, age, left, type);
	else
		line_plain(out, where, s, age, left, type);
}

bool listing_run(const struct command *c, unsigned index, struct key *run)
{
	static const enum key_kind kinds[] = { KEY_DATA, KEY_NXDOMAIN, KEY_DNAME, KEY_FAILURE, KEY_CUT };
	if (index >= sizeof(kinds) / sizeof(kinds[0]))
		return false;
	bool typed = kinds[index] == KEY_DATA || kinds[index] == KEY_FAILURE;
	bool made = typed ? key_run(run, kinds[index], &c->name) : key_named(run, kinds[index], &c->name);
	if (!made)
		run->len = 0; /* no entry has such a name */
	return true;
}

bool listing_wants(const struct command *c, const struct seen *s)
{
	if (!name_equal(&s->parts.name, &c->name))
		return false;
	if (c->type == 0)
		return true;
	switch (s->parts.kind) {
	case KEY_DATA:
		return s->parts.type == c->type || s->entry.what == ENTRY_CNAME;
	case KEY_FAILURE:
		return s->parts.type == c->type;
	case KEY_NXDOMAIN:
	case KEY_DNAME:
		return true;
	case KEY_CUT:
		return c->type == TYPE_NS;
	case KEY_NSEC:
	case KEY_NSEC3:
	case KEY_META:
		return false;
	}
	return false;
}
