/*
 * door.c - lets a program in another network namespace be asked from this one.
 *
 *	door PORT PID
 *
 * Listens on 127.0.0.1 and ::1 here, over UDP and TCP, enters the namespaces of process PID and
 *passes everything on to the same port of 127.0.0.1 there, and the answers back.  For a person with
 *dig; a load would find it slow.
 */
#define _GNU_SOURCE /* setns */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	GUESTS = 64,      /* UDP questions in flight; the oldest gives way */
	TCP_SECONDS = 60, /* the longest a connection lives */
	PACKET_MAX = 65535,
	DOORS = 4, /* UDP and TCP, on two addresses */
};

struct guest {
	int fd; /* towards the inside, -1: none */
	int door;
	struct sockaddr_storage from;
	socklen_t from_len;
};

struct house {
	uint16_t port;
	int doors[DOORS]; /* UDP: 0 and 1; TCP: 2 and 3; -1 where there is no IPv6 */
	struct guest guests[GUESTS];
	unsigned next;
};

static void die(const char *what)
{
	fprintf(stderr, "door: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct sockaddr_in inside(uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

static int open_door(uint16_t port, bool six, bool tcp)
{
	int one = 1;
	struct sockaddr_in four = inside(port);
	struct sockaddr_in6 wide = { .sin6_family = AF_INET6,
				     .sin6_port = htons(port),
				     .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd =
	    socket(six ? AF_INET6 : AF_INET, (tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	int failed = six ? bind(fd, (struct sockaddr *)&wide, sizeof(wide))
			 : bind(fd, (struct sockaddr *)&four, sizeof(four));
	if (failed == 0 && (!tcp || listen(fd, 16) == 0))
		return fd;
	close(fd);
	return -1;
}

static void open_doors(struct house *h)
{
	for (int i = 0; i < DOORS; i++) {
		h->doors[i] = open_door(h->port, i % 2 == 1, i >= 2);
		if (h->doors[i] < 0 && i % 2 == 0)
			die("cannot listen on 127.0.0.1");
	}
}

static bool same_namespace(const char *path, const char *ours)
{
	struct stat a, b;
	return stat(path, &a) == 0 && stat(ours, &b) == 0 && a.st_ino == b.st_ino;
}

/* Sockets stay in the namespace they were made in: those of before are out there, those of after
 * inside. */
static void enter(const char *pid)
{
	static const char *const kinds[] = { "user", "net" };
	for (unsigned i = 0; i < 2; i++) {
		char path[64], ours[64];
		snprintf(path, sizeof(path), "/proc/%s/ns/%s", pid, kinds[i]);
		snprintf(ours, sizeof(ours), "/proc/self/ns/%s", kinds[i]);
		if (same_namespace(path, ours))
			continue;
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || setns(fd, 0) != 0)
			die(path);
		close(fd);
	}
}

static int connect_inside(uint16_t port, int type)
{
	struct sockaddr_in to = inside(port);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static void let_in(struct house *h, int door)
{
	static uint8_t packet[PACKET_MAX];
	struct guest *g = &h->guests[h->next++ % GUESTS];
	if (g->fd >= 0)
		close(g->fd);
	g->door = h->doors[door];
	g->from_len = sizeof(g->from);
	ssize_t len =
	    recvfrom(g->door, packet, sizeof(packet), 0, (struct sockaddr *)&g->from, &g->from_len);
	g->fd = connect_inside(h->port, SOCK_DGRAM);
	if (len > 0 && g->fd >= 0 && send(g->fd, packet, (size_t)len, 0) < 0)
		perror("door");
}

static void let_out(struct guest *g)
{
	static uint8_t packet[PACKET_MAX];
	ssize_t len = recv(g->fd, packet, sizeof(packet), 0);
	if (len > 0 &&
	    sendto(g->door, packet, (size_t)len, 0, (struct sockaddr *)&g->from, g->from_len) < 0)
		perror("door");
	close(g->fd);
	g->fd = -1;
}

/* One direction; false at the end of it. */
static bool pass(int from, int to)
{
	static uint8_t bytes[PACKET_MAX];
	ssize_t len = read(from, bytes, sizeof(bytes));
	for (ssize_t at = 0; at < len;) {
		ssize_t n = write(to, bytes + at, (size_t)(len - at));
		if (n <= 0)
			return false;
		at += n;
	}
	return len > 0;
}

/* In a process of its own, for as long as both sides talk. */
static void serve_connection(int out, uint16_t port)
{
	int in = connect_inside(port, SOCK_STREAM);
	alarm(TCP_SECONDS);
	struct pollfd polls[] = { { .fd = out, .events = POLLIN }, { .fd = in, .events = POLLIN } };
	while (in >= 0 && poll(polls, 2, -1) > 0) {
		if (polls[0].revents != 0 && !pass(out, in))
			break;
		if (polls[1].revents != 0 && !pass(in, out))
			break;
	}
	_exit(0);
}

static void accept_connection(struct house *h, int door)
{
	int fd = accept4(h->doors[door], NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	if (fork() == 0)
		serve_connection(fd, h->port);
	close(fd);
}

static void run(struct house *h)
{
	for (;;) {
		struct pollfd polls[DOORS + GUESTS];
		for (int i = 0; i < DOORS; i++)
			polls[i] = (struct pollfd){ .fd = h->doors[i], .events = POLLIN };
		for (int i = 0; i < GUESTS; i++)
			polls[DOORS + i] =
			    (struct pollfd){ .fd = h->guests[i].fd, .events = POLLIN };
		if (poll(polls, DOORS + GUESTS, -1) < 0)
			continue;
		for (int i = 0; i < GUESTS; i++)
			if (polls[DOORS + i].revents != 0)
				let_out(&h->guests[i]);
		for (int i = 0; i < DOORS; i++) {
			if (polls[i].revents == 0)
				continue;
			if (i < 2)
				let_in(h, i);
			else
				accept_connection(h, i);
		}
	}
}

int main(int argc, char **argv)
{
	static struct house h;
	if (argc != 3 || (h.port = (uint16_t)strtoul(argv[1], NULL, 10)) == 0) {
		fprintf(stderr, "usage: door PORT PID\n");
		return 2;
	}
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < GUESTS; i++)
		h.guests[i].fd = -1;
	open_doors(&h);
	enter(argv[2]);
	run(&h);
	return 0;
}
