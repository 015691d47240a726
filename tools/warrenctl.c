/*
 * warrenctl.c - tells a running warrend what to do, over its control socket.
 *
 * Sends its words as they are and prints the answer as it comes; what the words mean the daemon knows
 * (resolver/server/command.h).
 */
#include "warren_build.h"
#include "resolver/server/control_frame.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define CONTROL_SOCKET "/run/warren/control" /* where the default configuration has it */

enum { STATUS_FAILED = 1, STATUS_USAGE = 2, STATUS_UNREACHABLE = 3 };

enum { REQUEST_MAX = 64 << 10, WAIT_S = 90, WORDS_MAX = 64 };

static const char usage[] =
	"usage: warrenctl [-s SOCKET] [--json] COMMAND\n"
	"\n"
	"  status                          version, processes, store\n"
	"  stats [--workers]               counters\n"
	"  lookup NAME [TYPE]              what is cached at a name\n"
	"  flush NAME [TYPE | --tree]      forget it, or all at and below it\n"
	"  dump                            every entry of the store\n"
	"  snapshot                        write the store to the cache directory now\n"
	"  reload                          read the configuration again\n"
	"  nta list                        negative trust anchors in force\n"
	"  nta add NAME [--for TIME]       do not validate at and below NAME (1d, 12h, 90s)\n"
	"  nta remove NAME\n"
	"  anchors                         the trust anchors' state\n"
	"  explain NAME [TYPE] [--fresh]   resolve a question and tell how\n"
	"  log LEVEL                       error, warning, notice, info, debug\n"
	"  stop                            end the daemon\n"
	"\n"
	"  -s, --socket SOCKET  default: $WARREN_CONTROL, else " CONTROL_SOCKET ", else the user's own\n"
	"      --json           the answer as JSON; also behind the command\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"\n"
	"Exit status: 0 done, 1 the daemon says why not, 2 usage, 3 no daemon there.\n";

static int complain(int status, const char *what, const char *why)
{
	fprintf(stderr, "warrenctl: %s: %s\n", what, why);
	return status;
}

/* Length, version, words; 0: too long. */
static size_t write_request(char **words, int count, uint8_t *out)
{
	size_t at = CONTROL_HEAD_OCTETS;
	out[at++] = CONTROL_VERSION;
	for (int i = 0; i < count; i++) {
		size_t len = strlen(words[i]) + 1;
		if (len > REQUEST_MAX - at)
			return 0;
		memcpy(out + at, words[i], len);
		at += len;
	}
	octets_put_be32(out, (uint32_t)(at - CONTROL_HEAD_OCTETS));
	return at;
}

static int open_socket(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = WAIT_S };
	int n = snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	if (n < 0 || (size_t)n >= sizeof(at.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0)
		return fd;
	int why = errno;
	(void)close(fd);
	errno = why;
	return -1;
}

static bool send_all(int fd, const uint8_t *octets, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, octets, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		octets += n;
		len -= (size_t)n;
	}
	return true;
}

static bool receive_all(int fd, uint8_t *octets, size_t len)
{
	while (len > 0) {
		ssize_t n = recv(fd, octets, len, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		octets += n;
		len -= (size_t)n;
	}
	return true;
}

/* Prints part after part; the exit status. */
static int show_answer(int fd)
{
	static const char broken[] = "the answer broke off";
	uint8_t part[1 + CONTROL_PART_OCTETS];
	for (;;) {
		if (!receive_all(fd, part, CONTROL_HEAD_OCTETS))
			return complain(STATUS_UNREACHABLE, "warrend", broken);
		uint32_t len = octets_be32(part);
		if (len == 0 || len > sizeof(part) || !receive_all(fd, part, len))
			return complain(STATUS_UNREACHABLE, "warrend", broken);
		switch (part[0]) {
		case CONTROL_TEXT:
			if (fwrite(part + 1, 1, len - 1, stdout) != len - 1)
				return complain(STATUS_FAILED, "standard output", strerror(errno));
			break;
		case CONTROL_DONE:
			return EXIT_SUCCESS;
		case CONTROL_FAILED:
			(void)fflush(stdout);
			fprintf(stderr, "warrenctl: %.*s\n", (int)(len - 1), (const char *)part + 1);
			return STATUS_FAILED;
		default:
			return complain(STATUS_UNREACHABLE, "warrend", "it speaks another version");
		}
	}
}

/* Where a daemon that may not use the default has it: warrend(8).  In /tmp anybody could have made it. */
static const char *own_socket(char out[PATH_MAX])
{
	const char *session = getenv("XDG_RUNTIME_DIR");
	struct stat st;
	if (session != NULL && session[0] == '/') {
		snprintf(out, PATH_MAX, "%s/warren/control", session);
		if (access(out, F_OK) == 0)
			return out;
	}
	snprintf(out, PATH_MAX, "/tmp/warren-%u", (unsigned)geteuid());
	if (lstat(out, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return CONTROL_SOCKET;
	strcat(out, "/control");
	return access(out, F_OK) == 0 ? out : CONTROL_SOCKET;
}

static const char *why_unreachable(int number)
{
	bool nobody = number == ENOENT || number == ECONNREFUSED || number == ENOTSOCK;
	return nobody ? "no daemon listens there" : strerror(number);
}

static int run(const char *path, char **words, int count)
{
	uint8_t request[REQUEST_MAX];
	char own[PATH_MAX];
	size_t len = write_request(words, count, request);
	if (len == 0)
		return complain(STATUS_USAGE, "request", "too long");
	if (path == NULL || path[0] == '\0')
		path = access(CONTROL_SOCKET, F_OK) == 0 ? CONTROL_SOCKET : own_socket(own);
	int fd = open_socket(path);
	if (fd < 0)
		return complain(STATUS_UNREACHABLE, path, why_unreachable(errno));
	/* A daemon that refuses early has answered already: its words count more than the failed send. */
	bool sent = send_all(fd, request, len);
	int status = show_answer(fd);
	if (status == STATUS_UNREACHABLE && !sent)
		fprintf(stderr, "warrenctl: %s: the request could not be sent\n", path);
	(void)close(fd);
	if (fflush(stdout) != 0)
		return complain(STATUS_FAILED, "standard output", strerror(errno));
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	const char *path = getenv("WARREN_CONTROL");
	char *words[WORDS_MAX + 1], json_word[] = "--json";
	bool json = false;
	int c;
	while ((c = getopt_long(argc, argv, "+s:hV", options, NULL)) != -1) {
		switch (c) {
		case 's':
			path = optarg;
			break;
		case 'j':
			json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		case 'V':
			puts(PACKAGE_STRING);
			return EXIT_SUCCESS;
		default:
			fputs(usage, stderr);
			return STATUS_USAGE;
		}
	}
	if (optind == argc) {
		fputs(usage, stderr);
		return STATUS_USAGE;
	}
	int count = argc - optind < WORDS_MAX ? argc - optind : WORDS_MAX; /* far more than a command has */
	memcpy(words, argv + optind, (size_t)count * sizeof(words[0]));
	if (json)
		words[count++] = json_word;
	return run(path, words, count);
}
