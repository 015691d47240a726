#include "tests/server/control_case.h"

#include "resolver/server/json.h"

#include <stdlib.h>
#include <unistd.h>

static uint8_t buffer[CHANNEL_OCTETS];

static void test_an_errand_arrives_as_it_was_sent(void)
{
	int ends[2];
	enum channel_kind kind;
	size_t len;
	struct errand out;
	static const uint8_t place[] = { 2, 'a', 0 }, request[] = { 1, 'd', 'u', 'm', 'p', 0 };
	const struct errand in = { UINT64_MAX - 5, place, sizeof(place), request, sizeof(request) };
	CU_ASSERT_EQUAL_FATAL(channel_pair(ends), ERR_OK);
	CU_ASSERT_EQUAL(errand_send(ends[0], &in), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(channel_receive(ends[1], buffer, &kind, &len), ERR_OK);
	CU_ASSERT_EQUAL(kind, CHANNEL_ASK);
	CU_ASSERT_EQUAL_FATAL(errand_read(buffer, len, &out), ERR_OK);
	CU_ASSERT_EQUAL(out.number, in.number);
	CU_ASSERT(out.place_len == sizeof(place) && memcmp(out.place, place, sizeof(place)) == 0);
	CU_ASSERT(out.request_len == sizeof(request) && memcmp(out.request, request, sizeof(request)) == 0);
	CU_ASSERT_NOT_EQUAL(errand_read(buffer, 9, &out), ERR_OK);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void test_a_long_answer_comes_in_parts_and_ends(void)
{
	enum { LEN = 2 * ERRAND_TEXT_MAX + 7 };
	int ends[2];
	enum channel_kind kind;
	size_t len, total = 0;
	struct errand_said said;
	char *text = malloc(LEN);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	memset(text, 'x', LEN);
	CU_ASSERT_EQUAL_FATAL(channel_pair(ends), ERR_OK);
	errand_tell(ends[0], 7, text, LEN);
	errand_failed(ends[0], 7, "for no reason");
	while (channel_receive(ends[1], buffer, &kind, &len) == ERR_OK && kind == CHANNEL_TELL) {
		CU_ASSERT_EQUAL(errand_read_tell(buffer, len, &said), ERR_OK);
		CU_ASSERT_EQUAL(said.number, 7);
		total += said.len;
	}
	CU_ASSERT_EQUAL(total, LEN);
	CU_ASSERT_EQUAL(kind, CHANNEL_TOLD);
	CU_ASSERT_EQUAL(errand_read_told(buffer, len, &said), ERR_OK);
	CU_ASSERT(said.failed && said.len == 13 && memcmp(said.octets, "for no reason", 13) == 0);
	free(text);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void test_strings_of_json_are_escaped(void)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	json_string(out, "a\"b\\c\n\x7f\xe9");
	CU_ASSERT_EQUAL(fclose(out), 0);
	CU_ASSERT_STRING_EQUAL(text, "\"a\\\"b\\\\c\\u000a\\u007f\\u00e9\"");
	free(text);
}

static const struct unit_test tests[] = {
	UNIT(test_an_errand_arrives_as_it_was_sent),
	UNIT(test_a_long_answer_comes_in_parts_and_ends),
	UNIT(test_strings_of_json_are_escaped),
};
const struct unit_suite suite_errand = { "errand", tests, sizeof(tests) / sizeof(tests[0]) };
