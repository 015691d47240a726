/* The only lines of the configuration that touch a file. */
#include "resolver/server/config.h"
#include "resolver/base/limits.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static enum err fail(struct config_error *why, enum err e, const char *words)
{
	*why = (struct config_error){ 0 };
	(void)snprintf(why->what, sizeof(why->what), "%s", words);
	return e;
}

/* Owned text of at most LIMIT_CONFIG_BYTES; grows as it reads, for pipes have no size. */
static enum err read_all(FILE *in, char **out, size_t *len)
{
	size_t used = 0, room = 16 << 10;
	char *text = malloc(room);
	while (text != NULL) {
		used += fread(text + used, 1, room - used, in);
		if (used < room)
			break;
		room *= 2;
		char *moved = used > LIMIT_CONFIG_BYTES ? NULL : realloc(text, room);
		if (moved == NULL) {
			free(text);
			return used > LIMIT_CONFIG_BYTES ? ERR_LIMIT : ERR_NOMEM;
		}
		text = moved;
	}
	if (text == NULL)
		return ERR_NOMEM;
	if (ferror(in) != 0) {
		free(text);
		return ERR_IO;
	}
	*out = text;
	*len = used;
	return ERR_OK;
}

enum err config_read_file(const char *path, struct config **out, struct config_error *why)
{
	char *text = NULL;
	size_t len = 0;
	FILE *in = fopen(path, "re");
	if (in == NULL)
		return fail(why, ERR_IO, strerror(errno));
	errno = 0;
	enum err e = read_all(in, &text, &len);
	int saved = errno;
	(void)fclose(in);
	if (e == ERR_LIMIT)
		return fail(why, e, "too large for a configuration");
	if (e != ERR_OK)
		return fail(why, e, e == ERR_IO && saved != 0 ? strerror(saved) : err_text(e));
	e = config_parse(text, len, out, why);
	free(text);
	return e;
}

void config_error_text(const struct config_error *why, const char *file, char *out, size_t size)
{
	if (why->at.line == 0)
		(void)snprintf(out, size, "%s: %s", file, why->what);
	else
		(void)snprintf(out, size, "%s:%u:%u: %s", file, why->at.line, why->at.column,
			       why->what);
}
