#include "resolver/server/config_table.h"
#include <string.h>

enum { INDENT = 2 };

static void pad(FILE *out, unsigned depth)
{
	(void)fprintf(out, "%*s", (int)(depth * INDENT), "");
}

static void print_quoted(FILE *out, const char *text)
{
	(void)fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			(void)fputc('\\', out);
		(void)fputc(*text, out);
	}
	(void)fputc('"', out);
}

static void print_address(FILE *out, const struct address *a)
{
	char text[ADDRESS_TEXT_MAX];
	address_text(a, text);
	if (a->port == 0)
		(void)fprintf(out, "\"%s\"", text);
	else
		(void)fprintf(out, "\"%s@%u\"", text, a->port);
}

static void print_prefix(FILE *out, const struct prefix *p)
{
	char text[ADDRESS_TEXT_MAX];
	address_text(&p->base, text);
	(void)fprintf(out, "\"%s/%u\"", text, p->bits);
}

static void print_name(FILE *out, const struct name *n)
{
	char text[NAME_TEXT_MAX];
	name_text(n, text);
	print_quoted(out, text);
}

static void print_addresses(FILE *out, const struct config_addresses *list)
{
	for (size_t i = 0; i < list->count; i++) {
		(void)fputs(i > 0 ? ", " : "", out);
		print_address(out, &list->items[i]);
	}
}

static void print_prefixes(FILE *out, const struct config_prefixes *list)
{
	for (size_t i = 0; i < list->count; i++) {
		(void)fputs(i > 0 ? ", " : "", out);
		print_prefix(out, &list->items[i]);
	}
}

static void print_names(FILE *out, const struct config_names *list)
{
	for (size_t i = 0; i < list->count; i++) {
		(void)fputs(i > 0 ? ", " : "", out);
		print_name(out, &list->items[i]);
	}
}

/* A literal block; its indentation is said, for the first line may begin with blanks. */
static void print_records(FILE *out, const struct config_records *r, unsigned depth)
{
	if (r->len == 0) {
		(void)fputs("[]", out);
		return;
	}
	(void)fprintf(out, "|%d", INDENT);
	for (const char *at = r->text; *at != '\0';) {
		size_t line = strcspn(at, "\n");
		(void)fputc('\n', out);
		if (line > 0)
			pad(out, depth + 1);
		(void)fwrite(at, 1, line, out);
		at += line + (at[line] == '\n');
	}
}

static void print_number(FILE *out, const struct config_key *k, const void *field)
{
	char text[CONFIG_NUMBER_MAX];
	uint64_t n = k->kind == CONFIG_SIZE ? *(const uint64_t *)field : *(const uint32_t *)field;
	config_key_number_text(k->unit, n, text);
	(void)fputs(text, out);
}

static void print_secret(FILE *out, const struct config_secret *s)
{
	(void)fputc('"', out);
	for (size_t i = 0; s->given && i < sizeof(s->octets); i++)
		(void)fprintf(out, "%02x", s->octets[i]);
	(void)fputc('"', out);
}

static void print_maps(FILE *out, const struct config_key *k, const void *field, unsigned depth);

static void print_value(FILE *out, const struct config_key *k, const void *field, unsigned depth)
{
	unsigned choice;
	switch (k->kind) {
	case CONFIG_BOOL:
		(void)fputs(*(const bool *)field ? "yes" : "no", out);
		return;
	case CONFIG_NUMBER:
	case CONFIG_SIZE:
		print_number(out, k, field);
		return;
	case CONFIG_ENUM:
		memcpy(&choice, field, sizeof(choice));
		(void)fputs(k->choices[choice], out);
		return;
	case CONFIG_TEXT:
	case CONFIG_PATH:
		print_quoted(out, *(const char *const *)field);
		return;
	case CONFIG_SECRET:
		print_secret(out, field);
		return;
	case CONFIG_NAME:
		print_name(out, field);
		return;
	case CONFIG_RECORDS:
		print_records(out, field, depth);
		return;
	case CONFIG_MAPS:
		print_maps(out, k, field, depth);
		return;
	case CONFIG_ADDRESSES:
	case CONFIG_PREFIXES:
	case CONFIG_NAMES:
	case CONFIG_GROUP:
		break;
	}
	(void)fputc('[', out);
	if (k->kind == CONFIG_ADDRESSES)
		print_addresses(out, field);
	else if (k->kind == CONFIG_PREFIXES)
		print_prefixes(out, field);
	else
		print_names(out, field);
	(void)fputc(']', out);
}

static void print_keys(FILE *out, const struct config_key *keys, const void *base, unsigned depth)
{
	for (const struct config_key *k = keys; k->name != NULL; k++) {
		pad(out, depth);
		(void)fprintf(out, "%s: ", k->name);
		print_value(out, k, (const char *)base + k->offset, depth);
		(void)fputc('\n', out);
	}
}

static void print_maps(FILE *out, const struct config_key *k, const void *field, unsigned depth)
{
	struct {
		size_t count;
		const char *items;
	} list;
	memcpy(&list, field, sizeof(list));
	if (list.count == 0)
		(void)fputs("[]", out);
	for (size_t i = 0; i < list.count; i++) {
		(void)fputc('\n', out);
		pad(out, depth);
		(void)fputs("-\n", out);
		print_keys(out, k->keys, list.items + i * k->size, depth + 1);
	}
}

void config_print(const struct config *c, FILE *out)
{
	for (const struct config_key *k = config_table; k->name != NULL; k++) {
		(void)fprintf(out, "%s:", k->name);
		if (k->kind == CONFIG_GROUP) {
			(void)fputc('\n', out);
			print_keys(out, k->keys, c, 1);
			continue;
		}
		(void)fputc(' ', out);
		print_value(out, k, (const char *)c + k->offset, 0);
		(void)fputc('\n', out);
	}
}
