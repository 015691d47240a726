/*
 * err.h - "could not do it", as one enum with words.
 *
 * For failures of the machine or of the bytes (memory, malformed, full).  What a question
 * came to (NXDOMAIN, a miss, a bogus signature) is a result and has its own enum elsewhere.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum err {
	ERR_OK,
	ERR_NOMEM,       /* out of memory, or an arena at its ceiling */
	ERR_SHORT,       /* bytes end too early */
	ERR_FORMAT,      /* malformed field */
	ERR_SPACE,       /* no room in the output buffer */
	ERR_LIMIT,       /* a bound of limits.h was reached */
	ERR_NOTFOUND,
	ERR_UNSUPPORTED, /* well formed, but not something we can do */
	ERR_FULL,        /* the store has no room */
	ERR_CORRUPT,     /* checksum or structure wrong */
	ERR_VERSION,     /* written by another version */
	ERR_IO,          /* a system call failed; errno stayed where it happened */
	ERR_DENIED,      /* permission, owner or mode wrong */
	ERR_BUSY,        /* somebody else holds it, or a queue is full */
};

/* Static text, never NULL. */
const char *err_text(enum err e);

#endif
