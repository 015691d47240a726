#define _GNU_SOURCE /* setresuid */
#include "resolver/server/place.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PATH_OCTETS = 4096,
	FILES_WANTED = 65536,
	FILES_A_TASK = 4, /* two for clients of TCP, and two that a question holds while servers are slow */
	TASKS_LEAST = 16,
};

static const char run_default[] = "/run/warren", cache_default[] = "/var/cache/warren";

const char *place_live_directory(const struct config *config)
{
	return config->cache.live_directory;
}

/* mkdir -p; only the last one is made private and given away. */
static enum err make_directory(const char *path, uid_t uid, gid_t gid)
{
	char part[PATH_OCTETS];
	size_t len = strlen(path);
	if (len == 0 || len >= sizeof(part))
		return ERR_FORMAT;
	memcpy(part, path, len + 1);
	for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return ERR_IO;
		*slash = '/';
	}
	if (mkdir(part, 0700) == 0) {
		if (geteuid() == 0 && chown(part, uid, gid) != 0)
			return ERR_IO;
		return ERR_OK;
	}
	struct stat st;
	if (errno != EEXIST || stat(part, &st) != 0)
		return ERR_IO;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return ERR_IO;
	}
	return ERR_OK;
}

/* directory/name in config's memory; NULL: no directory or no memory. */
static char *join(struct config *config, const char *directory, const char *name)
{
	if (directory == NULL || directory[0] != '/')
		return NULL;
	size_t size = strlen(directory) + strlen(name) + 2;
	char *path = arena_alloc(config->arena, size);
	if (path != NULL)
		snprintf(path, size, "%s/%s", directory, name);
	return path;
}

/* Ours alone: what lies in a directory that everybody may write to could be somebody else's. */
static bool is_private(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       (st.st_mode & 077) == 0;
}

static bool may_use(const char *path, uid_t uid, gid_t gid)
{
	return path != NULL && make_directory(path, uid, gid) == ERR_OK &&
	       access(path, W_OK | X_OK) == 0;
}

/* Without XDG_RUNTIME_DIR (no session) a directory of the user's own among the temporary ones. */
static char *own_run_directory(struct config *config, uid_t uid, gid_t gid)
{
	char name[32];
	char *path = join(config, getenv("XDG_RUNTIME_DIR"), "warren");
	if (may_use(path, uid, gid))
		return path;
	snprintf(name, sizeof(name), "warren-%u", (unsigned)geteuid());
	path = join(config, "/tmp", name);
	return may_use(path, uid, gid) && is_private(path) ? path : NULL;
}

static char *own_cache_directory(struct config *config, uid_t uid, gid_t gid)
{
	char *path = join(config, getenv("XDG_CACHE_HOME"), "warren");
	if (path == NULL)
		path = join(config, getenv("HOME"), ".cache/warren");
	return may_use(path, uid, gid) ? path : NULL;
}

/* The place itself, or where it is a mere default the user's own. */
static void settle(struct config *config, char **path, const char *by_default, uid_t uid, gid_t gid,
                   char *(*own)(struct config *, uid_t, gid_t), struct log *log)
{
	if ((*path)[0] == '\0' || may_use(*path, uid, gid))
		return;
	int why = errno;
	char *instead = strcmp(*path, by_default) == 0 ? own(config, uid, gid) : NULL;
	if (instead != NULL)
		*path = instead;
	else
		log_warning(log, "cannot use %s: %s", *path, strerror(why));
}

void place_prepare(struct config *config, struct log *log)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	const struct passwd *user =
		config->server.user[0] != '\0' ? getpwnam(config->server.user) : NULL;
	if (user != NULL && uid != 0 && user->pw_uid != uid)
		log_warning(log, "cannot become %s: not started as root", config->server.user);
	if (user != NULL) {
		uid = user->pw_uid;
		gid = user->pw_gid;
	}
	settle(config, &config->server.run_dir, run_default, uid, gid, own_run_directory, log);
	settle(config, &config->cache.directory, cache_default, uid, gid, own_cache_directory, log);
	char **live = &config->cache.live_directory;
	char *below = (*live)[0] == '\0' ? join(config, config->server.run_dir, "store") : NULL;
	if (below != NULL)
		*live = below;
	if ((*live)[0] != '\0' && make_directory(*live, uid, gid) != ERR_OK)
		log_warning(log, "cannot make %s: %s", *live, strerror(errno));
}

void place_write_pid(const struct config *config, struct log *log)
{
	const char *path = config->server.pid_file;
	char text[24];
	if (path[0] == '\0')
		return;
	int len = snprintf(text, sizeof(text), "%d\n", (int)getpid());
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, text, (size_t)len) != len)
		log_warning(log, "cannot write %s: %s", path, strerror(errno));
	if (fd >= 0)
		(void)close(fd);
}

void place_remove_pid(const struct config *config)
{
	if (config->server.pid_file[0] != '\0')
		(void)unlink(config->server.pid_file);
}

static enum err become(const char *name, struct log *log)
{
	const struct passwd *user = getpwnam(name);
	if (user == NULL) {
		log_error(log, "no such user: %s", name);
		return ERR_DENIED;
	}
	if (setgroups(0, NULL) != 0 || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0) {
		log_error(log, "cannot become %s: %s", name, strerror(errno));
		return ERR_DENIED;
	}
	return ERR_OK;
}

enum err place_drop_privileges(const struct config *config, struct log *log)
{
	pid_t parent = getppid();
	const char *name = config->server.user;
	if (geteuid() == 0 && name[0] != '\0' && become(name, log) != ERR_OK)
		return ERR_DENIED;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		log_error(log, "cannot give up new privileges: %s", strerror(errno));
		return ERR_DENIED;
	}
	/* prctl(2): another user's process does not end with its parent unless it says so again. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	return getppid() == parent ? ERR_OK : ERR_DENIED;
}

/* As many as we may have. */
static rlim_t most_files(const struct rlimit *r)
{
	return r->rlim_max < FILES_WANTED ? r->rlim_max : FILES_WANTED;
}

void place_fit_files(struct config *config, struct log *log)
{
	struct rlimit r;
	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	rlim_t most = most_files(&r) / FILES_A_TASK;
	if (most < TASKS_LEAST)
		most = TASKS_LEAST;
	if (config->limits.tasks <= most)
		return;
	log_warning(log,
	            "%u questions a worker need more open files than there may be, %llu: now "
	            "recursions is %llu",
	            config->limits.tasks, (unsigned long long)most_files(&r),
	            (unsigned long long)most);
	config->limits.tasks = (uint32_t)most;
}

void place_raise_files(void)
{
	struct rlimit r;
	if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur >= most_files(&r))
		return;
	r.rlim_cur = most_files(&r);
	(void)setrlimit(RLIMIT_NOFILE, &r);
}
