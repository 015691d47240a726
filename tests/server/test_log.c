#define _GNU_SOURCE /* pipe2 */
#include "resolver/server/log.h"
#include "tests/server/daemon_suites.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is written to stderr between start and stop. */
struct listener {
	int pipe[2], kept;
	char text[65536];
};

static void start(struct listener *l)
{
	CU_ASSERT_EQUAL_FATAL(pipe2(l->pipe, O_NONBLOCK), 0);
	l->kept = dup(STDERR_FILENO);
	(void)dup2(l->pipe[1], STDERR_FILENO);
}

static void stop(struct listener *l)
{
	(void)dup2(l->kept, STDERR_FILENO);
	ssize_t n = read(l->pipe[0], l->text, sizeof(l->text) - 1);
	l->text[n > 0 ? n : 0] = '\0';
	(void)close(l->kept);
	(void)close(l->pipe[0]);
	(void)close(l->pipe[1]);
}

static unsigned lines_of(const char *text)
{
	unsigned n = 0;
	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

static void test_levels_below_the_one_set_are_not_written(void)
{
	struct log l;
	struct listener heard;
	log_init(&l, LOG_LEVEL_NOTICE, 10, "worker 0");
	start(&heard);
	log_debug(&l, "no %d", 1);
	log_info(&l, "no %d", 2);
	log_notice(&l, "yes %d", 3);
	log_error(&l, "yes %d", 4);
	stop(&heard);
	CU_ASSERT_EQUAL(lines_of(heard.text), 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(heard.text, "worker 0: notice: yes 3\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(heard.text, "worker 0: error: yes 4\n"));
}

static void test_i13_one_message_is_held_to_its_rate_and_summed_up(void)
{
	struct log l;
	struct listener heard;
	log_init(&l, LOG_LEVEL_NOTICE, 10, "x");
	log_at(&l, (struct now){ .mono_ms = 5000 });
	start(&heard);
	for (int i = 0; i < 1000; i++)
		log_warning(&l, "flood %d", i);
	log_warning(&l, "something else");
	log_at(&l, (struct now){ .mono_ms = 6000 });
	log_warning(&l, "flood %d", 2000);
	stop(&heard);
	CU_ASSERT_EQUAL(lines_of(heard.text), 13);
	CU_ASSERT_PTR_NOT_NULL(strstr(heard.text, "990 more lines like: flood"));
	CU_ASSERT_PTR_NOT_NULL(strstr(heard.text, "something else"));
	CU_ASSERT_PTR_NOT_NULL(strstr(heard.text, "flood 2000"));
}

static void test_a_long_line_is_cut_and_ends_in_a_newline(void)
{
	struct log l;
	struct listener heard;
	char words[4096];
	memset(words, 'a', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	log_init(&l, LOG_LEVEL_NOTICE, 10, "x");
	start(&heard);
	log_error(&l, "%s", words);
	stop(&heard);
	CU_ASSERT_EQUAL(lines_of(heard.text), 1);
	CU_ASSERT_EQUAL(heard.text[strlen(heard.text) - 1], '\n');
}

static void test_under_the_journal_a_line_has_its_priority(void)
{
	struct log l;
	struct listener heard;
	(void)setenv("JOURNAL_STREAM", "1:2", 1);
	log_init(&l, LOG_LEVEL_NOTICE, 10, "x");
	(void)unsetenv("JOURNAL_STREAM");
	start(&heard);
	log_warning(&l, "careful");
	stop(&heard);
	CU_ASSERT_STRING_EQUAL(heard.text, "<4>x: careful\n");
}

static const struct unit_test tests[] = {
	UNIT(test_levels_below_the_one_set_are_not_written),
	UNIT(test_i13_one_message_is_held_to_its_rate_and_summed_up),
	UNIT(test_a_long_line_is_cut_and_ends_in_a_newline),
	UNIT(test_under_the_journal_a_line_has_its_priority),
};
const struct unit_suite suite_log = { "log", tests, sizeof(tests) / sizeof(tests[0]) };
