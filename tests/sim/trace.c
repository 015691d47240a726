/* What happens, for people who read along. */
#include "tests/sim/sim.h"

#include <stdarg.h>
#include <string.h>

enum { TRACE_TEXT = 16384 };

void trace_line(struct sim *s, const char *format, ...)
{
	va_list args;
	if (s->trace == NULL)
		return;
	fprintf(s->trace, "%9.3f  ", (double)(s->clock.ms - CLOCK_START_MS) / 1000);
	va_start(args, format);
	vfprintf(s->trace, format, args);
	va_end(args);
	fputc('\n', s->trace);
}

void trace_asked(const struct question *q, char *out, size_t size)
{
	char name[NAME_TEXT_MAX], type[TYPE_TEXT_MAX];
	name_text(&q->name, name);
	type_text(q->type, type);
	snprintf(out, size, "%s %s", name, type);
}

void trace_message(struct sim *s, const char *what, const uint8_t *octets, size_t len)
{
	static const char margin[] = "             | ";
	struct message m;
	if (s->trace == NULL)
		return;
	struct arena *a = arena_new(1 << 20);
	if (a == NULL)
		return;
	trace_line(s, "%s, %zu octets", what, len);
	if (message_parse(octets, len, a, &m) == ERR_OK) {
		char text[TRACE_TEXT];
		message_text(&m, text, sizeof(text));
		for (char *line = text, *end; *line != '\0'; line = end) {
			end = line + strcspn(line, "\n");
			if (*end == '\n')
				*end++ = '\0';
			if (*line != '\0')
				fprintf(s->trace, "%s%s\n", margin, line);
		}
	} else {
		fprintf(s->trace, "%snot a readable message\n", margin);
	}
	arena_free(a);
}
