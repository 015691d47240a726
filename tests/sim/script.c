#include "tests/sim/script.h"

#include "resolver/wire/token.h"
#include "resolver/wire/type.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void script_init(struct script *s, const char *file, const char *text)
{
	*s = (struct script){ .file = file, .next = text };
}

void script_fail(struct script *s, const char *format, ...)
{
	char why[SCRIPT_LINE];
	va_list args;
	if (s->failed)
		return;
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	snprintf(s->what, sizeof(s->what), "%s:%u: %s", s->file, s->line, why);
	s->failed = true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The length of the line without its comment. */
static size_t without_comment(const char *line, size_t len)
{
	bool quoted = false;
	for (size_t i = 0; i < len; i++) {
		if (line[i] == '"' && (i == 0 || line[i - 1] != '\\'))
			quoted = !quoted;
		if (line[i] == '#' && !quoted && (i == 0 || is_blank(line[i - 1]))) {
			len = i;
			break;
		}
	}
	while (len > 0 && is_blank(line[len - 1]))
		len--;
	return len;
}

/* The end of the word that begins at p; quotes hold blanks together. */
static char *word_end(char *p)
{
	bool quoted = false;
	for (; *p != '\0' && (quoted || !is_blank(*p)); p++)
		if (*p == '"')
			quoted = !quoted;
	return p;
}

static void split(struct script *s)
{
	s->count = s->at = 0;
	memcpy(s->copy, s->raw, sizeof(s->copy));
	char *p = s->copy;
	while (*p != '\0' && s->count < SCRIPT_WORDS) {
		char *end = word_end(p);
		s->offsets[s->count] = (size_t)(p - s->copy);
		s->words[s->count++] = p;
		p = end;
		while (is_blank(*p))
			*p++ = '\0';
	}
	if (*p != '\0')
		script_fail(s, "more than %d words in one line", SCRIPT_WORDS);
}

static void measure_indent(struct script *s, const char **line, size_t *len)
{
	s->indent = 0;
	while (*len > 0 && is_blank(**line)) {
		s->indent += **line == '\t' ? 8 : 1;
		++*line;
		--*len;
	}
}

bool script_line(struct script *s)
{
	if (s->held && !s->failed) {
		s->held = false;
		s->at = 0;
		return true;
	}
	while (!s->failed && *s->next != '\0') {
		const char *line = s->next, *end = strchr(line, '\n');
		size_t len = end == NULL ? strlen(line) : (size_t)(end - line);
		s->next = end == NULL ? line + len : end + 1;
		s->line++;
		len = without_comment(line, len);
		measure_indent(s, &line, &len);
		if (len == 0)
			continue;
		if (len >= sizeof(s->raw)) {
			script_fail(s, "a line longer than %d characters", SCRIPT_LINE - 1);
			return false;
		}
		memcpy(s->raw, line, len);
		s->raw[len] = '\0';
		split(s);
		return !s->failed;
	}
	return false;
}

void script_hold(struct script *s)
{
	s->held = true;
}

const char *script_peek(const struct script *s)
{
	return s->at < s->count ? s->words[s->at] : NULL;
}

bool script_take(struct script *s, const char *word)
{
	const char *next = script_peek(s);
	if (next == NULL || strcmp(next, word) != 0)
		return false;
	s->at++;
	return true;
}

const char *script_word(struct script *s, const char *what)
{
	const char *next = script_peek(s);
	if (next == NULL) {
		script_fail(s, "%s is missing", what);
		return "";
	}
	s->at++;
	return next;
}

const char *script_rest(struct script *s)
{
	const char *rest = s->at < s->count ? s->raw + s->offsets[s->at] : "";
	s->at = s->count;
	return rest;
}

void script_end(struct script *s)
{
	if (script_peek(s) != NULL)
		script_fail(s, "\"%s\" is not understood here", script_peek(s));
}

long script_number(struct script *s)
{
	const char *word = script_word(s, "a number");
	char *end;
	long n = strtol(word, &end, 10);
	if (*word == '\0' || *end != '\0')
		script_fail(s, "\"%s\" is not a number", word);
	return n;
}

int64_t script_ms(struct script *s)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 },    { "s", 1000 },    { "", 1000 },
		      { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 } };
	const char *word = script_word(s, "a time");
	char *end;
	long n = strtol(word, &end, 10);
	for (size_t i = 0; end != word && i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(end, units[i].unit) == 0)
			return n * units[i].ms;
	script_fail(s, "\"%s\" is not a time like 30ms, 2s, 5m, 1h, 1d", word);
	return 0;
}

unsigned script_percent(struct script *s)
{
	const char *word = script_word(s, "a share");
	char *end;
	unsigned long n = strtoul(word, &end, 10);
	if (end == word || strcmp(end, "%") != 0 || n > 100)
		script_fail(s, "\"%s\" is not a share like 10%%", word);
	return (unsigned)n;
}

bool script_switch(struct script *s)
{
	const char *word = script_word(s, "on or off");
	if (strcmp(word, "on") != 0 && strcmp(word, "off") != 0)
		script_fail(s, "\"%s\" is neither on nor off", word);
	return strcmp(word, "on") == 0;
}

struct address script_address(struct script *s)
{
	struct address a = { 0 };
	const char *word = script_word(s, "an address");
	if (address_parse(word, &a) != ERR_OK)
		script_fail(s, "\"%s\" is not an address", word);
	return a;
}

struct name script_name(struct script *s, const struct name *origin)
{
	const char *word = script_word(s, "a name");
	struct name root = name_root();
	struct tokens t = tokens_of(word, strlen(word));
	struct name n = token_name(&t, origin == NULL ? &root : origin);
	if (tokens_finish(&t) != ERR_OK) {
		script_fail(s, "\"%s\" is not a name", word);
		return root;
	}
	return n;
}

uint16_t script_type(struct script *s)
{
	uint16_t type = 0;
	const char *word = script_word(s, "a type");
	if (type_parse(word, &type) != ERR_OK)
		script_fail(s, "\"%s\" is not a type", word);
	return type;
}
