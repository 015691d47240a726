/*
 * query.h - a question from a client, read without allocating.
 *
 * Strict: one question, nothing behind it but one OPT (and a TSIG or SIG(0), which we do not
 * know and refuse with FORMERR).  Says which error reply is due when the packet does not parse.
 */
#ifndef WIRE_QUERY_H
#define WIRE_QUERY_H

#include "resolver/wire/edns.h"
#include "resolver/wire/question.h"

enum { HEADER_OCTETS = 12 };

enum flag {
	FLAG_QR = 0x8000, FLAG_AA = 0x0400, FLAG_TC = 0x0200, FLAG_RD = 0x0100,
	FLAG_RA = 0x0080, FLAG_Z = 0x0040, FLAG_AD = 0x0020, FLAG_CD = 0x0010,
};

enum opcode { OPCODE_QUERY = 0, OPCODE_IQUERY = 1, OPCODE_STATUS = 2, OPCODE_NOTIFY = 4,
	      OPCODE_UPDATE = 5, OPCODE_DSO = 6 };

enum rcode {
	RCODE_NOERROR = 0, RCODE_FORMERR = 1, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3,
	RCODE_NOTIMP = 4, RCODE_REFUSED = 5, RCODE_YXDOMAIN = 6, RCODE_NOTAUTH = 9,
	RCODE_BADVERS = 16, RCODE_BADCOOKIE = 23,
};

enum query_kind {
	QUERY_OK,      /* answer it */
	QUERY_DROP,    /* too short, or a response: never answered (threats C13, H8) */
	QUERY_ERROR,   /* answer with query.rcode, header and what was read of the question */
};

struct query {
	uint16_t id, flags;      /* flags: the 16 header bits as received */
	uint8_t opcode;
	uint16_t rcode;          /* for QUERY_ERROR, 12 bits */
	bool has_question;
	struct question question; /* case as received: it is echoed */
	struct edns edns;        /* borrowed parts point into the packet */
};

/*
 * RFC 8906, RFC 9619, RFC 6891.  A query without question that brings a cookie (RFC 7873 section
 * 5.4) is QUERY_ERROR with rcode NOERROR: the reply is a header and the OPT.  Of query.edns only
 * present, dnssec_ok and compact_ok are set, to false, when there was none or it was not readable; one that
 * was read is answered with one, whatever else is wrong.
 */
enum query_kind query_parse(const uint8_t *octets, size_t len, struct query *out);

static inline uint8_t flags_opcode(uint16_t flags)
{
	return (flags >> 11) & 0xf;
}

/* Writes a question upstream: header, question, OPT when edns->present. */
void query_write(struct writer *w, uint16_t id, uint16_t flags, const struct question *q,
                 const struct edns *edns);

/* "NXDOMAIN"; NULL: a number we have no name for. */
const char *rcode_name(uint16_t rcode);

#endif
