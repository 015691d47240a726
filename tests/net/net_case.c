#include "tests/net/net_case.h"
#include "resolver/net/listen.h"
#include "resolver/net/sockaddr.h"
#include <errno.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { PATIENCE_S = 2, TICK_MS = 5 };

struct address net_address(const char *text)
{
	struct address a = { .family = FAMILY_NONE };
	CU_ASSERT_EQUAL(address_parse(text, &a), ERR_OK);
	return a;
}

static void on_tick(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)events;
	(*(unsigned *)w->data)++;
}

static bool run(struct ev_loop *loop, const unsigned *count, unsigned want, unsigned ms)
{
	unsigned ticks = 0;
	ev_timer tick;
	ev_timer_init(&tick, on_tick, TICK_MS / 1000.0, TICK_MS / 1000.0);
	tick.data = &ticks;
	ev_now_update(loop);
	ev_timer_start(loop, &tick);
	while (ticks * TICK_MS < ms && (count == NULL || *count < want))
		ev_run(loop, EVRUN_ONCE);
	ev_timer_stop(loop, &tick);
	return count == NULL || *count >= want;
}

bool net_run_until(struct ev_loop *loop, const unsigned *count, unsigned want)
{
	return run(loop, count, want, PATIENCE_S * 1000);
}

void net_run_for(struct ev_loop *loop, unsigned ms)
{
	(void)run(loop, NULL, 0, ms);
}

static struct address bound_to(int fd)
{
	union sockaddr_any name;
	socklen_t len = sizeof(name);
	if (getsockname(fd, &name.any, &len) != 0)
		return (struct address){ .family = FAMILY_NONE };
	return sockaddr_address(&name);
}

int net_listen(const char *host, bool tcp, struct address *bound)
{
	int fd = -1;
	struct address at = net_address(host);
	enum err e = tcp ? listen_tcp(&at, &fd) : listen_udp(&at, &fd);
	if (e != ERR_OK)
		return -1;
	*bound = bound_to(fd);
	return fd;
}

static int open_client(const char *host, int type)
{
	union sockaddr_any name;
	struct timeval patience = { .tv_sec = PATIENCE_S };
	struct address from = net_address(host);
	socklen_t len = sockaddr_of(&from, &name);
	int fd = socket(name.any.sa_family, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (bind(fd, &name.any, len) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

int net_udp_client(const char *host)
{
	return open_client(host, SOCK_DGRAM);
}

int net_tcp_client(const char *from, const struct address *to)
{
	union sockaddr_any name;
	socklen_t len = sockaddr_of(to, &name);
	int fd = open_client(from, SOCK_STREAM);
	if (fd >= 0 && connect(fd, &name.any, len) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

bool net_has_ipv6(void)
{
	int fd = open_client("::1", SOCK_DGRAM);
	if (fd < 0)
		return false;
	(void)close(fd);
	return true;
}

bool net_send_to(int fd, const struct address *to, const void *octets, size_t len)
{
	union sockaddr_any name;
	socklen_t name_len = sockaddr_of(to, &name);
	return sendto(fd, octets, len, MSG_NOSIGNAL, &name.any, name_len) == (ssize_t)len;
}

long net_receive(int fd, void *octets, size_t room, struct address *from)
{
	union sockaddr_any name;
	socklen_t len = sizeof(name);
	ssize_t n = recvfrom(fd, octets, room, 0, &name.any, &len);
	if (n >= 0 && from != NULL)
		*from = sockaddr_address(&name);
	return n;
}

bool net_write_message(int fd, const void *octets, size_t len)
{
	uint8_t prefix[2] = { (uint8_t)(len >> 8), (uint8_t)len };
	return send(fd, prefix, 2, MSG_NOSIGNAL | MSG_MORE) == 2 &&
	       send(fd, octets, len, MSG_NOSIGNAL) == (ssize_t)len;
}

long net_read_message(int fd, void *octets, size_t room)
{
	uint8_t prefix[2];
	ssize_t n = recv(fd, prefix, 2, MSG_WAITALL);
	if (n <= 0)
		return n;
	size_t len = (size_t)prefix[0] << 8 | prefix[1];
	if (n != 2 || len > room || recv(fd, octets, len, MSG_WAITALL) != (ssize_t)len)
		return -1;
	return (long)len;
}

bool net_is_closed(int fd)
{
	uint8_t octet;
	ssize_t n = recv(fd, &octet, 1, 0);
	return n == 0 || (n < 0 && errno == ECONNRESET);
}

void net_message(uint8_t *octets, size_t len, uint16_t id)
{
	for (size_t i = 0; i < len; i++)
		octets[i] = (uint8_t)(i * 7 + id);
	octets[0] = (uint8_t)(id >> 8);
	octets[1] = (uint8_t)id;
}
