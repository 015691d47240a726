#include "resolver/wire/type.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct mnemonic {
	uint16_t number;
	char text[12]; /* not a pointer: the table needs no relocation */
};

static const struct mnemonic types[] = {
	{ TYPE_A, "A" },
	{ TYPE_NS, "NS" },
	{ TYPE_MD, "MD" },
	{ TYPE_MF, "MF" },
	{ TYPE_CNAME, "CNAME" },
	{ TYPE_SOA, "SOA" },
	{ TYPE_MB, "MB" },
	{ TYPE_MG, "MG" },
	{ TYPE_MR, "MR" },
	{ TYPE_NULL, "NULL" },
	{ TYPE_WKS, "WKS" },
	{ TYPE_PTR, "PTR" },
	{ TYPE_HINFO, "HINFO" },
	{ TYPE_MINFO, "MINFO" },
	{ TYPE_MX, "MX" },
	{ TYPE_TXT, "TXT" },
	{ TYPE_RP, "RP" },
	{ TYPE_AFSDB, "AFSDB" },
	{ TYPE_X25, "X25" },
	{ TYPE_ISDN, "ISDN" },
	{ TYPE_RT, "RT" },
	{ TYPE_NSAP, "NSAP" },
	{ TYPE_NSAP_PTR, "NSAP-PTR" },
	{ TYPE_SIG, "SIG" },
	{ TYPE_KEY, "KEY" },
	{ TYPE_PX, "PX" },
	{ TYPE_GPOS, "GPOS" },
	{ TYPE_AAAA, "AAAA" },
	{ TYPE_LOC, "LOC" },
	{ TYPE_NXT, "NXT" },
	{ TYPE_SRV, "SRV" },
	{ TYPE_NAPTR, "NAPTR" },
	{ TYPE_KX, "KX" },
	{ TYPE_CERT, "CERT" },
	{ TYPE_A6, "A6" },
	{ TYPE_DNAME, "DNAME" },
	{ TYPE_OPT, "OPT" },
	{ TYPE_APL, "APL" },
	{ TYPE_DS, "DS" },
	{ TYPE_SSHFP, "SSHFP" },
	{ TYPE_IPSECKEY, "IPSECKEY" },
	{ TYPE_RRSIG, "RRSIG" },
	{ TYPE_NSEC, "NSEC" },
	{ TYPE_DNSKEY, "DNSKEY" },
	{ TYPE_DHCID, "DHCID" },
	{ TYPE_NSEC3, "NSEC3" },
	{ TYPE_NSEC3PARAM, "NSEC3PARAM" },
	{ TYPE_TLSA, "TLSA" },
	{ TYPE_SMIMEA, "SMIMEA" },
	{ TYPE_HIP, "HIP" },
	{ TYPE_TALINK, "TALINK" },
	{ TYPE_CDS, "CDS" },
	{ TYPE_CDNSKEY, "CDNSKEY" },
	{ TYPE_OPENPGPKEY, "OPENPGPKEY" },
	{ TYPE_CSYNC, "CSYNC" },
	{ TYPE_ZONEMD, "ZONEMD" },
	{ TYPE_SVCB, "SVCB" },
	{ TYPE_HTTPS, "HTTPS" },
	{ TYPE_DSYNC, "DSYNC" },
	{ TYPE_SPF, "SPF" },
	{ TYPE_NID, "NID" },
	{ TYPE_L32, "L32" },
	{ TYPE_L64, "L64" },
	{ TYPE_LP, "LP" },
	{ TYPE_EUI48, "EUI48" },
	{ TYPE_EUI64, "EUI64" },
	{ TYPE_NXNAME, "NXNAME" },
	{ TYPE_TKEY, "TKEY" },
	{ TYPE_TSIG, "TSIG" },
	{ TYPE_IXFR, "IXFR" },
	{ TYPE_AXFR, "AXFR" },
	{ TYPE_MAILB, "MAILB" },
	{ TYPE_MAILA, "MAILA" },
	{ TYPE_ANY, "ANY" },
	{ TYPE_URI, "URI" },
	{ TYPE_CAA, "CAA" },
	{ TYPE_AMTRELAY, "AMTRELAY" },
	{ TYPE_RESINFO, "RESINFO" },
	{ TYPE_WALLET, "WALLET" },
	{ TYPE_TA, "TA" },
	{ TYPE_DLV, "DLV" },
};

static const struct mnemonic classes[] = {
	{ CLASS_IN, "IN" },     { CLASS_CH, "CH" },   { CLASS_HS, "HS" },
	{ CLASS_NONE, "NONE" }, { CLASS_ANY, "ANY" },
};

static void number_text(const struct mnemonic *table, size_t count, const char *prefix,
			uint16_t number, char out[TYPE_TEXT_MAX])
{
	for (size_t i = 0; i < count; i++) {
		if (table[i].number == number) {
			(void)snprintf(out, TYPE_TEXT_MAX, "%s", table[i].text);
			return;
		}
	}
	(void)snprintf(out, TYPE_TEXT_MAX, "%s%u", prefix, number);
}

/* One to five digits, at most 65535. */
static enum err decimal(const char *text, uint16_t *out)
{
	uint32_t v = 0;
	size_t digits = strspn(text, "0123456789");
	if (digits == 0 || digits > 5 || text[digits] != '\0')
		return ERR_FORMAT;
	for (size_t i = 0; i < digits; i++)
		v = v * 10 + (uint32_t)(text[i] - '0');
	if (v > UINT16_MAX)
		return ERR_FORMAT;
	*out = (uint16_t)v;
	return ERR_OK;
}

static enum err number_parse(const struct mnemonic *table, size_t count, const char *prefix,
			     const char *text, uint16_t *out)
{
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(table[i].text, text) == 0) {
			*out = table[i].number;
			return ERR_OK;
		}
	}
	size_t skip = strlen(prefix);
	if (strncasecmp(text, prefix, skip) != 0)
		return ERR_FORMAT;
	return decimal(text + skip, out);
}

void type_text(uint16_t type, char out[TYPE_TEXT_MAX])
{
	number_text(types, sizeof(types) / sizeof(types[0]), "TYPE", type, out);
}

enum err type_parse(const char *text, uint16_t *out)
{
	return number_parse(types, sizeof(types) / sizeof(types[0]), "TYPE", text, out);
}

void class_text(uint16_t class, char out[TYPE_TEXT_MAX])
{
	number_text(classes, sizeof(classes) / sizeof(classes[0]), "CLASS", class, out);
}

enum err class_parse(const char *text, uint16_t *out)
{
	return number_parse(classes, sizeof(classes) / sizeof(classes[0]), "CLASS", text, out);
}

/* RFC 6895 section 3.1: 128 to 255 are QTYPEs and meta types, OPT is one outside the range. */
bool type_is_meta(uint16_t type)
{
	return type == 0 || type == TYPE_OPT || (type >= 128 && type <= 255);
}
