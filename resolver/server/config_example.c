#include "resolver/server/config_doc.h"
#include "resolver/server/config_table.h"
#include <string.h>

enum { COLUMNS = 96, INDENT = 2 };

/* text, wrapped at blanks, each line behind depth and a '#'. */
static void comment(FILE *out, unsigned depth, const char *text)
{
	size_t width = COLUMNS - depth * INDENT - 2;
	while (*text != '\0') {
		size_t n = strlen(text);
		if (n > width) {
			for (n = width; n > 0 && text[n] != ' '; n--)
				;
			n = n > 0 ? n : strcspn(text, " ");
		}
		(void)fprintf(out, "%*s# %.*s\n", (int)(depth * INDENT), "", (int)n, text);
		text += n;
		text += strspn(text, " ");
	}
}

static void explain(FILE *out, const struct config_key *k, unsigned depth)
{
	char allowed[CONFIG_ALLOWED_MAX], line[CONFIG_ALLOWED_MAX + 8];
	comment(out, depth, k->words);
	config_key_allowed(k, allowed);
	(void)snprintf(line, sizeof(line), "(%s)", allowed);
	comment(out, depth, line);
}

static void example_maps(FILE *out, const struct config_key *k, unsigned depth)
{
	int indent = (int)(depth * INDENT);
	comment(out, depth, k->words);
	(void)fprintf(out, "%*s#%s:\n", indent, "", k->name);
	for (const struct config_key *e = k->keys; e->name != NULL; e++) {
		char allowed[CONFIG_ALLOWED_MAX], number[CONFIG_NUMBER_MAX];
		config_key_allowed(e, allowed);
		(void)fprintf(out, "%*s#  %c %s: ", indent, "", e == k->keys ? '-' : ' ', e->name);
		if (e->required)
			(void)fprintf(out, "# required: %s\n", allowed);
		else
			(void)fprintf(out, "%s # %s\n", config_key_initial(e, number), allowed);
	}
}

static void example_key(FILE *out, const struct config_key *k, unsigned depth)
{
	char number[CONFIG_NUMBER_MAX];
	if (k->kind == CONFIG_MAPS) {
		example_maps(out, k, depth);
		return;
	}
	explain(out, k, depth);
	(void)fprintf(out, "%*s#%s: %s\n", (int)(depth * INDENT), "", k->name,
		      config_key_initial(k, number));
}

void config_doc_example(FILE *out)
{
	comment(out, 0, "warren.yaml - every key there is, with its default. See warren.yaml(5).");
	for (const struct config_key *g = config_table; g->name != NULL; g++) {
		(void)fputc('\n', out);
		if (g->kind != CONFIG_GROUP) {
			example_key(out, g, 0);
			continue;
		}
		comment(out, 0, g->words);
		(void)fprintf(out, "%s:\n", g->name);
		for (const struct config_key *k = g->keys; k->name != NULL; k++)
			example_key(out, k, 1);
	}
}
