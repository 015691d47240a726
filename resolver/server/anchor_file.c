#define _DEFAULT_SOURCE /* flock */
#include "resolver/server/anchor_file.h"

#include "resolver/wire/text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, MODE = 0644, TRIES = 8 };

/* The names that belong to one state. */
struct paths {
	char previous[PATH_SIZE], fresh[PATH_SIZE], folder[PATH_SIZE];
};

static enum err say(char why[ANCHOR_FILE_WHY_MAX], enum err e, const char *path, const char *words)
{
	struct text t = text_of(why, ANCHOR_FILE_WHY_MAX); /* a very long path is cut */
	text_put(&t, path);
	text_put(&t, ": ");
	text_put(&t, words);
	return e;
}

static enum err say_errno(char why[ANCHOR_FILE_WHY_MAX], const char *path, const char *call)
{
	int number = errno;
	char words[128];
	(void)snprintf(words, sizeof(words), "%s: %s", call, strerror(number));
	return say(why, number == ENOENT ? ERR_NOTFOUND : ERR_IO, path, words);
}

static enum err say_line(char why[ANCHOR_FILE_WHY_MAX], enum err e, const char *path,
                         const struct anchor_text_error *error)
{
	char words[ANCHOR_TEXT_WHAT_MAX + 32];
	if (error->line == 0)
		return say(why, e, path, error->what);
	(void)snprintf(words, sizeof(words), "line %u: %s", error->line, error->what);
	return say(why, e, path, words);
}

static bool name_paths(const char *path, struct paths *p)
{
	const char *slash = strrchr(path, '/');
	int len = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);
	(void)snprintf(p->folder, sizeof(p->folder), "%.*s", len, slash == NULL ? "." : path);
	int a = snprintf(p->previous, sizeof(p->previous), "%s.previous", path);
	int b = snprintf(p->fresh, sizeof(p->fresh), "%s.new", path);
	return a > 0 && b > 0 && (size_t)a < sizeof(p->previous) && (size_t)b < sizeof(p->fresh);
}

/* One octet more than allowed is read, so that too big is seen. */
static enum err read_text(int fd, const char *path, char **out, size_t *len,
                          char why[ANCHOR_FILE_WHY_MAX])
{
	struct stat st;
	size_t used = 0, room = LIMIT_ANCHOR_TEXT + 1;
	if (fstat(fd, &st) != 0)
		return say_errno(why, path, "stat");
	if (!S_ISREG(st.st_mode))
		return say(why, ERR_IO, path, "not a regular file");
	char *text = malloc(room);
	if (text == NULL)
		return say(why, ERR_NOMEM, path, err_text(ERR_NOMEM));
	while (used < room) {
		ssize_t n = read(fd, text + used, room - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			enum err e = say_errno(why, path, "read");
			free(text);
			return e;
		}
		if (n == 0)
			break;
		used += (size_t)n;
	}
	*out = text;
	*len = used;
	return ERR_OK;
}

enum err anchor_file_read_one(const char *path, struct now now, struct anchor_state *out,
                              char why[ANCHOR_FILE_WHY_MAX])
{
	struct anchor_text_error error;
	char *text = NULL;
	size_t len = 0;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return say_errno(why, path, "open");
	enum err e = read_text(fd, path, &text, &len, why);
	(void)close(fd);
	if (e != ERR_OK)
		return e;
	e = anchor_text_read(text, len, now, out, &error);
	free(text);
	return e == ERR_OK ? e : say_line(why, e, path, &error);
}

void anchor_file_read(const char *path, struct now now, struct anchor_file_load *out)
{
	struct paths p;
	char why[ANCHOR_FILE_WHY_MAX];
	*out = (struct anchor_file_load){ .source = ANCHOR_FILE_NONE };
	if (!name_paths(path, &p)) {
		(void)say(out->why, ERR_IO, path, "path too long");
		return;
	}
	enum err e = anchor_file_read_one(path, now, &out->state, out->why);
	if (e == ERR_OK) {
		out->source = ANCHOR_FILE_CURRENT;
		return;
	}
	bool absent = e == ERR_NOTFOUND;
	e = anchor_file_read_one(p.previous, now, &out->state, why);
	if (e == ERR_OK)
		out->source = ANCHOR_FILE_PREVIOUS;
	else if (e != ERR_NOTFOUND && absent)
		memcpy(out->why, why, sizeof(why));
	else if (absent)
		out->why[0] = '\0'; /* a first start */
}

static bool write_whole(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

static bool is_there(int fd, const char *path)
{
	struct stat own, named;
	return fstat(fd, &own) == 0 && S_ISREG(own.st_mode) && lstat(path, &named) == 0 &&
	       own.st_dev == named.st_dev && own.st_ino == named.st_ino;
}

/*
 * The new file, locked by us until it is closed: another process may write the same state.  Whoever held it
 * before us has renamed it meanwhile, so it is opened again.
 */
static enum err open_fresh(const struct paths *p, int *out, char why[ANCHOR_FILE_WHY_MAX])
{
	for (unsigned i = 0; i < TRIES; i++) {
		int fd = open(p->fresh, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, MODE);
		if (fd < 0)
			return say_errno(why, p->fresh, "open");
		bool ours = flock(fd, LOCK_EX | LOCK_NB) == 0;
		if (ours && is_there(fd, p->fresh)) {
			*out = fd;
			return ERR_OK;
		}
		(void)close(fd);
		if (!ours)
			break;
	}
	return say(why, ERR_IO, p->fresh, "another process is writing it");
}

static enum err write_fresh(int fd, const struct paths *p, const char *text,
                            char why[ANCHOR_FILE_WHY_MAX])
{
	if (ftruncate(fd, 0) != 0)
		return say_errno(why, p->fresh, "truncate");
	if (!write_whole(fd, text, strlen(text)))
		return say_errno(why, p->fresh, "write");
	return fsync(fd) == 0 ? ERR_OK : say_errno(why, p->fresh, "fsync");
}

static enum err sync_folder(const struct paths *p, char why[ANCHOR_FILE_WHY_MAX])
{
	int fd = open(p->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return say_errno(why, p->folder, "open");
	enum err e = ERR_OK;
	if (fsync(fd) != 0 && errno != EINVAL) /* some file systems have nothing to sync there */
		e = say_errno(why, p->folder, "fsync");
	(void)close(fd);
	return e;
}

/* A current file that would be refused must not push out a previous one that is good. */
static enum err keep_current(const char *path, const struct paths *p, struct now now,
                             char why[ANCHOR_FILE_WHY_MAX])
{
	struct anchor_state old = { 0 };
	if (anchor_file_read_one(path, now, &old, why) != ERR_OK)
		return ERR_OK;
	anchor_state_clear(&old);
	return rename(path, p->previous) == 0 ? ERR_OK : say_errno(why, path, "rename");
}

static enum err replace(const char *path, const char *text, struct now now,
                        char why[ANCHOR_FILE_WHY_MAX])
{
	struct paths p;
	int fd = -1;
	if (!name_paths(path, &p))
		return say(why, ERR_IO, path, "path too long");
	enum err e = open_fresh(&p, &fd, why);
	if (e != ERR_OK)
		return e == ERR_NOTFOUND ? ERR_IO : e;
	e = write_fresh(fd, &p, text, why);
	if (e == ERR_OK)
		e = keep_current(path, &p, now, why);
	if (e == ERR_OK && rename(p.fresh, path) != 0)
		e = say_errno(why, path, "rename");
	if (e != ERR_OK)
		(void)unlink(p.fresh);
	(void)close(fd); /* what could fail has been synced */
	if (e != ERR_OK)
		return e == ERR_NOTFOUND ? ERR_IO : e;
	return sync_folder(&p, why);
}

enum err anchor_file_write(const char *path, const struct anchor_state *s, struct now now,
                           char why[ANCHOR_FILE_WHY_MAX])
{
	char *text;
	enum err e = anchor_text_write(s, &text);
	if (e != ERR_OK)
		return say(why, e, path, err_text(e));
	e = replace(path, text, now, why);
	free(text);
	return e;
}
