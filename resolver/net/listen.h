/*
 * listen.h - bound sockets for clients.
 *
 * SO_REUSEPORT, so that every worker has its own; IPV6_V6ONLY; errno says why a call failed.
 */
#ifndef NET_LISTEN_H
#define NET_LISTEN_H

#include "resolver/base/address.h"

/* Non-blocking, close-on-exec, large buffers, packet info on, never fragmenting (threats A8). */
MUST_CHECK enum err listen_udp(const struct address *at, int *fd);
MUST_CHECK enum err listen_tcp(const struct address *at, int *fd);

/*
 * ERR_BUSY: somebody has this port already.  The two calls above would share it with another process of the same
 * user, and each would get some of the questions.
 */
MUST_CHECK enum err listen_probe(const struct address *at);

/*
 * No datagram comes to a socket of listen_udp any more: the others of its address get them.  Those that wait
 * in its queue can still be read, and replies sent.
 */
void listen_retire_udp(int fd);

#endif
