/*
 * anchor_file.h - the anchor state on disk: two files, the current and the one before.
 *
 * Written by one process at a time (the keeper, or warren-anchor for an operator): a new file beside, locked,
 * fsync, the good current one becomes PATH.previous, rename, fsync of the folder.  Whatever system call fails
 * or never returns, the next start finds the old set or the new one (threats F5); who finds it being written
 * leaves it as it is.  Decides nothing about keys and logs nothing: what went wrong comes back in words.
 */
#ifndef SERVER_ANCHOR_FILE_H
#define SERVER_ANCHOR_FILE_H

#include "validator/anchor_text.h"

enum { ANCHOR_FILE_WHY_MAX = 512 };

enum anchor_file_source {
	ANCHOR_FILE_CURRENT,
	ANCHOR_FILE_PREVIOUS, /* loud: the current one was refused or is gone */
	ANCHOR_FILE_NONE,     /* neither; loud when why is not empty: start from configuration or built-in */
};

struct anchor_file_load {
	enum anchor_file_source source;
	struct anchor_state state;     /* owned: anchor_state_clear(); empty for NONE */
	char why[ANCHOR_FILE_WHY_MAX]; /* what was refused and why; "" when there was nothing to refuse */
};

/* Never fails: the worst is NONE. */
void anchor_file_read(const char *path, struct now now, struct anchor_file_load *out);
/*
 * One file, whatever its name: no link, a regular file of at most LIMIT_ANCHOR_TEXT octets.
 * ERR_NOTFOUND: there is none; ERR_IO, or what anchor_text_read() says.  out is owned.
 */
MUST_CHECK enum err anchor_file_read_one(const char *path, struct now now,
                                         struct anchor_state *out,
                                         char why[ANCHOR_FILE_WHY_MAX]);
/* ERR_IO or ERR_NOMEM: what is on disk is as it was, or new already; why says what failed. */
MUST_CHECK enum err anchor_file_write(const char *path, const struct anchor_state *s,
                                      struct now now, char why[ANCHOR_FILE_WHY_MAX]);

#endif
