#include "cache/claim.h"

#include "cache/folder.h"
#include "cache/store.h"
#include <stdio.h>

enum { PATH_OCTETS = 4096 };

static enum err claim_live(const char *dir, struct folder *out)
{
	enum err e = folder_open(dir, true, out);
	if (e == ERR_OK)
		e = folder_lock(out);
	return e == ERR_OK ? folder_remove(out, STORE_NEW_FILE) : e;
}

/* It may be the same one.  Snapshots are wished for, not needed: if it is of no use, they will say so. */
static enum err claim_kept(const struct folder *live, const char *dir, const char *name,
                           struct folder *out)
{
	char leftover[PATH_OCTETS];
	if (snprintf(leftover, sizeof(leftover), "%s.new", name) >= (int)sizeof(leftover))
		return ERR_LIMIT;
	if (folder_open(dir, true, out) != ERR_OK)
		return ERR_OK;
	enum err e = folder_is_same(live, out) ? ERR_OK : folder_lock(out);
	if (e == ERR_OK)
		(void)!folder_remove(out, leftover);
	return e;
}

enum err claim_directories(const char *dir, const char *snapshot_dir, const char *snapshot_name,
                           struct claim *out)
{
	struct folder live = { -1 }, kept = { -1 };
	enum err e = claim_live(dir, &live);
	if (e == ERR_OK && snapshot_dir != NULL)
		e = claim_kept(&live, snapshot_dir, snapshot_name, &kept);
	*out = (struct claim){ live.fd, kept.fd };
	if (e != ERR_OK)
		claim_release(out);
	return e;
}

void claim_release(struct claim *c)
{
	folder_end(c->live);
	folder_end(c->kept);
	*c = (struct claim){ -1, -1 };
}
