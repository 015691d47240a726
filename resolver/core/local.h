/*
 * local.h - what configuration answers itself: special names, local data, blocks.
 *
 * Special-use names have a switch each.  Built once, then only read.  The closest entry at or above
 * a name decides, whatever it is; what the operator wrote wins over what is special by habit.  Knows no
 * file format: the setup is plain values.
 */
#ifndef CORE_LOCAL_H
#define CORE_LOCAL_H

#include "resolver/base/address.h"
#include "resolver/wire/outcome.h"

enum local_special {
	LOCAL_LOCALHOST = 1 << 0,     /* RFC 6761 section 6.3 */
	LOCAL_INVALID = 1 << 1,       /* RFC 6761 section 6.4 */
	LOCAL_TEST = 1 << 2,          /* RFC 6761 section 6.2 */
	LOCAL_ONION = 1 << 3,         /* RFC 7686 section 2 */
	LOCAL_HOME_ARPA = 1 << 4,     /* RFC 8375 section 4 */
	LOCAL_ALT = 1 << 5,           /* RFC 9476 section 2 */
	LOCAL_RESOLVER_ARPA = 1 << 6, /* RFC 9462 section 6.4 */
	LOCAL_SERVICE_ARPA = 1 << 7,  /* RFC 9665 section 10.1 */
	LOCAL_MDNS = 1 << 8,          /* local: RFC 6762 section 22.1 */
	LOCAL_REVERSE_PRIVATE = 1 << 9,  /* RFC 6303 sections 4.1 and 4.4, RFC 7793 section 2.1 */
	LOCAL_REVERSE_SPECIAL = 1 << 10, /* RFC 6303 sections 4.2, 4.3, 4.5 and 4.6 */
	LOCAL_REVERSE = LOCAL_REVERSE_PRIVATE | LOCAL_REVERSE_SPECIAL,
	LOCAL_IPV4ONLY_ARPA = 1 << 11, /* RFC 8880 section 7.1 */
	LOCAL_SPECIAL_ALL = (1 << 12) - 1, /* all that ought to be answered here */
	LOCAL_EXAMPLE = 1 << 12,       /* RFC 6761 section 6.5: may be asked */
};

enum local_action {
	LOCAL_NXDOMAIN,
	LOCAL_NODATA,
	LOCAL_ADDRESS, /* A and AAAA from the rule, NODATA for other types */
	LOCAL_REFUSE,
	LOCAL_PASS,    /* resolve it after all */
};

struct local_rule {
	struct name name;
	bool subtree; /* else this name alone */
	enum local_action action;
	const struct address *addresses; /* ADDRESS: borrowed for the call */
	unsigned address_count;
};

/* All borrowed for the call of local_new only. */
struct local_setup {
	unsigned special; /* enum local_special, or-ed */
	const struct rrset *records;
	unsigned record_count;
	const struct local_rule *rules;
	unsigned rule_count;
	uint32_t rule_ttl_s; /* of answers made by rules */
	/* Zones of stubs and forwarders: asked there although they are or lie below a special name. */
	const struct name *open;
	unsigned open_count;
};

struct local;

struct local *local_new(const struct local_setup *setup); /* owned; NULL: no memory */
void local_free(struct local *l);                         /* takes NULL */

enum local_found {
	LOCAL_MISS,    /* not ours: resolve */
	LOCAL_FOUND,   /* *out */
	LOCAL_REFUSED, /* answer REFUSED */
	LOCAL_NOMEM,   /* a is full */
};

/* *out lives in a, or in l where it is immutable anyway; out->ttl is the configured lifetime. */
enum local_found local_find(const struct local *l, const struct question *q, struct arena *a,
                            struct outcome *out);

#endif
