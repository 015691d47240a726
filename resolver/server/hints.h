/*
 * hints.h - the addresses of the root servers: compiled in, or as configured (RFC 9609 section 2.1).
 */
#ifndef SERVER_HINTS_H
#define SERVER_HINTS_H

#include "resolver/base/arena.h"
#include "resolver/wire/cut.h"

/* Zone text: NS of the root, A and AAAA of its servers. */
extern const char hints_built_in[];

enum { HINTS_WHY = 200, HINTS_ARENA = 16 << 20 /* octets of an arena that takes any hints */ };

/* Zone text -> the cut every walk can start from, in arena.  NULL: none can, and why is told. */
struct cut *hints_read(const char *text, size_t len, struct arena *arena, char why[HINTS_WHY]);
struct cut *hints_read_file(const char *path, struct arena *arena, char why[HINTS_WHY]);

#endif
