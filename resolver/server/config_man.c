#include "resolver/server/config_doc.h"
#include "resolver/server/config_table.h"

/* Text for roff: a hyphen that can be copied, no escapes, no requests at the start of a line. */
static void roff(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		(void)fputs("\\&", out);
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			(void)fputs("\\e", out);
		else if (*text == '-')
			(void)fputs("\\-", out);
		else
			(void)fputc(*text, out);
	}
}

static void man_key(FILE *out, const struct config_key *k)
{
	char allowed[CONFIG_ALLOWED_MAX], number[CONFIG_NUMBER_MAX];
	(void)fputs(".TP\n.B ", out);
	roff(out, k->name);
	(void)fputc('\n', out);
	roff(out, k->words);
	config_key_allowed(k, allowed);
	(void)fputs("\n.br\nValue: ", out);
	roff(out, allowed);
	(void)fputs(".\n.br\n", out);
	if (k->required) {
		(void)fputs("Required.\n", out);
		return;
	}
	(void)fputs("Default: ", out);
	roff(out, config_key_initial(k, number));
	(void)fputc('\n', out);
}

static void man_maps(FILE *out, const struct config_key *k)
{
	(void)fputs("Each element is a map of:\n.RS\n", out);
	for (const struct config_key *e = k->keys; e->name != NULL; e++)
		man_key(out, e);
	(void)fputs(".RE\n", out);
}

static void man_section(FILE *out, const struct config_key *g)
{
	(void)fputs(".SH \"", out);
	roff(out, g->name);
	(void)fputs("\"\n", out);
	roff(out, g->words);
	(void)fputc('\n', out);
	if (g->kind == CONFIG_MAPS) {
		man_maps(out, g);
		return;
	}
	for (const struct config_key *k = g->keys; k->name != NULL; k++) {
		man_key(out, k);
		if (k->kind == CONFIG_MAPS)
			man_maps(out, k);
	}
}

void config_doc_man(FILE *out)
{
	(void)fputs(
	    ".TH WARREN.YAML 5\n.SH NAME\nwarren.yaml \\- configuration of warrend(8)\n"
	    ".SH DESCRIPTION\n"
	    "One YAML file, a map of the groups below; everything left out has its default.\n"
	    "The file is read strictly: an unknown key, a value of the wrong kind or out of\n"
	    "range, or the same key twice is an error with its line, and nothing starts (or,\n"
	    "on reload, nothing changes).  YAML anchors, aliases and tags are not used.\n"
	    ".PP\nIPv6 addresses inside [] need quotes.  Sizes: K, M, G, T (powers of 1024).\n"
	    "Durations: ms, s, m, h, d, w.\n",
	    out);
	for (const struct config_key *g = config_table; g->name != NULL; g++)
		man_section(out, g);
	(void)fputs(".SH SEE ALSO\n.BR warrend (8),\n.BR warrenctl (1)\n", out);
}
