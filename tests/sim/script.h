/*
 * script.h - a world file as lines of words.
 *
 * A line is indentation and words; "#" at its start or behind a blank begins a comment; "..." is
 * one word, blanks included.  The first error sticks, with file and line; after it there are no
 * more lines.  Knows none of the words (FORMAT).
 */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include "resolver/base/address.h"
#include "resolver/wire/name.h"

enum { SCRIPT_WORDS = 64, SCRIPT_LINE = 1024 };

struct script {
	const char *file;       /* for errors */
	const char *next;       /* text not read yet, NUL-terminated */
	unsigned line;          /* number of the line read last, from 1 */
	unsigned indent;        /* of it, in blanks; a tab is eight */
	char raw[SCRIPT_LINE];  /* it, without indentation and comment */
	char copy[SCRIPT_LINE]; /* what the words point into */
	char *words[SCRIPT_WORDS];
	size_t offsets[SCRIPT_WORDS]; /* of each word in raw */
	unsigned count, at;           /* words, and those taken */
	bool held;                    /* the line read last is to be read again */
	bool failed;
	char what[SCRIPT_LINE + 256]; /* "file:line: reason" when failed */
};

void script_init(struct script *s, const char *file, const char *text);

/* The next line that says something.  False: no more, or failed. */
bool script_line(struct script *s);
/* Gives the line back: the next script_line() brings it again. */
void script_hold(struct script *s);

/* printf-like; keeps the first. */
void script_fail(struct script *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The next word, or NULL at the end of the line. */
const char *script_peek(const struct script *s);
/* Takes it if it is this one. */
bool script_take(struct script *s, const char *word);
/* Takes the next word, which must be there; what: how to call it in the error.  Never NULL. */
const char *script_word(struct script *s, const char *what);
/* What is left of the line as it stands; may be "". */
const char *script_rest(struct script *s);
/* Fails when words are left. */
void script_end(struct script *s);

/* One word each. */
long script_number(struct script *s);
int64_t script_ms(struct script *s);       /* 30ms, 2s, 5m, 1h, 1d; a bare number is seconds */
unsigned script_percent(struct script *s); /* 10% */
bool script_switch(struct script *s);      /* on, off */
struct address script_address(struct script *s);
struct name script_name(struct script *s,
			const struct name *origin); /* origin may be NULL: the root */
uint16_t script_type(struct script *s);

#endif
