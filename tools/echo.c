/*
 * echo.c - the floor: sends every datagram back with the QR bit set, in batches of 32, on libev.
 *
 * What a server on plain UDP sockets costs when it does nothing; nothing can be cheaper.
 */
#define _GNU_SOURCE /* recvmmsg, sendmmsg */
#include <arpa/inet.h>
#include <ev.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 32, PACKET_MAX = 1500, BUFFER_OCTETS = 4 << 20 };

static void on_readable(struct ev_loop *loop, ev_io *io, int events)
{
	static uint8_t packets[BATCH][PACKET_MAX];
	struct sockaddr_storage peers[BATCH];
	struct iovec vectors[BATCH];
	struct mmsghdr messages[BATCH];
	(void)loop;
	(void)events;
	for (unsigned i = 0; i < BATCH; i++) {
		vectors[i] = (struct iovec){ packets[i], PACKET_MAX };
		messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_name = &peers[i],
							     .msg_namelen = sizeof(peers[i]),
							     .msg_iov = &vectors[i],
							     .msg_iovlen = 1 } };
	}
	int got = recvmmsg(io->fd, messages, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < got; i++) {
		vectors[i].iov_len = messages[i].msg_len;
		packets[i][2] |= 0x80;
	}
	if (got > 0)
		sendmmsg(io->fd, messages, (unsigned)got, MSG_DONTWAIT);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: echo IPV4-ADDRESS PORT\n");
		return 2;
	}
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_port = htons((uint16_t)atoi(argv[2])) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int size = BUFFER_OCTETS;
	if (fd < 0 || inet_pton(AF_INET, argv[1], &here.sin_addr) != 1 ||
	    bind(fd, (struct sockaddr *)&here, sizeof(here)) != 0) {
		perror("echo");
		return 1;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	struct ev_loop *loop = ev_default_loop(0);
	ev_io io;
	ev_io_init(&io, on_readable, fd, EV_READ);
	ev_io_start(loop, &io);
	ev_run(loop, 0);
	return 0;
}
