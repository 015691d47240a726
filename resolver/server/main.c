/*
 * main.c - warrend: reads its arguments and its file, then supervises.
 */
#include "warren_build.h"
#include "resolver/server/config_doc.h"
#include "resolver/server/hints.h"
#include "resolver/server/supervisor.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"usage: warrend [-c FILE] [--check | --print | --example | --schema | --man | --version | --help]\n"
	"\n"
	"Warren, a recursive, caching, validating DNS resolver. Runs in the foreground.\n"
	"\n"
	"  -c, --config FILE  configuration (YAML, see warren.yaml(5)); without it the defaults\n"
	"      --check        read the configuration, say what is wrong with it, and end\n"
	"      --print        the configuration in force, complete, as YAML\n"
	"      --example      the defaults, explained, as YAML\n"
	"      --schema       a JSON schema of the configuration\n"
	"      --man          warren.yaml(5), for man -l -\n"
	"  -V, --version\n"
	"  -h, --help\n"
	"\n"
	"SIGHUP reads the configuration again; SIGTERM stops.\n";

enum action { ACTION_RUN, ACTION_CHECK, ACTION_PRINT, ACTION_EXAMPLE, ACTION_SCHEMA, ACTION_MAN,
	      ACTION_VERSION, ACTION_HELP, ACTION_WRONG };

static enum action read_arguments(int argc, char **argv, const char **path)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, ACTION_CHECK },
		{ "print", no_argument, NULL, ACTION_PRINT },
		{ "example", no_argument, NULL, ACTION_EXAMPLE },
		{ "schema", no_argument, NULL, ACTION_SCHEMA },
		{ "man", no_argument, NULL, ACTION_MAN },
		{ "version", no_argument, NULL, ACTION_VERSION },
		{ "help", no_argument, NULL, ACTION_HELP },
		{ NULL, 0, NULL, 0 },
	};
	enum action action = ACTION_RUN;
	int c;
	while ((c = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
		if (c == 'c')
			*path = optarg;
		else if (c == 'h')
			action = ACTION_HELP;
		else if (c == 'V')
			action = ACTION_VERSION;
		else if (c == '?')
			return ACTION_WRONG;
		else
			action = (enum action)c;
	}
	return optind == argc ? action : ACTION_WRONG;
}

static struct config *read_config(const char *path)
{
	struct config *config = NULL;
	struct config_error why;
	enum err e = path != NULL ? config_read_file(path, &config, &why)
				  : config_parse("", 0, &config, &why);
	if (e == ERR_OK)
		return config;
	char text[CONFIG_WHAT_MAX + 4096];
	config_error_text(&why, path != NULL ? path : "defaults", text, sizeof(text));
	fprintf(stderr, "warrend: %s\n", text);
	return NULL;
}

/* Beyond what read_config() says: the daemon would start, but not with this file. */
static bool check_hints_file(const char *file)
{
	char why[HINTS_WHY];
	if (file[0] == '\0')
		return true;
	struct arena *a = arena_new(HINTS_ARENA);
	bool good = a != NULL && hints_read_file(file, a, why) != NULL;
	if (!good)
		fprintf(stderr, "warrend: root-hints-file: %s: %s\n", file,
			a != NULL ? why : err_text(ERR_NOMEM));
	arena_free(a);
	return good;
}

/* Somebody redirects what we print into a file, and goes by our status. */
static int finish_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_SUCCESS;
	fprintf(stderr, "warrend: standard output: %s\n", strerror(errno));
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	int status = EXIT_SUCCESS;
	const char *path = NULL;
	enum action action = read_arguments(argc, argv, &path);
	struct config *config = NULL;
	if (action == ACTION_RUN || action == ACTION_CHECK || action == ACTION_PRINT) {
		config = read_config(path);
		if (config == NULL)
			return EXIT_FAILURE;
	}
	switch (action) {
	case ACTION_RUN:
		return supervisor_run(config, path);
	case ACTION_CHECK:
		if (!check_hints_file(config->upstream.root_hints_file))
			status = EXIT_FAILURE;
		break;
	case ACTION_PRINT:
		config_print(config, stdout);
		break;
	case ACTION_EXAMPLE:
		config_doc_example(stdout);
		break;
	case ACTION_SCHEMA:
		config_doc_schema(stdout);
		break;
	case ACTION_MAN:
		config_doc_man(stdout);
		break;
	case ACTION_VERSION:
		puts(PACKAGE_STRING);
		break;
	case ACTION_HELP:
		fputs(usage, stdout);
		break;
	case ACTION_WRONG:
		fputs(usage, stderr);
		return EXIT_FAILURE;
	}
	config_free(config);
	return status == EXIT_SUCCESS ? finish_output() : status;
}
