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

#endif
