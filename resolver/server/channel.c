#include "resolver/server/channel.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { QUEUE_OCTETS = 4 << 20 };

enum err channel_pair(int ends[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
		return ERR_IO;
	for (int i = 0; i < 2; i++) {
		int size = QUEUE_OCTETS;
		/* The larger queue is a wish: without privilege the system's limit stands. */
		if (setsockopt(ends[i], SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) != 0)
			(void)setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	}
	return ERR_OK;
}

enum err channel_send(int fd, enum channel_kind kind, const void *octets, size_t len)
{
	uint8_t head = (uint8_t)kind;
	union {
		const void *in;
		void *out;
	} body = { .in = octets }; /* iovec is not const-correct */
	struct iovec parts[2] = { { &head, 1 }, { body.out, len } };
	struct msghdr m = { .msg_iov = parts, .msg_iovlen = len > 0 ? 2 : 1 };
	ssize_t n;
	do
		n = sendmsg(fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return ERR_OK;
	return errno == EAGAIN || errno == ENOBUFS ? ERR_BUSY : ERR_IO;
}

enum err channel_receive(int fd, uint8_t *buffer, enum channel_kind *kind, size_t *len)
{
	uint8_t head = 0;
	struct iovec parts[2] = { { &head, 1 }, { buffer, CHANNEL_OCTETS } };
	struct msghdr m = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t n;
	do
		n = recvmsg(fd, &m, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? ERR_NOTFOUND : ERR_IO;
	if (n == 0)
		return ERR_IO; /* the other end is gone for good */
	if ((m.msg_flags & MSG_TRUNC) != 0 || head < CHANNEL_READY || head > CHANNEL_LAST)
		return ERR_FORMAT;
	*kind = (enum channel_kind)head;
	*len = (size_t)n - 1;
	return ERR_OK;
}
