/* slowdisk.c - a library to preload: fsync of a large file takes five seconds, so that it is not finished in time. */
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLOW_MS = 5000, LARGE = 1 << 20 };

int fsync(int fd)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return -1;
	if (st.st_size >= LARGE)
		(void)poll(NULL, 0, SLOW_MS);
	return 0;
}
