/*
 * net_case.h - a loop and some sockets of the other side, over loopback.
 */
#ifndef TESTS_NET_NET_CASE_H
#define TESTS_NET_NET_CASE_H

#include "resolver/base/address.h"
#include "tests/unit.h"
#include <ev.h>

/* Shorthand for a literal. */
struct address net_address(const char *text);

/* Turns the loop until *count reaches want; false after two seconds. */
bool net_run_until(struct ev_loop *loop, const unsigned *count, unsigned want);
/* Turns the loop for about so long. */
void net_run_for(struct ev_loop *loop, unsigned ms);

/* Is there an IPv6 loopback on this machine? */
bool net_has_ipv6(void);

/* A listening socket of listen_udp or listen_tcp on a free port; -1 on failure. */
int net_listen(const char *host, bool tcp, struct address *bound);

/* Sockets of the other side; blocking, but no call takes longer than two seconds. */
int net_udp_client(const char *host);
int net_tcp_client(const char *from, const struct address *to);
bool net_send_to(int fd, const struct address *to, const void *octets, size_t len);
/* Length received, or -1; *from may be NULL. */
long net_receive(int fd, void *octets, size_t room, struct address *from);

/* Length-prefixed. */
bool net_write_message(int fd, const void *octets, size_t len);
/* Length of the message, 0 at the end of the stream, -1 for nothing in time. */
long net_read_message(int fd, void *octets, size_t room);
/* The next thing on the stream is its end. */
bool net_is_closed(int fd);

/* len octets: the id, then a pattern. */
void net_message(uint8_t *octets, size_t len, uint16_t id);

extern const struct unit_suite suite_udp, suite_tcp, suite_outbound_udp, suite_outbound_tcp;

#endif
