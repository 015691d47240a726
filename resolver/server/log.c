#include "resolver/server/log.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_OCTETS = 1024 };

void log_init(struct log *l, enum log_level level, uint32_t per_second, const char *who)
{
	*l = (struct log){ .level = level, .per_second = per_second };
	l->journal = getenv("JOURNAL_STREAM") != NULL;
	snprintf(l->who, sizeof(l->who), "%s", who);
}

static int priority(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_ERROR:
		return 3;
	case LOG_LEVEL_WARNING:
		return 4;
	case LOG_LEVEL_NOTICE:
		return 5;
	case LOG_LEVEL_INFO:
		return 6;
	case LOG_LEVEL_DEBUG:
		return 7;
	}
	return 7;
}

static const char *level_text(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_ERROR:
		return "error";
	case LOG_LEVEL_WARNING:
		return "warning";
	case LOG_LEVEL_NOTICE:
		return "notice";
	case LOG_LEVEL_INFO:
		return "info";
	case LOG_LEVEL_DEBUG:
		return "debug";
	}
	return "?";
}

static void emit(struct log *l, enum log_level level, const char *text)
{
	char line[LINE_OCTETS];
	int n = l->journal
			? snprintf(line, sizeof(line), "<%d>%s: %s\n", priority(level), l->who, text)
			: snprintf(line, sizeof(line), "%s: %s: %s\n", l->who, level_text(level), text);
	if (n < 0)
		return;
	size_t len = (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1;
	line[len - 1] = '\n';
	/* A line is one write: lines of several processes do not mix. */
	ssize_t done = write(STDERR_FILENO, line, len);
	(void)done;
}

/* True: this line goes out. Full table: the line goes out uncounted rather than being lost. */
static bool within_rate(struct log *l, const char *format)
{
	size_t at = ((uintptr_t)format >> 3) % LOG_SITES;
	for (size_t i = 0; i < LOG_SITES; i++, at = (at + 1) % LOG_SITES) {
		if (l->sites[at].format != NULL && l->sites[at].format != format)
			continue;
		if (l->sites[at].format == NULL)
			l->sites[at].format = format;
		if (l->sites[at].second != l->now_s) {
			l->sites[at].second = l->now_s;
			l->sites[at].lines = 0;
		}
		if (l->sites[at].lines++ < l->per_second)
			return true;
		l->sites[at].kept_back++;
		return false;
	}
	return true;
}

void log_at(struct log *l, struct now now)
{
	int64_t second = now.mono_ms / 1000;
	if (second == l->now_s)
		return;
	l->now_s = second;
	for (size_t i = 0; i < LOG_SITES; i++) {
		if (l->sites[i].kept_back == 0)
			continue;
		char text[LINE_OCTETS];
		snprintf(text, sizeof(text), "%u more lines like: %s", l->sites[i].kept_back,
		         l->sites[i].format);
		l->sites[i].kept_back = 0;
		emit(l, LOG_LEVEL_WARNING, text);
	}
}

void log_write(struct log *l, enum log_level level, const char *format, ...)
{
	if (l == NULL || level > l->level || !within_rate(l, format))
		return;
	char text[LINE_OCTETS];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	emit(l, level, text);
}
