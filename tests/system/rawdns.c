/*
 * rawdns.c - sends octets as they are to a DNS server and says what came back, for the system tests.
 *
 * rawdns [OPTION...] ADDRESS PORT HEX...     each HEX is one message
 *   --tcp          over one connection, all at once
 *   --slow MS      octet by octet, so long apart
 *   --hold N       opens N connections and sends nothing on them
 *   --wait MS      for replies, or for the other side to close (2000)
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 65535, HOLD_MAX = 4096 };

static const struct addrinfo *server;
static int wait_ms = 2000, slow_ms, hold;
static bool tcp;

static void die(const char *what)
{
	fprintf(stderr, "rawdns: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int open_socket(void)
{
	int fd = socket(server->ai_family, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
	if (fd < 0 || connect(fd, server->ai_addr, server->ai_addrlen) != 0)
		die("connect");
	return fd;
}

static size_t read_hex(const char *text, uint8_t *out)
{
	size_t n = 0;
	for (; text[0] != '\0' && text[1] != '\0' && n < MESSAGE; text += 2) {
		unsigned octet;
		if (sscanf(text, "%2x", &octet) != 1)
			die(text);
		out[n++] = (uint8_t)octet;
	}
	return n;
}

static void tell(const uint8_t *m, size_t len)
{
	if (len < 12) {
		printf("short %zu\n", len);
		return;
	}
	printf("id=%02x%02x qr=%u opcode=%u aa=%u tc=%u rd=%u ra=%u z=%u ad=%u cd=%u rcode=%u qd=%u an=%u ns=%u "
	       "ar=%u len=%zu\n",
	       m[0], m[1], m[2] >> 7, m[2] >> 3 & 15, m[2] >> 2 & 1, m[2] >> 1 & 1, m[2] & 1, m[3] >> 7,
	       m[3] >> 6 & 1, m[3] >> 5 & 1, m[3] >> 4 & 1, m[3] & 15, m[4] << 8 | m[5], m[6] << 8 | m[7],
	       m[8] << 8 | m[9], m[10] << 8 | m[11], len);
}

static bool readable(int fd, int64_t until)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left = until - now_ms();
	return poll(&p, 1, left > 0 ? (int)left : 0) > 0;
}

static bool read_all(int fd, uint8_t *out, size_t len, int64_t until)
{
	for (size_t at = 0; at < len;) {
		ssize_t n = readable(fd, until) ? read(fd, out + at, len - at) : 0;
		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

static void send_all(int fd, const uint8_t *octets, size_t len)
{
	size_t step = slow_ms > 0 ? 1 : len;
	for (size_t at = 0; at < len; at += step) {
		if (send(fd, octets + at, step, MSG_NOSIGNAL) < 0)
			return;
		if (slow_ms > 0)
			(void)poll(NULL, 0, slow_ms);
	}
}

static void ask_udp(const char *hex)
{
	static uint8_t m[MESSAGE];
	int fd = open_socket();
	send_all(fd, m, read_hex(hex, m));
	ssize_t n = readable(fd, now_ms() + wait_ms) ? recv(fd, m, sizeof(m), 0) : -1;
	if (n < 0)
		puts("nothing");
	else
		tell(m, (size_t)n);
	(void)close(fd);
}

static void ask_tcp(char **hex, int count)
{
	static uint8_t m[2 + MESSAGE], all[4 * MESSAGE];
	size_t total = 0;
	for (int i = 0; i < count; i++) {
		size_t len = read_hex(hex[i], m);
		if (total + len + 2 > sizeof(all))
			break;
		all[total++] = (uint8_t)(len >> 8);
		all[total++] = (uint8_t)len;
		memcpy(all + total, m, len);
		total += len;
	}
	int fd = open_socket();
	int64_t start = now_ms();
	send_all(fd, all, total);
	int replies = 0;
	while (replies < count && read_all(fd, m, 2, start + wait_ms)) {
		size_t len = (size_t)m[0] << 8 | m[1];
		if (!read_all(fd, m + 2, len, start + wait_ms))
			break;
		tell(m + 2, len);
		replies++;
	}
	bool closed = replies < count && now_ms() < start + wait_ms;
	printf("%d replies%s\n", replies, closed ? ", closed" : "");
	(void)close(fd);
}

static void hold_open(void)
{
	static int fds[HOLD_MAX];
	int open = 0;
	for (int i = 0; i < hold; i++)
		fds[i] = open_socket();
	(void)poll(NULL, 0, wait_ms);
	for (int i = 0; i < hold; i++) {
		char c;
		open += recv(fds[i], &c, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
	}
	printf("%d open\n", open);
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "tcp", 0, NULL, 't' },
						 { "slow", 1, NULL, 's' },
						 { "hold", 1, NULL, 'h' },
						 { "wait", 1, NULL, 'w' },
						 { 0 } };
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		tcp |= c == 't' || c == 'h';
		slow_ms = c == 's' ? atoi(optarg) : slow_ms;
		hold = c == 'h' ? atoi(optarg) : hold;
		wait_ms = c == 'w' ? atoi(optarg) : wait_ms;
	}
	struct addrinfo *list, hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	if (argc - optind < 2 || hold > HOLD_MAX ||
	    getaddrinfo(argv[optind], argv[optind + 1], &hints, &list) != 0) {
		fputs("usage: rawdns [--tcp] [--slow MS] [--hold N] [--wait MS] ADDRESS PORT HEX...\n", stderr);
		return 2;
	}
	server = list;
	if (hold > 0)
		hold_open();
	else if (tcp)
		ask_tcp(argv + optind + 2, argc - optind - 2);
	else
		for (int i = optind + 2; i < argc; i++)
			ask_udp(argv[i]);
	freeaddrinfo(list);
	return 0;
}
