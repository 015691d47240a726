/*
 * sockaddr.h - struct address <-> what the kernel calls an address.
 *
 * A scope id (link-local IPv6) has no place in struct address: who answers such a peer keeps the
 * packet info as well.
 */
#ifndef NET_SOCKADDR_H
#define NET_SOCKADDR_H

#include "resolver/base/address.h"
#include <netinet/in.h>
#include <sys/socket.h>

union sockaddr_any {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* The length for bind(2) and its like; 0: no family. */
socklen_t sockaddr_of(const struct address *a, union sockaddr_any *out);
/* FAMILY_NONE for another family than IP. */
struct address sockaddr_address(const union sockaddr_any *s);

static inline int sockaddr_family(const struct address *a)
{
	return a->family == FAMILY_IPV4 ? AF_INET : AF_INET6;
}

#endif
