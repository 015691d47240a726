/*
 * command.h - what an operator asks for, from the words of a control request.
 *
 * The same reader in the supervisor, which takes requests from its socket, and in the worker or the
 * keeper that has a part in the answer.  Does nothing about it.
 */
#ifndef SERVER_COMMAND_H
#define SERVER_COMMAND_H

#include "resolver/server/config.h"
#include "resolver/wire/name.h"

enum command_kind {
	COMMAND_STATUS,
	COMMAND_STATS,
	COMMAND_LOOKUP,
	COMMAND_FLUSH,
	COMMAND_DUMP,
	COMMAND_SNAPSHOT,
	COMMAND_RELOAD,
	COMMAND_NTA_LIST,
	COMMAND_NTA_ADD,
	COMMAND_NTA_REMOVE,
	COMMAND_ANCHORS,
	COMMAND_EXPLAIN,
	COMMAND_LOG,
	COMMAND_STOP,
};

struct command {
	enum command_kind kind;
	bool has_name;
	struct name name;     /* LOOKUP, FLUSH, NTA_ADD, NTA_REMOVE, EXPLAIN: always; else never */
	uint16_t type;        /* LOOKUP, FLUSH: 0 for all; EXPLAIN: A when none was said */
	bool json;
	bool tree;            /* FLUSH: with all names below, of every type */
	bool fresh;           /* EXPLAIN: whatever is cached for the question itself */
	bool workers;         /* STATS: each worker alone */
	uint32_t seconds;     /* NTA_ADD; 0: as long as configured */
	enum log_level level; /* LOG */
};

enum { COMMAND_WHY_MAX = 200 };

/*
 * octets: a request without its length (control_frame.h), from outside.  ERR_VERSION, ERR_FORMAT: why
 * says in one printable line what is wrong with it.
 */
MUST_CHECK enum err command_parse(const uint8_t *octets, size_t len, struct command *out,
                                  char why[COMMAND_WHY_MAX]);

#endif
