#include "resolver/net/sockaddr.h"
#include <arpa/inet.h>
#include <string.h>

socklen_t sockaddr_of(const struct address *a, union sockaddr_any *out)
{
	memset(out, 0, sizeof(*out));
	if (a->family == FAMILY_IPV4) {
		out->in.sin_family = AF_INET;
		out->in.sin_port = htons(a->port);
		memcpy(&out->in.sin_addr, a->octets, 4);
		return sizeof(out->in);
	}
	if (a->family == FAMILY_IPV6) {
		out->in6.sin6_family = AF_INET6;
		out->in6.sin6_port = htons(a->port);
		memcpy(&out->in6.sin6_addr, a->octets, 16);
		return sizeof(out->in6);
	}
	return 0;
}

struct address sockaddr_address(const union sockaddr_any *s)
{
	struct address a = { .family = FAMILY_NONE };
	if (s->any.sa_family == AF_INET) {
		a.family = FAMILY_IPV4;
		a.port = ntohs(s->in.sin_port);
		memcpy(a.octets, &s->in.sin_addr, 4);
	} else if (s->any.sa_family == AF_INET6) {
		a.family = FAMILY_IPV6;
		a.port = ntohs(s->in6.sin6_port);
		memcpy(a.octets, &s->in6.sin6_addr, 16);
	}
	return a;
}
