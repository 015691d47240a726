#include "resolver/wire/shape.h"

#include "resolver/wire/type.h"

#include <stddef.h>

/*
 * RFC 3597 section 4 closes the list of types whose names may arrive compressed, RFC 4034
 * section 6.2 (with RFC 6840 section 5.1) the list of those that are lower case in canonical
 * form.  A type invented later has FIELD_NAME or no row here.
 */
static const struct shape low[TYPE_EUI64 + 1] = {
	[TYPE_A] = { { FIELD_IPV4 } },
	[TYPE_NS] = { { FIELD_NAME_SHARED } },
	[TYPE_MD] = { { FIELD_NAME_SHARED } },
	[TYPE_MF] = { { FIELD_NAME_SHARED } },
	[TYPE_CNAME] = { { FIELD_NAME_SHARED } },
	[TYPE_SOA] = { { FIELD_NAME_SHARED, FIELD_NAME_SHARED, FIELD_U32, FIELD_U32, FIELD_U32,
			 FIELD_U32, FIELD_U32 } },
	[TYPE_MB] = { { FIELD_NAME_SHARED } },
	[TYPE_MG] = { { FIELD_NAME_SHARED } },
	[TYPE_MR] = { { FIELD_NAME_SHARED } },
	[TYPE_WKS] = { { FIELD_IPV4, FIELD_U8, FIELD_OPAQUE } },
	[TYPE_PTR] = { { FIELD_NAME_SHARED } },
	[TYPE_HINFO] = { { FIELD_STRING, FIELD_STRING } },
	[TYPE_MINFO] = { { FIELD_NAME_SHARED, FIELD_NAME_SHARED } },
	[TYPE_MX] = { { FIELD_U16, FIELD_NAME_SHARED } },
	[TYPE_TXT] = { { FIELD_STRINGS } },
	[TYPE_RP] = { { FIELD_NAME_OLD, FIELD_NAME_OLD } },
	[TYPE_AFSDB] = { { FIELD_U16, FIELD_NAME_OLD } },
	[TYPE_X25] = { { FIELD_STRING } },
	[TYPE_ISDN] = { { FIELD_STRING, FIELD_MAYBE_STRING } },
	[TYPE_RT] = { { FIELD_U16, FIELD_NAME_OLD } },
	[TYPE_NSAP] = { { FIELD_OPAQUE } },
	[TYPE_NSAP_PTR] = { { FIELD_NAME } },
	[TYPE_SIG] = { { FIELD_TYPE, FIELD_U8, FIELD_U8, FIELD_U32, FIELD_TIME, FIELD_TIME,
			 FIELD_U16, FIELD_NAME_OLD, FIELD_BASE64 } },
	[TYPE_KEY] = { { FIELD_U16, FIELD_U8, FIELD_U8, FIELD_MAYBE_BASE64 } },
	[TYPE_PX] = { { FIELD_U16, FIELD_NAME_OLD, FIELD_NAME_OLD } },
	[TYPE_GPOS] = { { FIELD_STRING, FIELD_STRING, FIELD_STRING } },
	[TYPE_AAAA] = { { FIELD_IPV6 } },
	[TYPE_LOC] = { { FIELD_LOC } },
	[TYPE_NXT] = { { FIELD_NAME_OLD, FIELD_OLD_TYPES } },
	[TYPE_SRV] = { { FIELD_U16, FIELD_U16, FIELD_U16, FIELD_NAME_OLD } },
	[TYPE_NAPTR] = { { FIELD_U16, FIELD_U16, FIELD_STRING, FIELD_STRING, FIELD_STRING,
			   FIELD_NAME_OLD } },
	[TYPE_KX] = { { FIELD_U16, FIELD_NAME_LOWER } },
	[TYPE_CERT] = { { FIELD_U16, FIELD_U16, FIELD_U8, FIELD_BASE64 } },
	[TYPE_A6] = { { FIELD_A6 } },
	[TYPE_DNAME] = { { FIELD_NAME_LOWER } },
	[TYPE_APL] = { { FIELD_PREFIXES } },
	[TYPE_DS] = { { FIELD_U16, FIELD_U8, FIELD_U8, FIELD_HEX } },
	[TYPE_SSHFP] = { { FIELD_U8, FIELD_U8, FIELD_HEX } },
	[TYPE_IPSECKEY] = { { FIELD_GATEWAY, FIELD_MAYBE_BASE64 } },
	[TYPE_RRSIG] = { { FIELD_TYPE, FIELD_U8, FIELD_U8, FIELD_U32, FIELD_TIME, FIELD_TIME,
			   FIELD_U16, FIELD_NAME_LOWER, FIELD_BASE64 } },
	[TYPE_NSEC] = { { FIELD_NAME, FIELD_TYPES } },
	[TYPE_DNSKEY] = { { FIELD_U16, FIELD_U8, FIELD_U8, FIELD_BASE64 } },
	[TYPE_DHCID] = { { FIELD_BASE64 } },
	[TYPE_NSEC3] = { { FIELD_U8, FIELD_U8, FIELD_U16, FIELD_SALT, FIELD_HASH,
			   FIELD_MAYBE_TYPES } },
	[TYPE_NSEC3PARAM] = { { FIELD_U8, FIELD_U8, FIELD_U16, FIELD_SALT } },
	[TYPE_TLSA] = { { FIELD_U8, FIELD_U8, FIELD_U8, FIELD_HEX } },
	[TYPE_SMIMEA] = { { FIELD_U8, FIELD_U8, FIELD_U8, FIELD_HEX } },
	[TYPE_HIP] = { { FIELD_HIP } },
	[TYPE_TALINK] = { { FIELD_NAME, FIELD_NAME } },
	[TYPE_CDS] = { { FIELD_U16, FIELD_U8, FIELD_U8, FIELD_HEX } },
	[TYPE_CDNSKEY] = { { FIELD_U16, FIELD_U8, FIELD_U8, FIELD_BASE64 } },
	[TYPE_OPENPGPKEY] = { { FIELD_BASE64 } },
	[TYPE_CSYNC] = { { FIELD_U32, FIELD_U16, FIELD_MAYBE_TYPES } },
	[TYPE_ZONEMD] = { { FIELD_U32, FIELD_U8, FIELD_U8, FIELD_HEX } },
	[TYPE_SVCB] = { { FIELD_U16, FIELD_NAME, FIELD_PARAMS } },
	[TYPE_HTTPS] = { { FIELD_U16, FIELD_NAME, FIELD_PARAMS } },
	[TYPE_DSYNC] = { { FIELD_TYPE, FIELD_U8, FIELD_U16, FIELD_NAME } },
	[TYPE_SPF] = { { FIELD_STRINGS } },
	[TYPE_NID] = { { FIELD_U16, FIELD_LOCATOR } },
	[TYPE_L32] = { { FIELD_U16, FIELD_IPV4 } },
	[TYPE_L64] = { { FIELD_U16, FIELD_LOCATOR } },
	[TYPE_LP] = { { FIELD_U16, FIELD_NAME } },
	[TYPE_EUI48] = { { FIELD_EUI48 } },
	[TYPE_EUI64] = { { FIELD_EUI64 } },
};

static const struct {
	uint16_t type;
	struct shape shape;
} high[] = {
	{ TYPE_URI, { { FIELD_U16, FIELD_U16, FIELD_TEXT } } },
	{ TYPE_CAA, { { FIELD_U8, FIELD_TAG, FIELD_TEXT } } },
	{ TYPE_AMTRELAY, { { FIELD_RELAY } } },
	{ TYPE_RESINFO, { { FIELD_STRINGS } } },
	{ TYPE_WALLET, { { FIELD_STRINGS } } },
	{ TYPE_TA, { { FIELD_U16, FIELD_U8, FIELD_U8, FIELD_HEX } } },
	{ TYPE_DLV, { { FIELD_U16, FIELD_U8, FIELD_U8, FIELD_HEX } } },
};

const struct shape *shape_of(uint16_t type)
{
	if (type < sizeof(low) / sizeof(low[0]))
		return low[type].field[0] == FIELD_END ? NULL : &low[type];
	for (size_t i = 0; i < sizeof(high) / sizeof(high[0]); i++) {
		if (high[i].type == type)
			return &high[i].shape;
	}
	return NULL;
}

bool shape_is_shared(const struct shape *s)
{
	for (const uint8_t *f = s->field; *f != FIELD_END; f++) {
		if (*f == FIELD_NAME_SHARED)
			return true;
	}
	return false;
}

bool shape_is_lowered(const struct shape *s)
{
	for (const uint8_t *f = s->field; *f != FIELD_END; f++) {
		if (*f == FIELD_NAME_SHARED || *f == FIELD_NAME_OLD || *f == FIELD_NAME_LOWER ||
		    *f == FIELD_A6)
			return true;
	}
	return false;
}
