#include "cache/hashed.h"

#include "resolver/base/digit.h"

enum err hashed_read(const struct name *owner, const struct name *zone,
                     uint8_t hash[HASHED_OCTETS], size_t *len)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t n = 0;
	if (!name_is_below(owner, zone) || name_labels(owner) != name_labels(zone) + 1)
		return ERR_FORMAT;
	for (unsigned i = 1; i <= owner->wire[0]; i++) {
		int d = digit_of((char)owner->wire[i], 32);
		if (d < 0)
			return ERR_FORMAT;
		bits = bits << 5 | (uint32_t)d;
		held += 5;
		if (held >= 8) {
			held -= 8;
			hash[n++] = (uint8_t)(bits >> held);
			bits &= (1u << held) - 1;
		}
	}
	if (n == 0 || held >= 5 || bits != 0)
		return ERR_FORMAT;
	*len = n;
	return ERR_OK;
}

enum err hashed_owner(const uint8_t *hash, size_t len, const struct name *zone, struct name *out)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	uint8_t label[LABEL_OCTETS];
	uint32_t bits = 0;
	unsigned held = 0;
	size_t n = 0;
	if (len == 0 || len > HASHED_OCTETS)
		return ERR_FORMAT;
	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | hash[i];
		for (held += 8; held >= 5; held -= 5)
			label[n++] = (uint8_t)digits[bits >> (held - 5) & 31];
		bits &= (1u << held) - 1;
	}
	if (held > 0)
		label[n++] = (uint8_t)digits[bits << (5 - held) & 31];
	return name_prepend(label, n, zone, out);
}
