/*
 * edns.h - the OPT pseudo-record, both ways (RFC 6891), options bounded.
 *
 * Unknown options are skipped.  Options that we echo or use are kept by value or borrowed.
 */
#ifndef WIRE_EDNS_H
#define WIRE_EDNS_H

#include "resolver/wire/reader.h"
#include "resolver/wire/reason.h"
#include "resolver/wire/writer.h"

enum edns_option {
	EDNS_NSID = 3, EDNS_CLIENT_SUBNET = 8, EDNS_COOKIE = 10, EDNS_KEEPALIVE = 11,
	EDNS_PADDING = 12, EDNS_KEY_TAG = 14, EDNS_ERROR = 15,
};

enum { COOKIE_CLIENT = 8, COOKIE_SERVER_MIN = 8, COOKIE_SERVER_MAX = 32, EDNS_ERRORS = 4 };

struct cookie {
	uint8_t client[COOKIE_CLIENT];
	uint8_t server[COOKIE_SERVER_MAX];
	uint8_t server_len; /* 0: client part only */
};

struct edns {
	bool present;
	uint16_t udp_size;
	uint8_t extended_rcode; /* upper 8 bits of the rcode */
	uint8_t version;
	bool dnssec_ok;         /* DO */
	bool compact_ok;        /* CO: RFC 9824 section 5.1 */
	bool has_cookie, has_nsid, has_keepalive, has_padding, has_subnet;
	bool bad_cookie_length; /* RFC 7873 section 5.2.2: FORMERR */
	bool bad_subnet;        /* RFC 7871 section 7.1.2: FORMERR; means nothing in a response */
	struct cookie cookie;
	const uint8_t *nsid;    /* borrowed; NSID to send or received */
	uint16_t nsid_len;
	uint16_t keepalive;     /* units of 100 ms: RFC 7828 */
	uint16_t pad_to;        /* writing: pad the message to a multiple; 0: none */
	uint8_t error_count;
	struct reason errors[EDNS_ERRORS]; /* writing: EDE; when parsed, text is NULL */
};

/*
 * The fixed fields and options of an OPT record whose owner, type, class and TTL were read.
 * ERR_LIMIT: more than LIMIT_EDNS_OPTIONS.  Of an unknown version only version is to be trusted.
 */
MUST_CHECK enum err edns_parse(struct reader rdata, uint16_t class, uint32_t ttl, struct edns *out);

/* Octets edns_write will need, padding not counted. */
size_t edns_size(const struct edns *e);
/* Each option goes out whole or not at all (threats H5); the fixed part must fit. */
void edns_write(struct writer *w, const struct edns *e);

#endif
