#include "tests/server/control_case.h"

#include "resolver/server/command.h"
#include "resolver/server/control_frame.h"
#include "resolver/wire/type.h"

static enum err parse(const char *words, struct command *out, char why[COMMAND_WHY_MAX])
{
	uint8_t request[512] = { CONTROL_VERSION };
	size_t len = strlen(words);
	memcpy(request + 1, words, len + 1);
	for (size_t i = 1; i <= len; i++)
		request[i] = request[i] == ' ' ? 0 : request[i];
	return command_parse(request, len > 0 ? len + 2 : 1, out, why);
}

static void test_every_command_is_understood(void)
{
	static const struct {
		const char *words;
		enum command_kind kind;
	} cases[] = {
		{ "status", COMMAND_STATUS },
		{ "stats", COMMAND_STATS },
		{ "lookup a.example", COMMAND_LOOKUP },
		{ "flush a.example MX", COMMAND_FLUSH },
		{ "flush a.example --tree", COMMAND_FLUSH },
		{ "dump --json", COMMAND_DUMP },
		{ "snapshot", COMMAND_SNAPSHOT },
		{ "reload", COMMAND_RELOAD },
		{ "nta list", COMMAND_NTA_LIST },
		{ "nta add a.example --for 1d", COMMAND_NTA_ADD },
		{ "nta remove a.example", COMMAND_NTA_REMOVE },
		{ "anchors", COMMAND_ANCHORS },
		{ "explain a.example", COMMAND_EXPLAIN },
		{ "log debug", COMMAND_LOG },
		{ "stop", COMMAND_STOP },
	};
	char why[COMMAND_WHY_MAX];
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct command c;
		CU_ASSERT_EQUAL(parse(cases[i].words, &c, why), ERR_OK);
		CU_ASSERT_EQUAL(c.kind, cases[i].kind);
	}
}

static void test_options_may_stand_anywhere_behind_the_command(void)
{
	struct command c;
	char why[COMMAND_WHY_MAX];
	struct name name = name_of("www.example.");
	CU_ASSERT_EQUAL_FATAL(parse("explain --fresh WWW.example --json AAAA", &c, why), ERR_OK);
	CU_ASSERT(c.fresh && c.json && !c.tree && name_equal(&c.name, &name));
	CU_ASSERT_EQUAL(c.type, TYPE_AAAA);
	CU_ASSERT_EQUAL_FATAL(parse("explain . --fresh", &c, why), ERR_OK);
	CU_ASSERT(c.fresh && name_is_root(&c.name));
	CU_ASSERT_EQUAL(c.type, TYPE_A);
}

static void test_times_are_read_with_their_units_and_bounded(void)
{
	static const struct {
		const char *time;
		uint32_t seconds; /* 0: refused */
	} cases[] = {
		{ "90", 90 }, { "90s", 90 }, { "30m", 1800 }, { "12h", 43200 }, { "7d", LIMIT_NTA_S },
		{ "8d", 0 }, { "0", 0 }, { "-1", 0 }, { "1w", 0 }, { "1dd", 0 }, { "x", 0 },
		{ "99999999999999999999d", 0 }, { "+5", 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct command c;
		char words[64], why[COMMAND_WHY_MAX];
		snprintf(words, sizeof(words), "nta add example --for %s", cases[i].time);
		CU_ASSERT_EQUAL(parse(words, &c, why), cases[i].seconds > 0 ? ERR_OK : ERR_FORMAT);
		if (cases[i].seconds > 0)
			CU_ASSERT_EQUAL(c.seconds, cases[i].seconds);
	}
}

static void test_what_is_wrong_is_said_in_one_line(void)
{
	static const struct {
		const char *words, *why;
	} cases[] = {
		{ "", "no command" },
		{ "frobnicate", "no such command: frobnicate" },
		{ "nta", "one of list, add, remove must follow: nta" },
		{ "nta drop", "one of list, add, remove must follow: nta" },
		{ "flush", "a name is missing" },
		{ "flush a..b", "not a domain name: a..b" },
		{ "flush a b", "not a type of records: b" },
		{ "flush a ANY", "not a type of records: ANY" },
		{ "flush a A c", "one word too many: c" },
		{ "flush a A --tree", "--tree forgets every type: name none" },
		{ "flush --tree a A", "--tree forgets every type: name none" },
		{ "status now", "one word too many: now" },
		{ "status --tree", "no such option here: --tree" },
		{ "log", "a level is missing: error, warning, notice, info or debug" },
		{ "log loud", "a level is error, warning, notice, info or debug" },
		{ "a b c d e f g h i", "too many words" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct command c;
		char why[COMMAND_WHY_MAX] = "";
		CU_ASSERT_EQUAL(parse(cases[i].words, &c, why), ERR_FORMAT);
		CU_ASSERT_STRING_EQUAL(why, cases[i].why);
	}
}

static void test_octets_that_are_no_request_are_refused(void)
{
	static const struct {
		const char *octets;
		size_t len;
		enum err err;
	} cases[] = {
		{ "", 0, ERR_VERSION },
		{ "\2status\0", 8, ERR_VERSION },
		{ "\1status", 7, ERR_FORMAT },        /* not ended */
		{ "\1\0", 2, ERR_FORMAT },            /* an empty word */
		{ "\1flush\0\0", 8, ERR_FORMAT },
		{ "\1sta\ntus\0", 9, ERR_FORMAT },    /* a control character */
		{ "\1flush\0a b\0", 11, ERR_FORMAT },
		{ "\1flush\0\xff\0", 9, ERR_FORMAT },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct command c;
		char why[COMMAND_WHY_MAX] = "";
		CU_ASSERT_EQUAL(command_parse((const uint8_t *)cases[i].octets, cases[i].len, &c, why),
		                cases[i].err);
		CU_ASSERT(why[0] != '\0' && strchr(why, '\n') == NULL);
	}
}

static const struct unit_test tests[] = {
	UNIT(test_every_command_is_understood),
	UNIT(test_options_may_stand_anywhere_behind_the_command),
	UNIT(test_times_are_read_with_their_units_and_bounded),
	UNIT(test_what_is_wrong_is_said_in_one_line),
	UNIT(test_octets_that_are_no_request_are_refused),
};
const struct unit_suite suite_command = { "command", tests, sizeof(tests) / sizeof(tests[0]) };
