#include "resolver/net/listen.h"
#include "resolver/net/sockaddr.h"
#include "resolver/base/limits.h"
#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum {
	BUFFER_OCTETS = 4 << 20, /* with the usual 208 KiB a burst of 256 loses answers */
	BACKLOG = 1024,
};

static enum err err_of_errno(int e)
{
	switch (e) {
	case EADDRINUSE:
		return ERR_BUSY;
	case EACCES:
	case EPERM:
		return ERR_DENIED;
	case EADDRNOTAVAIL:
		return ERR_NOTFOUND;
	case EAFNOSUPPORT:
	case EPROTONOSUPPORT:
		return ERR_UNSUPPORTED;
	case ENOMEM:
	case ENOBUFS:
		return ERR_NOMEM;
	default:
		return ERR_IO;
	}
}

static bool set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

/* The forcing form needs CAP_NET_ADMIN; without it the system's ceiling holds. */
static void set_buffers(int fd)
{
	if (!set(fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_OCTETS))
		(void)set(fd, SOL_SOCKET, SO_RCVBUF, BUFFER_OCTETS);
	if (!set(fd, SOL_SOCKET, SO_SNDBUFFORCE, BUFFER_OCTETS))
		(void)set(fd, SOL_SOCKET, SO_SNDBUF, BUFFER_OCTETS);
}

/*
 * Which address was asked, and no path MTU from ICMP: a forged one would make us fragment what
 * we send (RFC 9715, threats A8).
 */
static bool set_udp(int fd, const struct address *at)
{
	set_buffers(fd);
	if (at->family == FAMILY_IPV4)
		return set(fd, IPPROTO_IP, IP_PKTINFO, 1) &&
		       set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
	return set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) &&
	       set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT);
}

/*
 * A restart may bind while old connections linger.  The rest is inherited by the connections:
 * small answers go out at once, and what a client does not fetch waits with us, where it is
 * bounded, and not in the kernel.
 */
static bool set_tcp(int fd)
{
	return set(fd, SOL_SOCKET, SO_REUSEADDR, 1) && set(fd, IPPROTO_TCP, TCP_NODELAY, 1) &&
	       set(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, LIMIT_TCP_UNSENT);
}

static bool set_family(int fd, const struct address *at)
{
	return at->family != FAMILY_IPV6 || set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
}

static enum err open_socket(const struct address *at, int type, int *out)
{
	union sockaddr_any name;
	socklen_t len = sockaddr_of(at, &name);
	if (len == 0)
		return ERR_UNSUPPORTED;
	int fd = socket(name.any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_of_errno(errno);
	bool fine = set_family(fd, at) && set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	if (type == SOCK_DGRAM)
		fine = fine && set_udp(fd, at);
	else
		fine = fine && set_tcp(fd);
	fine = fine && bind(fd, &name.any, len) == 0;
	if (fine && type == SOCK_STREAM)
		fine = listen(fd, BACKLOG) == 0;
	if (!fine) {
		int saved = errno;
		(void)close(fd);
		errno = saved;
		return err_of_errno(saved);
	}
	*out = fd;
	return ERR_OK;
}

enum err listen_udp(const struct address *at, int *fd)
{
	return open_socket(at, SOCK_DGRAM, fd);
}

enum err listen_tcp(const struct address *at, int *fd)
{
	return open_socket(at, SOCK_STREAM, fd);
}

enum err listen_probe(const struct address *at)
{
	union sockaddr_any name;
	socklen_t len = sockaddr_of(at, &name);
	int fd = len > 0 ? socket(name.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
	if (fd < 0)
		return len > 0 ? err_of_errno(errno) : ERR_UNSUPPORTED;
	bool fine = set_family(fd, at) && bind(fd, &name.any, len) == 0;
	int saved = errno;
	(void)close(fd);
	errno = saved;
	return fine ? ERR_OK : err_of_errno(saved);
}

/* A connected socket takes part in no SO_REUSEPORT group; its own address is a peer that never writes. */
void listen_retire_udp(int fd)
{
	union sockaddr_any name;
	socklen_t len = sizeof(name);
	if (getsockname(fd, &name.any, &len) == 0)
		(void)!connect(fd, &name.any, len);
}
