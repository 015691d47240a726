#define _GNU_SOURCE /* fallocate */
#include "cache/folder.h"

#include "cache/trailer.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h> /* renameat */
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_OCTETS = 64 << 10 };

static enum err err_of(int number)
{
	switch (number) {
	case 0:       return ERR_OK;
	case ENOENT:  return ERR_NOTFOUND;
	case ENOSPC:
	case EDQUOT:  return ERR_FULL;
	case ENOMEM:  return ERR_NOMEM;
	case EACCES:
	case EPERM:
	case ENOTDIR:
	case ELOOP:   return ERR_DENIED;
	}
	return ERR_IO;
}

static bool is_ours(const struct stat *st)
{
	return st->st_uid == geteuid() && (st->st_mode & 077) == 0;
}

enum err folder_open(const char *path, bool make, struct folder *out)
{
	struct stat st;
	out->fd = -1;
	if (make && mkdir(path, 0700) != 0 && errno != EEXIST)
		return err_of(errno);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_of(errno);
	if (fstat(fd, &st) != 0 || !is_ours(&st)) {
		(void)close(fd);
		return ERR_DENIED;
	}
	out->fd = fd;
	return ERR_OK;
}

void folder_end(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

void folder_close(struct folder *f)
{
	folder_end(f->fd);
	f->fd = -1;
}

enum err folder_lock(const struct folder *f)
{
	if (flock(f->fd, LOCK_EX | LOCK_NB) == 0)
		return ERR_OK;
	return errno == EWOULDBLOCK ? ERR_BUSY : err_of(errno);
}

bool folder_is_same(const struct folder *a, const struct folder *b)
{
	struct stat one, two;
	return fstat(a->fd, &one) == 0 && fstat(b->fd, &two) == 0 && one.st_dev == two.st_dev &&
	       one.st_ino == two.st_ino;
}

enum err folder_check(const struct folder *f, const char *name)
{
	struct stat st;
	if (fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? ERR_OK : err_of(errno);
	return S_ISREG(st.st_mode) && is_ours(&st) ? ERR_OK : ERR_DENIED;
}

enum err folder_remove(const struct folder *f, const char *name)
{
	return unlinkat(f->fd, name, 0) == 0 || errno == ENOENT ? ERR_OK : err_of(errno);
}

enum err folder_reserve(const struct folder *f, const char *name, size_t octets)
{
	int fd = openat(f->fd, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_of(errno);
	int number = posix_fallocate(fd, 0, (off_t)octets);
	(void)close(fd);
	/* A file system that cannot promise: then as without asking. */
	return number == EOPNOTSUPP || number == EINVAL ? ERR_OK : err_of(number);
}

struct folder_file folder_identify(const struct folder *f, const char *name)
{
	struct stat st;
	if (fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return (struct folder_file){ 0 };
	return (struct folder_file){ st.st_dev, st.st_ino, (uint64_t)st.st_size };
}

uint64_t folder_octets(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

enum err folder_begin(const struct folder *f, const char *temporary, int *fd)
{
	(void)unlinkat(f->fd, temporary, 0);
	*fd = openat(f->fd, temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return *fd < 0 ? err_of(errno) : ERR_OK;
}

enum err folder_settle(const struct folder *f, int fd, const char *temporary, const char *name)
{
	int rc = fsync(fd);
	if (rc == 0)
		rc = renameat(f->fd, temporary, f->fd, name);
	if (rc == 0)
		rc = fsync(f->fd);
	return rc == 0 ? ERR_OK : err_of(errno);
}

static enum err read_all(int fd, uint8_t *out, size_t len, size_t *got)
{
	*got = 0;
	while (*got < len) {
		ssize_t n = read(fd, out + *got, len - *got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_of(errno);
		if (n == 0)
			break;
		*got += (size_t)n;
	}
	return ERR_OK;
}

static enum err write_all(int fd, const uint8_t *octets, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, octets, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_of(errno);
		octets += n;
		len -= (size_t)n;
	}
	return ERR_OK;
}

/* The next len octets of from, summed, and written to to unless that is -1. */
static enum err pass(int from, int to, uint64_t len, struct trailer_sum *sum)
{
	uint8_t block[COPY_OCTETS];
	while (len > 0) {
		size_t want = len < sizeof(block) ? (size_t)len : sizeof(block), got;
		enum err e = read_all(from, block, want, &got);
		if (e == ERR_OK && got < want)
			e = ERR_CORRUPT;
		if (e == ERR_OK && to >= 0)
			e = write_all(to, block, got);
		if (e != ERR_OK)
			return e;
		trailer_add(sum, block, got);
		len -= got;
	}
	return ERR_OK;
}

enum err folder_seal(int fd)
{
	struct trailer_sum sum = { 0, 0 };
	uint8_t trailer[TRAILER_OCTETS];
	off_t len = lseek(fd, 0, SEEK_END);
	if (len < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_of(errno);
	enum err e = pass(fd, -1, (uint64_t)len, &sum);
	trailer_write(&sum, trailer);
	return e == ERR_OK ? write_all(fd, trailer, sizeof(trailer)) : e;
}

/* Copies all but the trailer, and compares with it. */
static enum err copy_checked(int from, int to)
{
	struct trailer_sum sum = { 0, 0 };
	uint8_t trailer[TRAILER_OCTETS], expected[TRAILER_OCTETS];
	size_t got;
	struct stat st;
	if (fstat(from, &st) != 0)
		return err_of(errno);
	if (!S_ISREG(st.st_mode) || !is_ours(&st))
		return ERR_DENIED;
	if (st.st_size < TRAILER_OCTETS)
		return ERR_CORRUPT;
	enum err e = pass(from, to, (uint64_t)st.st_size - TRAILER_OCTETS, &sum);
	if (e == ERR_OK)
		e = read_all(from, trailer, sizeof(trailer), &got);
	if (e != ERR_OK)
		return e;
	trailer_write(&sum, expected);
	return got == sizeof(trailer) && memcmp(trailer, expected, got) == 0 ? ERR_OK : ERR_CORRUPT;
}

enum err folder_unseal(const struct folder *from, const char *name, const struct folder *to,
                       const char *temporary, const char *target)
{
	int in = openat(from->fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int out = -1;
	if (in < 0)
		return err_of(errno);
	enum err e = folder_begin(to, temporary, &out);
	if (e == ERR_OK)
		e = copy_checked(in, out);
	/* Not synced: what is restored is disposable, what it is restored from is not. */
	if (e == ERR_OK && renameat(to->fd, temporary, to->fd, target) != 0)
		e = err_of(errno);
	if (e != ERR_OK && out >= 0)
		(void)unlinkat(to->fd, temporary, 0);
	folder_end(in);
	folder_end(out);
	return e;
}

enum err folder_set_aside(int fd, uint64_t at, size_t octets)
{
	if (fallocate(fd, FALLOC_FL_KEEP_SIZE, (off_t)at, (off_t)octets) == 0)
		return ERR_OK;
	enum err e = err_of(errno);
	return e == ERR_FULL ? e : ERR_OK; /* not every file system can */
}
