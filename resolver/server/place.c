#define _GNU_SOURCE /* setresuid */
#include "resolver/server/place.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_OCTETS = 4096, FILES_WANTED = 65536 };

const char *place_live_directory(const struct config *config)
{
	if (config->cache.live_directory[0] != '\0')
		return config->cache.live_directory;
	return config->server.run_dir;
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

void place_prepare(const struct config *config, struct log *log)
{
	const char *paths[] = { config->server.run_dir, place_live_directory(config),
		                config->cache.directory };
	uid_t uid = geteuid();
	gid_t gid = getegid();
	const struct passwd *user =
		config->server.user[0] != '\0' ? getpwnam(config->server.user) : NULL;
	if (user != NULL) {
		uid = user->pw_uid;
		gid = user->pw_gid;
	}
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (paths[i][0] != '\0' && make_directory(paths[i], uid, gid) != ERR_OK)
			log_warning(log, "cannot make %s: %s", paths[i], strerror(errno));
	}
}

enum err place_drop_privileges(const struct config *config, struct log *log)
{
	const char *name = config->server.user;
	if (geteuid() == 0 && name[0] != '\0') {
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
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		log_error(log, "cannot give up new privileges: %s", strerror(errno));
		return ERR_DENIED;
	}
	return ERR_OK;
}

void place_raise_files(void)
{
	struct rlimit r;
	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	rlim_t want = FILES_WANTED;
	if (r.rlim_max != RLIM_INFINITY && r.rlim_max < want)
		want = r.rlim_max;
	if (r.rlim_cur < want) {
		r.rlim_cur = want;
		(void)setrlimit(RLIMIT_NOFILE, &r);
	}
}
