#include "resolver/wire/reason.h"

const char *ede_text(uint16_t ede)
{
	switch ((enum ede)ede) {
	case EDE_OTHER:
		return "Other";
	case EDE_UNSUPPORTED_ALGORITHM:
		return "Unsupported DNSKEY Algorithm";
	case EDE_UNSUPPORTED_DIGEST:
		return "Unsupported DS Digest Type";
	case EDE_STALE:
		return "Stale Answer";
	case EDE_FORGED:
		return "Forged Answer";
	case EDE_INDETERMINATE:
		return "DNSSEC Indeterminate";
	case EDE_BOGUS:
		return "DNSSEC Bogus";
	case EDE_SIGNATURE_EXPIRED:
		return "Signature Expired";
	case EDE_SIGNATURE_NOT_YET_VALID:
		return "Signature Not Yet Valid";
	case EDE_DNSKEY_MISSING:
		return "DNSKEY Missing";
	case EDE_RRSIGS_MISSING:
		return "RRSIGs Missing";
	case EDE_NO_ZONE_KEY_BIT:
		return "No Zone Key Bit Set";
	case EDE_NSEC_MISSING:
		return "NSEC Missing";
	case EDE_CACHED_ERROR:
		return "Cached Error";
	case EDE_NOT_READY:
		return "Not Ready";
	case EDE_BLOCKED:
		return "Blocked";
	case EDE_CENSORED:
		return "Censored";
	case EDE_FILTERED:
		return "Filtered";
	case EDE_PROHIBITED:
		return "Prohibited";
	case EDE_STALE_NXDOMAIN:
		return "Stale NXDOMAIN Answer";
	case EDE_NOT_AUTHORITATIVE:
		return "Not Authoritative";
	case EDE_NOT_SUPPORTED:
		return "Not Supported";
	case EDE_NO_REACHABLE_AUTHORITY:
		return "No Reachable Authority";
	case EDE_NETWORK_ERROR:
		return "Network Error";
	case EDE_INVALID_DATA:
		return "Invalid Data";
	case EDE_SIGNATURE_EXPIRED_BEFORE_VALID:
		return "Signature Expired before Valid";
	case EDE_TOO_EARLY:
		return "Too Early";
	case EDE_UNSUPPORTED_NSEC3_ITERATIONS:
		return "Unsupported NSEC3 Iterations Value";
	case EDE_INVALID_TYPE:
		return "Invalid Query Type";
	case EDE_NTA:
		return "Negative Trust Anchor";
	case EDE_NONE:
		return "none";
	}
	return "Unknown";
}
