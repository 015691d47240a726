/*
 * hints.h - the addresses of the root servers, compiled in (RFC 9609 section 2.1).
 */
#ifndef SERVER_HINTS_H
#define SERVER_HINTS_H

/* Zone text: NS of the root, A and AAAA of its servers. */
extern const char hints_built_in[];

#endif
