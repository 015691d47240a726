/*
 * special.h - the special-use names, as a table.
 */
#ifndef CORE_SPECIAL_H
#define CORE_SPECIAL_H

#include "resolver/core/local.h"

enum special_kind {
	SPECIAL_ABSENT,   /* it and everything below: NXDOMAIN */
	SPECIAL_ZONE,     /* an empty zone: SOA and NS at the top, NXDOMAIN below; its DS is the parent's */
	SPECIAL_OWN_ZONE, /* the same, but NODATA below, and its DS is not asked for either */
	SPECIAL_IPV4ONLY, /* 192.0.0.170 and 192.0.0.171, nothing below */
	SPECIAL_IPV4ONLY_POINTER, /* one of them backwards: PTR ipv4only.arpa, nothing below */
	SPECIAL_LOOPBACK, /* it and everything below: 127.0.0.1, ::1 */
};

struct special {
	enum local_special sort;
	enum special_kind kind;
	const char *name;
};

/* NULL behind the last one. */
const struct special *special_at(unsigned i);

#endif
