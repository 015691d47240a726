#include "tests/fuzz/fuzz.h"

#include "resolver/server/config.h"
#include <string.h>

static char *printed(const struct config *c)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	if (out == NULL)
		return NULL;
	config_print(c, out);
	return fclose(out) == 0 ? text : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct config *c = NULL, *again = NULL;
	struct config_error why;
	if (config_parse((const char *)octets, len, &c, &why) != ERR_OK) {
		FUZZ_CHECK(c == NULL && why.what[0] != '\0' && why.at.line > 0);
		return 0;
	}
	char *once = printed(c);
	FUZZ_CHECK(once != NULL && config_parse(once, strlen(once), &again, &why) == ERR_OK);
	char *twice = printed(again);
	FUZZ_CHECK(twice != NULL && strcmp(once, twice) == 0);
	free(once);
	free(twice);
	config_free(c);
	config_free(again);
	return 0;
}
