/*
 * seen.h - an entry as somebody looks at it who walks through all of them.
 */
#ifndef CACHE_SEEN_H
#define CACHE_SEEN_H

#include "cache/entry.h"
#include "cache/key.h"
#include "cache/rules.h"

struct seen {
	struct key_parts parts;
	struct entry entry; /* body borrowed until the next call */
	size_t octets;      /* key and value */
	enum usable usable;
};

#endif
