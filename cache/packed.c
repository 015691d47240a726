#include "cache/packed.h"

#include "resolver/base/limits.h"
#include <string.h>

uint32_t packed_number(struct reader *r)
{
	uint32_t n = 0;
	for (unsigned shift = 0; shift < 32; shift += 7) {
		uint8_t octet = read_u8(r);
		if (shift == 28 && octet > 0x0f)
			break;
		n |= (uint32_t)(octet & 0x7f) << shift;
		if ((octet & 0x80) == 0)
			return n;
	}
	if (r->err == ERR_OK)
		r->err = ERR_FORMAT;
	return 0;
}

void pack_number(struct writer *w, uint32_t n)
{
	for (; n >= 0x80; n >>= 7)
		write_u8(w, (uint8_t)(n | 0x80));
	write_u8(w, (uint8_t)n);
}

struct name packed_name(struct reader *r, const struct name *base)
{
	unsigned shared = read_u8(r);
	size_t front = read_u8(r);
	const uint8_t *labels = read_octets(r, front);
	if (r->err != ERR_OK)
		return name_root();
	struct name tail = name_suffix(base, shared), n;
	uint8_t wire[NAME_OCTETS];
	if (shared > name_labels(base) || front + tail.len > NAME_OCTETS) {
		r->err = ERR_FORMAT;
		return name_root();
	}
	if (front > 0)
		memcpy(wire, labels, front);
	memcpy(wire + front, tail.wire, tail.len);
	r->err = name_from_wire(wire, front + tail.len, &n);
	return r->err == ERR_OK ? n : name_root();
}

void pack_name(struct writer *w, const struct name *n, const struct name *base)
{
	unsigned shared = name_common_labels(n, base);
	struct name tail = name_suffix(n, shared);
	size_t front = (size_t)n->len - tail.len;
	write_u8(w, (uint8_t)shared);
	write_u8(w, (uint8_t)front);
	write_octets(w, n->wire, front);
}

/* RRSIG RDATA: covered(2) and what comes before the signer (16), the signer, the signature. */
enum { RRSIG_COVERED = 2, RRSIG_FIXED = 18 };

static bool packable_sig(const struct rrset *set, const struct rdata *sig, struct rrsig *parsed)
{
	return rdata_rrsig(sig, parsed) == ERR_OK && parsed->covered == set->type &&
	       name_is_within(&set->owner, &parsed->signer);
}

static void pack_sig(struct writer *w, const struct rdata *sig, const struct rrsig *parsed)
{
	write_octets(w, sig->octets + RRSIG_COVERED, RRSIG_FIXED - RRSIG_COVERED);
	write_u8(w, (uint8_t)name_labels(&parsed->signer));
	pack_number(w, (uint32_t)parsed->signature_len);
	write_octets(w, parsed->signature, parsed->signature_len);
}

void pack_rrset(struct writer *w, const struct rrset *set)
{
	struct rrsig parsed;
	uint8_t sigs = 0;
	for (unsigned i = 0; i < set->sig_count && sigs < LIMIT_RRSIGS_KEPT; i++)
		sigs = (uint8_t)(sigs + packable_sig(set, &set->sigs[i], &parsed));
	pack_number(w, set->count);
	write_u8(w, sigs);
	for (unsigned i = 0; i < set->count; i++) {
		pack_number(w, set->rdata[i].len);
		write_octets(w, set->rdata[i].octets, set->rdata[i].len);
	}
	for (unsigned i = 0; sigs > 0; i++) {
		if (!packable_sig(set, &set->sigs[i], &parsed))
			continue;
		pack_sig(w, &set->sigs[i], &parsed);
		sigs--;
	}
}

static enum err packed_rdata(struct reader *r, struct rdata *out)
{
	uint32_t len = packed_number(r);
	if (len > UINT16_MAX)
		return ERR_FORMAT;
	out->octets = read_octets(r, len);
	out->len = (uint16_t)len;
	return r->err;
}

static enum err packed_sig(struct reader *r, struct arena *a, const struct rrset *set,
                           struct rdata *out)
{
	const uint8_t *fixed = read_octets(r, RRSIG_FIXED - RRSIG_COVERED);
	unsigned labels = read_u8(r);
	uint32_t len = packed_number(r);
	const uint8_t *signature = read_octets(r, len);
	if (r->err != ERR_OK)
		return r->err;
	if (labels > name_labels(&set->owner))
		return ERR_FORMAT;
	struct name signer = name_suffix(&set->owner, labels);
	size_t size = RRSIG_FIXED + (size_t)signer.len + len;
	if (size > UINT16_MAX)
		return ERR_FORMAT;
	uint8_t *octets = arena_alloc(a, size);
	if (octets == NULL)
		return ERR_NOMEM;
	octets[0] = (uint8_t)(set->type >> 8);
	octets[1] = (uint8_t)set->type;
	memcpy(octets + RRSIG_COVERED, fixed, RRSIG_FIXED - RRSIG_COVERED);
	name_lower(&signer); /* RFC 4034 section 6.2: as it was when it was signed */
	memcpy(octets + RRSIG_FIXED, signer.wire, signer.len);
	if (len > 0)
		memcpy(octets + RRSIG_FIXED + signer.len, signature, len);
	*out = (struct rdata){ .len = (uint16_t)size, .octets = octets };
	return ERR_OK;
}

enum err packed_rrset(struct reader *r, struct arena *a, struct rrset *set)
{
	uint32_t count = packed_number(r);
	uint32_t sigs = read_u8(r);
	if (r->err != ERR_OK)
		return r->err;
	if (count == 0 || count > LIMIT_SET_RECORDS || sigs > LIMIT_RRSIGS_KEPT)
		return ERR_FORMAT;
	set->count = (uint16_t)count;
	set->sig_count = (uint16_t)sigs;
	set->rdata = arena_array(a, count, sizeof(*set->rdata));
	set->sigs = sigs == 0 ? NULL : arena_array(a, sigs, sizeof(*set->sigs));
	if (set->rdata == NULL || (sigs > 0 && set->sigs == NULL))
		return ERR_NOMEM;
	for (uint32_t i = 0; i < count; i++) {
		enum err e = packed_rdata(r, &set->rdata[i]);
		if (e != ERR_OK)
			return e;
	}
	for (uint32_t i = 0; i < sigs; i++) {
		enum err e = packed_sig(r, a, set, &set->sigs[i]);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}
