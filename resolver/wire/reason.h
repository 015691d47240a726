/*
 * reason.h - why a question ended as it did, as a value.
 *
 * text begins with a site code: four letters that occur once in the source, so that a SERVFAIL
 * seen in dig names one line of it.  ede is an Extended DNS Error code (RFC 8914 section 4).
 */
#ifndef WIRE_REASON_H
#define WIRE_REASON_H

#include <stdbool.h>
#include <stdint.h>

enum ede {
	EDE_OTHER = 0, EDE_UNSUPPORTED_ALGORITHM = 1, EDE_UNSUPPORTED_DIGEST = 2,
	EDE_STALE = 3, EDE_FORGED = 4, EDE_INDETERMINATE = 5, EDE_BOGUS = 6,
	EDE_SIGNATURE_EXPIRED = 7, EDE_SIGNATURE_NOT_YET_VALID = 8, EDE_DNSKEY_MISSING = 9,
	EDE_RRSIGS_MISSING = 10, EDE_NO_ZONE_KEY_BIT = 11, EDE_NSEC_MISSING = 12,
	EDE_CACHED_ERROR = 13, EDE_NOT_READY = 14, EDE_BLOCKED = 15, EDE_CENSORED = 16,
	EDE_FILTERED = 17, EDE_PROHIBITED = 18, EDE_STALE_NXDOMAIN = 19,
	EDE_NOT_AUTHORITATIVE = 20, EDE_NOT_SUPPORTED = 21, EDE_NO_REACHABLE_AUTHORITY = 22,
	EDE_NETWORK_ERROR = 23, EDE_INVALID_DATA = 24, EDE_SIGNATURE_EXPIRED_BEFORE_VALID = 25,
	EDE_TOO_EARLY = 26, EDE_UNSUPPORTED_NSEC3_ITERATIONS = 27, EDE_INVALID_TYPE = 30, EDE_NTA = 33,
	EDE_NONE = 0xffff,
};

struct reason {
	uint16_t ede;     /* enum ede */
	const char *text; /* static: "KMIS no DNSKEY matches the DS"; NULL: nothing to say */
};

#define NO_REASON ((struct reason){ EDE_NONE, NULL })

const char *ede_text(uint16_t ede); /* as the registry calls it; never NULL */

#endif
