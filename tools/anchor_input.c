#include "tools/anchor_input.h"

#include "resolver/wire/zonetext.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *anchor_input_text(const char *path, size_t limit, size_t *len)
{
	FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
	if (in == NULL) {
		(void)fprintf(stderr, "warren-anchor: %s: %s\n", path, strerror(errno));
		return NULL;
	}
	char *text = malloc(limit + 1);
	bool ok = text != NULL;
	if (ok) {
		*len = fread(text, 1, limit + 1, in);
		ok = ferror(in) == 0 && *len <= limit;
		if (!ok)
			(void)fprintf(stderr, "warren-anchor: %s: %s\n", path,
			              *len > limit ? "too big" : "cannot be read");
	}
	if (in != stdin)
		(void)fclose(in);
	if (ok)
		return text;
	free(text);
	return NULL;
}

struct rrset *anchor_input_dnskeys(const char *path, const char *text, size_t len, struct arena *a)
{
	struct zonetext z = zonetext_of(text, len);
	struct rrset *sets, *found = NULL;
	unsigned count, all = 0;
	enum err e = zonetext_all(&z, a, &sets, &count);
	if (e != ERR_OK) {
		(void)fprintf(stderr, "warren-anchor: %s:%u: %s\n", path, z.line,
		              z.what != NULL ? z.what : err_text(e));
		return NULL;
	}
	for (unsigned i = 0; i < count; i++) {
		if (sets[i].type == TYPE_DNSKEY && sets[i].count > 0) {
			found = &sets[i];
			all++;
		}
	}
	if (all == 1)
		return found;
	(void)fprintf(stderr, "warren-anchor: %s: %s\n", path,
	              all == 0 ? "no DNSKEY RRset in it" : "more than one DNSKEY RRset in it");
	return NULL;
}
