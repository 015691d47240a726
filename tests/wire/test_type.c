#include "tests/unit.h"

#include "resolver/wire/type.h"

static void test_every_type_survives_its_text(void)
{
	for (uint32_t type = 0; type <= UINT16_MAX; type++) {
		char text[TYPE_TEXT_MAX];
		uint16_t back = 0;
		type_text((uint16_t)type, text);
		CU_ASSERT_EQUAL(type_parse(text, &back), ERR_OK);
		CU_ASSERT_EQUAL(back, type);
	}
}

static void test_every_class_survives_its_text(void)
{
	for (uint32_t class = 0; class <= UINT16_MAX; class ++) {
		char text[TYPE_TEXT_MAX];
		uint16_t back = 0;
		class_text((uint16_t) class, text);
		CU_ASSERT_EQUAL(class_parse(text, &back), ERR_OK);
		CU_ASSERT_EQUAL(back, class);
	}
}

static void test_names_and_numbers_of_rfc3597_section_5(void)
{
	char text[TYPE_TEXT_MAX];
	uint16_t v = 0;
	type_text(TYPE_HTTPS, text);
	CU_ASSERT_STRING_EQUAL(text, "HTTPS");
	type_text(731, text);
	CU_ASSERT_STRING_EQUAL(text, "TYPE731");
	class_text(32, text);
	CU_ASSERT_STRING_EQUAL(text, "CLASS32");
	CU_ASSERT_EQUAL(type_parse("type1", &v), ERR_OK);
	CU_ASSERT_EQUAL(v, TYPE_A);
	CU_ASSERT_EQUAL(type_parse("nsap-ptr", &v), ERR_OK);
	CU_ASSERT_EQUAL(v, TYPE_NSAP_PTR);
	CU_ASSERT_EQUAL(class_parse("Class3", &v), ERR_OK);
	CU_ASSERT_EQUAL(v, CLASS_CH);
}

static void test_what_is_no_type(void)
{
	static const char *const bad[] = { "",       "TYPE",       "TYPE65536", "TYPE-1",
					   "TYPE1x", "TYPE00001x", "TYPE 1",    "AAAAA",
					   "IN",     "TYPE99999" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint16_t v;
		CU_ASSERT_EQUAL(type_parse(bad[i], &v), ERR_FORMAT);
	}
}

/* RFC 6895 section 3.1. */
static void test_meta_types_are_never_data(void)
{
	for (uint32_t type = 0; type <= UINT16_MAX; type++) {
		bool meta = type == 0 || type == TYPE_OPT || (type >= 128 && type < 256);
		CU_ASSERT_EQUAL(type_is_meta((uint16_t)type), meta);
	}
}

static const struct unit_test tests[] = {
	UNIT(test_every_type_survives_its_text),
	UNIT(test_every_class_survives_its_text),
	UNIT(test_names_and_numbers_of_rfc3597_section_5),
	UNIT(test_what_is_no_type),
	UNIT(test_meta_types_are_never_data),
};

const struct unit_suite suite_type = { "type", tests, sizeof(tests) / sizeof(tests[0]) };
