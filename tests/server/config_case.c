#include "tests/server/config_case.h"

struct config *config_accepted(const char *text)
{
	struct config *c = NULL;
	struct config_error why;
	if (config_parse(text, strlen(text), &c, &why) != ERR_OK) {
		(void)fprintf(stderr, "%u:%u: %s\n", why.at.line, why.at.column, why.what);
		CU_FAIL("refused");
		return NULL;
	}
	return c;
}

void config_refused(const char *text, struct config_error *why)
{
	struct config *c = NULL;
	CU_ASSERT_EQUAL(config_parse(text, strlen(text), &c, why), ERR_FORMAT);
	CU_ASSERT_PTR_NULL(c);
	config_free(c);
}

char *config_printed(const struct config *c)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	if (out == NULL)
		return NULL;
	config_print(c, out);
	(void)fclose(out);
	return text;
}
