/*
 * shape.h - how the fields of a type lie inside its RDATA: the one table behind rdata.h.
 *
 * Says which fields there are and in which order; what a field looks like on the wire is in
 * rdata.c, in text in rdata_text.c and rdata_scan.c.  For the wire room only.
 */
#ifndef WIRE_SHAPE_H
#define WIRE_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

enum field {
	FIELD_END,

	/* Fixed length. */
	FIELD_U8,
	FIELD_U16,
	FIELD_U32,
	FIELD_TYPE,    /* 16 bits, an RR type */
	FIELD_TIME,    /* 32 bits, seconds since 1970: RFC 4034 section 3.1.5 */
	FIELD_IPV4,
	FIELD_IPV6,
	FIELD_EUI48,
	FIELD_EUI64,
	FIELD_LOCATOR, /* 64 bits: RFC 6742 section 2.1.1 */
	FIELD_LOC,     /* 16 octets, the first (version) zero: RFC 1876 section 2 */

	/* Names.  Each kind says what may happen to it. */
	FIELD_NAME_SHARED, /* RFC 1035 types: compressed both ways, canonically lower case */
	FIELD_NAME_OLD,    /* decompressed, never compressed (RFC 3597 section 4), lower case */
	FIELD_NAME_LOWER,  /* never compressed, lower case */
	FIELD_NAME,        /* never compressed, case kept */

	/* Length inside. */
	FIELD_STRING,       /* RFC 1035 section 3.3 <character-string> */
	FIELD_MAYBE_STRING, /* or nothing, at the end */
	FIELD_STRINGS,      /* one or more, to the end */
	FIELD_TAG,          /* RFC 8659 section 4.1: 1..255 letters and digits */
	FIELD_SALT,         /* 0..255 octets: RFC 5155 section 3.2 */
	FIELD_HASH,         /* 1..255 octets */
	FIELD_GATEWAY,      /* precedence, type, algorithm, gateway: RFC 4025 section 2.1 */
	FIELD_RELAY,        /* precedence, discovery bit and type, relay: RFC 8777 section 4.2 */
	FIELD_A6,           /* RFC 2874 section 3.1 */

	/* To the end. */
	FIELD_TEXT,          /* without a length, may be empty */
	FIELD_HEX,           /* at least one octet */
	FIELD_BASE64,        /* at least one octet */
	FIELD_MAYBE_BASE64,
	FIELD_TYPES,         /* type bitmap: RFC 4034 section 4.1.2 */
	FIELD_MAYBE_TYPES,   /* or none at all: RFC 5155 section 7.1, RFC 7477 section 2.1.1 */
	FIELD_OLD_TYPES,     /* RFC 2535 section 5.2: 1..16 octets */
	FIELD_PARAMS,        /* SvcParams: RFC 9460 section 2.2 */
	FIELD_PREFIXES,      /* APL items: RFC 3123 section 4 */
	FIELD_HIP,           /* all of it: RFC 8005 section 5 */
	FIELD_OPAQUE,        /* anything */
};

enum { SHAPE_FIELDS = 10 };

struct shape {
	uint8_t field[SHAPE_FIELDS]; /* enum field; FIELD_END ends it */
};

/* NULL: opaque. */
const struct shape *shape_of(uint16_t type);

/* Has a name that rdata_write compresses. */
bool shape_is_shared(const struct shape *s);
/* Has a name that is lower case in canonical form. */
bool shape_is_lowered(const struct shape *s);

#endif
