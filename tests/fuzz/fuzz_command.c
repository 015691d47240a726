#include "tests/fuzz/fuzz.h"

#include "resolver/server/command.h"
#include "resolver/server/control_frame.h"
#include <string.h>

/* The parts of a command, as words again: what they mean must not change. */
static size_t write_again(const struct command *c, uint8_t *out)
{
	static const char *const words[] = {
		[COMMAND_STATUS] = "status", [COMMAND_STATS] = "stats", [COMMAND_LOOKUP] = "lookup",
		[COMMAND_FLUSH] = "flush", [COMMAND_DUMP] = "dump", [COMMAND_SNAPSHOT] = "snapshot",
		[COMMAND_RELOAD] = "reload", [COMMAND_NTA_LIST] = "nta", [COMMAND_NTA_ADD] = "nta",
		[COMMAND_NTA_REMOVE] = "nta", [COMMAND_ANCHORS] = "anchors",
		[COMMAND_EXPLAIN] = "explain", [COMMAND_LOG] = "log", [COMMAND_STOP] = "stop",
	};
	char name[NAME_TEXT_MAX];
	size_t at = 0;
	out[at++] = CONTROL_VERSION;
	at += (size_t)sprintf((char *)out + at, "%s", words[c->kind]) + 1;
	if (c->kind == COMMAND_NTA_LIST || c->kind == COMMAND_NTA_ADD || c->kind == COMMAND_NTA_REMOVE)
		at += (size_t)sprintf((char *)out + at, "%s", c->kind == COMMAND_NTA_LIST  ? "list"
		                                              : c->kind == COMMAND_NTA_ADD ? "add"
		                                                                           : "remove") + 1;
	if (c->has_name) {
		name_text(&c->name, name);
		at += (size_t)sprintf((char *)out + at, "%s", name) + 1;
	}
	if (c->type != 0)
		at += (size_t)sprintf((char *)out + at, "TYPE%u", c->type) + 1;
	if (c->kind == COMMAND_LOG)
		at += (size_t)sprintf((char *)out + at, "%s", c->level == LOG_LEVEL_DEBUG ? "debug" : "info") + 1;
	return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct command c, again;
	char why[COMMAND_WHY_MAX] = "";
	uint8_t out[2 * NAME_TEXT_MAX];
	if (command_parse(octets, len, &c, why) != ERR_OK) {
		FUZZ_CHECK(why[0] != '\0' && strchr(why, '\n') == NULL);
		return 0;
	}
	if (c.has_name && c.name.wire[1] == '-')
		return 0; /* as text it could be an option */
	FUZZ_CHECK(command_parse(out, write_again(&c, out), &again, why) == ERR_OK);
	FUZZ_CHECK(again.kind == c.kind && again.type == c.type && again.has_name == c.has_name);
	FUZZ_CHECK(!c.has_name || name_equal(&c.name, &again.name));
	return 0;
}
