#include "resolver/server/config_doc.h"
#include "resolver/server/config_table.h"
#include "resolver/server/json.h"
#include <inttypes.h>
#include <string.h>

static void schema_number(FILE *out, const struct config_key *k)
{
	switch (k->unit) {
	case UNIT_NONE:
		(void)fprintf(
		    out, "\"type\": \"integer\", \"minimum\": %" PRIu64 ", \"maximum\": %" PRIu64,
		    k->min, k->max);
		return;
	case UNIT_PERMILLE:
		(void)fprintf(out, "\"type\": \"number\", \"minimum\": %g, \"maximum\": %g",
			      (double)k->min / 1000, (double)k->max / 1000);
		return;
	case UNIT_OCTETS:
		(void)fputs("\"type\": [\"integer\", \"string\"], \"pattern\": \"^[0-9]+[KMGT]?$\"",
			    out);
		return;
	case UNIT_MS:
		(void)fputs("\"type\": [\"integer\", \"string\"], \"maximum\": 0, "
			    "\"pattern\": \"^(0|[0-9]+(ms|s|m|h|d))$\"",
			    out);
		return;
	case UNIT_S:
		(void)fputs(
		    "\"type\": [\"integer\", \"string\"], \"pattern\": \"^[0-9]+[smhdw]?$\"", out);
		return;
	}
}

static void schema_choices(FILE *out, const struct config_key *k)
{
	(void)fputs("\"enum\": [", out);
	for (size_t i = 0; k->choices[i] != NULL; i++) {
		(void)fputs(i > 0 ? ", " : "", out);
		json_string(out, k->choices[i]);
		if (strcmp(k->choices[i], "no") == 0 || strcmp(k->choices[i], "off") == 0)
			(void)fputs(", false", out);
		if (strcmp(k->choices[i], "yes") == 0)
			(void)fputs(", true", out);
	}
	(void)fputc(']', out);
}

static void schema_list(FILE *out, const struct config_key *k)
{
	(void)fprintf(
	    out,
	    "\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"minItems\": %" PRIu64
	    ", \"maxItems\": %" PRIu64,
	    k->min, k->max);
}

static void schema_object(FILE *out, const struct config_key *keys, unsigned depth);

static void schema_kind(FILE *out, const struct config_key *k, unsigned depth)
{
	switch (k->kind) {
	case CONFIG_BOOL: /* what YAML 1.1 calls a boolean is a string for YAML 1.2 */
		(void)fputs("\"enum\": [true, false, \"yes\", \"no\", \"on\", \"off\"]", out);
		return;
	case CONFIG_NUMBER:
	case CONFIG_SIZE:
		schema_number(out, k);
		return;
	case CONFIG_ENUM:
		schema_choices(out, k);
		return;
	case CONFIG_TEXT:
	case CONFIG_PATH:
		(void)fprintf(out, "\"type\": \"string\", \"maxLength\": %" PRIu64, k->max);
		return;
	case CONFIG_SECRET:
		(void)fputs("\"type\": \"string\", \"pattern\": \"^([0-9a-fA-F]{32})?$\"", out);
		return;
	case CONFIG_NAME:
		(void)fputs("\"type\": \"string\", \"minLength\": 1", out);
		return;
	case CONFIG_ADDRESSES:
	case CONFIG_PREFIXES:
	case CONFIG_NAMES:
		schema_list(out, k);
		return;
	case CONFIG_RECORDS:
		(void)fputs("\"type\": [\"array\", \"string\"], \"items\": {\"type\": \"string\"}",
			    out);
		return;
	case CONFIG_GROUP:
		(void)fputs("\"type\": [\"object\", \"null\"], ", out);
		schema_object(out, k->keys, depth);
		return;
	case CONFIG_MAPS:
		(void)fputs("\"type\": \"array\", \"items\": {\"type\": \"object\", ", out);
		schema_object(out, k->keys, depth);
		(void)fputc('}', out);
		return;
	}
}

/* In JSON: words and units in quotes, the rest as the table has it. */
static void schema_default(FILE *out, const struct config_key *k)
{
	char number[CONFIG_NUMBER_MAX];
	const char *text = config_key_initial(k, number);
	(void)fputs(", \"default\": ", out);
	if (k->kind == CONFIG_BOOL)
		(void)fputs(strcmp(text, "yes") == 0 ? "true" : "false", out);
	else if (k->kind == CONFIG_ENUM || k->kind == CONFIG_SIZE ||
		 (k->kind == CONFIG_NUMBER && k->unit != UNIT_NONE && k->unit != UNIT_PERMILLE))
		json_string(out, text);
	else
		(void)fputs(text, out);
}

static void schema_required(FILE *out, const struct config_key *keys)
{
	bool first = true;
	(void)fputs("\"required\": [", out);
	for (const struct config_key *k = keys; k->name != NULL; k++) {
		if (!k->required)
			continue;
		(void)fputs(first ? "" : ", ", out);
		json_string(out, k->name);
		first = false;
	}
	(void)fputs("], ", out);
}

/* For the ranges of values with a unit words are all there is: JSON schema cannot count in them. */
static void schema_words(FILE *out, const struct config_key *k)
{
	char allowed[CONFIG_ALLOWED_MAX], words[512];
	config_key_allowed(k, allowed);
	(void)snprintf(words, sizeof(words), "%s Value: %s.", k->words, allowed);
	(void)fputs(": {\"description\": ", out);
	json_string(out, words);
	(void)fputs(", ", out);
}

/* The members behind "type": which keys there may be. */
static void schema_object(FILE *out, const struct config_key *keys, unsigned depth)
{
	(void)fputs("\"additionalProperties\": false, ", out);
	schema_required(out, keys);
	(void)fputs("\"properties\": {", out);
	for (const struct config_key *k = keys; k->name != NULL; k++) {
		(void)fprintf(out, "%s\n%*s", k == keys ? "" : ",", (int)(2 * depth + 2), "");
		json_string(out, k->name);
		schema_words(out, k);
		schema_kind(out, k, depth + 1);
		if (!k->required && k->kind != CONFIG_GROUP)
			schema_default(out, k);
		(void)fputc('}', out);
	}
	(void)fprintf(out, "\n%*s}", (int)(2 * depth), "");
}

void config_doc_schema(FILE *out)
{
	(void)fputs("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
		    "  \"title\": \"warren.yaml\",\n  \"type\": [\"object\", \"null\"],\n  ",
		    out);
	schema_object(out, config_table, 1);
	(void)fputs("\n}\n", out);
}
