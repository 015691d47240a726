#define _GNU_SOURCE /* syscall, O_PATH */
#include "warren_build.h"
#include "cache/store.h"
#include "resolver/server/place.h"
#include "resolver/server/sandbox.h"

#ifdef HAVE_LINUX_LANDLOCK_H

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Numbers since Linux 5.13 on every architecture; headers may be older. */
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 };

enum {
	REFER = 1 << 13,     /* second version of the interface */
	TRUNCATE = 1 << 14,  /* third */
	IOCTL_DEV = 1 << 15, /* fifth */
	READ_FILE = (int)LANDLOCK_ACCESS_FS_READ_FILE,
	READ = (int)(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR),
	WRITE = (int)LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE,
	MAKE = (int)(LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG),
	ALL_FIRST = (1 << 13) - 1,
};

/* Readers of the store write their places into it. */
static const char lock_file[] = STORE_LOCK_FILE;

static unsigned handled_by(long version)
{
	unsigned all = ALL_FIRST;
	all |= version >= 2 ? REFER : 0;
	all |= version >= 3 ? TRUNCATE : 0;
	all |= version >= 5 ? IOCTL_DEV : 0;
	return all;
}

/* What is not there cannot be opened anyway. */
static enum err open_to(int rules, const char *path, unsigned access)
{
	if (path == NULL || path[0] == '\0')
		return ERR_OK;
	struct landlock_path_beneath_attr beneath = { .allowed_access = access };
	beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return ERR_OK;
	long done = syscall(ADD_RULE, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	(void)close(beneath.parent_fd);
	return done == 0 ? ERR_OK : ERR_IO;
}

static enum err open_lock_file(int rules, const char *directory, unsigned handled)
{
	char path[4096];
	if (directory[0] == '\0' ||
	    (size_t)snprintf(path, sizeof(path), "%s/%s", directory, lock_file) >= sizeof(path))
		return ERR_OK;
	return open_to(rules, path, (READ_FILE | WRITE) & handled);
}

/* The directory of a file that may be replaced. */
static enum err open_directory_of(int rules, const char *file, unsigned access)
{
	char path[4096];
	const char *slash = strrchr(file, '/');
	if (slash == NULL || (size_t)(slash - file) >= sizeof(path))
		return ERR_OK;
	memcpy(path, file, (size_t)(slash - file));
	path[slash - file] = '\0';
	return open_to(rules, path, access);
}

/*
 * A clock library that was preloaded reads at run time what the time is, from the file it was told or from
 * one in the home directory.  Whoever moves the clock may rename a new file over the old one, so the
 * directory of the first is opened; no one else sets that variable.
 */
static enum err open_clock_files(int rules)
{
	const char *told = getenv("FAKETIME_TIMESTAMP_FILE"), *home = getenv("HOME");
	char path[4096];
	if (getenv("LD_PRELOAD") == NULL)
		return ERR_OK;
	if (told != NULL)
		return open_directory_of(rules, told, READ_FILE);
	if (home == NULL || (size_t)snprintf(path, sizeof(path), "%s/.faketimerc", home) >= sizeof(path))
		return ERR_OK;
	enum err e = open_to(rules, path, READ_FILE);
	return e == ERR_OK ? open_to(rules, "/etc/faketimerc", READ_FILE) : e;
}

static enum err add_rules(int rules, enum sandbox_role role, const struct config *c, unsigned handled)
{
	const char *live = place_live_directory(c);
	unsigned write = (READ | WRITE | MAKE) & handled;
	enum err e = open_clock_files(rules);
	if (e != ERR_OK)
		return e;
	switch (role) {
	case SANDBOX_WORKER:
		e = open_to(rules, live, READ);
		return e == ERR_OK ? open_lock_file(rules, live, handled) : e;
	case SANDBOX_KEEPER:
		e = open_to(rules, live, write);
		if (e == ERR_OK)
			e = open_to(rules, c->cache.directory, write);
		if (e == ERR_OK)
			e = open_directory_of(rules, c->validation.anchor_file, write);
		return e;
	}
	return e;
}

enum err landlock_restrict(enum sandbox_role role, const struct config *config)
{
	long version = syscall(CREATE_RULESET, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (version < 1)
		return errno == ENOSYS || errno == EOPNOTSUPP ? ERR_UNSUPPORTED : ERR_IO;
	unsigned handled = handled_by(version);
	struct landlock_ruleset_attr attr = { .handled_access_fs = handled };
	int rules = (int)syscall(CREATE_RULESET, &attr, sizeof(attr.handled_access_fs), 0);
	if (rules < 0)
		return ERR_IO;
	enum err e = add_rules(rules, role, config, handled);
	if (e == ERR_OK && syscall(RESTRICT_SELF, rules, 0) != 0)
		e = ERR_IO;
	int why = errno;
	(void)close(rules);
	errno = why;
	return e;
}

#else

enum err landlock_restrict(enum sandbox_role role, const struct config *config)
{
	(void)role;
	(void)config;
	return ERR_UNSUPPORTED;
}

#endif
