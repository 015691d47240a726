/*
 * type.h - RR types and classes: numbers, names, and where names hide inside RDATA.
 */
#ifndef WIRE_TYPE_H
#define WIRE_TYPE_H

#include "resolver/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum type {
	TYPE_A = 1, TYPE_NS = 2, TYPE_MD = 3, TYPE_MF = 4, TYPE_CNAME = 5, TYPE_SOA = 6,
	TYPE_MB = 7, TYPE_MG = 8, TYPE_MR = 9, TYPE_NULL = 10, TYPE_WKS = 11, TYPE_PTR = 12,
	TYPE_HINFO = 13, TYPE_MINFO = 14, TYPE_MX = 15, TYPE_TXT = 16, TYPE_RP = 17,
	TYPE_AFSDB = 18, TYPE_X25 = 19, TYPE_ISDN = 20, TYPE_RT = 21, TYPE_NSAP = 22,
	TYPE_NSAP_PTR = 23, TYPE_SIG = 24, TYPE_KEY = 25, TYPE_PX = 26, TYPE_GPOS = 27,
	TYPE_AAAA = 28, TYPE_LOC = 29, TYPE_NXT = 30, TYPE_SRV = 33, TYPE_NAPTR = 35,
	TYPE_KX = 36, TYPE_CERT = 37, TYPE_A6 = 38, TYPE_DNAME = 39, TYPE_OPT = 41,
	TYPE_APL = 42, TYPE_DS = 43, TYPE_SSHFP = 44, TYPE_IPSECKEY = 45, TYPE_RRSIG = 46,
	TYPE_NSEC = 47, TYPE_DNSKEY = 48, TYPE_DHCID = 49, TYPE_NSEC3 = 50,
	TYPE_NSEC3PARAM = 51, TYPE_TLSA = 52, TYPE_SMIMEA = 53, TYPE_HIP = 55,
	TYPE_TALINK = 58, TYPE_CDS = 59, TYPE_CDNSKEY = 60, TYPE_OPENPGPKEY = 61,
	TYPE_CSYNC = 62, TYPE_ZONEMD = 63, TYPE_SVCB = 64, TYPE_HTTPS = 65, TYPE_DSYNC = 66,
	TYPE_SPF = 99, TYPE_NID = 104, TYPE_L32 = 105, TYPE_L64 = 106, TYPE_LP = 107,
	TYPE_EUI48 = 108, TYPE_EUI64 = 109, TYPE_NXNAME = 128, TYPE_TKEY = 249,
	TYPE_TSIG = 250, TYPE_IXFR = 251, TYPE_AXFR = 252, TYPE_MAILB = 253, TYPE_MAILA = 254,
	TYPE_ANY = 255, TYPE_URI = 256, TYPE_CAA = 257, TYPE_AMTRELAY = 260,
	TYPE_RESINFO = 261, TYPE_WALLET = 262, TYPE_TA = 32768, TYPE_DLV = 32769,
};

enum class { CLASS_IN = 1, CLASS_CH = 3, CLASS_HS = 4, CLASS_NONE = 254, CLASS_ANY = 255 };

enum { TYPE_TEXT_MAX = 16 };

/* "A", "TYPE65280" (RFC 3597 section 5). */
void type_text(uint16_t type, char out[TYPE_TEXT_MAX]);
MUST_CHECK enum err type_parse(const char *text, uint16_t *out); /* case-insensitive */
void class_text(uint16_t class, char out[TYPE_TEXT_MAX]);
MUST_CHECK enum err class_parse(const char *text, uint16_t *out);

/* QTYPEs and meta types that never are data: OPT, TKEY..ANY, NXNAME, 0 (RFC 6895 section 3.1). */
bool type_is_meta(uint16_t type);

#endif
