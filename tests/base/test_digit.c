#include "resolver/base/digit.h"
#include "tests/unit.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

static void test_a_digit_is_less_than_its_base_and_letters_have_no_case(void)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	static const unsigned bases[] = { 8, 10, 16, 32, 36 };
	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		for (int c = CHAR_MIN; c <= CHAR_MAX; c++) {
			const char *at = memchr(digits, tolower((unsigned char)c), bases[i]);
			CU_ASSERT_EQUAL(digit_of((char)c, bases[i]), at == NULL ? -1 : at - digits);
		}
	}
}

static const struct unit_test tests[] = {
	UNIT(test_a_digit_is_less_than_its_base_and_letters_have_no_case),
};
extern const struct unit_suite suite_digit;
const struct unit_suite suite_digit = { "digit", tests, sizeof(tests) / sizeof(tests[0]) };
