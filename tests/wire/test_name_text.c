#include "resolver/base/rng.h"
#include "resolver/wire/name.h"
#include "tests/unit.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void test_text_comes_back_as_it_is_written(void)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ ".", "." },
		{ "example", "example." },
		{ "WWW.Example.", "WWW.Example." },
		{ "a\\.b.c", "a\\.b.c." },
		{ "a\\046b.c", "a\\.b.c." },
		{ "\\000\\255\\032.x", "\\000\\255\\032.x." },
		{ "\\a\\b", "ab." },
		{ "a\\\\b", "a\\\\b." },
		{ "a b", "a\\032b." },
		{ "a\\@b\\;c\\(d\\)e\\\"f\\$g", "a\\@b\\;c\\(d\\)e\\\"f\\$g." },
		{ "_25._tcp.*.x", "_25._tcp.*.x." },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct name n;
		char text[NAME_TEXT_MAX];
		CU_ASSERT_EQUAL_FATAL(name_from_text(cases[i].in, &n), ERR_OK);
		name_text(&n, text);
		CU_ASSERT_STRING_EQUAL(text, cases[i].out);
	}
}

static void test_what_is_no_name_is_refused(void)
{
	static const char *const cases[] = { "",    "..",   ".a",    "a..b",  "a..",  "\\",
					     "a\\", "\\25", "\\256", "\\2x5", "\\999" };
	struct name n = name_of("kept");
	for (size_t i = 0; i < COUNT(cases); i++)
		CU_ASSERT_EQUAL(name_from_text(cases[i], &n), ERR_FORMAT);
	CU_ASSERT_EQUAL(n.len, 6);
}

static void test_labels_end_at_63_and_names_at_255_octets(void)
{
	char text[600];
	struct name n;
	memset(text, 'a', sizeof(text));
	text[63] = '\0';
	CU_ASSERT_EQUAL(name_from_text(text, &n), ERR_OK);
	text[63] = 'a';
	text[64] = '\0';
	CU_ASSERT_EQUAL(name_from_text(text, &n), ERR_FORMAT);
	for (size_t i = 63; i < 255; i += 64)
		text[i] = '.';
	text[64] = 'a';
	text[253] = '\0'; /* 63 + 63 + 63 + 61 */
	CU_ASSERT_EQUAL(name_from_text(text, &n), ERR_OK);
	CU_ASSERT_EQUAL(n.len, 255);
	text[253] = 'a';
	text[254] = '\0';
	CU_ASSERT_EQUAL(name_from_text(text, &n), ERR_FORMAT);
	for (size_t i = 0; i < 254; i++)
		text[i] = i % 2 == 0 ? 'a' : '.';
	text[254] = '\0';
	CU_ASSERT_EQUAL(name_from_text(text, &n), ERR_OK); /* 127 labels */
	CU_ASSERT_EQUAL(name_labels(&n), NAME_LABELS);
	text[254] = 'a';
	text[255] = '\0';
	CU_ASSERT_EQUAL(name_from_text(text, &n), ERR_FORMAT);
}

static void test_any_octets_survive_the_way_through_text(void)
{
	struct rng r;
	rng_init_number(&r, 11);
	for (int i = 0; i < 3000; i++) {
		struct name n = name_root(), back;
		char text[NAME_TEXT_MAX];
		uint8_t label[LABEL_OCTETS];
		do {
			rng_fill(&r, label, sizeof(label));
		} while (name_prepend(label, 1 + rng_below(&r, 63), &n, &n) == ERR_OK);
		name_text(&n, text);
		CU_ASSERT_FATAL(strlen(text) < NAME_TEXT_MAX);
		CU_ASSERT_EQUAL_FATAL(name_from_text(text, &back), ERR_OK);
		CU_ASSERT_TRUE(name_equal_exact(&n, &back));
	}
}

static const struct unit_test tests[] = {
	UNIT(test_text_comes_back_as_it_is_written),
	UNIT(test_what_is_no_name_is_refused),
	UNIT(test_labels_end_at_63_and_names_at_255_octets),
	UNIT(test_any_octets_survive_the_way_through_text),
};
extern const struct unit_suite suite_name_text;
const struct unit_suite suite_name_text = { "name_text", tests, COUNT(tests) };
