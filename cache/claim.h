/*
 * claim.h - the directories of a store and its snapshot belong to one keeper at a time.
 *
 * Held until it is released or the process ends.
 */
#ifndef CACHE_CLAIM_H
#define CACHE_CLAIM_H

#include "resolver/base/err.h"

struct claim {
	int live, kept; /* -1: none */
};

/*
 * Removes what an unfinished copy left in either directory.  snapshot_dir NULL: none.  ERR_BUSY: another
 * process has one of them.  An error: nothing is claimed.
 */
MUST_CHECK enum err claim_directories(const char *dir, const char *snapshot_dir, const char *snapshot_name,
                                      struct claim *out);
void claim_release(struct claim *c); /* takes none */

#endif
