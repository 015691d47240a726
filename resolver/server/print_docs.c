/* Prints one document of the configuration, for the build: man, schema or example. */
#include "resolver/server/config_doc.h"
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	const char *which = argc == 2 ? argv[1] : "";
	if (strcmp(which, "man") == 0)
		config_doc_man(stdout);
	else if (strcmp(which, "schema") == 0)
		config_doc_schema(stdout);
	else if (strcmp(which, "example") == 0)
		config_doc_example(stdout);
	else
		return EXIT_FAILURE;
	return fflush(stdout) == 0 && ferror(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
