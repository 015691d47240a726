#include "validator/dnskey.h"

#include "resolver/wire/reader.h"

uint16_t dnskey_tag(const struct rdata *r)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < r->len; i++)
		sum += (i & 1) != 0 ? r->octets[i] : (uint32_t)r->octets[i] << 8;
	sum += sum >> 16 & 0xffff;
	return (uint16_t)sum;
}

enum err dnskey_parse(const struct rdata *r, struct dnskey *out)
{
	struct reader in = reader_of(r->octets, r->len);
	struct dnskey k = { 0 };
	k.flags = read_u16(&in);
	k.protocol = read_u8(&in);
	k.algorithm = read_u8(&in);
	k.material_len = reader_left(&in);
	k.material = read_octets(&in, k.material_len);
	if (in.err != ERR_OK)
		return in.err;
	k.tag = dnskey_tag(r);
	*out = k;
	return ERR_OK;
}

bool dnskey_may_sign(const struct dnskey *k)
{
	return k->protocol == 3 && (k->flags & DNSKEY_ZONE) != 0 && (k->flags & DNSKEY_REVOKE) == 0;
}

bool dnskey_is_revoked(const struct dnskey *k)
{
	return k->protocol == 3 && (k->flags & DNSKEY_ZONE) != 0 && (k->flags & DNSKEY_REVOKE) != 0;
}
