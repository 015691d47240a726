#include "resolver/server/config_doc.h"
#include "resolver/server/config_table.h"
#include "tests/server/config_case.h"
#include <stdlib.h>
#include <yaml.h>

/* Owned text of one document. */
static char *document(void (*print)(FILE *))
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	if (out == NULL)
		return NULL;
	print(out);
	(void)fclose(out);
	return text;
}

/* Parsing what was printed and printing it again gives the same text. */
static void round_trip(const char *text)
{
	struct config *c = config_accepted(text);
	if (c == NULL)
		return;
	char *once = config_printed(c);
	struct config *again = once == NULL ? NULL : config_accepted(once);
	char *twice = again == NULL ? NULL : config_printed(again);
	CU_ASSERT_PTR_NOT_NULL_FATAL(twice);
	CU_ASSERT_STRING_EQUAL(once, twice);
	config_free(c);
	config_free(again);
	free(once);
	free(twice);
}

static void test_printed_configuration_parses_to_the_same(void)
{
	round_trip("");
	round_trip("server: {identity: \"a \\\"quoted\\\" \\\\ caf\xc3\xa9\", workers: 7}\n"
		   "cache: {ttl-low: 0.1, ttl-high: 1, store-size: 1025K, stale-timer: 1001ms}\n");
	round_trip("server:\n  cookie-secret: 000102030405060708090a0b0c0d0e0f\n"
		   "  listen: [192.0.2.1@5335]\nupstream:\n  outgoing: [\"2001:db8::1\"]\n");
	round_trip(
	    "forward-zones:\n- {zone: \"a\\\\.b.example\", servers: [192.0.2.1@54], first: yes}\n"
	    "stub-zones:\n- {zone: ., servers: [192.0.2.1, 192.0.2.2@54]}\n"
	    "local-data:\n  blocks:\n  - {name: x.example, action: refuse}\n"
	    "  - {name: y.example, action: address, addresses: [192.0.2.1]}\n");
	round_trip("local-data:\n  records: |\n    a.example. 60 IN TXT \"a: b # c\"\n"
		   "\n    b.example. 60 IN A 192.0.2.1 ; comment\n");
}

static void means_the_defaults(const char *text)
{
	struct config *a = config_accepted(text), *b = config_accepted("");
	CU_ASSERT_TRUE_FATAL(a != NULL && b != NULL);
	char *x = config_printed(a), *y = config_printed(b);
	CU_ASSERT_STRING_EQUAL(x, y);
	free(x);
	free(y);
	config_free(a);
	config_free(b);
}

static void test_example_means_the_defaults(void)
{
	char *example = document(config_doc_example);
	CU_ASSERT_PTR_NOT_NULL_FATAL(example);
	means_the_defaults(example);
	free(example);
}

/* Takes away the mark of a comment from each line that holds a default. */
static void uncomment(char *text)
{
	for (char *line = text; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		char *hash = line + strspn(line, " ");
		if (hash[0] != '#' || hash[1] == ' ' || strncmp(hash, "#forward", 8) == 0 ||
		    strncmp(hash, "#stub", 5) == 0 || strncmp(hash, "#blocks", 7) == 0)
			continue;
		memmove(hash, hash + 1, strlen(hash));
	}
}

static void test_example_lines_are_valid_when_uncommented(void)
{
	char *example = document(config_doc_example);
	CU_ASSERT_PTR_NOT_NULL_FATAL(example);
	uncomment(example);
	CU_ASSERT_PTR_NOT_NULL(strstr(example, "\n  workers: 0\n"));
	means_the_defaults(example);
	free(example);
}

/* JSON is YAML, so the parser at hand tells whether brackets and quotes match. */
static bool is_yaml(const char *text)
{
	yaml_parser_t parser;
	yaml_document_t document;
	if (!yaml_parser_initialize(&parser))
		return false;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
	bool fine = yaml_parser_load(&parser, &document) != 0;
	if (fine)
		yaml_document_delete(&document);
	yaml_parser_delete(&parser);
	return fine;
}

static void test_schema_is_well_formed_and_has_every_key(void)
{
	char *schema = document(config_doc_schema);
	CU_ASSERT_PTR_NOT_NULL_FATAL(schema);
	CU_ASSERT_TRUE(is_yaml(schema));
	for (const struct config_key *g = config_table; g->name != NULL; g++) {
		for (const struct config_key *k = g->keys; k->name != NULL; k++) {
			char line[80];
			(void)snprintf(line, sizeof(line), "\"%s\": {\"description\"", k->name);
			CU_ASSERT_PTR_NOT_NULL(strstr(schema, line));
		}
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(schema, "\"required\": [\"zone\", \"servers\"]"));
	free(schema);
}

static void test_manual_page_has_every_key_with_its_default(void)
{
	char *man = document(config_doc_man);
	CU_ASSERT_PTR_NOT_NULL_FATAL(man);
	CU_ASSERT_PTR_NOT_NULL(strstr(man, ".B workers\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(man, ".B minimal\\-answers\n"));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(man, "Value: a whole number from 0 to 64.\n.br\nDefault: 0\n"));
	size_t keys = 0, lines = 0;
	for (const struct config_key *g = config_table; g->name != NULL; g++) {
		for (const struct config_key *k = g->keys; k->name != NULL; k++) {
			keys++;
			for (const struct config_key *e = k->keys; e != NULL && e->name != NULL;
			     e++)
				keys++;
		}
	}
	for (const char *at = man; (at = strstr(at, "\n.TP\n.B ")) != NULL; at++)
		lines++;
	CU_ASSERT_EQUAL(keys, lines);
	free(man);
}

static const struct unit_test tests[] = {
	UNIT(test_printed_configuration_parses_to_the_same),
	UNIT(test_example_means_the_defaults),
	UNIT(test_example_lines_are_valid_when_uncommented),
	UNIT(test_schema_is_well_formed_and_has_every_key),
	UNIT(test_manual_page_has_every_key_with_its_default),
};

const struct unit_suite suite_config_docs = { "config_docs", tests,
					      sizeof(tests) / sizeof(tests[0]) };
