/*
 * folder.h - the directory that a store or a snapshot lies in: whose it is, who uses it, its files.
 *
 * A folder is used only when it is ours, 0700 and no link (threats I5).  Files of ours are made under another
 * name, synced, and renamed, so that a name stands for a whole file or for none.  Knows nothing of LMDB.
 */
#ifndef CACHE_FOLDER_H
#define CACHE_FOLDER_H

#include "resolver/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct folder {
	int fd; /* -1: none */
};

/* make: it is made when missing.  ERR_DENIED: not ours.  Then *out is none. */
MUST_CHECK enum err folder_open(const char *path, bool make, struct folder *out);
void folder_close(struct folder *f); /* takes none */

/* Held until it is closed or the process ends.  ERR_BUSY: another process has it. */
MUST_CHECK enum err folder_lock(const struct folder *f);
bool folder_is_same(const struct folder *a, const struct folder *b);

/* A file that is there is a plain file of ours; one that is not is none to complain of. */
MUST_CHECK enum err folder_check(const struct folder *f, const char *name);
MUST_CHECK enum err folder_remove(const struct folder *f, const char *name);
/* Makes it if missing, and sees to it that that many octets of it lie on the disk. */
MUST_CHECK enum err folder_reserve(const struct folder *f, const char *name, size_t octets);

/* The same behind what lies before at, which the file need not reach.  ERR_FULL; OK also where none can be had so. */
MUST_CHECK enum err folder_set_aside(int fd, uint64_t at, size_t octets);

/* Which file a name stands for; all zero: none. */
struct folder_file {
	uint64_t device, number, octets;
};
struct folder_file folder_identify(const struct folder *f, const char *name);
uint64_t folder_octets(int fd);

/* A new file under a temporary name; whatever had that name goes. */
MUST_CHECK enum err folder_begin(const struct folder *f, const char *temporary, int *fd);
/* Ends it: checksum at its end if sealed, synced, renamed, the directory synced. */
MUST_CHECK enum err folder_settle(const struct folder *f, int fd, const char *temporary, const char *name);
/* What lies in fd, all of it, gets a checksum behind it (trailer.h). */
MUST_CHECK enum err folder_seal(int fd);
/* Copies a sealed file without its seal, to a new one that is renamed to.  ERR_CORRUPT: the seal is wrong. */
MUST_CHECK enum err folder_unseal(const struct folder *from, const char *name, const struct folder *to,
                                  const char *temporary, const char *target);
void folder_end(int fd);

#endif
