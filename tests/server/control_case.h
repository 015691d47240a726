/*
 * control_case.h - a supervisor without processes in a folder of its own, and a client of its control socket.
 */
#ifndef TESTS_SERVER_CONTROL_CASE_H
#define TESTS_SERVER_CONTROL_CASE_H

#include "resolver/server/control.h"
#include "resolver/server/errand.h"
#include "tests/unit.h"
#include <string.h>

struct house {
	char dir[32], path[64];
	struct supervisor *supervisor; /* its keeper and one worker are played by the test */
	struct child *worker;
};

void house_open(struct house *h);
void house_close(struct house *h);
/* Turns of its loop without waiting. */
void house_turn(struct house *h);

/* A connected client; -1: refused. */
int house_connect(const struct house *h);
/* Sends words ("flush a. --tree") as a request. */
void house_ask(struct house *h, int fd, const char *words);

struct said {
	char text[1 << 16]; /* all texts, one after the other */
	size_t len;
	char end;           /* enum control_part of the last frame; 0: no end came */
	char why[700];
};
/* What has come until now; the connection is closed when the daemon closed it. */
void house_hear(struct house *h, int fd, struct said *out);

/* The next errand of a child, its words with blanks between them; false: none. */
bool house_errand(struct child *c, uint64_t *number, char *words, size_t size);

extern const struct unit_suite suite_command, suite_control, suite_errand, suite_explain;

#endif
