#include "resolver/base/limits.h"
#include "tests/server/config_case.h"
#include <stdlib.h>
#include <unistd.h>

/* A file with this text; the path must be unlinked. */
static bool make_file(char path[32], const char *text)
{
	strcpy(path, "/tmp/warren-config-XXXXXX");
	int fd = mkstemp(path);
	if (fd < 0)
		return false;
	bool fine = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	return close(fd) == 0 && fine;
}

static void test_a_file_is_read_and_parsed(void)
{
	char path[32];
	struct config *c = NULL;
	struct config_error why;
	CU_ASSERT_TRUE_FATAL(make_file(path, "server:\n  workers: 3\n"));
	CU_ASSERT_EQUAL(config_read_file(path, &c, &why), ERR_OK);
	if (c != NULL)
		CU_ASSERT_EQUAL(c->server.workers, 3);
	config_free(c);
	(void)unlink(path);
}

static void test_a_file_larger_than_one_read_is_read_whole(void)
{
	enum { LONG = 100000 };
	char path[32], *text = malloc(LONG + 64);
	struct config *c = NULL;
	struct config_error why;
	if (text == NULL)
		return;
	memset(text, '#', LONG);
	strcpy(text + LONG, "\nserver:\n  workers: 5\n");
	CU_ASSERT_TRUE_FATAL(make_file(path, text));
	CU_ASSERT_EQUAL(config_read_file(path, &c, &why), ERR_OK);
	if (c != NULL)
		CU_ASSERT_EQUAL(c->server.workers, 5);
	config_free(c);
	(void)unlink(path);
	free(text);
}

static void test_what_cannot_be_read_is_said(void)
{
	struct config *c = NULL;
	struct config_error why;
	char text[200];
	CU_ASSERT_EQUAL(config_read_file("/nonexistent/warren.yaml", &c, &why), ERR_IO);
	config_error_text(&why, "w", text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "w: No such file or directory");
	CU_ASSERT_EQUAL(config_read_file("/tmp", &c, &why), ERR_IO);
	CU_ASSERT_EQUAL(why.at.line, 0);
	CU_ASSERT_TRUE(why.what[0] != '\0');
	CU_ASSERT_PTR_NULL(c);
}

static void test_a_file_beyond_the_limit_is_refused(void)
{
	char path[32];
	struct config *c = NULL;
	struct config_error why;
	CU_ASSERT_TRUE_FATAL(make_file(path, "server: {}\n"));
	CU_ASSERT_EQUAL(truncate(path, LIMIT_CONFIG_BYTES + 1), 0);
	CU_ASSERT_EQUAL(config_read_file(path, &c, &why), ERR_LIMIT);
	CU_ASSERT_TRUE(why.what[0] != '\0');
	(void)unlink(path);
}

static void test_ten_mebibytes_of_zeros_are_refused_with_a_place(void)
{
	char path[32];
	struct config *c = NULL;
	struct config_error why;
	CU_ASSERT_TRUE_FATAL(make_file(path, "server: {}\n"));
	CU_ASSERT_EQUAL(truncate(path, 10 << 20), 0);
	CU_ASSERT_EQUAL(config_read_file(path, &c, &why), ERR_FORMAT);
	CU_ASSERT_EQUAL(why.at.line, 2);
	CU_ASSERT_EQUAL(why.at.column, 1);
	(void)unlink(path);
}

static const struct unit_test tests[] = {
	UNIT(test_a_file_is_read_and_parsed),
	UNIT(test_a_file_larger_than_one_read_is_read_whole),
	UNIT(test_what_cannot_be_read_is_said),
	UNIT(test_a_file_beyond_the_limit_is_refused),
	UNIT(test_ten_mebibytes_of_zeros_are_refused_with_a_place),
};

const struct unit_suite suite_config_file = { "config_file", tests,
					      sizeof(tests) / sizeof(tests[0]) };
