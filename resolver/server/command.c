#include "resolver/server/command.h"

#include "resolver/base/limits.h"
#include "resolver/server/control_frame.h"
#include "resolver/wire/reader.h"
#include "resolver/wire/type.h"

#include <stdlib.h>
#include <string.h>

enum {
	TAKES_NAME = 1,
	TAKES_TYPE = 2,   /* may be left out */
	TAKES_LEVEL = 4,
	TAKES_TREE = 8,
	TAKES_FRESH = 16,
	TAKES_WORKERS = 32,
	TAKES_TIME = 64,
	MINUTE = 60,
	HOUR = 3600,
	DAY = 86400,
	WORD_SHOWN = 60, /* characters of a word that are repeated in a complaint */
};

struct shape {
	const char *word, *second; /* second: "" when there is none */
	enum command_kind kind;
	unsigned takes;
};

static const struct shape shapes[] = {
	{ "status", "", COMMAND_STATUS, 0 },
	{ "stats", "", COMMAND_STATS, TAKES_WORKERS },
	{ "lookup", "", COMMAND_LOOKUP, TAKES_NAME | TAKES_TYPE },
	{ "flush", "", COMMAND_FLUSH, TAKES_NAME | TAKES_TYPE | TAKES_TREE },
	{ "dump", "", COMMAND_DUMP, 0 },
	{ "snapshot", "", COMMAND_SNAPSHOT, 0 },
	{ "reload", "", COMMAND_RELOAD, 0 },
	{ "nta", "list", COMMAND_NTA_LIST, 0 },
	{ "nta", "add", COMMAND_NTA_ADD, TAKES_NAME | TAKES_TIME },
	{ "nta", "remove", COMMAND_NTA_REMOVE, TAKES_NAME },
	{ "anchors", "", COMMAND_ANCHORS, 0 },
	{ "explain", "", COMMAND_EXPLAIN, TAKES_NAME | TAKES_TYPE | TAKES_FRESH },
	{ "log", "", COMMAND_LOG, TAKES_LEVEL },
	{ "stop", "", COMMAND_STOP, 0 },
};

struct words {
	unsigned count, next;
	const char *at[CONTROL_WORDS];
};

struct parse {
	struct words words;
	unsigned takes;
	bool has_type, has_level;
	struct command *out;
	char *why;
};

static enum err complain(struct parse *p, const char *what, const char *word)
{
	snprintf(p->why, COMMAND_WHY_MAX, "%s%s%.*s", what, word[0] != '\0' ? ": " : "", WORD_SHOWN, word);
	return ERR_FORMAT;
}

/* Printable ASCII only: words come back in complaints and in logs. */
static bool is_word(const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (octets[i] <= ' ' || octets[i] > '~')
			return false;
	}
	return len > 0;
}

static enum err split(struct reader *r, struct parse *p)
{
	struct words *w = &p->words;
	while (reader_left(r) > 0) {
		const uint8_t *end = memchr(r->at, 0, reader_left(r));
		if (end == NULL)
			return complain(p, "the request breaks off", "");
		size_t len = (size_t)(end - r->at);
		const uint8_t *word = read_octets(r, len + 1);
		if (w->count == CONTROL_WORDS)
			return complain(p, "too many words", "");
		if (!is_word(word, len))
			return complain(p, "a word is empty or not printable", "");
		w->at[w->count++] = (const char *)word;
	}
	return w->count > 0 ? ERR_OK : complain(p, "no command", "");
}

static const char *next_word(struct words *w)
{
	return w->next < w->count ? w->at[w->next++] : NULL;
}

static enum err find_shape(struct parse *p)
{
	const char *word = next_word(&p->words);
	bool known = false;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const struct shape *s = &shapes[i];
		if (strcmp(word, s->word) != 0)
			continue;
		known = true;
		const char *second = p->words.next < p->words.count ? p->words.at[p->words.next] : "";
		if (s->second[0] != '\0' && strcmp(second, s->second) != 0)
			continue;
		p->words.next += s->second[0] != '\0';
		p->out->kind = s->kind;
		p->takes = s->takes;
		return ERR_OK;
	}
	return complain(p, known ? "one of list, add, remove must follow" : "no such command", word);
}

/* "90", "90s", "30m", "12h", "1d". */
static bool read_time(const char *text, uint32_t *out)
{
	char *end;
	if (text == NULL || text[0] < '0' || text[0] > '9' || strlen(text) > 9)
		return false;
	unsigned long long n = strtoull(text, &end, 10);
	if (end[0] != '\0' && end[1] != '\0')
		return false;
	switch (end[0]) {
	case 'd':
		n *= DAY;
		break;
	case 'h':
		n *= HOUR;
		break;
	case 'm':
		n *= MINUTE;
		break;
	case 's':
	case '\0':
		break;
	default:
		return false;
	}
	if (n == 0 || n > LIMIT_NTA_S)
		return false;
	*out = (uint32_t)n;
	return true;
}

static enum err read_option(struct parse *p, const char *word)
{
	struct command *c = p->out;
	if (strcmp(word, "--json") == 0)
		c->json = true;
	else if (strcmp(word, "--tree") == 0 && (p->takes & TAKES_TREE) != 0)
		c->tree = true;
	else if (strcmp(word, "--fresh") == 0 && (p->takes & TAKES_FRESH) != 0)
		c->fresh = true;
	else if (strcmp(word, "--workers") == 0 && (p->takes & TAKES_WORKERS) != 0)
		c->workers = true;
	else if (strcmp(word, "--for") != 0 || (p->takes & TAKES_TIME) == 0)
		return complain(p, "no such option here", word);
	else if (!read_time(next_word(&p->words), &c->seconds))
		return complain(p, "--for needs a time of up to seven days, such as 90s, 12h or 1d", "");
	return ERR_OK;
}

static bool read_level(const char *word, enum log_level *out)
{
	static const char *const names[] = {
		[LOG_LEVEL_ERROR] = "error", [LOG_LEVEL_WARNING] = "warning",
		[LOG_LEVEL_NOTICE] = "notice", [LOG_LEVEL_INFO] = "info",
		[LOG_LEVEL_DEBUG] = "debug",
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(word, names[i]) != 0)
			continue;
		*out = (enum log_level)i;
		return true;
	}
	return false;
}

static enum err read_argument(struct parse *p, const char *word)
{
	struct command *c = p->out;
	if ((p->takes & TAKES_NAME) != 0 && !c->has_name) {
		c->has_name = true;
		return name_from_text(word, &c->name) == ERR_OK ? ERR_OK
								: complain(p, "not a domain name", word);
	}
	if ((p->takes & TAKES_TYPE) != 0 && !p->has_type) {
		p->has_type = true;
		if (type_parse(word, &c->type) != ERR_OK || type_is_meta(c->type))
			return complain(p, "not a type of records", word);
		return ERR_OK;
	}
	if ((p->takes & TAKES_LEVEL) != 0 && !p->has_level) {
		p->has_level = true;
		return read_level(word, &c->level) ? ERR_OK
						   : complain(p, "a level is error, warning, notice, info or debug", "");
	}
	return complain(p, "one word too many", word);
}

static enum err read_words(struct parse *p)
{
	const char *word;
	enum err e = find_shape(p);
	while (e == ERR_OK && (word = next_word(&p->words)) != NULL)
		e = word[0] == '-' && word[1] == '-' ? read_option(p, word) : read_argument(p, word);
	if (e == ERR_OK && (p->takes & TAKES_NAME) != 0 && !p->out->has_name)
		return complain(p, "a name is missing", "");
	if (e == ERR_OK && (p->takes & TAKES_LEVEL) != 0 && !p->has_level)
		return complain(p, "a level is missing: error, warning, notice, info or debug", "");
	if (e == ERR_OK && p->out->tree && p->has_type)
		return complain(p, "--tree forgets every type: name none", "");
	if (p->out->kind == COMMAND_EXPLAIN && !p->has_type)
		p->out->type = TYPE_A;
	return e;
}

enum err command_parse(const uint8_t *octets, size_t len, struct command *out,
                       char why[COMMAND_WHY_MAX])
{
	struct reader r = reader_of(octets, len);
	struct command c = { 0 };
	struct parse p = { .out = &c, .why = why };
	if (read_u8(&r) != CONTROL_VERSION) {
		(void)complain(&p, "a request of another version, or none at all", "");
		return ERR_VERSION;
	}
	enum err e = split(&r, &p);
	if (e == ERR_OK)
		e = read_words(&p);
	if (e == ERR_OK)
		*out = c;
	return e;
}
