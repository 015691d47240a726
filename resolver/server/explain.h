/*
 * explain.h - a trace and the answer it led to, told to an operator in words or as JSON.
 *
 * Says what was known, who was asked and what they said, which key signed what, and if there was no answer, or
 * none to be trusted, where that began.  Asks nobody anything.
 */
#ifndef SERVER_EXPLAIN_H
#define SERVER_EXPLAIN_H

#include "resolver/wire/message.h"
#include "resolver/wire/trace.h"
#include <stdio.h>

void explain_plain(FILE *out, const struct trace *t, const struct message *reply);
void explain_json(FILE *out, const struct trace *t, const struct message *reply);

#endif
